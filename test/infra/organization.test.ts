import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fn } from 'aws-cdk-lib';
import {
  CROSS_ACCOUNT_ORIGINS,
  INVENTORY_SUCCEEDED,
  PACK_MEMBERS,
  PACK_MEMBERS_FAILED,
  UNFOLLOWED_REASONS,
} from '../../infra/organization/central-alarms.js';
import { EVENT_COUNTS } from '../../infra/organization/event-counts.js';
import { addOrganization, type HomeProps, type OrganizationProps } from '../../infra/organization/organization.js';
import { INVENTORY_METRICS } from '../../report/inventory-lines.js';
import { PACK_METRICS } from '../../report/pack-metrics.js';
import { matchesEvent, type Json } from './support/match-event.js';
import { matchesJson } from './support/match-filter.js';
import { apiCall, complianceChange, runEnded } from './support/sample-events.js';
import { actionsIn, synth, type Synthesized } from './support/synth.js';

const MANAGEMENT = '999900001111';
const BODY = '{"Resources":{"Rule":{"Type":"AWS::Config::ConfigRule"}}}';

const HOME: HomeProps = {
  organizationId: 'o-abcd123456',
  notificationEmail: 'guard@example.com',
  configRuleNames: ['origin-guard-alb-sg-cloudfront-only'],
  centralBusParameter: 'CentralEventBusArn',
  inventoryParameters: {
    bucketName: 'InventoryBucketName',
    bucketOwner: 'InventoryBucketOwner',
    bucketRegion: 'InventoryBucketRegion',
  },
  stackSet: {
    memberTemplate: { kind: 'parameter' },
    targets: ['r-abcd'],
    governedRegions: ['us-east-1', 'eu-central-1'],
    memberParameters: { RemediationMode: 'manual' },
  },
  inventory: {
    bucketName: 'origin-guard-inventory-444455556666',
    maxAgeHours: 24,
    keptDays: 90,
    publish: { code: 'exports.handler = async () => {};', environment: { RESOLVE_ORIGINS: 'off' } },
  },
};
const BASE: OrganizationProps = {
  pack: {
    packName: 'OriginGuard',
    packBody: BODY,
    packInputs: [{ parameterName: 'Ports', parameterValue: 'listeners' }],
    reconcile: { code: 'exports.handler = async () => process.env.PACK_TEMPLATE;' },
  },
  excludedAccounts: ['777788889999'],
  managementAccountId: MANAGEMENT,
  logRetentionDays: 365,
};

const tried = (props: Partial<OrganizationProps>) =>
  synth((stack) => {
    addOrganization(stack, { ...BASE, ...props });
  });

const home = tried({ home: HOME });
const shared = tried({ home: { ...HOME, sharesMetrics: true } });
const region = tried({});

const only = ({ ofType }: Synthesized, type: string) => {
  const [found, ...others] = ofType(type);
  expect(others).toEqual([]);
  return found!;
};

describe.each([
  ['the home Region', home],
  ['the home Region with shared metrics', shared],
  ['another Region', region],
])('%s', (_, made) => {
  it('passes the checks of the CDK and of cdk-nag', () => {
    expect(made.objections).toEqual([]);
  });

  it('allows no action with a wildcard', () => {
    expect(actionsIn(made.template).filter((action) => action.includes('*'))).toEqual([]);
  });

  it('keeps no log for ever', () => {
    for (const { Properties } of made.ofType('AWS::Logs::LogGroup')) expect(Properties['RetentionInDays']).toBe(365);
  });

  it('says in each alarm what it means and what to do, acts, and takes silence for nothing but where it is the news', () => {
    for (const { Properties } of made.ofType('AWS::CloudWatch::Alarm')) {
      expect(Properties['AlarmDescription']).toMatch(/\. .+\.$/);
      expect((Properties['AlarmDescription'] as unknown as string).length).toBeLessThanOrEqual(1_024);
      expect(Properties['AlarmActions']).toEqual([{ Ref: 'NoticeTopic' }]);
      const isAboutSilence =
        /Silent|Missing$/.test(Properties['AlarmName'] as unknown as string) && !('Metrics' in Properties);
      expect(Properties['TreatMissingData']).toBe(isAboutSilence ? 'breaching' : 'notBreaching');
    }
  });
});

