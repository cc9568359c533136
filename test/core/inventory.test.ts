import {
  inventoryKey,
  parseInventory,
  placeOfKey,
  renderInventory,
  type ForeignOrigin,
  type Inventory,
} from '../../core/inventory.js';
import { ACCOUNT, arnOf, distributionId, dnsNameOf, OTHER_ACCOUNT, REGION } from '../support/builders.js';

const AT = { accountId: ACCOUNT, region: REGION };
const WEB = arnOf('web');
const API = arnOf('api');

const foreign = (overrides: Partial<ForeignOrigin> = {}): ForeignOrigin => ({
  distributionId: distributionId('E2OTHER'),
  accountId: OTHER_ACCOUNT,
  enabled: true,
  originId: 'web',
  domainName: dnsNameOf('web'),
  connection: { httpPort: 80, httpsPort: 443, protocolPolicy: 'https-only' },
  loadBalancerArns: [WEB],
  ...overrides,
});

const inventory = (overrides: Partial<Inventory> = {}): Inventory => ({
  schemaVersion: '1',
  generatedAt: '2026-07-01T11:00:00.000Z',
  ...AT,
  loadBalancers: [WEB, API],
  origins: [foreign()],
  unfollowed: [],
  ...overrides,
});

const stored = (change: (document: Record<string, never>) => unknown): string => {
  const document = JSON.parse(renderInventory(inventory())) as Record<string, never>;
  change(document);
  return JSON.stringify(document);
};

const detailOf = (text: string): string | null => {
  const parsed = parseInventory(text, AT);
  return parsed.known ? null : `${parsed.gap.fact} ${parsed.gap.cause}: ${parsed.gap.detail}`;
};
const UNREADABLE = 'inventory incomplete: the inventory of origins of other accounts cannot be read: ';

it('what was written is read again', () => {
  for (const each of [
    inventory({ loadBalancers: [API, WEB] }),
    inventory({ loadBalancers: [], origins: [] }),
    inventory({ loadBalancers: [API, WEB], origins: [foreign({ connection: null, enabled: false })] }),
    inventory({ loadBalancers: [API, WEB], unfollowed: ['name-lookup-failed', 'tenants-not-recorded'] }),
  ])
    expect(parseInventory(renderInventory(each), AT)).toEqual({ known: true, value: each });
});

it('the same content is the same bytes, whatever the order in which it was found', () => {
  const other = foreign({ originId: 'other', loadBalancerArns: [WEB, API] });
  const one = inventory({
    origins: [foreign(), other],
    unfollowed: ['tenants-not-recorded', 'name-lookup-failed'],
  });
  const two = inventory({
    loadBalancers: [API, WEB],
    origins: [{ ...other, loadBalancerArns: [API, WEB] }, foreign()],
    unfollowed: ['name-lookup-failed', 'tenants-not-recorded'],
  });
  expect(renderInventory(one)).toBe(renderInventory(two));
});

it('only what the document has a place for is written', () => {
  const secret = 'a-secret-header-value';
  const origin = { ...foreign(), customHeaders: { items: [{ headerName: 'x-origin', headerValue: secret }] } };
  const text = renderInventory({ ...inventory({ origins: [origin] }), note: secret } as Inventory);
  expect(text).not.toContain(secret);
  expect(Object.keys(JSON.parse(text) as object)).toEqual([
    'schemaVersion',
    'generatedAt',
    'accountId',
    'region',
    'loadBalancers',
    'origins',
    'unfollowed',
  ]);
});

it('what a later version adds is not minded', () => {
  expect(detailOf(stored((document) => Object.assign(document, { more: true })))).toBeNull();
});

const entry = (change: Readonly<Record<string, unknown>>) => (document: Record<string, never>) =>
  Object.assign((document['origins'] as unknown as readonly object[])[0]!, change);
const field = (change: Readonly<Record<string, unknown>>) => (document: Record<string, never>) =>
  Object.assign(document, change);

