import { z } from 'zod';
import type { Gap } from '../../core/fact.js';
import { PrefixListId, SecurityGroupId, SecurityGroupRuleId, toAccountId } from '../../core/ids.js';
import { parseCidr, type Cidr } from '../../core/model/cidr.js';
import {
  normalizeProtocol,
  sourceText,
  type IngressRule,
  type IngressSource,
} from '../../core/model/security-group.js';
import { CIDR_EXPECTED, CidrText, isRecord, MaybeText, TagList, textOrNull } from './shared.js';

const GroupPair = z.object({ groupId: SecurityGroupId.nullish(), userId: MaybeText, vpcId: MaybeText });

/**
 * A list of sources of one kind. Old configuration items hold bare texts where newer ones and the API hold objects.
 *
 * @remarks One step for a whole list, not a schema for each element: large accounts have millions of these.
 */
const sourceList = (key: string, expected: string, toSource: (text: string) => IngressSource | null) =>
  z
    .array(z.unknown())
    .nullish()
    .transform((elements, context): readonly IngressSource[] => {
      const sources: IngressSource[] = [];
      for (const [index, element] of (elements ?? []).entries()) {
        const text: unknown = isRecord(element) ? element[key] : element;
        const source = typeof text === 'string' ? toSource(text) : null;
        if (source !== null) sources.push(source);
        else context.addIssue({ code: 'custom', message: `expected ${expected}`, path: [index, key], input: text });
      }
      return sources;
    });

const cidrList = (key: string) =>
  sourceList(key, CIDR_EXPECTED, (text) => {
    const cidr = parseCidr(text);
    return cidr === null ? null : cidrSource(cidr);
  });

const SOURCE_LISTS = {
  ipRanges: cidrList('cidrIp'),
  ipv4Ranges: cidrList('cidrIp'),
  ipv6Ranges: cidrList('cidrIpv6'),
  prefixListIds: sourceList('prefixListId', 'a prefix list id such as pl-3b927c52', (text) => {
    const id = PrefixListId.safeParse(text);
    return id.success ? { kind: 'prefix-list', prefixListId: id.data } : null;
  }),
  userIdGroupPairs: z.array(GroupPair).nullish(),
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

const UNDERSTOOD: ReadonlySet<string> = new Set(Object.keys(SOURCE_LISTS));

function expand(permissions: readonly IpPermission[]): Ingress {
  const rules = new Map<string, IngressRule>();
  let gap: Gap | null = null;
  const keep = (permission: IpPermission, source: IngressSource): void => {
    const ports = normalizeProtocol(permission.ipProtocol, permission.fromPort, permission.toPort);
    const { protocol, fromPort, toPort } = ports;
    const rule: IngressRule = { ruleId: null, protocol, fromPort, toPort, source };
    rules.set(ruleKey(rule), rule);
  };
  for (const permission of permissions) {
    const { ipRanges, ipv4Ranges, ipv6Ranges, prefixListIds, userIdGroupPairs } = permission;
    for (const list of [ipRanges, ipv4Ranges, ipv6Ranges, prefixListIds]) {
      for (const source of list) keep(permission, source);
    }
    for (const pair of userIdGroupPairs ?? []) {
      const source = groupSource(pair);
      if (source === null) gap = notUnderstood('a group without an id');
      else keep(permission, source);
    }
    for (const key of Object.keys(permission)) {
      const value = permission[key];
      if (!UNDERSTOOD.has(key) && Array.isArray(value) && value.length > 0) gap = notUnderstood(key);
    }
  }
  return { rules: [...rules.values()], gap };
}

const cidrSource = (cidr: Cidr): IngressSource => ({ kind: 'cidr', cidr });

function groupSource({ groupId, userId, vpcId }: z.infer<typeof GroupPair>): IngressSource | null {
  if (groupId === undefined || groupId === null) return null;
  return { kind: 'security-group', groupId, vpcId: textOrNull(vpcId), accountId: toAccountId(userId) };
}

/** What makes two descriptions of an ingress rule one and the same. */
export const ruleKey = ({ ruleId, protocol, fromPort, toPort, source }: IngressRule): string =>
  `${ruleId ?? ''}|${protocol}|${String(fromPort)}|${String(toPort)}|${sourceText(source)}`;

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