describe('the StackSet', () => {
  it('puts the member stack below the root, without the excluded accounts, in every governed Region', () => {
    expect(only(home, 'AWS::CloudFormation::StackSet').Properties).toEqual({
      StackSetName: 'OriginGuardMember',
      Description: 'Origin Guard: functions, roles, runbooks and event rules of each account',
      PermissionModel: 'SERVICE_MANAGED',
      CallAs: 'DELEGATED_ADMIN',
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      ManagedExecution: { Active: true },
      OperationPreferences: {
        MaxConcurrentPercentage: 25,
        FailureTolerancePercentage: 5,
        RegionConcurrencyType: 'PARALLEL',
      },
      StackInstancesGroup: [
        {
          DeploymentTargets: {
            OrganizationalUnitIds: ['r-abcd'],
            Accounts: ['777788889999'],
            AccountFilterType: 'DIFFERENCE',
          },
          Regions: ['us-east-1', 'eu-central-1'],
        },
      ],
      Parameters: [
        { ParameterKey: 'RemediationMode', ParameterValue: 'manual' },
        { ParameterKey: 'CentralEventBusArn', ParameterValue: { 'Fn::GetAtt': ['CentralBus', 'Arn'] } },
        { ParameterKey: 'InventoryBucketName', ParameterValue: { Ref: 'InventoryBucket' } },
        { ParameterKey: 'InventoryBucketOwner', ParameterValue: { Ref: 'AWS::AccountId' } },
        { ParameterKey: 'InventoryBucketRegion', ParameterValue: { Ref: 'AWS::Region' } },
      ],
      TemplateURL: { Ref: 'MemberTemplateUrl' },
    });
  });

  it('filters no account where none is excluded', () => {
    const made = tried({ home: HOME, excludedAccounts: [] });
    expect(only(made, 'AWS::CloudFormation::StackSet').Properties['StackInstancesGroup']).toMatchObject([
      { DeploymentTargets: { OrganizationalUnitIds: ['r-abcd'] } },
    ]);
    expect(made.text).not.toContain('AccountFilterType');
  });

  it('takes the member template from the bootstrap bucket when it is given a file', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'origin-guard-')), 'member.template.json');
    writeFileSync(path, '{"Resources":{}}');
    const made = tried({ home: { ...HOME, stackSet: { ...HOME.stackSet, memberTemplate: { kind: 'file', path } } } });
    expect(made.template.Parameters).not.toHaveProperty('MemberTemplateUrl');
    const url = JSON.stringify(only(made, 'AWS::CloudFormation::StackSet').Properties['TemplateURL']);
    expect(url).toMatch(/https:\/\/s3\..*cdk-hnb659fds-assets-.*[0-9a-f]{64}\.json/);
  });

  it('is in the home Region only', () => {
    expect(region.ofType('AWS::CloudFormation::StackSet')).toEqual([]);
    expect(region.template.Parameters).not.toHaveProperty('MemberTemplateUrl');
  });
});

