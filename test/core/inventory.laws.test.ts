import fc from 'fast-check';
import { known, missing, type Fact } from '../../core/fact.js';
import { gatherInventories, type OwnedDistribution, type PlacedLoadBalancer } from '../../core/gather-inventory.js';
import type { AccountId } from '../../core/ids.js';
import { inventoryGap, parseInventory, renderInventory, type Inventory } from '../../core/inventory.js';
import { joinInventory, requireFresh } from '../../core/join-inventory.js';
import { isTemplate } from '../../core/model/domain-name.js';
import { byPath } from '../../core/path.js';
import { gatherAlbSgFacts } from '../../rules/alb-sg-cloudfront-only/facts.js';
import { albSgCloudfrontOnly } from '../../rules/alb-sg-cloudfront-only/rule.js';
import { ACCOUNT, gap, NOW, OTHER_ACCOUNT, REGION } from '../support/builders.js';
import { fakePorts, type World } from '../support/fake-ports.js';
import { propertyRuns } from '../support/property-runs.js';
import { situations, type Situation } from '../support/worlds.js';

const SECRET = 'a-planted-header-value';
const ACCOUNTS = [ACCOUNT, OTHER_ACCOUNT] as const;
const NOW_MS = Date.parse(NOW);
const DAY_MS = 86_400_000;

/** What AWS Config can know: no VPC origin, no tenant; and every list whole. Each origin carries a secret. */
const organizations: fc.Arbitrary<Situation> = situations.map(({ world, params }) => ({
  params,
  world: {
    ...world,
    loadBalancerGap: () => null,
    distributionGap: () => null,
    distributions: world.distributions.map((distribution) => ({
      ...distribution,
      origins: distribution.origins
        .filter(({ vpcOriginId, domainName }) => vpcOriginId === null && !isTemplate(domainName))
        .map((origin) => ({
          ...origin,
          customHeaders: [{ name: 'x-origin', value: { digest: SECRET, length: SECRET.length, run: '00000000' } }],
        })),
    })),
  },
}));

/** The inventory of each account as it is stored. */
async function publish({ world, params }: Situation): Promise<ReadonlyMap<AccountId, string>> {
  const applications = world.loadBalancers.filter(({ type }) => type === 'application');
  const gathered = await gatherInventories(
    {
      distributions: () => Promise.resolve(known(world.distributions as readonly OwnedDistribution[])),
      loadBalancers: () =>
        Promise.resolve(
          known(
            applications.map((each) => ({ ...each, tags: missing(gap('tags', 'not-seen')) })) as PlacedLoadBalancer[],
          ),
        ),
      publicAddresses: () =>
        Promise.resolve(
          known(new Map(Object.entries(world.addresses).map(([arn, fact]) => [arn, fact.known ? fact.value : []]))),
        ),
    },
    fakePorts(world),
    { generatedAt: NOW, originHostnames: params.originHostnames, resolveOrigins: 'dns' },
  );
  if (!gathered.known) throw new Error(gathered.gap.detail);
  return new Map(gathered.value.inventories.map((each) => [each.accountId, renderInventory(each)] as const));
}

const judge = async (world: World, params: Situation['params'], view?: ReturnType<typeof joinInventory>) => {
  const ports = fakePorts(world);
  const { facts } = await gatherAlbSgFacts(
    view === undefined ? ports : { ...ports, distributions: () => Promise.resolve(view) },
    params,
    NOW,
  );
  return new Map(
    facts.map((each) => {
      const verdict = albSgCloudfrontOnly.decide(each, params);
      const findings = verdict.kind === 'non-compliant' ? verdict.findings : [];
      return [
        each.group.id,
        { kind: verdict.kind, findings, paths: [...each.paths].sort(byPath), of: each.group.scope },
      ];
    }),
  );
};

/** What one account judges by itself and by its inventory. */
function judgeMember({ world, params }: Situation, accountId: AccountId, inventory: Fact<Inventory>) {
  const own = <T extends { readonly scope: World['groups'][number]['scope'] }>(all: readonly T[]): readonly T[] =>
    all.filter(({ scope }) => scope.accountId === accountId);
  const mine = {
    ...world,
    groups: own(world.groups),
    loadBalancers: own(world.loadBalancers),
    distributions: world.distributions.filter((each) => each.accountId === accountId),
  };
  return judge(mine, params, joinInventory({ items: mine.distributions, gapAt: () => null }, inventory));
}

