import { identifyPrefixList, type PrefixList } from '../../core/model/prefix-list.js';
import type { IngressRule } from '../../core/model/security-group.js';
import { FAMILIES, type Family, type Grant } from '../../core/plan.js';
import { familyOfList, type Lists } from './admission.js';
import type { PlanOptions } from './options.js';

type Model = PlanOptions['quotaModel'];

/** What a rule that names one of CloudFront's lists counts. */
export const CLOUDFRONT_WEIGHT = 55;

/**
 * What a rule counts that names a list of AWS's own; their entries say nothing about it.
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
 */
const AWS_WEIGHTS: readonly (readonly [RegExp, number])[] = [
  [/\.route53-healthchecks$/, 25],
  [/\.vpc-lattice$/, 10],
  [/\.s3express$/, 6],
  [/\.groundstation$/, 5],
  [/\.ec2-instance-connect$/, 2],
  [/\.(?:s3|dynamodb)$/, 1],
];

/** How much of the quota of rules some rules take, by address family. */
export type Count = Readonly<Record<Family, number>>;

/** How much a set of rules counts, or the list whose weight nobody knows. */
export function countRules(
  rules: readonly IngressRule[],
  lists: Lists,
  model: Model,
): { readonly count: Count } | { readonly unknown: string } {
  const count: Record<Family, number> = { ipv4: 0, ipv6: 0 };
  for (const { source } of rules) {
    if (source.kind === 'cidr') {
      count[source.cidr.family === 4 ? 'ipv4' : 'ipv6'] += 1;
      continue;
    }
    const list = source.kind === 'prefix-list' ? lists.get(source.prefixListId) : undefined;
    const weight = source.kind === 'prefix-list' ? weightOf(list?.known === true ? list.value : null) : 1;
    if (weight === null) return { unknown: source.kind === 'prefix-list' ? source.prefixListId : source.groupId };
    const own =
      list?.known === true && identifyPrefixList(list.value) === 'cloudfront' ? familyOfList(list.value) : null;
    for (const family of FAMILIES) {
      if (model === 'both' || own === null || own === family) count[family] += weight;
    }
  }
  return { count };
}

/** A list of a customer weighs what it may hold at most, not what it holds. An AWS list that is not in the table is taken for a heavy one. */
function weightOf(list: PrefixList | null): number | null {
  if (list === null) return null;
  switch (identifyPrefixList(list)) {
    case 'cloudfront':
      return CLOUDFRONT_WEIGHT;
    case 'aws':
      return AWS_WEIGHTS.find(([name]) => name.test(list.name))?.[1] ?? CLOUDFRONT_WEIGHT;
    case 'lookalike':
    case 'customer':
      return list.maxEntries ?? null;
  }
}

/** The count with some grants beside it. */
export function withGrants(count: Count, grants: readonly Grant[], model: Model): Count {
  const added = (family: Family): number =>
    grants.filter((grant) => model === 'both' || grant.family === family).length * CLOUDFRONT_WEIGHT;
  return { ipv4: count.ipv4 + added('ipv4'), ipv6: count.ipv6 + added('ipv6') };
}

/** Whether a count stays within a limit in both address families. */
export const fits = (count: Count, limit: number): boolean => FAMILIES.every((family) => count[family] <= limit);