describe('the pack', () => {
  it('comes after the StackSet, and leaves out the excluded accounts and the management account', () => {
    const pack = only(home, 'AWS::Config::OrganizationConformancePack');
    expect(pack.Properties).toEqual({
      OrganizationConformancePackName: 'OriginGuard',
      TemplateBody: BODY,
      ConformancePackInputParameters: [{ ParameterName: 'Ports', ParameterValue: 'listeners' }],
      ExcludedAccounts: ['777788889999', MANAGEMENT],
    });
    expect(pack.DependsOn).toEqual(['MemberStackSet']);
  });

  it('reaches a management account that has the member stack', () => {
    const made = tried({ managementAccountHasMember: true });
    expect(only(made, 'AWS::Config::OrganizationConformancePack').Properties['ExcludedAccounts']).toEqual([
      '777788889999',
    ]);
  });

  it('is refused above 51,200 bytes', () => {
    expect(() => tried({ pack: { ...BASE.pack, packBody: 'x'.repeat(51_201) } })).toThrow(
      'the pack takes 51201 bytes; allowed: 51200',
    );
  });

  it('is what its keeper has in its code, also where CloudFormation fills in a part', async () => {
    const made = tried({ pack: { ...BASE.pack, packBody: Fn.sub('{"role":"${AWS::AccountId}"}') } });
    const lambda = only(made, 'AWS::Lambda::Function');
    const { ZipFile } = lambda.Properties['Code'] as unknown as {
      readonly ZipFile: { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
    };
    const [glue, parts] = ZipFile['Fn::Join'];
    expect(parts[1]).toEqual({ 'Fn::Base64': { 'Fn::Sub': '{"role":"${AWS::AccountId}"}' } });
    const filled = Buffer.from('{"role":"444455556666 “ü”"}').toString('base64');
    const code = parts.map((part) => (typeof part === 'string' ? part : filled)).join(glue);
    const environment: Record<string, string> = {};
    const exported: { handler?: () => Promise<string> } = {};
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the deployed code is a text
    new Function('exports', 'process', 'Buffer', code)(exported, { env: environment }, Buffer);
    expect(await exported.handler?.()).toBe('{"role":"444455556666 “ü”"}');
  });
});

describe('the keeper of the pack', () => {
  it('may put its own pack and look at all, and nothing else', () => {
    const role = region
      .ofType('AWS::IAM::Role')
      .find(({ Properties }) => JSON.stringify(Properties).includes('Reconcile'))!;
    expect(role.Properties['Policies']).toMatchObject([
      {
        PolicyDocument: {
          Statement: [
            {
              Sid: 'OwnPack',
              Action: ['config:GetOrganizationConformancePackDetailedStatus', 'config:PutOrganizationConformancePack'],
              Resource: {
                'Fn::Sub':
                  'arn:${AWS::Partition}:config:${AWS::Region}:${AWS::AccountId}:organization-conformance-pack/OriginGuard-*',
              },
            },
            {
              Sid: 'Look',
              Action: [
                'config:DescribeOrganizationConformancePackStatuses',
                'config:DescribeOrganizationConformancePacks',
                'organizations:DescribeOrganization',
                'organizations:ListDelegatedAdministrators',
              ],
              Resource: '*',
            },
            { Sid: 'Log', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] },
          ],
        },
      },
    ]);
  });

  it('looks once an hour, on arm64 and nodejs24.x', () => {
    expect(only(region, 'AWS::Events::Rule').Properties).toMatchObject({ ScheduleExpression: 'rate(1 hour)' });
    expect(only(region, 'AWS::Lambda::Function').Properties).toMatchObject({
      FunctionName: 'OriginGuardReconcile',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Environment: { Variables: { PACK_NAME: 'OriginGuard' } },
    });
  });
});

describe('the inventory', () => {
  it('lets each account of the organization read its own files only, and nobody unencrypted', () => {
    const { Statement } = only(home, 'AWS::S3::BucketPolicy').Properties['PolicyDocument'] as unknown as {
      readonly Statement: readonly object[];
    };
    expect(Statement[0]).toEqual({
      Sid: 'OwnFiles',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 's3:GetObject',
      Resource: {
        'Fn::Join': ['', [{ 'Fn::GetAtt': ['InventoryBucket', 'Arn'] }, '/inventory/v1/${aws:PrincipalAccount}/*']],
      },
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcd123456' } },
    });
    expect(Statement[1]).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
    expect(Statement).toHaveLength(2);
  });

  it('is versioned, encrypted, closed to the public, and stays when the stack goes', () => {
    const bucket = only(home, 'AWS::S3::Bucket');
    expect(bucket.DeletionPolicy).toBe('Retain');
    expect(bucket.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ NoncurrentVersionExpiration: { NoncurrentDays: 90 } }, {}].slice(0, 1) },
    });
  });

  it('is published every 15 minutes by a function that knows bucket and aggregator', () => {
    const lambda = home
      .ofType('AWS::Lambda::Function')
      .find(({ Properties }) => (Properties['FunctionName'] as unknown) === 'OriginGuardInventory')!;
    expect(lambda.Properties['Environment']).toEqual({
      Variables: {
        INVENTORY_BUCKET: { Ref: 'InventoryBucket' },
        AGGREGATOR_NAME: 'OriginGuard',
        RESOLVE_ORIGINS: 'off',
      },
    });
    expect(home.ofType('AWS::Events::Rule').map(({ Properties }) => Properties['ScheduleExpression'])).toContain(
      'rate(15 minutes)',
    );
  });

  it('lets AWS Config list the accounts for it, and asks for the account only where AWS tells it', () => {
    const [role] = home
      .ofType('AWS::IAM::Role')
      .filter(({ Properties }) => JSON.stringify(Properties['RoleName']).includes('OriginGuardAggregator'));
    expect(role?.Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'config.amazonaws.com' },
          Condition: { StringEqualsIfExists: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    });
  });

  it('is not there unless asked for', () => {
    const { inventory: _, ...rest } = HOME;
    const made = tried({ home: rest });
    for (const type of ['AWS::S3::Bucket', 'AWS::Config::ConfigurationAggregator'])
      expect(made.ofType(type)).toEqual([]);
  });
});

