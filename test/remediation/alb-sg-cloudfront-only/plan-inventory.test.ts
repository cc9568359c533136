import { known, type Fact } from '../../../core/fact.js';
import { inventoryGap, type Inventory } from '../../../core/inventory.js';
import { joinInventory } from '../../../core/join-inventory.js';
import { planGroup } from '../../../remediation/alb-sg-cloudfront-only/gather-plan.js';
import {
  ACCOUNT,
  albSgParams,
  arnOf,
  distribution,
  distributionId,
  dnsNameOf,
  groupId,
  HOME,
  loadBalancer,
  NOW,
  origin,
  OTHER_ACCOUNT,
  REGION,
  securityGroup,
} from '../../support/builders.js';
import { planningPorts, type PlanningWorld } from '../../support/fake-planning.js';
import { connects, inTexts, options, world } from '../../support/plan-facts.js';

// The load balancer listens on 80 and 443 and is open to everybody on both; another account's distribution comes by 80.

const inventory = (overrides: Partial<Inventory> = {}): Fact<Inventory> =>
  known({
    schemaVersion: '1',
    generatedAt: NOW,
    accountId: ACCOUNT,
    region: REGION,
    loadBalancers: [arnOf('web')],
    origins: [
      {
        distributionId: distributionId('E2OTHER'),
        accountId: OTHER_ACCOUNT,
        enabled: true,
        originId: 'web',
        domainName: dnsNameOf('web'),
        connection: { httpPort: 80, httpsPort: 443, protocolPolicy: 'http-only' },
        loadBalancerArns: [arnOf('web')],
      },
    ],
    unfollowed: [],
    ...overrides,
  });

async function plan(told: Fact<Inventory>, overrides: Partial<PlanningWorld> = {}) {
  const seen: Partial<PlanningWorld> = {
    groups: [securityGroup({ ingress: known([world(80), world(443)]) })],
    loadBalancers: [loadBalancer({ ipAddressType: 'ipv4' })],
    distributions: [],
    listeners: { [arnOf('web')]: known([80, 443]) },
    ...overrides,
  };
  const ports = planningPorts(seen);
  const view = joinInventory({ items: seen.distributions ?? [], gapAt: () => null }, told);
  const { plan: made } = await planGroup(
    { ...ports, distributions: () => Promise.resolve(view) },
    groupId('sg-0web'),
    HOME,
    { params: albSgParams(), options: options({ allowSplit: true }), now: NOW, digest: (text) => text },
  );
  return { ...made, texts: inTexts(made) };
}

const LOCAL = [distribution({ origins: [origin({ custom: connects() })] })];

it('keeps the port by which another account comes, and no other', async () => {
  expect((await plan(inventory())).texts).toMatchObject({ required: ['ipv4/80'] });
});

it("keeps it beside the port of the account's own distribution", async () => {
  expect((await plan(inventory(), { distributions: LOCAL })).texts).toMatchObject({
    required: ['ipv4/80', 'ipv4/443'],
  });
});

it('keeps every listener where it is not said how another account connects', async () => {
  const [own] = (inventory() as Extract<Fact<Inventory>, { known: true }>).value.origins;
  expect((await plan(inventory({ origins: [{ ...own!, connection: null }] }))).texts).toMatchObject({
    required: ['ipv4/80', 'ipv4/443'],
  });
});

it.each([
  ['somewhere an origin could not be followed', { unfollowed: ['name-lookup-failed'] as const }],
  ['the load balancer is newer than the inventory', { loadBalancers: [], origins: [] }],
])('keeps every listener while %s', async (_, overrides) => {
  const http = [distribution({ origins: [origin({ custom: connects({ protocolPolicy: 'http-only' }) })] })];
  expect((await plan(inventory({ origins: [] }), { distributions: http })).texts).toMatchObject({
    required: ['ipv4/80'],
  });
  expect((await plan(inventory({ origins: [], ...overrides }), { distributions: http })).texts).toMatchObject({
    required: ['ipv4/80', 'ipv4/443'],
  });
});

it.each(['internal', null])(
  'takes an origin that leads to a load balancer of scheme %s for a VPC origin',
  async (scheme) => {
    const loadBalancers = [loadBalancer({ ipAddressType: 'ipv4', scheme })];
    expect(await plan(inventory(), { loadBalancers })).toMatchObject({ kind: 'refuse', code: 'VPC_ORIGIN' });
  },
);

describe('nothing that is not seen is nothing', () => {
  const gone = inventoryGap('stale', 'the inventory is stale');

  it('an inventory that does not count is refused, also beside a distribution of the account', async () => {
    for (const distributions of [[], LOCAL])
      expect(await plan(gone, { distributions })).toMatchObject({ kind: 'refuse', code: 'LOOKUP_FAILED' });
  });

  it.each([
    ['an origin could not be followed', { unfollowed: ['tenants-not-recorded'] as const }],
    ['the load balancer is newer than the inventory', { loadBalancers: [] }],
  ])('a group without a path is refused while %s', async (_, overrides) => {
    expect(await plan(inventory({ origins: [], ...overrides }))).toMatchObject({
      kind: 'refuse',
      code: 'LOOKUP_FAILED',
    });
  });

  it('only an inventory that knows the load balancer says that nobody fronts it', async () => {
    expect(await plan(inventory({ origins: [] }))).toMatchObject({ kind: 'refuse', code: 'NOT_FRONTED' });
  });
});
