import { createHmac, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import * as fc from 'fast-check';
import { AccountId, Region } from '../../core/ids.js';
import { readSnapshot } from '../../snapshot/read-snapshot.js';
import { openPageWriter, type SavedPage } from '../../snapshot/write-pages.js';
import { hideHeaderValues } from '../../wire/hide-headers.js';
import { propertyRuns } from '../support/property-runs.js';
import { ACCOUNT, alb, distribution, group, items, prefixList, type Json } from '../support/saved-files.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  }
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-pages-'));
  folders.push(folder);
  return folder;
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

const place = { accountId: AccountId.parse(ACCOUNT), region: Region.parse('us-east-1') };
const regional = (command: string, page: object, about?: string): SavedPage => ({
  ...place,
  command,
  page,
  ...(about === undefined ? {} : { about }),
});
const global = (command: string, page: object, about?: string): SavedPage => ({
  ...regional(command, page, about),
  region: null,
});

/** The files of a folder into which these pages were written. */
async function written(...pages: readonly SavedPage[]): Promise<string> {
  const folder = newFolder();
  const writer = await openPageWriter(folder);
  for (const page of pages) writer.keep(page);
  await writer.write();
  return folder;
}

async function read(...pages: readonly SavedPage[]) {
  return readSnapshot([await written(...pages)], {
    flags: { accountId: null, region: null },
    cloudfrontPrefixLists: [],
  });
}

describe('where pages go', () => {
  test('the account and the Region are folders, and what has no Region is in global', async () => {
    const folder = newFolder();
    const writer = await openPageWriter(folder);
    writer.keep(regional('describe-load-balancers', { LoadBalancers: [] }));
    writer.keep(global('list-distributions', { DistributionList: { Quantity: 0 } }));
    writer.keep(regional('get-managed-prefix-list-entries', { Entries: [] }, 'pl-0cafe'));
    writer.keepResolutions([{ name: 'www.example.com', status: 'no-such-name' }]);
    expect(await writer.write()).toBe(4);
    expect(filesIn(folder)).toEqual([
      `${ACCOUNT}/global/list-distributions-1.json`,
      `${ACCOUNT}/us-east-1/describe-load-balancers-1.json`,
      `${ACCOUNT}/us-east-1/get-managed-prefix-list-entries-pl-0cafe-1.json`,
      'names/resolutions-1.json',
    ]);
  });

  test('pages of one command are numbered as they come', async () => {
    const folder = await written(...['a', 'b', 'c'].map((GroupId) => regional('x', { SecurityGroups: [{ GroupId }] })));
    expect(filesIn(folder).map((name) => name.split('/').at(-1))).toEqual(['x-1.json', 'x-2.json', 'x-3.json']);
    expect(readFileSync(join(folder, ACCOUNT, 'us-east-1', 'x-2.json'), 'utf8')).toContain('"b"');
  });

  test('what a page is about is written with letters that every file system takes', async () => {
    const abouts = ['*.example.com', '?.example.com', '../../up', 'arn:aws:x/y', 'UP', 'up', 'x'.repeat(400)];
    const folder = await written(...abouts.map((about) => global('list', {}, about)));
    const names = filesIn(folder).map((name) => name.slice(`${ACCOUNT}/global/`.length));
    expect(names).toHaveLength(abouts.length);
    for (const name of names) expect(name).toMatch(/^list-[\w.-]{1,120}-\d\.json$/);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(abouts.length);
  });
});

describe('what a file holds', () => {
  const name = `${ACCOUNT}/us-east-1/x-1.json`;
  const folder = () => written(page);
  const page = regional('x', {
    $metadata: { requestId: 'r', httpStatusCode: 200 },
    LoadBalancers: [
      { Zeta: undefined, CreatedTime: new Date('2026-05-04T03:02:01Z'), Alpha: { b: 1, a: null, c: [] } },
    ],
    NextMarker: 'next',
  });

  test('dates are ISO, keys are in order, what the SDK adds is left out', async () => {
    expect(readFileSync(join(await folder(), name), 'utf8')).toBe(
      `${[
        '{',
        '  "LoadBalancers": [',
        '    {',
        '      "Alpha": {',
        '        "a": null,',
        '        "b": 1,',
        '        "c": []',
        '      },',
        '      "CreatedTime": "2026-05-04T03:02:01.000Z"',
        '    }',
        '  ],',
        '  "NextMarker": "next"',
        '}',
      ].join('\n')}\n`,
    );
  });

  test('the order of keys does not depend on the order in which AWS gave them', async () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 });
    await fc.assert(
      fc.asyncProperty(json, async (content) => {
        const backwards = Object.fromEntries(Object.entries(content).reverse());
        const [first, second] = await Promise.all([content, backwards].map((each) => written(regional('x', each))));
        const texts = [first, second].map((each) => readFileSync(join(each ?? '', name), 'utf8'));
        expect(texts[0]).toBe(texts[1]);
        const { $metadata: _, ...rest } = content;
        expect(JSON.parse(texts[0] ?? '')).toEqual(JSON.parse(JSON.stringify(rest)));
      }),
      { numRuns: propertyRuns(30) },
    );
  });

  test('a page is kept as it is when it comes, whatever becomes of it', async () => {
    const content = { LoadBalancers: ['a'] };
    const target = newFolder();
    const writer = await openPageWriter(target);
    writer.keep(regional('x', content));
    content.LoadBalancers.push('b');
    await writer.write();
    expect(readFileSync(join(target, name), 'utf8')).not.toContain('"b"');
  });

  test('only the owner may read it, and its folders', async () => {
    const target = await folder();
    const modeOf = (path: string) => statSync(join(target, path)).mode & 0o777;
    expect([modeOf(name), modeOf(ACCOUNT), modeOf(`${ACCOUNT}/us-east-1`)]).toEqual([0o600, 0o700, 0o700]);
    const made = join(target, 'new', 'deep');
    await openPageWriter(made);
    expect([statSync(made).mode & 0o777, statSync(join(target, 'new')).mode & 0o777]).toEqual([0o700, 0o700]);
  });
});