const opened = complianceChange({ from: 'COMPLIANT', to: 'NON_COMPLIANT' });

describe('the central bus', () => {
  it('takes events of the role of our member stack in the organization only', () => {
    expect(only(home, 'AWS::Events::EventBusPolicy').Properties['Statement']).toEqual({
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: { 'Fn::GetAtt': ['CentralBus', 'Arn'] },
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': 'o-abcd123456' },
        ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/OriginGuardEvents-*' },
      },
    });
  });

  it('tells the administrator what is urgent and logs the rest', () => {
    const rules = home
      .ofType('AWS::Events::Rule')
      .filter(({ Properties }) => 'EventBusName' in Properties)
      .map(({ Properties }) => ({
        name: Properties['Name'] as unknown as string,
        targets: Properties['Targets'] as unknown as readonly object[],
      }));
    expect(rules).toMatchObject([
      { name: 'OriginGuard-GuardedGroupOpened', targets: [{ Id: 'Notice' }] },
      { name: 'OriginGuard-RemediationFailed', targets: [{ Id: 'Notice' }] },
      { name: 'OriginGuard-DistributionStopped', targets: [{ Id: 'Notice' }] },
      { name: 'OriginGuard-GuardChanged', targets: [{ Id: 'Notice' }] },
      { name: 'OriginGuard-EveryEvent', targets: [{ Id: 'Log' }] },
      { name: 'OriginGuard-DistributionEvents', targets: [{ Id: 'Log' }] },
    ]);
    // Topics and logs let EventBridge in themselves; with a role, delivery may fail.
    for (const target of rules.flatMap(({ targets }) => targets)) expect(target).not.toHaveProperty('RoleArn');
  });

  it('lets EventBridge write its log without a condition, as AWS documents it', () => {
    const { PolicyDocument } = only(home, 'AWS::Logs::ResourcePolicy').Properties;
    const text = (PolicyDocument as unknown as { readonly 'Fn::Sub': string })['Fn::Sub'];
    expect(JSON.parse(text)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'EventBridge',
          Effect: 'Allow',
          Principal: { Service: ['delivery.logs.amazonaws.com', 'events.amazonaws.com'] },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/events/origin-guard:*',
        },
      ],
    });
  });

  it.each([
    [opened, ['opened', 'exposed']],
    [complianceChange({ to: 'NON_COMPLIANT' }), ['exposed']],
    [complianceChange({ from: 'NON_COMPLIANT', to: 'COMPLIANT' }), ['closed']],
    [runEnded('Success'), ['remediated']],
    [runEnded('TimedOut'), ['failed']],
    [apiCall('ec2', 'AuthorizeSecurityGroupIngress'), ['network']],
    [apiCall('elasticloadbalancing', 'SetSecurityGroups'), ['network']],
    [apiCall('ssm', 'UpdateDocument'), ['guard']],
  ])('counts %#', (event, counts) => {
    const json = Object.entries(EVENT_COUNTS).filter(([, { filter }]) => filter.startsWith('{'));
    const matched = json.filter(([, { filter }]) => matchesJson(filter, event));
    expect(matched.map(([name]) => name)).toEqual(counts);
  });
});

