import { OriginGuardError } from '../core/errors.js';
import type { OrganizationReader } from '../core/gather-inventory.js';
import { scopeOfArn, type AccountId, type Region } from '../core/ids.js';
import type { InventoryStore } from '../core/inventory-store.js';
import type { NameResolver } from '../core/ports.js';
import { startBudget } from './budget.js';
import { makeClients } from './clients.js';
import type { InvocationContext } from './lambda-container.js';
import { CallCounter } from './middleware/count-calls.js';
import { organizationReader } from './read/aggregator.js';
import { dnsResolver } from './read/dns.js';
import { inventoryStore } from './report/inventory-store.js';
import { makeS3Client } from './s3.js';
import type { Session } from './session.js';

export interface InventoryRunOptions {
  /** The bucket of the function's own account and Region to write into. */
  readonly bucket: string;
  /** The aggregator of AWS Config, in the function's own account and Region. */
  readonly aggregator: string;
}

/** Everything that writing the inventories once may use. */
export interface InventoryRun {
  readonly own: { readonly accountId: AccountId; readonly region: Region };
  readonly organization: OrganizationReader;
  readonly names: NameResolver;
  readonly store: InventoryStore;
  readonly calls: CallCounter;
  readonly end: () => void;
}

/** What is left to the runtime when the run may take no longer, in milliseconds. */
const MARGIN_MS = 1_000;

/**
 * Opens one run of the inventory function; it keeps nothing between runs. Raises `E1001` when the context does not say
 * which function runs.
 */
export function openInventoryRun(
  { invokedFunctionArn, getRemainingTimeInMillis }: InvocationContext,
  { bucket, aggregator }: InventoryRunOptions,
): InventoryRun {
  const { accountId, region } = scopeOfArn(invokedFunctionArn);
  if (accountId === null || region === null) {
    throw new OriginGuardError(
      'E1001',
      `context.invokedFunctionArn is "${invokedFunctionArn}"; allowed: the ARN of a Lambda function`,
    );
  }
  const calls = new CallCounter();
  const options = { region, counter: calls };
  const budget = startBudget(getRemainingTimeInMillis() - MARGIN_MS);
  const session: Session = { accountId, region, clients: makeClients(options), budget };
  return {
    own: { accountId, region },
    organization: organizationReader(session, aggregator),
    names: dnsResolver({ timeoutMs: 2_000, tries: 2, signal: budget.signal }),
    store: inventoryStore(session, makeS3Client(options), { name: bucket, owner: accountId }),
    calls,
    end: () => {
      budget.end();
    },
  };
}
