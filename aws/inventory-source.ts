import { OriginGuardError } from '../core/errors.js';
import type { Fact } from '../core/fact.js';
import type { AccountId, Region } from '../core/ids.js';
import type { Inventory } from '../core/inventory.js';
import { requireFresh } from '../core/join-inventory.js';
import type { CallCounter } from './middleware/count-calls.js';
import { readInventory } from './read/inventory.js';
import { makeS3Client, type S3Client } from './s3.js';
import type { Session } from './session.js';

/** Where a function finds the inventory of its account and Region, and how old it may be. */
export interface InventoryAccess {
  /** The name of the bucket; `null` where the deployment names none. */
  readonly bucket: string | null;
  /** Whose bucket it is; `null` where that is not checked. */
  readonly owner: AccountId | null;
  /** Where the bucket is; `null` for the Region of the function. */
  readonly region: Region | null;
  /** In milliseconds. */
  readonly maxAgeMs: number;
}

/** Whether distributions of other accounts count, as the parameter `inventoryMode` says. */
export type InventoryMode = 'LOCAL' | 'ORG';

/** Reads the inventory for the functions of one process. */
export class InventorySource {
  readonly #access: InventoryAccess;
  readonly #counter: CallCounter;
  #client: S3Client | undefined;

  constructor(access: InventoryAccess, counter: CallCounter) {
    this.#access = access;
    this.#counter = counter;
  }

  /** The inventory of the session's account and Region, whatever its age. Raises `E1011` when nothing says where it is. */
  read(session: Session): Promise<Fact<Inventory>> {
    const { owner, region } = this.#access;
    this.#client ??= makeS3Client({ region: region ?? session.region, counter: this.#counter });
    return readInventory(session, this.#client, { name: this.#bucket(), owner });
  }

  /**
   * How ports read the inventory; nothing where distributions of other accounts do not count. One that is too old to be
   * relied on now is a gap. Raises `E1011` when nothing says where it is.
   */
  portOption(
    mode: InventoryMode,
    read: () => Promise<Fact<Inventory>>,
  ): { readonly inventory?: () => Promise<Fact<Inventory>> } {
    if (mode === 'LOCAL') return {};
    this.#bucket();
    const { maxAgeMs } = this.#access;
    return { inventory: async () => requireFresh(await read(), { nowMs: Date.now(), maxAgeMs }) };
  }

  #bucket(): string {
    const { bucket } = this.#access;
    if (bucket !== null) return bucket;
    throw new OriginGuardError(
      'E1011',
      'INVENTORY_BUCKET is not set, and the parameter inventoryMode is ORG; allowed: the name of the bucket of the inventories, or LOCAL as the parameter',
    );
  }
}
