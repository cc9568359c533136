import { z } from 'zod';
import type { Gap } from '../../core/fact.js';
import { AccountId, PrefixListId, SecurityGroupId, SecurityGroupRuleId } from '../../core/ids.js';
import type { Cidr } from '../../core/model/cidr.js';
import {
  normalizeProtocol,
  sourceText,
  type IngressRule,
  type IngressSource,
} from '../../core/model/security-group.js';
import { CidrText, MaybeText, TagList } from './shared.js';

/** Old configuration items hold bare texts where newer ones and the API hold objects. */
const textAs = <S extends z.ZodType>(key: string, schema: S) =>
  z.preprocess((given) => (typeof given === 'string' ? { [key]: given } : given), schema);

const GroupPair = z.object({ groupId: SecurityGroupId.nullish(), userId: MaybeText, vpcId: MaybeText });

const many = <S extends z.ZodType>(item: S) => z.array(item).nullish();

const SOURCE_LISTS = {
  ipRanges: many(textAs('cidrIp', z.object({ cidrIp: CidrText }))),
  ipv4Ranges: many(textAs('cidrIp', z.object({ cidrIp: CidrText }))),
  ipv6Ranges: many(textAs('cidrIpv6', z.object({ cidrIpv6: CidrText }))),
  prefixListIds: many(textAs('prefixListId', z.object({ prefixListId: PrefixListId }))),
  userIdGroupPairs: many(GroupPair),
};

const Port = z.number().int().nullish();

const IpPermission = z.looseObject({ ipProtocol: z.string(), fromPort: Port, toPort: Port, ...SOURCE_LISTS });
type IpPermission = z.infer<typeof IpPermission>;

/** Ingress rules, or the gap left by a permission whose source this version does not understand. */
export interface Ingress {
  readonly rules: readonly IngressRule[];
  readonly gap: Gap | null;
}

const notUnderstood = (what: string): Gap => ({
  fact: 'ingress',
  cause: 'incomplete',
  detail: `an ingress rule has a source that this version does not understand (${what})`,
});

function expand(permissions: readonly IpPermission[]): Ingress {
  const rules = new Map<string, IngressRule>();
  let gap: Gap | null = null;
  for (const permission of permissions) {
    const { ipProtocol, fromPort, toPort, ipRanges, ipv4Ranges, ipv6Ranges, prefixListIds, userIdGroupPairs, ...rest } =
      permission;
    const sources = [
      ...[...(ipRanges ?? []), ...(ipv4Ranges ?? [])].map(({ cidrIp }) => cidrSource(cidrIp)),
      ...(ipv6Ranges ?? []).map(({ cidrIpv6 }) => cidrSource(cidrIpv6)),
      ...(prefixListIds ?? []).map(({ prefixListId }): IngressSource => ({ kind: 'prefix-list', prefixListId })),
      ...(userIdGroupPairs ?? []).map(groupSource),
    ];
    const unknownKey = Object.keys(rest).find((key) => Array.isArray(rest[key]) && rest[key].length > 0);
    if (unknownKey !== undefined) gap = notUnderstood(unknownKey);
    for (const source of sources) {
      if (source === null) gap = notUnderstood('a group without an id');
      else {
        const rule: IngressRule = { ruleId: null, ...normalizeProtocol(ipProtocol, fromPort, toPort), source };
        rules.set(ruleKey(rule), rule);
      }
    }
  }
  return { rules: [...rules.values()], gap };
}

const cidrSource = (cidr: Cidr): IngressSource => ({ kind: 'cidr', cidr });

function groupSource({ groupId, userId, vpcId }: z.infer<typeof GroupPair>): IngressSource | null {
  if (groupId === undefined || groupId === null) return null;
  return { kind: 'security-group', groupId, vpcId, accountId: AccountId.safeParse(userId).data ?? null };
}

/** What makes two descriptions of an ingress rule one and the same. */
export const ruleKey = ({ ruleId, protocol, fromPort, toPort, source }: IngressRule): string =>
  [ruleId, protocol, fromPort, toPort, source.kind, sourceText(source)].join('|');

export const SecurityGroupItem = z.object({
  groupId: SecurityGroupId,
  groupName: MaybeText,
  vpcId: MaybeText,
  ownerId: MaybeText,
  securityGroupArn: MaybeText,
  tags: TagList.nullish(),
  ipPermissions: z.array(IpPermission).transform(expand).nullish(),
});

/** One rule as `describe-security-group-rules` prints it; `rule` is null for egress. */
export const SecurityGroupRuleItem = z
  .object({
    securityGroupRuleId: SecurityGroupRuleId,
    groupId: SecurityGroupId,
    groupOwnerId: MaybeText,
    securityGroupRuleArn: MaybeText,
    isEgress: z.boolean().nullish(),
    ipProtocol: z.string(),
    fromPort: Port,
    toPort: Port,
    cidrIpv4: CidrText.nullish(),
    cidrIpv6: CidrText.nullish(),
    prefixListId: PrefixListId.nullish(),
    referencedGroupInfo: GroupPair.nullish(),
  })
  .transform((item) => {
    const source = sourceOf(item);
    const ports = normalizeProtocol(item.ipProtocol, item.fromPort, item.toPort);
    const rule: IngressRule | null =
      item.isEgress === true || source === null ? null : { ruleId: item.securityGroupRuleId, ...ports, source };
    const gap = item.isEgress !== true && source === null ? notUnderstood(item.securityGroupRuleId) : null;
    return { groupId: item.groupId, ownerId: item.groupOwnerId, arn: item.securityGroupRuleArn, rule, gap };
  });

function sourceOf(item: {
  readonly cidrIpv4?: Cidr | null | undefined;
  readonly cidrIpv6?: Cidr | null | undefined;
  readonly prefixListId?: PrefixListId | null | undefined;
  readonly referencedGroupInfo?: z.infer<typeof GroupPair> | null | undefined;
}): IngressSource | null {
  const cidr = item.cidrIpv4 ?? item.cidrIpv6;
  if (cidr) return cidrSource(cidr);
  if (item.prefixListId) return { kind: 'prefix-list', prefixListId: item.prefixListId };
  return item.referencedGroupInfo ? groupSource(item.referencedGroupInfo) : null;
}

export const PrefixListItem = z.object({
  prefixListId: PrefixListId,
  prefixListName: z.string(),
  /** `describe-prefix-lists`, the older command, does not print it. */
  ownerId: MaybeText,
  prefixListArn: MaybeText,
  entries: z.array(z.object({ cidr: CidrText })).nullish(),
});

export const PrefixListEntryItem = z.object({ cidr: CidrText });

const Association = z.object({ publicIp: MaybeText }).nullish();

export const NetworkInterfaceItem = z
  .object({
    networkInterfaceId: z.string(),
    description: MaybeText,
    interfaceType: MaybeText,
    vpcId: MaybeText,
    ownerId: MaybeText,
    availabilityZone: MaybeText,
    association: Association,
    privateIpAddresses: z.array(z.object({ association: Association })).nullish(),
    ipv6Addresses: z.array(z.object({ ipv6Address: z.string() })).nullish(),
  })
  .transform(({ association, privateIpAddresses, ipv6Addresses, ...rest }) => ({
    ...rest,
    publicAddresses: [
      association?.publicIp,
      ...(privateIpAddresses ?? []).map((address) => address.association?.publicIp),
      ...(ipv6Addresses ?? []).map(({ ipv6Address }) => ipv6Address),
    ].filter((address): address is string => typeof address === 'string'),
  }));
export type NetworkInterfaceItem = z.infer<typeof NetworkInterfaceItem>;
