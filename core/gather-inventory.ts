import { compareText, known, missing, type Fact, type Gap } from './fact.js';
import { gatherLinks, type LinkPorts } from './gather-links.js';
import { groupBy } from './group-by.js';
import type { AccountId, LoadBalancerArn } from './ids.js';
import type { ForeignOrigin, Inventory, InventoryPlace, Unfollowed } from './inventory.js';
import type { LinkOptions, Links } from './link-origins.js';
import type { CustomOrigin, Distribution } from './model/distribution.js';
import type { LoadBalancer } from './model/load-balancer.js';
import type { NameResolver } from './ports.js';

/** A distribution of which it is known whose it is. */
export type OwnedDistribution = Distribution & { readonly accountId: AccountId };

/** A load balancer of which it is known where it is. */
export type PlacedLoadBalancer = LoadBalancer & { readonly scope: InventoryPlace };

/** What AWS Config holds of a whole organization; each answer is whole, or a gap. */
export interface OrganizationReader {
  readonly distributions: () => Promise<Fact<readonly OwnedDistribution[]>>;
  /** The Application Load Balancers. */
  readonly loadBalancers: () => Promise<Fact<readonly PlacedLoadBalancer[]>>;
  /** The public addresses of their network interfaces, by its ARN; one without any recorded is not in the answer. */
  readonly publicAddresses: () => Promise<Fact<ReadonlyMap<string, readonly string[]>>>;
}

export interface InventoryOptions extends Pick<LinkOptions, 'originHostnames' | 'resolveOrigins'> {
  /** When reading begins, ISO 8601. */
  readonly generatedAt: string;
}

/** The inventories of an organization, and what they were made of. */
export interface GatheredInventories {
  /** One for each account and Region that has an Application Load Balancer, in a stable order. */
  readonly inventories: readonly Inventory[];
  readonly distributions: number;
  readonly loadBalancers: number;
  /** Origins of which nobody can tell where they lead, as far as AWS Config and DNS show; many lead elsewhere. */
  readonly unresolvedOrigins: number;
  readonly unfollowed: readonly Unfollowed[];
}

/** The most names that one run looks up; every further one counts as a lookup that failed. */
export const MOST_NAMES = 2_000;

/**
 * Reads what AWS Config holds of the organization and draws the links as a scan of all its accounts would.
 *
 * A gap when any of it was not read whole: a part of the distributions would make findings look not applicable.
 */
export async function gatherInventories(
  organization: OrganizationReader,
  names: NameResolver,
  options: InventoryOptions,
): Promise<Fact<GatheredInventories>> {
  const [distributions, loadBalancers] = await Promise.all([
    organization.distributions(),
    organization.loadBalancers(),
  ]);
  if (!distributions.known) return distributions;
  if (!loadBalancers.known) return loadBalancers;
  const hidden: Gap[] = [];
  const ports = portsOver(organization, distributions.value, atMost(MOST_NAMES, names), hidden);
  const links = await gatherLinks(
    ports,
    loadBalancers.value,
    // Whether a disabled distribution counts is for the rule of each account to say.
    { ...options, includeDisabledDistributions: true },
    { about: loadBalancers.value, tags: 'unlinked' },
  );
  const [gap] = hidden;
  if (gap !== undefined) return missing(gap);
  const unfollowed = unfollowedIn(links, loadBalancers.value);
  return known({
    inventories: toInventories(distributions.value, loadBalancers.value, links, unfollowed, options),
    distributions: distributions.value.length,
    loadBalancers: loadBalancers.value.length,
    unresolvedOrigins: links.unresolvedOrigins.length,
    unfollowed,
  });
}

const FACTS = {
  addresses: 'publicAddresses',
  names: 'origin name',
  tenants: 'distributionTenants',
} as const;

const notRecorded = (fact: string) => missing({ fact, cause: 'not-recorded', detail: `${fact} are not recorded` });

