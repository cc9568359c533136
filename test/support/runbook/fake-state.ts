import type { AccountId, SecurityGroupId, SecurityGroupRuleId } from '../../../core/ids.js';
import type { LoadBalancer } from '../../../core/model/load-balancer.js';
import type { IngressRule } from '../../../core/model/security-group.js';
import type { AttachedInterface } from '../../../core/planning.js';
import { ACCOUNT, groupId, loadBalancer, VPC } from '../builders.js';

/** A rule as EC2 holds it: always with an id. */
export type StoredRule = IngressRule & { readonly ruleId: SecurityGroupRuleId };

export interface FakeGroup {
  readonly id: SecurityGroupId;
  readonly name: string;
  readonly vpcId: string;
  readonly ownerId: AccountId;
  readonly tags: Readonly<Record<string, string>>;
  readonly ingress: readonly StoredRule[];
  /** Whether everything may go out, as from a new group. */
  readonly openEgress: boolean;
  /** The groups that its egress rules name. */
  readonly egressTo: readonly SecurityGroupId[];
}

export interface FakeLoadBalancer extends LoadBalancer {
  readonly listenerPorts: readonly number[];
}

/** A network interface of anything but a load balancer; those of load balancers follow from the load balancers. */
export interface FakeInterface extends AttachedInterface {
  readonly vpcId: string;
  readonly groups: readonly SecurityGroupId[];
}

export interface FakeParameter {
  readonly name: string;
  readonly value: string;
  readonly version: number;
  /** ISO 8601. */
  readonly savedAt: string;
}

/** Everything that a write can change, at one moment; frozen. */
export interface FakeState {
  readonly groups: readonly FakeGroup[];
  readonly loadBalancers: readonly FakeLoadBalancer[];
  readonly interfaces: readonly FakeInterface[];
  readonly parameters: readonly FakeParameter[];
}

/** A group of this account that nothing is special about; a rule without an id gets one. */
export function fakeGroup(
  overrides: Partial<Omit<FakeGroup, 'ingress'>> & { readonly ingress?: readonly IngressRule[] } = {},
): FakeGroup {
  const id = overrides.id ?? groupId('sg-0aaaaaaaaaaaaaaa1');
  const { ingress = [], ...rest } = overrides;
  return {
    id,
    name: id.replace('sg-', 'group-'),
    vpcId: VPC,
    ownerId: ACCOUNT,
    tags: {},
    openEgress: true,
    egressTo: [],
    ...rest,
    ingress: ingress.map((rule, at) => ({
      ...rule,
      ruleId:
        rule.ruleId ?? (`sgr-${id.slice('sg-'.length)}${at.toString(16).padStart(3, '0')}` as SecurityGroupRuleId),
    })),
  };
}

/** The load balancer `web` with a listener on 443. */
export const fakeLoadBalancer = (overrides: Partial<FakeLoadBalancer> = {}): FakeLoadBalancer => ({
  ...loadBalancer({ securityGroups: [groupId('sg-0aaaaaaaaaaaaaaa1')], ...overrides }),
  listenerPorts: overrides.listenerPorts ?? [443],
});

/** An error as AWS names it. */
export class AwsError extends Error {
  constructor(
    override readonly name: string,
    detail: string,
  ) {
    super(`${name}: ${detail}`);
  }
}

/** The same value, frozen to its leaves; what is frozen already is not looked into again. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

/** The state with one group replaced. */
export const withGroup = (state: FakeState, group: FakeGroup): FakeState => ({
  ...state,
  groups: state.groups.map((each) => (each.id === group.id ? group : each)),
});
