import type { PrefixListId } from '../../core/ids.js';
import { loadBalancerPath, type LoadBalancer } from '../../core/model/load-balancer.js';
import type { IngressRule, SecurityGroup } from '../../core/model/security-group.js';
import type { DedicatedGroup, Family, Fix, Grant, Owner, Plan, RequiredPort, RevocableRule } from '../../core/plan.js';
import { QUOTAS } from '../../core/planning.js';
import { grantsFor, isGranted } from './admission.js';
import { askFor, blind, gapsOf, refuse, valueOr, withheld, type Ask } from './ask.js';
import { foreignConsumers } from './consumers.js';
import { fronted, type PlanFacts } from './facts.js';
import { place, refuseShortage, shortageText, type Placed, type Shortage } from './headroom.js';
import type { PlanOptions } from './options.js';
import { ownerOf } from './owners.js';
import { countRules, fits, withGrants, type Count } from './quota.js';
import { DEDICATED_SLOTS } from './result.js';
import { planMove } from './move.js';

/** What a fix is to achieve, before it is known how. */
export interface Wish {
  /** Open to CloudFront today, and to stay open. */
  readonly required: readonly RequiredPort[];
  readonly lists: Readonly<Record<Family, PrefixListId | null>>;
  readonly revoke: readonly RevocableRule[];
  readonly kept: readonly IngressRule[];
  readonly allowed: readonly IngressRule[];
  readonly owner: Owner | null;
}

/** Chooses the gentlest strategy that fits: edit the group, split what does not fit over new groups, or move the load balancer out of a shared one. */
export function chooseStrategy(facts: PlanFacts, wish: Wish, options: PlanOptions): Fix | Plan | Ask {
  const foreign = foreignConsumers(facts, valueOr(facts.asked.interfaces, []));
  return foreign.length > 0 ? planMove(facts, wish, foreign, options) : planEdit(facts, wish, options);
}

function planEdit(facts: PlanFacts, wish: Wish, options: PlanOptions): Plan | Ask {
  const { prefixLists, group } = facts.rule;
  const rules = group.ingress.known ? group.ingress.value : [];
  const counted = countRules(rules, prefixLists, options.quotaModel);
  if ('unknown' in counted)
    return refuse(
      'LOOKUP_FAILED',
      `how much ${counted.unknown} counts against the quota was not seen; add the output of describe-managed-prefix-lists`,
    );
  const before = counted.count;
  const lacking = wish.required.filter((port) => !isGranted(rules, port, prefixLists));
  const grants = grantsFor(lacking, wish.lists, options);
  const { limit, isAssumed, ask } = rulesLimit(facts, withGrants(before, grants, options.quotaModel));
  if (ask !== null) return ask;
  const gaps = withheld([facts.asked.rulesQuota]);
  if (gaps.length > 0) return blind(gaps);
  const placed = place(grants, before, limit, options);
  const after = countRules([...wish.allowed, ...wish.kept], prefixLists, options.quotaModel);
  const quota: Fix['quota'] = {
    before,
    during: withGrants(before, placed.here, options.quotaModel),
    after: withGrants('count' in after ? after.count : before, placed.here, options.quotaModel),
    limit,
    isAssumed,
  };
  if (placed.elsewhere.length === 0)
    return fixOf(facts, wish, { strategy: 'EDIT', quota, grants: placed.here, dedicated: [], user: null });
  return planSplit(facts, wish, { ...placed, lacking }, quota, options);
}

/** The limit that applies; the default counts where everything fits it, since Service Quotas only ever raises it. */
export function rulesLimit(
  facts: PlanFacts,
  count: Count,
): { readonly limit: number; readonly isAssumed: boolean; readonly ask: Ask | null } {
  const { fallback } = QUOTAS['rules-per-group'];
  if (fits(count, fallback)) return { limit: fallback, isAssumed: facts.asked.rulesQuota?.known !== true, ask: null };
  return {
    limit: valueOr(facts.asked.rulesQuota, fallback),
    isAssumed: facts.asked.rulesQuota?.known !== true,
    ask: askFor(facts.asked, ['rulesQuota']),
  };
}

function planSplit(
  facts: PlanFacts,
  wish: Wish,
  { here, elsewhere, lacking }: Placed & Pick<Shortage, 'lacking'>,
  quota: Fix['quota'],
  options: PlanOptions,
): Plan | Ask {
  const users = fronted(facts);
  const shortage: Shortage = {
    groupId: facts.rule.group.id,
    required: wish.required,
    lacking,
    lists: wish.lists,
    before: quota.before,
    limit: quota.limit,
    isAlone: users.length === 1,
  };
  if (!options.allowSplit || elsewhere.length > DEDICATED_SLOTS) return refuseShortage(shortage, options);
  const [user] = users;
  if (user === undefined || users.length > 1)
    return refuse(
      'MULTI_ALB',
      `${shortageText(shortage, options)}; ${String(users.length)} load balancers use the group: ${users.map(({ name }) => name).join(', ')}`,
    );
  const dedicated = dedicatedFor(user, elsewhere);
  return (
    planAttach(facts, user, dedicated, user.securityGroups.length + dedicated.length, options) ??
    fixOf(facts, wish, { strategy: 'SPLIT', quota, grants: here, dedicated, user })
  );
}

