import { known, type Fact, type Gap, type GapCause } from '../../core/fact.js';
import {
  AccountId,
  DistributionId,
  LoadBalancerArn,
  PrefixListId,
  Region,
  SecurityGroupId,
  SecurityGroupRuleId,
  VpcOriginId,
  type Scope,
} from '../../core/ids.js';
import { parseCidr, type Cidr } from '../../core/model/cidr.js';
import type { Distribution, DistributionTenant, Origin } from '../../core/model/distribution.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import { CLOUDFRONT_PREFIX_LIST_NAMES, type PrefixList } from '../../core/model/prefix-list.js';
import { normalizeProtocol, type IngressRule, type IngressSource } from '../../core/model/security-group.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import { parseParams } from '../../core/params.js';
import type { Path } from '../../core/path.js';
import type { AlbSgFacts } from '../../rules/alb-sg-cloudfront-only/facts.js';
import { params, type AlbSgParams } from '../../rules/alb-sg-cloudfront-only/params.js';

// Every builder returns a compliant default: a case shows only what it is about.

export const ACCOUNT = AccountId.parse('111122223333');
export const OTHER_ACCOUNT = AccountId.parse('444455556666');
export const REGION = Region.parse('us-east-1');
export const HOME: Scope = { accountId: ACCOUNT, region: REGION };
export const VPC = 'vpc-0a1';
export const NOW = '2026-07-01T12:00:00Z';

export const groupId = (text: string): SecurityGroupId => SecurityGroupId.parse(text);
export const ruleId = (text: string): SecurityGroupRuleId => SecurityGroupRuleId.parse(text);
export const listId = (text: string): PrefixListId => PrefixListId.parse(text);
export const distributionId = (text: string): DistributionId => DistributionId.parse(text);
export const vpcOriginId = (text: string): VpcOriginId => VpcOriginId.parse(text);

/** The ARN of a load balancer by its short name. */
export const arnOf = (
  name: string,
  { accountId, region }: Scope = HOME,
  type: 'app' | 'net' | 'gwy' = 'app',
): LoadBalancerArn =>
  LoadBalancerArn.parse(
    `arn:aws:elasticloadbalancing:${region ?? REGION}:${accountId ?? ACCOUNT}:loadbalancer/${type}/${name}/50dc6c495c0c9188`,
  );

/** The DNS name that AWS would give a load balancer of this short name. */
export const dnsNameOf = (name: string): string => `${name}-1234567890.us-east-1.elb.amazonaws.com`;

export const gap = (fact: string, cause: GapCause = 'access-denied', detail = `${fact} cannot be read`): Gap => ({
  fact,
  cause,
  detail,
});

/** A fact that is hidden by IAM. */
export const hidden = (fact: string): { readonly known: false; readonly gap: Gap } => ({
  known: false,
  gap: gap(fact),
});

export function block(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === null) throw new RangeError(`${text} is no CIDR`);
  return cidr;
}

export const fromCidr = (text: string): IngressSource => ({ kind: 'cidr', cidr: block(text) });

export const fromList = (id: string): IngressSource => ({ kind: 'prefix-list', prefixListId: listId(id) });

export const fromGroup = (id: string, vpcId: string | null = null): IngressSource => ({
  kind: 'security-group',
  groupId: groupId(id),
  vpcId,
  accountId: null,
});

/** CloudFront's own lists in the Region of the builders. */
export const CLOUDFRONT_V4 = listId('pl-3b927c52');
export const CLOUDFRONT_V6 = listId('pl-0dda64b28');

/** Admits CloudFront's IPv4 list on HTTPS, unless overridden. */
export const ingress = (overrides: Partial<IngressRule> = {}): IngressRule => ({
  ruleId: null,
  protocol: 'tcp',
  fromPort: 443,
  toPort: 443,
  source: fromList(CLOUDFRONT_V4),
  ...overrides,
});

/** A rule as an API call would write it: the protocol by name or number, `-1` for all. */
export const open = (
  source: IngressSource,
  protocol = 'tcp',
  fromPort: number | null = 443,
  toPort: number | null = fromPort,
): IngressRule => ({ ruleId: null, source, ...normalizeProtocol(protocol, fromPort, toPort) });

