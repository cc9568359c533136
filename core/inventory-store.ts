import type { Fact } from './fact.js';
import type { InventoryPlace } from './inventory.js';

/** Where inventories are kept for the accounts that read them. */
export interface InventoryStore {
  /** Every account and Region for which an inventory was written before. */
  readonly places: () => Promise<Fact<readonly InventoryPlace[]>>;
  /** Puts the inventory of one account and Region in the place of the one before. Raises `E2008`, or `E2005` when the time ran out. */
  readonly write: (at: InventoryPlace, stored: string) => Promise<void>;
}
