import type { LoadBalancerArn } from '../../core/ids.js';
import { declaresCloudfront } from '../../core/link-origins.js';
import type { Plan, RequiredPort } from '../../core/plan.js';
import { isGranted, mayAdmit } from './admission.js';
import { askFor, blind, refuse, valueOr, gapsOf, type Ask } from './ask.js';
import type { PlanFacts } from './facts.js';
import type { NamedRules } from './named-rules.js';
import { portsCloudfrontUses, withUnknownFamilies } from './required-ports.js';

/** Those of the ports that are open to CloudFront today: they must stay open at every moment. */
export function openAmong(
  used: readonly RequiredPort[],
  { rule: { group, prefixLists } }: PlanFacts,
  { revoke }: NamedRules,
): readonly RequiredPort[] {
  const rules = group.ingress.known ? group.ingress.value : [];
  return used.filter((port) => isGranted(rules, port, prefixLists) || revoke.some((rule) => mayAdmit(rule, port)));
}

/** What the origins that were found use, or all of it where a tag says that there are others. */
export function usedPorts(facts: PlanFacts): readonly RequiredPort[] {
  return valueOr(facts.asked.userTags, []).some(declaresCloudfront)
    ? portsAnyoneMayUse(facts)
    : portsCloudfrontUses(facts, listenersOf(facts));
}

const listenersOf = ({ asked }: PlanFacts): ReadonlyMap<LoadBalancerArn, readonly number[]> =>
  new Map([...(asked.listeners ?? [])].map(([arn, fact]) => [arn, valueOr(fact, [])] as const));

/** Every port that the load balancers in scope answer on: what an origin that nobody sees may use. */
const portsAnyoneMayUse = (facts: PlanFacts): readonly RequiredPort[] =>
  portsCloudfrontUses({ ...facts, unresolvedOrigins: [null] }, listenersOf(facts));

/**
 * Asks for the tags of the load balancers where a port is open that no origin seen uses: one of another account may, and
 * a tag says so. A link that was found is no reason to look at tags before.
 */
export function askWhoElse(facts: PlanFacts, named: NamedRules, used: readonly RequiredPort[]): Ask | null {
  const ask = askFor(facts.asked, ['userTags']);
  if (ask === null) return null;
  const spare = portsAnyoneMayUse(facts).filter(
    ({ family, port }) => !used.some((each) => each.family === family && each.port === port),
  );
  return openAmong(spare, facts, named).length === 0 ? null : ask;
}

/** The refusal for what must be seen before anything is closed, or `null`. */
export function unseenAround(facts: PlanFacts, { revoke }: NamedRules): Plan | null {
  const gaps = gapsOf([facts.asked.userTags]);
  if (gaps.length > 0) return blind(gaps);
  const byIpv6 = revoke.some(({ source }) => source.kind === 'cidr' && source.cidr.family === 6);
  const blank = byIpv6 ? withUnknownFamilies(facts) : undefined;
  return blank === undefined
    ? null
    : refuse(
        'LOOKUP_FAILED',
        `the IpAddressType of load balancer ${blank.name} was not seen, and CloudFront may come by IPv6; add the output of describe-load-balancers`,
      );
}
