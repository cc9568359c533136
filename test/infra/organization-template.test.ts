import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INVENTORY_SETTING_NAMES } from '../../functions/inventory-settings.js';
import { RECONCILE_SETTING_NAMES } from '../../functions/reconcile-settings.js';
import { buildApp, makeApp } from '../../infra/build-app.js';
import { builtFunctionCode } from '../../infra/function-code.js';
import { writeMemberTemplate } from '../../infra/member-template.js';
import { OrganizationStack } from '../../infra/stacks/organization-stack.js';
import { RULES } from '../../rules/registry.js';
import { ofType, ORGANIZATION, settingsOf, SMALL_CODE, templatesOf, type TemplateJson } from './support.js';
import { actionsIn } from './support/synth.js';

const { organization, member, pack } = templatesOf({}, builtFunctionCode);

const countsOf = ({ Resources }: TemplateJson): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values(Resources)) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
};
const only = (template: TemplateJson, type: string) => {
  const [found, ...others] = ofType(template, type);
  expect(others).toEqual([]);
  return found!;
};

it('holds these resources and no other', () => {
  expect(countsOf(organization)).toEqual({
    'AWS::CloudFormation::StackSet': 1,
    'AWS::CloudWatch::Alarm': 7,
    'AWS::CloudWatch::Dashboard': 1,
    'AWS::Config::ConfigurationAggregator': 1,
    'AWS::Config::OrganizationConformancePack': 1,
    'AWS::Events::EventBus': 1,
    'AWS::Events::EventBusPolicy': 1,
    'AWS::Events::Rule': 8,
    'AWS::IAM::Role': 3,
    'AWS::KMS::Key': 1,
    'AWS::Lambda::EventInvokeConfig': 2,
    'AWS::Lambda::Function': 2,
    'AWS::Lambda::Permission': 2,
    'AWS::Logs::LogGroup': 3,
    'AWS::Logs::MetricFilter': 8,
    'AWS::Logs::ResourcePolicy': 1,
    'AWS::S3::Bucket': 1,
    'AWS::S3::BucketPolicy': 1,
    'AWS::SNS::Subscription': 1,
    'AWS::SNS::Topic': 1,
    'AWS::SNS::TopicPolicy': 1,
  });
});

it('without an inventory there is no bucket, no aggregator, and every account counts its own distributions', () => {
  const { organization: other } = templatesOf({ inventory: false });
  for (const type of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::Config::ConfigurationAggregator']) {
    expect(ofType(other, type)).toEqual([]);
  }
  expect(only(other, 'AWS::Config::OrganizationConformancePack').Properties['ConformancePackInputParameters']).toEqual(
    [],
  );
  expect(JSON.stringify(only(other, 'AWS::CloudFormation::StackSet'))).not.toContain('Inventory');
});

it('what nobody has said is asked for when it is deployed', () => {
  const needed = (template: TemplateJson) =>
    Object.entries(template.Parameters)
      .filter(([, { Default }]) => Default === undefined)
      .map(([name]) => name)
      .sort();
  expect(needed(organization)).toEqual([
    'ManagementAccountId',
    'MemberTemplateUrl',
    'NotificationEmail',
    'OrganizationId',
    'OrganizationTargets',
  ]);
  const given = { ...ORGANIZATION, organizationTargets: 'r-abcd', notificationEmail: 'guard@example.com' };
  expect(needed(templatesOf(given).organization)).toEqual(['MemberTemplateUrl']);
  expect(templatesOf(given).organization.Parameters).toMatchObject({
    OrganizationId: { Default: 'o-abcd123456' },
    ManagementAccountId: { Default: '111122223333' },
    OrganizationTargets: { Default: 'r-abcd', Type: 'CommaDelimitedList' },
    NotificationEmail: { Default: 'guard@example.com' },
  });
});

it('needs no asset, macro, nested stack, custom resource or bootstrap', () => {
  expect(Object.keys(organization)).toEqual(expect.not.arrayContaining(['Transform', 'Rules', 'Mappings']));
  expect(JSON.stringify(organization)).not.toMatch(
    /"(?:S3Bucket|S3Key|Fn::Transform)"|AWS::CloudFormation::Stack"|Custom::|CDKMetadata|cdk-hnb659fds|BootstrapVersion/,
  );
});

it.each([
  ['member', member],
  ['pack', pack],
  ['organization', organization],
])('%s: allows no action with * in it, and fits', (_, template) => {
  expect(actionsIn(template).filter((action) => action.includes('*'))).toEqual([]);
  expect(Buffer.byteLength(JSON.stringify(template, null, 2))).toBeLessThan(1_000_000);
});

