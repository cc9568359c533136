import * as z from 'zod';
import type { ZodMiniType } from 'zod/mini';
import { parseCidr, type Cidr } from '../core/model/cidr.js';

/** A schema of either form of zod. */
export type Schema = z.ZodType | ZodMiniType;

/**
 * AWS Config writes the API's names with a small first letter (`DNSName` becomes `dNSName`), so one schema
 * over small letters reads both `aws` command output and configuration items.
 */
export function lowerFirstKeys(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(lowerFirstKeys);
  const source = value as Readonly<Record<string, unknown>>;
  const lowered: Record<string, unknown> = {};
  for (const key of Object.keys(source)) {
    // Assigning to this key would set the prototype, and with it properties that the input does not have.
    if (key !== '__proto__') lowered[lowerFirst(key)] = lowerFirstKeys(source[key]);
  }
  return lowered;
}

/** The key itself where its first letter is small already, which spares a new text. */
function lowerFirst(key: string): string {
  const first = key.charCodeAt(0);
  return first >= 65 && first <= 90 ? key.charAt(0).toLowerCase() + key.slice(1) : key;
}

export const CIDR_EXPECTED = 'a CIDR such as 203.0.113.0/24 or 2001:db8::/32';

export const CidrText = z.string().transform((given, context): Cidr => {
  const cidr = parseCidr(given);
  if (cidr !== null) return cidr;
  context.addIssue({
    code: 'custom',
    message: `expected ${CIDR_EXPECTED}`,
    input: given,
  });
  return z.NEVER;
});

export const isRecord = (given: unknown): given is Readonly<Record<string, unknown>> =>
  given !== null && typeof given === 'object' && !Array.isArray(given);

/** A list of AWS tags as a record. */
export const TagList = z
  .array(z.object({ key: z.string(), value: z.string().nullish() }))
  .transform((tags): Readonly<Record<string, string>> =>
    Object.fromEntries(tags.map(({ key, value }) => [key, value ?? ''])),
  );

/** A text that may be absent; AWS writes absent texts as null, as empty, or not at all. See `textOrNull`. */
export const MaybeText = z.string().nullish();

/** The one form of an absent text. A function and no part of the schema, since that costs more than all the rest of it. */
export const textOrNull = (given: string | null | undefined): string | null =>
  given === undefined || given === '' ? null : given;

/** CloudFront's list form: `{ Quantity, Items }`, with `Items` left out when it is empty. */
export const itemsOf = <S extends z.ZodType>(item: S) =>
  z
    .object({ quantity: z.number().nullish(), items: z.array(item).nullish() })
    .refine(({ quantity, items }) => (quantity ?? 0) <= (items?.length ?? 0), {
      error: 'expected as many Items as Quantity says',
    })
    .transform(({ items }) => items ?? []);
