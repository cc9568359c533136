import type { Fact } from './fact.js';
import type { Scope, SecurityGroupId } from './ids.js';
import type { LoadBalancer } from './model/load-balancer.js';
import type { SecurityGroup } from './model/security-group.js';
import type { Ports } from './ports.js';

/** A network interface that carries a group. */
export interface AttachedInterface {
  readonly id: string;
  /** As EC2 spells it: `interface`, `network_load_balancer`, `global_accelerator_managed`. */
  readonly type: string;
  readonly description: string;
  /** Whether an AWS service manages it, so that its description is AWS's own; `null` where the input does not say. */
  readonly isManaged: boolean | null;
}

/** A rule of another group that names a group. */
export interface GroupReference {
  /** The group whose rule it is; for a group across a peering, its VPC. */
  readonly by: string;
  readonly direction: 'ingress' | 'egress';
}

/** What Origin Guard wrote down before it changed a group, as it is stored. */
export interface StoredRecord {
  /** The id of the automation execution that wrote it. */
  readonly id: string;
  readonly text: string;
  /** ISO 8601. */
  readonly savedAt: string;
}

/** The quotas on which a plan depends, as Service Quotas knows them. */
export const QUOTAS = {
  /** Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups */
  'rules-per-group': { code: 'L-0EA8095F', fallback: 60 },
  'groups-per-interface': { code: 'L-2AFB9258', fallback: 5 },
} as const;
export type QuotaName = keyof typeof QUOTAS;

/**
 * What a plan must know beyond what a verdict takes.
 *
 * Every answer is whole or a gap. The cause `not-seen` says that saved data holds nothing of the kind; any other cause
 * says that somebody asked and was not told.
 */
export interface PlanningReader {
  /** Every network interface that carries a group, in whatever VPC it is. */
  interfacesOf(group: SecurityGroupId, at: Scope): Promise<Fact<readonly AttachedInterface[]>>;
  /** The ids of the interfaces by which Global Accelerator reaches into a VPC. */
  acceleratorsIn(vpcId: string, at: Scope): Promise<Fact<readonly string[]>>;
  /** The ARNs of the network load balancers that forward to an Application Load Balancer. */
  forwardersTo(loadBalancer: LoadBalancer): Promise<Fact<readonly string[]>>;
  /** The rules of other groups, in its own VPC and across peerings, that name a group. */
  referencesTo(group: SecurityGroupId, at: Scope): Promise<Fact<readonly GroupReference[]>>;
  /** Whether a group lets everything out, as a new group does. */
  hasOpenEgress(group: SecurityGroupId, at: Scope): Promise<Fact<boolean>>;
  /** The groups of a VPC that carry these names; a name that nobody carries is not in the answer. */
  groupsNamed(names: readonly string[], vpcId: string, at: Scope): Promise<Fact<readonly SecurityGroup[]>>;
  /** The quota that applies to the account. */
  quota(name: QuotaName, at: Scope): Promise<Fact<number>>;
  /** The rollback records of a group, newest first. */
  rollbackRecords(group: SecurityGroupId, at: Scope): Promise<Fact<readonly StoredRecord[]>>;
}

/** Everything a planner may look at, live or saved. */
export interface PlanningPorts extends Ports, PlanningReader {}

/** The path under which the rollback records of a group are stored, in Systems Manager Parameter Store. */
export const recordsPath = (group: string): string => `/origin-guard/rollback/${group}`;
