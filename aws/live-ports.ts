import { known, missing, uniqueGaps, type Fact, type Gap } from '../core/fact.js';
import { groupBy } from '../core/group-by.js';
import { scopeOfArn, type AccountId, type Scope, type SecurityGroupId, type VpcOriginId } from '../core/ids.js';
import type { Inventory } from '../core/inventory.js';
import { joinInventory } from '../core/join-inventory.js';
import type { Distribution, Origin, VpcOrigin } from '../core/model/distribution.js';
import type { DistributionView, NameResolver, Ports } from '../core/ports.js';
import { livePlace, type Place, type PlaceOptions } from './live-place.js';
import { once, onceEach } from './once.js';
import { readDistributions } from './read/distributions.js';
import { readTenants } from './read/tenants.js';
import { readVpcOrigin, readVpcOrigins } from './read/vpc-origins.js';
import type { Session } from './session.js';

export interface LivePortsOptions extends Omit<PlaceOptions, 'onBlindSpot'> {
  /** One for each account and Region to read; CloudFront is read once for each account. */
  readonly sessions: readonly [Session, ...Session[]];
  readonly names: NameResolver;
  /** Why the facts of this runtime's CloudFront client cannot be relied on, or `null`. */
  readonly versionGap: Gap | null;
  /** @default - the distributions are read once for the run */
  readonly distributions?: (session: Session) => Promise<Fact<readonly Distribution[]>>;
  /** What is told of the distributions of accounts that are not read. @default - nobody is asked */
  readonly inventory?: () => Promise<Fact<Inventory>>;
}

/** Ports over live accounts, and what they could not see beside the gaps in the verdicts. */
export interface LivePorts {
  readonly ports: Ports;
  /** What was denied and leaves no trace in a verdict, such as the list of groups of a Region. */
  readonly blindSpots: () => readonly Gap[];
  /** Whether a group lets everything out, if the ports described it already; `null` if not. */
  readonly egressSeen: (group: SecurityGroupId, at: Scope) => boolean | null;
}

/**
 * Makes ports that read live accounts and Regions.
 *
 * The CloudFront distributions of all accounts are joined: the list of one of them that is denied may hold the link of
 * a load balancer in another, so it is a gap everywhere.
 */
