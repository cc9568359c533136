import { sourceText } from '../../core/model/security-group.js';
import type { Plan, RefusalCode } from '../../core/plan.js';
import { cloudfrontFamily, grantsFor } from './admission.js';
import { askFor, blind, refuse, valueOr, type Ask } from './ask.js';
import { fronted, type PlanFacts } from './facts.js';
import type { PlanOptions } from './options.js';
import { countRules, fits, withGrants } from './quota.js';
import { DEDICATED_SLOTS } from './result.js';
import { dedicatedFor, fixOf, planAttach, rulesLimit, type Wish } from './strategy.js';

/**
 * Plans to move the one load balancer out of a group that something else uses too; the shared group is never edited.
 *
 * Rare, because targets normally name the group of the load balancer as their source, and would lose it.
 */
export function planMove(facts: PlanFacts, wish: Wish, foreign: readonly string[], options: PlanOptions): Plan | Ask {
  const { rule } = facts;
  const { id } = rule.group;
  const shared = `group ${id} is used by ${foreign.slice(0, 5).join(', ')}${foreign.length > 5 ? ', ...' : ''} too`;
  if (!options.allowSwap) return refuse('SHARED_SG', shared);
  const users = fronted(facts);
  const [user] = users;
  const maybe = facts.users.find((each) => each.type === 'application' && !users.includes(each));
  if (maybe !== undefined && facts.unresolvedOrigins.length > 0)
    return refuse('UNKNOWN_ORIGIN', `${shared}, and an origin that nobody could resolve may be ${maybe.name}`);
  if (user === undefined || users.length > 1)
    return refuse(
      'MULTI_ALB',
      `${shared}, and by ${String(users.length)} load balancers behind CloudFront: ${users.map(({ name }) => name).join(', ')}`,
    );
  const lost = [
    ...wish.kept,
    ...wish.allowed.filter((each) => each.protocol !== 'icmp' && each.protocol !== 'icmpv6'),
  ].filter((each) => cloudfrontFamily(each, rule.prefixLists) === null);
  if (lost.length > 0) {
    const sources = lost.map(({ source }) => sourceText(source)).join(', ');
    return refuse(
      codeFor(wish),
      `${shared}, and the load balancer would lose what the group admits besides: ${sources}`,
    );
  }
  const ask = askFor(facts.asked, ['references']);
  if (ask !== null) return ask;
  const { references } = facts.asked;
  if (references?.known === false) return blind([references.gap]);
  const by = [...new Set(valueOr(references, []).map((each) => each.by))];
  if (by.length > 0) return refuse('REFERENCED', `group ${id} is named by rules of ${by.join(', ')}`);

  const grants = grantsFor(wish.required, wish.lists, options);
  if (grants.length > DEDICATED_SLOTS)
    return refuse(
      'QUOTA_NO_HEADROOM',
      `${String(grants.length)} new groups for load balancer ${user.name}; a run makes ${String(DEDICATED_SLOTS)} at most`,
    );
  if (grants.length === 0)
    return refuse('SHARED_SG', `${shared}, and no port of it is open to CloudFront, so a new group would admit nobody`);
  const empty = { ipv4: 0, ipv6: 0 };
  const one = withGrants(empty, grants.slice(0, 1), options.quotaModel);
  const { limit, isAssumed } = rulesLimit(facts, one);
  const counted = countRules(
    rule.group.ingress.known ? rule.group.ingress.value : [],
    rule.prefixLists,
    options.quotaModel,
  );
  const count = 'count' in counted ? counted.count : empty;
  const dedicated = dedicatedFor(user, grants);
  return (
    planAttach(facts, user, dedicated, user.securityGroups.length - 1 + dedicated.length, options) ??
    fixOf(facts, wish, {
      strategy: 'SWAP',
      quota: { before: count, during: fits(count, limit) ? count : one, after: count, limit, isAssumed },
      grants: [],
      dedicated,
      user,
    })
  );
}

/** Sources that stay only for want of an opt-in are refused by their own code, whose next step is that opt-in. */
function codeFor({ kept }: Wish): RefusalCode {
  if (kept.some(({ source }) => source.kind === 'cidr')) return 'PRIVATE_SOURCE_RULE';
  return kept.length > 0 ? 'SG_SOURCE_RULE' : 'SHARED_SG';
}
