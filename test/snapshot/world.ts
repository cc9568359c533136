import * as fc from 'fast-check';
import {
  ACCOUNT,
  alb,
  albArn,
  albDns,
  CLOUDFRONT_V4,
  distribution,
  distributionArn,
  group,
  groupRule,
  items,
  listener,
  origin,
  permission,
  prefixList,
  type Files,
  type Json,
} from '../support/saved-files.js';

const CUSTOMER_LIST = 'pl-0cafe1234';
const NOWHERE_LIST = 'pl-0deadbeef';

const SOURCES = [
  { PrefixListId: CLOUDFRONT_V4 },
  { PrefixListId: CUSTOMER_LIST },
  { PrefixListId: NOWHERE_LIST },
  { CidrIpv4: '0.0.0.0/0' },
  { CidrIpv4: '10.0.0.0/8' },
  { CidrIpv4: '198.51.100.0/25' },
  { CidrIpv6: '::/0' },
  { ReferencedGroupInfo: { GroupId: 'sg-0g0', UserId: ACCOUNT } },
  { ReferencedGroupInfo: { GroupId: 'sg-0absent', UserId: ACCOUNT } },
] as const;
type Source = (typeof SOURCES)[number];

const PORTS = [
  { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 },
  { IpProtocol: 'tcp', FromPort: 8000, ToPort: 8999 },
  { IpProtocol: 'udp', FromPort: 443, ToPort: 443 },
  { IpProtocol: 'icmp', FromPort: 3, ToPort: 4 },
  { IpProtocol: '-1', FromPort: -1, ToPort: -1 },
] as const;

interface Rule {
  readonly ports: (typeof PORTS)[number];
  readonly source: Source;
}

type Link = 'dns-name' | 'vpc-origin' | 'tenant' | 'alias' | 'nowhere';

/** A small account: what is in it, however it is saved. */
export interface World {
  readonly groups: readonly (readonly Rule[])[];
  readonly albs: readonly { readonly groups: readonly number[]; readonly port: number }[];
  readonly distributions: readonly {
    readonly enabled: boolean;
    readonly origins: readonly { readonly link: Link; readonly alb: number }[];
  }[];
  readonly params: string;
}

const rule = fc.record({ ports: fc.constantFrom(...PORTS), source: fc.constantFrom(...SOURCES) });
const rules = fc.uniqueArray(rule, { maxLength: 4, selector: (each) => JSON.stringify(each) });

