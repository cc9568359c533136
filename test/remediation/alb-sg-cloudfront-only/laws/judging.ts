import type { PlanResult } from '../../../../remediation/alb-sg-cloudfront-only/result.js';
import {
  parseRecord,
  recordedKey,
  toRecorded,
  type RollbackRecord,
} from '../../../../remediation/alb-sg-cloudfront-only/record.js';
import { recordsPath } from '../../../../core/planning.js';
import { sourceText } from '../../../../core/model/security-group.js';
import { CLOUDFRONT_V6 } from '../../../support/builders.js';
import type { Change } from '../../../support/runbook/fake-aws.js';
import { countRules } from '../../../support/runbook/fake-network.js';
import type { FakeGroup, FakeState, StoredRule } from '../../../support/runbook/fake-state.js';
import { TARGET, WEIGHTS } from './cast.js';
import { planOf, type Play } from './plays.js';
import { deedIn } from './trouble.js';
import { entriesOf, kindOf, mayGo, namersOf, pastCloudfront, strangersTo } from './truth.js';

/** Something that a law forbids, by the number of the law. */
export interface Breach {
  readonly law: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly what: string;
}

/** The steps before which nobody can see any more what another person does: the last look is over. */
const TOO_LATE: ReadonlySet<string> = new Set(['Revoke', 'SetSecurityGroups', 'RemoveAdded']);

const isUndoing = ({ by }: Change): boolean => /^(?:undo-|run-\d-)/.test(by.executionId);

const isPerson = ({ service }: Change): boolean => service === 'person';

/** What holds in every state that a play went through: laws 2, 3, 4 and 7. */
export function breachesOf(play: Play): readonly Breach[] {
  const { stage, trouble, isInUndo } = play;
  const changes = stage.fake.changes();
  const isTooLate = TOO_LATE.has(deedIn(trouble)?.step ?? '');
  const breaches: Breach[] = [];
  const start = entriesOf(stage.world, changes[0]?.before ?? stage.fake.state());
  let baseline = start;
  // A run that is undone may give back less than it had opened, but not less than there was before it.
  let original = start;
  for (const change of changes) {
    if (isPerson(change)) {
      const now = entriesOf(stage.world, change.after);
      original = new Set([...original].filter((entry) => now.has(entry)));
      baseline = isInUndo ? original : now;
      continue;
    }
    if (isUndoing(change)) baseline = original;
    const at = `${change.by.executionId} ${change.by.step}`;
    const announced = announcedBy(play, change);
    if (!isTooLate) breaches.push(...lost(play, baseline, change.after, at), ...touched(play, change, announced, at));
    if (!isTooLate) breaches.push(...forbidden(play, change, at), ...shutIn(change, at));
    breaches.push(...unnamed(change, announced, at));
    breaches.push(...unrecorded(change, at), ...reopened(play, change, at), ...overfull(play, change, at));
  }
  if (isTooLate) breaches.push(...silent(play));
  return breaches;
}

/** Law 2: where CloudFront comes in, it goes on coming in. */
function lost(
  { stage: { world } }: Play,
  baseline: ReadonlySet<string>,
  after: FakeState,
  at: string,
): readonly Breach[] {
  const now = entriesOf(world, after);
  return [...baseline]
    .filter((entry) => !now.has(entry))
    .map((entry) => ({ law: 2 as const, what: `${at}: CloudFront lost ${entry}` }));
}

/** Law 2: a load balancer that reached its targets goes on reaching them. */
const shutIn = ({ before, after }: Change, at: string): readonly Breach[] =>
  after.loadBalancers
    .filter(({ arn }) => letsOut(before, arn) && !letsOut(after, arn))
    .map(({ name }) => ({ law: 2 as const, what: `${at}: ${name} lost its way to its targets` }));

const letsOut = ({ loadBalancers, groups }: FakeState, arn: string): boolean =>
  loadBalancers
    .find((each) => each.arn === arn)
    ?.securityGroups.some((id) => groups.find((group) => group.id === id)?.openEgress === true) === true;