describe('nothing that is there is replaced', () => {
  test.each(['.hidden', 'saved.json'])('a folder with %s in it is refused', async (name) => {
    const folder = newFolder();
    writeFileSync(join(folder, name), 'mine');
    await expect(openPageWriter(folder)).rejects.toMatchObject({
      code: 'E1012',
      message: expect.stringContaining(name) as string,
    });
    expect(readFileSync(join(folder, name), 'utf8')).toBe('mine');
  });

  test('a file in place of the folder is refused', async () => {
    const path = join(newFolder(), 'file');
    writeFileSync(path, 'mine');
    await expect(openPageWriter(path)).rejects.toMatchObject({ code: 'E1009' });
  });

  test('of two runs into one folder the second writes nothing', async () => {
    const folder = newFolder();
    const [first, second] = await Promise.all([openPageWriter(folder), openPageWriter(folder)]);
    first.keep(regional('x', { SecurityGroups: ['first'] }));
    second.keep({ ...regional('x', { SecurityGroups: ['second'] }) });
    second.keep({ ...regional('x', {}), accountId: AccountId.parse('000000000000') });
    await first.write();
    await expect(second.write()).rejects.toMatchObject({ code: 'E1009' });
    expect(filesIn(folder)).toEqual([`${ACCOUNT}/us-east-1/x-1.json`]);
    expect(readFileSync(join(folder, ACCOUNT, 'us-east-1', 'x-1.json'), 'utf8')).toContain('first');
    expect(readdirSync(folder)).toEqual([ACCOUNT]);
  });

  test('a failure in the middle leaves nothing behind', async () => {
    const folder = newFolder();
    const writer = await openPageWriter(folder);
    writer.keep(regional('x', { SecurityGroups: [] }));
    writer.keepResolutions([{ name: 'a', status: 'no-such-name' }]);
    mkdirSync(join(folder, 'names'));
    await expect(writer.write()).rejects.toMatchObject({ code: 'E1009' });
    expect(readdirSync(folder)).toEqual(['names']);
  });

  test('nothing is there before everything is', async () => {
    const folder = newFolder();
    const writer = await openPageWriter(folder);
    writer.keep(regional('x', { SecurityGroups: [] }));
    expect(readdirSync(folder)).toEqual([]);
    expect(await writer.write()).toBe(1);
  });
});

