import { OriginGuardError } from '../core/errors.js';
import { gatherInventories, type InventoryOptions, type OrganizationReader } from '../core/gather-inventory.js';
import type { InventoryStore } from '../core/inventory-store.js';
import { inventoryKey, renderInventory, type Inventory, type InventoryPlace } from '../core/inventory.js';
import type { NameResolver } from '../core/ports.js';
import type { Log } from '../core/reporting.js';

/** What one run of the inventory function did, for metrics. */
export interface InventoryTally {
  /** Objects that were written. */
  readonly written: number;
  /** Origins, over all objects, that lead from one account to another. */
  readonly crossAccountOrigins: number;
  /** Origins of which nobody can tell where they lead; many lead elsewhere. */
  readonly unresolvedOrigins: number;
  /** Reasons why some origins may lead to any load balancer, so that results are kept in every account. */
  readonly unfollowed: number;
  /** 1 when everything was read and written. */
  readonly succeeded: number;
}

/** Everything that publishing the inventories may touch. */
export interface PublishInventoryDeps {
  readonly organization: OrganizationReader;
  readonly names: NameResolver;
  readonly store: InventoryStore;
  readonly options: Omit<InventoryOptions, 'generatedAt'>;
  /** ISO 8601. */
  readonly now: () => string;
  readonly log: Log;
  /** Called once for each run, also when it fails. */
  readonly tally: (counts: InventoryTally) => void;
}

const NOTHING: InventoryTally = {
  written: 0,
  crossAccountOrigins: 0,
  unresolvedOrigins: 0,
  unfollowed: 0,
  succeeded: 0,
};

/**
 * Reads the organization and writes one inventory for each account and Region that has a load balancer, and an empty one
 * where there was one before.
 *
 * Nothing is written when something was not read whole. Every object is tried; once all were, raises what went wrong
 * first. Raises `E2008` for what was denied, and what the reads raise.
 */
export async function publishInventory(deps: PublishInventoryDeps): Promise<void> {
  let counts = NOTHING;
  try {
    const generatedAt = deps.now();
    const gathered = await gatherInventories(deps.organization, deps.names, { ...deps.options, generatedAt });
    if (!gathered.known) throw new OriginGuardError('E2008', `nothing was written: ${gathered.gap.detail}`);
    const { inventories, distributions, loadBalancers, unresolvedOrigins, unfollowed } = gathered.value;
    counts = {
      ...counts,
      crossAccountOrigins: inventories.reduce((sum, { origins }) => sum + origins.length, 0),
      unresolvedOrigins,
      unfollowed: unfollowed.length,
    };
    for (const reason of unfollowed) deps.log.warn('origins may lead to any load balancer', { reason });

    const earlier = await deps.store.places();
    const emptied = earlier.known ? emptyOnes(earlier.value, inventories, generatedAt) : [];
    const failures = await writeAll([...inventories, ...emptied], deps.store);
    counts = { ...counts, written: inventories.length + emptied.length - failures.length };
    const { succeeded: _, ...found } = counts;
    deps.log.info('inventories written', { ...found, distributions, loadBalancers });
    if (!earlier.known) failures.push(new OriginGuardError('E2008', earlier.gap.detail));
    requireNone(failures, deps.log);
    counts = { ...counts, succeeded: 1 };
  } catch (error) {
    const coded = toCoded(error);
    deps.log.error(coded.detail, { code: coded.code });
    throw coded;
  } finally {
    deps.tally(counts);
  }
}

/** A place that has no load balancer any more must not live on what was true of it. */
function emptyOnes(
  earlier: readonly InventoryPlace[],
  inventories: readonly Inventory[],
  generatedAt: string,
): readonly Inventory[] {
  const current = new Set(inventories.map(inventoryKey));
  return earlier
    .filter((place) => !current.has(inventoryKey(place)))
    .map(({ accountId, region }) => ({
      schemaVersion: '1',
      generatedAt,
      accountId,
      region,
      loadBalancers: [],
      origins: [],
      unfollowed: [],
    }));
}

async function writeAll(inventories: readonly Inventory[], store: InventoryStore): Promise<unknown[]> {
  const results = await Promise.allSettled(
    inventories.map((inventory) => store.write(inventory, renderInventory(inventory))),
  );
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
}

/** How many of the failures get a line of their own. */
const LINES = 20;

function requireNone(failures: readonly unknown[], log: Log): void {
  const [first, ...others] = failures.map(toCoded);
  if (first === undefined) return;
  for (const { code, detail } of others.slice(0, LINES)) log.error(detail, { code });
  throw new OriginGuardError(
    first.code,
    `${first.detail} (failures: ${failures.length}; everything else was written)`,
    {
      cause: first,
    },
  );
}

const toCoded = (error: unknown): OriginGuardError =>
  error instanceof OriginGuardError ? error : new OriginGuardError('E9001', String(error), { cause: error });
