import { known } from '../../../core/fact.js';
import type { IngressRule } from '../../../core/model/security-group.js';
import type { AlbSgFacts } from '../../../rules/alb-sg-cloudfront-only/facts.js';
import { albSgCloudfrontOnly } from '../../../rules/alb-sg-cloudfront-only/rule.js';
import {
  admitting,
  albSgFacts,
  albSgParams,
  CLOUDFRONT_V4,
  CLOUDFRONT_V6,
  fromCidr,
  fromGroup,
  fromList,
  hidden,
  listId,
  listsById,
  open,
  prefixList,
  prefixListV6,
  securityGroup,
} from '../../support/builders.js';

const advise = (
  rules: readonly IngressRule[],
  overrides: Partial<AlbSgFacts> = {},
  given: Readonly<Record<string, string>> = {},
): readonly string[] => albSgCloudfrontOnly.advise(admitting(rules, overrides), albSgParams(given));

const WORLD = fromCidr('0.0.0.0/0');
const WORLD6 = fromCidr('::/0');
const V4 = `${CLOUDFRONT_V4} (CloudFront's IPv4 prefix list)`;
const V6 = `${CLOUDFRONT_V6} (CloudFront's IPv6 prefix list)`;
const allowV4 = (protocol = 'tcp', from: number | null = 443, to = from) =>
  open(fromList(CLOUDFRONT_V4), protocol, from, to);
const allowV6 = () => open(fromList(CLOUDFRONT_V6));