/** What the links are drawn through; an answer that was withheld as a whole is left in `hidden`. */
function portsOver(
  organization: OrganizationReader,
  distributions: readonly Distribution[],
  names: NameResolver,
  hidden: Gap[],
): LinkPorts {
  let reading: ReturnType<OrganizationReader['publicAddresses']> | undefined;
  return {
    distributions: () => Promise.resolve({ items: distributions, gapAt: () => null }),
    publicAddresses: async ({ arn, scheme }) => {
      // CloudFront reaches one that is internal by a VPC origin only, whose address is nobody's name.
      if (scheme === 'internal') return known([]);
      reading ??= organization.publicAddresses();
      const addresses = await reading;
      if (!addresses.known) {
        hidden.push(addresses.gap);
        return addresses;
      }
      const own = addresses.value.get(arn);
      return own === undefined || own.length === 0 ? notRecorded(FACTS.addresses) : known(own);
    },
    tenantsOf: () => Promise.resolve(notRecorded(FACTS.tenants)),
    vpcOrigin: () => Promise.resolve(notRecorded('vpcOrigins')),
    // A tag that declares a load balancer is read where the load balancer is.
    withTags: (tagged) => Promise.resolve(tagged),
    otherEntrances: () => Promise.resolve([]),
    resolve: (name) => names.resolve(name),
  };
}

function atMost(most: number, names: NameResolver): NameResolver {
  let asked = 0;
  return {
    resolve: (name) => {
      asked += 1;
      return asked <= most
        ? names.resolve(name)
        : Promise.resolve({ kind: 'answered', names: [], addresses: [], failure: 'too many names to look up' });
    },
  };
}

/** Why some origins may lead to any load balancer: the same for all of them. */
function unfollowedIn(links: Links, [first]: readonly LoadBalancer[]): readonly Unfollowed[] {
  const reasons = new Set<Unfollowed>();
  for (const { fact } of first === undefined ? [] : links.gapsFor(first)) {
    if (fact === FACTS.addresses) reasons.add('addresses-not-recorded');
    else if (fact === FACTS.tenants) reasons.add('tenants-not-recorded');
    else reasons.add('name-lookup-failed');
  }
  return [...reasons].sort(compareText);
}

function toInventories(
  distributions: readonly OwnedDistribution[],
  loadBalancers: readonly PlacedLoadBalancer[],
  links: Links,
  unfollowed: readonly Unfollowed[],
  { generatedAt }: InventoryOptions,
): readonly Inventory[] {
  const byId = new Map(distributions.map((distribution) => [distribution.id, distribution] as const));
  const places = groupBy(loadBalancers, ({ scope }) => `${scope.accountId}/${scope.region}`);
  return [...places]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, own]) =>
      own.slice(0, 1).map(({ scope: { accountId, region } }) => ({
        schemaVersion: '1' as const,
        generatedAt,
        accountId,
        region,
        loadBalancers: own.map(({ arn }) => arn),
        origins: originsOf(own, byId, links).filter((origin) => origin.accountId !== accountId),
        unfollowed,
      })),
    );
}

/** The origins that lead to some load balancers of one place, each once with all of these it leads to. */
function originsOf(
  own: readonly LoadBalancer[],
  byId: ReadonlyMap<string | null, OwnedDistribution>,
  links: Links,
): readonly ForeignOrigin[] {
  const found = new Map<string, ForeignOrigin & { readonly loadBalancerArns: LoadBalancerArn[] }>();
  for (const { arn } of own) {
    for (const { distributionId, originId, originDomain } of links.pathsTo(arn)) {
      const distribution = byId.get(distributionId);
      if (distribution === undefined || originId === null || originDomain === null) continue;
      const { id, accountId, enabled, origins } = distribution;
      const key = `${id}|${originId}|${originDomain}`;
      const held = found.get(key);
      if (held !== undefined) {
        if (!held.loadBalancerArns.includes(arn)) held.loadBalancerArns.push(arn);
        continue;
      }
      const custom = origins.find((origin) => origin.id === originId)?.custom;
      const connection = custom === undefined ? null : connectionOf(custom);
      found.set(key, {
        distributionId: id,
        accountId,
        enabled,
        originId,
        domainName: originDomain,
        connection,
        loadBalancerArns: [arn],
      });
    }
  }
  return [...found.values()];
}

const connectionOf = ({ httpPort, httpsPort, protocolPolicy }: CustomOrigin): ForeignOrigin['connection'] => ({
  httpPort,
  httpsPort,
  protocolPolicy,
});
