import { SelectAggregateResourceConfigCommand } from '@aws-sdk/client-config-service';
import { mockClient } from 'aws-sdk-client-mock';
import { organizationReader } from '../../../aws/read/aggregator.js';
import { QUERIES } from '../../../wire/aggregator.js';
import { ACCOUNT, arnOf, OTHER_ACCOUNT, REGION } from '../../support/builders.js';
import { awsError, testSession } from '../support/session.js';

const SECRET = 'a-secret-header-value';

const distributionRow = (id = 'E1', overrides: object = {}, origins: object = {}) => ({
  accountId: OTHER_ACCOUNT,
  resourceId: id,
  configuration: {
    distributionConfig: {
      enabled: true,
      origins: {
        quantity: 2,
        items: [
          {
            id: 'web',
            domainName: 'web.example.com',
            customOriginConfig: { httpPort: 80, httpsPort: 8443, originProtocolPolicy: 'https-only' },
          },
          { id: 'files', domainName: 'files.s3.amazonaws.com' },
        ],
        ...origins,
      },
      ...overrides,
    },
  },
});

const loadBalancerRow = (name = 'web', overrides: object = {}) => ({
  accountId: ACCOUNT,
  awsRegion: REGION,
  resourceId: arnOf(name),
  configuration: { dNSName: `${name}.us-east-1.elb.amazonaws.com`, scheme: 'internet-facing' },
  ...overrides,
});

const interfaceRow = (id: string, name: string, configuration: object, overrides: object = {}) => ({
  accountId: ACCOUNT,
  awsRegion: REGION,
  resourceId: id,
  configuration: { description: `ELB app/${name}/50dc6c495c0c9188`, ...configuration },
  ...overrides,
});

type Kind = keyof typeof QUERIES;
type Pages = Partial<Record<Kind, readonly (readonly (object | string)[])[]>>;

function rig(pages: Pages) {
  const session = testSession();
  const config = mockClient(session.clients.config);
  for (const [kind, query] of Object.entries(QUERIES) as [Kind, string][]) {
    const own = pages[kind] ?? [[]];
    own.forEach((rows, at) => {
      const asked = { Expression: query, ...(at === 0 ? {} : { NextToken: `page-${String(at)}` }) };
      const Results = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
      const next = at + 1 < own.length ? { NextToken: `page-${String(at + 1)}` } : {};
      config.on(SelectAggregateResourceConfigCommand, asked).resolves({ Results, ...next });
    });
  }
  return { config, reader: organizationReader(session, 'everybody'), seen: session.seen };
}

describe('the queries', () => {
  it('select fields of origins one by one, and no header', () => {
    for (const query of Object.values(QUERIES)) {
      expect(query.length).toBeLessThan(4096);
      expect(query).toMatch(/^SELECT [\w., ]+ WHERE resourceType = '[\w:]+'/);
      expect(query).not.toMatch(/header|\*|origins,|origins\.items,|configuration,|distributionConfig,/i);
    }
  });

  it('are asked of the aggregator, a hundred rows a page', async () => {
    const { config, reader } = rig({});
    await Promise.all([reader.distributions(), reader.publicAddresses()]);
    const inputs = config.commandCalls(SelectAggregateResourceConfigCommand).map(({ args: [{ input }] }) => input);
    expect(inputs.map(({ Expression }) => Expression).sort()).toEqual(Object.values(QUERIES).sort());
    for (const input of inputs) expect(input).toMatchObject({ ConfigurationAggregatorName: 'everybody', Limit: 100 });
  });
});

