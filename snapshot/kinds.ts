import * as z from 'zod/mini';
import { PrefixListId, toAccountId, type Scope } from '../core/ids.js';
import type { BalancerPath, Collected } from './collected.js';
import { fileNameOf, place, reader, type FileContext, type ListReader } from './list-reader.js';
import { PLANNING_LISTS } from './planning-kinds.js';
import { DistributionItem, pageOf, TenantItem, VpcOriginItem, VpcOriginSummaryItem } from '../wire/cloudfront.js';
import { sealOrigin } from '../wire/custom-headers.js';
import { joinEgress, NO_EGRESS, toEgress } from '../wire/egress.js';
import {
  NetworkInterfaceItem,
  type PrefixListEntryItem,
  PrefixListItem,
  SecurityGroupItem,
  SecurityGroupRuleItem,
} from '../wire/ec2.js';
import { keepRule } from '../wire/group-rules.js';
import { LoadBalancerItem, TagDescriptionItem, TargetGroupItem } from '../wire/elbv2.js';
import { isListenerRule, ListenerItem, RuleItem, sealRule, type OpenRule } from '../wire/listeners.js';
import { DeniedItem } from '../wire/denied.js';
import { RecordSetItem, ResolutionItem } from '../wire/names.js';
import { textOrNull } from '../wire/shared.js';

export function keepGroup(
  item: z.output<typeof SecurityGroupItem>,
  into: Collected,
  scope: Scope,
  deleted = false,
): void {
  const { groupId: id, groupName, vpcId, ownerId, tags, ipPermissions, ipPermissionsEgress } = item;
  into.groups.push({
    id,
    name: textOrNull(groupName),
    vpcId: textOrNull(vpcId),
    scope,
    deleted,
    tags: tags ?? null,
    rules: ipPermissions?.rules ?? null,
    gap: ipPermissions?.gap ?? null,
    ownerId: toAccountId(ownerId),
    egress: toEgress(ipPermissionsEgress),
  });
}

function keepGroupRule(
  { groupId, ownerId, arn, egress, ...item }: z.output<typeof SecurityGroupRuleItem>,
  into: Collected,
  file: FileContext,
): Scope {
  const scope = place(file, { arn, ownerId });
  const held = into.groupRules.get(groupId) ?? { scope, rules: [], gap: null, egress: NO_EGRESS };
  keepRule(held, item);
  if (egress !== null) held.egress = joinEgress(held.egress, egress);
  into.groupRules.set(groupId, held);
  return scope;
}

export function keepPrefixList(
  {
    prefixListId: id,
    prefixListName: name,
    ownerId,
    prefixListArn: arn,
    maxEntries = null,
    entries,
  }: z.output<typeof PrefixListItem>,
  into: Collected,
  file: FileContext,
): Scope {
  const scope = place(file, { arn });
  into.prefixLists.push({ id, name, ownerId: textOrNull(ownerId), region: scope.region, maxEntries });
  if (entries) keepAllEntries(id, entries, into);
  return { accountId: null, region: scope.region };
}

type Entry = z.output<typeof PrefixListEntryItem>;

export function keepEntries(id: PrefixListId, entries: readonly Entry[], into: Collected): void {
  const held = into.entries.get(id) ?? [];
  for (const { cidr } of entries) held.push(cidr);
  into.entries.set(id, held);
}

/** Entries of which no more follow. */
export function keepAllEntries(id: PrefixListId, entries: readonly Entry[], into: Collected): void {
  keepEntries(id, entries, into);
  into.ended.add(id);
}

export function keepLoadBalancer(
  item: z.output<typeof LoadBalancerItem>,
  into: Collected,
  file: FileContext,
  tags: Readonly<Record<string, string>> | null = null,
): Scope {
  const scope = place(file, { arn: item.arn });
  into.loadBalancers.push({ ...item, scope, tags });
  return scope;
}

export function keepListener({ loadBalancerArn, ...listener }: z.output<typeof ListenerItem>, into: Collected): void {
  const held = into.listeners.get(loadBalancerArn) ?? [];
  held.push(listener);
  into.listeners.set(loadBalancerArn, held);
}

function keepListenerRule(item: OpenRule, into: Collected, file: FileContext): null {
  const rule = sealRule(item, into.digest);
  const held = into.listenerRules.get(rule.listenerArn) ?? [];
  held.push(rule);
  into.listenerRules.set(rule.listenerArn, held);
  file.owners.add(rule.listenerArn);
  return null;
}

export function keepInterface(item: z.output<typeof NetworkInterfaceItem>, into: Collected, file: FileContext): Scope {
  const zone = /^(?:[a-z]{2}|eusc)(?:-[a-z]+)+-\d/.exec(item.availabilityZone ?? '')?.[0] ?? '';
  const scope = place(file, { arn: `arn:aws:ec2:${zone}::`, ownerId: item.ownerId });
  into.networkInterfaces.push({ ...item, scope });
  return scope;
}

export function keepDistribution(item: z.output<typeof DistributionItem>, into: Collected, file: FileContext): Scope {
  const { accountId } = place(file, { arn: item.arn });
  into.distributions.push({
    ...item,
    accountId,
    origins: item.origins.map((origin) => sealOrigin(origin, into.digest)),
  });
  return { accountId, region: null };
}