describe('the StackSet', () => {
  const { Properties } = only(organization, 'AWS::CloudFormation::StackSet');

  it('tells each account of the bus and the inventory, and leaves notices and alarms to the administrator', () => {
    expect(Properties['Parameters']).toEqual([
      { ParameterKey: 'Alarms', ParameterValue: 'central' },
      { ParameterKey: 'NotificationEmail', ParameterValue: '' },
      { ParameterKey: 'CentralEventBusArn', ParameterValue: { 'Fn::GetAtt': ['CentralBus', 'Arn'] } },
      { ParameterKey: 'InventoryBucketName', ParameterValue: { Ref: 'InventoryBucket' } },
      { ParameterKey: 'InventoryBucketOwner', ParameterValue: { Ref: 'AWS::AccountId' } },
      { ParameterKey: 'InventoryBucketRegion', ParameterValue: { Ref: 'AWS::Region' } },
    ]);
  });

  it('sets only parameters that the member template has, to values that it takes', () => {
    for (const { ParameterKey, ParameterValue } of Properties['Parameters'] as readonly {
      readonly ParameterKey: string;
      readonly ParameterValue: unknown;
    }[]) {
      const parameter = member.Parameters[ParameterKey];
      expect([ParameterKey, parameter === undefined]).toEqual([ParameterKey, false]);
      if (typeof ParameterValue !== 'string') continue;
      if (parameter?.['AllowedValues'] !== undefined) expect(parameter['AllowedValues']).toContain(ParameterValue);
      if (parameter?.['AllowedPattern'] !== undefined) {
        expect(ParameterValue).toMatch(new RegExp(parameter['AllowedPattern'] as string));
      }
    }
  });

  it('covers every governed Region, the home Region first', () => {
    const { organization: other } = templatesOf({ homeRegion: 'eu-west-1', governedRegions: 'us-east-1,eu-west-1' });
    expect(only(other, 'AWS::CloudFormation::StackSet').Properties['StackInstancesGroup']).toEqual([
      {
        DeploymentTargets: { OrganizationalUnitIds: { Ref: 'OrganizationTargets' } },
        Regions: ['eu-west-1', 'us-east-1'],
      },
    ]);
  });
});

describe('the pack', () => {
  it('comes after the StackSet, and its keeper after it', () => {
    expect(only(organization, 'AWS::Config::OrganizationConformancePack').DependsOn).toEqual(['MemberStackSet']);
    expect(organization.Resources['ReconcileFunction']?.DependsOn).toEqual(
      expect.arrayContaining(['OrganizationPack']),
    );
  });

  it('holds every rule of the registry', () => {
    const body = only(organization, 'AWS::Config::OrganizationConformancePack').Properties['TemplateBody'] as {
      readonly 'Fn::Sub': string;
    };
    for (const { meta } of RULES) expect(body['Fn::Sub']).toContain(`"ConfigRuleName":"origin-guard-${meta.id}"`);
    expect(Buffer.byteLength(body['Fn::Sub'])).toBeLessThan(51_200);
  });

  it('leaves accounts before their member stack does: what it imports cannot be taken away under it', () => {
    const { organization } = templatesOf({
      ...ORGANIZATION,
      excludedAccounts: ['444455556666'],
      accountsWithoutPack: ['444455556666', '555566667777', ORGANIZATION.managementAccountId],
    });
    const [pack] = ofType(organization, 'AWS::Config::OrganizationConformancePack');
    const [stackSet] = ofType(organization, 'AWS::CloudFormation::StackSet');
    expect(pack?.Properties['ExcludedAccounts']).toEqual([
      '444455556666',
      '555566667777',
      { Ref: 'ManagementAccountId' },
    ]);
    expect(stackSet?.Properties).toMatchObject({
      StackInstancesGroup: [{ DeploymentTargets: { Accounts: ['444455556666'], AccountFilterType: 'DIFFERENCE' } }],
    });
  });

  it('reaches the management account only when somebody says that the member stack is there', () => {
    const excluded = (given: Readonly<Record<string, unknown>>) =>
      only(templatesOf(given).organization, 'AWS::Config::OrganizationConformancePack').Properties['ExcludedAccounts'];
    expect(excluded({ ...ORGANIZATION, excludedAccounts: '444455556666' })).toEqual([
      '444455556666',
      { Ref: 'ManagementAccountId' },
    ]);
    expect(excluded({ ...ORGANIZATION, managementAccountHasMember: true })).toBeUndefined();
  });
});

