import { known, missing, type Fact, type Gap } from '../../../core/fact.js';
import { toAccountId, toRegion, type Scope } from '../../../core/ids.js';
import { loadBalancerPath } from '../../../core/model/load-balancer.js';
import type { SecurityGroup } from '../../../core/model/security-group.js';
import {
  recordsPath,
  type AttachedInterface,
  type GroupReference,
  type PlanningPorts,
  type PlanningReader,
} from '../../../core/planning.js';
import { REGION } from '../builders.js';
import { fakePorts, type World } from '../fake-ports.js';
import type { FakeAws } from './fake-aws.js';
import { names } from './fake-ec2.js';
import type { FakeGroup, FakeState } from './fake-state.js';

/** What there is to see around the account, that no write of a runbook changes. */
export interface Surroundings {
  /** Distributions, names, VPC origins and whatever else the fake does not hold; wins over what it holds. */
  readonly world: Partial<World>;
  readonly region: string;
  /** Rules of groups across a peering that name a group, by its id. */
  readonly peers: Readonly<Record<string, readonly GroupReference[]>>;
  /** The ARNs of the network load balancers that forward to a load balancer, by its ARN. */
  readonly forwarders: Readonly<Record<string, readonly string[]>>;
  /**
   * Hides an answer: called with the method and the id that is asked for, as in `interfacesOf sg-0abc`,
   * `securityGroup sg-0abc` (its rules), `listenerPorts ARN`, `prefixList pl-0abc`, `loadBalancers`, `tags`, `distributions`.
   */
  readonly hide: (call: string) => Gap | null;
}

/** Reads the fake as an adapter would: every call is one read, so that two answers may be of different moments. */
export function portsOf(fake: FakeAws, given: Partial<Surroundings> = {}): PlanningPorts {
  const surroundings: Surroundings = {
    world: {},
    region: REGION,
    peers: {},
    forwarders: {},
    hide: () => null,
    ...given,
  };
  const place = { accountId: toAccountId(fake.account.accountId), region: toRegion(surroundings.region) };
  const seen = asLongAsItIs((state) => fakePorts(worldOf(fake, state, place, surroundings)), fake);
  return {
    securityGroups: (which) => seen().securityGroups(which),
    citedGroups: (ids, from) => seen().citedGroups(ids, from),
    // The live listing shows no tags: they cost calls, and are asked for where they matter.
    loadBalancers: async () => {
      const view = await seen().loadBalancers();
      return { ...view, items: view.items.map((each) => ({ ...each, tags: TAGS_NOT_READ })) };
    },
    withTags: async (loadBalancers) => {
      const { items } = await seen().loadBalancers();
      const gap = surroundings.hide('tags');
      return items
        .filter(({ arn }) => loadBalancers.some((each) => each.arn === arn))
        .map((each) => (gap === null ? each : { ...each, tags: missing(gap) }));
    },
    listenerPorts: (arn) => seen().listenerPorts(arn),
    listeners: (arn) => seen().listeners(arn),
    listenerRules: (arn) => seen().listenerRules(arn),
    publicAddresses: (loadBalancer) => seen().publicAddresses(loadBalancer),
    otherEntrances: (loadBalancer) => seen().otherEntrances(loadBalancer),
    distributions: () => seen().distributions(),
    vpcOrigin: (origin, distribution) => seen().vpcOrigin(origin, distribution),
    tenantsOf: (distribution) => seen().tenantsOf(distribution),
    prefixLists: (ids, from, entries) => seen().prefixLists(ids, from, entries),
    cloudfrontPrefixLists: (at) => seen().cloudfrontPrefixLists(at),
    resolve: (name) => seen().resolve(name),
    ...planningReader(fake, place, surroundings),
  };
}

/** Makes something of what a read sees, anew only when that is another state. */
function asLongAsItIs<T>(make: (state: FakeState) => T, fake: FakeAws): () => T {
  let last: { readonly state: FakeState; readonly made: T } | null = null;
  return () => {
    const state = fake.read();
    if (last?.state !== state) last = { state, made: make(state) };
    return last.made;
  };
}