it.each<[string, (document: Record<string, never>) => unknown, string]>([
  ['another version', field({ schemaVersion: '2' }), 'schemaVersion: expected "1"'],
  ['no version', field({ schemaVersion: undefined }), 'schemaVersion: expected "1"'],
  ['no time', field({ generatedAt: undefined }), 'generatedAt: expected an instant'],
  ['a time that is none', field({ generatedAt: 'yesterday' }), 'generatedAt: expected an instant'],
  ['a time of nowhere', field({ generatedAt: '2026-07-01T11:00:00' }), 'generatedAt: expected an instant'],
  ['no account', field({ accountId: null }), 'accountId: expected an account id'],
  [
    'another account',
    field({ accountId: OTHER_ACCOUNT }),
    `it is that of account ${OTHER_ACCOUNT} in us-east-1, not of`,
  ],
  ['no Region', field({ region: 7 }), 'region: expected a Region'],
  ['another Region', field({ region: 'eu-west-1' }), `it is that of account ${ACCOUNT} in eu-west-1, not of`],
  ['no load balancers', field({ loadBalancers: undefined }), 'loadBalancers: '],
  ['a load balancer that is none', field({ loadBalancers: ['web'] }), 'loadBalancers.0: expected the ARN'],
  [
    'a load balancer of another account',
    field({ loadBalancers: [WEB, arnOf('web', { accountId: OTHER_ACCOUNT, region: REGION })] }),
    'loadBalancers: expected those of the account and Region',
  ],
  [
    'a load balancer of another Region',
    field({ loadBalancers: [WEB, WEB.replace('us-east-1', 'eu-west-1')] }),
    'loadBalancers: expected those of the account and Region',
  ],
  ['no origins', field({ origins: null }), 'origins: '],
  ['an origin that is none', field({ origins: ['x'] }), 'origins.0: '],
  ['no distribution', entry({ distributionId: '' }), 'origins.0.distributionId: expected a distribution id'],
  ['no owner', entry({ accountId: undefined }), 'origins.0.accountId: expected an account id'],
  ['its own distribution', entry({ accountId: ACCOUNT }), 'origins: expected those of other accounts'],
  ['no word on whether it is enabled', entry({ enabled: 'yes' }), 'origins.0.enabled: expected true or false'],
  ['no origin id', entry({ originId: '' }), 'origins.0.originId: expected the id of an origin'],
  ['no domain name', entry({ domainName: undefined }), 'origins.0.domainName: expected a domain name'],
  ['a domain name of any length', entry({ domainName: 'a'.repeat(1025) }), 'origins.0.domainName: expected a domain'],
  ['a template', entry({ domainName: '{{t}}.example.com' }), 'origins.0.domainName: expected a domain name without'],
  ['no word on how it connects', entry({ connection: undefined }), 'origins.0.connection: '],
  [
    'a port that is none',
    entry({ connection: { httpPort: 0, httpsPort: 443, protocolPolicy: 'http-only' } }),
    'origins.0.connection.httpPort: expected a port',
  ],
  [
    'a port beyond the last',
    entry({ connection: { httpPort: 80, httpsPort: 65536, protocolPolicy: 'http-only' } }),
    'origins.0.connection.httpsPort: expected a port',
  ],
  [
    'half a port',
    entry({ connection: { httpPort: 80.5, httpsPort: 443, protocolPolicy: 'http-only' } }),
    'origins.0.connection.httpPort: expected a port',
  ],
  [
    'an unknown protocol',
    entry({ connection: { httpPort: 80, httpsPort: 443, protocolPolicy: 'any' } }),
    'origins.0.connection.protocolPolicy: expected http-only',
  ],
  [
    'an origin that leads nowhere',
    entry({ loadBalancerArns: [] }),
    'origins.0.loadBalancerArns: expected a load balancer',
  ],
  [
    'an origin that leads to what is not listed',
    entry({ loadBalancerArns: [arnOf('more')] }),
    'origins: expected load balancers that are listed in loadBalancers',
  ],
  ['no word on what was not followed', field({ unfollowed: undefined }), 'unfollowed: '],
  ['an unknown reason', field({ unfollowed: ['because'] }), 'unfollowed.0: expected addresses-not-recorded'],
])('%s is a gap that names the field', (_, change, expected) => {
  expect(detailOf(stored(change))).toContain(`${UNREADABLE}${expected}`);
});

it.each([
  ['nothing', '', 'it is not JSON'],
  ['a part of it', renderInventory(inventory()).slice(0, 200), 'it is not JSON'],
  ['a page of somebody', '<html>secret</html>', 'it is not JSON'],
  ['another JSON', '[]', 'expected a JSON object'],
  ['null', 'null', 'expected a JSON object'],
])('%s is a gap', (_, text, expected) => {
  const detail = detailOf(text);
  expect(detail).toContain(`${UNREADABLE}${expected}`);
  expect(detail).not.toContain('secret');
});

it('a key names one account and Region, and is read back', () => {
  expect(inventoryKey(AT)).toBe('inventory/v1/111122223333/us-east-1.json');
  expect(placeOfKey(inventoryKey(AT))).toEqual(AT);
});

it.each([
  '',
  'inventory/v1/',
  'inventory/v1/111122223333/',
  'inventory/v1/111122223333/us-east-1',
  'inventory/v1/1111/us-east-1.json',
  'inventory/v1/111122223333/nowhere.json',
  'inventory/v1/111122223333/us-east-1.json/more.json',
  'inventory/v2/111122223333/us-east-1.json',
  'other/v1xxxx/111122223333/us-east-1.json',
])('the key "%s" is that of no inventory', (key) => {
  expect(placeOfKey(key)).toBeNull();
});
