import type { PrefixListId } from '../../core/ids.js';
import { CLOUDFRONT_PREFIX_LIST_NAMES, identifyPrefixList } from '../../core/model/prefix-list.js';
import { sourceText, type IngressRule } from '../../core/model/security-group.js';
import {
  FAMILIES,
  type Family,
  type Fix,
  type Owner,
  type Plan,
  type RequiredPort,
  type RevocableRule,
} from '../../core/plan.js';
import { compareText } from '../../core/fact.js';
import type { StoredRecord } from '../../core/planning.js';
import { portsText, toFinding } from '../../rules/alb-sg-cloudfront-only/finding.js';
import type { AlbSgParams } from '../../rules/alb-sg-cloudfront-only/params.js';
import { familyOfList, grantsFor } from './admission.js';
import { askFor, blind, gapsOf, refuse, valueOr, withheld, type Ask } from './ask.js';
import { interfaceUnseen } from './consumers.js';
import { fronted, type PlanFacts, type Question } from './facts.js';
import { nameRules, type NamedRules } from './named-rules.js';
import { askWhoElse, openAmong, unseenAround, usedPorts } from './open-ports.js';
import type { PlanOptions } from './options.js';
import { isSameFix, parseRecord, recordOf, recordProblem, type KeptRecord, type RollbackRecord } from './record.js';
import { planOutOfScope } from './scope-refusals.js';
import { ownerOf, snippetsFor } from './snippets.js';
import { chooseStrategy, type Wish } from './strategy.js';

/** The tag by which an owner chooses the strategy; on the group itself, where it costs no call to read. */
export const STRATEGY_TAG = 'origin-guard:strategy';

/** Counts as flapping: this many good runs within this time, in milliseconds. */
const FLAPS = 2;
const FLAP_MS = 86_400_000;

/** What every plan that is not decided by the rule's own facts depends on. */
const ALWAYS: readonly Question[] = ['listeners', 'interfaces', 'accelerators', 'forwarders', 'records'];

/**
 * Plans the fix of one group from the very facts and verdict the rule produced, or asks for what it depends on.
 *
 * Pure: the same facts give the same plan. A gap is always a refusal, never an empty list; a refusal is data.
 */
export function decidePlan(facts: PlanFacts, params: AlbSgParams, given: PlanOptions): Plan | Ask {
  const early = planOutOfScope(facts, params);
  if (early !== null) return early;
  const tags = valueOr(facts.rule.group.tags, {});
  const options = chosenBy(tags[STRATEGY_TAG], given);
  if (options === null) {
    return refuse(
      'OWNER_REFUSED',
      `group ${facts.rule.group.id} carries the tag ${STRATEGY_TAG} = ${tags[STRATEGY_TAG] ?? ''}; allowed: EDIT, SPLIT, SWAP, RANGE, REFUSE`,
    );
  }
  const owner = ownerOf(tags, options.iacTagKeys);
  const named = nameRules(facts.rule, params, options);
  const nothing = planWithoutNames(facts, named);
  if (nothing !== null) return nothing;
  const ask = askFor(facts.asked, ALWAYS);
  if (ask !== null) return ask;
  return planAmong(facts, named, owner, options) ?? planFix(facts, named, owner, options);
}

/** The options as the owner's tag narrows them; it never allows what the operator did not. `null` when it forbids. */
function chosenBy(tag: string | undefined, given: PlanOptions): PlanOptions | null {
  switch (tag?.trim().toUpperCase()) {
    case undefined:
      return given;
    case 'EDIT':
      return { ...given, allowSplit: false, allowSwap: false };
    case 'SPLIT':
      return { ...given, allowSwap: false };
    case 'SWAP':
      return { ...given, allowSplit: false };
    case 'RANGE':
      return { ...given, portMerge: 'RANGE' };
    default:
      return null;
  }
}

/** The refusal of a group in which no rule can be removed, by what stands in the way. */
function planWithoutNames({ rule }: PlanFacts, { revoke, kept }: NamedRules): Plan | null {
  const { id } = rule.group;
  if (revoke.length === 0) {
    const isPrivate = kept.some(({ reason }) => reason === 'private-cidr');
    const left = kept.map((each) => `${sourceText(each.rule.source)} on ${portsOf(each.rule)}`).join(', ');
    return refuse(isPrivate ? 'PRIVATE_SOURCE_RULE' : 'SG_SOURCE_RULE', `group ${id} still admits ${left}`);
  }
  const health = revoke.find(({ source }) => {
    const list = source.kind === 'prefix-list' ? rule.prefixLists.get(source.prefixListId) : undefined;
    return list?.known === true && list.value.ownerId === 'AWS' && list.value.name.endsWith('.route53-healthchecks');
  });
  if (health !== undefined)
    return refuse('R53_HEALTH_CHECK', `group ${id} admits ${sourceText(health.source)} on ${portsOf(health)}`);
  return null;
}