const read = (text: string | undefined, accountId: AccountId): Fact<Inventory> =>
  text === undefined
    ? inventoryGap('not-seen', 'there is no inventory')
    : requireFresh(parseInventory(text, { accountId, region: REGION }), { nowMs: NOW_MS, maxAgeMs: DAY_MS });

const check = (property: fc.IAsyncProperty<unknown>) => fc.assert(property, { numRuns: propertyRuns(150) });

it('every account judges by its inventory as the whole organization is judged together', async () => {
  const seen = { linked: 0, kept: 0, same: 0 };
  await check(
    fc.asyncProperty(organizations, async (situation) => {
      const joined = await judge(situation.world, situation.params);
      const published = await publish(situation);
      for (const accountId of ACCOUNTS) {
        const inventory = read(published.get(accountId), accountId);
        const alone = await judgeMember(situation, accountId, inventory);
        for (const [id, is] of alone) {
          const was = joined.get(id);
          const isUnfollowed = !inventory.known || inventory.value.unfollowed.length > 0;
          // An origin that nobody could follow may lead here: then, and only then, less is said.
          if (
            isUnfollowed &&
            is.kind === 'indeterminate' &&
            [undefined, 'not-applicable', 'indeterminate'].includes(was?.kind)
          ) {
            seen.kept += 1;
            continue;
          }
          seen.same += 1;
          if (inventory.known && is.paths.length > 0) seen.linked += inventory.value.origins.length;
          expect({ id, ...is }).toEqual({ id, ...was });
        }
      }
    }),
  );
  expect(Object.values(seen).every((count) => count > 0)).toBe(true);
});

type Damage = readonly [string, (text: string) => string | undefined];

const without = (key: string): Damage => [
  `without ${key}`,
  (text) => JSON.stringify({ ...(JSON.parse(text) as object), [key]: undefined }),
];
const withField = (key: string, value: unknown): Damage => [
  `${key} is ${JSON.stringify(value)}`,
  (text) => JSON.stringify({ ...(JSON.parse(text) as object), [key]: value }),
];

const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.constant<Damage>(['gone', () => undefined]),
  fc
    .double({ min: 0, max: 0.99, noNaN: true })
    .map<Damage>((part) => [`cut at ${String(part)}`, (text) => text.slice(0, Math.floor((text.length - 2) * part))]),
  fc
    .constantFrom('schemaVersion', 'generatedAt', 'accountId', 'region', 'loadBalancers', 'origins', 'unfollowed')
    .map(without),
  fc.constantFrom(
    withField('generatedAt', new Date(NOW_MS - DAY_MS - 1).toISOString()),
    withField('generatedAt', new Date(NOW_MS + DAY_MS).toISOString()),
    withField('accountId', '999988887777'),
    withField('region', 'eu-west-1'),
    withField('schemaVersion', '2'),
    withField('origins', [{}]),
    withField('loadBalancers', []),
  ),
);

it('an inventory that is gone, damaged, stale or of somebody else never makes a pass', async () => {
  let withheld = 0;
  await check(
    fc.asyncProperty(organizations, damages, async (situation, [, damage]) => {
      const joined = await judge(situation.world, situation.params);
      const published = await publish(situation);
      for (const accountId of ACCOUNTS) {
        const text = published.get(accountId);
        const inventory = read(text === undefined ? undefined : damage(text), accountId);
        for (const [id, is] of await judgeMember(situation, accountId, inventory)) {
          // A group that nobody described is judged only where its load balancer may be fronted.
          const from = joined.get(id)?.kind;
          if (from !== is.kind) {
            withheld += 1;
            expect({ id, from, to: is.kind }).toEqual({ id, from, to: 'indeterminate' });
          }
        }
      }
    }),
  );
  expect(withheld).toBeGreaterThan(0);
});

it('no header value is in any inventory, and no load balancer of anybody else', async () => {
  await check(
    fc.asyncProperty(organizations, async (situation) => {
      for (const [accountId, text] of await publish(situation)) {
        expect(text).not.toContain(SECRET);
        const arns = text.match(/arn:aws:elasticloadbalancing:[^"]+/g) ?? [];
        expect(arns.filter((arn) => !arn.includes(`:${accountId}:`))).toEqual([]);
      }
    }),
  );
});