/** Law 2, where a person came too late to be seen: then at least no run says that all is well. */
function silent({ stage, runs, isInUndo }: Play): readonly Breach[] {
  const deed = stage.fake.changes().find(isPerson);
  if (isInUndo || deed === undefined || runs[0]?.result.status !== 'Success') return [];
  const [before, after] = [deed.before, deed.after].map((state) => entriesOf(stage.world, state));
  const now = entriesOf(stage.world, runs[0].after);
  return [...before!]
    .filter((entry) => after!.has(entry) && !now.has(entry))
    .map((entry) => ({ law: 2 as const, what: `a success, and CloudFront lost ${entry}` }));
}

/** Law 3, whenever another person comes: what goes has an id that the plan names. */
function unnamed(change: Change, { plan, isUndo }: Announced, at: string): readonly Breach[] {
  if (isUndo) return [];
  const now = new Set(change.after.groups.flatMap(({ ingress }) => ingress.map(({ ruleId }) => ruleId)));
  return change.before.groups
    .flatMap(({ ingress }) => ingress)
    .filter(({ ruleId }) => !now.has(ruleId) && plan?.revokeRuleIds.includes(ruleId) !== true)
    .map(({ ruleId }) => ({ law: 3 as const, what: `${at}: ${ruleId} went, which the plan does not name` }));
}

/** Law 3: a fix takes nothing from a group that something else uses or leads to, and from none that is exempt. */
function forbidden(play: Play, change: Change, at: string): readonly Breach[] {
  const { stage, trouble } = play;
  const { before, after, api, by } = change;
  const isFix = by.executionId.startsWith('run-') && !/^run-\d-/.test(by.executionId);
  const group = before.groups.find(({ id }) => id === TARGET);
  if (!isFix || group === undefined || change.service === 'ssm') return [];
  const takes = api === 'RevokeSecurityGroupIngress' || api === 'SetSecurityGroups';
  // The guard is the last to hold back what only adds.
  const isGuarded = ['Approve', 'Guard'].includes(deedIn(trouble)?.step ?? '');
  const isExempt = Object.keys(group.tags).some((key) => key.startsWith('origin-guard:exempt'));
  const others = api === 'RevokeSecurityGroupIngress' ? strangersTo(stage.world, before) : [];
  const isLeft = before.loadBalancers.some(
    ({ arn, securityGroups }) =>
      securityGroups.includes(TARGET) &&
      after.loadBalancers.find((each) => each.arn === arn)?.securityGroups.includes(TARGET) !== true,
  );
  return [
    ...(isExempt && (takes || isGuarded) ? [`${api} on a group that is exempt`] : []),
    ...others.map((each) => `rules went from a group that ${each} uses`),
    ...(takes ? pastCloudfront(stage.world, before) : []).map((each) => `${api}, and ${each} leads past CloudFront`),
    ...(isLeft ? namersOf(stage.world, before) : []).map((each) => `a load balancer left a group that ${each} names`),
  ].map((what) => ({ law: 3 as const, what: `${at}: ${what}` }));
}

/** What a run said that it would do, before it did anything. */
interface Announced {
  readonly plan: PlanResult | null;
  readonly record: RollbackRecord | null;
  /** Whether it puts back in place of taking away. */
  readonly isUndo: boolean;
}

function announcedBy({ stage, runs }: Play, { by: { executionId }, before }: Change): Announced {
  const own = runs.find((each) => each.executionId === executionId);
  const nested = /^(run-\d)-\d+$/.exec(executionId)?.[1] ?? null;
  const undoes = own?.undoes ?? nested;
  const plan = planOf(stage, undoes ?? executionId);
  const name = `${recordsPath(TARGET)}/${undoes ?? executionId}`;
  const stored = before.parameters.find((each) => each.name === name)?.value ?? plan?.rollbackJson ?? '';
  return { plan, record: parseRecord(stored), isUndo: undoes !== null };
}

