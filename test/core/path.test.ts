import fc from 'fast-check';
import { byPath, byUnresolved, LINKED_BY } from '../../core/path.js';
import { arnOf, distributionId, path } from '../support/builders.js';
import { propertyRuns } from '../support/property-runs.js';

it('the evidence is listed strongest first', () => {
  expect(LINKED_BY).toEqual(['vpc-origin', 'dns-name', 'declared', 'resolved-name', 'resolved-address']);
});

const paths = [
  path({ loadBalancerArn: arnOf('a'), distributionId: distributionId('E2') }),
  path({ originId: null, originDomain: null }),
  path({ originId: null, originDomain: 'A.example.com' }),
  path({ originId: 'a', originDomain: null }),
  path({ originId: 'a', originDomain: 'A.example.com' }),
  path({ originId: 'a', originDomain: 'a.example.com' }),
  path({ originId: 'a', originDomain: 'a.example.com.' }),
  path({ originId: 'a', originDomain: 'b.example.com', linkedBy: 'resolved-address' }),
  path({ originId: 'a', originDomain: 'b.example.com', linkedBy: 'resolved-name' }),
  path({ originId: 'b', originDomain: 'a.example.com' }),
  path({ distributionId: distributionId('E2'), originId: 'a' }),
  path({ distributionId: null, originId: null, originDomain: null }),
];

it('paths by load balancer, distribution, origin and name; what a tag declares comes last', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(paths), (some) => {
      expect([...some].sort(byPath)).toEqual(paths.filter((one) => some.includes(one)));
    }),
    { numRuns: propertyRuns() },
  );
});

const origins = [
  ['E1', 'a', 'a.example.com', 'x'],
  ['E1', 'a', 'a.example.com', 'y'],
  ['E1', 'a', 'b.example.com', 'x'],
  ['E1', 'b', 'a.example.com', 'x'],
  ['E2', 'a', 'a.example.com', 'x'],
].map(([id, originId, domain, why]) => ({
  distributionId: distributionId(id ?? ''),
  originId: originId ?? '',
  domain: domain ?? '',
  why: why ?? '',
}));

it('unresolved origins by distribution, origin, name and reason', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(origins), (some) => {
      expect([...some].sort(byUnresolved)).toEqual(origins.filter((one) => some.includes(one)));
    }),
    { numRuns: propertyRuns() },
  );
});
