import { runSimulation } from '@cloud-copilot/iam-simulate';
import { MOST_SCP_CHARACTERS, renderScp, renderScpText, type ScpProps } from '../../infra/organization/scp.js';

const PROPS: ScpProps = {
  breakGlassRoles: ['arn:*:iam::*:role/BreakGlass'],
  exemptionRoles: [
    'arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_NetworkApprover_*',
    'arn:*:iam::*:role/NetworkApprover',
  ],
  deployerRoles: ['arn:*:iam::444455556666:role/cdk-*-cfn-exec-role-*'],
  tagKeys: ['origin-guard:*'],
};
const SCP = renderScp(PROPS);
const ACCOUNT = '111122223333';
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const DEVELOPER = role('Developer');
const REMEDIATION = role('OriginGuardRemediation-eu-central-1');
const STACKSETS = role('stacksets-exec-0123456789abcdef0123456789abcdef');
const BREAK_GLASS = role('BreakGlass');
const APPROVER = role('aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_NetworkApprover_0123456789abcdef');

interface Call {
  readonly action: string;
  readonly resource: string;
  readonly tagKeys?: readonly string[];
}

const FULL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** What the policy leaves of somebody who may otherwise do everything. */
async function maySomebody(principal: string, { action, resource, tagKeys }: Call): Promise<string> {
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: ACCOUNT },
        contextVariables: {
          'aws:PrincipalArn': principal,
          ...(tagKeys === undefined ? {} : { 'aws:TagKeys': [...tagKeys] }),
        },
      },
      identityPolicies: [{ name: 'everything', policy: FULL }],
      serviceControlPolicies: [
        {
          orgIdentifier: 'r-abcd',
          policies: [
            { name: 'FullAWSAccess', policy: FULL },
            { name: 'OriginGuard', policy: SCP },
          ],
        },
      ],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors));
  return result.overallResult;
}

