import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PLANNER_SETTING_NAMES } from '../../functions/planner-settings.js';
import { SETTING_NAMES } from '../../functions/settings.js';
import { INVENTORY_ACCESS_NAMES } from '../../functions/inventory-access.js';
import { builtFunctionCode } from '../../infra/function-code.js';
import { policiesIn } from '../../infra/iam/from-template.js';
import { rolePolicies } from '../../infra/iam/policies.js';
import { memberRunbooks } from '../../infra/member/runbooks.js';
import { RULES } from '../../rules/registry.js';
import { renderRunbook } from '../../remediation/runbook/render.js';
import { ofType, settingsOf, templatesOf, type Resource } from './support.js';

const { member } = templatesOf({}, builtFunctionCode);
const resource = (id: string): Resource => member.Resources[id]!;
const properties = (id: string) => resource(id).Properties;

/** How many resources of each type stand behind each condition; `always` is none. */
const EXISTS = {
  always: {
    'AWS::IAM::Role': 3,
    'AWS::Lambda::Function': 2,
    'AWS::Lambda::Permission': 1,
    'AWS::Logs::LogGroup': 2,
    'AWS::SSM::Document': 2,
  },
  HasNotificationEmail: {
    'AWS::KMS::Key': 1,
    'AWS::SNS::Subscription': 1,
    'AWS::SNS::Topic': 1,
    'AWS::SNS::TopicPolicy': 1,
  },
  HasEventTargets: { 'AWS::Events::Rule': 5 },
  HasCentralEventBusArn: { 'AWS::Events::Rule': 1, 'AWS::IAM::Role': 1 },
  TellsOfDistributions: { 'AWS::Events::Rule': 2 },
  HasLocalAlarms: { 'AWS::CloudWatch::Alarm': 6, 'AWS::CloudWatch::Dashboard': 1 },
  HasFlowLogGroupName: { 'AWS::Logs::MetricFilter': 2 },
  HasDirectAttemptsAlarm: { 'AWS::CloudWatch::Alarm': 1 },
};

it('holds these resources and no other, the optional ones behind their conditions', () => {
  const counts: Record<string, Record<string, number>> = {};
  for (const { Type, Condition = 'always' } of Object.values(member.Resources)) {
    const held = (counts[Condition] ??= {});
    held[Type] = (held[Type] ?? 0) + 1;
  }
  expect(counts).toEqual(EXISTS);
});

it('an account that is told of nothing and tells nobody has no more than it needs', () => {
  const defaults = Object.fromEntries(Object.entries(member.Parameters).map(([id, { Default }]) => [id, Default]));
  expect(defaults).toMatchObject({ NotificationEmail: '', CentralEventBusArn: '', FlowLogGroupName: '' });
  expect(member.Conditions).toMatchObject({
    HasNotificationEmail: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'NotificationEmail' }, ''] }] },
    HasEventTargets: { 'Fn::Or': [{ Condition: 'HasNotificationEmail' }, { Condition: 'HasCentralEventBusArn' }] },
    TellsOfDistributions: { 'Fn::And': [{ Condition: 'HasEventTargets' }, { Condition: 'IsCloudFrontRegion' }] },
    HasLocalAlarms: { 'Fn::And': [{ Condition: 'HasNotificationEmail' }, { Condition: 'WantsLocalAlarms' }] },
    WantsLocalAlarms: { 'Fn::Equals': [{ Ref: 'Alarms' }, 'local'] },
    HasDirectAttemptsAlarm: {
      'Fn::And': [
        { Condition: 'HasLocalAlarms' },
        { Condition: 'HasFlowLogGroupName' },
        { Condition: 'WantsDirectAttemptsAlarm' },
      ],
    },
  });
});

it('watches every rule of the registry', () => {
  const text = JSON.stringify(member.Resources);
  for (const { meta } of RULES) {
    expect(text).toContain(`"prefix":"origin-guard-${meta.id}"`);
    expect(text).toContain(`"Value":"${meta.id}"`);
  }
});

it('says in each alarm what it means and what to do', () => {
  const alarms = ofType(member, 'AWS::CloudWatch::Alarm');
  expect(alarms).toHaveLength(7);
  for (const { Properties } of alarms) {
    expect((Properties['AlarmDescription'] as string).match(/\.(?: |$)/g)?.length).toBeGreaterThanOrEqual(2);
    expect(Properties['AlarmActions']).toEqual([{ Ref: 'NoticeTopic' }]);
  }
});

