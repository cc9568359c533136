import { z } from 'zod';
import { parseCidr, type Cidr } from '../../core/model/cidr.js';

/**
 * AWS Config writes the API's names with a small first letter (`DNSName` becomes `dNSName`), so one schema
 * over small letters reads both `aws` command output and configuration items.
 */
export function lowerFirstKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerFirstKeys);
  if (value === null || typeof value !== 'object') return value;
  const lowered: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    lowered[key.charAt(0).toLowerCase() + key.slice(1)] = lowerFirstKeys(inner);
  }
  return lowered;
}

export const CidrText = z.string().transform((given, context): Cidr => {
  const cidr = parseCidr(given);
  if (cidr !== null) return cidr;
  context.addIssue({
    code: 'custom',
    message: 'expected a CIDR such as 203.0.113.0/24 or 2001:db8::/32',
    input: given,
  });
  return z.NEVER;
});

/** A list of AWS tags as a record. */
export const TagList = z
  .array(z.object({ key: z.string(), value: z.string().nullish() }))
  .transform((tags): Readonly<Record<string, string>> =>
    Object.fromEntries(tags.map(({ key, value }) => [key, value ?? ''])),
  );

/** A text that may be absent; AWS writes absent texts as null, as empty, or not at all. */
export const MaybeText = z
  .string()
  .nullish()
  .transform((given) => (given === undefined || given === '' ? null : given));

/** CloudFront's list form: `{ Quantity, Items }`, with `Items` left out when it is empty. */
export const itemsOf = <S extends z.ZodType>(item: S) =>
  z
    .object({ quantity: z.number().nullish(), items: z.array(item).nullish() })
    .refine(({ quantity, items }) => (quantity ?? 0) <= (items?.length ?? 0), {
      error: 'expected as many Items as Quantity says',
    })
    .transform(({ items }) => items ?? []);