describe('what is read back', () => {
  const groups = (names: readonly string[], NextToken?: string): Json => ({
    SecurityGroups: names.map((GroupId) => group({ GroupId })),
    ...(NextToken === undefined ? {} : { NextToken }),
  });
  const marked = (key: string, elements: readonly Json[], NextMarker?: string): Json => ({
    [key]: elements,
    ...(NextMarker && { NextMarker }),
  });
  const cloudfront = (key: string, elements: readonly Json[], IsTruncated: boolean): Json => ({
    [key]: { IsTruncated, Marker: '', MaxItems: 1, ...items(elements), ...(IsTruncated && { NextMarker: 'x' }) },
  });
  const account = place.accountId;

  test('a listing in several files is complete, each kind in its own way of paging', async () => {
    const { ports, warnings } = await read(
      regional('describe-security-groups', groups(['sg-0a', 'sg-0b'], 't')),
      regional('describe-security-groups', groups([], 'u')),
      regional('describe-security-groups', groups(['sg-0c'])),
      regional('describe-load-balancers', marked('LoadBalancers', [alb()], 'm')),
      regional('describe-load-balancers', marked('LoadBalancers', [])),
      global('list-distributions', cloudfront('DistributionList', [distribution()], true)),
      global('list-distributions', cloudfront('DistributionList', [distribution({ Id: 'E2' })], false)),
      global(
        'list-distribution-tenants',
        marked('DistributionTenantList', [{ Id: 'dt_1', DistributionId: 'E1WEB' }], 'm'),
      ),
      global('list-distribution-tenants', marked('DistributionTenantList', [{ Id: 'dt_2', DistributionId: 'E1WEB' }])),
    );
    expect(warnings.filter((warning) => warning.includes('goes on in a page'))).toEqual([]);
    expect((await ports.securityGroups('every')).map(({ id }) => id)).toEqual(['sg-0a', 'sg-0b', 'sg-0c']);
    const loadBalancers = await ports.loadBalancers();
    expect(loadBalancers.gapAt(place)).toBeNull();
    const distributions = await ports.distributions();
    expect([distributions.items.map(({ id }) => id), distributions.gapAt(account)]).toEqual([['E1WEB', 'E2'], null]);
    const [web] = distributions.items;
    const tenants = web === undefined ? undefined : await ports.tenantsOf(web);
    expect(tenants).toMatchObject({ known: true, value: [{ id: 'dt_1' }, { id: 'dt_2' }] });
  });

  test.each<readonly [string, SavedPage]>([
    ['load balancers', regional('describe-load-balancers', marked('LoadBalancers', [alb()], 'm'))],
    ['distributions', global('list-distributions', cloudfront('DistributionList', [distribution()], true))],
  ])('a listing of %s without its last page is not', async (_name, page) => {
    const { ports } = await read(page);
    const gap =
      page.region === null ? (await ports.distributions()).gapAt(account) : (await ports.loadBalancers()).gapAt(place);
    expect(gap).toMatchObject({ cause: 'incomplete' });
  });

  test('what has no Region proves nothing about one, and the account counts', async () => {
    const { ports } = await read(
      global('list-distributions', cloudfront('DistributionList', [], false)),
      regional('describe-security-groups', groups(['sg-0a'])),
    );
    expect((await ports.distributions()).gapAt(account)).toBeNull();
    expect((await ports.distributions()).gapAt(AccountId.parse('444455556666'))).toMatchObject({ cause: 'not-seen' });
    expect((await ports.loadBalancers()).gapAt(place)).toMatchObject({ cause: 'not-seen' });
  });

  test('the entries of a prefix list belong to the list that the name of the file names', async () => {
    const id = 'pl-0cafe1234' as never;
    const { ports } = await read(
      regional('describe-managed-prefix-lists', { PrefixLists: [prefixList({ PrefixListId: id, OwnerId: ACCOUNT })] }),
      regional('get-managed-prefix-list-entries', { Entries: [{ Cidr: '203.0.113.0/25' }], NextToken: 't' }, id),
      regional('get-managed-prefix-list-entries', { Entries: [{ Cidr: '203.0.113.128/25' }] }, id),
    );
    const list = (await ports.prefixLists(new Set([id]), place, 'with-entries')).get(id);
    expect(list).toMatchObject({
      known: true,
      value: { entries: { known: true, value: [{ text: '203.0.113.0/25' }, { text: '203.0.113.128/25' }] } },
    });
  });

  test('names are followed through saved records and answers', async () => {
    const folder = newFolder();
    const writer = await openPageWriter(folder);
    writer.keep(
      global(
        'list-resource-record-sets',
        {
          ResourceRecordSets: [
            { Name: 'a.example.com.', Type: 'CNAME', ResourceRecords: [{ Value: 'b.example.com' }] },
          ],
        },
        'a.example.com',
      ),
    );
    writer.keepResolutions([{ name: 'b.example.com', status: 'answered', cnames: [], addresses: ['203.0.113.9'] }]);
    await writer.write();
    const { ports, warnings } = await readSnapshot([folder], {
      flags: { accountId: null, region: null },
      cloudfrontPrefixLists: [],
    });
    expect(await ports.resolve('a.example.com')).toEqual({
      kind: 'answered',
      names: ['b.example.com'],
      addresses: ['203.0.113.9'],
      failure: null,
    });
    expect(warnings.filter((warning) => warning.includes('recognized'))).toEqual([]);
  });
});

test('with their header values hidden, pages leave no secret in the bytes of any file', async () => {
  const secret = fc.stringMatching(/^[A-Z"\\*?]{3,16}$/).map((text) => `ЖЩ${text}ЖЩ`);
  await fc.assert(
    fc.asyncProperty(secret, async (value) => {
      const key = randomBytes(32);
      const digest = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
      const headers = { CustomHeaders: items([{ HeaderName: 'x-verify', HeaderValue: value }]) };
      const rules = {
        Rules: [
          { Conditions: [{ Field: 'http-header', HttpHeaderConfig: { Values: [value], RegexValues: [value] } }] },
        ],
      };
      const folder = await written(
        ...[
          global('list-distributions', { DistributionList: { Items: [distribution({ Origins: items([headers]) })] } }),
          regional('describe-rules', rules),
        ].map((page) => ({ ...page, page: hideHeaderValues(page.page, digest) as object })),
      );
      const bytes = filesIn(folder)
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('');
      expect(bytes).toContain('hmac:');
      expect(bytes).not.toMatch(/[жщ]|\\u04/i);
    }),
    { numRuns: propertyRuns(40) },
  );
});
