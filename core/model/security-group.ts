import type { Fact } from '../fact.js';
import type { AccountId, PrefixListId, Scope, SecurityGroupId, SecurityGroupRuleId } from '../ids.js';
import type { Cidr } from './cidr.js';

/** Who one ingress rule admits. EC2 allows exactly one kind of source a rule. */
export type IngressSource =
  | { readonly kind: 'cidr'; readonly cidr: Cidr }
  | { readonly kind: 'prefix-list'; readonly prefixListId: PrefixListId }
  | {
      readonly kind: 'security-group';
      readonly groupId: SecurityGroupId;
      /** The VPC of the group, where AWS says it (peered VPCs). */
      readonly vpcId: string | null;
      readonly accountId: AccountId | null;
    };

/**
 * One source on one protocol and port range.
 *
 * `IpPermissions` groups several sources under one entry; the model never does, because a judge that sees
 * groups forgets sources and a fixer that revokes groups revokes good ones with bad.
 */
export interface IngressRule {
  /** `null` when the input groups permissions, which carry no rule ids. */
  readonly ruleId: SecurityGroupRuleId | null;
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1`, or the number of another protocol. */
  readonly protocol: string;
  /** Port range of TCP and UDP; type and code of ICMP; `null` where the protocol has none. */
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly source: IngressSource;
  /** What people wrote beside it; absent where they wrote nothing. */
  readonly description?: string;
}

export interface SecurityGroup {
  readonly id: SecurityGroupId;
  readonly name: string | null;
  readonly vpcId: string | null;
  readonly scope: Scope;
  /** The account that owns the group, where AWS says it: in a shared VPC it is not the one that uses it. @default - not said */
  readonly ownerId?: AccountId;
  readonly deleted: boolean;
  readonly tags: Fact<Readonly<Record<string, string>>>;
  readonly ingress: Fact<readonly IngressRule[]>;
}

const PROTOCOL_NAMES: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'icmpv6'],
]);

/**
 * The one spelling of a protocol and its ports.
 *
 * EC2 ignores ports for `-1` and for every protocol but TCP, UDP and ICMP: they mean all ports.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
 */
export function normalizeProtocol(
  protocol: string,
  fromPort: number | null | undefined,
  toPort: number | null | undefined,
): Pick<IngressRule, 'protocol' | 'fromPort' | 'toPort'> {
  const lower = protocol.toLowerCase();
  const name = PROTOCOL_NAMES.get(lower) ?? lower;
  const from = fromPort ?? -1;
  const to = toPort ?? -1;
  switch (name) {
    case 'tcp':
    case 'udp':
      return { protocol: name, fromPort: from < 0 ? 0 : from, toPort: to < 0 ? 65535 : to };
    case 'icmp':
    case 'icmpv6':
      return { protocol: name, fromPort: from, toPort: to };
    default:
      return { protocol: name, fromPort: null, toPort: null };
  }
}

/** The source as AWS writes it: a CIDR, a `pl-` id or an `sg-` id. */
export function sourceText(source: IngressSource): string {
  switch (source.kind) {
    case 'cidr':
      return source.cidr.text;
    case 'prefix-list':
      return source.prefixListId;
    case 'security-group':
      return source.groupId;
  }
}
