import type { PlanResult } from '../../../../remediation/alb-sg-cloudfront-only/result.js';
import { FAMILIES } from '../../../../core/plan.js';
import { countRules } from '../../../support/runbook/fake-network.js';
import { ruleKey } from '../../../support/runbook/fake-rules.js';
import type { FakeState, StoredRule } from '../../../support/runbook/fake-state.js';
import { TARGET, WEIGHTS } from './cast.js';
import type { Breach } from './judging.js';
import { planOf, type Play, type Played } from './plays.js';
import { ask, type Stage } from './stage.js';
import { kindOf, mayGo, usesOf } from './truth.js';
import type { LawWorld } from './world.js';

const APPLIES: readonly string[] = ['EDIT', 'SPLIT', 'SWAP'];
export const applies = (plan: PlanResult | null): plan is PlanResult =>
  plan !== null && APPLIES.includes(plan.decision);

/** Whether the operator let the run go on after its plan. */
export const isWanted = ({ parameters, approves }: LawWorld): boolean =>
  parameters.DryRun === 'false' && (parameters.RequireApproval === 'false' || approves);

const rulesIn = ({ groups }: FakeState): readonly StoredRule[] => groups.find(({ id }) => id === TARGET)?.ingress ?? [];

/** Asks for a plan anew, with the operator's options or with all that there are. */
export const planNow = async (stage: Stage): Promise<PlanResult> =>
  (await ask(
    stage,
    { mode: 'plan', securityGroupId: stage.world.about, executionId: 'look', ...stage.world.optIns },
    { executionId: 'look', step: 'Plan' },
  )) as PlanResult;

/** Law 1, on a run that nothing disturbed. */
export async function unfinished({ stage, runs: [run] }: Play): Promise<readonly Breach[]> {
  const { world, fake } = stage;
  const plan = planOf(stage, 'run-1');
  const breach = (what: string): Breach => ({ law: 1, what });
  if (run === undefined) return [];
  if (!applies(plan) || !isWanted(world)) {
    return run.before === run.after
      ? []
      : [{ law: 4, what: `${plan?.decision ?? '?'}: something changed all the same` }];
  }
  // Somebody else's group has the name that ours would get: seen only after ours cannot be made.
  if (run.result.message.includes('FOREIGN_GROUP') && isUntouched(run)) return [];
  if (run.result.status !== 'Success')
    return [
      breach(`undisturbed, and ${run.result.status} at ${run.result.steps.at(-1)?.name ?? '?'}: ${run.result.message}`),
    ];
  fake.settle();
  const again = await planNow(stage);
  if (plan.decision === 'SWAP')
    return [...leftOfSwap(run, plan), ...(applies(again) ? [breach(`${again.decision} once more`)] : [])];
  const left = rulesIn(run.after).filter((rule) => mayGo(world, rule));
  const isEmpty = again.decision === 'NOOP' || ['PRIVATE_SOURCE_RULE', 'SG_SOURCE_RULE'].includes(again.reasonCode);
  const { revokePrivateSources, revokeSecurityGroupSources } = world.optIns;
  const isClean = !(revokePrivateSources && revokeSecurityGroupSources) || again.decision === 'NOOP';
  return [
    // With `ports` = `listeners`, what meets no listener is allowed, whatever its source.
    ...(world.params.ports === 'listeners' ? [] : left.map((rule) => breach(`${ruleKey(rule)} is left`))),
    ...(isEmpty ? [] : [breach(`planned again: ${again.decision} ${again.reasonCode}`)]),
    ...(isClean ? [] : [breach(`with both opt-ins, and planned again: ${again.decision} ${again.reasonCode}`)]),
  ];
}

const isUntouched = ({ before, after }: Played): boolean =>
  before.loadBalancers === after.loadBalancers && before.groups.every((group) => after.groups.includes(group));

/** After a swap the load balancer does not have the group, and what it has in its place admits CloudFront only. */
function leftOfSwap({ after }: Played, plan: PlanResult): readonly Breach[] {
  const user = after.loadBalancers.find(({ arn }) => arn === plan.loadBalancerArn);
  const ids = (user?.securityGroups ?? []).filter((id) => !plan.originalSecurityGroups.includes(id));
  const strange = after.groups
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ ingress }) => ingress)
    .filter(({ source }) => source.kind !== 'prefix-list');
  return [
    ...(user?.securityGroups.includes(TARGET) === true
      ? [{ law: 1 as const, what: 'the group is still attached' }]
      : []),
    ...strange.map((rule) => ({ law: 1 as const, what: `a new group admits ${ruleKey(rule)}` })),
  ];
}

/** Law 1: the plan for a group that holds nothing to remove is empty. */
export function needless({ stage, runs: [run] }: Play): readonly Breach[] {
  const plan = planOf(stage, 'run-1');
  if (run === undefined || !applies(plan)) return [];
  const kinds = rulesIn(run.before).map((rule) => kindOf(stage.world, rule));
  return kinds.every((kind) => kind === 'cloudfront' || kind === 'allowed')
    ? [{ law: 1, what: `${plan.decision} of a group that is compliant` }]
    : [];
}

