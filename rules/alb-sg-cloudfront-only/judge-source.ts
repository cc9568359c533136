import type { Gap } from '../../core/fact.js';
import { classify } from '../../core/model/cidr.js';
import { identifyPrefixList, type PrefixList } from '../../core/model/prefix-list.js';
import type { IngressRule, IngressSource } from '../../core/model/security-group.js';
import type { ReasonMeta } from '../../core/rule.js';
import type { AlbSgFacts } from './facts.js';
import type { AlbSgParams } from './params.js';

/** Why a source is refused; most severe first. */
export const REASONS = {
  'world-ipv4': { severity: 'high', means: 'Everybody on the IPv4 internet.' },
  'world-ipv6': { severity: 'high', means: 'Everybody on the IPv6 internet.' },
  'lookalike-prefix-list': {
    severity: 'high',
    means: "A customer's prefix list that carries the name of CloudFront's own.",
  },
  'public-cidr': { severity: 'medium', means: 'Public addresses that are not CloudFront.' },
  'other-prefix-list': { severity: 'medium', means: "A prefix list that is not CloudFront's." },
  'security-group-source': { severity: 'low', means: 'Members of another security group.' },
  'private-cidr': {
    severity: 'low',
    means: 'Private addresses (RFC 1918, RFC 6598, unique local, link-local, loopback).',
  },
} as const satisfies Record<string, ReasonMeta>;
export type Reason = keyof typeof REASONS;

/** The clause that allowed a source. */
export const CLAUSES = {
  'cloudfront-prefix-list': "CloudFront's own origin-facing prefix list",
  'vpc-origins-group': 'the group that CloudFront manages for VPC origins in the same VPC',
  'path-mtu-discovery': 'ICMP that path MTU discovery needs',
  'no-listener-there': 'it meets no listener port (ports = listeners)',
  'allowed-cidr': 'inside allowedCidrs',
  'allowed-prefix-list': 'named in allowedPrefixListIds',
  'allowed-entries': 'every entry of the list is inside allowedCidrs',
  'allowed-group': 'named in allowedSecurityGroupIds',
} as const;
export type Clause = keyof typeof CLAUSES;

export type SourceJudgement =
  | { readonly outcome: 'allowed'; readonly clause: Clause }
  | { readonly outcome: 'refused'; readonly reason: Reason }
  | { readonly outcome: 'unknown'; readonly gap: Gap };

const ALLOWED = Object.fromEntries(
  Object.keys(CLAUSES).map((clause) => [clause, { outcome: 'allowed', clause }]),
) as Readonly<Record<Clause, SourceJudgement>>;
const REFUSED = Object.fromEntries(
  Object.keys(REASONS).map((reason) => [reason, { outcome: 'refused', reason }]),
) as Readonly<Record<Reason, SourceJudgement>>;
const allowed = (clause: Clause): SourceJudgement => ALLOWED[clause];
const refused = (reason: Reason): SourceJudgement => REFUSED[reason];
const unknown = (gap: Gap): SourceJudgement => ({ outcome: 'unknown', gap });

/** Whether one ingress rule admits only what may reach the load balancer, and by which clause or reason. */
export function judgeSource(rule: IngressRule, facts: AlbSgFacts, params: AlbSgParams): SourceJudgement {
  if (isPathMtuDiscovery(rule)) return allowed('path-mtu-discovery');
  const reach = params.ports === 'all' ? 'counts' : meetsListener(rule, facts);
  if (reach === 'none') return allowed('no-listener-there');
  const judgement = judgeWho(rule.source, facts, params);
  return typeof reach === 'object' && judgement.outcome !== 'allowed' ? unknown(reach) : judgement;
}

/**
 * ICMP type 3 code 4 and ICMPv6 type 2, which AWS recommends to admit on load balancers.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html
 */
function isPathMtuDiscovery({ protocol, fromPort, toPort }: IngressRule): boolean {
  return (protocol === 'icmp' && fromPort === 3 && toPort === 4) || (protocol === 'icmpv6' && fromPort === 2);
}

