import { DescribeManagedPrefixListsCommand, GetManagedPrefixListEntriesCommand } from '@aws-sdk/client-ec2';
import { OriginGuardError } from '../../core/errors.js';
import { known, missing, type Fact } from '../../core/fact.js';
import type { PrefixListId } from '../../core/ids.js';
import type { Cidr } from '../../core/model/cidr.js';
import type { PrefixList } from '../../core/model/prefix-list.js';
import { PrefixListEntryItem, PrefixListItem } from '../../wire/ec2.js';
import { textOrNull } from '../../wire/shared.js';
import type { Session } from '../session.js';
import { readItem } from './items.js';
import { listOf, readPages } from './pages.js';

/** Everything these readers may call. */
export const iamActions = ['ec2:DescribeManagedPrefixLists', 'ec2:GetManagedPrefixListEntries'] as const;

/** The largest page. Source: API reference of DescribeManagedPrefixLists and GetManagedPrefixListEntries. */
const PAGE_SIZE = 100;

/** Every prefix list that the account sees in the Region, AWS's own among them; the entries are not read. */
export async function readPrefixLists(session: Session): Promise<Fact<readonly PrefixList[]>> {
  const pages = await readPages(session, {
    fact: 'prefixLists',
    what: 'prefix lists',
    action: iamActions[0],
    command: 'describe-managed-prefix-lists',
    page: (NextToken, options) =>
      session.clients.ec2.send(new DescribeManagedPrefixListsCommand({ NextToken, MaxResults: PAGE_SIZE }), options),
    next: ({ NextToken }) => NextToken,
  });
  if (!pages.known) return pages;
  return known(
    pages.value
      .flatMap((page) => listOf(page.PrefixLists, 'PrefixLists'))
      .map((element) => toPrefixList(readItem(PrefixListItem, element, `prefix list ${element.PrefixListId ?? '?'}`))),
  );
}

function toPrefixList(item: PrefixListItem): PrefixList {
  const { prefixListId: id, prefixListName: name } = item;
  const ownerId = textOrNull(item.ownerId);
  // Only the owner tells CloudFront's own list from one that carries its name.
  if (ownerId === null) throw new OriginGuardError('E2006', `prefix list ${id}: ownerId: expected its owner`);
  const entries = missing({
    fact: `entries of ${id}`,
    cause: 'not-seen',
    detail: `the entries of ${id} were not read`,
  });
  return {
    id,
    name,
    ownerId,
    entries,
    ...(typeof item.maxEntries === 'number' ? { maxEntries: item.maxEntries } : {}),
  };
}

/** The entries of one prefix list, in its current version. */
export async function readPrefixListEntries(session: Session, id: PrefixListId): Promise<Fact<readonly Cidr[]>> {
  const pages = await readPages(session, {
    fact: `entries of ${id}`,
    what: `the entries of ${id}`,
    action: iamActions[1],
    command: 'get-managed-prefix-list-entries',
    about: id,
    page: (NextToken, options) =>
      session.clients.ec2.send(
        new GetManagedPrefixListEntriesCommand({ PrefixListId: id, NextToken, MaxResults: PAGE_SIZE }),
        options,
      ),
    next: ({ NextToken }) => NextToken,
  });
  if (!pages.known) return pages;
  return known(
    pages.value
      .flatMap((page) => listOf(page.Entries, 'Entries'))
      .map((element) => readItem(PrefixListEntryItem, element, `an entry of ${id}`).cidr),
  );
}