const portsOf = (rule: IngressRule): string => portsText(toFinding(rule, 'public-cidr'));

/** The refusal for what stands around the group: who manages it, who else comes in, what happened before. */
function planAmong(facts: PlanFacts, named: NamedRules, owner: Owner | null, options: PlanOptions): Plan | null {
  const { asked, rule } = facts;
  const { id } = rule.group;
  const gaps = [
    ...gapsOf([...(asked.listeners?.values() ?? []), asked.interfaces, asked.accelerators, asked.forwarders]),
    ...withheld([asked.records]),
  ];
  if (gaps.length > 0) return blind(gaps);
  const unseen = interfaceUnseen(facts, valueOr(asked.interfaces, []));
  if (unseen !== null) return refuse('LOOKUP_FAILED', unseen);
  const source = { owner, snippets: owner === null ? [] : snippetsFor(owner, fixInWords(facts, named, options)) };
  if (owner?.kind === 'kubernetes' || owner?.kind === 'elastic-beanstalk')
    return refuse('CONTROLLER_MANAGED', `group ${id} is managed by ${owner.kind} (${owner.name})`, source);
  if (owner !== null && options.iacManaged === 'REFUSE')
    return refuse('IAC_MANAGED', `group ${id} is managed by ${owner.kind} (${owner.name})`, source);
  const [accelerator] = valueOr(asked.accelerators, []);
  if (accelerator !== undefined)
    return refuse(
      'GLOBAL_ACCELERATOR',
      `network interface ${accelerator} of Global Accelerator is in ${rule.group.vpcId ?? '?'}`,
    );
  const [forwarder] = valueOr(asked.forwarders, []);
  if (forwarder !== undefined)
    return refuse('NLB_TARGET', `network load balancer ${forwarder} forwards to the load balancer`);
  const since = Date.parse(rule.now) - FLAP_MS;
  const fixes = fixesSince(since, valueOr(asked.records, []));
  if (fixes >= FLAPS)
    return refuse(
      'FLAP_DETECTED',
      `group ${id} was fixed ${String(fixes)} times since ${new Date(since).toISOString()}`,
    );
  return null;
}

/** What a record says whose run fixed the group, though that may have been undone. */
const WAS_FIX: ReadonlySet<string> = new Set<RollbackRecord['status']>(['APPLIED', 'UNDONE']);

/** How often the group was fixed; two runs at once are one fix, and a record that nobody can read is one too. */
function fixesSince(since: number, records: readonly StoredRecord[]): number {
  const seen: KeptRecord[] = [];
  let count = 0;
  for (const { text, savedAt } of records) {
    const record = parseRecord(text);
    if (Date.parse(savedAt) < since || (record !== null && !WAS_FIX.has(record.status))) continue;
    const isTwin = record !== null && seen.some((each) => isSameFix(each, { record, savedAt }));
    if (record !== null) seen.push({ record, savedAt });
    if (!isTwin) count += 1;
  }
  return count;
}

function planFix(facts: PlanFacts, named: NamedRules, owner: Owner | null, options: PlanOptions): Plan | Ask {
  const withoutId = named.revoke.find(({ ruleId }) => ruleId === null);
  if (withoutId !== undefined) {
    return refuse(
      'LOOKUP_FAILED',
      `the id of the rule that admits ${sourceText(withoutId.source)} was not seen; add the output of describe-security-group-rules`,
    );
  }
  const used = usedPorts(facts);
  const ask = askWhoElse(facts, named, used);
  if (ask !== null) return ask;
  const hidden = unseenAround(facts, named);
  if (hidden !== null) return hidden;
  const ports = openAmong(used, facts, named);
  const lists = cloudfrontLists(facts);
  const missing = FAMILIES.find((family) => lists[family] === null && ports.some((each) => each.family === family));
  if (missing !== undefined)
    return refuse(
      'NO_PREFIX_LIST',
      `${CLOUDFRONT_PREFIX_LIST_NAMES[missing]} was not seen in ${facts.rule.group.scope.region ?? '?'}`,
    );
  const wish: Wish = {
    required: ports,
    lists,
    revoke: [...named.revoke].sort(byRuleId) as readonly RevocableRule[],
    kept: named.kept.map(({ rule }) => rule),
    allowed: named.allowed,
    owner,
  };
  const plan = chooseStrategy(facts, wish, options);
  if (plan.kind !== 'apply') return plan;
  const left = [...named.allowed, ...wish.kept, ...(plan.revoke.length === 0 ? named.revoke : [])];
  const problem = recordProblem(recordOf(plan, left, LONGEST_CONTEXT)) ?? strangerAmong(plan.revoke, facts);
  if (problem !== null) return refuse('ROLLBACK_RECORD_TOO_LARGE', `group ${plan.securityGroupId}: ${problem}`);
  const snippets = owner === null ? [] : snippetsFor(owner, fixInWords(facts, named, options));
  return { ...plan, snippets, risks: [...risksOf(facts, named, owner, used, ports), ...risksOfMove(plan)] };
}

