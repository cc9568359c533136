import * as z from 'zod/mini';
import type { InventoryAccess } from '../aws/inventory-source.js';
import { toAccountId, toRegion } from '../core/ids.js';
import { parseEnvironment } from './environment.js';
import { WholeHours } from './setting-kinds.js';

const HOUR_MS = 3_600_000;

/** What S3 takes as the name of a bucket. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const BucketName = z
  .string({ error: 'allowed: the name of a bucket' })
  .check(z.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { error: 'allowed: the name of a bucket' }));

const accountId = z
  .string()
  .check(z.refine((text) => toAccountId(text) !== null, { error: 'allowed: an account id of 12 digits' }));

const region = z
  .string()
  .check(z.refine((text) => toRegion(text) !== null, { error: 'allowed: a Region such as us-east-1' }));

const Access = z.object({
  INVENTORY_BUCKET: z.optional(BucketName),
  INVENTORY_BUCKET_OWNER: z.optional(accountId),
  INVENTORY_BUCKET_REGION: z.optional(region),
  INVENTORY_MAX_AGE_HOURS: z._default(WholeHours, 24),
});

/** The names of the environment variables that lead to the inventory; `docs/operations.md` lists them. */
export const INVENTORY_ACCESS_NAMES: readonly string[] = Object.keys(Access.shape);

/** Reads where the inventory is from the environment; raises `E1011` with the variable, its value and what is allowed. */
export function parseInventoryAccess(env: Readonly<Record<string, string | undefined>>): InventoryAccess {
  const given = parseEnvironment(Access, env);
  return {
    bucket: given.INVENTORY_BUCKET ?? null,
    owner: toAccountId(given.INVENTORY_BUCKET_OWNER),
    region: toRegion(given.INVENTORY_BUCKET_REGION),
    maxAgeMs: given.INVENTORY_MAX_AGE_HOURS * HOUR_MS,
  };
}