/** Law 7, on a plan: it fits under every counting that it may meet, and nothing undisturbed is ever refused for a quota. */
export function unfitting({ stage, runs: [run] }: Play): readonly Breach[] {
  const plan = planOf(stage, 'run-1');
  const { world, refused } = stage;
  const raised = refused.filter(({ error }) => /Limit|InvalidConfiguration/.test(error));
  const breaches: Breach[] = raised.map(({ by, error }) => ({ law: 7, what: `${by.step} met ${error}` }));
  if (run === undefined || !applies(plan)) return breaches;
  const grants = plan.grantsText.split(',').filter((text) => text !== '');
  const limit = world.account.quotas['rules-per-group'];
  const countings = world.settings.quotaModel === 'both' ? (['both', 'by-family'] as const) : (['by-family'] as const);
  for (const counting of countings) {
    const before = countRules(rulesIn(run.before), { lists: world.account.lists, weights: WEIGHTS }, counting);
    for (const family of FAMILIES) {
      const added = grants.filter((text) => counting === 'both' || text.startsWith(family)).length * 55;
      if (added > 0 && before[family] + added > limit)
        breaches.push({ law: 7, what: `${counting}: ${String(before[family] + added)} ${family} of ${String(limit)}` });
    }
  }
  return breaches;
}

/** Law 3: a plan opens no port that no load balancer behind CloudFront listens on, unless it was told to merge ranges. */
export function overreaching({ stage, runs: [run] }: Play): readonly Breach[] {
  const plan = planOf(stage, 'run-1');
  if (run === undefined || !applies(plan) || stage.world.settings.portMerge === 'RANGE') return [];
  if (plan.decision === 'REFUSE') return [];
  const listening = new Set(run.before.loadBalancers.flatMap(({ listenerPorts }) => listenerPorts));
  const used = new Set(usesOf(stage.world, run.before).map(({ port }) => port));
  return [...plan.grantsText.matchAll(/:(\d+)-(\d+)/g), ...plan.dedicatedText.matchAll(/:(\d+)-(\d+)/g)]
    .flatMap(([, from, to]) => [Number(from), Number(to)])
    .filter((port) => !listening.has(port) && !used.has(port))
    .map((port) => ({ law: 3 as const, what: `the plan opens port ${String(port)}, on which nothing listens` }));
}

/** The state up to rule ids, descriptions and records: what counts as the same end. */
export function gistOf({ groups, loadBalancers, interfaces }: FakeState): string {
  const nameOf = (id: string) => groups.find((group) => group.id === id)?.name ?? id;
  return JSON.stringify({
    groups: groups
      .map(({ name, tags, ingress }) => [name, tags, ingress.map((rule) => ruleKey(rule)).sort()] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    loadBalancers: loadBalancers.map(({ arn, securityGroups, listenerPorts }) => [
      arn,
      securityGroups.map(nameOf).sort(),
      listenerPorts,
    ]),
    interfaces,
  });
}

/** Law 6: the end is the one that a single undisturbed run comes to. */
export function astray(end: FakeState, single: FakeState, how: string): readonly Breach[] {
  if (gistOf(end) === gistOf(single)) return [];
  return [{ law: 6, what: `${how}: another end than one run: ${differenceOf(gistOf(single), gistOf(end))}` }];
}

const differenceOf = (wanted: string, is: string): string => {
  let at = 0;
  while (at < wanted.length && wanted.charAt(at) === is.charAt(at)) at += 1;
  return `...${wanted.slice(Math.max(0, at - 60), at + 120)} and ...${is.slice(Math.max(0, at - 60), at + 120)}`;
};

/** Law 6, on undoing: the group and the list of groups are as they were, descriptions too; groups that were made stay. */
export function unrestored(from: FakeState, to: FakeState, how: string): readonly Breach[] {
  const missing = rulesIn(from).filter((rule) => !rulesIn(to).some((each) => isBack(rule, each)));
  const extra = rulesIn(to).filter((rule) => !rulesIn(from).some((each) => isBack(each, rule)));
  const lists = (state: FakeState) =>
    JSON.stringify(state.loadBalancers.map(({ arn, securityGroups }) => [arn, [...securityGroups].sort()]));
  return [
    ...missing.map((rule) => `${ruleKey(rule)} "${rule.description ?? ''}" is not back`),
    ...extra.map((rule) => `${ruleKey(rule)} "${rule.description ?? ''}" is too much`),
    ...(lists(from) === lists(to) ? [] : [`the lists of groups are ${lists(to)}`]),
  ].map((what) => ({ law: 6 as const, what: `${how}: ${what}` }));
}

/** A rule that had no description comes back with one that says where it comes from. */
const isBack = (was: StoredRule, is: StoredRule): boolean =>
  ruleKey(was) === ruleKey(is) &&
  (was.description === is.description ||
    (was.description === undefined && is.description?.startsWith('restored by OriginGuard') === true));
