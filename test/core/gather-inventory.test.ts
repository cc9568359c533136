import { known, missing } from '../../core/fact.js';
import {
  gatherInventories,
  MOST_NAMES,
  type GatheredInventories,
  type OrganizationReader,
  type OwnedDistribution,
  type PlacedLoadBalancer,
} from '../../core/gather-inventory.js';
import type { Origin } from '../../core/model/distribution.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import type { NameAnswer } from '../../core/ports.js';
import {
  ACCOUNT,
  arnOf,
  distribution,
  distributionId,
  dnsNameOf,
  gap,
  hidden,
  loadBalancer,
  NOW,
  origin,
  OTHER_ACCOUNT,
  REGION,
  vpcOriginId,
} from '../support/builders.js';

const HERE = { accountId: ACCOUNT, region: REGION };
const THERE = { accountId: OTHER_ACCOUNT, region: REGION };

const balancer = (name: string, scope = HERE, overrides: Partial<LoadBalancer> = {}): PlacedLoadBalancer => ({
  ...loadBalancer({ name, scope, tags: missing(gap('tags', 'not-seen')), ...overrides }),
  scope,
});

const fronting = (
  id: string,
  accountId: OwnedDistribution['accountId'],
  ...origins: readonly (string | Partial<Origin>)[]
): OwnedDistribution => ({
  ...distribution({
    id: distributionId(id),
    origins: origins.map((each, at) =>
      origin({ id: `o${String(at)}`, ...(typeof each === 'string' ? { domainName: each } : each) }),
    ),
  }),
  accountId,
});

interface Organization {
  readonly distributions?: readonly OwnedDistribution[];
  readonly loadBalancers?: readonly PlacedLoadBalancer[];
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly names?: Readonly<Record<string, NameAnswer>>;
}

function rig(
  { distributions = [], loadBalancers = [balancer('web')], addresses = {}, names = {} }: Organization,
  overrides: Partial<OrganizationReader> = {},
) {
  const asked: string[] = [];
  const organization: OrganizationReader = {
    distributions: () => Promise.resolve(known(distributions)),
    loadBalancers: () => Promise.resolve(known(loadBalancers)),
    publicAddresses: () => {
      asked.push('addresses');
      return Promise.resolve(known(new Map(Object.entries(addresses))));
    },
    ...overrides,
  };
  const resolver = {
    resolve: (name: string): Promise<NameAnswer> => {
      asked.push(name);
      return Promise.resolve(names[name] ?? { kind: 'no-such-name' });
    },
  };
  const options = {
    originHostnames: new Map<string, string>(),
    resolveOrigins: 'dns' as 'dns' | 'off',
    generatedAt: NOW,
  };
  return {
    asked,
    gather: async (more: Partial<typeof options> = {}): Promise<GatheredInventories> => {
      const gathered = await gatherInventories(organization, resolver, { ...options, ...more });
      if (!gathered.known) throw new Error(gathered.gap.detail);
      return gathered.value;
    },
    raw: () => gatherInventories(organization, resolver, options),
  };
}

const answered = (names: readonly string[], addresses: readonly string[] = [], failure: string | null = null) =>
  ({ kind: 'answered', names, addresses, failure }) as const;

/** `account/region: origin domain -> load balancers` of every inventory. */
const gistOf = ({ inventories }: GatheredInventories): readonly string[] =>
  inventories.flatMap(({ accountId, region, origins }) =>
    origins.map(
      ({ distributionId: id, domainName, loadBalancerArns }) =>
        `${accountId}/${region}: ${id} ${domainName} -> ${loadBalancerArns.map((arn) => arn.split('/')[2]).join(',')}`,
    ),
  );

