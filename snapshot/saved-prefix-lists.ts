import { compareText, known, missing, type Fact, type Gap } from '../core/fact.js';
import { groupBy } from '../core/group-by.js';
import type { PrefixListId, Scope } from '../core/ids.js';
import { CLOUDFRONT_PREFIX_LIST_NAMES, identifyPrefixList, type PrefixList } from '../core/model/prefix-list.js';
import type { PrefixListReader } from '../core/ports.js';
import type { Collected, PrefixListRecord } from './collected.js';
import type { Denials } from './denials.js';
import { unseen } from './not-seen.js';

/** The prefix lists that were saved. */
export function prefixListReader(
  { coverage, prefixLists, entries, ended }: Collected,
  assumed: readonly PrefixListId[],
  denials: Denials,
): PrefixListReader {
  const records = groupBy([...prefixLists].sort(byClaim), ({ id }) => id);
  const toPrefixList = (record: Omit<PrefixListRecord, 'ownerId' | 'region'>, ownerId: string): PrefixList => {
    const held = entries.get(record.id);
    const gap = unseen(
      `entries of ${record.id}`,
      `aws ec2 get-managed-prefix-list-entries, in a file named like ${record.id}.json`,
      held !== undefined,
    );
    const isWhole = held !== undefined && ended.has(record.id);
    const denied = denials.anywhere(`entries of ${record.id}`);
    return {
      id: record.id,
      name: record.name,
      ownerId,
      entries: isWhole ? known(held) : missing(denied ?? gap),
      ...(record.maxEntries === null ? {} : { maxEntries: record.maxEntries }),
    };
  };
  const ownLists = [...records.values()]
    .flatMap((same) => same.slice(0, 1))
    .filter(({ name, ownerId }) => ownerId === 'AWS' && identifyPrefixList({ name, ownerId }) === 'cloudfront');
  const prefixList = (id: PrefixListId, from: Scope): Fact<PrefixList> => {
    const [record] = records.get(id) ?? [];
    if (record !== undefined && record.ownerId !== null) return known(toPrefixList(record, record.ownerId));
    const listsSeen = coverage.gapAt('prefixLists', { accountId: null, region: from.region }) === null;
    if (record === undefined && !listsSeen && assumed.includes(id)) {
      return known(toPrefixList({ id, name: CLOUDFRONT_PREFIX_LIST_NAMES.ipv4, maxEntries: null }, 'AWS'));
    }
    return missing(denials.at('prefixLists', from) ?? prefixListGap(id, record !== undefined));
  };
  return {
    prefixLists: (ids, from) => Promise.resolve(new Map([...ids].map((id) => [id, prefixList(id, from)] as const))),
    cloudfrontPrefixLists: ({ region }) =>
      Promise.resolve(
        ownLists
          .filter((record) => record.region === null || record.region === region)
          .map((record) => toPrefixList(record, 'AWS'))
          .sort((a, b) => compareText(a.name, b.name)),
      ),
  };
}

/**
 * A list that somebody else claims too is not taken for AWS's own; a description without an owner comes last,
 * since `describe-managed-prefix-lists` may stand beside it.
 */
function byClaim(a: PrefixListRecord, b: PrefixListRecord): number {
  const rank = ({ ownerId }: PrefixListRecord): number => (ownerId === null ? 2 : ownerId === 'AWS' ? 1 : 0);
  return rank(a) - rank(b) || compareText(JSON.stringify(a), JSON.stringify(b));
}

const prefixListGap = (id: PrefixListId, withoutOwner: boolean): Gap => ({
  fact: `prefixList ${id}`,
  cause: 'unresolved',
  detail: withoutOwner
    ? `the owner of prefix list ${id} is not in the input; save describe-managed-prefix-lists in place of describe-prefix-lists`
    : `prefix list ${id} is not in the input; add the output of describe-managed-prefix-lists`,
});
