import { gatherLinks } from '../../core/gather-links.js';
import { missing, uniqueGaps, type Fact, type Gap } from '../../core/fact.js';
import { groupBy } from '../../core/group-by.js';
import type { PrefixListId, SecurityGroupId } from '../../core/ids.js';
import type { Links } from '../../core/link-origins.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import type { PrefixList } from '../../core/model/prefix-list.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import { byPath, type Path, type UnresolvedOrigin } from '../../core/path.js';
import type { Ports } from '../../core/ports.js';
import type { AlbSgParams } from './params.js';

type CitedGroup = Pick<SecurityGroup, 'name' | 'vpcId'> | null;

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
  /** The listeners of the load balancers that have a path; read only for `ports` = `listeners`. */
  readonly listenerPorts: readonly Fact<readonly number[]>[];
  /** Every prefix list that an ingress rule cites. */
  readonly prefixLists: ReadonlyMap<PrefixListId, Fact<PrefixList>>;
  /** Every group that an ingress rule cites; `null` for one that does not exist where it would be. */
  readonly citedGroups: ReadonlyMap<SecurityGroupId, Fact<CitedGroup>>;
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
  const [groups, loadBalancers] = await Promise.all([ports.securityGroups(), ports.loadBalancers()]);
  const links = await gatherLinks(ports, loadBalancers.items, params);
  const applications = loadBalancers.items.filter(({ type }) => type === 'application');
  const usersOf = groupBy(
    applications.flatMap((user) => user.securityGroups.map((groupId) => ({ groupId, user }))),
    ({ groupId }) => groupId,
  );
  const all = [...groups, ...groupsNobodyDescribed(groups, applications, links)];
  const facts = await Promise.all(
    all.map(async (group): Promise<AlbSgFacts> => {
      const users = [...new Set(usersOf.get(group.id)?.map(({ user }) => user) ?? [])];
      const paths = users.flatMap(({ arn }) => links.pathsTo(arn)).sort(byPath);
      const place = {
        group,
        attachedTo: users,
        attachmentGap: loadBalancers.gapAt(group.scope),
        paths,
        linkGaps: paths.length > 0 ? [] : uniqueGaps(users.flatMap((user) => links.gapsFor(user))),
        now,
      };
      return paths.length > 0
        ? { ...place, ...(await readSources(ports, params, place)) }
        : { ...place, ...NO_SOURCES };
    }),
  );
  return { facts, unresolvedOrigins: links.unresolvedOrigins };
}

const NO_SOURCES = {
  listenerPorts: [],
  prefixLists: new Map(),
  citedGroups: new Map(),
  cloudfrontPrefixLists: [],
} as const;

async function readSources(
  ports: Ports,
  params: AlbSgParams,
  { group, paths }: Pick<AlbSgFacts, 'group' | 'paths'>,
): Promise<Pick<AlbSgFacts, keyof typeof NO_SOURCES>> {
  const sources = group.ingress.known ? group.ingress.value.map(({ source }) => source) : [];
  const listIds = sources.flatMap((source) => (source.kind === 'prefix-list' ? [source.prefixListId] : []));
  const groupIds = sources.flatMap((source) => (source.kind === 'security-group' ? [source.groupId] : []));
  const targets = params.ports === 'listeners' ? new Set(paths.map(({ loadBalancerArn }) => loadBalancerArn)) : [];
  const [prefixLists, citedGroups, listenerPorts, cloudfrontPrefixLists] = await Promise.all([
    readEach(listIds, (id) => ports.prefixList(id, group.scope)),
    readEach(groupIds, (id) => ports.citedGroup(id, group.scope)),
    Promise.all([...targets].map((arn) => ports.listenerPorts(arn))),
    ports.cloudfrontPrefixLists(group.scope),
  ]);
  return { prefixLists, citedGroups, listenerPorts, cloudfrontPrefixLists };
}

async function readEach<K, V>(keys: Iterable<K>, read: (key: K) => Promise<V>): Promise<ReadonlyMap<K, V>> {
  return new Map(await Promise.all([...new Set(keys)].map(async (key) => [key, await read(key)] as const)));
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
