import type { Fact } from '../fact.js';
import type { PrefixListId } from '../ids.js';
import type { Cidr } from './cidr.js';

export interface PrefixList {
  readonly id: PrefixListId;
  readonly name: string;
  /** `AWS` for the lists AWS manages, else an account id. */
  readonly ownerId: string;
  readonly entries: Fact<readonly Cidr[]>;
  /** How many entries the list may hold, which is what a rule that cites it weighs. @default - not said, as for AWS's own lists */
  readonly maxEntries?: number;
}

/**
 * The names of the lists that hold CloudFront's origin-facing addresses, by address family.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html
 */
export const CLOUDFRONT_PREFIX_LIST_NAMES = {
  ipv4: 'com.amazonaws.global.cloudfront.origin-facing',
  ipv6: 'com.amazonaws.global.ipv6.cloudfront.origin-facing',
} as const;

const NAMES: readonly string[] = Object.values(CLOUDFRONT_PREFIX_LIST_NAMES);

/** Whose list it is, as far as an ingress rule is concerned. */
export type PrefixListIdentity = 'cloudfront' | 'lookalike' | 'aws' | 'customer';

/**
 * Tells CloudFront's own list from everybody else's.
 *
 * The name alone proves nothing, since a customer names a list freely; the owner `AWS` cannot be claimed.
 */
export function identifyPrefixList({ name, ownerId }: Pick<PrefixList, 'name' | 'ownerId'>): PrefixListIdentity {
  if (ownerId === 'AWS') return NAMES.includes(name) ? 'cloudfront' : 'aws';
  return NAMES.includes(name.trim().toLowerCase()) ? 'lookalike' : 'customer';
}
