import { OriginGuardError } from '../../core/errors.js';
import { known, missing, type Fact } from '../../core/fact.js';
import type { OrganizationReader, OwnedDistribution, PlacedLoadBalancer } from '../../core/gather-inventory.js';
import { inventoryKey, parseInventory, type InventoryPlace } from '../../core/inventory.js';
import type { Log } from '../../core/reporting.js';
import { publishInventory, type InventoryTally } from '../../report/publish-inventory.js';
import {
  ACCOUNT,
  distribution,
  dnsNameOf,
  gap,
  hidden,
  loadBalancer,
  NOW,
  origin,
  OTHER_ACCOUNT,
  REGION,
} from '../support/builders.js';

const HERE: InventoryPlace = { accountId: ACCOUNT, region: REGION };
const THERE: InventoryPlace = { accountId: OTHER_ACCOUNT, region: REGION };
const SECRET = 'a-secret-header-value';

const ORGANIZATION: OrganizationReader = {
  distributions: () =>
    Promise.resolve(
      known([
        distribution({
          accountId: OTHER_ACCOUNT,
          origins: [
            { ...origin({ domainName: dnsNameOf('web') }), customHeaders: [SECRET] } as never,
            origin({ id: 'b', domainName: 'b.example.com' }),
          ],
        }) as OwnedDistribution,
      ]),
    ),
  loadBalancers: () =>
    Promise.resolve(
      known([loadBalancer({ name: 'web' }), loadBalancer({ name: 'api', scope: THERE })] as PlacedLoadBalancer[]),
    ),
  publicAddresses: () => Promise.resolve(known(new Map())),
};

interface Rig {
  readonly organization?: Partial<OrganizationReader>;
  readonly earlier?: Fact<readonly InventoryPlace[]> | OriginGuardError;
  /** Keys that cannot be written. */
  readonly broken?: Readonly<Record<string, unknown>>;
  readonly failure?: string | null;
}

