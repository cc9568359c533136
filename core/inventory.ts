import * as z from 'zod/mini';
import { compareText, known, missing, type Fact, type GapCause } from './fact.js';
import { AccountId, DistributionId, LoadBalancerArn, Region, scopeOfArn } from './ids.js';
import { jsonProblem } from './json-problem.js';
import { isTemplate } from './model/domain-name.js';

/** The account and Region for which an inventory is written. */
export interface InventoryPlace {
  readonly accountId: AccountId;
  readonly region: Region;
}

/** Why the inventory could not tell where some origins of the organization lead; each may lead to any load balancer. */
export const UNFOLLOWED = ['addresses-not-recorded', 'name-lookup-failed', 'tenants-not-recorded'] as const;
export type Unfollowed = (typeof UNFOLLOWED)[number];

const port = z
  .number({ error: 'expected a port' })
  .check(z.refine((value) => Number.isInteger(value) && value >= 1 && value <= 65_535, { error: 'expected a port' }));

const Connection = z.object({
  httpPort: port,
  httpsPort: port,
  protocolPolicy: z.enum(['http-only', 'https-only', 'match-viewer'], {
    error: 'expected http-only, https-only or match-viewer',
  }),
});

const text = (expected: string) =>
  z.string({ error: expected }).check(z.minLength(1, { error: expected }), z.maxLength(1024, { error: expected }));

const Instant = z.iso.datetime({ error: 'expected an instant such as 2026-07-01T12:00:00.000Z' });

const ForeignOrigin = z.object({
  distributionId: DistributionId,
  accountId: AccountId,
  enabled: z.boolean({ error: 'expected true or false' }),
  originId: text('expected the id of an origin'),
  domainName: text('expected a domain name').check(
    z.refine((name) => !isTemplate(name), { error: 'expected a domain name without parameters' }),
  ),
  connection: z.nullable(Connection),
  loadBalancerArns: z.array(LoadBalancerArn).check(z.minLength(1, { error: 'expected a load balancer' })),
});

const Document = z.object(
  {
    schemaVersion: z.literal('1', { error: 'expected "1"' }),
    generatedAt: Instant,
    accountId: AccountId,
    region: Region,
    loadBalancers: z.array(LoadBalancerArn),
    origins: z.array(ForeignOrigin),
    unfollowed: z.array(z.enum(UNFOLLOWED, { error: `expected ${UNFOLLOWED.join(', ')}` })),
  },
  { error: 'expected a JSON object' },
);

/** An origin of another account's distribution that leads to a load balancer of this account and Region. */
export interface ForeignOrigin {
  readonly distributionId: DistributionId;
  /** Whose distribution it is. */
  readonly accountId: AccountId;
  readonly enabled: boolean;
  readonly originId: string;
  readonly domainName: string;
  /** How CloudFront connects; `null` where AWS Config does not say. */
  readonly connection: {
    readonly httpPort: number;
    readonly httpsPort: number;
    readonly protocolPolicy: 'http-only' | 'https-only' | 'match-viewer';
  } | null;
  /** Those of this account and Region to which it leads. */
  readonly loadBalancerArns: readonly LoadBalancerArn[];
}

/**
 * What the account that sees the whole organization tells one account and Region of the distributions of others.
 *
 * It holds nothing of anybody else's load balancers, and no header.
 */
export interface Inventory extends InventoryPlace {
  readonly schemaVersion: '1';
  /** When reading began, ISO 8601 in UTC: what it says is not younger. */
  readonly generatedAt: string;
  /** Every Application Load Balancer of the place that was seen. Of another one, the inventory says nothing. */
  readonly loadBalancers: readonly LoadBalancerArn[];
  readonly origins: readonly ForeignOrigin[];
  /** Why origins that may lead here could not be followed. */
  readonly unfollowed: readonly Unfollowed[];
}

/** Everything that inventories are kept under. */
export const INVENTORY_PREFIX = 'inventory/v1/';

/** The key of the object that holds the inventory of one account and Region. */
export const inventoryKey = ({ accountId, region }: InventoryPlace): string =>
  `${INVENTORY_PREFIX}${accountId}/${region}.json`;

/** The account and Region whose inventory a key names, or `null` for a key of anything else. */
export function placeOfKey(key: string): InventoryPlace | null {
  const [accountText, file = '', ...rest] = key.slice(INVENTORY_PREFIX.length).split('/');
  if (!key.startsWith(INVENTORY_PREFIX) || rest.length > 0 || !file.endsWith('.json')) return null;
  const accountId = z.safeParse(AccountId, accountText);
  const region = z.safeParse(Region, file.slice(0, -'.json'.length));
  return accountId.success && region.success ? { accountId: accountId.data, region: region.data } : null;
}

/** An inventory as it is stored: the same bytes for the same content. */
export function renderInventory(inventory: Inventory): string {
  const { schemaVersion, generatedAt, accountId, region, loadBalancers, origins, unfollowed } = inventory;
  const rows = origins.map(
    ({ distributionId, accountId: owner, enabled, originId, domainName, connection, loadBalancerArns }) => ({
      distributionId,
      accountId: owner,
      enabled,
      originId,
      domainName,
      connection,
      loadBalancerArns: [...loadBalancerArns].sort(compareText),
    }),
  );
  const document = {
    schemaVersion,
    generatedAt,
    accountId,
    region,
    loadBalancers: [...loadBalancers].sort(compareText),
    origins: rows.sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b))),
    unfollowed: [...unfollowed].sort(compareText),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

/** Reads a stored inventory of one place; one that is damaged, or is somebody else's, is a gap that names the field. */
export function parseInventory(stored: string, at: InventoryPlace): Fact<Inventory> {
  let given: unknown;
  try {
    given = JSON.parse(stored);
  } catch (error) {
    return unreadable(`it is not JSON: ${jsonProblem(error as SyntaxError)}`);
  }
  const parsed = z.safeParse(Document, given);
  if (!parsed.success) {
    const said = parsed.error.issues.map(({ path, message }) => [...path.map(String), `: ${message}`].join('.'));
    return unreadable(said.slice(0, 1).join('').replace('.: ', ': ').replace(/^: /, ''));
  }
  const problem = problemOf(parsed.data, at);
  return problem === null ? known(parsed.data) : unreadable(problem);
}

function problemOf({ accountId, region, loadBalancers, origins }: Inventory, at: InventoryPlace): string | null {
  if (accountId !== at.accountId || region !== at.region)
    return `it is that of account ${accountId} in ${region}, not of ${at.accountId} in ${at.region}`;
  const isOwn = (arn: LoadBalancerArn): boolean => {
    const scope = scopeOfArn(arn);
    return scope.accountId === accountId && scope.region === region;
  };
  const seen = new Set(loadBalancers);
  if (!loadBalancers.every(isOwn)) return 'loadBalancers: expected those of the account and Region';
  if (!origins.every(({ loadBalancerArns }) => loadBalancerArns.every((arn) => seen.has(arn))))
    return 'origins: expected load balancers that are listed in loadBalancers';
  if (origins.some((origin) => origin.accountId === accountId)) return 'origins: expected those of other accounts';
  return null;
}

const unreadable = (why: string) =>
  inventoryGap('incomplete', `the inventory of origins of other accounts cannot be read: ${why}`);

/** The gap that an inventory leaves that is not there, or cannot be used. */
export const inventoryGap = (cause: GapCause, detail: string) => missing({ fact: 'inventory', cause, detail });