function planningReader(fake: FakeAws, place: Scope, { peers, forwarders, hide }: Surroundings): PlanningReader {
  const answer = async <T>(call: string, read: (state: FakeState) => T): Promise<Fact<T>> => {
    const value = read(fake.read());
    const gap = hide(call);
    return gap === null ? known(value) : missing(gap);
  };
  return {
    interfacesOf: (id) => answer(`interfacesOf ${id}`, (state) => interfacesOf(state, id)),
    acceleratorsIn: (vpcId) =>
      answer(`acceleratorsIn ${vpcId}`, ({ interfaces }) =>
        interfaces.filter((each) => each.vpcId === vpcId && each.type === ACCELERATOR).map(({ id }) => id),
      ),
    forwardersTo: ({ arn }) => answer(`forwardersTo ${arn}`, () => forwarders[arn] ?? []),
    referencesTo: (id) =>
      answer(`referencesTo ${id}`, ({ groups }) => [...referencesIn(groups, id), ...(peers[id] ?? [])]),
    hasOpenEgress: (id) =>
      answer(`hasOpenEgress ${id}`, ({ groups }) => groups.find((group) => group.id === id)?.openEgress === true),
    groupsNamed: (wanted, vpcId) =>
      answer(`groupsNamed ${wanted.join(',')}`, ({ groups }) =>
        groups
          .filter((group) => group.vpcId === vpcId && wanted.includes(group.name))
          .map((group) => toModel(group, place, hide)),
      ),
    quota: (name) => answer(`quota ${name}`, () => fake.account.quotas[name]),
    rollbackRecords: (id) =>
      answer(`rollbackRecords ${id}`, ({ parameters }) =>
        parameters
          .filter(({ name }) => name.startsWith(`${recordsPath(id)}/`))
          .map(({ name, value, savedAt }) => ({ id: name.slice(name.lastIndexOf('/') + 1), text: value, savedAt }))
          .sort((a, b) => Date.parse(b.savedAt) - Date.parse(a.savedAt)),
      ),
  };
}

const TAGS_NOT_READ = missing({ fact: 'tags', cause: 'not-seen', detail: 'the tags were not read' });

const ACCELERATOR = 'global_accelerator_managed';

function worldOf(fake: FakeAws, state: FakeState, place: Scope, { world, hide }: Surroundings): Partial<World> {
  const factOf = <T>(call: string, value: T): Fact<T> => {
    const gap = hide(call);
    return gap === null ? known(value) : missing(gap);
  };
  return {
    groups: state.groups.map((group) => toModel(group, place, hide)),
    loadBalancers: state.loadBalancers,
    loadBalancerGap: () => hide('loadBalancers'),
    distributionGap: () => hide('distributions'),
    listeners: Object.fromEntries(
      state.loadBalancers.map(({ arn, listenerPorts }) => [arn, factOf(`listenerPorts ${arn}`, listenerPorts)]),
    ),
    prefixLists: Object.fromEntries(fake.account.lists.map((list) => [list.id, factOf(`prefixList ${list.id}`, list)])),
    ...world,
  };
}

/** A group in its own account's eyes: where the account is not the owner, the VPC is shared with it. */
const toModel = (group: FakeGroup, place: Scope, hide: Surroundings['hide']): SecurityGroup => {
  const gap = hide(`securityGroup ${group.id}`);
  const { id, name, vpcId, ownerId, tags, ingress } = group;
  return {
    id,
    name,
    vpcId,
    ownerId,
    scope: place,
    deleted: false,
    tags: known(tags),
    ingress: gap === null ? known(ingress) : missing(gap),
  };
};

/** The interfaces that carry a group; a load balancer's own are described as Elastic Load Balancing describes them. */
function interfacesOf({ loadBalancers, interfaces }: FakeState, id: string): readonly AttachedInterface[] {
  const ofLoadBalancers = loadBalancers
    .filter(({ securityGroups }) => securityGroups.some((each) => each === id))
    .map(({ arn, type }) => ({
      id: `eni-${loadBalancerPath(arn).replaceAll('/', '-')}`,
      type: type === 'network' ? 'network_load_balancer' : 'interface',
      description: `ELB ${loadBalancerPath(arn)}`,
      isManaged: true,
    }));
  const others = interfaces
    .filter(({ groups }) => groups.some((each) => each === id))
    .map((each) => ({ id: each.id, type: each.type, description: each.description, isManaged: each.isManaged }));
  return [...ofLoadBalancers, ...others];
}

const referencesIn = (groups: readonly FakeGroup[], id: string): readonly GroupReference[] =>
  groups
    .filter((group) => names(group, id))
    .flatMap(({ id: by, ingress, egressTo }) => [
      ...(ingress.some(({ source }) => source.kind === 'security-group' && source.groupId === id)
        ? [{ by, direction: 'ingress' as const }]
        : []),
      ...(egressTo.some((each) => each === id) ? [{ by, direction: 'egress' as const }] : []),
    ]);