it('what people choose about notices is in the template', () => {
  const { member: other } = templatesOf({
    noticedChanges: ['sg-0123456789abcdef0'],
    listenerPorts: [8443],
    loadBalancerAddresses: ['10.0.1.*'],
    topicKmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/abcd',
    alarms: 'central',
    directAttemptsAlarm: 'on',
  });
  expect(ofType(other, 'AWS::KMS::Key')).toEqual([]);
  expect(ofType(other, 'AWS::Logs::MetricFilter').map(({ Properties }) => Properties['FilterPattern'])).toEqual([
    expect.stringMatching(/destination=10\.0\.1\.\*, srcport, destport="8443"/),
  ]);
  const changed = ofType(other, 'AWS::Events::Rule').find(
    ({ Properties }) => Properties['Name'] === 'OriginGuard-NetworkChanged',
  );
  expect(changed?.Condition).toBe('HasEventTargets');
  expect(JSON.stringify(changed?.Properties['EventPattern'])).toContain('{"groupId":["sg-0123456789abcdef0"]}');
  expect(other.Parameters['Alarms']).toMatchObject({ Default: 'central' });
  expect(other.Parameters['DirectAttemptsAlarm']).toMatchObject({ Default: 'on' });
});

it('needs no bucket, asset, macro, nested stack, custom resource or bootstrap', () => {
  const types = Object.values(member.Resources).map(({ Type }) => Type);
  expect(types.filter((type) => /^(?:AWS::S3::|AWS::CloudFormation::|Custom::|AWS::CDK::)/.test(type))).toEqual([]);
  expect(Object.keys(member)).toEqual(expect.not.arrayContaining(['Transform', 'Rules', 'Mappings']));
  expect(Object.keys(member.Parameters).filter((name) => /bootstrap|asset/i.test(name))).toEqual([]);
  expect(JSON.stringify(member)).not.toMatch(
    /"(?:S3Bucket|S3Key|TemplateURL|Fn::Transform)"|aws:cdk:|CDKMetadata|cdk-hnb659fds/,
  );
});

it('fits into a template, pretty-printed too', () => {
  expect(Buffer.byteLength(JSON.stringify(member, null, 2))).toBeLessThan(1_000_000);
});

it('every parameter has a default, so that it can be deployed as it is', () => {
  expect(
    Object.entries(member.Parameters).filter(
      ([, { Default, Description }]) => Default === undefined || Description === undefined,
    ),
  ).toEqual([]);
});

it('what differs by account is a parameter whose default is the setting', () => {
  const { member: other } = templatesOf({
    publishFindings: false,
    logRetentionDays: 30,
    logLevel: 'warn',
    metricsNamespace: 'Acme/Guard',
    permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
    logKmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/abcd',
  });
  const defaults = Object.fromEntries(Object.entries(other.Parameters).map(([name, { Default }]) => [name, Default]));
  expect(defaults).toMatchObject({
    PublishFindings: 'false',
    LogRetentionDays: '30',
    LogLevel: 'warn',
    MetricsNamespace: 'Acme/Guard',
    RemediationMode: 'manual',
    PermissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/boundary',
    LogKmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/abcd',
  });
});

it.each([
  ['off', ['off']],
  ['manual', ['off', 'approved', 'manual']],
  ['automatic', ['off', 'approved', 'manual', 'automatic']],
])('an account can be set to a stricter mode than %s, never to a looser one', (remediation, modes) => {
  expect(templatesOf({ remediation }).member.Parameters['RemediationMode']).toMatchObject({
    Default: remediation,
    AllowedValues: modes,
  });
});

