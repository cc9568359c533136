import { OriginGuardError } from '../../core/errors.js';
import type { Gap } from '../../core/fact.js';
import type { Change, Touched } from '../../core/focus.js';
import type { Judgement } from '../../core/judgement.js';
import type { Ports } from '../../core/ports.js';
import type { FindingPublisher, ItemReader, Reported, ResultReader } from '../../core/reporting.js';
import type { ReadyRule, RegisteredRule, RuleRun } from '../registry.js';
import { resourceKey, sortOut, type Definite } from './evaluation.js';
import type { ConfigRequest, Home } from './event.js';
import { mentionsOf } from './mentions.js';
import { retire } from './retirement.js';

/** What assessing reads through. */
export interface Sources {
  readonly own: Home;
  /**
   * `fresh`: nothing that was kept from an earlier event may be trusted. `ORG`: distributions of other accounts count
   * too, as far as the inventory tells of them.
   */
  readonly portsFor: (freshness: 'fresh' | 'cached-ok', inventoryMode: 'LOCAL' | 'ORG') => Ports;
  /** Whether something that was kept from an earlier event was read for this one. */
  readonly usedKept: () => boolean;
  readonly now: () => string;
  readonly results: ResultReader;
  readonly items: ItemReader;
  readonly findings: Pick<FindingPublisher, 'activeOn'>;
}

/** What an event amounts to: who is told what, and what cannot be told. */
export interface Assessment {
  /** For AWS Config. */
  readonly told: readonly Definite[];
  /** For whoever holds findings. */
  readonly published: readonly Definite[];
  readonly withheld: readonly Judgement[];
  readonly kept: readonly Judgement[];
  /** How many resources got a verdict, told or not. */
  readonly judged: number;
  readonly unresolvedOrigins: number;
  /** Evidence beside the verdicts that could not be read. */
  readonly unread: readonly Gap[];
}

const NOTHING: Assessment = {
  told: [],
  published: [],
  withheld: [],
  kept: [],
  judged: 0,
  unresolvedOrigins: 0,
  unread: [],
};

/**
 * Reads what an event asks for and judges it; `null` when the event asks for nothing. Nothing is told to anybody.
 *
 * A read that fails ends it: a part of a sweep is never an assessment.
 */
export async function assess(
  request: ConfigRequest,
  rule: RegisteredRule,
  judge: ReadyRule,
  sources: Sources,
): Promise<Assessment | null> {
  const { trigger } = request;
  if (trigger.kind === 'schedule') return sweep(request, rule, judge, sources);
  const because = whyRetired(trigger.change, request, rule);
  if (because !== null) {
    const retired = [retire(trigger.change, { ruleId: rule.meta.id, scope: sources.own, because })];
    // What AWS Config no longer records may still stand open: its finding stays.
    const published = isOwn(trigger.change, rule) && trigger.change.recorded ? retired : [];
    return { ...NOTHING, told: retired, published, judged: 1 };
  }
  const change = await wholeChange(request, trigger, rule, sources.items);
  if ('gap' in change) return { ...NOTHING, unread: [change.gap] };
  const touched = rule.touchedBy(change);
  switch (touched.kind) {
    case 'nothing':
      return null;
    case 'in-scope':
      return sweep(request, rule, judge, sources);
    case 'named':
      return judgeNamed(request, change, touched, rule, judge, sources);
  }
}

const isOwn = ({ resourceType }: Reported, { meta }: RegisteredRule): boolean => resourceType === meta.resourceType;

/**
 * Why the resource of an event has no verdict any more, without a look at it, or `null`. Another resource that is gone
 * may take others out of scope, so that is looked at.
 */
function whyRetired(change: Change, { leftScope }: ConfigRequest, rule: RegisteredRule): string | null {
  if (change.gone) return isOwn(change, rule) ? 'the resource is gone, or AWS Config no longer records it' : null;
  return leftScope ? 'the resource left the scope of the AWS Config rule' : null;
}

/** The change with what its item mentions; an item that is too large for the event is read when its texts matter. */
async function wholeChange(
  { orderingTimestamp }: ConfigRequest,
  { kind, change }: Exclude<ConfigRequest['trigger'], { kind: 'schedule' }>,
  rule: RegisteredRule,
  items: ItemReader,
): Promise<Change | { readonly gap: Gap }> {
  if (kind === 'change' || isOwn(change, rule) || rule.touchedBy(change).kind !== 'named') return change;
  const { resourceType, resourceId } = change;
  const item = await items.configurationItem({ resourceType, resourceId, capturedAt: orderingTimestamp });
  return item.known ? { ...change, mentions: mentionsOf(item.value) } : { gap: item.gap };
}