/** Law 3: nothing changes that the plan does not name. */
function touched(play: Play, change: Change, announced: Announced, at: string): readonly Breach[] {
  const { before, after } = change;
  const what = [
    ...groupsTouched(play, before, after, announced),
    ...balancersTouched(before, after, announced),
    ...(before.interfaces === after.interfaces ? [] : ['a network interface changed']),
    ...parametersTouched(change),
  ];
  return what.map((each) => ({ law: 3 as const, what: `${at}: ${each}` }));
}

function groupsTouched(play: Play, before: FakeState, after: FakeState, announced: Announced): readonly string[] {
  if (before.groups === after.groups) return [];
  const made = new Map(grantsByName(announced.plan));
  return [
    ...before.groups.filter(({ id }) => !after.groups.some((each) => each.id === id)).map(({ id }) => `${id} is gone`),
    ...after.groups.flatMap((group) => {
      const was = before.groups.find(({ id }) => id === group.id);
      if (was === group) return [];
      if (was === undefined)
        return made.has(group.name) && !announced.isUndo ? [] : [`group ${group.name} was made, which nobody named`];
      const { ingress: oldRules, ...old } = was;
      const { ingress: newRules, ...now } = group;
      return [
        ...(JSON.stringify(old) === JSON.stringify(now) ? [] : [`${group.id} itself changed`]),
        ...newRules
          .filter((rule) => !oldRules.includes(rule))
          .flatMap((rule) => added(play, rule, group, made, announced)),
        ...oldRules.filter((rule) => !newRules.includes(rule)).flatMap((rule) => removed(play, rule, group, announced)),
      ];
    }),
  ];
}

function added(
  play: Play,
  rule: StoredRule,
  { id, name }: FakeGroup,
  made: ReadonlyMap<string, string>,
  { plan, record, isUndo }: Announced,
): readonly string[] {
  const text = grantOf(rule);
  const isNamed = isUndo
    ? id === TARGET &&
      record?.removed.some((each) => recordedKey(each) === recordedKey(toRecorded(rule))) === true &&
      (wasRemovedByRun(play, rule) || isInDoubt(play))
    : id === TARGET
      ? plan?.grantsText.split(',').includes(text) === true
      : made.get(name) === text;
  return isNamed ? [] : [`${text} was added to ${id}, which nobody named`];
}

/** Whether the mark `REVOKING` stayed because it could not be taken off: nobody can tell then who removed a rule. */
const isInDoubt = ({ trouble }: Play): boolean => trouble?.kind === 'pair' && trouble.both[1].step.startsWith('Unmark');

/** Whether a run took away what says the same: what a person took away is not put back. */
function wasRemovedByRun({ stage }: Play, rule: StoredRule): boolean {
  const key = recordedKey(toRecorded(rule));
  const holds = (state: FakeState): boolean =>
    state.groups.some(
      ({ id, ingress }) => id === TARGET && ingress.some((each) => recordedKey(toRecorded(each)) === key),
    );
  return stage.fake.changes().some((change) => !isPerson(change) && holds(change.before) && !holds(change.after));
}

function removed(
  { stage: { world } }: Play,
  rule: StoredRule,
  { id }: FakeGroup,
  { plan, record, isUndo }: Announced,
): readonly string[] {
  const key = recordedKey(toRecorded(rule));
  if (isUndo) {
    const isAdded = rule.description?.startsWith('OriginGuard ') === true && record?.added.includes(grantOf(rule));
    return isAdded === true && id === TARGET ? [] : [`${key} went from ${id}, which the run had not added`];
  }
  const isNamed =
    id === TARGET &&
    plan?.revokeRuleIds.includes(rule.ruleId) === true &&
    record?.removed.some((each) => recordedKey(each) === key) === true;
  return [
    ...(isNamed ? [] : [`${key} (${rule.ruleId}) went from ${id}, which nobody named`]),
    ...(mayGo(world, rule) ? [] : [`${key} went, and it is ${kindOf(world, rule)}`]),
  ];
}

