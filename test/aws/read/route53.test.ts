import { ListHostedZonesCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { startBudget } from '../../../aws/budget.js';
import { CallCounter } from '../../../aws/middleware/count-calls.js';
import { iamActions, makeRoute53Client, readHostedZones, recordsLookUp } from '../../../aws/read/route53.js';
import type { SeenPage, Session } from '../../../aws/session.js';
import type { Gap } from '../../../core/fact.js';
import { AccountId, Region } from '../../../core/ids.js';
import {
  address,
  alias,
  answerAsRoute53,
  cname,
  delegation,
  record,
  type FakeZone,
} from '../../support/fake-route53.js';

const NAME = 'www.example.com';
const ELB = 'web-1234567890.us-east-1.elb.amazonaws.com';
const UNKNOWN = { status: 'unknown', names: [], addresses: [], failures: [] };
const leads = (names: readonly string[], addresses: readonly string[] = []) => ({
  status: 'found',
  names,
  addresses,
  failures: [],
});

const mock = mockClient(Route53Client);
const pages: SeenPage[] = [];
const denied: Gap[] = [];
const session: Session = {
  accountId: AccountId.parse('111122223333'),
  region: Region.parse('us-east-1'),
  clients: {} as Session['clients'],
  budget: startBudget(60_000),
  onPage: (page) => {
    pages.push(page);
  },
};
const client = makeRoute53Client({
  region: session.region,
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  counter: new CallCounter(),
});

beforeEach(() => {
  mock.reset();
  pages.length = 0;
  denied.length = 0;
});
afterAll(() => {
  session.budget.end();
});

const zone = (records: FakeZone['records'], more: Partial<FakeZone> = {}): FakeZone => ({
  id: 'Z1',
  name: 'example.com',
  records,
  ...more,
});

function lookUpIn(zones: readonly FakeZone[], zonesPerPage?: number) {
  answerAsRoute53(mock, zones, zonesPerPage);
  return recordsLookUp(session, client, (gap) => {
    denied.push(gap);
  });
}

const recordCalls = () => mock.commandCalls(ListResourceRecordSetsCommand).length;

describe('the records of a name', () => {
  test.each<readonly [string, FakeZone['records'], unknown]>([
    ['an alias', [alias(NAME, `dualstack.${ELB}`)], leads([ELB])],
    ['addresses', [address(NAME, '203.0.113.9', '203.0.113.10')], leads([], ['203.0.113.9', '203.0.113.10'])],
    ['a CNAME', [cname(NAME, 'Origin.Example.NET.')], leads(['origin.example.net'])],
    [
      'records that lead nowhere',
      [record(NAME, 'MX', { ResourceRecords: [{ Value: '10 mail.example.com' }] })],
      leads([]),
    ],
    ['records of other names only', [cname('ww.example.com', 'x'), cname('wwwx.example.com', 'x')], UNKNOWN],
    ['names below it only', [cname('a.www.example.com', 'x')], UNKNOWN],
    ['records that were handed over to another zone', [delegation(NAME)], UNKNOWN],
  ])('%s', async (_name, records, expected) => {
    expect(await lookUpIn([zone(records)])(NAME)).toEqual(expected);
  });

  test('take one call, whatever else the zone holds', async () => {
    const others = Array.from({ length: 500 }, (_, index) => address(`x${String(index)}.example.com`, '203.0.113.1'));
    expect(await lookUpIn([zone([...others, alias(NAME, ELB)])])(NAME)).toEqual(leads([ELB]));
    expect(recordCalls()).toBe(1);
  });

  test('are read to the last page', async () => {
    const weighted = Array.from({ length: 45 }, (_, index) =>
      cname(NAME, `t${String(index).padStart(2, '0')}.example.net`, {
        SetIdentifier: String(index).padStart(2, '0'),
        Weight: 1,
      }),
    );
    const { names } = await lookUpIn([zone([...weighted, cname('x.example.com', 'other.example.net')])])(NAME);
    expect(names).toHaveLength(45);
    expect(names).not.toContain('other.example.net');
    expect(recordCalls()).toBe(3);
  });

  test('are read once in a run, and the hosted zones too', async () => {
    const lookUp = lookUpIn([zone([alias(NAME, ELB), address('mail.example.com', '203.0.113.1')])]);
    await Promise.all([lookUp(NAME), lookUp(NAME), lookUp('mail.example.com')]);
    await lookUp(NAME);
    expect(recordCalls()).toBe(2);
    expect(mock.commandCalls(ListHostedZonesCommand)).toHaveLength(1);
  });

  test('at the top of a zone are its own, though it delegates itself', async () => {
    expect(await lookUpIn([zone([alias('example.com', ELB)])])('example.com')).toEqual(leads([ELB]));
  });
});

describe('hosted zones', () => {
  test('are read to the last page', async () => {
    const zones = ['a.test', 'b.test', 'example.com'].map((name, index) =>
      zone(name === 'example.com' ? [alias(NAME, ELB)] : [], { id: `Z${String(index)}`, name }),
    );
    expect(await lookUpIn(zones, 1)(NAME)).toEqual(leads([ELB]));
    expect(mock.commandCalls(ListHostedZonesCommand)).toHaveLength(3);
  });

  test('that are private answer nothing: CloudFront is outside their VPCs', async () => {
    expect(await lookUpIn([zone([alias(NAME, ELB)], { isPrivate: true })])(NAME)).toEqual(UNKNOWN);
    expect(recordCalls()).toBe(0);
  });

  test('of other names are not asked', async () => {
    const zones = [zone([], { name: 'ample.com' }), zone([], { id: 'Z2', name: 'a.www.example.com' })];
    expect(await lookUpIn(zones)(NAME)).toEqual(UNKNOWN);
    expect(recordCalls()).toBe(0);
  });

  test('with one name, of which only one is asked by the world, answer together', async () => {
    const zones = [zone([alias(NAME, ELB)]), zone([cname(NAME, 'old.example.net')], { id: 'Z2' })];
    expect((await lookUpIn(zones)(NAME)).names).toEqual([ELB, 'old.example.net']);
  });

  test('that are nested answer together, but none for what it handed over', async () => {
    const nested = zone([alias('www.dev.example.com', ELB)], { id: 'Z2', name: 'dev.example.com' });
    const handedOver = zone([delegation('dev.example.com'), cname('www.dev.example.com', 'left.over.example.net')]);
    expect((await lookUpIn([handedOver, nested])('www.dev.example.com')).names).toEqual([ELB]);
    mock.reset();
    const kept = zone([cname('www.dev.example.com', 'kept.example.net')]);
    expect((await lookUpIn([kept, nested])('www.dev.example.com')).names).toEqual(['kept.example.net', ELB]);
  });
});

describe('a wildcard', () => {
  const wild = cname('*.example.com', 'wild.example.net');
  test.each<readonly [string, string, FakeZone['records'], unknown]>([
    ['answers for a name without records', NAME, [wild], leads(['wild.example.net'])],
    ['answers several levels below', 'a.b.c.example.com', [wild], leads(['wild.example.net'])],
    [
      'gives way to a name with records of its own',
      NAME,
      [wild, address(NAME, '203.0.113.9')],
      leads([], ['203.0.113.9']),
    ],
    ['gives way to a name with names below it', NAME, [wild, address(`a.${NAME}`, '203.0.113.9')], UNKNOWN],
    ['ends at a name that exists', 'a.dev.example.com', [wild, record('dev.example.com', 'TXT')], UNKNOWN],
    [
      'ends at a name that exists for the names below it',
      'a.dev.example.com',
      [wild, address('b.dev.example.com', '203.0.113.9')],
      UNKNOWN,
    ],
    ['does not reach into what was handed over', 'a.dev.example.com', [wild, delegation('dev.example.com')], UNKNOWN],
    [
      'gives way to a closer one',
      'a.dev.example.com',
      [wild, cname('*.dev.example.com', 'close.example.net')],
      leads(['close.example.net']),
    ],
    [
      'is not mistaken beside a name that sorts before it',
      'a.dev.example.com',
      [wild, address('dev-x.example.com', '203.0.113.9')],
      leads(['wild.example.net']),
    ],
  ])('%s', async (_name, name, records, expected) => {
    expect(await lookUpIn([zone(records)])(name)).toEqual(expected);
  });
});

describe('what is handed on to be saved', () => {
  const saved = () =>
    pages.map(({ page, ...rest }) => ({
      ...rest,
      records: (page as { ResourceRecordSets: unknown }).ResourceRecordSets,
    }));
  const apex = { Name: 'example.com.', Type: 'SOA' };

  test('is the record of the name as AWS gave it, and nothing of its neighbours', async () => {
    await lookUpIn([zone([alias(NAME, ELB), cname('xx.example.com', 'secret.example.net')])])(NAME);
    expect(saved()).toEqual([
      {
        accountId: '111122223333',
        region: null,
        command: 'list-resource-record-sets',
        about: NAME,
        records: [apex, alias(NAME, ELB)],
      },
    ]);
  });

  test('is no text that may be a token, only that it is there', async () => {
    await lookUpIn([zone([record(NAME, 'TXT', { ResourceRecords: [{ Value: '"token=secret"' }] })])])(NAME);
    expect(JSON.stringify(saved())).not.toContain('secret');
    expect(saved()[0]?.records).toEqual([apex, { Name: `${NAME}.`, Type: 'TXT' }]);
  });

  test('says which names end the reach of a wildcard, without their records', async () => {
    await lookUpIn([zone([address('b.dev.example.com', '203.0.113.9')])])('a.dev.example.com');
    expect(saved().map(({ about, records }) => [about, records])).toEqual([
      ['dev.example.com', [apex, { Name: 'b.dev.example.com.', Type: 'A' }]],
      ['a.dev.example.com', [apex]],
      ['*.dev.example.com', [apex]],
    ]);
  });

  test('is no list of hosted zones', async () => {
    answerAsRoute53(mock, [zone([])]);
    await readHostedZones(session, client);
    expect(pages).toEqual([]);
  });
});

describe('a read that does not succeed', () => {
  const failing = (name: string) => Object.assign(new Error('no'), { name });

  test.each(['AccessDenied', 'AccessDeniedException'])('%s on the zones is told, and answers nothing', async (name) => {
    const lookUp = lookUpIn([zone([alias(NAME, ELB)])]);
    mock.on(ListHostedZonesCommand).rejects(failing(name));
    expect(await lookUp(NAME)).toEqual(UNKNOWN);
    expect(denied).toMatchObject([
      { fact: 'hostedZones', cause: 'access-denied', detail: expect.stringContaining(iamActions[0]) as string },
    ]);
  });

  test('a denied zone is told, and others still answer', async () => {
    const lookUp = lookUpIn([zone([alias(NAME, ELB)]), zone([cname(NAME, 'x.example.net')], { id: 'Z2' })]);
    mock.on(ListResourceRecordSetsCommand, { HostedZoneId: '/hostedzone/Z1' }).rejects(failing('AccessDenied'));
    expect(await lookUp(NAME)).toEqual(leads(['x.example.net']));
    expect(denied).toMatchObject([
      {
        fact: 'records of example.com',
        cause: 'access-denied',
        detail: expect.stringContaining(iamActions[1]) as string,
      },
    ]);
  });

  test.each([ListHostedZonesCommand, ListResourceRecordSetsCommand])(
    'throttling is no answer (%p)',
    async (command) => {
      const lookUp = lookUpIn([zone([alias(NAME, ELB)])]);
      mock.on(command as typeof ListHostedZonesCommand).rejects(failing('ThrottlingException'));
      await expect(lookUp(NAME)).rejects.toMatchObject({ code: 'E2001' });
      expect(denied).toEqual([]);
    },
  );

  test.each<readonly [string, object]>([
    ['no list', {}],
    ['a truncated list that says not where it goes on', { HostedZones: [], IsTruncated: true }],
  ])('zones with %s cannot be read', async (_name, answer) => {
    const lookUp = lookUpIn([]);
    mock.on(ListHostedZonesCommand).resolves(answer);
    await expect(lookUp(NAME)).rejects.toMatchObject({ code: 'E2006' });
  });

  test.each<readonly [string, object]>([
    ['no list', { IsTruncated: false }],
    ['a truncated list that says not where it goes on', { ResourceRecordSets: [alias(NAME, ELB)], IsTruncated: true }],
    ['a record without a type', { ResourceRecordSets: [{ Name: `${NAME}.` }] }],
    [
      'a list that begins again and again',
      { ResourceRecordSets: [alias(NAME, ELB)], IsTruncated: true, NextRecordName: NAME },
    ],
  ])('records with %s cannot be read', async (_name, answer) => {
    const lookUp = lookUpIn([zone([])]);
    mock.on(ListResourceRecordSetsCommand).resolves(answer);
    await expect(lookUp(NAME)).rejects.toMatchObject({ code: 'E2006' });
  });
});

test('the calls are counted', async () => {
  const counter = new CallCounter();
  const counted = makeRoute53Client({
    region: session.region,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    counter,
  });
  expect(counted.middlewareStack.identify().join()).toContain('originGuardCountCalls');
});