function keepTargetGroup(
  { targetGroupArn: arn, targetType, vpcId, loadBalancerArns, targets }: z.output<typeof TargetGroupItem>,
  into: Collected,
  file: FileContext,
): Scope {
  if (targetType === 'alb')
    into.albTargets.push({
      vpcId: textOrNull(vpcId),
      loadBalancerArns: loadBalancerArns ?? [],
      targets: targets ?? null,
    });
  return place(file, { arn });
}

function keepVpcOrigin(
  { id, arn, accountId, endpointArn }: z.output<typeof VpcOriginItem>,
  into: Collected,
  file: FileContext,
): Scope {
  const held = into.vpcOrigins.get(id);
  // Two answers are two moments; which one counts must not depend on the order of files.
  if (held === undefined || endpointArn < held) into.vpcOrigins.set(id, endpointArn);
  return { accountId: place(file, { arn, ownerId: accountId }).accountId, region: null };
}

function keepTenant(item: z.output<typeof TenantItem>, into: Collected, file: FileContext): Scope {
  into.tenants.push(item);
  return { accountId: place(file, { arn: item.arn }).accountId, region: null };
}

/** The tags of two descriptions; of two values under one key the same one wins whatever the order. */
function mergeTags(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const merged: Record<string, string> = { ...a };
  for (const [key, value] of Object.entries(b)) merged[key] = value > (a[key] ?? '') ? value : (a[key] ?? '');
  return merged;
}

const page = (value: unknown) => pageOf(z.unknown()).parse(value, { reportInput: true });
const listOrPage = (value: unknown) => (Array.isArray(value) ? { more: false, items: value } : page(value));

/** Every top-level key of AWS command output that is read. */
export const LISTS: Readonly<Record<string, ListReader>> = {
  SecurityGroups: reader('securityGroups', SecurityGroupItem, (item, into, file) => {
    const scope = place(file, { arn: item.securityGroupArn, ownerId: item.ownerId });
    // The API leaves Tags out of a group that has none.
    keepGroup({ ...item, tags: item.tags ?? {} }, into, scope);
    return scope;
  }),
  SecurityGroupRules: reader('securityGroupRules', SecurityGroupRuleItem, keepGroupRule),
  PrefixLists: reader('prefixLists', PrefixListItem, keepPrefixList),
  NetworkInterfaces: reader('networkInterfaces', NetworkInterfaceItem, keepInterface),
  LoadBalancers: reader('loadBalancers', LoadBalancerItem, keepLoadBalancer),
  Listeners: reader(
    null,
    ListenerItem,
    (item, into, file) => {
      keepListener(item, into);
      file.owners.add(item.loadBalancerArn);
      return null;
    },
    { ownerOf: balancerWithoutListeners },
  ),
  Rules: reader(null, RuleItem, keepListenerRule, { isOurs: isListenerRule }),
  TagDescriptions: reader('tags', TagDescriptionItem, ({ resourceArn, tags }, into) => {
    into.tags.set(resourceArn, mergeTags(into.tags.get(resourceArn) ?? {}, tags));
    return null;
  }),
  TargetGroups: reader('targetGroups', TargetGroupItem, keepTargetGroup),
  DistributionList: reader('distributions', DistributionItem, keepDistribution, { single: true, page }),
  Distribution: reader(
    null,
    DistributionItem,
    (item, into, file) => keepDistribution({ ...item, parameterDefaults: item.parameterDefaults ?? {} }, into, file),
    { single: true },
  ),
  VpcOriginList: reader('vpcOrigins', VpcOriginSummaryItem, keepVpcOrigin, { single: true, page }),
  VpcOrigin: reader(null, VpcOriginItem, keepVpcOrigin, { single: true }),
  DistributionTenantList: reader('distributionTenants', TenantItem, keepTenant, { single: true, page: listOrPage }),
  DistributionTenant: reader(
    null,
    TenantItem,
    (item, into, file) => keepTenant({ ...item, parameters: item.parameters ?? {} }, into, file),
    { single: true },
  ),
  ResourceRecordSets: reader(null, RecordSetItem, (item, into) => {
    into.recordSets.push(item);
    return null;
  }),
  Denied: reader(
    null,
    DeniedItem,
    (item, into) => {
      into.denied.push(item);
      return null;
    },
    { awsNames: false },
  ),
  Resolutions: reader(
    null,
    ResolutionItem,
    (item, into) => {
      into.resolutions.push(item);
      return null;
    },
    { awsNames: false },
  ),
  ...PLANNING_LISTS,
};

export const PAGE_TOKENS: ReadonlySet<string> = new Set(['NextToken', 'NextMarker']);

/** The load balancer that a file without listeners is named by; a listener says itself whose it is. */
function balancerWithoutListeners({ path, owners }: Pick<FileContext, 'path' | 'owners'>): BalancerPath | null {
  const named = /(?<![A-Za-z0-9])app_([A-Za-z0-9-]+)_([0-9a-f]{16})(?![0-9a-f])/.exec(fileNameOf(path));
  return named === null || owners.size > 0 ? null : `app/${String(named[1])}/${String(named[2])}`;
}

/** The list whose entries a file holds: the command does not print it, so the file's name must. */
export function prefixListIdOfFile(path: string): PrefixListId | null {
  return PrefixListId.safeParse(/pl-[0-9a-z]+/.exec(fileNameOf(path))?.[0]).data ?? null;
}
