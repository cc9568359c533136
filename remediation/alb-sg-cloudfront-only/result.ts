import type { RefusalCode, Strategy, NoopCode } from '../../core/plan.js';

/** How many rules of each kind one rollback can restore; `ROLLBACK_RECORD_TOO_LARGE` beyond it. */
export const RESTORE_SLOTS = { cidrIpv4: 24, cidrIpv6: 8, prefixList: 4, securityGroup: 4 } as const;
export type RestoreKind = keyof typeof RESTORE_SLOTS;

/** How many groups a split or a swap can make. */
export const DEDICATED_SLOTS = 4;

/** The decisions of the planner; a runbook branches on them. */
export type Decision = 'NOOP' | Strategy | 'REFUSE';

/** One rule to restore, in scalars: a runbook step takes nothing else. */
export interface RestoreSlot {
  readonly protocol: string;
  /** -1 where the protocol has no ports. */
  readonly fromPort: number;
  readonly toPort: number;
  readonly source: string;
  readonly description: string;
}

/**
 * What the modes `plan` and `rollback` answer. Every field is always there, since what Systems Manager does with a
 * selector that finds nothing is not documented.
 */
export interface PlanResult {
  readonly planVersion: '1';
  readonly mode: 'plan' | 'rollback';
  readonly decision: Decision;
  /** Why nothing is to do, or why it is refused; empty for a plan that applies. */
  readonly reasonCode: NoopCode | RefusalCode | 'RESTORED' | '';
  /** At most 1,500 characters, for whoever approves. */
  readonly summary: string;
  readonly nextStep: string;
  /** SHA-256, in hexadecimal, of everything the plan rests on; empty unless it applies. */
  readonly fingerprint: string;
  readonly securityGroupId: string;
  readonly vpcId: string;
  readonly prefixListId: string;
  readonly prefixListIdV6: string;
  /** `ipv4/443,ipv6/443`. */
  readonly requiredPorts: string;
  readonly authorizeNeeded: boolean;
  readonly fromPort: number;
  readonly toPort: number;
  readonly authorize2Needed: boolean;
  readonly from2: number;
  readonly to2: number;
  readonly authorizeV6Needed: boolean;
  readonly fromV6: number;
  readonly toV6: number;
  readonly authorizeV62Needed: boolean;
  readonly from2V6: number;
  readonly to2V6: number;
  /** The rules to add to the group itself, for the payload of a later step: `ipv4:pl-0abc:443-443`, with commas between. */
  readonly grantsText: string;
  readonly revokeRuleIds: readonly string[];
  /** The same with commas between, for the payload of a later step. */
  readonly revokeRuleIdsText: string;
  /** Refused sources that stay, in words. */
  readonly keptSources: readonly string[];
  /** The rules that are removed, as EC2 would take them back; for people and tools, not for a step. */
  readonly rollbackIpPermissions: readonly Readonly<Record<string, unknown>>[];
  /** The record to store before anything changes, before rules go, and when all is done; at most 3,900 bytes each. */
  readonly rollbackJson: string;
  readonly revokingJson: string;
  readonly appliedJson: string;
  /** Mode `rollback`: the record of a run that was undone. */
  readonly undoneJson: string;
  readonly loadBalancerArn: string;
  readonly originalSecurityGroups: readonly string[];
  /** The same with commas between, for the payload of a later step. */
  readonly originalSecurityGroupsText: string;
  /** How many groups are to be made: 0 to `DEDICATED_SLOTS`. */
  readonly dedicatedCount: number;
  /** The groups and their rules, for the payload of a later step: `NAME=ipv4:pl-0abc:80-80`, with commas between. */
  readonly dedicatedText: string;
  readonly newGroupName: string;
  readonly newFromPort: number;
  readonly newToPort: number;
  readonly newPrefixListId: string;
  readonly newGroupName2: string;
  readonly newFromPort2: number;
  readonly newToPort2: number;
  readonly newPrefixListId2: string;
  readonly newGroupName3: string;
  readonly newFromPort3: number;
  readonly newToPort3: number;
  readonly newPrefixListId3: string;
  readonly newGroupName4: string;
  readonly newFromPort4: number;
  readonly newToPort4: number;
  readonly newPrefixListId4: string;
  /** How many rules of each kind to restore (mode `rollback`), and the rules; always as many as there are slots. */
  readonly restoreCounts: Readonly<Record<RestoreKind, number>>;
  readonly restore: Readonly<Record<RestoreKind, readonly RestoreSlot[]>>;
  /** Mode `rollback`: how many of the recorded rules are not there now; the group list is set back only at 0. */
  readonly restoreLeft: number;
  /** Mode `rollback`: 1 while the load balancer does not have its original list of groups; added rules go only at 0 and 0. */
  readonly groupsLeft: number;
  /** Mode `rollback`: whether `revokeRuleIds`, the rules that the undone run added, is not empty. */
  readonly revokeNeeded: boolean;
}

/** What the verifying modes answer. */
export const OUTCOMES = {
  OK: 'What was asked for is so.',
  ALREADY_OK: 'The group needs no fix any more.',
  STALE: 'What the plan rests on has changed since.',
  AUTHORIZE: 'The groups are there, and lack rules.',
  MISSING: 'A rule or a group that must be there is not.',
  FOREIGN_GROUP: 'A group that Origin Guard did not make carries a name it would use.',
  NOTHING_REVOKED: 'Every rule that was to go is still there, and nothing else changed.',
  STILL_OPEN: 'A source that the plan named is still, or again, admitted.',
  ROLLBACK: 'A complete look shows that CloudFront lost a port that it needs.',
  UNKNOWN: 'What must be seen could not be read.',
} as const;
export type Outcome = keyof typeof OUTCOMES;

/** What the modes `guard`, `verifyAuthorized`, `swapTargets` and `verify` answer. */
export interface VerifyResult {
  readonly planVersion: '1';
  readonly mode: 'guard' | 'verifyAuthorized' | 'swapTargets' | 'verify';
  readonly outcome: Outcome;
  /** What was seen, in words. */
  readonly detail: string;
  /** The whole list to give the load balancer (mode `swapTargets`), else empty. */
  readonly desiredSecurityGroups: readonly string[];
  /** The ids of the groups that were made (mode `swapTargets`), else empty texts. */
  readonly newGroupId: string;
  readonly newGroupId2: string;
  readonly newGroupId3: string;
  readonly newGroupId4: string;
}
