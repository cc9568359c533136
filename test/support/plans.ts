import type { IngressRule } from '../../core/model/security-group.js';
import type { Fix, Grant, Plan, RevocableRule } from '../../core/plan.js';
import { REFUSALS, type RefusalCode } from '../../core/plan.js';
import type { PlannedGroup } from '../../report/plan-words.js';
import { arnOf, CLOUDFRONT_V4, fromCidr, groupId, HOME, open, path, ruleId, VPC } from './builders.js';

// Plans as the planner makes them. Every builder returns the simplest one: a case shows only what it is about.

/** CloudFront's IPv4 list on one port. */
export const grant = (port = 443, overrides: Partial<Grant> = {}): Grant => ({
  family: 'ipv4',
  prefixListId: CLOUDFRONT_V4,
  fromPort: port,
  toPort: port,
  ...overrides,
});

/** Everybody on one port, with the id by which the rule is removed. */
export const revocable = (overrides: Partial<IngressRule> & { readonly id?: string } = {}): RevocableRule => {
  const { id = 'sgr-0open', ...rule } = overrides;
  return { ...open(fromCidr('0.0.0.0/0')), ...rule, ruleId: ruleId(id) };
};

/** Edits the group `sg-0web`: CloudFront in, everybody out. */
export const fix = (overrides: Partial<Fix> = {}): Fix => ({
  kind: 'apply',
  strategy: 'EDIT',
  securityGroupId: groupId('sg-0web'),
  vpcId: VPC,
  required: [{ family: 'ipv4', port: 443 }],
  grants: [grant()],
  revoke: [revocable()],
  kept: [],
  dedicated: [],
  loadBalancer: null,
  quota: {
    before: { ipv4: 1, ipv6: 0 },
    during: { ipv4: 56, ipv6: 55 },
    after: { ipv4: 55, ipv6: 55 },
    limit: 60,
    isAssumed: false,
  },
  owner: null,
  snippets: [],
  risks: [],
  ...overrides,
});

/** Gives the load balancer `web` a group of its own beside `sg-0web` and `sg-0app`. */
export const split = (overrides: Partial<Fix> = {}): Fix =>
  fix({
    strategy: 'SPLIT',
    dedicated: [{ name: 'origin-guard-50dc6c495c0c9188-ipv4-80-80', grant: grant(80) }],
    loadBalancer: { arn: arnOf('web'), securityGroups: [groupId('sg-0web'), groupId('sg-0app')] },
    ...overrides,
  });

/** Moves the load balancer `web` out of `sg-0web`. */
export const swap = (overrides: Partial<Fix> = {}): Fix =>
  split({ strategy: 'SWAP', grants: [], revoke: [], ...overrides });

export const refusal = (code: RefusalCode = 'SHARED_SG', overrides: Partial<Extract<Plan, { kind: 'refuse' }>> = {}) =>
  ({
    kind: 'refuse',
    code,
    because: 'group sg-0web is used by network interface eni-0db too',
    nextStep: REFUSALS[code].nextStep,
    owner: null,
    snippets: [],
    ...overrides,
  }) as const;

export const nothing: Plan = {
  kind: 'nothing-to-do',
  code: 'COMPLIANT',
  because: 'group sg-0web admits only CloudFront or what the parameters allow',
};

/** A plan for the group `sg-0web`, which E1WEB leads to. */
export const planned = (plan: Plan, overrides: Partial<PlannedGroup> = {}): PlannedGroup => ({
  securityGroupId: groupId('sg-0web'),
  name: 'web',
  scope: HOME,
  plan,
  paths: [path()],
  fingerprint: plan.kind === 'apply' ? 'abc.def' : null,
  restsOn: { admitting: [], adopted: [] },
  ...overrides,
});