describe('the log of the central bus', () => {
  const logRule = (name: string) => {
    const found = home
      .ofType('AWS::Events::Rule')
      .find(({ Properties }) => (Properties['Name'] as unknown) === `OriginGuard-${name}`)!.Properties;
    return {
      pattern: found['EventPattern'] as unknown as Json,
      target: (found['Targets'] as unknown as readonly Json[])[0]!,
    };
  };
  const secret = 'a-secret-header-value';
  const update = apiCall('cloudfront', 'UpdateDistribution', {
    requestParameters: {
      id: 'E1EXAMPLE',
      distributionConfig: {
        enabled: true,
        origins: { items: [{ customHeaders: { items: [{ headerName: 'x-origin', headerValue: secret }] } }] },
      },
    },
  });

  it('takes every event as it is but those of CloudFront, which hold the values of secret headers', () => {
    const { pattern, target } = logRule('EveryEvent');
    expect(target).not.toHaveProperty('InputTransformer');
    const others = [opened, runEnded('Success'), apiCall('ec2', 'X'), apiCall('ssm', 'X')];
    expect(others.map((event) => matchesEvent(pattern, event))).toEqual([true, true, true, true]);
    expect(matchesEvent(pattern, update)).toBe(false);
  });

  it('takes of those a line that says who did what, and counts it', () => {
    const { pattern, target } = logRule('DistributionEvents');
    expect([update, opened].map((event) => matchesEvent(pattern, event))).toEqual([true, false]);
    const { InputPathsMap, InputTemplate } = target['InputTransformer'] as {
      readonly InputPathsMap: Readonly<Record<string, string>>;
      readonly InputTemplate: string;
    };
    const at = (path: string): unknown =>
      path
        .split('.')
        .slice(1)
        .reduce<unknown>((value, key) => (value as Json)[key], update);
    const line = InputTemplate.replace('<time>', JSON.stringify(at(InputPathsMap['time']!))).replaceAll(
      /<(\w+)>/g,
      (_, name: string) => String(at(InputPathsMap[name]!)),
    );
    expect(JSON.parse(line)).toEqual({
      timestamp: '2026-11-01T12:00:00Z',
      message:
        'Origin Guard: distribution E1EXAMPLE of account 111122223333: UpdateDistribution by ' +
        'arn:aws:sts::111122223333:assumed-role/Developer/jo in us-east-1, event 11111111-2222-4333-8444-555555555555 in CloudTrail',
    });
    expect(line).not.toContain(secret);
    expect(line).toContain(EVENT_COUNTS.distributions.filter.slice(1, -1));
  });
});

it('the dashboard shows the pack and its keeper in every governed Region, where no alarm reaches', () => {
  const { DashboardBody } = only(home, 'AWS::CloudWatch::Dashboard').Properties;
  const [glue, parts] = (DashboardBody as unknown as { readonly 'Fn::Join': readonly [string, readonly unknown[]] })[
    'Fn::Join'
  ];
  const body = JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'us-east-1')).join(glue)) as {
    readonly widgets: readonly {
      readonly properties: { readonly title?: string; readonly metrics?: readonly unknown[] };
    }[];
  };
  const graph = body.widgets.find(
    ({ properties }) => properties.title?.startsWith('Accounts without the pack') === true,
  );
  expect(graph?.properties.metrics).toEqual([
    ['OriginGuard', 'PackMembersFailed', 'PackName', 'OriginGuard', { label: 'Accounts in which the pack failed' }],
    [
      'OriginGuard',
      'PackMembersFailed',
      'PackName',
      'OriginGuard',
      { label: 'Accounts in which the pack failed, eu-central-1', region: 'eu-central-1' },
    ],
    [
      'AWS/Lambda',
      'Errors',
      'FunctionName',
      'OriginGuardReconcile',
      { label: 'OriginGuardReconcile, eu-central-1', region: 'eu-central-1' },
    ],
    ['AWS/Lambda', 'Errors', 'FunctionName', 'OriginGuardReconcile', { label: 'OriginGuardReconcile' }],
    ['AWS/Lambda', 'Errors', 'FunctionName', 'OriginGuardInventory', { label: 'OriginGuardInventory' }],
  ]);
});

