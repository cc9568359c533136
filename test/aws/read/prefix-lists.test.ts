import {
  DescribeManagedPrefixListsCommand,
  GetManagedPrefixListEntriesCommand,
  type EC2Client,
  type ManagedPrefixList,
} from '@aws-sdk/client-ec2';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readPrefixListEntries, readPrefixLists } from '../../../aws/read/prefix-lists.js';
import { known } from '../../../core/fact.js';
import { CLOUDFRONT_PREFIX_LIST_NAMES } from '../../../core/model/prefix-list.js';
import { ACCOUNT, block, CLOUDFRONT_V4, listId, REGION } from '../../support/builders.js';
import { awsError, testSession } from '../support/session.js';

const CLOUDFRONT: ManagedPrefixList = {
  PrefixListId: CLOUDFRONT_V4,
  PrefixListName: CLOUDFRONT_PREFIX_LIST_NAMES.ipv4,
  OwnerId: 'AWS',
  PrefixListArn: `arn:aws:ec2:${REGION}:aws:prefix-list/${CLOUDFRONT_V4}`,
  State: 'create-complete',
  AddressFamily: 'IPv4',
  Version: 1,
};
const OFFICE: ManagedPrefixList = {
  ...CLOUDFRONT,
  PrefixListId: 'pl-0ff1ce',
  PrefixListName: 'office',
  OwnerId: ACCOUNT,
};
const OFFICE_ID = listId('pl-0ff1ce');

let session: ReturnType<typeof testSession>;
let ec2: AwsClientStub<EC2Client>;

beforeEach(() => {
  session = testSession();
  ec2 = mockClient(session.clients.ec2);
});

describe('readPrefixLists', () => {
  const lists = (...all: readonly ManagedPrefixList[]) =>
    ec2.on(DescribeManagedPrefixListsCommand).resolves({ PrefixLists: [...all] });

  test('gives id, name and owner of each, the entries unread', async () => {
    lists(CLOUDFRONT, OFFICE);
    const entries = (id: string) => ({
      known: false,
      gap: { fact: `entries of ${id}`, cause: 'not-seen', detail: `the entries of ${id} were not read` },
    });
    await expect(readPrefixLists(session)).resolves.toEqual(
      known([
        {
          id: CLOUDFRONT_V4,
          name: CLOUDFRONT_PREFIX_LIST_NAMES.ipv4,
          ownerId: 'AWS',
          entries: entries(CLOUDFRONT_V4),
        },
        { id: OFFICE_ID, name: 'office', ownerId: ACCOUNT, entries: entries(OFFICE_ID) },
      ]),
    );
    expect(ec2.calls().map(({ args: [{ input }] }) => input)).toEqual([{ MaxResults: 100 }]);
  });

  test('says how many entries a list may hold, where AWS does', async () => {
    lists(CLOUDFRONT, { ...OFFICE, MaxEntries: 20 });
    const read = await readPrefixLists(session);
    expect(read.known && read.value.map(({ maxEntries }) => maxEntries)).toEqual([undefined, 20]);
  });

  test('reads every page', async () => {
    ec2
      .on(DescribeManagedPrefixListsCommand)
      .resolves({ PrefixLists: [OFFICE], NextToken: 'more' })
      .on(DescribeManagedPrefixListsCommand, { NextToken: 'more', MaxResults: 100 })
      .resolves({ PrefixLists: [CLOUDFRONT] });
    await expect(readPrefixLists(session)).resolves.toMatchObject(known([{ id: OFFICE_ID }, { id: CLOUDFRONT_V4 }]));
  });

  test('a refusal is a gap', async () => {
    ec2.on(DescribeManagedPrefixListsCommand).rejects(awsError('UnauthorizedOperation'));
    await expect(readPrefixLists(session)).resolves.toMatchObject({
      known: false,
      gap: {
        fact: 'prefixLists',
        cause: 'access-denied',
        detail: expect.stringContaining('allow ec2:DescribeManagedPrefixLists'),
      },
    });
  });

  test('throttling is an error', async () => {
    ec2.on(DescribeManagedPrefixListsCommand).rejects(awsError('RequestLimitExceeded'));
    await expect(readPrefixLists(session)).rejects.toMatchObject({ code: 'E2001' });
  });

  test.each([
    [{ PrefixListId: 'three' }, 'prefix list three: prefixListId: '],
    [{ PrefixListId: undefined }, 'prefix list ?: prefixListId: '],
    [{ PrefixListName: undefined }, 'prefix list pl-0ff1ce: prefixListName: '],
    [{ OwnerId: undefined }, 'prefix list pl-0ff1ce: ownerId: '],
    [{ OwnerId: '' }, 'prefix list pl-0ff1ce: ownerId: '],
  ])('a list with %j is an error', async (overrides, detail) => {
    lists(CLOUDFRONT, { ...OFFICE, ...overrides });
    await expect(readPrefixLists(session)).rejects.toMatchObject({
      code: 'E2006',
      detail: expect.stringContaining(detail),
    });
  });

  test('an answer without a list is an error', async () => {
    ec2.on(DescribeManagedPrefixListsCommand).resolves({});
    await expect(readPrefixLists(session)).rejects.toMatchObject({ code: 'E2006' });
  });
});

describe('readPrefixListEntries', () => {
  test('gives the blocks of every page, and names the list of each page it records', async () => {
    ec2
      .on(GetManagedPrefixListEntriesCommand, { PrefixListId: OFFICE_ID, MaxResults: 100 })
      .resolves({ Entries: [{ Cidr: '203.0.113.0/24', Description: 'one' }], NextToken: 'more' })
      .on(GetManagedPrefixListEntriesCommand, { PrefixListId: OFFICE_ID, MaxResults: 100, NextToken: 'more' })
      .resolves({ Entries: [{ Cidr: '2001:db8::/32' }] });
    await expect(readPrefixListEntries(session, OFFICE_ID)).resolves.toEqual(
      known([block('203.0.113.0/24'), block('2001:db8::/32')]),
    );
    expect(session.seen.map(({ command, about }) => [command, about])).toEqual([
      ['get-managed-prefix-list-entries', OFFICE_ID],
      ['get-managed-prefix-list-entries', OFFICE_ID],
    ]);
  });

  test('a list without entries has none', async () => {
    ec2.on(GetManagedPrefixListEntriesCommand).resolves({ Entries: [] });
    await expect(readPrefixListEntries(session, OFFICE_ID)).resolves.toEqual(known([]));
  });

  test('a refusal is a gap', async () => {
    ec2.on(GetManagedPrefixListEntriesCommand).rejects(awsError('UnauthorizedOperation'));
    await expect(readPrefixListEntries(session, OFFICE_ID)).resolves.toMatchObject({
      known: false,
      gap: {
        fact: 'entries of pl-0ff1ce',
        cause: 'access-denied',
        detail: expect.stringContaining('allow ec2:GetManagedPrefixListEntries'),
      },
    });
  });

  test('throttling is an error', async () => {
    ec2.on(GetManagedPrefixListEntriesCommand).rejects(awsError('RequestLimitExceeded'));
    await expect(readPrefixListEntries(session, OFFICE_ID)).rejects.toMatchObject({ code: 'E2001' });
  });

  test.each([[{ Entries: [{ Cidr: '203.0.113.0' }] }], [{ Entries: [{}] }], [{}]])('%j is an error', async (answer) => {
    ec2.on(GetManagedPrefixListEntriesCommand).resolves(answer);
    await expect(readPrefixListEntries(session, OFFICE_ID)).rejects.toMatchObject({ code: 'E2006' });
  });
});