/** Why a rollback cannot name one of the sources that go, or `null`: it knows a group by its id alone. */
function strangerAmong(revoke: readonly RevocableRule[], { rule: { group } }: PlanFacts): string | null {
  const own = group.ownerId ?? group.scope.accountId;
  const stranger = revoke.find(
    ({ source }) => source.kind === 'security-group' && source.accountId !== null && source.accountId !== own,
  );
  return stranger === undefined
    ? null
    : `a rollback cannot restore ${sourceText(stranger.source)}, which is a group of another account`;
}

/** Where and when a run may happen, in the longest words, so that the size of its record does not depend on it. */
const LONGEST_CONTEXT = {
  executionId: '00000000-0000-0000-0000-000000000000',
  accountId: '000000000000',
  region: 'xxxx-xxxxxxxx-xxxxxxxxx-1',
  now: '2000-01-01T00:00:00.000Z',
};

const byRuleId = (a: IngressRule, b: IngressRule): number => compareText(a.ruleId ?? '', b.ruleId ?? '');

function cloudfrontLists({ rule }: PlanFacts): Readonly<Record<Family, PrefixListId | null>> {
  const idOf = (family: Family): PrefixListId | null =>
    // A look-alike must never be admitted, whoever hands it over.
    rule.cloudfrontPrefixLists.find(
      (list) => identifyPrefixList(list) === 'cloudfront' && familyOfList(list) === family,
    )?.id ?? null;
  return { ipv4: idOf('ipv4'), ipv6: idOf('ipv6') };
}

/** What a snippet for the owner's source must say. */
function fixInWords(facts: PlanFacts, named: NamedRules, options: PlanOptions): Parameters<typeof snippetsFor>[1] {
  const { group } = facts.rule;
  return {
    groupId: group.id,
    groupName: group.name ?? group.id,
    vpcId: group.vpcId ?? '',
    grants: grantsFor(openAmong(usedPorts(facts), facts, named), cloudfrontLists(facts), options),
    removed: named.revoke,
  };
}

/** Nobody sees the rules of every account and VPC that may name the group. */
const risksOfMove = ({ strategy }: Fix): readonly string[] =>
  strategy === 'SWAP'
    ? [
        'targets of another account in a shared VPC, or of a peered VPC where references were not read, lose the load balancer if their rules name the group: look there before',
      ]
    : [];

function risksOf(
  facts: PlanFacts,
  { kept }: NamedRules,
  owner: Owner | null,
  used: readonly RequiredPort[],
  required: readonly RequiredPort[],
): readonly string[] {
  const closed = used.filter(
    ({ family, port }) => !required.some((each) => each.family === family && each.port === port),
  );
  return [
    'who calls the load balancer without CloudFront is cut off: monitors, partners, tests',
    // Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
    'connections that are open now may live on, or be cut at once, when their rule goes',
    ...(fronted(facts).length > 1
      ? [`${String(fronted(facts).length)} load balancers use the group, and all are closed with it`]
      : []),
    ...(closed.length > 0
      ? [
          `CloudFront may use ${closed.map(({ family, port }) => `port ${String(port)} (${family})`).join(', ')} too, which is not open to it now and is not opened`,
        ]
      : []),
    ...(kept.length > 0 ? ['sources that stay keep the group non-compliant'] : []),
    ...(owner === null
      ? []
      : [`${owner.kind} (${owner.name}) manages the group, and may put the old rules back and take the new ones away`]),
  ];
}
