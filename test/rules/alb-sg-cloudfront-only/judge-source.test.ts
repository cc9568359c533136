import { known, type Fact } from '../../../core/fact.js';
import type { IngressRule } from '../../../core/model/security-group.js';
import type { AlbSgFacts } from '../../../rules/alb-sg-cloudfront-only/facts.js';
import { CLAUSES, judgeSource } from '../../../rules/alb-sg-cloudfront-only/judge-source.js';
import {
  albSgFacts,
  albSgParams,
  block,
  CLOUDFRONT_V4,
  CLOUDFRONT_V6,
  fromCidr,
  fromGroup,
  fromList,
  gap,
  groupId,
  hidden,
  listId,
  listsById,
  open,
  path,
  prefixList,
  prefixListV6,
  securityGroup,
} from '../../support/builders.js';

type Case = readonly [
  what: string,
  rule: IngressRule,
  expected: string,
  given?: Readonly<Record<string, string>>,
  facts?: Partial<AlbSgFacts>,
];

/** The clause, the reason, or the missing fact behind `unknown: `. */
function judged([, rule, , given, facts]: Case): string {
  const judgement = judgeSource(rule, albSgFacts(facts), albSgParams(given));
  switch (judgement.outcome) {
    case 'allowed':
      return judgement.clause;
    case 'refused':
      return judgement.reason;
    case 'unknown':
      return `unknown: ${judgement.gap.fact}`;
  }
}

const check = (cases: readonly Case[]): void =>
  it.each(cases.map((one) => [one[0], one[2], one] as const))('%s: %s', (_, expected, one) =>
    expect(judged(one)).toBe(expected),
  );

describe('addresses', () => {
  const cidr = (text: string, expected: string, allowedCidrs = 'none'): Case => [
    `${text}, allowed ${allowedCidrs}`,
    open(fromCidr(text)),
    expected,
    { allowedCidrs },
  ];
  check([
    cidr('0.0.0.0/0', 'world-ipv4'),
    cidr('::/0', 'world-ipv6'),
    cidr('0.0.0.0/1', 'public-cidr'),
    cidr('128.0.0.0/1', 'public-cidr'),
    cidr('::/1', 'public-cidr'),
    cidr('203.0.113.7/32', 'public-cidr'),
    cidr('2001:db8::/32', 'public-cidr'),
    cidr('10.0.0.0/8', 'private-cidr'),
    cidr('10.0.0.0/7', 'public-cidr'),
    cidr('172.16.0.0/12', 'private-cidr'),
    cidr('192.168.1.0/24', 'private-cidr'),
    cidr('100.64.0.0/10', 'private-cidr'),
    cidr('169.254.169.254/32', 'private-cidr'),
    cidr('127.0.0.1/32', 'private-cidr'),
    cidr('fd00::/8', 'private-cidr'),
    cidr('fe80::1/128', 'private-cidr'),
    cidr('::1/128', 'private-cidr'),
    cidr('198.51.100.0/25', 'allowed-cidr', '198.51.100.0/24'),
    cidr('198.51.100.0/24', 'allowed-cidr', '198.51.100.0/24'),
    cidr('198.51.100.0/23', 'public-cidr', '198.51.100.0/24'),
    cidr('198.51.100.0/24', 'allowed-cidr', '198.51.100.0/25,198.51.100.128/25'),
    cidr('2001:db8:1::/48', 'allowed-cidr', '2001:db8::/32'),
    cidr('::/0', 'world-ipv6', '0.0.0.0/0'),
    cidr('0.0.0.0/0', 'allowed-cidr', '0.0.0.0/0'),
    cidr('10.1.0.0/16', 'private-cidr', '198.51.100.0/24'),
  ]);
});

