import * as fc from 'fast-check';
import type { IngressRule, IngressSource } from '../../../core/model/security-group.js';
import type { Family, RequiredPort } from '../../../core/plan.js';
import {
  cloudfrontFamily,
  grantsFor,
  isGranted,
  mayAdmit,
  opens,
} from '../../../remediation/alb-sg-cloudfront-only/admission.js';
import { grantText } from '../../../remediation/alb-sg-cloudfront-only/to-text.js';
import {
  CLOUDFRONT_V4,
  CLOUDFRONT_V6,
  fromCidr,
  fromGroup,
  fromList,
  listId,
  listsById,
  open,
  prefixList,
  prefixListV6,
} from '../../support/builders.js';

const LISTS = listsById(prefixList(), prefixListV6(), prefixList({ id: listId('pl-0fake'), ownerId: '111122223333' }));
const BOTH = { ipv4: CLOUDFRONT_V4, ipv6: CLOUDFRONT_V6 };
const v4 = (port: number): RequiredPort => ({ family: 'ipv4', port });
const v6 = (port: number): RequiredPort => ({ family: 'ipv6', port });

it.each<readonly [string, IngressRule, boolean]>([
  ['that port', open(fromCidr('0.0.0.0/0')), true],
  ['another port', open(fromCidr('0.0.0.0/0'), 'tcp', 80), false],
  ['a range with it', open(fromCidr('0.0.0.0/0'), 'tcp', 443, 444), true],
  ['a range above it', open(fromCidr('0.0.0.0/0'), 'tcp', 444, 500), false],
  ['every port', open(fromCidr('0.0.0.0/0'), 'tcp', null), true],
  ['all traffic', open(fromCidr('0.0.0.0/0'), '-1', null), true],
  ['UDP', open(fromCidr('0.0.0.0/0'), 'udp', 443), false],
  ['ICMP', open(fromCidr('0.0.0.0/0'), 'icmp', 0), false],
])('TCP 443 is open by a rule for %s: %#', (_, rule, isOpen) => {
  expect(opens(rule, 443)).toBe(isOpen);
});

it.each<readonly [string, IngressSource, Family | null]>([
  ['the IPv4 list', fromList(CLOUDFRONT_V4), 'ipv4'],
  ['the IPv6 list', fromList(CLOUDFRONT_V6), 'ipv6'],
  ['a look-alike', fromList('pl-0fake'), null],
  ['a list that nobody read', fromList('pl-0gone'), null],
  ['an address', fromCidr('13.124.199.0/24'), null],
  ['a group', fromGroup('sg-0bastion'), null],
])('whether %s is CloudFront', (_, source, family) => {
  expect(cloudfrontFamily(open(source), LISTS)).toBe(family);
});

it("a port is granted only by CloudFront's own list of that family", () => {
  const rules = [open(fromList(CLOUDFRONT_V4)), open(fromCidr('::/0')), open(fromList('pl-0fake'), 'tcp', 80)];
  expect(isGranted(rules, v4(443), LISTS)).toBe(true);
  expect(isGranted(rules, v6(443), LISTS)).toBe(false);
  expect(isGranted(rules, v4(80), LISTS)).toBe(false);
  expect(isGranted([], v4(443), LISTS)).toBe(false);
});

it.each<readonly [string, IngressSource, boolean, boolean]>([
  ['everybody by IPv4', fromCidr('0.0.0.0/0'), true, false],
  ['everybody by IPv6', fromCidr('::/0'), false, true],
  ['one public address', fromCidr('13.124.199.7/32'), true, false],
  ['a private range', fromCidr('10.0.0.0/8'), false, false],
  ['a private range of IPv6', fromCidr('fd00::/8'), false, false],
  ['any list', fromList('pl-0gone'), true, true],
  ['a group', fromGroup('sg-0bastion'), false, false],
])('CloudFront may come in by %s', (_, source, ipv4, ipv6) => {
  expect([mayAdmit(open(source), v4(443)), mayAdmit(open(source), v6(443))]).toEqual([ipv4, ipv6]);
  expect(mayAdmit(open(source), v4(80))).toBe(false);
});

describe('the grants for ports', () => {
  const texts = (
    ports: readonly RequiredPort[],
    portMerge: 'ADJACENT' | 'RANGE' = 'ADJACENT',
    lists: Parameters<typeof grantsFor>[1] = BOTH,
  ) => grantsFor(ports, lists, { portMerge }).map(grantText);

  it('one for each port that stands alone, one for those beside each other', () => {
    expect(texts([v4(8081), v4(443), v4(8080), v4(443)])).toEqual([
      'ipv4:pl-3b927c52:443-443',
      'ipv4:pl-3b927c52:8080-8081',
    ]);
  });

  it('one for each family, with its own list', () => {
    expect(texts([v6(443), v4(443)])).toEqual(['ipv4:pl-3b927c52:443-443', 'ipv6:pl-0dda64b28:443-443']);
  });

  it('one for all ports and what lies between, when told to', () => {
    expect(texts([v4(443), v4(80), v6(443)], 'RANGE')).toEqual([
      'ipv4:pl-3b927c52:80-443',
      'ipv6:pl-0dda64b28:443-443',
    ]);
  });

  it('none for no port, and none without a list', () => {
    expect(texts([])).toEqual([]);
    expect(texts([v4(443), v6(443)], 'ADJACENT', { ipv4: CLOUDFRONT_V4, ipv6: null })).toEqual([
      'ipv4:pl-3b927c52:443-443',
    ]);
  });

  it('every port is granted and, ports beside each other apart, no other; no two grants overlap', () => {
    const ports = fc.array(
      fc.record({ family: fc.constantFrom('ipv4' as const, 'ipv6' as const), port: fc.integer({ min: 1, max: 40 }) }),
    );
    fc.assert(
      fc.property(ports, (wanted) => {
        const granted = grantsFor(wanted, BOTH, { portMerge: 'ADJACENT' }).flatMap(({ family, fromPort, toPort }) =>
          Array.from({ length: toPort - fromPort + 1 }, (_, at) => `${family}/${String(fromPort + at)}`),
        );
        expect([...granted].sort()).toEqual(
          [...new Set(wanted.map(({ family, port }) => `${family}/${String(port)}`))].sort(),
        );
      }),
    );
  });
});