/** What stands in the way of giving a load balancer new groups, or `null`; `count` is how many it would have then. */
export function planAttach(
  facts: PlanFacts,
  user: LoadBalancer,
  dedicated: readonly DedicatedGroup[],
  count: number,
  { iacManaged, iacTagKeys }: PlanOptions,
): Plan | Ask | null {
  const { asked } = facts;
  const ask = askFor(
    asked,
    ['openEgress', 'userTags', 'namesakes'],
    dedicated.map(({ name }) => name),
  );
  if (ask !== null) return ask;
  const { openEgress, userTags, namesakes } = asked;
  const gaps = gapsOf([openEgress, userTags, namesakes]);
  if (gaps.length > 0) return blind(gaps);
  const [owner = null] = valueOr(userTags, []).map((tags) => ownerOf(tags, iacTagKeys));
  if (owner?.kind === 'kubernetes' || owner?.kind === 'elastic-beanstalk')
    return refuse(
      'CONTROLLER_MANAGED',
      `load balancer ${user.name} is managed by ${owner.kind} (${owner.name}), which sets its list of groups`,
    );
  if (owner !== null && iacManaged === 'REFUSE')
    return refuse('IAC_MANAGED', `load balancer ${user.name} is managed by ${owner.kind} (${owner.name})`);
  if (!valueOr(openEgress, false))
    return refuse('EGRESS_RESTRICTED', `group ${facts.rule.group.id} does not let everything out`);
  return planNamesakes(facts, valueOr(namesakes, [])) ?? planCount(facts, user, dedicated, count);
}

/** What stands in the way of attaching groups that are there already, or `null`. */
function planNamesakes({ asked }: PlanFacts, namesakes: readonly SecurityGroup[]): Plan | Ask | null {
  if (namesakes.length === 0) return null;
  const ask = askFor(asked, ['closedNamesakes']);
  if (ask !== null) return ask;
  const gaps = gapsOf([asked.closedNamesakes]);
  if (gaps.length > 0) return blind(gaps);
  const [closed] = valueOr(asked.closedNamesakes, []);
  return closed === undefined
    ? null
    : refuse('EGRESS_RESTRICTED', `group ${closed.id} (${closed.name ?? ''}) does not let everything out`);
}

function planCount(
  { asked }: PlanFacts,
  user: LoadBalancer,
  dedicated: readonly DedicatedGroup[],
  count: number,
): Plan | Ask | null {
  const { namesakes } = asked;
  const attached = valueOr(namesakes, []).filter(({ id }) => user.securityGroups.includes(id)).length;
  const total = count - attached;
  const { fallback } = QUOTAS['groups-per-interface'];
  if (total <= fallback) return null;
  const askLimit = askFor(asked, ['groupsQuota']);
  if (askLimit !== null) return askLimit;
  const gaps = withheld([asked.groupsQuota]);
  if (gaps.length > 0) return blind(gaps);
  const limit = valueOr(asked.groupsQuota, fallback);
  if (total <= limit) return null;
  const full = `load balancer ${user.name} would have ${String(total)} groups (${dedicated.map(({ name }) => name).join(', ')} are new); allowed: ${String(limit)}`;
  return {
    ...refuse('QUOTA_NO_HEADROOM', full),
    nextStep: `raise the quota of groups per network interface (${QUOTAS['groups-per-interface'].code}) to ${String(total)} or more, or take a group off the load balancer that it does not need`,
  };
}

/** The group of each grant: named after the load balancer and the grant, so that every run finds the same one. */
export function dedicatedFor({ arn }: LoadBalancer, grants: readonly Grant[]): readonly DedicatedGroup[] {
  const hash = loadBalancerPath(arn).split('/').at(-1) ?? '';
  return grants.map((grant) => ({
    name: `origin-guard-${hash}-${grant.family}-${String(grant.fromPort)}-${String(grant.toPort)}`,
    grant,
  }));
}

/** The fix in full; snippets and risks are added by whoever knows them. */
export function fixOf(
  { rule }: PlanFacts,
  wish: Wish,
  how: {
    readonly strategy: Fix['strategy'];
    readonly quota: Fix['quota'];
    readonly grants: readonly Grant[];
    readonly dedicated: readonly DedicatedGroup[];
    readonly user: LoadBalancer | null;
  },
): Fix {
  return {
    kind: 'apply',
    strategy: how.strategy,
    securityGroupId: rule.group.id,
    vpcId: how.user?.vpcId ?? rule.group.vpcId ?? '',
    required: wish.required,
    grants: how.grants,
    revoke: how.strategy === 'SWAP' ? [] : wish.revoke,
    kept: wish.kept,
    dedicated: how.dedicated,
    loadBalancer: how.user === null ? null : { arn: how.user.arn, securityGroups: how.user.securityGroups },
    quota: how.quota,
    owner: wish.owner,
    snippets: [],
    risks: [],
  };
}