describe('prefix lists', () => {
  const customer = (entries: Fact<readonly ReturnType<typeof block>[]>): Partial<AlbSgFacts> => ({
    prefixLists: listsById(prefixList({ id: listId('pl-0c'), name: 'ours', ownerId: '111122223333', entries })),
  });
  const named = (name: string, ownerId: string): Partial<AlbSgFacts> => ({
    prefixLists: listsById(prefixList({ id: listId('pl-0c'), name, ownerId })),
  });
  const rule = open(fromList('pl-0c'));
  const office = { allowedCidrs: '192.0.2.0/24' };
  check([
    ["CloudFront's IPv4 list", open(fromList(CLOUDFRONT_V4)), 'cloudfront-prefix-list'],
    ["CloudFront's IPv6 list", open(fromList(CLOUDFRONT_V6)), 'cloudfront-prefix-list'],
    ["CloudFront's list under another id", rule, 'cloudfront-prefix-list', {}, named(prefixList().name, 'AWS')],
    ['a look-alike of the IPv4 list', rule, 'lookalike-prefix-list', {}, named(prefixList().name, '111122223333')],
    ['a look-alike of the IPv6 list', rule, 'lookalike-prefix-list', {}, named(prefixListV6().name, '111122223333')],
    [
      'a look-alike in capitals with blanks around',
      rule,
      'lookalike-prefix-list',
      {},
      named(` ${prefixList().name.toUpperCase()} `, '111122223333'),
    ],
    [
      'a look-alike is one whatever it holds',
      rule,
      'lookalike-prefix-list',
      { allowedCidrs: '0.0.0.0/0' },
      named(prefixList().name, '111122223333'),
    ],
    ['another list of AWS', rule, 'other-prefix-list', {}, named('com.amazonaws.us-east-1.s3', 'AWS')],
    [
      'another list of AWS, with everything allowed',
      rule,
      'other-prefix-list',
      { allowedCidrs: '0.0.0.0/0' },
      named('com.amazonaws.us-east-1.s3', 'AWS'),
    ],
    ['a list of the customer with nothing allowed', rule, 'other-prefix-list', {}, customer(known([]))],
    [
      'a list of the customer with nothing allowed, its entries unread',
      rule,
      'other-prefix-list',
      {},
      customer(hidden('entries of pl-0c')),
    ],
    [
      'a list of the customer inside what is allowed',
      rule,
      'allowed-entries',
      office,
      customer(known([block('192.0.2.0/25'), block('192.0.2.200/32')])),
    ],
    ['a list of the customer that holds nothing', rule, 'allowed-entries', office, customer(known([]))],
    [
      'a list of the customer with one entry outside',
      rule,
      'other-prefix-list',
      office,
      customer(known([block('192.0.2.0/25'), block('198.51.100.0/32')])),
    ],
    [
      'a list of the customer whose entries are hidden',
      rule,
      'unknown: entries of pl-0c',
      office,
      customer(hidden('entries of pl-0c')),
    ],
    ['a list named in allowedPrefixListIds', rule, 'allowed-prefix-list', { allowedPrefixListIds: 'pl-0a,pl-0c' }],
    [
      'a look-alike named in allowedPrefixListIds',
      rule,
      'allowed-prefix-list',
      { allowedPrefixListIds: 'pl-0c' },
      named(prefixList().name, '111122223333'),
    ],
    ['a list that nobody read', rule, 'unknown: prefixList pl-0c'],
    [
      'a list hidden by IAM',
      rule,
      'unknown: prefixList pl-0c',
      {},
      { prefixLists: new Map([[listId('pl-0c'), hidden('prefixList pl-0c')]]) },
    ],
  ]);
});

