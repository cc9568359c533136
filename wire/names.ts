import * as z from 'zod/mini';
import { normalizeDomain } from '../core/model/domain-name.js';
import { MaybeText } from './shared.js';

/**
 * A Route 53 record set, of which only what leads on to names and addresses is kept.
 * Route 53 writes `*` as `\052`: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
 */
export const RecordSetItem = z.pipe(
  z.object({
    name: z.string(),
    type: z.string(),
    aliasTarget: z.nullish(z.object({ dNSName: z.string() })),
    resourceRecords: z.nullish(z.array(z.object({ value: z.string() }))),
  }),
  z.transform(({ name, type, aliasTarget, resourceRecords }) => {
    const values = (resourceRecords ?? []).map(({ value }) => value);
    const isAddress = type === 'A' || type === 'AAAA';
    return {
      name: normalizeDomain(name.replaceAll('\\052', '*')),
      names: [...(isAddress && aliasTarget ? [aliasTarget.dNSName] : []), ...(type === 'CNAME' ? values : [])].map(
        normalizeDomain,
      ),
      addresses: isAddress ? values : [],
    };
  }),
);
export type RecordSetItem = z.infer<typeof RecordSetItem>;

const DomainName = z.pipe(z.string(), z.transform(normalizeDomain));

/** A saved DNS answer; our own format, so it is read strictly. */
export const ResolutionItem = z.strictObject({
  name: DomainName,
  status: z.enum(['answered', 'no-such-name', 'failed', 'unanswered']),
  cnames: z._default(z.array(DomainName), []),
  addresses: z._default(z.array(z.string()), []),
  why: MaybeText,
  /** The failure in full, where it is another name's on the way. */
  failure: MaybeText,
});
export type ResolutionItem = z.infer<typeof ResolutionItem>;
/** A DNS answer as it is saved. */
export type Resolution = z.input<typeof ResolutionItem>;
