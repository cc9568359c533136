import type { Scope, SecurityGroupId } from '../../core/ids.js';
import type { PlanningPorts, StoredRecord } from '../../core/planning.js';
import type { IngressRule } from '../../core/model/security-group.js';
import { cloudfrontFamily, isGranted, mayAdmit } from './admission.js';
import {
  isSameFix,
  parseRecord,
  recordedKey,
  recordText,
  sumOf,
  toRecorded,
  type KeptRecord,
  type RollbackRecord,
} from './record.js';
import type { PlanResult } from './result.js';
import { gatherSight, type Sight } from './sight.js';
import { sameSet } from './same-set.js';
import { noopResult, refusal, toRollbackResult } from './to-result.js';
import { grantText, toRequired } from './to-text.js';

/**
 * What is left to do to undo a run, by the id of its record and by nothing else: anyone who may start the runbook would
 * otherwise write ingress rules through its role.
 *
 * Refuses a record that is missing, does not parse or is about something else, and a group that somebody changed since.
 */
export async function answerRollback(
  ports: PlanningPorts,
  id: SecurityGroupId,
  recordId: string,
  at: Scope,
): Promise<PlanResult> {
  const records = await ports.rollbackRecords(id, at);
  if (!records.known) return refusal('rollback', id, 'LOOKUP_FAILED', records.gap.detail);
  const stored = records.value.find((each) => each.id === recordId);
  if (stored === undefined) return refusal('rollback', id, 'RECORD_NOT_FOUND', `no record ${recordId} of group ${id}`);
  const record = parseRecord(stored.text);
  if (record === null)
    return refusal('rollback', id, 'RECORD_INVALID', `record ${recordId} of group ${id} does not parse`);
  const mismatch = mismatchOf(record, id, recordId, at);
  if (mismatch !== null) return refusal('rollback', id, 'RECORD_INVALID', mismatch);
  const others = records.value.filter((each) => each.id !== recordId);
  const twins = others.filter((each) => isTwin(each, { record, savedAt: stored.savedAt }));
  // What a later run only planned, or what of it was undone, shows in the group, if it left anything.
  const later = others.find(
    (each) =>
      each.savedAt > stored.savedAt && !twins.includes(each) && !LEFT_NOTHING.has(parseRecord(each.text)?.status),
  );
  if (later !== undefined)
    return refusal('rollback', id, 'CHANGED_SINCE', `run ${later.id} of ${later.savedAt} came after run ${recordId}`);
  const sight = await gatherSight(ports, id, at, record.alb === undefined ? [] : [record.alb]);
  if (!sight.known) return refusal('rollback', id, 'LOOKUP_FAILED', sight.gap.detail);
  const left = compare({ ...record, runs: [recordId, ...twins.map((each) => each.id)] }, sight.value, id);
  if (left.decision === 'REFUSE') return left;
  const wasUndone = [record, ...twins.map(({ text }) => parseRecord(text))].some((each) => each?.status === 'UNDONE');
  if (wasUndone && left.decision !== 'NOOP')
    return refusal(
      'rollback',
      id,
      'CHANGED_SINCE',
      `run ${recordId} was undone before, and group ${id} is not as that left it: a record serves once`,
    );
  return { ...left, undoneJson: recordText(record, 'UNDONE') };
}

const LEFT_NOTHING: ReadonlySet<string | undefined> = new Set<RollbackRecord['status']>(['PLANNED', 'UNDONE']);

function isTwin({ text, savedAt }: StoredRecord, other: KeptRecord): boolean {
  const record = parseRecord(text);
  return record !== null && isSameFix({ record, savedAt }, other);
}

/** A record, and every run that made this fix: two at once write each other's rules. */
type Undone = RollbackRecord & { readonly runs: readonly string[] };

function mismatchOf(record: RollbackRecord, id: SecurityGroupId, recordId: string, at: Scope): string | null {
  if (record.group !== id) return `record ${recordId} is about group ${record.group}, not ${id}`;
  if (record.account !== at.accountId || record.region !== at.region)
    return `record ${recordId} is about account ${record.account} in ${record.region}`;
  return record.execution === recordId ? null : `record ${recordId} says that run ${record.execution} wrote it`;
}

