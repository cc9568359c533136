import fc from 'fast-check';
import type { AccountId, Region } from '../../core/ids.js';
import { byPlace, type Judgement } from '../../core/judgement.js';
import { compliant } from '../../core/verdict.js';
import { ACCOUNT, OTHER_ACCOUNT, REGION } from '../support/builders.js';
import { propertyRuns } from '../support/property-runs.js';

const at = (accountId: AccountId | null, region: Region | null, ruleId: string, resourceId: string): Judgement => ({
  ruleId,
  resourceType: 'AWS::EC2::SecurityGroup',
  resourceId,
  name: null,
  scope: { accountId, region },
  verdict: compliant,
  reasons: [],
  paths: [],
  advise: () => [],
  explain: () => [],
});

const EUROPE = 'eu-west-1' as Region;
const ordered = [
  at(ACCOUNT, EUROPE, 'z', 'sg-z'),
  at(ACCOUNT, REGION, 'a', 'sg-0'),
  at(ACCOUNT, REGION, 'a', 'sg-1'),
  at(ACCOUNT, REGION, 'b', 'sg-0'),
  at(ACCOUNT, null, 'a', 'sg-0'),
  at(OTHER_ACCOUNT, EUROPE, 'a', 'sg-0'),
  at(null, EUROPE, 'a', 'sg-0'),
  at(null, null, 'a', 'sg-0'),
];

it('what has no place comes last against each one that has', () => {
  for (const accountId of [ACCOUNT, null]) {
    const [known, unknown] = [at(accountId, REGION, 'a', 'sg-1'), at(accountId, null, 'a', 'sg-0')];
    expect([unknown, known].sort(byPlace)).toEqual([known, unknown]);
    expect([known, unknown].sort(byPlace)).toEqual([known, unknown]);
  }
  const [known, unknown] = [at(ACCOUNT, null, 'a', 'sg-1'), at(null, null, 'a', 'sg-0')];
  expect([unknown, known].sort(byPlace)).toEqual([known, unknown]);
  expect([known, unknown].sort(byPlace)).toEqual([known, unknown]);
});

it('account, Region, rule, resource; what has no place comes last', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(ordered), (some) => {
      expect([...some].sort(byPlace)).toEqual(ordered.filter((one) => some.includes(one)));
    }),
    { numRuns: propertyRuns() },
  );
});
