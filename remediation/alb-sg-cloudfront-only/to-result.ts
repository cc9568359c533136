import { sourceText } from '../../core/model/security-group.js';
import { REFUSALS, type Family, type Fix, type Grant, type RefusalCode } from '../../core/plan.js';
import { portsText, toFinding } from '../../rules/alb-sg-cloudfront-only/finding.js';
import type { Planned } from './gather-plan.js';
import { toIpPermissions } from './ip-permissions.js';
import { recordOf, recordText, type RecordedRule, type RunContext } from './record.js';
import {
  DEDICATED_SLOTS,
  RESTORE_SLOTS,
  type PlanResult,
  type RestoreKind,
  type RestoreSlot,
  type VerifyResult,
} from './result.js';
import { clip, refusalText, summaryOf } from './summary.js';
import { dedicatedText, grantText, requiredText } from './to-text.js';
import type { Finding } from './verify.js';

const NO_SLOT: RestoreSlot = { protocol: '', fromPort: -1, toPort: -1, source: '', description: '' };
const KINDS = Object.keys(RESTORE_SLOTS) as readonly RestoreKind[];

/** A result in which nothing is to do: every field is there, with a value that no step takes for something to do. */
const EMPTY: Omit<PlanResult, 'decision' | 'reasonCode' | 'summary'> = {
  planVersion: '1',
  mode: 'plan',
  nextStep: '',
  fingerprint: '',
  securityGroupId: '',
  vpcId: '',
  prefixListId: '',
  prefixListIdV6: '',
  requiredPorts: '',
  ...grantFields([]),
  grantsText: '',
  revokeRuleIds: [],
  revokeRuleIdsText: '',
  keptSources: [],
  rollbackIpPermissions: [],
  rollbackJson: '',
  revokingJson: '',
  appliedJson: '',
  undoneJson: '',
  loadBalancerArn: '',
  originalSecurityGroups: [],
  originalSecurityGroupsText: '',
  dedicatedCount: 0,
  dedicatedText: '',
  ...dedicatedFields([]),
  restoreCounts: { cidrIpv4: 0, cidrIpv6: 0, prefixList: 0, securityGroup: 0 },
  restore: slotsOf([]),
  restoreLeft: 0,
  groupsLeft: 0,
  revokeNeeded: false,
};

/** The result that says that nothing is to do. */
export const noopResult = (
  mode: PlanResult['mode'],
  securityGroupId: string,
  reasonCode: PlanResult['reasonCode'],
  because: string,
): PlanResult => ({ ...EMPTY, mode, securityGroupId, decision: 'NOOP', reasonCode, summary: clip(because) });

/** The result that refuses. */
export const refusal = (
  mode: PlanResult['mode'],
  securityGroupId: string,
  code: RefusalCode,
  because: string,
  nextStep: string = REFUSALS[code].nextStep,
): PlanResult => ({
  ...EMPTY,
  mode,
  securityGroupId,
  decision: 'REFUSE',
  reasonCode: code,
  summary: refusalText(because, nextStep),
  nextStep,
});

/** A plan in the scalars and lists of texts that a runbook step takes. */
export function toPlanResult(
  { plan, fingerprint, facts }: Planned,
  securityGroupId: string,
  run: RunContext,
): PlanResult {
  if (plan.kind === 'nothing-to-do') return noopResult('plan', securityGroupId, plan.code, plan.because);
  if (plan.kind === 'refuse') return refusal('plan', securityGroupId, plan.code, plan.because, plan.nextStep);
  const revoked = new Set(plan.revoke.map(({ ruleId }) => ruleId));
  const ingress = facts?.rule.group.ingress;
  const left =
    ingress?.known === true
      ? ingress.value.filter(({ ruleId }) => ruleId !== null && !revoked.has(ruleId as never))
      : [];
  const record = recordOf(plan, left, run);
  return {
    ...EMPTY,
    decision: plan.strategy,
    reasonCode: '',
    summary: summaryOf(plan),
    fingerprint: fingerprint ?? '',
    securityGroupId,
    vpcId: plan.vpcId,
    prefixListId: listOf(plan, 'ipv4'),
    prefixListIdV6: listOf(plan, 'ipv6'),
    requiredPorts: plan.required.map(requiredText).join(','),
    ...grantFields(plan.grants),
    grantsText: plan.grants.map(grantText).join(','),
    revokeRuleIds: plan.revoke.map(({ ruleId }) => ruleId),
    revokeRuleIdsText: plan.revoke.map(({ ruleId }) => ruleId).join(','),
    keptSources: plan.kept.map((rule) => `${sourceText(rule.source)} on ${portsText(toFinding(rule, 'private-cidr'))}`),
    rollbackIpPermissions: toIpPermissions(plan.revoke),
    rollbackJson: recordText(record),
    revokingJson: recordText(record, 'REVOKING'),
    appliedJson: recordText(record, 'APPLIED'),
    loadBalancerArn: plan.loadBalancer?.arn ?? '',
    originalSecurityGroups: plan.loadBalancer?.securityGroups ?? [],
    originalSecurityGroupsText: (plan.loadBalancer?.securityGroups ?? []).join(','),
    dedicatedCount: plan.dedicated.length,
    dedicatedText: plan.dedicated.map(dedicatedText).join(','),
    ...dedicatedFields(plan.dedicated),
  };
}