describe('groups as sources', () => {
  const rule = open(fromGroup('sg-0s'));
  const managed = 'CloudFront-VPCOrigins-Service-SG-0123';
  const cited = (fact: Fact<{ name: string | null; vpcId: string | null } | null>): Partial<AlbSgFacts> => ({
    citedGroups: new Map([[groupId('sg-0s'), fact]]),
  });
  const behindVpcOrigin = { paths: [path(), path({ linkedBy: 'vpc-origin' })] };
  const unplaced = { group: securityGroup({ vpcId: null }) };
  const same = cited(known({ name: managed, vpcId: 'vpc-0a1' }));
  check([
    ['any other group', rule, 'security-group-source', {}, cited(known({ name: 'app', vpcId: 'vpc-0a1' }))],
    ['a group without a name', rule, 'security-group-source', {}, cited(known({ name: null, vpcId: 'vpc-0a1' }))],
    ['a group that does not exist', rule, 'security-group-source', {}, cited(known(null))],
    ['a group named in allowedSecurityGroupIds', rule, 'allowed-group', { allowedSecurityGroupIds: 'sg-0s' }],
    ['a group beside those named', rule, 'security-group-source', { allowedSecurityGroupIds: 'sg-0t' }],
    ['any group under *', rule, 'allowed-group', { allowedSecurityGroupIds: '*' }],
    [
      'a group of another VPC under *',
      open(fromGroup('sg-0s', 'vpc-0b2')),
      'allowed-group',
      { allowedSecurityGroupIds: '*' },
    ],
    ['the VPC-origins group of the same VPC', rule, 'vpc-origins-group', {}, same],
    [
      'the VPC-origins group, said to be of the same VPC',
      open(fromGroup('sg-0s', 'vpc-0a1')),
      'vpc-origins-group',
      {},
      same,
    ],
    [
      'the VPC-origins group of another VPC',
      rule,
      'security-group-source',
      {},
      cited(known({ name: managed, vpcId: 'vpc-0b2' })),
    ],
    [
      'a group that AWS says is of another VPC',
      open(fromGroup('sg-0s', 'vpc-0b2')),
      'security-group-source',
      {},
      { ...same, ...behindVpcOrigin },
    ],
    [
      'a group whose name only contains that of the VPC-origins group',
      rule,
      'security-group-source',
      {},
      cited(known({ name: `my-${managed}`, vpcId: 'vpc-0a1' })),
    ],
    [
      'the VPC-origins group, its VPC unknown',
      rule,
      'unknown: VPC of sg-0s',
      {},
      cited(known({ name: managed, vpcId: null })),
    ],
    ['the VPC-origins group, the own VPC unknown', rule, 'unknown: VPC of sg-0s', {}, { ...same, ...unplaced }],
    [
      'a group that AWS says is of some VPC, the own VPC unknown',
      open(fromGroup('sg-0s', 'vpc-0b2')),
      'unknown: VPC of sg-0s',
      {},
      { ...same, ...unplaced },
    ],
    ['a hidden group without a VPC origin', rule, 'security-group-source', {}, cited(hidden('securityGroup sg-0s'))],
    [
      'a hidden group beside a VPC origin',
      rule,
      'unknown: securityGroup sg-0s',
      {},
      { ...cited(hidden('securityGroup sg-0s')), ...behindVpcOrigin },
    ],
    ['an unread group without a VPC origin', rule, 'security-group-source'],
    ['an unread group beside a VPC origin', rule, 'unknown: securityGroup sg-0s', {}, behindVpcOrigin],
    ['the group itself', open(fromGroup('sg-0web')), 'security-group-source', {}, behindVpcOrigin],
    ['the group itself, allowed', open(fromGroup('sg-0web')), 'allowed-group', { allowedSecurityGroupIds: 'sg-0web' }],
  ]);
});

describe('protocols', () => {
  const world = fromCidr('0.0.0.0/0');
  check([
    ['ICMP type 3 code 4', open(world, 'icmp', 3, 4), 'path-mtu-discovery'],
    ['ICMP by its number', open(world, '1', 3, 4), 'path-mtu-discovery'],
    ['ICMP type 3 code 3', open(world, 'icmp', 3, 3), 'world-ipv4'],
    ['ICMP type 3, every code', open(world, 'icmp', 3, -1), 'world-ipv4'],
    ['ICMP type 4 code 4', open(world, 'icmp', 4, 4), 'world-ipv4'],
    ['all ICMP', open(world, 'icmp', -1, -1), 'world-ipv4'],
    ['ICMPv6 type 2', open(fromCidr('::/0'), 'icmpv6', 2, 0), 'path-mtu-discovery'],
    ['ICMPv6 type 2, every code', open(fromCidr('::/0'), '58', 2, -1), 'path-mtu-discovery'],
    ['ICMPv6 type 3', open(fromCidr('::/0'), 'icmpv6', 3, 4), 'world-ipv6'],
    ['all ICMPv6', open(fromCidr('::/0'), 'icmpv6', -1, -1), 'world-ipv6'],
    ['TCP ports 3 to 4', open(world, 'tcp', 3, 4), 'world-ipv4'],
    ['TCP from port 2', open(world, 'tcp', 2, 2), 'world-ipv4'],
    ['UDP', open(world, 'udp', 53), 'world-ipv4'],
    ['all traffic', open(world, '-1'), 'world-ipv4'],
    ['a protocol by its number', open(world, '47'), 'world-ipv4'],
    ['path MTU discovery from anything', open(fromList('pl-0gone'), 'icmp', 3, 4), 'path-mtu-discovery'],
  ]);
});