/** Worlds of at most three groups, three load balancers and three distributions. */
export const worlds: fc.Arbitrary<World> = fc.record({
  groups: fc.array(rules, { minLength: 1, maxLength: 3 }),
  albs: fc.array(fc.record({ groups: fc.uniqueArray(fc.nat(2), { maxLength: 2 }), port: fc.constantFrom(443, 8443) }), {
    minLength: 1,
    maxLength: 3,
  }),
  distributions: fc.array(
    fc.record({
      enabled: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
      origins: fc.array(
        fc.record({
          link: fc.constantFrom<Link>('dns-name', 'vpc-origin', 'tenant', 'alias', 'nowhere'),
          alb: fc.nat(2),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  params: fc.constantFrom('ports=all', 'ports=listeners', 'allowedCidrs=198.51.100.0/24'),
});

export const groupId = (index: number): string => `sg-0g${String(index)}`;
const albName = (index: number): string => `alb${String(index)}`;
const vpcOriginId = (index: number): string => `vo_${String(index)}`;

/** The rules of one group as `IpPermissions`: what has the same ports shares an entry. */
export const permissionsOf = (all: readonly Rule[]): readonly Json[] =>
  PORTS.flatMap((ports) => {
    const sources = all.filter((each) => each.ports === ports).map(({ source }) => source);
    if (sources.length === 0) return [];
    const entry = permission({
      ...ports,
      IpRanges: sources.flatMap((source) => ('CidrIpv4' in source ? [{ CidrIp: source.CidrIpv4 }] : [])),
      Ipv6Ranges: sources.flatMap((source) => ('CidrIpv6' in source ? [{ CidrIpv6: source.CidrIpv6 }] : [])),
      PrefixListIds: sources.filter((source) => 'PrefixListId' in source),
      UserIdGroupPairs: sources.flatMap((source) =>
        'ReferencedGroupInfo' in source ? [source.ReferencedGroupInfo] : [],
      ),
    });
    return [entry];
  });

/** The same as rows of `describe-security-group-rules`. */
export const ruleRows = (index: number, all: readonly Rule[]): readonly Json[] =>
  all.map(({ ports, source }, place) =>
    groupRule({
      ...ports,
      GroupId: groupId(index),
      SecurityGroupRuleId: `sgr-0${String(index)}${String(place)}`,
      PrefixListId: null,
      ...source,
    }),
  );

function originOf(link: Link, index: number): Json {
  switch (link) {
    case 'dns-name':
      return origin(albDns(albName(index)));
    case 'vpc-origin':
      return origin(`in${String(index)}.example.com`, { VpcOriginConfig: { VpcOriginId: vpcOriginId(index) } });
    case 'tenant':
      return origin(albDns('{{tenant}}'));
    case 'alias':
      return origin(`www${String(index)}.example.com`);
    case 'nowhere':
      return origin('partner.example.net');
  }
}

/** The lists of a world, as the elements that commands print under one key. */
export interface List {
  readonly name: string;
  readonly key: string;
  readonly elements: readonly Json[];
}

export function listsOf({ groups, albs, distributions }: World): readonly List[] {
  const used = distributions.flatMap(({ origins }) => origins);
  const templated = distributions.flatMap(({ origins }, index) =>
    origins.some(({ link }) => link === 'tenant') ? [index] : [],
  );
  const indexes = [...new Set(used.map(({ alb: index }) => index))];
  const tenants = templated.flatMap((index) =>
    indexes.map((target) => ({
      Id: `dt_${String(index)}_${String(target)}`,
      DistributionId: `E${String(index)}`,
      Enabled: true,
      target: albName(target),
    })),
  );
  return [
    {
      name: 'groups',
      key: 'SecurityGroups',
      elements: groups.map((all, index) => group({ GroupId: groupId(index), IpPermissions: permissionsOf(all) })),
    },
    {
      name: 'albs',
      key: 'LoadBalancers',
      elements: albs.map((each, index) =>
        alb({
          LoadBalancerName: albName(index),
          SecurityGroups: each.groups.filter((at) => at < groups.length).map(groupId),
        }),
      ),
    },
    // The command prints the listeners of one load balancer at a time.
    ...albs.map(({ port }, index) => ({
      name: `listeners-${String(index)}`,
      key: 'Listeners',
      elements: [listener(port, albArn(albName(index)))],
    })),
    {
      name: 'tags',
      key: 'TagDescriptions',
      elements: albs.map((_, index) => ({ ResourceArn: albArn(albName(index)), Tags: [] })),
    },
    {
      name: 'distributions',
      key: 'DistributionList',
      elements: distributions.map(({ enabled, origins }, index) =>
        distribution({
          Id: `E${String(index)}`,
          ARN: distributionArn(`E${String(index)}`),
          Enabled: enabled,
          Origins: items(
            origins.map(({ link, alb: at }, place) => ({ ...originOf(link, at), Id: `o${String(place)}` })),
          ),
        }),
      ),
    },
    {
      name: 'vpc-origins',
      key: 'VpcOriginList',
      elements: indexes.map((index) => ({ Id: vpcOriginId(index), OriginEndpointArn: albArn(albName(index)) })),
    },
    { name: 'tenants', key: 'DistributionTenantList', elements: tenants.map(({ target: _, ...row }) => row) },
    ...tenants.map(({ target, ...row }) => ({
      name: `tenant-${row.Id}`,
      key: 'DistributionTenant',
      elements: [{ ...row, Parameters: [{ Name: 'tenant', Value: target }] }],
    })),
    {
      name: 'lists',
      key: 'PrefixLists',
      elements: [prefixList(), prefixList({ PrefixListId: CUSTOMER_LIST, PrefixListName: 'office', OwnerId: ACCOUNT })],
    },
    { name: CUSTOMER_LIST, key: 'Entries', elements: [{ Cidr: '198.51.100.0/26' }, { Cidr: '198.51.100.64/26' }] },
    {
      name: 'records',
      key: 'ResourceRecordSets',
      elements: indexes.map((index) => ({
        Name: `www${String(index)}.example.com.`,
        Type: 'A',
        AliasTarget: { DNSName: `${albDns(albName(index))}.` },
      })),
    },
  ];
}

/** One page as its command prints it. */
function pageOf({ key }: List, elements: readonly Json[], more: boolean): Json {
  if (key === 'DistributionTenant') return { DistributionTenant: elements[0] };
  if (key === 'DistributionList' || key === 'VpcOriginList')
    return { [key]: { IsTruncated: more, ...items(elements) } };
  return { [key]: elements, ...(more ? { NextToken: 'abc' } : {}) };
}

/** A list as files: `sizes` are the lengths of all pages but the last. */
export function filesOf(list: List, sizes: readonly number[] = []): Files {
  const files: Record<string, Json> = {};
  let from = 0;
  for (const size of sizes) {
    if (from + size >= list.elements.length) break;
    files[`${list.name}.${String(from)}.json`] = pageOf(list, list.elements.slice(from, from + size), true);
    from += size;
  }
  files[`${list.name}.last.json`] = pageOf(list, list.elements.slice(from), false);
  return files;
}

export const savedFiles = (world: World): Files =>
  Object.assign({}, ...listsOf(world).map((list) => filesOf(list))) as Files;