it('each account and Region is told of the origins of others that lead to its own load balancers', async () => {
  const { gather } = rig({
    loadBalancers: [
      balancer('web'),
      balancer('api', THERE),
      balancer('eu', { ...HERE, region: 'eu-west-1' as never }),
      balancer('plain', THERE),
    ],
    distributions: [
      fronting('E1', OTHER_ACCOUNT, dnsNameOf('web'), dnsNameOf('api')),
      fronting('E2', ACCOUNT, dnsNameOf('web'), dnsNameOf('api'), dnsNameOf('eu')),
    ],
  });
  const gathered = await gather();
  expect(gistOf(gathered)).toEqual([
    `${ACCOUNT}/us-east-1: E1 ${dnsNameOf('web')} -> web`,
    `${OTHER_ACCOUNT}/us-east-1: E2 ${dnsNameOf('api')} -> api`,
  ]);
  expect(
    gathered.inventories.map(({ accountId, region, loadBalancers }) => [accountId, region, loadBalancers]),
  ).toEqual([
    [ACCOUNT, 'eu-west-1', [arnOf('eu', { ...HERE, region: 'eu-west-1' as never })]],
    [ACCOUNT, 'us-east-1', [arnOf('web')]],
    [OTHER_ACCOUNT, 'us-east-1', [arnOf('api', THERE), arnOf('plain', THERE)]],
  ]);
  expect(gathered).toMatchObject({ distributions: 2, loadBalancers: 4, unresolvedOrigins: 0, unfollowed: [] });
  expect(gathered.inventories[0]).toMatchObject({ schemaVersion: '1', generatedAt: NOW });
});

it('an origin keeps how CloudFront connects and whether its distribution is enabled, and nothing else', async () => {
  const custom = {
    httpPort: 8080,
    httpsPort: 8443,
    protocolPolicy: 'match-viewer',
    ipAddressType: 'dualstack',
  } as const;
  const value = { digest: 'a-secret-header-value', length: 21, run: '00000000' };
  const secret = { customHeaders: [{ name: 'x-origin', value }] };
  const { gather } = rig({
    distributions: [
      { ...fronting('E1', OTHER_ACCOUNT, { domainName: dnsNameOf('web'), custom, ...secret }), enabled: false },
    ],
  });
  expect((await gather()).inventories[0]?.origins).toEqual([
    {
      distributionId: 'E1',
      accountId: OTHER_ACCOUNT,
      enabled: false,
      originId: 'o0',
      domainName: dnsNameOf('web'),
      connection: { httpPort: 8080, httpsPort: 8443, protocolPolicy: 'match-viewer' },
      loadBalancerArns: [arnOf('web')],
    },
  ]);
});

it('a custom name is followed to names and addresses, and its origin is listed once with all it leads to', async () => {
  const { gather, asked } = rig({
    loadBalancers: [balancer('web'), balancer('api'), balancer('far', THERE)],
    distributions: [fronting('E1', OTHER_ACCOUNT, 'www.example.com', 'alias.example.com', 'gone.example.com')],
    names: {
      'www.example.com': answered([dnsNameOf('web'), dnsNameOf('api')]),
      'alias.example.com': answered([], ['203.0.113.7']),
    },
    addresses: {
      [arnOf('web')]: ['203.0.113.6'],
      [arnOf('api')]: ['203.0.113.7'],
      [arnOf('far', THERE)]: ['203.0.113.8'],
    },
  });
  const gathered = await gather();
  expect(gistOf(gathered)).toEqual([
    `${ACCOUNT}/us-east-1: E1 www.example.com -> web,api`,
    `${ACCOUNT}/us-east-1: E1 alias.example.com -> api`,
  ]);
  expect(asked.sort()).toEqual(['addresses', 'alias.example.com', 'gone.example.com', 'www.example.com']);
  expect(gathered).toMatchObject({ unresolvedOrigins: 1, unfollowed: [] });
});

it('addresses are asked for only where a name leads to one', async () => {
  const { gather, asked } = rig({ distributions: [fronting('E1', OTHER_ACCOUNT, dnsNameOf('web'))] });
  await gather();
  expect(asked).toEqual([]);
});

it('a name that an operator declares is not looked up', async () => {
  const { gather, asked } = rig({ distributions: [fronting('E1', OTHER_ACCOUNT, 'www.example.com')] });
  const gathered = await gather({ originHostnames: new Map([['www.example.com', dnsNameOf('web')]]) });
  expect([gistOf(gathered), asked]).toEqual([[`${ACCOUNT}/us-east-1: E1 www.example.com -> web`], []]);
});

it('with resolving off, custom names are counted and not followed', async () => {
  const { gather, asked } = rig({ distributions: [fronting('E1', OTHER_ACCOUNT, 'www.example.com')] });
  expect(await gather({ resolveOrigins: 'off' })).toMatchObject({ unresolvedOrigins: 1, unfollowed: [] });
  expect(asked).toEqual([]);
});