describe('ports = listeners', () => {
  const world = fromCidr('0.0.0.0/0');
  const listeners = { ports: 'listeners' };
  const on = (...facts: readonly Fact<readonly number[]>[]): Partial<AlbSgFacts> => ({ listenerPorts: facts });
  const unread = hidden('listeners');
  check([
    ['TCP on a listener port', open(world), 'world-ipv4', listeners, on(known([80, 443]))],
    ['TCP beside the listener port', open(world, 'tcp', 444), 'no-listener-there', listeners, on(known([443]))],
    ['TCP below the listener port', open(world, 'tcp', 442), 'no-listener-there', listeners, on(known([443]))],
    ['TCP range that starts at the port', open(world, 'tcp', 443, 500), 'world-ipv4', listeners, on(known([443]))],
    ['TCP range that ends at the port', open(world, 'tcp', 400, 443), 'world-ipv4', listeners, on(known([443]))],
    ['all TCP ports', open(world, 'tcp', null), 'world-ipv4', listeners, on(known([65535]))],
    ['all traffic', open(world, '-1'), 'world-ipv4', listeners, on(known([443]))],
    ['all traffic and no listener', open(world, '-1'), 'no-listener-there', listeners, on(known([]))],
    ['all traffic, the lowest port', open(world, '-1'), 'world-ipv4', listeners, on(known([1]))],
    ['all traffic, the highest port', open(world, '-1'), 'world-ipv4', listeners, on(known([65535]))],
    ['UDP on a listener port', open(world, 'udp', 443), 'no-listener-there', listeners, on(known([443]))],
    ['ICMP', open(world, 'icmp', 8, -1), 'no-listener-there', listeners, on(known([8]))],
    ['path MTU discovery', open(world, 'icmp', 3, 4), 'path-mtu-discovery', listeners, on(unread)],
    ['UDP, the listeners hidden', open(world, 'udp', 443), 'no-listener-there', listeners, on(unread)],
    ['TCP, the listeners hidden', open(world), 'unknown: listeners', listeners, on(unread)],
    ['all traffic, the listeners hidden', open(world, '-1'), 'unknown: listeners', listeners, on(unread)],
    [
      'TCP on a port of one load balancer, the other hidden',
      open(world),
      'world-ipv4',
      listeners,
      on(unread, known([443])),
    ],
    [
      'TCP on no port of one load balancer, the other hidden',
      open(world, 'tcp', 22),
      'unknown: listeners',
      listeners,
      on(known([443]), unread),
    ],
    [
      'the first of two hidden ones is named',
      open(world),
      'unknown: listeners',
      listeners,
      on(unread, hidden('more listeners')),
    ],
    [
      'an allowed source, the listeners hidden',
      open(fromCidr('192.0.2.1/32')),
      'allowed-cidr',
      { ...listeners, allowedCidrs: '192.0.2.0/24' },
      on(unread),
    ],
    [
      'a hidden source, the listeners hidden',
      open(fromList('pl-0gone')),
      'unknown: listeners',
      listeners,
      { ...on(unread), prefixLists: new Map([[listId('pl-0gone'), { known: false, gap: gap('prefixList') }]]) },
    ],
    ['ports = all never asks for listeners', open(world, 'udp', 53), 'world-ipv4', { ports: 'all' }, on(unread)],
  ]);
});

it('every clause has words', () => {
  expect(Object.keys(CLAUSES)).toHaveLength(8);
  for (const words of Object.values(CLAUSES)) expect(words).toMatch(/\w+ \w+/);
});

it('a gap of our own making says what was not read', () => {
  const judgement = judgeSource(open(fromList('pl-0c')), albSgFacts(), albSgParams());
  expect(judgement).toEqual({
    outcome: 'unknown',
    gap: { fact: 'prefixList pl-0c', cause: 'not-seen', detail: 'prefixList pl-0c was not read' },
  });
});