describe('distributions', () => {
  it('of every page, with whose they are and how CloudFront connects', async () => {
    const { reader } = rig({
      distributions: [[distributionRow('E1')], [], [distributionRow('E2', { enabled: false })]],
    });
    const seen = await reader.distributions();
    expect(seen).toMatchObject({ known: true });
    expect(seen.known && seen.value.map(({ id, accountId, enabled }) => [id, accountId, enabled])).toEqual([
      ['E1', OTHER_ACCOUNT, true],
      ['E2', OTHER_ACCOUNT, false],
    ]);
    expect(seen.known && seen.value[0]?.origins).toEqual([
      {
        id: 'web',
        domainName: 'web.example.com',
        isS3: false,
        vpcOriginId: null,
        custom: { httpPort: 80, httpsPort: 8443, protocolPolicy: 'https-only', ipAddressType: null },
      },
      { id: 'files', domainName: 'files.s3.amazonaws.com', isS3: false, vpcOriginId: null },
    ]);
  });

  it('settings that are not said in full are none: a plan then keeps every port', async () => {
    const items = [{ id: 'web', domainName: 'web.example.com', customOriginConfig: { httpPort: 80 } }];
    const { reader } = rig({ distributions: [[distributionRow('E1', {}, { quantity: 1, items })]] });
    const seen = await reader.distributions();
    expect(seen.known && seen.value[0]?.origins[0]).not.toHaveProperty('custom');
  });

  it('a header that AWS Config gives unasked is forgotten, and is in no error', async () => {
    const customHeaders = { quantity: 1, items: [{ headerName: 'x-origin', headerValue: SECRET }] };
    const items = [{ id: 'web', domainName: 'web.example.com', customHeaders }];
    const { reader } = rig({ distributions: [[distributionRow('E1', {}, { quantity: 1, items })]] });
    expect(JSON.stringify(await reader.distributions())).not.toContain(SECRET);
    const broken = rig({ distributions: [[distributionRow('E1', {}, { quantity: 2, items })]] });
    const error: unknown = await broken.reader.distributions().catch((raised: unknown) => raised);
    expect(error).toMatchObject({ code: 'E2006' });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(SECRET);
  });

  it.each<[string, object | string, RegExp]>([
    ['no JSON', `{"secret": "${SECRET}`, /a result of the query is not JSON/],
    ['another JSON', '7', /expected an object/],
    ['without an account', { ...distributionRow(), accountId: undefined }, /accountId: expected an account id/],
    ['without an id', { ...distributionRow(), resourceId: 7 }, /resourceId: expected a distribution id/],
    ['without a configuration', { ...distributionRow(), configuration: null }, /configuration: expected/],
    ['without settings', { ...distributionRow(), configuration: {} }, /distributionConfig: expected the settings/],
    [
      'that does not say whether it is enabled',
      distributionRow('E1', { enabled: undefined }),
      /enabled: expected true/,
    ],
    ['without origins', distributionRow('E1', { origins: undefined }), /origins: expected the origins/],
    ['with origins that are none', distributionRow('E1', { origins: 'x' }), /origins: expected the origins/],
    ['without their number', distributionRow('E1', {}, { quantity: undefined }), /quantity: expected the number/],
    ['without their list', distributionRow('E1', {}, { items: undefined }), /items: expected the list/],
    ['with fewer than it says', distributionRow('E1', {}, { quantity: 3 }), /origins: expected as many origins/],
    ['with more than it says', distributionRow('E1', {}, { quantity: 1 }), /origins: expected as many origins/],
    ['with none', distributionRow('E1', {}, { quantity: 0, items: [] }), /origins: expected as many origins/],
    [
      'with lists beside each other in place of a list of origins',
      distributionRow('E1', {}, { items: { id: ['a', 'b'], domainName: ['a.example.com', 'b.example.com'] } }),
      /items: expected the list/,
    ],
    [
      'with an origin without an id',
      distributionRow('E1', {}, { items: [{ domainName: 'a' }, { id: 'b', domainName: 'b' }] }),
      /items\.0\.id: expected the id/,
    ],
    [
      'with an origin without a domain name',
      distributionRow('E1', {}, { items: [{ id: 'a', domainName: 'a' }, { id: 'b' }] }),
      /items\.1\.domainName: expected a domain name/,
    ],
  ])('a row %s ends everything', async (_, row, message) => {
    const { reader } = rig({ distributions: [[distributionRow('E0')], [row]] });
    const error: unknown = await reader.distributions().catch((raised: unknown) => raised);
    expect(error).toMatchObject({ code: 'E2006', message: expect.stringMatching(message) as string });
    expect(String(error)).not.toContain(SECRET);
  });
});