describe('the functions', () => {
  const FUNCTIONS = [
    ['RuleFunction', 'OriginGuardRule', 'config-rule', 60],
    ['PlannerFunction', 'OriginGuardPlanner', 'plan-remediation', 110],
  ] as const;

  it.each(FUNCTIONS)('%s is inline code on arm64 with a log group and a role of its own', (id, name, file, timeout) => {
    const kind = id.replace('Function', '');
    expect(properties(id)).toMatchObject({
      FunctionName: name,
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: timeout,
      Role: { 'Fn::GetAtt': [`${kind}Role`, 'Arn'] },
      LoggingConfig: { LogGroup: { Ref: `${kind}Logs` } },
      Code: { ZipFile: builtFunctionCode(file) },
      Description: expect.stringMatching(/^Origin Guard: /) as string,
    });
    expect(properties(id)).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it.each(FUNCTIONS)('%s is loaded from the template, and exports a handler', (id) => {
    const module = { exports: {} as Record<string, unknown> };
    const code = (properties(id)['Code'] as { readonly ZipFile: string }).ZipFile;
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- what Lambda does with the text of the template
    new Function('exports', 'require', 'module', '__filename', '__dirname', code)(
      module.exports,
      createRequire(join(__dirname, 'index.js')),
      module,
      '/var/task/index.js',
      '/var/task',
    );
    expect(module.exports['handler']).toBeInstanceOf(Function);
  });

  it.each([
    ['RuleFunction', [...SETTING_NAMES, ...INVENTORY_ACCESS_NAMES]],
    ['PlannerFunction', [...PLANNER_SETTING_NAMES, ...INVENTORY_ACCESS_NAMES]],
  ])('%s is told only what it reads', (id, known) => {
    const names = Object.keys((properties(id)['Environment'] as { readonly Variables: object }).Variables);
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('the planner is told the mode of the account and what the deployment chose', () => {
    const { member: other } = templatesOf({
      ruleParameters: { allowedCidrs: '203.0.113.0/24', minSecretLength: '24' },
      exemptTagKey: 'acme:open',
      iacManaged: 'REFUSE',
      iacTagKeys: ['acme:stack'],
      portMerge: 'RANGE',
      quotaModel: 'by-family',
    });
    const { Variables } = other.Resources['PlannerFunction']?.Properties['Environment'] as {
      readonly Variables: Readonly<Record<string, unknown>>;
    };
    expect(Variables).toMatchObject({
      IAC_MANAGED: 'REFUSE',
      IAC_TAG_KEYS: 'acme:stack',
      PORT_MERGE: 'RANGE',
      QUOTA_MODEL: 'by-family',
      REMEDIATION_MODE: { Ref: 'RemediationMode' },
      LOG_LEVEL: { Ref: 'LogLevel' },
    });
    // A parameter of a rule that no runbook fixes would be refused by the planner.
    expect(Variables['RULE_PARAMETERS']).toEqual({
      'Fn::Join': [
        '',
        [
          '{"allowedCidrs":"203.0.113.0/24","exemptTagKey":"acme:open","inventoryMode":"',
          { 'Fn::If': ['HasInventoryBucketName', 'ORG', 'LOCAL'] },
          '"}',
        ],
      ],
    });
  });

  it.each(['RuleFunction', 'PlannerFunction'])('%s is told where the inventory is, where there is one', (id) => {
    const where = (name: string) => ({ 'Fn::If': [`Has${name}`, { Ref: name }, { Ref: 'AWS::NoValue' }] });
    expect(properties(id)['Environment']).toMatchObject({
      Variables: {
        INVENTORY_BUCKET: where('InventoryBucketName'),
        INVENTORY_BUCKET_OWNER: where('InventoryBucketOwner'),
        INVENTORY_BUCKET_REGION: where('InventoryBucketRegion'),
        INVENTORY_MAX_AGE_HOURS: { Ref: 'InventoryMaxAgeHours' },
      },
    });
  });

  it('AWS Config of this account may invoke the rule, and nobody else anything', () => {
    expect(ofType(member, 'AWS::Lambda::Permission').map(({ Properties }) => Properties)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { Ref: 'RuleFunction' },
        Principal: 'config.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
      },
    ]);
  });
});

it.each([
  ['RuleLogs', '/aws/lambda/OriginGuardRule'],
  ['PlannerLogs', '/aws/lambda/OriginGuardPlanner'],
])('%s end after the days of the parameter, and are encrypted with the key that is given', (id, name) => {
  expect(properties(id)).toMatchObject({
    LogGroupName: name,
    RetentionInDays: { Ref: 'LogRetentionDays' },
    KmsKeyId: { 'Fn::If': ['HasLogKmsKeyArn', { Ref: 'LogKmsKeyArn' }, { Ref: 'AWS::NoValue' }] },
  });
});

describe('the roles', () => {
  it.each(['Rule', 'Planner', 'Remediation'])('%s has one policy, and the boundary where there is one', (kind) => {
    const name = `OriginGuard${kind}`;
    const { Policies, ...rest } = properties(`${kind}Role`);
    expect(rest).toMatchObject({
      RoleName: { 'Fn::Sub': `${name}-\${AWS::Region}` },
      PermissionsBoundary: {
        'Fn::If': ['HasPermissionsBoundaryArn', { Ref: 'PermissionsBoundaryArn' }, { Ref: 'AWS::NoValue' }],
      },
    });
    expect(rest).not.toHaveProperty('ManagedPolicyArns');
    expect(Policies).toHaveLength(1);
    expect(policiesIn(member)[name]).toEqual(rolePolicies(settingsOf())[name]);
  });

  it.each(['Rule', 'Planner'])(
    '%s reads the inventory of its own account and Region, and only with a bucket',
    (kind) => {
      const text = JSON.stringify(properties(`${kind}Role`)['Policies']);
      expect(text).toContain(
        JSON.stringify({
          'Fn::If': [
            'HasInventoryBucketName',
            {
              Sid: 'Inventory',
              Effect: 'Allow',
              Action: ['s3:GetObject'],
              Resource: [
                {
                  'Fn::Sub':
                    'arn:${AWS::Partition}:s3:::${InventoryBucketName}/inventory/v1/${AWS::AccountId}/${AWS::Region}.json',
                },
              ],
            },
            { Ref: 'AWS::NoValue' },
          ],
        }),
      );
      expect(text.match(/"s3:/g)).toHaveLength(1);
    },
  );

  it.each(['Rule', 'Planner'])('%s is taken by Lambda only', (kind) => {
    expect(properties(`${kind}Role`)['AssumeRolePolicyDocument']).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    });
  });

  it('Remediation is taken by a run of Automation in this account only', () => {
    expect(properties('RemediationRole')['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'ssm.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': { 'Fn::Sub': '${AWS::AccountId}' } },
            ArnLike: {
              'aws:SourceArn': { 'Fn::Sub': 'arn:${AWS::Partition}:ssm:*:${AWS::AccountId}:automation-execution/*' },
            },
          },
        },
      ],
    });
  });
});

