import { parseCidr, RangeSet, type AddressRange } from '../../../core/model/cidr.js';
import { CLOUDFRONT_PREFIX_LIST_NAMES, identifyPrefixList, type PrefixList } from '../../../core/model/prefix-list.js';
import type { IngressRule } from '../../../core/model/security-group.js';
import { FAMILIES, type Family } from '../../../core/plan.js';
import type { FakeState } from './fake-state.js';

/** What a rule counts that names one of CloudFront's lists. */
export const CLOUDFRONT_WEIGHT = 55;

/**
 * Whether a list or a group counts in both address families or in one: AWS's pages disagree, so the fake runs both. By
 * family, CloudFront's list counts in its own one, a group in IPv4, any other list in the family of its entries.
 */
export type Counting = 'both' | 'by-family';

/** The lists that rules can name, and what each weighs that is not CloudFront's; else it is what it may hold. */
export interface ListBook {
  readonly lists: readonly PrefixList[];
  readonly weights: Readonly<Record<string, number>>;
}

/** How much of the quota of rules some rules take, by address family. */
export function countRules(
  rules: readonly Pick<IngressRule, 'source'>[],
  book: ListBook,
  counting: Counting,
): Readonly<Record<Family, number>> {
  const count = { ipv4: 0, ipv6: 0 };
  for (const { source } of rules) {
    const list = source.kind === 'prefix-list' ? book.lists.find(({ id }) => id === source.prefixListId) : undefined;
    const weight = list === undefined ? 1 : weightOf(list, book);
    const own = source.kind === 'cidr' ? familyOf(source.cidr) : list === undefined ? 'ipv4' : familyOfList(list);
    for (const family of FAMILIES)
      if (family === own || (counting === 'both' && source.kind !== 'cidr')) count[family] += weight;
  }
  return count;
}

function weightOf(list: PrefixList, { weights }: ListBook): number {
  if (identifyPrefixList(list) === 'cloudfront') return CLOUDFRONT_WEIGHT;
  return weights[list.id] ?? list.maxEntries ?? (list.entries.known ? list.entries.value.length : 1);
}

const familyOf = ({ family }: AddressRange): Family => (family === 4 ? 'ipv4' : 'ipv6');

function familyOfList(list: PrefixList): Family {
  if (identifyPrefixList(list) === 'cloudfront')
    return list.name === CLOUDFRONT_PREFIX_LIST_NAMES.ipv6 ? 'ipv6' : 'ipv4';
  const [first] = list.entries.known ? list.entries.value : [];
  return first === undefined ? 'ipv4' : familyOf(first);
}

/** `cloudfront-ipv4`, `cloudfront-ipv6`, or a CIDR block. */
export type Source = `cloudfront-${Family}` | (string & {});

/**
 * Whether every address of a source can open a TCP connection to a port of a load balancer, by the rules of all its
 * groups together. Listeners, and the addresses that the load balancer itself has, are not looked at.
 */
export function reaches(
  { groups, loadBalancers }: FakeState,
  { lists }: Pick<ListBook, 'lists'>,
  source: Source,
  loadBalancerArn: string,
  port: number,
): boolean {
  const used = loadBalancers.find(({ arn }) => arn === loadBalancerArn)?.securityGroups ?? [];
  const rules = groups.filter(({ id }) => used.includes(id)).flatMap(({ ingress }) => ingress);
  const open = rules.filter((rule) => isOnPort(rule, port)).map((rule) => rule.source);
  const cited = open.flatMap((each) =>
    each.kind === 'prefix-list' ? lists.filter(({ id }) => id === each.prefixListId) : [],
  );
  const cloudfront = lists.find((list) => list.name === nameOf(source) && identifyPrefixList(list) === 'cloudfront');
  if (cloudfront !== undefined && cited.includes(cloudfront)) return true;
  const admitted = RangeSet.of([
    ...open.flatMap((each) => (each.kind === 'cidr' ? [each.cidr] : [])),
    ...cited.flatMap(({ entries }) => (entries.known ? entries.value : [])),
  ]);
  return rangesOf(source, cloudfront).every((range) => admitted.covers(range));
}

const CLOUDFRONT: ReadonlyMap<string, string> = new Map(
  FAMILIES.map((family) => [`cloudfront-${family}`, CLOUDFRONT_PREFIX_LIST_NAMES[family]]),
);
const nameOf = (source: Source): string | undefined => CLOUDFRONT.get(source);

function rangesOf(source: Source, cloudfront: PrefixList | undefined): readonly AddressRange[] {
  const entries = cloudfront?.entries.known === true ? cloudfront.entries.value : [];
  if (entries.length > 0) return entries;
  const text = WORLD.get(source) ?? source;
  const cidr = parseCidr(text);
  if (cidr === null) throw new RangeError(`${text} is no CIDR`);
  return [cidr];
}

/** What stands for CloudFront's addresses while they are not known. */
const WORLD: ReadonlyMap<string, string> = new Map([
  ['cloudfront-ipv4', '0.0.0.0/0'],
  ['cloudfront-ipv6', '::/0'],
]);

const isOnPort = ({ protocol, fromPort, toPort }: IngressRule, port: number): boolean =>
  protocol === '-1' || (protocol === 'tcp' && (fromPort ?? 0) <= port && port <= (toPort ?? 65_535));