/** `ipv4:pl-0abc:443-443`, as a plan writes it. */
function grantOf({ protocol, fromPort, toPort, source }: StoredRule): string {
  const list = source.kind === 'prefix-list' ? source.prefixListId : sourceText(source);
  const family = list === CLOUDFRONT_V6 ? 'ipv6' : 'ipv4';
  return `${family}:${list}:${String(fromPort)}-${String(toPort)}${protocol === 'tcp' ? '' : ` ${protocol}`}`;
}

const grantsByName = (plan: PlanResult | null): readonly (readonly [string, string])[] =>
  (plan?.dedicatedText ?? '')
    .split(',')
    .filter((text) => text !== '')
    .map((text) => text.split('=') as unknown as readonly [string, string]);

function balancersTouched(before: FakeState, after: FakeState, { plan, isUndo }: Announced): readonly string[] {
  if (before.loadBalancers === after.loadBalancers) return [];
  const nameOf = (id: string) => after.groups.find((group) => group.id === id)?.name ?? id;
  const made = new Map(grantsByName(plan));
  return after.loadBalancers.flatMap((each) => {
    const was = before.loadBalancers.find(({ arn }) => arn === each.arn);
    if (was === each || was === undefined) return [];
    if (each.arn !== plan?.loadBalancerArn) return [`load balancer ${each.name} changed, which nobody named`];
    const came = each.securityGroups.filter((id) => !was.securityGroups.includes(id));
    const went = was.securityGroups.filter((id) => !each.securityGroups.includes(id));
    const [ours, theirs] = isUndo ? [went, came] : [came, went];
    return [
      ...ours.filter((id) => !made.has(nameOf(id))).map((id) => `${id} came to or went from ${each.name}`),
      ...theirs
        .filter((id) => !(plan.decision === 'SWAP' && id === TARGET))
        .map((id) => `${id} went from or came to ${each.name}`),
    ];
  });
}

function parametersTouched({ by, before, after }: Change): readonly string[] {
  const own = `${recordsPath(TARGET)}/${by.executionId}`;
  // Undoing writes into the record of the run that it undoes that it did, and nothing else.
  const isMark = (was: string | undefined, now: string): boolean => {
    const [old = null, marked] = [was ?? '', now].map(parseRecord);
    return old !== null && JSON.stringify({ ...old, status: 'UNDONE' }) === JSON.stringify(marked);
  };
  return after.parameters
    .filter((each) => !before.parameters.includes(each) && each.name !== own)
    .filter(({ name, value }) => !isMark(before.parameters.find((each) => each.name === name)?.value, value))
    .map(({ name }) => `parameter ${name} was written`);
}

/** Law 4: before the first change there is a record. */
function unrecorded({ by, before, service }: Change, at: string): readonly Breach[] {
  if (service === 'ssm') return [];
  const [id] = /^(?:run|undo)-\d/.exec(by.executionId) ?? [];
  const isUndo = id?.startsWith('undo') === true;
  const isThere = before.parameters.some(({ name }) =>
    isUndo ? name.includes('/run-') : name.endsWith(`/${id ?? '?'}`),
  );
  return isThere ? [] : [{ law: 4, what: `${at}: a change without a record` }];
}

/** Law 4: a run that cut nobody off stays as it is; it is not undone on doubt. */
function reopened({ trouble }: Play, { by }: Change, at: string): readonly Breach[] {
  const isNested = /^run-\d-\d/.test(by.executionId);
  return isNested && deedIn(trouble) === null
    ? [{ law: 4, what: `${at}: undone, and CloudFront had lost nothing` }]
    : [];
}

/** Law 7: no state that a run makes is over the quota. */
function overfull({ stage: { world } }: Play, { before, after }: Change, at: string): readonly Breach[] {
  if (before.groups === after.groups) return [];
  const book = { lists: world.account.lists, weights: WEIGHTS };
  const limit = world.account.quotas['rules-per-group'];
  return after.groups
    .filter((group) => !before.groups.includes(group))
    .flatMap(({ id, ingress }) => {
      const { ipv4, ipv6 } = countRules(ingress, book, world.account.counting);
      return Math.max(ipv4, ipv6) > limit ? [{ law: 7 as const, what: `${at}: ${id} counts ${String(ipv4)}` }] : [];
    });
}