/** Used by the load balancer `web` and open to CloudFront only. */
export const securityGroup = (overrides: Partial<SecurityGroup> = {}): SecurityGroup => ({
  id: groupId('sg-0web'),
  name: 'web',
  vpcId: VPC,
  scope: HOME,
  deleted: false,
  tags: known({}),
  ingress: known([ingress()]),
  ...overrides,
});

/** An Application Load Balancer called `web` that uses the group of `securityGroup`. */
export const loadBalancer = (overrides: Partial<LoadBalancer> = {}): LoadBalancer => {
  const name = overrides.name ?? 'web';
  const scope = overrides.scope ?? HOME;
  const type = overrides.type ?? 'application';
  return {
    arn: arnOf(name, scope, ({ application: 'app', network: 'net', gateway: 'gwy' } as const)[type]),
    name,
    dnsName: dnsNameOf(name),
    type,
    scheme: 'internet-facing',
    vpcId: VPC,
    scope,
    securityGroups: [groupId('sg-0web')],
    tags: known({}),
    ...overrides,
  };
};

/** A custom origin whose domain name is the DNS name of the load balancer `web`. */
export const origin = (overrides: Partial<Origin> = {}): Origin => ({
  id: 'web',
  domainName: dnsNameOf('web'),
  isS3: false,
  vpcOriginId: null,
  ...overrides,
});

/** An enabled distribution with the one origin of `origin`. */
export const distribution = (overrides: Partial<Distribution> = {}): Distribution => ({
  id: distributionId('E1WEB'),
  accountId: ACCOUNT,
  enabled: true,
  origins: [origin()],
  parameterDefaults: known({}),
  ...overrides,
});

export const tenant = (overrides: Partial<DistributionTenant> = {}): DistributionTenant => ({
  id: 'dt_acme',
  distributionId: distributionId('E1WEB'),
  enabled: true,
  parameters: known({}),
  ...overrides,
});

/** CloudFront's IPv4 list. */
export const prefixList = (overrides: Partial<PrefixList> = {}): PrefixList => ({
  id: CLOUDFRONT_V4,
  name: CLOUDFRONT_PREFIX_LIST_NAMES.ipv4,
  ownerId: 'AWS',
  entries: known([block('13.124.199.0/24')]),
  ...overrides,
});

export const prefixListV6 = (): PrefixList =>
  prefixList({
    id: CLOUDFRONT_V6,
    name: CLOUDFRONT_PREFIX_LIST_NAMES.ipv6,
    entries: known([block('2600:9000::/28')]),
  });

export const listsById = (...lists: readonly PrefixList[]): ReadonlyMap<PrefixListId, Fact<PrefixList>> =>
  new Map(lists.map((list) => [list.id, known(list)]));

/** The way from the distribution `E1WEB` to the load balancer `web` by its DNS name. */
export const path = (overrides: Partial<Path> = {}): Path => ({
  distributionId: distributionId('E1WEB'),
  originId: 'web',
  originDomain: dnsNameOf('web'),
  linkedBy: 'dns-name',
  loadBalancerArn: arnOf('web'),
  otherEntrances: [],
  ...overrides,
});

/** One group behind CloudFront that admits nobody else. */
export const albSgFacts = (overrides: Partial<AlbSgFacts> = {}): AlbSgFacts => ({
  group: securityGroup(),
  attachedTo: [{ arn: arnOf('web'), name: 'web' }],
  attachmentGap: null,
  paths: [path()],
  linkGaps: [],
  listenerPorts: [],
  prefixLists: listsById(prefixList(), prefixListV6()),
  citedGroups: new Map(),
  cloudfrontPrefixLists: [prefixList(), prefixListV6()],
  now: NOW,
  ...overrides,
});

/** The same facts with other ingress rules. */
export const admitting = (rules: readonly IngressRule[], overrides: Partial<AlbSgFacts> = {}): AlbSgFacts =>
  albSgFacts({ group: securityGroup({ ingress: known(rules) }), ...overrides });

/** The parameters of `alb-sg-cloudfront-only` from what an operator writes. */
export const albSgParams = (given: Readonly<Record<string, unknown>> = {}): AlbSgParams => parseParams(params, given);
