import type { Gap } from '../../core/fact.js';
import { known, missing, type Fact } from '../../core/fact.js';
import type { PrefixListId, Scope, SecurityGroupId } from '../../core/ids.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import type { PrefixList } from '../../core/model/prefix-list.js';
import type { IngressRule, SecurityGroup } from '../../core/model/security-group.js';
import type { RequiredPort } from '../../core/plan.js';
import type { PlanningPorts } from '../../core/planning.js';
import { isGranted, mayAdmit, type Lists } from './admission.js';
import { gapsOf } from './ask.js';

/** A complete look at one group, at the load balancers that use it, and at everything that lets traffic into those. */
export interface Sight {
  /** `null` when the group is not there. */
  readonly group: SecurityGroup | null;
  readonly users: readonly LoadBalancer[];
  /** The ingress rules of a group that the look covered. */
  readonly rulesOf: (id: SecurityGroupId) => readonly IngressRule[];
  /** The name of a group that the look covered, or `null`. */
  readonly nameOf: (id: SecurityGroupId) => string | null;
  readonly lists: Lists;
}

/**
 * Looks at a group, the load balancers that use it or are named, and all their groups; a gap when any of it is hidden.
 */
export async function gatherSight(
  ports: PlanningPorts,
  id: SecurityGroupId,
  at: Scope,
  also: readonly string[] = [],
): Promise<Fact<Sight>> {
  const loadBalancers = await ports.loadBalancers();
  const hidden = loadBalancers.gapAt(at);
  if (hidden !== null) return missing(hidden);
  const users = loadBalancers.items.filter(
    ({ arn, securityGroups, scope }) =>
      also.includes(arn) || (securityGroups.includes(id) && scope.region === at.region),
  );
  const ids = new Set([id, ...users.flatMap(({ securityGroups }) => securityGroups)]);
  const groups = await ports.securityGroups(ids);
  const gap = gapIn(groups);
  if (gap !== null) return missing(gap);
  const rules = new Map(groups.map((group) => [group.id, group.ingress.known ? group.ingress.value : []] as const));
  const cited = new Set<PrefixListId>(
    [...rules.values()].flat().flatMap(({ source }) => (source.kind === 'prefix-list' ? source.prefixListId : [])),
  );
  const lists: ReadonlyMap<PrefixListId, Fact<PrefixList>> = cited.size === 0
    ? new Map()
    : await ports.prefixLists(cited, at, 'without-entries');
  // A list of which nobody can tell whose it is may be CloudFront's own: nothing is lost on doubt.
  const [unread] = gapsOf([...lists.values()]);
  if (unread !== undefined) return missing(unread);
  return known({
    group: groups.find((group) => group.id === id && !group.deleted) ?? null,
    users,
    rulesOf: (each) => rules.get(each) ?? [],
    nameOf: (each) => groups.find((group) => group.id === each)?.name ?? null,
    lists,
  });
}

function gapIn(groups: readonly SecurityGroup[]): Gap | null {
  for (const { ingress } of groups) if (!ingress.known) return ingress.gap;
  return null;
}

/** The ports of these that nothing on a load balancer lets CloudFront in by any more. */
export function lostPorts(
  { users, rulesOf, lists }: Sight,
  required: readonly RequiredPort[],
): readonly RequiredPort[] {
  return required.filter((port) =>
    users.some(({ securityGroups }) => {
      const rules = securityGroups.flatMap(rulesOf);
      return !isGranted(rules, port, lists) && !rules.some((rule) => isWorld(rule) && mayAdmit(rule, port));
    }),
  );
}

/** Whether a rule admits every address of a family: only then is it certain that CloudFront is among them. */
const isWorld = ({ source }: IngressRule): boolean => source.kind === 'cidr' && source.cidr.text.endsWith('/0');

/** The ports of these that CloudFront's own lists are admitted to by rules of some groups. */
export const ungranted = (
  rules: readonly IngressRule[],
  required: readonly RequiredPort[],
  lists: Lists,
): readonly RequiredPort[] => required.filter((port) => !isGranted(rules, port, lists));
