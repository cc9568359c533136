import { gatherLinks } from '../../core/gather-links.js';
import { missing, uniqueGaps, type Fact, type Gap } from '../../core/fact.js';
import { groupBy } from '../../core/group-by.js';
import type { LoadBalancerArn, PrefixListId, Scope, SecurityGroupId } from '../../core/ids.js';
import type { Links } from '../../core/link-origins.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import type { PrefixList } from '../../core/model/prefix-list.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import { byPath, type Path, type UnresolvedOrigin } from '../../core/path.js';
import type { CitedGroup, Ports } from '../../core/ports.js';
import type { AlbSgParams } from './params.js';

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
}

/** Reads what the rule needs to judge every group there is; sources are looked up only for groups with a path. */
export async function gatherAlbSgFacts(ports: Ports, params: AlbSgParams, now: string): Promise<AlbSgWorld> {
  const [described, loadBalancers] = await Promise.all([ports.securityGroups(), ports.loadBalancers()]);
  const links = await gatherLinks(ports, loadBalancers.items, params);
  const applications = loadBalancers.items.filter(({ type }) => type === 'application');
  const usersOf = findUsers(applications);
  const groups = [...described, ...groupsNobodyDescribed(described, applications, links)];
  const inScope = groups.filter(({ id }) => usersOf.get(id)?.some(({ arn }) => links.pathsTo(arn).length > 0) === true);
  const sources = await readSources(ports, inScope);
  const listeners = await readListenerPorts(ports, params.ports === 'listeners' ? inScope : [], usersOf, links);

  const attachmentGapAt = byPlaceOnce((scope) => loadBalancers.gapAt(scope));
  const sourcesAt = byPlaceOnce((scope) => sources.get(placeKey(scope)) ?? NO_SOURCES);
  const facts = groups.map((group): AlbSgFacts => {
    const attachedTo = usersOf.get(group.id) ?? NONE;
    const paths = pathsOf(attachedTo, links);
    const attachmentGap = attachmentGapAt(group.scope);
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
  return { facts, unresolvedOrigins: links.unresolvedOrigins };
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

function findUsers(applications: readonly LoadBalancer[]): ReadonlyMap<SecurityGroupId, readonly LoadBalancer[]> {
  const users = new Map<SecurityGroupId, LoadBalancer[]>();
  for (const user of applications) {
    for (const groupId of new Set(user.securityGroups)) {
      const held = users.get(groupId);
      if (held === undefined) users.set(groupId, [user]);
      else held.push(user);
    }
  }
  return users;
}

const placeKey = ({ accountId, region }: Scope): string => `${accountId ?? ''}|${region ?? ''}`;

/** What the rules of all groups at one account and Region cite, read once for the place. */
async function readSources(ports: Ports, inScope: readonly SecurityGroup[]): Promise<ReadonlyMap<string, Sources>> {
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
    const [prefixLists, citedGroups, cloudfrontPrefixLists] = await Promise.all([
      ports.prefixLists(listIds, scope),
      ports.citedGroups(groupIds, scope),
      ports.cloudfrontPrefixLists(scope),
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

/** Groups that a load balancer with a path, or perhaps with one, uses, but whose rules nobody has seen. */
function groupsNobodyDescribed(
  groups: readonly SecurityGroup[],
  users: readonly LoadBalancer[],
  links: Links,
): readonly SecurityGroup[] {
  const described = new Set(groups.map(({ id }) => id));
  const absent = new Map<SecurityGroupId, SecurityGroup>();
  for (const user of users) {
    if (links.pathsTo(user.arn).length === 0 && links.gapsFor(user).length === 0) continue;
    for (const id of user.securityGroups) {
      if (!described.has(id) && !absent.has(id)) absent.set(id, undescribed(id, user));
    }
  }
  return [...absent.values()];
}

function undescribed(id: SecurityGroupId, { name, vpcId, scope }: LoadBalancer): SecurityGroup {
  const gap: Gap = {
    fact: `securityGroup ${id}`,
    cause: 'not-seen',
    detail: `security group ${id} of ${name} was not seen; add the output of describe-security-groups`,
  };
  return { id, name: null, vpcId, scope, deleted: false, tags: missing(gap), ingress: missing(gap) };
}
