import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { startBudget } from '../../../aws/budget.js';
import { makeClients } from '../../../aws/clients.js';
import { CallCounter } from '../../../aws/middleware/count-calls.js';
import type { DnsResolver } from '../../../aws/read/dns.js';
import { liveNames } from '../../../aws/read/live-names.js';
import type { Session } from '../../../aws/session.js';
import type { Gap } from '../../../core/fact.js';
import { UNKNOWN, type Lead } from '../../../core/follow-names.js';
import { AccountId, Region } from '../../../core/ids.js';
import { alias, answerAsRoute53, cname, record, type FakeZone } from '../../support/fake-route53.js';

const NAME = 'www.example.com';
const ELB = 'web-1234567890.us-east-1.elb.amazonaws.com';
const ADDRESS = '203.0.113.9';
const GONE: Lead = { ...UNKNOWN, status: 'no-such-name' };
const found = (
  names: readonly string[],
  addresses: readonly string[] = [],
  failures: readonly string[] = [],
): Lead => ({
  status: 'found',
  names,
  addresses,
  failures,
});

const mock = mockClient(Route53Client);
const budget = startBudget(60_000);
afterAll(() => {
  budget.end();
});
beforeEach(() => {
  mock.reset();
});

const sessionAt = (account: string, region: string): Session => ({
  accountId: AccountId.parse(account),
  region: Region.parse(region),
  clients: makeClients({
    region: Region.parse(region),
    credentials: { accessKeyId: account, secretAccessKey: 'x' },
    counter: new CallCounter(),
  }),
  budget,
});

const dnsOf = (table: Readonly<Record<string, Lead>>): DnsResolver => ({
  lookUp: (name) => table[name] ?? GONE,
  resolve: () => Promise.reject(new RangeError('not asked')),
});

function resolverOver(records: FakeZone['records'], dns: Readonly<Record<string, Lead>>) {
  answerAsRoute53(mock, [{ id: 'Z1', name: 'example.com', records }]);
  const denied: Gap[] = [];
  const onDenied = (gap: Gap) => {
    denied.push(gap);
  };
  return {
    names: liveNames({ dns: dnsOf(dns), sessions: [sessionAt('111122223333', 'us-east-1')], onDenied }),
    denied,
  };
}

const answered = (names: readonly string[], addresses: readonly string[], failure: string | null = null) => ({
  kind: 'answered',
  names,
  addresses,
  failure,
});

test.each<readonly [string, FakeZone['records'], Readonly<Record<string, Lead>>, unknown]>([
  ['an alias shows what DNS hides', [alias(NAME, ELB)], { [NAME]: found([], [ADDRESS]) }, answered([ELB], [ADDRESS])],
  ['DNS answers for what no zone has', [], { [NAME]: found(['lb.example.net']) }, answered(['lb.example.net'], [])],
  [
    'both are asked for every name on the way',
    [cname(NAME, 'a.example.net'), alias('b.example.com', ELB)],
    { [NAME]: found(['a.example.net']), 'a.example.net': found(['b.example.com']) },
    answered(['a.example.net', 'b.example.com', ELB], []),
  ],
  [
    'a zone that nobody delegates to does not hide what the world is told',
    [cname(NAME, 'old.example.net')],
    { [NAME]: found(['new.example.net']) },
    answered(['new.example.net', 'old.example.net'], []),
  ],
  ['a name that neither has does not exist', [], {}, { kind: 'no-such-name' }],
  ['a record that leads nowhere does not make a name exist', [record(NAME, 'MX')], {}, { kind: 'no-such-name' }],
  [
    'DNS that fails leaves a failure where no zone answers',
    [],
    { [NAME]: found([], [], ['it failed']) },
    answered([], [], 'it failed'),
  ],
  [
    'DNS that fails leaves none where a zone leads on',
    [alias(NAME, ELB)],
    { [NAME]: found([], [], ['it failed']) },
    answered([ELB], []),
  ],
  [
    'DNS that fails leaves one where the records lead nowhere',
    [record(NAME, 'MX')],
    { [NAME]: found([], [], ['it failed']) },
    answered([], [], 'it failed'),
  ],
])('%s', async (_name, records, dns, expected) => {
  expect(await resolverOver(records, dns).names.resolve(NAME)).toEqual(expected);
});

test('zones that may not be read are told, and DNS answers', async () => {
  const { names, denied } = resolverOver([alias(NAME, ELB)], { [NAME]: found([], [ADDRESS]) });
  mock.on(ListHostedZonesCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
  expect(await names.resolve('WWW.example.com.')).toEqual(answered([], [ADDRESS]));
  expect(denied).toMatchObject([{ fact: 'hostedZones', cause: 'access-denied' }]);
});

test('each account is asked once, by its own credentials, whatever the number of its Regions', async () => {
  answerAsRoute53(mock, []);
  const sessions = [
    sessionAt('111122223333', 'us-east-1'),
    sessionAt('111122223333', 'eu-west-1'),
    sessionAt('444455556666', 'us-east-1'),
  ];
  const names = liveNames({ dns: dnsOf({}), sessions, onDenied: () => undefined });
  await Promise.all([names.resolve(NAME), names.resolve('a.example.com')]);
  const calls = mock.commandCalls(ListHostedZonesCommand);
  const keys = await Promise.all(
    calls.map(async ({ thisValue }) => (await (thisValue as Route53Client).config.credentials()).accessKeyId),
  );
  expect(keys).toEqual(['111122223333', '444455556666']);
});