function compare(record: Undone, sight: Sight, id: SecurityGroupId): PlanResult {
  if (sight.group === null) return refusal('rollback', id, 'GROUP_NOT_FOUND', `group ${id} is gone`);
  const rules = sight.rulesOf(id);
  const removed = new Map(record.removed.map((rule) => [recordedKey(rule), rule]));
  const there = new Set(rules.map((rule) => recordedKey(toRecorded(rule))));
  const added = rules.filter((rule) => isAddedBy(record, rule, sight));
  const strange = rules.filter(
    (rule) => !isLeft(record, rule) && !removed.has(recordedKey(toRecorded(rule))) && !added.includes(rule),
  );
  const gone = record.left.filter((ruleId) => !rules.some((rule) => rule.ruleId === ruleId));
  const left = rules.filter((rule) => isLeft(record, rule));
  const isChanged = gone.length === 0 && record.sum !== undefined && record.sum !== sumOf(left);
  if (strange.length > 0 || gone.length > 0 || isChanged) {
    const what = [
      ...strange.map(({ ruleId }) => `${ruleId ?? '?'} is new`),
      ...gone.map((ruleId) => `${ruleId} is gone`),
      ...(isChanged ? [`one of ${record.left.join(', ')} was changed in place`] : []),
    ];
    return refusal(
      'rollback',
      id,
      'CHANGED_SINCE',
      `group ${id} is not as the run left it: ${what.slice(0, 5).join(', ')}`,
    );
  }
  const user = sight.users.find(({ arn }) => arn === record.alb);
  if (record.alb !== undefined && user === undefined)
    return refusal('rollback', id, 'CHANGED_SINCE', `load balancer ${record.alb} is gone`);
  const original = record.groups ?? [];
  const moved = user === undefined ? [] : movedSince(record, user.securityGroups, sight);
  if (moved.length > 0)
    return refusal(
      'rollback',
      id,
      'CHANGED_SINCE',
      `load balancer ${record.alb ?? ''} does not have the groups that the run gave it: ${moved.join(', ')}`,
    );
  const groupsLeft = user !== undefined && !sameSet(user.securityGroups, original);
  const missing = [...removed.values()].filter((rule) => !there.has(recordedKey(rule)));
  if (record.status === 'PLANNED' && missing.length > 0)
    return refusal(
      'rollback',
      id,
      'CHANGED_SINCE',
      `run ${record.execution} removed nothing, and ${missing.map(({ s }) => s).join(', ')} is gone all the same`,
    );
  const cut = groupsLeft && missing.length === 0 ? cutOff(record, user.securityGroups, sight) : [];
  if (cut.length > 0)
    return refusal(
      'rollback',
      id,
      'CHANGED_SINCE',
      `with its old groups load balancer ${record.alb ?? ''} would not admit CloudFront to ${cut.join(', ')}: their rules have changed`,
    );
  if (missing.length === 0 && added.length === 0 && !groupsLeft)
    return noopResult('rollback', id, 'RESTORED', `group ${id} is as it was before run ${record.execution}`);
  return toRollbackResult({
    decision: record.strategy,
    securityGroupId: id,
    summary: `undo run ${record.execution} of ${record.at}: restore ${String(missing.length)} rules of group ${id}, remove ${String(added.length)} that the run added${groupsLeft ? `, give ${record.alb ?? ''} its groups back: ${original.join(', ')}` : ''}`,
    missing,
    groupsLeft,
    addedRuleIds: added.flatMap(({ ruleId }) => ruleId ?? []),
    loadBalancerArn: record.alb ?? '',
    originalSecurityGroups: original,
    executionId: record.execution,
  });
}

/** The ports that the run kept open, that CloudFront reaches now, and that nothing in the old groups may admit it to any more. */
function cutOff(
  { needed = [], groups = [] }: RollbackRecord,
  now: readonly SecurityGroupId[],
  { rulesOf, lists }: Sight,
): readonly string[] {
  const open = now.flatMap(rulesOf);
  const then = groups.flatMap((each) => rulesOf(each as SecurityGroupId));
  return needed.filter((text) => {
    const port = toRequired(text);
    return port !== null && isGranted(open, port, lists) && !then.some((old) => mayAdmit(old, port));
  });
}

/** What somebody else attached to the load balancer, or took from it, in words; a swap takes the group itself away. */
const movedSince = (
  { group, groups = [], made = [], strategy }: RollbackRecord,
  now: readonly SecurityGroupId[],
  { nameOf }: Sight,
): readonly string[] => [
  ...now.filter((each) => !groups.includes(each) && !made.includes(nameOf(each) ?? '')).map((each) => `${each} is new`),
  ...groups
    .filter((each) => !now.some((own) => own === each) && !(strategy === 'SWAP' && each === group))
    .map((each) => `${each} is gone`),
];

const isLeft = ({ left }: Pick<RollbackRecord, 'left'>, { ruleId }: IngressRule): boolean =>
  ruleId !== null && left.includes(ruleId);

/** Whether the run added a rule: it says so beside it, and it is one of those that the record announces. */
function isAddedBy({ added, runs, left }: Undone, rule: IngressRule, { lists }: Sight): boolean {
  const family = cloudfrontFamily(rule, lists);
  if (family === null || rule.source.kind !== 'prefix-list' || rule.protocol !== 'tcp' || isLeft({ left }, rule))
    return false;
  const text = grantText({
    family,
    prefixListId: rule.source.prefixListId,
    fromPort: rule.fromPort ?? -1,
    toPort: rule.toPort ?? -1,
  });
  return added.includes(text) && runs.some((run) => rule.description === `OriginGuard ${run}`);
}