export function livePorts(options: LivePortsOptions): LivePorts {
  const blind: Gap[] = [];
  const places = options.sessions.map((session) =>
    livePlace(session, {
      ...options,
      onBlindSpot: (gap) => {
        blind.push(gap);
      },
    }),
  );
  const placeAt = ({ accountId, region }: Scope): Place => {
    const place = places.find(({ session }) => session.accountId === accountId && session.region === region);
    if (place === undefined) throw new RangeError(`no session for ${accountId ?? '?'} in ${region ?? '?'}`);
    return place;
  };
  const accounts = [...groupBy(options.sessions, ({ accountId }) => accountId).values()].map(
    ([session = options.sessions[0]]) => liveAccount(session, options),
  );
  const accountOf = (id: AccountId | null): Account =>
    accounts.find(({ session }) => session.accountId === id) ?? liveAccount(options.sessions[0], options);

  const loadBalancers = once(async () => {
    const read = await Promise.all(places.map(async (place) => [place.session, await place.loadBalancers()] as const));
    return {
      items: read.flatMap(([, fact]) => (fact.known ? fact.value : [])),
      gapAt: (scope: Scope): Gap | null => {
        const found = read.find(([{ accountId, region }]) => accountId === scope.accountId && region === scope.region);
        if (found === undefined) return notScanned(scope);
        return found[1].known ? null : found[1].gap;
      },
    };
  });
  const distributions = once(async (): Promise<DistributionView> => {
    const [read, inventory] = await Promise.all([
      Promise.all(accounts.map(async ({ session, list }) => [session.accountId, await list()] as const)),
      options.inventory?.(),
    ]);
    const gaps = read.flatMap(([, fact]) => (fact.known ? [] : [fact.gap]));
    const view: DistributionView = {
      items: read.flatMap(([, fact]) => (fact.known ? fact.value : [])),
      gapAt: (accountId) => {
        const own = read.find(([id]) => id === accountId)?.[1];
        return (own?.known === false ? own.gap : gaps[0]) ?? options.versionGap;
      },
    };
    return inventory === undefined ? view : joinInventory(view, inventory);
  });

  const ports: Ports = {
    securityGroups: async (which) => (await Promise.all(places.map((place) => place.securityGroups(which)))).flat(),
    citedGroups: (ids, from) => placeAt(from).citedGroups(ids, from),
    loadBalancers,
    withTags: async (tagged) => {
      const byPlace = [...groupBy(tagged, ({ scope }) => placeAt(scope)).entries()];
      return (await Promise.all(byPlace.map(([place, own]) => place.withTags(own)))).flat();
    },
    listenerPorts: (arn) => placeAt(scopeOfArn(arn)).listenerPorts(arn),
    listeners: (arn) => placeAt(scopeOfArn(arn)).listeners(arn),
    listenerRules: (arn) => placeAt(scopeOfArn(arn)).listenerRules(arn),
    publicAddresses: (loadBalancer) => placeAt(loadBalancer.scope).publicAddresses(loadBalancer),
    otherEntrances: (loadBalancer) => placeAt(loadBalancer.scope).otherEntrances(loadBalancer),
    distributions,
    vpcOrigin: onceEach(vpcOriginKeyOf, async ({ vpcOriginId }: Origin, { accountId }: Distribution) => {
      if (vpcOriginId === null) throw new RangeError('an origin without a VPC origin');
      // A client that is too old may not even know the question.
      if (options.versionGap !== null) return missing(options.versionGap);
      return findVpcOrigin(vpcOriginId, accountOf(accountId), accounts);
    }),
    tenantsOf: onceEach(
      ({ id }: Distribution) => id,
      ({ id, accountId }) =>
        options.versionGap === null
          ? readTenants(accountOf(accountId).session, id)
          : Promise.resolve(missing(options.versionGap)),
    ),
    prefixLists: (ids, from, entries) => placeAt(from).prefixLists(ids, from, entries),
    cloudfrontPrefixLists: (at) => placeAt(at).cloudfrontPrefixLists(at),
    resolve: (name) => options.names.resolve(name),
  };
  return {
    ports,
    blindSpots: () => uniqueGaps(blind),
    egressSeen: (group, at) => placeAt(at).egressSeen(group),
  };
}

const vpcOriginKeyOf = ({ vpcOriginId }: Origin, { accountId }: Distribution): string =>
  `${accountId ?? ''} ${vpcOriginId ?? ''}`;

interface Account {
  readonly session: Session;
  readonly list: () => Promise<Fact<readonly Distribution[]>>;
  readonly vpcOrigins: () => Promise<Fact<ReadonlyMap<VpcOriginId, VpcOrigin>>>;
}

const liveAccount = (session: Session, { distributions }: LivePortsOptions): Account => ({
  session,
  list: once(() => (distributions ?? readDistributions)(session)),
  vpcOrigins: once(() => readVpcOrigins(session)),
});

/** A VPC origin may be shared with the distribution's account, so the others that are read are asked too. */
async function findVpcOrigin(id: VpcOriginId, own: Account, accounts: readonly Account[]): Promise<Fact<VpcOrigin>> {
  for (const account of [own, ...accounts.filter((each) => each !== own)]) {
    const list = await account.vpcOrigins();
    const held = list.known ? list.value.get(id) : undefined;
    if (held !== undefined) return known(held);
  }
  return readVpcOrigin(own.session, id);
}

function notScanned({ accountId, region }: Scope): Gap {
  return missing({
    fact: 'loadBalancers',
    cause: 'not-seen',
    detail: `account ${accountId ?? '?'} was not read in ${region ?? '?'}`,
  }).gap;
}