/** What a rollback would still have to do, in the slots that its steps take. */
export interface RollbackState {
  readonly decision: Fix['strategy'];
  readonly securityGroupId: string;
  readonly summary: string;
  readonly missing: readonly RecordedRule[];
  readonly groupsLeft: boolean;
  readonly addedRuleIds: readonly string[];
  readonly loadBalancerArn: string;
  readonly originalSecurityGroups: readonly string[];
  readonly executionId: string;
}

/** The result of the mode `rollback`. */
export const toRollbackResult = (state: RollbackState): PlanResult => ({
  ...EMPTY,
  mode: 'rollback',
  decision: state.decision,
  reasonCode: '',
  summary: clip(state.summary),
  securityGroupId: state.securityGroupId,
  revokeRuleIds: state.addedRuleIds,
  revokeRuleIdsText: state.addedRuleIds.join(','),
  revokeNeeded: state.addedRuleIds.length > 0,
  loadBalancerArn: state.loadBalancerArn,
  originalSecurityGroups: state.originalSecurityGroups,
  originalSecurityGroupsText: state.originalSecurityGroups.join(','),
  restoreCounts: {
    cidrIpv4: countOf(state.missing, 'cidrIpv4'),
    cidrIpv6: countOf(state.missing, 'cidrIpv6'),
    prefixList: countOf(state.missing, 'prefixList'),
    securityGroup: countOf(state.missing, 'securityGroup'),
  },
  restore: slotsOf(state.missing, state.executionId),
  restoreLeft: state.missing.length,
  groupsLeft: state.groupsLeft ? 1 : 0,
});

const countOf = (rules: readonly RecordedRule[], kind: RestoreKind): number =>
  rules.filter(({ k }) => k === kind).length;

/** As many slots as a runbook has, whether they are used or not. */
function slotsOf(rules: readonly RecordedRule[], executionId = ''): PlanResult['restore'] {
  const slots = KINDS.map((kind) => {
    const own = rules.filter(({ k }) => k === kind);
    return [kind, Array.from({ length: RESTORE_SLOTS[kind] }, (_, at) => toSlot(own[at], executionId))] as const;
  });
  return Object.fromEntries(slots) as unknown as PlanResult['restore'];
}

function toSlot(rule: RecordedRule | undefined, executionId: string): RestoreSlot {
  if (rule === undefined) return NO_SLOT;
  const description = rule.d ?? `restored by OriginGuard ${executionId}`;
  return { protocol: rule.p, fromPort: rule.f, toPort: rule.t, source: rule.s, description };
}

function listOf({ grants, dedicated }: Fix, family: Family): string {
  const all = [...grants, ...dedicated.map(({ grant }) => grant)];
  return all.find((grant) => grant.family === family)?.prefixListId ?? '';
}

type GrantFields = Pick<
  PlanResult,
  | 'authorizeNeeded'
  | 'fromPort'
  | 'toPort'
  | 'authorize2Needed'
  | 'from2'
  | 'to2'
  | 'authorizeV6Needed'
  | 'fromV6'
  | 'toV6'
  | 'authorizeV62Needed'
  | 'from2V6'
  | 'to2V6'
>;

function grantFields(grants: readonly Grant[]): GrantFields {
  const [first, second] = grants.filter(({ family }) => family === 'ipv4');
  const [firstV6, secondV6] = grants.filter(({ family }) => family === 'ipv6');
  return {
    authorizeNeeded: first !== undefined,
    fromPort: first?.fromPort ?? -1,
    toPort: first?.toPort ?? -1,
    authorize2Needed: second !== undefined,
    from2: second?.fromPort ?? -1,
    to2: second?.toPort ?? -1,
    authorizeV6Needed: firstV6 !== undefined,
    fromV6: firstV6?.fromPort ?? -1,
    toV6: firstV6?.toPort ?? -1,
    authorizeV62Needed: secondV6 !== undefined,
    from2V6: secondV6?.fromPort ?? -1,
    to2V6: secondV6?.toPort ?? -1,
  };
}

type DedicatedFields = Pick<
  PlanResult,
  | `newGroupName${'' | '2' | '3' | '4'}`
  | `newFromPort${'' | '2' | '3' | '4'}`
  | `newToPort${'' | '2' | '3' | '4'}`
  | `newPrefixListId${'' | '2' | '3' | '4'}`
>;

function dedicatedFields(dedicated: Fix['dedicated']): DedicatedFields {
  const fields = Array.from({ length: DEDICATED_SLOTS }, (_, at) => {
    const suffix = at === 0 ? '' : String(at + 1);
    const group = dedicated[at];
    return {
      [`newGroupName${suffix}`]: group?.name ?? '',
      [`newFromPort${suffix}`]: group?.grant.fromPort ?? -1,
      [`newToPort${suffix}`]: group?.grant.toPort ?? -1,
      [`newPrefixListId${suffix}`]: group?.grant.prefixListId ?? '',
    };
  });
  return Object.assign({}, ...fields) as DedicatedFields;
}

/** A verifying mode's answer. */
export const toVerifyResult = (
  mode: VerifyResult['mode'],
  { outcome, detail }: Finding,
  targets: { readonly desired: readonly string[]; readonly groupIds: readonly string[] } = {
    desired: [],
    groupIds: [],
  },
): VerifyResult => ({
  planVersion: '1',
  mode,
  outcome,
  detail: clip(detail),
  desiredSecurityGroups: targets.desired,
  newGroupId: targets.groupIds[0] ?? '',
  newGroupId2: targets.groupIds[1] ?? '',
  newGroupId3: targets.groupIds[2] ?? '',
  newGroupId4: targets.groupIds[3] ?? '',
});
