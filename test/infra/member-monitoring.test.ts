import { CfnCondition, CfnParameter, Fn } from 'aws-cdk-lib';
import { addMemberMonitoring, type MemberMonitoringProps } from '../../infra/monitoring/member-monitoring.js';
import { actionsIn, synth } from './support/synth.js';

const BASE: MemberMonitoringProps = {
  configRuleNames: ['origin-guard-alb-sg-cloudfront-only', 'origin-guard-alb-origin-authenticated'],
  ruleIds: ['alb-sg-cloudfront-only', 'alb-origin-authenticated'],
  ruleFunctionName: 'OriginGuardRule',
  plannerFunctionName: 'OriginGuardPlanner',
};
const BUS = 'arn:aws:events:us-east-1:444455556666:event-bus/origin-guard';

const tried = (props: Partial<MemberMonitoringProps>, region?: string) =>
  synth(
    (stack) => {
      addMemberMonitoring(stack, { ...BASE, ...props });
    },
    region === undefined ? {} : { region },
  );

const single = tried({
  notificationEmail: 'network@example.com',
  flowLogGroupName: 'vpc-flow-logs',
  directAttemptsAlarm: 'on',
  noticedChanges: ['sg-0123456789abcdef0'],
});
const member = tried({ centralEventBusArn: BUS, alarms: 'central', flowLogGroupName: 'vpc-flow-logs' });
const either = synth((stack) => {
  const text = (id: string, held = 'off') =>
    new CfnParameter(stack, id, { type: 'String', default: held }).valueAsString;
  const optional = (id: string) => {
    const value = text(id, 'none');
    const expression = Fn.conditionNot(Fn.conditionEquals(value, 'none'));
    return { value, isSet: new CfnCondition(stack, `Has${id}`, { expression }) };
  };
  addMemberMonitoring(stack, {
    ...BASE,
    notificationEmail: optional('NotificationEmail'),
    centralEventBusArn: optional('CentralEventBusArn'),
    flowLogGroupName: optional('FlowLogGroupName'),
    alarms: text('Alarms'),
    directAttemptsAlarm: text('DirectAttemptsAlarm'),
  });
});

const names = ({ ofType }: typeof single, type: string, property: string) =>
  ofType(type)
    .map(({ Properties }) => Properties[property] as unknown as string)
    .sort();

interface Target {
  readonly Id: string;
  readonly Arn: unknown;
  readonly RoleArn?: unknown;
  readonly InputTransformer?: object;
}
const rules = ({ ofType }: typeof single) =>
  Object.fromEntries(
    ofType('AWS::Events::Rule').map(({ Properties, Condition }) => [
      Properties['Name'] as unknown as string,
      { targets: Properties['Targets'] as unknown as readonly Target[], Condition },
    ]),
  );

describe.each([
  ['a single account', single],
  ['a member of an organization', member],
  ['a template that leaves it to its parameters', either],
])('%s', (_, made) => {
  it('passes the checks of the CDK and of cdk-nag', () => {
    expect(made.objections).toEqual([]);
  });

  it('allows no action with a wildcard', () => {
    expect(actionsIn(made.template).filter((action) => action.includes('*'))).toEqual([]);
  });

  it('says in each alarm what it means and what to do, acts, and says what silence is', () => {
    for (const { Properties } of made.ofType('AWS::CloudWatch::Alarm')) {
      const alarm = Properties as unknown as {
        readonly AlarmName: string;
        readonly AlarmDescription: string;
        readonly AlarmActions: readonly unknown[];
        readonly OKActions: readonly unknown[];
        readonly TreatMissingData: string;
      };
      expect(alarm.AlarmDescription.split(/[.;:] /).length).toBeGreaterThanOrEqual(2);
      expect(alarm.AlarmDescription.match(/\.(?: |$)/g)?.length).toBeGreaterThanOrEqual(2);
      expect(alarm.AlarmDescription.length).toBeLessThanOrEqual(1_024);
      expect(alarm.AlarmActions).toEqual([{ Ref: 'NoticeTopic' }]);
      expect(alarm.OKActions).toEqual([{ Ref: 'NoticeTopic' }]);
      expect(alarm.TreatMissingData).toBe(
        alarm.AlarmName === 'OriginGuard-RuleFunctionSilent' ? 'breaching' : 'notBreaching',
      );
    }
  });
});

