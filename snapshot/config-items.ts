import * as z from 'zod';
import { missing, type Gap } from '../core/fact.js';
import { scopeOfArn, SecurityGroupId, toAccountId, toRegion, type Scope } from '../core/ids.js';
import type { Collected } from './collected.js';
import type { Kind } from './coverage.js';
import { keepDistribution, keepGroup, keepInterface, keepListener, keepLoadBalancer, keepPrefixList } from './kinds.js';
import type { FileContext } from './list-reader.js';
import { DistributionItem } from '../wire/cloudfront.js';
import { NetworkInterfaceItem, PrefixListItem, SecurityGroupItem } from '../wire/ec2.js';
import { LoadBalancerItem } from '../wire/elbv2.js';
import { ListenerItem } from '../wire/listeners.js';
import { isRecord, lowerFirstKeys, MaybeText, textOrNull } from '../wire/shared.js';

/**
 * A configuration item, as AWS Config delivers it to S3 and in events, or as its API prints it: the two differ in
 * `awsAccountId`/`accountId`, `ARN`/`arn`, and in `configuration` being an object or JSON in a text.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules.html
 */
const ConfigurationItem = z.object({
  resourceType: z.string(),
  resourceId: MaybeText,
  configurationItemStatus: MaybeText,
  configurationItemCaptureTime: z.union([z.string(), z.number()]).nullish(),
  configurationStateId: z.union([z.string(), z.number()]).nullish(),
  awsAccountId: MaybeText,
  accountId: MaybeText,
  awsRegion: MaybeText,
  ARN: MaybeText,
  arn: MaybeText,
  configuration: z.unknown().optional(),
  tags: z.record(z.string(), z.string().nullable()).nullish(),
});
type ConfigurationItem = Omit<z.output<typeof ConfigurationItem>, 'configuration'>;

/** The newest item of one resource so far, checked and ready to be kept. */
interface Held {
  readonly item: ConfigurationItem;
  readonly file: FileContext;
  readonly scope: Scope;
  readonly capturedAt: number;
  readonly stateId: number;
  readonly configuration: Checked | null;
}

/** A configuration of a known type: what it is, and what keeping it does. */
interface Checked {
  readonly value: unknown;
  readonly keep: (held: Held, into: Collected) => void;
}

interface Keeper {
  /** The kind that an item of this type proves to be recorded. */
  readonly kind: Kind | null;
  readonly check: (configuration: unknown) => Checked;
}

function keeper<S extends z.core.$ZodType>(
  kind: Kind | null,
  schema: S,
  keep: (value: z.output<S>, held: Held, into: Collected) => void,
): Keeper {
  return {
    kind,
    check: (configuration) => {
      const parsed = z.safeParse(schema, configuration, { reportInput: true });
      if (!parsed.success) throw belowConfiguration(parsed.error);
      const value = parsed.data;
      return { value, keep: (held, into) => keep(value, held, into) };
    },
  };
}

/** The same problems, named from the item and not from its configuration. */
const belowConfiguration = ({ issues }: z.core.$ZodError): z.ZodError =>
  new z.ZodError(issues.map((issue) => ({ ...issue, path: ['configuration', ...issue.path] })));

const tagsOf = ({ tags }: ConfigurationItem): Readonly<Record<string, string>> | null =>
  tags === null || tags === undefined
    ? null
    : Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, value ?? '']));

/** The file as if its folder said what the item says. */
const placed = ({ file, scope }: Held): FileContext => ({ ...file, folder: scope });

/** The items that are kept, by AWS Config's name of their type. */
const KEEPERS: Readonly<Record<string, Keeper>> = {
  'AWS::EC2::SecurityGroup': keeper('securityGroups', SecurityGroupItem, (group, { item, scope }, into) => {
    keepGroup({ ...group, tags: group.tags ?? tagsOf(item) }, into, scope);
  }),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': keeper('loadBalancers', LoadBalancerItem, (item, held, into) => {
    keepLoadBalancer(item, into, held.file, tagsOf(held.item));
  }),
  'AWS::ElasticLoadBalancingV2::Listener': keeper(null, ListenerItem, (item, _, into) => {
    keepListener(item, into);
    // An item does not stand for the pages that are missing.
    if (!into.begun.has(item.loadBalancerArn)) into.ended.add(item.loadBalancerArn);
  }),
  'AWS::CloudFront::Distribution': keeper('distributions', DistributionItem, (item, held, into) => {
    keepDistribution(item, into, placed(held));
  }),
  'AWS::EC2::NetworkInterface': keeper('networkInterfaces', NetworkInterfaceItem, (item, held, into) => {
    keepInterface(item, into, placed(held));
  }),
  'AWS::EC2::PrefixList': keeper('prefixLists', PrefixListItem, (item, held, into) => {
    keepPrefixList(item, into, placed(held));
  }),
};

/** The types of configuration items that somebody asks about; all others are skipped without being parsed. */
export const WANTED_TYPES: ReadonlySet<string> = new Set(Object.keys(KEEPERS));

const DELETED: ReadonlySet<string> = new Set(['ResourceDeleted', 'ResourceDeletedNotRecorded']);

/** Whether an object looks like a configuration item at all. */
export const isConfigurationItem = (value: Readonly<Record<string, unknown>>): boolean =>
  typeof value['resourceType'] === 'string' && 'configuration' in value;

