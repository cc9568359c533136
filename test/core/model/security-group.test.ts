import fc from 'fast-check';
import { normalizeProtocol, sourceText } from '../../../core/model/security-group.js';
import { fromCidr, fromGroup, fromList } from '../../support/builders.js';
import { propertyRuns } from '../../support/property-runs.js';

it.each([
  ['tcp', 443, 443, 'tcp', 443, 443],
  ['TCP', 80, 443, 'tcp', 80, 443],
  ['6', 80, 443, 'tcp', 80, 443],
  ['17', 53, 53, 'udp', 53, 53],
  ['tcp', 0, 0, 'tcp', 0, 0],
  ['tcp', -1, -1, 'tcp', 0, 65535],
  ['tcp', null, null, 'tcp', 0, 65535],
  ['udp', undefined, undefined, 'udp', 0, 65535],
  ['icmp', 3, 4, 'icmp', 3, 4],
  ['1', null, null, 'icmp', -1, -1],
  ['icmpv6', 2, 0, 'icmpv6', 2, 0],
  ['58', -1, -1, 'icmpv6', -1, -1],
  ['-1', null, null, '-1', null, null],
  ['-1', 80, 80, '-1', null, null],
  ['50', 80, 80, '50', null, null],
  ['constructor', 80, 80, 'constructor', null, null],
])('protocol %s from %p to %p is %s from %p to %p', (protocol, from, to, name, fromPort, toPort) =>
  expect(normalizeProtocol(protocol, from, to)).toEqual({ protocol: name, fromPort, toPort }),
);

it('a protocol that is normal stays as it is', () => {
  const protocol = fc.oneof(fc.constantFrom('tcp', 'udp', 'icmp', 'icmpv6', '-1', '6', '17', '1', '58'), fc.string());
  const port = fc.option(fc.integer({ min: -1, max: 65535 }));
  fc.assert(
    fc.property(protocol, port, port, (given, from, to) => {
      const once = normalizeProtocol(given, from, to);
      expect(normalizeProtocol(once.protocol, once.fromPort, once.toPort)).toEqual(once);
    }),
    { numRuns: propertyRuns() },
  );
});

it('a source is written as AWS writes it', () => {
  expect([fromCidr('10.0.0.1/8'), fromList('pl-0a'), fromGroup('sg-0a', 'vpc-1')].map(sourceText)).toEqual([
    '10.0.0.1/8',
    'pl-0a',
    'sg-0a',
  ]);
});
