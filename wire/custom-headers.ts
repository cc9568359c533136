import * as z from 'zod/mini';
import { SecretText, type Digest } from '../core/model/header-value.js';
import type { Origin } from '../core/model/distribution.js';

/** A header that CloudFront adds, as it was read: its value is not sealed yet. */
export interface OpenHeader {
  readonly name: string;
  readonly value: SecretText;
}

/** An origin as it was read. */
export type OpenOrigin = Omit<Origin, 'customHeaders'> & { readonly customHeaders?: readonly OpenHeader[] };

/**
 * The name of a header, as AWS writes it: without white space or control characters, so that it may stand in a message.
 * Source: https://www.rfc-editor.org/rfc/rfc9110#section-5.1
 */
export const HeaderName = z.string().check(z.regex(/^[\w!#$%&'*+.^`|~-]+$/));

/** CloudFront leaves `Items` out of an empty list. */
const CustomHeaders = z.object({
  quantity: z.optional(z.nullable(z.number())),
  items: z.optional(z.nullable(z.array(z.object({ headerName: HeaderName, headerValue: z.string() })))),
});

/** The headers, or `null` where they are not said in full: not every verdict needs them, and none may show them in an error. */
export function toCustomHeaders(given: unknown): readonly OpenHeader[] | null {
  const list = CustomHeaders.safeParse(given).data;
  if (list === undefined) return null;
  const items = list.items ?? [];
  const promised = list.quantity ?? (list.items === undefined || list.items === null ? null : items.length);
  if (promised === null || promised > items.length) return null;
  return items.map(({ headerName: name, headerValue }) => ({ name, value: new SecretText(headerValue) }));
}

/** The origin with the values of its headers sealed; from here on nobody can show them. */
export function sealOrigin({ customHeaders, ...origin }: OpenOrigin, digest: Digest): Origin {
  if (customHeaders === undefined) return origin;
  return { ...origin, customHeaders: customHeaders.map(({ name, value }) => ({ name, value: value.seal(digest) })) };
}