async function publish({ organization = {}, earlier = known([]), broken = {}, failure = null }: Rig = {}) {
  const written = new Map<string, string>();
  const tried: string[] = [];
  const tallies: InventoryTally[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
  const at =
    (level: string): Log['info'] =>
    (message, fields = {}) => {
      lines.push({ level, message, ...fields });
    };
  const error: unknown = await publishInventory({
    organization: { ...ORGANIZATION, ...organization },
    names: { resolve: () => Promise.resolve({ kind: 'answered', names: [], addresses: [], failure }) },
    store: {
      places: () => (earlier instanceof OriginGuardError ? Promise.reject(earlier) : Promise.resolve(earlier)),
      write: (place, stored) => {
        const key = inventoryKey(place);
        tried.push(key);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever a store may raise
        if (key in broken) return Promise.reject(broken[key]);
        written.set(key, stored);
        return Promise.resolve();
      },
    },
    options: { originHostnames: new Map(), resolveOrigins: 'dns' },
    now: () => NOW,
    log: { info: at('info'), warn: at('warn'), error: at('error') },
    tally: (counts) => tallies.push(counts),
  }).then(
    () => null,
    (raised: unknown) => raised,
  );
  const read = (place: InventoryPlace) => parseInventory(written.get(inventoryKey(place)) ?? '', place);
  return { error, written, tried, tallies, lines, read };
}

it('every account and Region gets its object, and the run is counted', async () => {
  const { error, written, tallies, lines, read } = await publish();
  expect([error, [...written.keys()]]).toEqual([null, [inventoryKey(HERE), inventoryKey(THERE)]]);
  expect(read(HERE)).toMatchObject({
    known: true,
    value: { generatedAt: NOW, origins: [{ distributionId: 'E1WEB' }] },
  });
  expect(read(THERE)).toMatchObject({ known: true, value: { origins: [] } });
  expect(tallies).toEqual([{ written: 2, crossAccountOrigins: 1, unresolvedOrigins: 1, unfollowed: 0, succeeded: 1 }]);
  expect(lines).toMatchObject([
    { level: 'info', message: 'inventories written', written: 2, distributions: 1, loadBalancers: 2 },
  ]);
});

it('no header value is in an object or a line', async () => {
  const { written, lines } = await publish({ failure: 'SERVFAIL' });
  expect(JSON.stringify([[...written], lines])).not.toContain(SECRET);
});

it('a place that has no load balancer any more gets an empty object', async () => {
  const gone: InventoryPlace = { accountId: ACCOUNT, region: 'eu-west-1' as never };
  const { error, tried, tallies, read } = await publish({ earlier: known([gone, HERE]) });
  expect([error, tried.length, tallies[0]?.written]).toEqual([null, 3, 3]);
  expect(read(gone)).toEqual(
    known({ schemaVersion: '1', generatedAt: NOW, ...gone, loadBalancers: [], origins: [], unfollowed: [] }),
  );
});

it('an origin that could not be followed is warned of, without its name, and told to everybody', async () => {
  const { lines, tallies, read } = await publish({ failure: 'the lookup of b.example.com failed' });
  expect(lines[0]).toEqual({
    level: 'warn',
    message: 'origins may lead to any load balancer',
    reason: 'name-lookup-failed',
  });
  expect(tallies[0]).toMatchObject({ unfollowed: 1 });
  for (const place of [HERE, THERE])
    expect(read(place)).toMatchObject({ known: true, value: { unfollowed: ['name-lookup-failed'] } });
});

describe('what cannot be read whole', () => {
  it.each(['distributions', 'loadBalancers'] as const)('%s denied: nothing is written', async (what) => {
    const { error, tried, tallies, lines } = await publish({
      organization: { [what]: () => Promise.resolve(hidden(what)) },
    });
    expect(error).toMatchObject({ code: 'E2008', detail: `nothing was written: ${what} cannot be read` });
    expect([tried, tallies]).toEqual([[], [expect.objectContaining({ written: 0, succeeded: 0 })]]);
    expect(lines).toMatchObject([{ level: 'error', code: 'E2008' }]);
  });

  it.each([
    [new OriginGuardError('E2001', 'throttled'), 'E2001'],
    [new OriginGuardError('E2006', 'a row that cannot be read'), 'E2006'],
    [new TypeError('x is not y'), 'E9001'],
  ])('%s: nothing is written', async (failure, code) => {
    const { error, tried, tallies } = await publish({ organization: { distributions: () => Promise.reject(failure) } });
    expect([(error as OriginGuardError).code, tried, tallies[0]?.succeeded]).toEqual([code, [], 0]);
  });
});

describe('what cannot be written', () => {
  it('every object is tried, and the first failure is raised', async () => {
    const broken = {
      [inventoryKey(HERE)]: new OriginGuardError('E2008', 'writing one was denied'),
      [inventoryKey(THERE)]: new Error('broken'),
    };
    const { error, tried, tallies, lines } = await publish({
      broken,
      earlier: known([{ ...HERE, region: 'eu-west-1' as never }]),
    });
    expect(tried).toHaveLength(3);
    expect(error).toMatchObject({
      code: 'E2008',
      detail: 'writing one was denied (failures: 2; everything else was written)',
    });
    expect(tallies).toMatchObject([{ written: 1, succeeded: 0 }]);
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'Error: broken', code: 'E9001' },
      { code: 'E2008' },
    ]);
  });

  it('earlier objects that may not be listed: the current ones are written, then it is raised', async () => {
    const { error, written } = await publish({ earlier: missing(gap('inventories')) });
    expect([error, written.size]).toEqual([expect.objectContaining({ code: 'E2008' }), 2]);
  });

  it('a list that failed ends the run', async () => {
    const { error, tried } = await publish({ earlier: new OriginGuardError('E2001', 'throttled') });
    expect([(error as OriginGuardError).code, tried]).toEqual(['E2001', []]);
  });
});
