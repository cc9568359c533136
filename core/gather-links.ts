import type { Fact } from './fact.js';
import type { DistributionId, LoadBalancerArn } from './ids.js';
import {
  concreteOrigins,
  countedDistributions,
  linkOrigins,
  needsLookup,
  vpcOriginKey,
  type LinkOptions,
  type Links,
} from './link-origins.js';
import type { Distribution, DistributionTenant, Origin } from './model/distribution.js';
import { isTemplate, normalizeDomain } from './model/domain-name.js';
import type { LoadBalancer } from './model/load-balancer.js';
import type { DistributionReader, LoadBalancerReader, NameResolver } from './ports.js';

/** What links are drawn through. */
export interface LinkPorts
  extends
    DistributionReader,
    Pick<LoadBalancerReader, 'withTags' | 'publicAddresses' | 'otherEntrances'>,
    NameResolver {}

/**
 * Reads what the links to some of the load balancers need and draws them.
 *
 * VPC origins, tenants, names, addresses and tags are read only when an origin or a load balancer asks for them:
 * `tags` says whether a load balancer that has a path already is asked whether a tag declares another, or that the tags of
 * all that matter were read before.
 */
export async function gatherLinks(
  ports: LinkPorts,
  loadBalancers: readonly LoadBalancer[],
  options: LinkOptions,
  { about, tags }: { readonly about: readonly LoadBalancer[]; readonly tags: 'all' | 'unlinked' | 'read' },
): Promise<Links> {
  const distributions = await ports.distributions();
  const counted = countedDistributions(distributions.items, options);
  const tenants = await readTenants(ports, counted);
  const vpcOrigins = await readEach(vpcOriginsOf(counted), vpcOriginKeyOf, ([distribution, origin]) =>
    ports.vpcOrigin(origin, distribution),
  );
  const { origins } = concreteOrigins(distributions.items, tenants, options);
  const names = origins
    .filter(({ origin, domain }) => origin.vpcOriginId === null && !origin.isS3 && needsLookup(domain, options))
    .map(({ domain }) => normalizeDomain(domain));
  const answers = await readEach(
    new Set(names),
    (name) => name,
    (name) => ports.resolve(name),
  );

  const anyAddress = [...answers.values()].some((answer) => answer.kind === 'answered' && answer.addresses.length > 0);
  const addresses = await readEach(anyAddress ? about : [], arnOf, (target) => ports.publicAddresses(target));
  const entrances = await readEach(about, arnOf, (target) => ports.otherEntrances(target));
  const draw = (targets: readonly LoadBalancer[]): Links =>
    linkOrigins({ distributions, loadBalancers: targets, vpcOrigins, tenants, answers, addresses, entrances }, options);

  const untagged = draw(loadBalancers);
  if (tags === 'read') return untagged;
  const asked = tags === 'all' ? about : about.filter(({ arn }) => untagged.pathsTo(arn).length === 0);
  if (asked.length === 0) return untagged;
  const tagged = new Map(
    (await ports.withTags(asked)).map((loadBalancer) => [loadBalancer.arn, loadBalancer] as const),
  );
  return draw(loadBalancers.map((loadBalancer) => tagged.get(loadBalancer.arn) ?? loadBalancer));
}

const arnOf = ({ arn }: LoadBalancer): LoadBalancerArn => arn;

const vpcOriginKeyOf = ([distribution, origin]: readonly [Distribution, Origin]): string =>
  vpcOriginKey(distribution, origin);

const vpcOriginsOf = (distributions: readonly Distribution[]): readonly (readonly [Distribution, Origin])[] =>
  distributions.flatMap((distribution) =>
    distribution.origins
      .filter(({ vpcOriginId }) => vpcOriginId !== null)
      .map((origin) => [distribution, origin] as const),
  );

function readTenants(
  ports: DistributionReader,
  distributions: readonly Distribution[],
): Promise<ReadonlyMap<DistributionId, Fact<readonly DistributionTenant[]>>> {
  const multiTenant = distributions.filter(({ origins }) => origins.some(({ domainName }) => isTemplate(domainName)));
  return readEach(
    multiTenant,
    ({ id }) => id,
    (distribution) => ports.tenantsOf(distribution),
  );
}

async function readEach<T, K, V>(
  items: Iterable<T>,
  keyOf: (item: T) => K,
  read: (item: T) => Promise<V>,
): Promise<ReadonlyMap<K, V>> {
  return new Map(await Promise.all([...items].map(async (item) => [keyOf(item), await read(item)] as const)));
}