describe('an origin that may lead to any load balancer', () => {
  const unfollowed = async (organization: Organization) => {
    const { inventories, unfollowed: all } = await rig(organization).gather();
    expect(inventories.map((each) => each.unfollowed)).toEqual(inventories.map(() => all));
    return all;
  };

  it('a lookup that failed', async () => {
    const names = { 'www.example.com': answered([], [], 'the lookup of www.example.com failed (ESERVFAIL)') };
    expect(await unfollowed({ distributions: [fronting('E1', OTHER_ACCOUNT, 'www.example.com')], names })).toEqual([
      'name-lookup-failed',
    ]);
  });

  it('parameters of tenants', async () => {
    expect(await unfollowed({ distributions: [fronting('E1', OTHER_ACCOUNT, '{{t}}.example.com')] })).toEqual([
      'tenants-not-recorded',
    ]);
  });

  it.each([
    ['no interface of a load balancer is recorded', {}],
    ['none of its interfaces has a public address', { [arnOf('web')]: [] }],
  ])('an address, while %s', async (_, addresses) => {
    const names = { 'www.example.com': answered([], ['203.0.113.7']) };
    const distributions = [fronting('E1', OTHER_ACCOUNT, 'www.example.com')];
    expect(await unfollowed({ distributions, names, addresses })).toEqual(['addresses-not-recorded']);
  });

  it('not an address, where the only load balancer is internal: it has none', async () => {
    const names = { 'www.example.com': answered([], ['203.0.113.7']) };
    const distributions = [fronting('E1', OTHER_ACCOUNT, 'www.example.com')];
    const loadBalancers = [balancer('web', HERE, { scheme: 'internal' })];
    expect(await unfollowed({ distributions, names, loadBalancers })).toEqual([]);
  });

  it('a name beyond the most that one run looks up', async () => {
    const count = MOST_NAMES + 1;
    const origins = Array.from({ length: count }, (_, at) => `n${String(at)}.example.com`);
    const { gather, asked } = rig({ distributions: [fronting('E1', OTHER_ACCOUNT, ...origins)] });
    expect(await gather()).toMatchObject({ unresolvedOrigins: count, unfollowed: ['name-lookup-failed'] });
    expect(asked).toHaveLength(MOST_NAMES);
  });
});

it('a VPC origin, if AWS Config ever shows one, is counted; its own name still links', async () => {
  const vpcOrigin = { vpcOriginId: vpcOriginId('vo_1') };
  const { gather } = rig({
    distributions: [
      fronting('E1', OTHER_ACCOUNT, { domainName: dnsNameOf('web'), ...vpcOrigin }),
      fronting('E2', OTHER_ACCOUNT, { domainName: 'inner.example.com', ...vpcOrigin }),
    ],
  });
  const gathered = await gather();
  expect(gistOf(gathered)).toEqual([`${ACCOUNT}/us-east-1: E1 ${dnsNameOf('web')} -> web`]);
  expect(gathered.unresolvedOrigins).toBe(1);
});

it('what a tag declares has no distribution, and is read where the load balancer is', async () => {
  const tags = known({ 'origin-guard:fronted-by': 'cloudfront' });
  const { gather } = rig({ loadBalancers: [balancer('web', HERE, { tags })] });
  expect((await gather()).inventories[0]?.origins).toEqual([]);
});

it('an organization without load balancers has no inventory', async () => {
  const { gather } = rig({ loadBalancers: [], distributions: [fronting('E1', ACCOUNT, '{{t}}.example.com')] });
  expect(await gather()).toMatchObject({ inventories: [], unfollowed: [] });
});

it.each(['distributions', 'loadBalancers', 'publicAddresses'] as const)(
  '%s that may not be read: there are no inventories at all',
  async (what) => {
    const names = { 'www.example.com': answered([], ['203.0.113.7']) };
    const distributions = [fronting('E1', OTHER_ACCOUNT, 'www.example.com', dnsNameOf('web'))];
    const { raw } = rig({ distributions, names }, { [what]: () => Promise.resolve(hidden(what)) });
    expect(await raw()).toMatchObject({ known: false, gap: { fact: what, cause: 'access-denied' } });
  },
);