describe('the functions of the administrator', () => {
  it.each([
    ['OriginGuardInventory', 'inventory', INVENTORY_SETTING_NAMES],
    ['OriginGuardReconcile', 'reconcile', RECONCILE_SETTING_NAMES],
  ])('%s is inline code that is told only what it reads', (name, file, known) => {
    const found = ofType(organization, 'AWS::Lambda::Function').find(
      ({ Properties }) => Properties['FunctionName'] === name,
    )!;
    const { ZipFile } = found.Properties['Code'] as { readonly ZipFile: unknown };
    const text =
      typeof ZipFile === 'string' ? ZipFile : (ZipFile as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1].at(-1);
    expect(String(text).endsWith(builtFunctionCode(file))).toBe(true);
    const { Variables } = found.Properties['Environment'] as { readonly Variables: object };
    expect(Object.keys(Variables).filter((each) => !known.includes(each))).toEqual([]);
    expect(Variables).toMatchObject({ LOG_LEVEL: { Ref: 'LogLevel' }, METRICS_NAMESPACE: { Ref: 'MetricsNamespace' } });
  });

  it('a run is not tried again, and starts in time to end before the next one', () => {
    expect(ofType(organization, 'AWS::Lambda::EventInvokeConfig').map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300, Qualifier: '$LATEST' }),
      expect.objectContaining({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300, Qualifier: '$LATEST' }),
    ]);
  });

  it('the inventory follows names as the rules do', () => {
    const { organization: other } = templatesOf({
      ruleParameters: { originHostnames: 'www.example.com=web-1.us-east-1.elb.amazonaws.com', resolveOrigins: 'off' },
    });
    expect(other.Resources['InventoryFunction']?.Properties['Environment']).toMatchObject({
      Variables: { ORIGIN_HOSTNAMES: 'www.example.com=web-1.us-east-1.elb.amazonaws.com', RESOLVE_ORIGINS: 'off' },
    });
  });

  it('every role has the boundary where there is one, and every log the days and the key', () => {
    for (const { Properties } of ofType(organization, 'AWS::IAM::Role')) {
      expect(Properties['PermissionsBoundary']).toEqual({
        'Fn::If': ['HasPermissionsBoundaryArn', { Ref: 'PermissionsBoundaryArn' }, { Ref: 'AWS::NoValue' }],
      });
    }
    for (const { Properties } of ofType(organization, 'AWS::Logs::LogGroup')) {
      expect(Properties).toMatchObject({
        RetentionInDays: { Ref: 'LogRetentionDays' },
        KmsKeyId: { 'Fn::If': ['HasLogKmsKeyArn', { Ref: 'LogKmsKeyArn' }, { Ref: 'AWS::NoValue' }] },
      });
    }
  });
});

it('the bucket is named after the administrator unless somebody names it', () => {
  const name = (given: Readonly<Record<string, unknown>>) =>
    only(templatesOf(given).organization, 'AWS::S3::Bucket').Properties['BucketName'];
  expect(name({})).toEqual({ 'Fn::Sub': 'origin-guard-inventory-${AWS::AccountId}-${AWS::Region}' });
  expect(name({ inventoryBucketName: 'acme-inventory' })).toBe('acme-inventory');
});

describe('the app of cdk deploy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-organization-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const settings = settingsOf({ ...ORGANIZATION, governedRegions: 'us-east-1,eu-west-1,eu-central-1' });
  const outdir = join(folder, 'out');
  const path = writeMemberTemplate(join(folder, 'member'), { settings, code: SMALL_CODE });
  const built = buildApp(makeApp(outdir), { settings, code: SMALL_CODE, memberTemplate: { kind: 'file', path } });
  built.app.synth();
  const read = (file: string) => JSON.parse(readFileSync(join(outdir, file), 'utf8')) as TemplateJson;

  it('puts the member template into the bootstrap bucket, as it is', () => {
    const home = read(built.organization.templateFile);
    expect(home.Parameters).not.toHaveProperty('MemberTemplateUrl');
    expect(home.Parameters).not.toHaveProperty('BootstrapVersion');
    const url = JSON.stringify(only(home, 'AWS::CloudFormation::StackSet').Properties['TemplateURL']);
    const asset = readdirSync(outdir).find((file) => file.startsWith('asset.'))!;
    expect(url).toContain(`cdk-hnb659fds-assets-\${AWS::AccountId}-us-east-1/${asset.slice('asset.'.length)}`);
    expect(read(asset)).toEqual(read(built.member.templateFile));
  });

  it('has a stack for each further Region, after the home Region, with the pack and its keeper only', () => {
    expect(built.regions.map(({ stackName, region }) => [stackName, region])).toEqual([
      ['OriginGuardOrganization-eu-west-1', 'eu-west-1'],
      ['OriginGuardOrganization-eu-central-1', 'eu-central-1'],
    ]);
    for (const stack of built.regions) {
      expect(stack.dependencies).toEqual([built.organization]);
      expect(countsOf(read(stack.templateFile))).toEqual({
        'AWS::Config::OrganizationConformancePack': 1,
        'AWS::Events::Rule': 1,
        'AWS::IAM::Role': 1,
        'AWS::Lambda::EventInvokeConfig': 1,
        'AWS::Lambda::Function': 1,
        'AWS::Lambda::Permission': 1,
        'AWS::Logs::LogGroup': 1,
      });
      expect(read(stack.templateFile).Parameters).not.toHaveProperty('OrganizationId');
    }
    expect(built.organization.region).toBe('us-east-1');
  });

  it('the template of one more Region is the same for each', () => {
    const app = makeApp(join(folder, 'any'));
    const any = new OrganizationStack(app, { settings, code: SMALL_CODE, memberTemplate: null, name: 'Any' });
    app.synth();
    const text = readFileSync(join(folder, 'any', any.templateFile), 'utf8');
    for (const stack of built.regions)
      expect(JSON.stringify(read(stack.templateFile))).toBe(JSON.stringify(JSON.parse(text)));
  });
});
