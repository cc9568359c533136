import { known, missing, type Fact } from '../../core/fact.js';
import type { Inventory } from '../../core/inventory.js';
import { joinInventory, requireFresh } from '../../core/join-inventory.js';
import {
  ACCOUNT,
  arnOf,
  distribution,
  distributionId,
  dnsNameOf,
  gap,
  OTHER_ACCOUNT,
  REGION,
} from '../support/builders.js';

const WEB = arnOf('web');
const HOUR = 3_600_000;
const MADE = Date.parse('2026-07-01T11:00:00.000Z');

const inventory = (overrides: Partial<Inventory> = {}): Inventory => ({
  schemaVersion: '1',
  generatedAt: '2026-07-01T11:00:00.000Z',
  accountId: ACCOUNT,
  region: REGION,
  loadBalancers: [WEB],
  origins: [
    {
      distributionId: distributionId('E2OTHER'),
      accountId: OTHER_ACCOUNT,
      enabled: true,
      originId: 'web',
      domainName: dnsNameOf('web'),
      connection: { httpPort: 80, httpsPort: 8443, protocolPolicy: 'https-only' },
      loadBalancerArns: [WEB],
    },
  ],
  unfollowed: [],
  ...overrides,
});

const OWN = { items: [distribution()], gapAt: () => null };

describe('an inventory of some age', () => {
  const at = (ageMs: number): Fact<Inventory> =>
    requireFresh(known(inventory()), { nowMs: MADE + ageMs, maxAgeMs: 24 * HOUR });

  it.each([0, HOUR, 24 * HOUR, -300_000])('%d ms: it counts', (ageMs) => {
    expect(at(ageMs)).toEqual(known(inventory()));
  });

  it.each([24 * HOUR + 1, 1_000 * HOUR])('%d ms: it is stale, and nothing that it says counts', (ageMs) => {
    expect(at(ageMs)).toEqual(
      missing({
        fact: 'inventory',
        cause: 'stale',
        detail:
          'the inventory of origins of other accounts is from 2026-07-01T11:00:00.000Z, older than 24 hours; see why its function fails',
      }),
    );
  });

  it('one from the future would never grow old: it does not count', () => {
    expect(at(-300_001)).toMatchObject({ known: false, gap: { cause: 'stale' } });
  });

  it('one that is missing stays missing', () => {
    const gone = missing(gap('inventory'));
    expect(requireFresh(gone, { nowMs: MADE, maxAgeMs: HOUR })).toBe(gone);
  });
});

describe('joining', () => {
  it("distributions of other accounts stand beside the account's own", () => {
    const { items, gapAt, gapsAbout } = joinInventory(OWN, known(inventory()));
    expect(items.map(({ id, accountId }) => [id, accountId])).toEqual([
      ['E1WEB', ACCOUNT],
      ['E2OTHER', OTHER_ACCOUNT],
    ]);
    expect(items[1]).toMatchObject({
      enabled: true,
      origins: [
        {
          id: 'web',
          domainName: dnsNameOf('web'),
          isS3: false,
          vpcOriginId: null,
          mayBeVpcOrigin: true,
          custom: { httpPort: 80, httpsPort: 8443, protocolPolicy: 'https-only', ipAddressType: null },
        },
      ],
      parameterDefaults: { known: false },
    });
    expect([gapAt(ACCOUNT), gapsAbout?.(WEB)]).toEqual([null, []]);
  });

  it('origins of one distribution are together, and it is enabled if any says so', () => {
    const [origin] = inventory().origins;
    const origins = [
      { ...origin!, enabled: false },
      { ...origin!, originId: 'b', connection: null },
      { ...origin!, accountId: ACCOUNT },
    ];
    const { items } = joinInventory({ items: [], gapAt: () => null }, known(inventory({ origins })));
    expect(items.map(({ enabled, origins: own }) => [enabled, own.map(({ id }) => id)])).toEqual([
      [true, ['web', 'b']],
      [true, ['web']],
    ]);
    expect(items[0]?.origins[1]).not.toHaveProperty('custom');
  });

  it('without an inventory, its gap is at every account, behind a gap of its own', () => {
    const gone = missing(gap('inventory', 'stale'));
    const own = gap('distributions');
    const hidden = { items: [], gapAt: (accountId: string | null) => (accountId === ACCOUNT ? own : null) };
    const joined = joinInventory(hidden, gone);
    expect([joined.items, joined.gapAt(ACCOUNT), joined.gapAt(OTHER_ACCOUNT), joined.gapAt(null)]).toEqual([
      [],
      own,
      gone.gap,
      gone.gap,
    ]);
  });

  it('of a load balancer that is not in the inventory, nothing is known', () => {
    const { gapsAbout } = joinInventory(OWN, known(inventory()));
    expect(gapsAbout?.(arnOf('new'))).toEqual([
      {
        fact: 'inventory',
        cause: 'not-recorded',
        detail: `the inventory of 2026-07-01T11:00:00.000Z does not know ${arnOf('new')}: it is newer, or AWS Config does not record load balancers here`,
      },
    ]);
  });

  it.each(['addresses-not-recorded', 'name-lookup-failed', 'tenants-not-recorded'] as const)(
    '%s: an origin that could not be followed may lead to any load balancer',
    (why) => {
      const { gapsAbout } = joinInventory(OWN, known(inventory({ unfollowed: [why] })));
      expect(gapsAbout?.(WEB)).toMatchObject([{ fact: 'inventory', cause: 'lookup-failed' }]);
    },
  );
});
