import * as z from 'zod/mini';
import { PrefixListId, SecurityGroupId, SecurityGroupRuleId, toAccountId } from '../core/ids.js';
import type { Cidr } from '../core/model/cidr.js';
import { normalizeProtocol, type IngressRule, type IngressSource } from '../core/model/security-group.js';
import { egressOfRule } from './egress.js';
import { IpPermissions, notUnderstood } from './ip-permissions.js';
import { CidrText, MaybeText, TagList, textOrNull } from './shared.js';

const GroupPair = z.object({ groupId: z.nullish(SecurityGroupId), userId: MaybeText, vpcId: MaybeText });

const Port = z.nullish(z.int());

const cidrSource = (cidr: Cidr): IngressSource => ({ kind: 'cidr', cidr });

function groupSource({ groupId, userId, vpcId }: z.infer<typeof GroupPair>): IngressSource | null {
  if (groupId === undefined || groupId === null) return null;
  return { kind: 'security-group', groupId, vpcId: textOrNull(vpcId), accountId: toAccountId(userId) };
}

export const SecurityGroupItem = z.object({
  groupId: SecurityGroupId,
  groupName: MaybeText,
  vpcId: MaybeText,
  ownerId: MaybeText,
  securityGroupArn: MaybeText,
  tags: z.nullish(TagList),
  ipPermissions: z.nullish(IpPermissions),
  /** Not checked, since no verdict hangs on it; see `toEgress`. */
  ipPermissionsEgress: z.optional(z.unknown()),
});

/** One rule as `describe-security-group-rules` prints it: `rule` is null for egress, `egress` for ingress. */
export const SecurityGroupRuleItem = z.pipe(
  z.object({
    securityGroupRuleId: SecurityGroupRuleId,
    groupId: SecurityGroupId,
    groupOwnerId: MaybeText,
    securityGroupRuleArn: MaybeText,
    isEgress: z.nullish(z.boolean()),
    description: MaybeText,
    ipProtocol: z.string(),
    fromPort: Port,
    toPort: Port,
    cidrIpv4: z.nullish(CidrText),
    cidrIpv6: z.nullish(CidrText),
    prefixListId: z.nullish(PrefixListId),
    referencedGroupInfo: z.nullish(GroupPair),
  }),
  z.transform((item) => {
    const source = sourceOf(item);
    const ports = normalizeProtocol(item.ipProtocol, item.fromPort, item.toPort);
    const rule: IngressRule | null =
      item.isEgress === true || source === null
        ? null
        : { ruleId: item.securityGroupRuleId, ...ports, source, ...described(item.description) };
    const gap = item.isEgress !== true && source === null ? notUnderstood(item.securityGroupRuleId) : null;
    const egress =
      item.isEgress === true
        ? egressOfRule(item.ipProtocol, item.cidrIpv4?.text ?? null, item.referencedGroupInfo?.groupId ?? null)
        : null;
    return { groupId: item.groupId, ownerId: item.groupOwnerId, arn: item.securityGroupRuleArn, rule, gap, egress };
  }),
);
export type SecurityGroupRuleItem = z.infer<typeof SecurityGroupRuleItem>;

const described = (text: string | null | undefined): Pick<IngressRule, 'description'> =>
  text === undefined || text === null || text === '' ? {} : { description: text };

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
  maxEntries: z.nullish(z.int()),
  entries: z.nullish(z.array(z.object({ cidr: CidrText }))),
});
export type PrefixListItem = z.infer<typeof PrefixListItem>;

export const PrefixListEntryItem = z.object({ cidr: CidrText });

const Association = z.nullish(z.object({ publicIp: MaybeText }));

export const NetworkInterfaceItem = z.pipe(
  z.object({
    networkInterfaceId: z.string(),
    description: MaybeText,
    interfaceType: MaybeText,
    vpcId: MaybeText,
    ownerId: MaybeText,
    availabilityZone: MaybeText,
    requesterManaged: z.nullish(z.boolean()),
    groups: z.nullish(z.array(z.object({ groupId: SecurityGroupId }))),
    association: Association,
    privateIpAddresses: z.nullish(z.array(z.object({ association: Association }))),
    ipv6Addresses: z.nullish(z.array(z.object({ ipv6Address: z.string() }))),
  }),
  z.transform(({ association, privateIpAddresses, ipv6Addresses, requesterManaged, groups, ...rest }) => ({
    ...rest,
    /** `null` where the description does not say. */
    isManaged: requesterManaged ?? null,
    groupIds: groups?.map(({ groupId }) => groupId) ?? null,
    publicAddresses: [
      association?.publicIp,
      ...(privateIpAddresses ?? []).map((address) => address.association?.publicIp),
      ...(ipv6Addresses ?? []).map(({ ipv6Address }) => ipv6Address),
    ].filter((address): address is string => typeof address === 'string'),
  })),
);
export type NetworkInterfaceItem = z.infer<typeof NetworkInterfaceItem>;
