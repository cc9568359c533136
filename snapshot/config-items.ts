import { z } from 'zod';
import { missing, type Gap } from '../core/fact.js';
import { AccountId, Region, SecurityGroupId, type Scope } from '../core/ids.js';
import { OriginGuardError } from '../core/errors.js';
import type { Collected } from './collected.js';
import type { Kind } from './coverage.js';
import {
  keepDistribution,
  keepEntries,
  keepGroup,
  keepInterface,
  keepListener,
  keepLoadBalancer,
  type FileContext,
} from './kinds.js';
import { DistributionItem } from './schemas/cloudfront.js';
import { NetworkInterfaceItem, PrefixListItem, SecurityGroupItem } from './schemas/ec2.js';
import { ListenerItem, LoadBalancerItem } from './schemas/elbv2.js';
import { lowerFirstKeys, MaybeText } from './schemas/shared.js';

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
type ConfigurationItem = z.output<typeof ConfigurationItem>;

interface Held {
  readonly item: ConfigurationItem;
  readonly file: FileContext;
  readonly capturedAt: number;
  readonly stateId: number;
  readonly text: string;
}

type Keeper = (configuration: unknown, held: Held, scope: Scope, into: Collected) => void;

const tagsOf = ({ tags }: ConfigurationItem): Readonly<Record<string, string>> | null =>
  tags === null || tags === undefined
    ? null
    : Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, value ?? '']));

/** The items that are kept, by AWS Config's name of their type, with the kind they prove to be recorded. */
const KEEPERS: Readonly<Record<string, { readonly kind: Kind | null; readonly keep: Keeper }>> = {
  'AWS::EC2::SecurityGroup': {
    kind: 'securityGroups',
    keep: (configuration, { item }, scope, into) => {
      const group = SecurityGroupItem.parse(configuration);
      keepGroup({ ...group, tags: group.tags ?? tagsOf(item) }, into, scope);
    },
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    kind: 'loadBalancers',
    keep: (configuration, { item, file }, _, into) => {
      keepLoadBalancer(LoadBalancerItem.parse(configuration), into, file, tagsOf(item));
    },
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    kind: null,
    keep: (configuration, _held, _scope, into) => {
      keepListener(ListenerItem.parse(configuration), into);
    },
  },
  'AWS::CloudFront::Distribution': {
    kind: 'distributions',
    keep: (configuration, { file }, scope, into) => {
      const item = DistributionItem.parse(configuration);
      keepDistribution(item, into, { ...file, folder: { ...file.folder, accountId: scope.accountId } });
    },
  },
  'AWS::EC2::NetworkInterface': {
    kind: 'networkInterfaces',
    keep: (configuration, { file }, scope, into) => {
      keepInterface(NetworkInterfaceItem.parse(configuration), into, { ...file, folder: scope });
    },
  },
  'AWS::EC2::PrefixList': {
    kind: 'prefixLists',
    keep: (configuration, _, { region }, into) => {
      const { prefixListId: id, prefixListName: name, ownerId, entries } = PrefixListItem.parse(configuration);
      into.prefixLists.push({ id, name, ownerId, region });
      if (entries)
        keepEntries(
          id,
          entries.map(({ cidr }) => cidr),
          into,
        );
    },
  },
};

/** The types of configuration items that somebody asks about; all others are skipped without being parsed. */
export const WANTED_TYPES: ReadonlySet<string> = new Set(Object.keys(KEEPERS));

const DELETED: ReadonlySet<string> = new Set(['ResourceDeleted', 'ResourceDeletedNotRecorded']);

/** Whether an object looks like a configuration item at all. */
export const isConfigurationItem = (value: Readonly<Record<string, unknown>>): boolean =>
  typeof value['resourceType'] === 'string' && 'configuration' in value;

/** Holds configuration items until all files are read, the newest item of each resource only. */
export class ConfigItems {
  readonly #newest = new Map<string, Held>();

