import { missing, type Gap } from '../../core/fact.js';
import type { Focus } from '../../core/focus.js';
import { gatherLinks } from '../../core/gather-links.js';
import { SecurityGroupId, type Scope } from '../../core/ids.js';
import { NO_LINKS, type Links } from '../../core/link-origins.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import type { Ports } from '../../core/ports.js';
import type { AlbSgParams } from './params.js';

/** The groups to judge, and what connects them with CloudFront. */
export interface Selection {
  readonly groups: readonly SecurityGroup[];
  readonly usersOf: ReadonlyMap<SecurityGroupId, readonly LoadBalancer[]>;
  readonly links: Links;
  readonly attachmentGapAt: (scope: Scope) => Gap | null;
}

/** Finds the groups in focus; a group that nothing connects with CloudFront is read only when everything is. */
export const selectGroups = (ports: Ports, params: AlbSgParams, focus: Focus): Promise<Selection> =>
  focus.kind === 'everything' ? selectAll(ports, params) : selectInFocus(ports, params, focus);

async function selectAll(ports: Ports, params: AlbSgParams): Promise<Selection> {
  const [described, loadBalancers] = await Promise.all([ports.securityGroups('every'), ports.loadBalancers()]);
  const applications = applicationsOf(loadBalancers.items);
  const links = await gatherLinks(ports, loadBalancers.items, params, { about: applications, tags: 'all' });
  const known = new Set(described.map(({ id }) => id));
  const absent = new Map<SecurityGroupId, SecurityGroup>();
  for (const user of applications.filter((each) => mayBeFronted(each, links))) {
    for (const id of user.securityGroups) {
      if (!known.has(id) && !absent.has(id)) absent.set(id, undescribed(id, user));
    }
  }
  return {
    groups: [...described, ...absent.values()],
    usersOf: findUsers(applications),
    links,
    attachmentGapAt: (scope) => loadBalancers.gapAt(scope),
  };
}

async function selectInFocus(
  ports: Ports,
  params: AlbSgParams,
  { kind, ids, at }: Exclude<Focus, { kind: 'everything' }>,
): Promise<Selection> {
  const loadBalancers = await ports.loadBalancers();
  const applications = applicationsOf(loadBalancers.items);
  const usersOf = findUsers(applications);
  const named = new Set([...ids].flatMap((id) => SecurityGroupId.safeParse(id).data ?? []));
  const about =
    kind === 'in-scope'
      ? applications
      : applications.filter(({ securityGroups }) => securityGroups.some((id) => named.has(id)));
  const links =
    about.length === 0 ? NO_LINKS : await gatherLinks(ports, loadBalancers.items, params, { about, tags: 'unlinked' });

  const fronted = about.filter((each) => mayBeFronted(each, links)).flatMap(({ securityGroups }) => securityGroups);
  const selected = kind === 'in-scope' ? new Set([...named, ...fronted]) : named;
  const hidden = loadBalancers.gapAt(at) !== null;
  const isFronted = new Set(fronted);
  const toRead = new Set([...selected].filter((id) => hidden || isFronted.has(id)));
  const described = toRead.size === 0 ? [] : await ports.securityGroups(toRead);
  const byId = new Map(described.map((group) => [group.id, group] as const));
  const absent = (id: SecurityGroupId): SecurityGroup => {
    const [user] = usersOf.get(id) ?? [];
    return user !== undefined && toRead.has(id) ? undescribed(id, user) : unread(id, at);
  };
  return {
    groups: [...selected].map((id) => byId.get(id) ?? absent(id)),
    usersOf,
    links,
    attachmentGapAt: (scope) => loadBalancers.gapAt(scope),
  };
}

const applicationsOf = (loadBalancers: readonly LoadBalancer[]): readonly LoadBalancer[] =>
  loadBalancers.filter(({ type }) => type === 'application');

const mayBeFronted = (user: LoadBalancer, links: Links): boolean =>
  links.pathsTo(user.arn).length > 0 || links.gapsFor(user).length > 0;

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

/** A group that a load balancer with a path, or perhaps with one, uses, but that nobody has seen. */
function undescribed(id: SecurityGroupId, { name, vpcId, scope }: LoadBalancer): SecurityGroup {
  const gap: Gap = {
    fact: `securityGroup ${id}`,
    cause: 'not-seen',
    detail: `security group ${id} of ${name} was not seen; add the output of describe-security-groups`,
  };
  return { id, name: null, vpcId, scope, deleted: false, tags: missing(gap), ingress: missing(gap) };
}

/** A group that is not read, because nothing connects it with CloudFront. */
function unread(id: SecurityGroupId, scope: Scope): SecurityGroup {
  const gap: Gap = { fact: `securityGroup ${id}`, cause: 'not-seen', detail: `security group ${id} was not read` };
  return { id, name: null, vpcId: null, scope, deleted: false, tags: missing(gap), ingress: missing(gap) };
}