const here = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:${ACCOUNT}:${rest}`;
const group = here('ec2', 'security-group/sg-0123456789abcdef0');
const balancer = here('elasticloadbalancing', 'loadbalancer/app/shop/0123456789abcdef');
const CODE: Call = { action: 'lambda:UpdateFunctionCode', resource: here('lambda', 'function:OriginGuardRule') };
const DOCUMENT: Call = { action: 'ssm:UpdateDocument', resource: here('ssm', 'document/OriginGuard-Remediate-v1') };
const TRUST: Call = { action: 'iam:UpdateAssumeRolePolicy', resource: REMEDIATION };
const EVENTS: Call = { action: 'events:DisableRule', resource: here('events', 'rule/OriginGuard-GuardedGroupOpened') };
const RECORD: Call = { action: 'ssm:PutParameter', resource: here('ssm', 'parameter/origin-guard/rollback/sg-0/x') };
const ERASE: Call = { action: 'ssm:DeleteParameter', resource: here('ssm', 'parameter/origin-guard/rollback/sg-0/x') };
const EXEMPT: Call = { action: 'ec2:CreateTags', resource: group, tagKeys: ['team', 'origin-guard:exempt'] };
const UNEXEMPT: Call = { action: 'ec2:DeleteTags', resource: group, tagKeys: ['origin-guard:exempt'] };
const DECLARE: Call = {
  action: 'elasticloadbalancing:RemoveTags',
  resource: balancer,
  tagKeys: ['origin-guard:fronted-by'],
};
const ALL = [CODE, DOCUMENT, TRUST, EVENTS, RECORD, ERASE, EXEMPT, UNEXEMPT, DECLARE];

it.each(ALL)('a developer may not $action $resource', async (call) => {
  expect(await maySomebody(DEVELOPER, call)).toBe('ExplicitlyDenied');
});

it.each<Call>([
  { action: 'lambda:UpdateFunctionCode', resource: here('lambda', 'function:shop') },
  { action: 'lambda:InvokeFunction', resource: here('lambda', 'function:OriginGuardPlanner') },
  { action: 'ssm:StartAutomationExecution', resource: here('ssm', 'automation-definition/OriginGuard-Remediate-v1:1') },
  { action: 'ssm:GetParametersByPath', resource: here('ssm', 'parameter/origin-guard/rollback') },
  { action: 'ssm:PutParameter', resource: here('ssm', 'parameter/shop/color') },
  { action: 'ec2:CreateTags', resource: group, tagKeys: ['team'] },
  { action: 'elasticloadbalancing:AddTags', resource: balancer, tagKeys: ['team'] },
  { action: 'ec2:AuthorizeSecurityGroupIngress', resource: group },
])('a developer may $action $resource', async (call) => {
  expect(await maySomebody(DEVELOPER, call)).toBe('Allowed');
});

it.each(ALL)('the deployment through StackSets may $action $resource', async (call) => {
  expect(await maySomebody(STACKSETS, call)).toBe('Allowed');
});

it.each(ALL)('an emergency may $action $resource', async (call) => {
  expect(await maySomebody(BREAK_GLASS, call)).toBe('Allowed');
});

it.each<Call>([
  RECORD,
  ERASE,
  { action: 'ec2:CreateTags', resource: group, tagKeys: ['origin-guard:managed'] },
  { action: 'ec2:AuthorizeSecurityGroupIngress', resource: group },
  { action: 'ec2:RevokeSecurityGroupIngress', resource: group },
  { action: 'elasticloadbalancing:SetSecurityGroups', resource: balancer },
])('the role of the runbooks may $action $resource', async (call) => {
  expect(await maySomebody(REMEDIATION, call)).toBe('Allowed');
});

it.each([CODE, DOCUMENT, TRUST, EVENTS, DECLARE])(
  'the role of the runbooks may not $action $resource',
  async (call) => {
    expect(await maySomebody(REMEDIATION, call)).toBe('ExplicitlyDenied');
  },
);

describe('the roles that it exempts', () => {
  // IAM itself keeps the path aws-reserved.
  const NETWORK = role('NetworkApprover');
  const makes = (resource: string): Call => ({ action: 'iam:CreateRole', resource });
  const trusts = (resource: string): Call => ({ action: 'iam:UpdateAssumeRolePolicy', resource });
  const permits = (resource: string): Call => ({ action: 'iam:AttachRolePolicy', resource });

  it.each([STACKSETS, BREAK_GLASS, NETWORK])('%s is made, trusted and permitted by no developer', async (resource) => {
    for (const call of [makes(resource), trusts(resource), permits(resource)])
      expect([call.action, await maySomebody(DEVELOPER, call)]).toEqual([call.action, 'ExplicitlyDenied']);
  });

  it.each([STACKSETS, BREAK_GLASS])('%s makes them', async (principal) => {
    expect(await maySomebody(principal, makes(NETWORK))).toBe('Allowed');
  });

  it('an approver makes none of them', async () => {
    expect(await maySomebody(APPROVER, makes(BREAK_GLASS))).toBe('ExplicitlyDenied');
  });

  it('a developer makes roles of other names', async () => {
    expect(await maySomebody(DEVELOPER, makes(role('shop')))).toBe('Allowed');
  });
});

it.each([EXEMPT, UNEXEMPT, DECLARE])('an approver may $action $resource', async (call) => {
  expect(await maySomebody(APPROVER, call)).toBe('Allowed');
});

it.each([CODE, RECORD])('an approver may not $action $resource', async (call) => {
  expect(await maySomebody(APPROVER, call)).toBe('ExplicitlyDenied');
});

it('is a policy of denials that fits', () => {
  expect(SCP.Statement.map(({ Sid }) => Sid)).toEqual([
    'Functions',
    'Runbooks',
    'Roles',
    'EventRules',
    'Records',
    'GroupTags',
    'LoadBalancerTags',
  ]);
  for (const { Effect, Action } of SCP.Statement) {
    expect(Effect).toBe('Deny');
    expect(Action).not.toContain('*');
  }
  expect(renderScpText(PROPS).length).toBeLessThan(MOST_SCP_CHARACTERS);
  expect(JSON.parse(renderScpText(PROPS))).toEqual(SCP);
});

it('is refused where it does not fit', () => {
  const breakGlassRoles = Array.from({ length: 40 }, (_, at) => `arn:*:iam::*:role/BreakGlass${String(at)}`);
  expect(() => renderScp({ ...PROPS, breakGlassRoles })).toThrow(/takes \d{4,5} characters; allowed: 5120; name fewer/);
});