/** A group of which the item has only the id. */
const GoneGroup = z.object({ resourceId: SecurityGroupId });

const GONE: ReadonlySet<string> = new Set([...DELETED, 'ResourceNotRecorded']);

/** Holds configuration items until all files are read, the newest item of each resource only. */
export class ConfigItems {
  readonly #newest = new Map<string, Held>();

  /** Takes one item in; an older item of the same resource gives way. Raises what the schema of its type says. */
  add(value: unknown, file: FileContext, into: Collected): void {
    const { configuration, ...item } = ConfigurationItem.parse(value, { reportInput: true });
    const { check } = KEEPERS[item.resourceType] ?? {};
    if (check === undefined) return;
    warnOfAccount(item, file, into);
    const scope = scopeOf(item, file);
    const capturedAt = toMillis(item.configurationItemCaptureTime);
    const stateId = Number(item.configurationStateId ?? 0);
    const isGone = GONE.has(item.configurationItemStatus ?? '');
    if (isGone && item.resourceType === 'AWS::EC2::SecurityGroup') GoneGroup.parse(item, { reportInput: true });
    const checked = isGone ? null : check(spelled(unwrap(configuration)));
    const held: Held = { item, file, scope, capturedAt, stateId, configuration: checked };
    const key = `${item.resourceType}|${scope.accountId ?? ''}|${scope.region ?? ''}|${item.resourceId ?? textOf(held)}`;
    const other = this.#newest.get(key);
    if (other === undefined || isNewer(held, other)) this.#newest.set(key, held);
  }

  /** Hands the newest items on. */
  settle(into: Collected): void {
    for (const held of this.#newest.values()) keepNewest(held, into);
  }
}

/** AWS Config's API writes the configuration as JSON inside a text; its files do not. */
const unwrap = (configuration: unknown): unknown =>
  typeof configuration === 'string' ? (JSON.parse(configuration) as unknown) : configuration;

/** Most types are written with small first letters already; listeners and prefix lists are not. */
const spelled = (configuration: unknown): unknown =>
  isRecord(configuration) && Object.keys(configuration).some((key) => key >= 'A' && key < '[')
    ? lowerFirstKeys(configuration)
    : configuration;

function warnOfAccount({ awsAccountId, accountId }: ConfigurationItem, { path }: FileContext, into: Collected): void {
  const given = textOrNull(awsAccountId ?? accountId);
  if (given !== null && toAccountId(given) === null) {
    into.warnings.add(`${path}: account id "${given}" does not have 12 digits; --account applies`);
  }
}

function keepNewest(held: Held, into: Collected): void {
  const { item, file, scope, configuration } = held;
  const isGroup = item.resourceType === 'AWS::EC2::SecurityGroup';
  if (item.configurationItemStatus === 'ResourceNotRecorded') {
    const resource = `${item.resourceType} ${item.resourceId ?? ''}`;
    into.warnings.add(`${file.path}: ${resource} is no longer recorded, so its item is left out`);
    if (isGroup) keepWithoutRules(item, scope, into, notRecorded(item));
    return;
  }
  const kind = KEEPERS[item.resourceType]?.kind ?? null;
  if (kind !== null) into.coverage.note(kind, scope);
  if (configuration !== null) configuration.keep(held, into);
  else if (isGroup) keepWithoutRules(item, scope, into, null);
}

function keepWithoutRules(item: ConfigurationItem, scope: Scope, into: Collected, gap: Gap | null): void {
  const { resourceId: id } = GoneGroup.parse(item);
  into.groups.push({
    id,
    name: null,
    vpcId: null,
    scope,
    deleted: gap === null,
    tags: gap === null ? {} : null,
    rules: null,
    gap: gap === null ? null : missing(gap).gap,
    ownerId: null,
    egress: null,
  });
}

const notRecorded = ({ resourceId }: ConfigurationItem): Gap => ({
  fact: `securityGroup ${resourceId ?? ''}`,
  cause: 'not-recorded',
  detail: `AWS Config no longer records security group ${resourceId ?? ''}; add the output of describe-security-groups`,
});

/** A distribution has no Region, whether its item says `global`, `us-east-1` or nothing. */
function scopeOf(
  { resourceType, awsAccountId, accountId, awsRegion, ARN, arn }: ConfigurationItem,
  { folder, flags }: FileContext,
): Scope {
  const named = scopeOfArn(ARN ?? arn ?? '');
  const isGlobal = resourceType === 'AWS::CloudFront::Distribution';
  return {
    accountId: folder.accountId ?? named.accountId ?? toAccountId(awsAccountId ?? accountId) ?? flags.accountId,
    region: isGlobal ? null : (folder.region ?? named.region ?? toRegion(awsRegion) ?? flags.region),
  };
}

const toMillis = (time: string | number | null | undefined): number =>
  typeof time === 'number' ? time * 1000 : Date.parse(time ?? '') || 0;

const textOf = ({ configuration }: Held): string =>
  JSON.stringify(configuration?.value ?? null, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );

/** Newer by capture time, then by state id; between equals the choice does not depend on the order of reading. */
function isNewer(a: Held, b: Held): boolean {
  if (a.capturedAt !== b.capturedAt) return a.capturedAt > b.capturedAt;
  if (a.stateId !== b.stateId) return a.stateId > b.stateId;
  return textOf(a) > textOf(b);
}