describe('what to do about a source', () => {
  it('the list is allowed before the world is removed', () => {
    expect(advise([open(WORLD)])).toEqual([`allow ${V4} on tcp 443, then remove 0.0.0.0/0`]);
    expect(advise([open(WORLD, 'tcp', 80, 443)])).toEqual([`allow ${V4} on tcp 80-443, then remove 0.0.0.0/0`]);
    expect(advise([open(WORLD, '-1')])).toEqual([`allow ${V4} on the ports of the listeners, then remove 0.0.0.0/0`]);
  });

  it('a list that is not seen in the Region is named by its name', () => {
    const unseen = { cloudfrontPrefixLists: [] };
    expect(advise([open(WORLD), open(WORLD6)], unseen)).toEqual([
      'allow the prefix list com.amazonaws.global.cloudfront.origin-facing on tcp 443, then remove 0.0.0.0/0',
      'remove ::/0; where the origin uses IPv6, first allow the prefix list com.amazonaws.global.ipv6.cloudfront.origin-facing on tcp 443',
    ]);
  });

  it('an IPv6 source takes the IPv6 list, which matters only where the origin uses IPv6', () => {
    expect(advise([open(WORLD6)])).toEqual([`remove ::/0; where the origin uses IPv6, first allow ${V6} on tcp 443`]);
  });

  it('what CloudFront already has is only removed', () => {
    const line = 'remove 0.0.0.0/0: CloudFront is already allowed on tcp 443';
    expect(advise([allowV4(), open(WORLD)])).toEqual([line]);
    expect(advise([allowV4('tcp', 400, 500), open(WORLD)])).toEqual([line]);
    expect(advise([allowV4('tcp', null), open(WORLD)])).toEqual([line]);
    expect(advise([allowV4('-1'), open(WORLD)])).toEqual([line]);
    expect(advise([allowV6(), open(WORLD6)])).toEqual(['remove ::/0: CloudFront is already allowed on tcp 443']);
    expect(advise([allowV4('-1'), open(WORLD, '-1')])).toEqual([
      'remove 0.0.0.0/0: CloudFront is already allowed on the ports of the listeners',
    ]);
  });

  it('CloudFront on other ports, by another protocol or by another source is not enough', () => {
    const line = `allow ${V4} on tcp 443, then remove 0.0.0.0/0`;
    expect(advise([allowV4('tcp', 80), open(WORLD)])).toEqual([line]);
    expect(advise([allowV4('tcp', 444, 500), open(WORLD)])).toEqual([line]);
    expect(advise([allowV4('tcp', 400, 442), open(WORLD)])).toEqual([line]);
    expect(advise([allowV4('udp'), open(WORLD)])).toEqual([line]);
    expect(advise([open(fromCidr('192.0.2.0/24')), open(WORLD)], {}, { allowedCidrs: '192.0.2.0/24' })).toEqual([line]);
    expect(advise([allowV4('tcp', null), open(WORLD, '-1')])).toEqual([
      `allow ${V4} on the ports of the listeners, then remove 0.0.0.0/0`,
    ]);
    expect(advise([allowV4('tcp', 443), open(WORLD, 'tcp', 80, 443)])).toEqual([
      `allow ${V4} on tcp 80-443, then remove 0.0.0.0/0`,
    ]);
    expect(advise([allowV4('tcp', 80), open(WORLD, 'tcp', 80, 443)])).toEqual([
      `allow ${V4} on tcp 80-443, then remove 0.0.0.0/0`,
    ]);
  });

  it('the list of one address family does not stand for the other', () => {
    expect(advise([allowV6(), open(WORLD)])).toEqual([`allow ${V4} on tcp 443, then remove 0.0.0.0/0`]);
    expect(advise([allowV4(), open(WORLD6)])).toEqual([
      `remove ::/0; where the origin uses IPv6, first allow ${V6} on tcp 443`,
    ]);
  });

  it('a list that is refused makes way for the IPv4 list', () => {
    const lists = { prefixLists: listsById(prefixList({ id: listId('pl-0fake'), ownerId: '111122223333' })) };
    expect(advise([open(fromList('pl-0fake'))], lists)).toEqual([`allow ${V4} on tcp 443, then remove pl-0fake`]);
  });

  it('a look-alike that somebody allowed does not stand for the list', () => {
    const lists = { prefixLists: listsById(prefixList({ id: listId('pl-0fake'), ownerId: '111122223333' })) };
    const given = { allowedPrefixListIds: 'pl-0fake' };
    expect(advise([open(fromList('pl-0fake')), open(WORLD)], lists, given)).toEqual([
      `allow ${V4} on tcp 443, then remove 0.0.0.0/0`,
    ]);
  });

  it('another group is removed or named', () => {
    expect(advise([open(fromGroup('sg-0app'))])).toEqual(['remove sg-0app, or name it in allowedSecurityGroupIds']);
  });

  it('a protocol that CloudFront does not use is removed', () => {
    expect(advise([allowV4('-1'), open(WORLD, 'udp', 53), open(WORLD, 'icmp', 8, -1)])).toEqual([
      'remove 0.0.0.0/0 on udp: CloudFront does not use it',
      'remove 0.0.0.0/0 on icmp: CloudFront does not use it',
    ]);
  });
});

it('the same advice is given once', () => {
  expect(advise([open(fromGroup('sg-0app'), 'tcp', 80), open(fromGroup('sg-0app'), 'tcp', 443)])).toHaveLength(1);
});

it('an unknown source gets no advice', () => {
  const lists = { prefixLists: new Map([[listId('pl-0x'), hidden('prefixList pl-0x')]]) };
  expect(advise([open(fromList('pl-0x')), open(WORLD)], lists)).toEqual([
    `allow ${V4} on tcp 443, then remove 0.0.0.0/0`,
  ]);
});

it.each([
  ['compliant', albSgFacts()],
  ['without a path', admitting([open(WORLD)], { paths: [] })],
  [
    'exempt',
    albSgFacts({
      group: securityGroup({ tags: known({ 'origin-guard:exempt': 'x' }), ingress: known([open(WORLD)]) }),
    }),
  ],
  ['deleted', albSgFacts({ group: securityGroup({ deleted: true, ingress: known([open(WORLD)]) }) })],
  ['hidden', albSgFacts({ group: securityGroup({ ingress: hidden('rules') }) })],
] as const)('nothing to do for a group that is %s', (_, facts) =>
  expect(albSgCloudfrontOnly.advise(facts, albSgParams())).toEqual([]),
);

it('the lists of the builders are of both families', () => {
  expect(prefixList().name).not.toBe(prefixListV6().name);
});
