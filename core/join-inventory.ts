import { missing, type Fact, type Gap } from './fact.js';
import { groupBy } from './group-by.js';
import type { AccountId } from './ids.js';
import { inventoryGap, type ForeignOrigin, type Inventory, type Unfollowed } from './inventory.js';
import type { Distribution, Origin } from './model/distribution.js';
import type { DistributionView } from './ports.js';

/** How far the clock of whoever wrote an inventory may be ahead, in milliseconds. */
const CLOCK_SKEW_MS = 300_000;

/** The inventory while it is young enough to be relied on, else a gap: after that, nothing it says counts. */
export function requireFresh(
  inventory: Fact<Inventory>,
  { nowMs, maxAgeMs }: { readonly nowMs: number; readonly maxAgeMs: number },
): Fact<Inventory> {
  if (!inventory.known) return inventory;
  const { generatedAt } = inventory.value;
  const ageMs = nowMs - Date.parse(generatedAt);
  if (ageMs > maxAgeMs) {
    return inventoryGap(
      'stale',
      `the inventory of origins of other accounts is from ${generatedAt}, older than ${hours(maxAgeMs)}; see why its function fails`,
    );
  }
  if (ageMs < -CLOCK_SKEW_MS) {
    return inventoryGap(
      'stale',
      `the inventory of origins of other accounts is from ${generatedAt}, which is yet to come; compare the clocks`,
    );
  }
  return inventory;
}

const hours = (milliseconds: number): string => `${String(milliseconds / 3_600_000)} hours`;

/**
 * The distributions of an account together with what an inventory tells of those of others.
 *
 * Without a usable inventory, its gap is at every account: a distribution that nobody saw may front any load balancer.
 */
export function joinInventory(own: DistributionView, inventory: Fact<Inventory>): DistributionView {
  if (!inventory.known) return { ...own, gapAt: (accountId) => own.gapAt(accountId) ?? inventory.gap };
  const { generatedAt, loadBalancers, origins, unfollowed } = inventory.value;
  const seen = new Set<string>(loadBalancers);
  const ways = unfollowed.map(unfollowedGap);
  return {
    items: [...own.items, ...toDistributions(origins)],
    gapAt: own.gapAt,
    gapsAbout: (arn) => [...(seen.has(arn) ? [] : [notListed(arn, generatedAt)]), ...ways],
  };
}

const notListed = (arn: string, generatedAt: string): Gap => ({
  fact: 'inventory',
  cause: 'not-recorded',
  detail: `the inventory of ${generatedAt} does not know ${arn}: it is newer, or AWS Config does not record load balancers here`,
});

const WORDS: Readonly<Record<Unfollowed, string>> = {
  'addresses-not-recorded':
    'an origin of another account leads to an address, and AWS Config does not record the network interfaces of every load balancer of the organization',
  'name-lookup-failed': 'the name of an origin of another account could not be looked up',
  'tenants-not-recorded':
    'an origin of another account waits for parameters of distribution tenants, which AWS Config does not record',
};

/**
 * As with any lookup that failed, what hangs on it keeps its last result: no setting of this account supplies it, and one
 * name in another account must not fail every invocation here.
 */
const unfollowedGap = (why: Unfollowed): Gap => ({ fact: 'inventory', cause: 'lookup-failed', detail: WORDS[why] });

function toDistributions(origins: readonly ForeignOrigin[]): readonly Distribution[] {
  const keyOf = ({ distributionId, accountId }: ForeignOrigin): string => `${accountId}|${distributionId}`;
  return [...groupBy(origins, keyOf).values()].flatMap((own) =>
    own.slice(0, 1).map(({ distributionId: id, accountId }) => toDistribution(id, accountId, own)),
  );
}

const toDistribution = (
  id: Distribution['id'],
  accountId: AccountId,
  origins: readonly ForeignOrigin[],
): Distribution => ({
  id,
  accountId,
  enabled: origins.some(({ enabled }) => enabled),
  origins: origins.map(toOrigin),
  parameterDefaults: missing({
    fact: `parameter defaults of distribution ${id}`,
    cause: 'not-recorded',
    detail: `distribution ${id} is of another account, and its parameters are not in the inventory`,
  }),
});

const toOrigin = ({ originId, domainName, connection }: ForeignOrigin): Origin => ({
  id: originId,
  domainName,
  isS3: false,
  vpcOriginId: null,
  mayBeVpcOrigin: true,
  ...(connection === null ? {} : { custom: { ...connection, ipAddressType: null } }),
});