describe('the runbooks', () => {
  it.each([{}, { allowSplit: true }])('are those that are tested, with %j', (given) => {
    const documents = ofType(templatesOf(given).member, 'AWS::SSM::Document').map(({ Properties }) => Properties);
    expect(documents.map(({ Name, Content }) => [Name, Content])).toEqual(
      memberRunbooks(settingsOf(given)).map((runbook) => [runbook.name, renderRunbook(runbook)]),
    );
    for (const document of documents) {
      expect(document).toMatchObject({
        DocumentType: 'Automation',
        DocumentFormat: 'JSON',
        UpdateMethod: 'NewVersion',
      });
    }
  });

  it('name the planner and the role as the template does', () => {
    const text = JSON.stringify(ofType(member, 'AWS::SSM::Document'));
    expect(new Set(text.match(/"FunctionName":"[^"]+"/g))).toEqual(new Set(['"FunctionName":"OriginGuardPlanner"']));
    expect(new Set(text.match(/"assumeRole":"[^"]+"/g))).toEqual(
      new Set([
        '"assumeRole":"arn:{{global:AWS_PARTITION}}:iam::{{global:ACCOUNT_ID}}:role/OriginGuardRemediation-{{global:REGION}}"',
      ]),
    );
  });

  it('have no step that makes or swaps groups unless somebody allows it', () => {
    const apis = (given: Readonly<Record<string, unknown>>) =>
      JSON.stringify(memberRunbooks(settingsOf(given))[0]).includes('CreateSecurityGroup');
    expect([{}, { allowSplit: true }, { allowSwap: true }].map(apis)).toEqual([false, true, true]);
  });
});

it('exports what the pack imports', () => {
  expect(member.Outputs).toMatchObject({
    RuleFunctionArn: {
      Export: { Name: 'OriginGuard-RuleFunctionArn' },
      Value: { 'Fn::GetAtt': ['RuleFunction', 'Arn'] },
    },
    PlannerFunctionArn: {
      Export: { Name: 'OriginGuard-PlannerFunctionArn' },
      Value: { 'Fn::GetAtt': ['PlannerFunction', 'Arn'] },
    },
  });
});

it('marks everything that can be tagged as its own', () => {
  const untaggable = [
    'AWS::CloudWatch::Dashboard',
    'AWS::Lambda::Permission',
    'AWS::Logs::MetricFilter',
    'AWS::SNS::Subscription',
    'AWS::SNS::TopicPolicy',
  ];
  const untagged = Object.entries(member.Resources).filter(
    ([, { Type, Properties }]) =>
      !untaggable.includes(Type) && !JSON.stringify(Properties['Tags'] ?? '').includes('origin-guard:component'),
  );
  expect(untagged.map(([id]) => id)).toEqual([]);
});