describe('load balancers', () => {
  it('of every page, once each, with where they are', async () => {
    const { reader } = rig({
      loadBalancers: [
        [loadBalancerRow('web')],
        [loadBalancerRow('api', { configuration: { dNSName: 'a.b' } }), loadBalancerRow('web')],
      ],
    });
    const seen = await reader.loadBalancers();
    expect(seen.known && seen.value).toMatchObject([
      {
        arn: arnOf('web'),
        name: 'web',
        dnsName: 'web.us-east-1.elb.amazonaws.com',
        scheme: 'internet-facing',
        type: 'application',
        scope: { accountId: ACCOUNT, region: REGION },
      },
      { arn: arnOf('api'), name: 'api', scheme: null },
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['without an account', { accountId: 7 }, /accountId: expected/],
    ['without a Region', { awsRegion: 'global' }, /awsRegion: expected a Region/],
    ['without an ARN', { resourceId: 'web' }, /resourceId: expected the ARN/],
    ['without a configuration', { configuration: undefined }, /configuration: expected/],
    ['without a name', { configuration: {} }, /dNSName: expected a DNS name/],
    ['with an empty name', { configuration: { dNSName: '' } }, /dNSName: expected a DNS name/],
    ['with the ARN of another account', { accountId: OTHER_ACCOUNT }, /it is said to be in 444455556666, us-east-1/],
    ['with the ARN of another Region', { awsRegion: 'eu-west-1' }, /it is said to be in 111122223333, eu-west-1/],
  ])('a row %s ends everything', async (_, overrides, message) => {
    const { reader } = rig({ loadBalancers: [[loadBalancerRow('web', overrides)]] });
    await expect(reader.loadBalancers()).rejects.toMatchObject({
      code: 'E2006',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('public addresses', () => {
  it('are those of the interfaces that name the load balancer, in its own account and Region', async () => {
    const { reader } = rig({
      loadBalancers: [[loadBalancerRow('web'), loadBalancerRow('api')]],
      interfaces: [
        [
          interfaceRow('eni-1', 'web', { association: { publicIp: '203.0.113.1' } }),
          interfaceRow('eni-2', 'other', { association: { publicIp: '203.0.113.9' } }),
          interfaceRow('eni-3', 'web', { association: { publicIp: '203.0.113.8' } }, { accountId: OTHER_ACCOUNT }),
          interfaceRow('eni-4', 'web', { association: { publicIp: '203.0.113.7' } }, { awsRegion: 'eu-west-1' }),
        ],
        [
          interfaceRow('eni-5', 'web', {
            privateIpAddresses: [{ association: { publicIp: '203.0.113.2' } }, {}],
            ipv6Addresses: [{ ipv6Address: '2001:db8::1' }],
          }),
          interfaceRow('eni-6', 'x', { description: undefined }),
        ],
      ],
    });
    const seen = await reader.publicAddresses();
    expect(seen.known && [...seen.value]).toEqual([[arnOf('web'), ['203.0.113.1', '203.0.113.2', '2001:db8::1']]]);
  });

  it.each<[string, object]>([
    ['without an account', { accountId: null }],
    ['without a configuration', { configuration: 'x' }],
    ['with an address that is none', { configuration: { association: { publicIp: 7 } } }],
  ])('a row %s ends everything', async (_, overrides) => {
    const { reader } = rig({ interfaces: [[interfaceRow('eni-1', 'web', {}, overrides)]] });
    await expect(reader.publicAddresses()).rejects.toMatchObject({ code: 'E2006' });
  });

  it('are a gap while the load balancers are', async () => {
    const { config, reader } = rig({});
    config
      .on(SelectAggregateResourceConfigCommand, { Expression: QUERIES.loadBalancers })
      .rejects(awsError('AccessDeniedException'));
    expect(await reader.publicAddresses()).toMatchObject({ known: false, gap: { fact: 'load balancers' } });
  });
});

describe.each(['distributions', 'loadBalancers', 'publicAddresses'] as const)('%s', (what) => {
  const query = {
    distributions: QUERIES.distributions,
    loadBalancers: QUERIES.loadBalancers,
    publicAddresses: QUERIES.interfaces,
  }[what];

  it('denied: a gap that names the permission', async () => {
    const { config, reader } = rig({});
    config.on(SelectAggregateResourceConfigCommand, { Expression: query }).rejects(awsError('AccessDeniedException'));
    expect(await reader[what]()).toMatchObject({
      known: false,
      gap: {
        cause: 'access-denied',
        detail: expect.stringContaining('allow config:SelectAggregateResourceConfig') as string,
      },
    });
  });

  it('denied on a later page: a gap, and no part of it', async () => {
    const { config, reader } = rig({});
    config
      .on(SelectAggregateResourceConfigCommand, { Expression: query })
      .resolvesOnce({ Results: [], NextToken: 'x' })
      .rejects(awsError('AccessDeniedException'));
    expect(await reader[what]()).toMatchObject({ known: false });
  });

  it.each([
    ['ThrottlingException', 'E2001'],
    ['NoSuchConfigurationAggregatorException', 'E2001'],
    ['InvalidExpressionException', 'E2001'],
    ['ExpiredTokenException', 'E2007'],
  ])('%s raises %s', async (name, code) => {
    const { config, reader } = rig({});
    config.on(SelectAggregateResourceConfigCommand, { Expression: query }).rejects(awsError(name));
    await expect(reader[what]()).rejects.toMatchObject({ code });
  });

  it('an answer without results is none of AWS', async () => {
    const { config, reader } = rig({});
    config.on(SelectAggregateResourceConfigCommand, { Expression: query }).resolves({});
    await expect(reader[what]()).rejects.toMatchObject({ code: 'E2006' });
  });
});