/** Whether a rule opens a port on which a load balancer listens; a gap when that cannot be told. */
function meetsListener(
  { protocol, fromPort, toPort }: IngressRule,
  { listenerPorts }: AlbSgFacts,
): 'counts' | 'none' | Gap {
  if (protocol !== 'tcp' && protocol !== '-1') return 'none';
  const from = fromPort ?? 0;
  const to = toPort ?? 65535;
  let gap: Gap | undefined;
  for (const fact of listenerPorts) {
    if (!fact.known) gap ??= fact.gap;
    else if (fact.value.some((port) => from <= port && port <= to)) return 'counts';
  }
  return gap ?? 'none';
}

function judgeWho(source: IngressSource, facts: AlbSgFacts, params: AlbSgParams): SourceJudgement {
  switch (source.kind) {
    case 'cidr':
      return params.allowedCidrs.covers(source.cidr) ? allowed('allowed-cidr') : refused(classify(source.cidr));
    case 'prefix-list':
      return judgePrefixList(source.prefixListId, facts, params);
    case 'security-group':
      return judgeGroup(source, facts, params);
  }
}

function judgePrefixList(id: PrefixList['id'], { prefixLists }: AlbSgFacts, params: AlbSgParams): SourceJudgement {
  if (params.allowedPrefixListIds.has(id)) return allowed('allowed-prefix-list');
  const fact = prefixLists.get(id);
  if (fact?.known !== true) return unknown(fact?.gap ?? unread(`prefixList ${id}`));
  const prefixList = fact.value;
  switch (identifyPrefixList(prefixList)) {
    case 'cloudfront':
      return allowed('cloudfront-prefix-list');
    case 'lookalike':
      return refused('lookalike-prefix-list');
    case 'aws':
      return refused('other-prefix-list');
    case 'customer':
      return judgeEntries(prefixList, params);
  }
}

function judgeEntries({ entries }: PrefixList, { allowedCidrs }: AlbSgParams): SourceJudgement {
  if (allowedCidrs.isEmpty) return refused('other-prefix-list');
  if (!entries.known) return unknown(entries.gap);
  return entries.value.every((entry) => allowedCidrs.covers(entry))
    ? allowed('allowed-entries')
    : refused('other-prefix-list');
}

/**
 * The prefix of the one group that CloudFront manages in each VPC with VPC origins; nobody else may use it.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html
 */
const VPC_ORIGINS_GROUP = 'CloudFront-VPCOrigins-Service-SG';

function judgeGroup(
  { groupId, vpcId }: Extract<IngressSource, { kind: 'security-group' }>,
  { group, citedGroups, paths }: AlbSgFacts,
  { allowedSecurityGroupIds }: AlbSgParams,
): SourceJudgement {
  if (allowedSecurityGroupIds.has('*') || allowedSecurityGroupIds.has(groupId)) return allowed('allowed-group');
  if (groupId === group.id || (vpcId !== null && group.vpcId !== null && vpcId !== group.vpcId))
    return refused('security-group-source');
  const fact = citedGroups.get(groupId);
  if (fact?.known !== true) {
    // The group that CloudFront manages exists only beside a VPC origin; without one, a group is just a group.
    const mayBeManaged = paths.some(({ linkedBy }) => linkedBy === 'vpc-origin');
    return mayBeManaged ? unknown(fact?.gap ?? unread(`securityGroup ${groupId}`)) : refused('security-group-source');
  }
  const isManaged = fact.value?.name?.startsWith(VPC_ORIGINS_GROUP) === true;
  if (!isManaged) return refused('security-group-source');
  if (group.vpcId === null || fact.value.vpcId === null) return unknown(unread(`VPC of ${groupId}`));
  return fact.value.vpcId === group.vpcId ? allowed('vpc-origins-group') : refused('security-group-source');
}

const unread = (fact: string): Gap => ({ fact, cause: 'not-seen', detail: `${fact} was not read` });
