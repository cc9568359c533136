import type { AccountId, Region } from '../core/ids.js';
import type { DeniedItem } from '../wire/denied.js';
import type { Budget } from './budget.js';
import type { Clients } from './clients.js';

/** One page of an answer as AWS gave it, with where it came from; `collect` saves these. */
export interface SeenPage {
  readonly accountId: AccountId;
  /** `null` for what is not Regional. */
  readonly region: Region | null;
  /** The operation as the AWS CLI spells it: `describe-load-balancers`. */
  readonly command: string;
  /** What the file's name must carry, where the answer does not: the id of a prefix list. */
  readonly about?: string;
  readonly page: object;
}

/** Everything that the calls to one account and Region share. */
export interface Session {
  readonly accountId: AccountId;
  readonly region: Region;
  readonly clients: Clients;
  readonly budget: Budget;
  /** Whether the credentials are known to be good, so that a Region that refuses them is one that is not enabled. */
  readonly areCredentialsProven?: true;
  /** Waits until a question may be asked. @default - the connections of the clients are the only bound */
  readonly limit?: <T>(ask: () => Promise<T>) => Promise<T>;
  /** @default - a read that was denied is told in gaps only */
  readonly onDenied?: (denied: DeniedItem) => void;
  /** @default - pages are read and forgotten */
  readonly onPage?: (page: SeenPage) => void;
}
