import * as z from 'zod/mini';
import { AccountId, Region } from '../core/ids.js';

/** A read that AWS refused to `collect`; our own format, so it is read strictly. */
export const DeniedItem = z.strictObject({
  /** The fact as gaps name it: `distributions`. */
  fact: z.string(),
  /** What was refused, and the permission that would have allowed it. */
  detail: z.string(),
  accountId: AccountId,
  region: Region,
});
export type DeniedItem = z.infer<typeof DeniedItem>;
