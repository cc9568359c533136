import { missing, uniqueGaps, type Fact, type Gap } from '../../core/fact.js';
import { EVERYTHING, type Focus } from '../../core/focus.js';
import { groupBy } from '../../core/group-by.js';
import type { LoadBalancerArn, PrefixListId, Scope, SecurityGroupId } from '../../core/ids.js';
import type { Links } from '../../core/link-origins.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import type { PrefixList } from '../../core/model/prefix-list.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import { byPath, type Path, type UnresolvedOrigin } from '../../core/path.js';
import type { CitedGroup, Ports } from '../../core/ports.js';
import type { AlbSgParams } from './params.js';
import { selectGroups } from './select-groups.js';

/** Everything the rule may know about one group; plain data, read at one time. */
export interface AlbSgFacts {
  readonly group: SecurityGroup;
  /** The Application Load Balancers that are seen to use the group. */
  readonly attachedTo: readonly Pick<LoadBalancer, 'arn' | 'name'>[];
  /** Set when load balancers of the group's own account and Region were not seen, so there may be more. */
  readonly attachmentGap: Gap | null;
  /** The ways from CloudFront to the load balancers in `attachedTo`. */
  readonly paths: readonly Path[];
  /** Evidence that might have linked a load balancer in `attachedTo`, had it been read. */
  readonly linkGaps: readonly Gap[];
  /**
   * The listeners of the load balancers that have a path, and a gap for what would show that another has one;
   * read only for `ports` = `listeners`.
   */
  readonly listenerPorts: readonly Fact<readonly number[]>[];
  /** The prefix lists that the ingress rules cite (and perhaps others of the same place). */
  readonly prefixLists: ReadonlyMap<PrefixListId, Fact<PrefixList>>;
  /** The groups that the ingress rules cite (and perhaps others); `null` for one that does not exist where it would be. */
  readonly citedGroups: ReadonlyMap<SecurityGroupId, Fact<CitedGroup | null>>;
  /** CloudFront's lists in the Region, where seen; for advice, not for judging. */
  readonly cloudfrontPrefixLists: readonly PrefixList[];
  /** The instant of judging, ISO 8601: exemptions end. */
  readonly now: string;
}

/** The facts of every group, and the origins that nobody could resolve. */
export interface AlbSgWorld {
  readonly facts: readonly AlbSgFacts[];
  readonly unresolvedOrigins: readonly UnresolvedOrigin[];
  /** Evidence without which the groups in scope cannot all be told. */
  readonly unread: readonly Gap[];
}

/** Reads what the rule needs to judge the groups in focus; sources are looked up only for groups with a path. */
export async function gatherAlbSgFacts(
  ports: Ports,
  params: AlbSgParams,
  now: string,
  focus: Focus = EVERYTHING,
): Promise<AlbSgWorld> {
  const { groups, usersOf, links, attachmentGapAt } = await selectGroups(ports, params, focus);
  const inScope = groups.filter(({ id }) => usersOf.get(id)?.some(({ arn }) => links.pathsTo(arn).length > 0) === true);
  const sources = await readSources(ports, params, inScope, ({ id }) => pathsOf(usersOf.get(id) ?? NONE, links));
  const listeners = await readListenerPorts(ports, params.ports === 'listeners' ? inScope : [], usersOf, links);

  const attachmentGapOf = byPlaceOnce(attachmentGapAt);
  const sourcesAt = byPlaceOnce((scope) => sources.get(placeKey(scope)) ?? NO_SOURCES);
  const facts = groups.map((group): AlbSgFacts => {
    const attachedTo = usersOf.get(group.id) ?? NONE;
    const paths = pathsOf(attachedTo, links);
    const attachmentGap = attachmentGapOf(group.scope);
    const { prefixLists, citedGroups, cloudfrontPrefixLists } = paths.length > 0 ? sourcesAt(group.scope) : NO_SOURCES;
    return {
      group,
      attachedTo,
      attachmentGap,
      paths,
      linkGaps:
        paths.length > 0 || attachedTo.length === 0
          ? NONE
          : uniqueGaps(attachedTo.flatMap((user) => links.gapsFor(user))),
      listenerPorts:
        listeners.size === 0 || paths.length === 0 ? NONE : listenersOf(attachedTo, attachmentGap, listeners, links),
      prefixLists,
      citedGroups,
      cloudfrontPrefixLists,
      now,
    };
  });
  const hidden = focus.kind === 'in-scope' ? attachmentGapAt(focus.at) : null;
  return { facts, unresolvedOrigins: links.unresolvedOrigins, unread: hidden === null ? NONE : [hidden] };
}