describe('the alarms', () => {
  const names = ({ ofType }: Synthesized) =>
    ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties['AlarmName'] as unknown);

  it('are a handful, whatever the number of accounts', () => {
    expect(names(home)).toEqual([
      'OriginGuard-OrganizationGroupOpened',
      'OriginGuard-OrganizationRemediationFailed',
      'OriginGuard-OrganizationPackFailed',
      'OriginGuard-OrganizationPackMissing',
      'OriginGuard-OrganizationInventorySilent',
      'OriginGuard-OrganizationReconcileFails',
      'OriginGuard-OrganizationInventoryFails',
    ]);
    expect(names(region)).toEqual([]);
  });

  it('are two more where the accounts share their metrics', () => {
    expect(names(shared).slice(7)).toEqual([
      'OriginGuard-OrganizationVerdictsMissing',
      'OriginGuard-OrganizationRuleFails',
    ]);
    const missing = shared
      .ofType('AWS::CloudWatch::Alarm')
      .find(({ Properties }) => (Properties['AlarmName'] as unknown) === 'OriginGuard-OrganizationVerdictsMissing')!;
    expect(missing.Properties['Metrics']).toEqual([
      {
        Id: 'total',
        Label: 'OrganizationVerdictsMissing',
        Expression: 'SELECT SUM(Indeterminate) FROM SCHEMA("OriginGuard", RuleId)',
        Period: 3600,
        ReturnData: true,
      },
    ]);
  });

  const alarm = ({ ofType }: Synthesized, name: string) =>
    ofType('AWS::CloudWatch::Alarm').find(
      ({ Properties }) => (Properties['AlarmName'] as unknown) === `OriginGuard-Organization${name}`,
    )?.Properties;

  it.each([
    ['VerdictsMissing', 1],
    ['RuleFails', 3],
  ])('sound for one account that says it once a day, when it sweeps: %s', (name, Threshold) => {
    expect(alarm(shared, name)).toMatchObject({ Threshold, EvaluationPeriods: 1, DatapointsToAlarm: 1 });
  });

  it('sound when no inventory was finished for a while, long before the old one is too old', () => {
    expect(alarm(home, 'InventorySilent')).toMatchObject({
      Namespace: 'OriginGuard',
      MetricName: 'InventorySucceeded',
      Dimensions: [],
      Statistic: 'Sum',
      Period: 3600,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      EvaluationPeriods: 6,
      DatapointsToAlarm: 6,
      TreatMissingData: 'breaching',
    });
  });

  it.each([
    [1, 1],
    [3, 1],
    [8, 4],
    [168, 6],
  ])('sound for an inventory that may be %i hours old after %i', (maxAgeHours, EvaluationPeriods) => {
    const made = tried({ home: { ...HOME, inventory: { ...HOME.inventory!, maxAgeHours } } });
    expect(alarm(made, 'InventorySilent')).toMatchObject({ EvaluationPeriods, DatapointsToAlarm: EvaluationPeriods });
  });

  it('are silent about an inventory where there is none', () => {
    const { inventory: _, ...rest } = HOME;
    const made = tried({ home: rest });
    expect(alarm(made, 'InventorySilent')).toBeUndefined();
    expect(made.text).not.toContain('InventorySucceeded');
  });

  it('sound when the pack is gone, or nobody looks', () => {
    expect(alarm(home, 'PackMissing')).toMatchObject({
      MetricName: 'PackMembers',
      Dimensions: [{ Name: 'PackName', Value: 'OriginGuard' }],
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      EvaluationPeriods: 6,
      TreatMissingData: 'breaching',
    });
  });

  it('and graphs know the metrics of our functions by their names', () => {
    expect([PACK_MEMBERS, PACK_MEMBERS_FAILED]).toEqual([PACK_METRICS.members, PACK_METRICS.failedMembers]);
    expect([INVENTORY_SUCCEEDED, CROSS_ACCOUNT_ORIGINS, UNFOLLOWED_REASONS]).toEqual([
      INVENTORY_METRICS.succeeded,
      INVENTORY_METRICS.crossAccountOrigins,
      INVENTORY_METRICS.unfollowed,
    ]);
  });
});

it('a Region beside the home Region has the pack and its keeper, and nothing else', () => {
  expect(
    Object.values(region.template.Resources ?? {})
      .map(({ Type }) => Type)
      .sort(),
  ).toEqual([
    'AWS::Config::OrganizationConformancePack',
    'AWS::Events::Rule',
    'AWS::IAM::Role',
    'AWS::Lambda::EventInvokeConfig',
    'AWS::Lambda::Function',
    'AWS::Lambda::Permission',
    'AWS::Logs::LogGroup',
  ]);
});