  /** Takes one item in; an older item of the same resource gives way. */
  add(value: unknown, file: FileContext, into: Collected): void {
    const item = ConfigurationItem.parse(value);
    if (!WANTED_TYPES.has(item.resourceType)) return;
    const capturedAt = toMillis(item.configurationItemCaptureTime);
    const held: Held = {
      item,
      file,
      capturedAt,
      stateId: Number(item.configurationStateId ?? 0),
      text: JSON.stringify(item.configuration ?? null),
    };
    this.#warnOfAccount(item, file, into);
    const { accountId, region } = scopeOf(item, file);
    const key = [item.resourceType, accountId, region, item.resourceId ?? held.text].join('|');
    const other = this.#newest.get(key);
    if (other === undefined || isNewer(held, other)) this.#newest.set(key, held);
  }

  /** Hands the newest items on; raises what the schema of their type says of them. */
  settle(into: Collected, explain: (error: unknown, held: FileContext, where: string) => unknown): void {
    for (const held of this.#newest.values()) {
      try {
        keep(held, into);
      } catch (error) {
        throw explain(error, held.file, `${held.item.resourceType} ${held.item.resourceId ?? ''}: configuration`);
      }
    }
  }

  #warnOfAccount({ awsAccountId, accountId }: ConfigurationItem, { path }: FileContext, into: Collected): void {
    const given = awsAccountId ?? accountId;
    if (given !== null && !AccountId.safeParse(given).success) {
      into.warnings.add(`${path}: account id "${given}" does not have 12 digits; --account applies`);
    }
  }
}

function keep(held: Held, into: Collected): void {
  const { item, file } = held;
  const keeper = KEEPERS[item.resourceType];
  if (keeper === undefined) throw new OriginGuardError('E9001', `no keeper for ${item.resourceType}`);
  const scope = scopeOf(item, file);
  const status = item.configurationItemStatus ?? 'OK';
  const configuration =
    typeof item.configuration === 'string' && item.configuration !== ''
      ? (JSON.parse(item.configuration) as unknown)
      : item.configuration;
  const isGlobal = keeper.kind === 'distributions';

  if (status === 'ResourceNotRecorded') {
    into.warnings.add(
      `${file.path}: ${item.resourceType} ${item.resourceId ?? ''} is no longer recorded, so its item is left out`,
    );
    if (item.resourceType === 'AWS::EC2::SecurityGroup') keepWithoutRules(item, scope, into, notRecorded(item));
    return;
  }
  if (keeper.kind !== null) into.coverage.note(keeper.kind, isGlobal ? { ...scope, region: null } : scope);
  if (DELETED.has(status)) {
    if (item.resourceType === 'AWS::EC2::SecurityGroup') keepWithoutRules(item, scope, into, null);
    return;
  }
  keeper.keep(lowerFirstKeys(configuration), held, scope, into);
}

function keepWithoutRules(item: ConfigurationItem, scope: Scope, into: Collected, gap: Gap | null): void {
  const id = SecurityGroupId.parse(item.resourceId);
  into.groups.push({
    id,
    name: null,
    vpcId: null,
    scope,
    deleted: gap === null,
    tags: {},
    rules: null,
    gap: gap === null ? null : missing(gap).gap,
  });
}

const notRecorded = ({ resourceId }: ConfigurationItem): Gap => ({
  fact: `securityGroup ${resourceId ?? ''}`,
  cause: 'not-recorded',
  detail: `AWS Config no longer records security group ${resourceId ?? ''}; add the output of describe-security-groups`,
});

function scopeOf(
  { awsAccountId, accountId, awsRegion, ARN, arn }: ConfigurationItem,
  { folder, flags }: FileContext,
): Scope {
  const named = (ARN ?? arn ?? '').split(':');
  const account = [folder.accountId, named[4], awsAccountId, accountId]
    .map((text) => AccountId.safeParse(text).data)
    .find((id) => id !== undefined);
  const region = [folder.region, named[3], awsRegion]
    .map((text) => Region.safeParse(text).data)
    .find((id) => id !== undefined);
  return { accountId: account ?? flags.accountId, region: region ?? flags.region };
}

const toMillis = (time: string | number | null | undefined): number =>
  typeof time === 'number' ? time * 1000 : Date.parse(time ?? '') || 0;

/** Newer by capture time, then by state id; between equals the choice does not depend on the order of reading. */
function isNewer(a: Held, b: Held): boolean {
  if (a.capturedAt !== b.capturedAt) return a.capturedAt > b.capturedAt;
  if (a.stateId !== b.stateId) return a.stateId > b.stateId;
  return a.text > b.text;
}