describe('a single account', () => {
  it('has the alarms', () => {
    expect(names(single, 'AWS::CloudWatch::Alarm', 'AlarmName')).toEqual([
      'OriginGuard-DirectAttempts',
      'OriginGuard-GuardedGroupOpened',
      'OriginGuard-PlannerFunctionFails',
      'OriginGuard-RemediationFailed',
      'OriginGuard-RuleFunctionFails',
      'OriginGuard-RuleFunctionSilent',
      'OriginGuard-VerdictsMissing',
    ]);
  });

  it('pages on one opened group within five minutes', () => {
    const page = single
      .ofType('AWS::CloudWatch::Alarm')
      .find(({ Properties }) => (Properties['AlarmName'] as unknown) === 'OriginGuard-GuardedGroupOpened');
    expect(page?.Properties).toMatchObject({
      Namespace: 'AWS/Events',
      MetricName: 'TriggeredRules',
      Dimensions: [{ Name: 'RuleName', Value: 'OriginGuard-GuardedGroupOpened' }],
      Statistic: 'Sum',
      Period: 300,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
    });
  });

  it('adds up the missing verdicts of every rule', () => {
    const alarm = single
      .ofType('AWS::CloudWatch::Alarm')
      .find(({ Properties }) => (Properties['AlarmName'] as unknown) === 'OriginGuard-VerdictsMissing');
    const metrics = alarm?.Properties['Metrics'] as unknown as readonly Record<string, never>[];
    expect(metrics[0]).toMatchObject({ Expression: 'FILL(m0, 0) + FILL(m1, 0)', ReturnData: true });
    expect(metrics.slice(1).map(({ MetricStat }) => MetricStat)).toEqual(
      BASE.ruleIds.map((Value) => ({
        Metric: { Namespace: 'OriginGuard', MetricName: 'Indeterminate', Dimensions: [{ Name: 'RuleId', Value }] },
        Period: 86_400,
        Stat: 'Sum',
      })),
    );
  });

  it('tells every kind of event in words, by the policy of the topic and never by a role', () => {
    const made = rules(single);
    expect(Object.keys(made)).toHaveLength(8);
    for (const { targets } of Object.values(made)) {
      expect(targets.map(({ Id }) => Id)).toEqual(['Notice']);
      expect(targets[0]).toEqual({
        Id: 'Notice',
        Arn: { Ref: 'NoticeTopic' },
        InputTransformer: {
          InputPathsMap: expect.any(Object) as object,
          InputTemplate: expect.stringMatching(/^"Origin Guard: /) as string,
        },
      });
    }
    expect(single.ofType('AWS::IAM::Role')).toEqual([]);
  });

  it('lets alarms of this account and event rules publish to the topic, and nobody unencrypted', () => {
    const [policy] = single.ofType('AWS::SNS::TopicPolicy');
    const { Statement } = policy?.Properties['PolicyDocument'] as unknown as { readonly Statement: readonly object[] };
    expect(Statement).toMatchObject([
      { Sid: 'Alarms', Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'sns:Publish' },
      { Sid: 'EventRules', Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish' },
      { Sid: 'OnlyEncrypted', Effect: 'Deny', Principal: '*' },
    ]);
    // AWS says that a condition never holds there for EventBridge.
    expect(Statement[1]).not.toHaveProperty('Condition');
  });

  it('encrypts the topic with a rotated key that alarms of this account and event rules may use', () => {
    const [topic] = single.ofType('AWS::SNS::Topic');
    const [key] = single.ofType('AWS::KMS::Key');
    expect(topic?.Properties).toMatchObject({ KmsMasterKeyId: { 'Fn::GetAtt': ['NoticeKey', 'Arn'] } });
    expect(key?.Properties).toMatchObject({ EnableKeyRotation: true });
    const { Statement } = key?.Properties['KeyPolicy'] as unknown as { readonly Statement: readonly object[] };
    expect(Statement[1]).toEqual({
      Sid: 'Alarms',
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    expect(Statement[2]).toEqual({
      Sid: 'EventRules',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
    });
    expect(Statement).toHaveLength(3);
  });

  it('uses a key of the customer’s when one is named', () => {
    const topicKeyArn = 'arn:aws:kms:eu-central-1:111122223333:key/0a0a0a0a-0000-4000-8000-000000000000';
    const made = tried({ notificationEmail: 'network@example.com', topicKeyArn });
    expect(made.ofType('AWS::KMS::Key')).toEqual([]);
    expect(made.ofType('AWS::SNS::Topic')[0]?.Properties).toMatchObject({ KmsMasterKeyId: topicKeyArn });
  });

  it('keeps changes of the network to itself unless somebody wants them', () => {
    expect(Object.keys(rules(tried({ notificationEmail: 'network@example.com' })))).not.toContain(
      'OriginGuard-NetworkChanged',
    );
    expect(Object.keys(rules(tried({ notificationEmail: 'network@example.com', noticedChanges: 'every' })))).toContain(
      'OriginGuard-NetworkChanged',
    );
  });

  it('has rules for distributions in us-east-1 only', () => {
    const told = { notificationEmail: 'network@example.com' };
    const distributions = (region: string) =>
      Object.keys(rules(tried(told, region))).filter((name) => name.includes('Distribution'));
    expect(distributions('us-east-1')).toEqual(['OriginGuard-DistributionStopped', 'OriginGuard-DistributionChanged']);
    expect(distributions('eu-central-1')).toEqual([]);
  });
});

describe('a member of an organization', () => {
  it('has nothing that costs money each month', () => {
    for (const type of ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard', 'AWS::KMS::Key', 'AWS::SNS::Topic'])
      expect(member.ofType(type)).toEqual([]);
  });

  it('passes every kind of event on as it is', () => {
    const made = rules(member);
    expect(Object.keys(made)).toHaveLength(8);
    for (const { targets } of Object.values(made)) {
      expect(targets).toEqual([{ Id: 'CentralBus', Arn: BUS, RoleArn: { 'Fn::GetAtt': ['EventsRole', 'Arn'] } }]);
    }
  });

  it('may put events on that bus, and do nothing else', () => {
    const [role] = member.ofType('AWS::IAM::Role');
    expect(role?.Properties['Policies']).toMatchObject([
      { PolicyDocument: { Statement: [{ Action: 'events:PutEvents', Resource: BUS }] } },
    ]);
    expect(actionsIn(role?.Properties['Policies'])).toEqual(['events:PutEvents']);
    expect(role?.Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
  });
});

describe('a template that leaves it to its parameters', () => {
  it('makes nothing without a condition but the metric filters’ own', () => {
    for (const { Condition } of Object.values(either.template.Resources ?? {}))
      expect(Condition).toEqual(expect.any(String));
  });

  it('has rules for distributions in us-east-1 only', () => {
    const { Conditions } = either.template;
    expect(rules(either)['OriginGuard-DistributionStopped']?.Condition).toBe('TellsOfDistributions');
    expect(Conditions?.['TellsOfDistributions']).toEqual({
      'Fn::And': [{ Condition: 'HasEventTargets' }, { Condition: 'IsCloudFrontRegion' }],
    });
    expect(Conditions?.['IsCloudFrontRegion']).toEqual({ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] });
  });

  it('has alarms where somebody is told and alarms are local', () => {
    const { Conditions } = either.template;
    for (const { Condition, Properties } of either.ofType('AWS::CloudWatch::Alarm')) {
      expect(Condition).toBe(
        (Properties['AlarmName'] as unknown) === 'OriginGuard-DirectAttempts'
          ? 'HasDirectAttemptsAlarm'
          : 'HasLocalAlarms',
      );
    }
    expect(Conditions?.['HasLocalAlarms']).toEqual({
      'Fn::And': [{ Condition: 'HasNotificationEmail' }, { Condition: 'WantsLocalAlarms' }],
    });
  });

  it('gives each target its own condition', () => {
    expect(rules(either)['OriginGuard-GuardedGroupOpened']?.targets).toMatchObject([
      { 'Fn::If': ['HasNotificationEmail', { Id: 'Notice' }, { Ref: 'AWS::NoValue' }] },
      { 'Fn::If': ['HasCentralEventBusArn', { Id: 'CentralBus' }, { Ref: 'AWS::NoValue' }] },
    ]);
  });
});

it('adds nothing where nobody is told and nothing is counted', () => {
  expect(tried({}).template.Resources ?? {}).toEqual({});
});
