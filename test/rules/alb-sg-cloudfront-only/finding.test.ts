import fc from 'fast-check';
import { bySeverity, portsText, toFinding, type SourceFinding } from '../../../rules/alb-sg-cloudfront-only/finding.js';
import { REASONS, type Reason } from '../../../rules/alb-sg-cloudfront-only/judge-source.js';
import { fromCidr, fromGroup, fromList, open, ruleId } from '../../support/builders.js';
import { propertyRuns } from '../../support/property-runs.js';

const finding = (overrides: Partial<SourceFinding> = {}): SourceFinding => ({
  reason: 'public-cidr',
  securityGroupRuleId: null,
  protocol: 'tcp',
  fromPort: 443,
  toPort: 443,
  source: '203.0.113.0/24',
  ...overrides,
});

describe('toFinding', () => {
  it('TCP keeps its ports and the rule its id', () => {
    const rule = { ...open(fromCidr('203.0.113.0/24'), 'tcp', 80, 81), ruleId: ruleId('sgr-0a') };
    expect(toFinding(rule, 'public-cidr')).toEqual(
      finding({ securityGroupRuleId: ruleId('sgr-0a'), fromPort: 80, toPort: 81 }),
    );
  });

  it.each([
    ['udp', 53, 53],
    ['icmp', null, null],
    ['icmpv6', null, null],
    ['-1', null, null],
    ['47', null, null],
  ])('protocol %s has ports %p to %p', (protocol, fromPort, toPort) =>
    expect(toFinding(open(fromCidr('203.0.113.0/24'), protocol, 53), 'public-cidr')).toEqual(
      finding({ protocol, fromPort, toPort }),
    ),
  );

  it('the source is written as AWS writes it', () => {
    const sources = [fromCidr('2001:DB8::/32'), fromList('pl-0a'), fromGroup('sg-0a')];
    expect(sources.map((source) => toFinding(open(source), 'world-ipv4').source)).toEqual([
      '2001:DB8::/32',
      'pl-0a',
      'sg-0a',
    ]);
  });
});

describe('bySeverity', () => {
  const ordered = [
    finding({ reason: 'world-ipv4', source: '0.0.0.0/0' }),
    finding({ reason: 'world-ipv6', source: '::/0' }),
    finding({ reason: 'lookalike-prefix-list', source: 'pl-0a' }),
    finding({ protocol: '-1', fromPort: null, toPort: null }),
    finding({ protocol: '-1', fromPort: 0, toPort: null }),
    finding({ protocol: '-1', fromPort: 0, toPort: 0 }),
    finding({ fromPort: 80, toPort: 443, source: '10.0.0.0/8' }),
    finding({ source: '198.51.100.0/24' }),
    finding(),
    finding({ securityGroupRuleId: ruleId('sgr-0a') }),
    finding({ securityGroupRuleId: ruleId('sgr-0b') }),
    finding({ toPort: 444, source: '10.0.0.0/8' }),
    finding({ fromPort: 1000, toPort: 1000 }),
    finding({ protocol: 'udp', fromPort: 53, toPort: 53 }),
    finding({ reason: 'other-prefix-list', source: 'pl-0b' }),
    finding({ reason: 'security-group-source', source: 'sg-0b' }),
    finding({ reason: 'private-cidr', source: '10.0.0.0/8' }),
  ];

  it('most severe first, then protocol, ports, source and rule, whatever the order before', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(ordered), (some) => {
        expect([...some].sort(bySeverity)).toEqual(ordered.filter((one) => some.includes(one)));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('only the same finding is equal', () => {
    expect(bySeverity(finding(), finding())).toBe(0);
    for (const [index, one] of ordered.entries()) {
      for (const other of ordered.slice(index + 1)) {
        expect(bySeverity(one, other)).toBeLessThan(0);
        expect(bySeverity(other, one)).toBeGreaterThan(0);
      }
    }
  });

  it('the reasons are listed most severe first', () => {
    const reasons: readonly Reason[] = [
      'world-ipv4',
      'world-ipv6',
      'lookalike-prefix-list',
      'public-cidr',
      'other-prefix-list',
      'security-group-source',
      'private-cidr',
    ];
    expect(Object.keys(REASONS)).toEqual(reasons);
  });
});

it.each([
  ['tcp 443', 'tcp', 443, 443],
  ['tcp 0', 'tcp', 0, 0],
  ['tcp 0-80', 'tcp', 0, 80],
  ['tcp 80-65535', 'tcp', 80, 65535],
  ['tcp, all ports', 'tcp', 0, 65535],
  ['udp, all ports', 'udp', 0, 65535],
  ['all traffic', '-1', null, null],
  ['icmp', 'icmp', null, null],
  ['47', '47', null, null],
  ['tcp', 'tcp', 443, null],
  ['tcp', 'tcp', null, 443],
])('ports in words: %s', (text, protocol, fromPort, toPort) =>
  expect(portsText({ protocol, fromPort, toPort })).toBe(text),
);