async function judgeNamed(
  { inventoryMode }: ConfigRequest,
  change: Change,
  { ids }: Extract<Touched, { kind: 'named' }>,
  rule: RegisteredRule,
  judge: ReadyRule,
  { own, portsFor, usedKept, now }: Sources,
): Promise<Assessment | null> {
  if (ids.length === 0) {
    if (change.mentions.size > 0) return null;
    throw new OriginGuardError('E1001', 'invokingEvent.configurationItem.configuration is missing or empty');
  }
  const focus = { kind: 'named', ids: new Set(ids), at: own } as const;
  const first = await judge(portsFor('cached-ok', inventoryMode), now(), focus);
  // What was kept may lack the distribution or the prefix list that this very change is about.
  const run =
    usedKept() && first.judgements.some(isInDoubt)
      ? await judge(portsFor('fresh', inventoryMode), now(), focus)
      : first;
  const itself = isOwn(change, rule);
  if (itself && !run.judgements.some(({ resourceId }) => resourceId === change.resourceId)) {
    throw new OriginGuardError('E1001', `the resourceId of the item is no id of an ${rule.meta.resourceType}`);
  }
  const { definite, ...rest } = sortOut(run.judgements);
  return {
    ...NOTHING,
    ...rest,
    ...countsOf(run),
    told: definite,
    // The most frequent event of all costs no look at findings: the event of what let go of the resource has archived
    // its finding, or the next sweep will.
    published: itself ? definite.filter(({ isIdle }) => isIdle !== true) : definite,
  };
}

/** Whether something that was not seen may be all that stands between this verdict and another. */
function isInDoubt({ verdict, isIdle }: Judgement): boolean {
  switch (verdict.kind) {
    case 'compliant':
      return false;
    case 'not-applicable':
      return isIdle !== true;
    case 'non-compliant':
      return verdict.gaps.length > 0;
    case 'indeterminate':
      return true;
  }
}

/** Judges what is in scope, and what has a result or a finding from before. */
async function sweep(
  { configRuleName, inventoryMode }: ConfigRequest,
  rule: RegisteredRule,
  judge: ReadyRule,
  { own, portsFor, now, results, findings }: Sources,
): Promise<Assessment> {
  const { id: ruleId } = rule.meta;
  const [held, active] = await Promise.all([results.resultsOf(configRuleName), findings.activeOn(ruleId)]);
  const hasResult = byKey(held.known ? held.value : []);
  const hasFinding = byKey(active);
  const before = new Map([...hasResult, ...hasFinding]);
  const ids = new Set([...before.values()].filter((each) => isOwn(each, rule)).map(({ resourceId }) => resourceId));
  const run = await judge(portsFor('fresh', inventoryMode), now(), { kind: 'in-scope', ids, at: own });

  // A rule judges every resource that is named; what it does not know is of another type, or has an id that is none.
  const judged = new Set(run.judgements.map(resourceKey));
  const because = `${ruleId} judges no such resource`;
  const strays = [...before]
    .filter(([key]) => !judged.has(key))
    .map(([, each]) => retire(each, { ruleId, scope: own, because }));

  const { definite, ...rest } = sortOut([...run.judgements, ...strays]);
  // AWS Config bills each evaluation, so what is out of scope is told only where it takes a result or a finding away.
  const isNews = (each: Definite, to: ReadonlyMap<string, Reported>): boolean =>
    each.verdict.kind !== 'not-applicable' || to.has(resourceKey(each));
  return {
    ...rest,
    ...countsOf(run),
    told: definite.filter((each) => isNews(each, hasResult)),
    published: definite.filter((each) => isOwn(each, rule) && isNews(each, before)),
    unread: held.known ? run.unread : [held.gap, ...run.unread],
  };
}

const countsOf = ({ judgements, unresolvedOrigins }: RuleRun): Pick<Assessment, 'judged' | 'unresolvedOrigins'> => ({
  judged: judgements.length,
  unresolvedOrigins: unresolvedOrigins.length,
});

const byKey = (resources: readonly Reported[]): Map<string, Reported> =>
  new Map(resources.map((each) => [resourceKey(each), each] as const));