type Sources = Pick<AlbSgFacts, 'prefixLists' | 'citedGroups' | 'cloudfrontPrefixLists'>;

/** Shared by every group that has nothing of a kind: an organization has hundreds of thousands of groups. */
const NONE: readonly never[] = [];
const NO_SOURCES: Sources = { prefixLists: new Map(), citedGroups: new Map(), cloudfrontPrefixLists: NONE };

function pathsOf(users: readonly LoadBalancer[], links: Links): readonly Path[] {
  const [only, ...others] = users;
  if (only === undefined) return NONE;
  return others.length === 0 ? links.pathsTo(only.arn) : users.flatMap(({ arn }) => links.pathsTo(arn)).sort(byPath);
}

/** Answers a question about a place once, however many groups live there. */
function byPlaceOnce<T>(answer: (scope: Scope) => T): (scope: Scope) => T {
  const answers = new Map<string, { readonly value: T }>();
  return (scope) => {
    const key = placeKey(scope);
    const held = answers.get(key) ?? { value: answer(scope) };
    answers.set(key, held);
    return held.value;
  };
}

const placeKey = ({ accountId, region }: Scope): string => `${accountId ?? ''}|${region ?? ''}`;

/** What the rules of all groups at one account and Region cite, read once for the place. */
async function readSources(
  ports: Ports,
  { allowedCidrs }: AlbSgParams,
  inScope: readonly SecurityGroup[],
  pathsTo: (group: SecurityGroup) => readonly Path[],
): Promise<ReadonlyMap<string, Sources>> {
  const places = groupBy(inScope, ({ scope }) => placeKey(scope));
  const read = [...places].map(async ([key, groups]): Promise<readonly [string, Sources]> => {
    const listIds = new Set<PrefixListId>();
    const groupIds = new Set<SecurityGroupId>();
    for (const { ingress } of groups) {
      for (const { source } of ingress.known ? ingress.value : NONE) {
        if (source.kind === 'prefix-list') listIds.add(source.prefixListId);
        if (source.kind === 'security-group') groupIds.add(source.groupId);
      }
    }
    const scope = groups[0]?.scope ?? { accountId: null, region: null };
    // A load balancer behind VPC origins needs no prefix list, so there is none to advise.
    const byAddress = groups.some((group) => pathsTo(group).some(({ linkedBy }) => linkedBy !== 'vpc-origin'));
    const [prefixLists, citedGroups, cloudfrontPrefixLists] = await Promise.all([
      // With nothing allowed, a customer's list is a finding whatever it holds.
      ports.prefixLists(listIds, scope, allowedCidrs.isEmpty ? 'without-entries' : 'with-entries'),
      ports.citedGroups(groupIds, scope),
      byAddress || listIds.size > 0 ? ports.cloudfrontPrefixLists(scope) : NONE,
    ]);
    return [key, { prefixLists, citedGroups, cloudfrontPrefixLists }];
  });
  return new Map(await Promise.all(read));
}

/** The listeners of the load balancers through which a group is in scope. */
async function readListenerPorts(
  ports: Ports,
  inScope: readonly SecurityGroup[],
  usersOf: ReadonlyMap<SecurityGroupId, readonly LoadBalancer[]>,
  links: Links,
): Promise<ReadonlyMap<LoadBalancerArn, Fact<readonly number[]>>> {
  const arns = inScope.flatMap(({ id }) => (usersOf.get(id) ?? NONE).map(({ arn }) => arn));
  const fronted = [...new Set(arns)].filter((arn) => links.pathsTo(arn).length > 0);
  return new Map(await Promise.all(fronted.map(async (arn) => [arn, await ports.listenerPorts(arn)] as const)));
}

/** The listeners that count for one group, and a gap for everything that would show that another one counts. */
function listenersOf(
  attachedTo: readonly LoadBalancer[],
  attachmentGap: Gap | null,
  listeners: ReadonlyMap<LoadBalancerArn, Fact<readonly number[]>>,
  links: Links,
): readonly Fact<readonly number[]>[] {
  const seen = attachedTo.flatMap((user) => listeners.get(user.arn) ?? links.gapsFor(user).map(missing));
  return attachmentGap === null ? seen : [...seen, missing(attachmentGap)];
}
