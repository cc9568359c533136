import * as fc from 'fast-check';
import { known } from '../../../core/fact.js';
import { REFUSALS } from '../../../core/plan.js';
import type { PlanFacts } from '../../../remediation/alb-sg-cloudfront-only/facts.js';
import type { PlanOptions } from '../../../remediation/alb-sg-cloudfront-only/options.js';
import { arnOf, fromCidr, groupId, loadBalancer, open } from '../../support/builders.js';
import {
  answers,
  behindTwo,
  cloudfront,
  connects,
  named,
  openTo,
  planOf,
  way,
  world,
} from '../../support/plan-facts.js';
import { propertyRuns } from '../../support/property-runs.js';

/** A group whose load balancer listens on ports that are open to everybody, and beside them others. */
const listening = (
  ports: readonly number[],
  {
    limit = 60,
    others = 0,
    users = {},
  }: {
    readonly limit?: number;
    readonly others?: number;
    readonly users?: Partial<PlanFacts>;
  } = {},
): PlanFacts =>
  openTo(
    [
      ...ports.map((port) => world(port)),
      ...Array.from({ length: others }, (_, at) =>
        named(`p${String(at)}`, open(fromCidr(`203.0.113.${String(at)}/32`), 'tcp', 22)),
      ),
    ],
    {
      ways: [way({ custom: null })],
      ...users,
      asked: answers({
        ...(users.asked ?? {}),
        listeners: new Map([
          [arnOf('web'), known(ports)],
          [arnOf('shop'), known(ports)],
        ]),
        rulesQuota: known(limit),
      }),
    },
  );

const refusalOf = (facts: PlanFacts, options: Partial<PlanOptions> = {}) => {
  const plan = planOf(facts, options);
  if (plan.kind !== 'refuse') throw new Error(plan.kind);
  return plan;
};

const FEWER = (rules: string): string => `let CloudFront use fewer ports (https-only): ${rules} would fit`;
const QUOTA = (limit: number): string => `raise the quota of rules per group (L-0EA8095F) to ${String(limit)} or more`;
const SPLIT = (groups: string): string => `run with AllowSplit=true, which makes ${groups} beside this one`;
const RANGE =
  'set PORT_MERGE=RANGE (for this group: the tag origin-guard:strategy = RANGE), which admits CloudFront to the ports between them too';

test('two ports: one fits by the default quota', () => {
  expect(refusalOf(listening([80, 443]))).toMatchObject({
    code: 'QUOTA_NO_HEADROOM',
    because:
      'CloudFront needs 2 ports by IPv4 (80, 443); that takes 2 new rules on group sg-0web, which counts 2 (IPv4) and 0 (IPv6) of 60; each counts 55, and 1 fits',
    nextStep: [FEWER('1 new rule'), QUOTA(112), SPLIT('1 group'), RANGE].join('; or '),
  });
});

test('three ports: no quota is enough, since a run adds two rules of an address family', () => {
  expect(refusalOf(listening([80, 443, 8080], { limit: 1_000 }))).toMatchObject({
    because:
      'CloudFront needs 3 ports by IPv4 (80, 443, 8080); that takes 3 new rules on group sg-0web, which counts 3 (IPv4) and 0 (IPv6) of 1000; each counts 55, and 2 fit; a run adds 2 of an address family to a group at most',
    nextStep: [FEWER('2 new rules'), SPLIT('1 group'), RANGE].join('; or '),
  });
});

test('a port that CloudFront may use already takes no new rule', () => {
  const facts = openTo([world(80), world(8080), cloudfront(443)], {
    ways: [way({ custom: null })],
    asked: answers({ listeners: new Map([[arnOf('web'), known([80, 443, 8080])]]), rulesQuota: known(60) }),
  });
  expect(refusalOf(facts)).toMatchObject({
    because: expect.stringContaining('3 ports by IPv4 (80, 443, 8080); that takes 2 new rules') as string,
    nextStep: [QUOTA(167), SPLIT('2 groups')].join('; or '),
  });
});

test('a group that is full: fewer ports are no way out, nor is a range', () => {
  expect(refusalOf(listening([443], { others: 9 }))).toMatchObject({
    because: expect.stringMatching(/1 port by IPv4 \(443\); that takes 1 new rule .* 10 .* and 0 fit$/) as string,
    nextStep: [QUOTA(65), SPLIT('1 group')].join('; or '),
  });
});

test('two load balancers: a split is no way out', () => {
  expect(
    refusalOf(
      listening([80, 443], {
        users: { ...behindTwo(), ways: behindTwo().ways.map((each) => ({ ...each, custom: null })) },
      }),
    ).nextStep,
  ).toBe([FEWER('1 new rule'), QUOTA(112), RANGE].join('; or '));
});

test('more ports than a run can make groups for', () => {
  const six = [1, 3, 5, 7, 9, 11];
  const seven = [...six, 13];
  expect(refusalOf(listening(six, { limit: 70 })).nextStep).toBe(
    [
      FEWER('1 new rule'),
      `${QUOTA(116)} and run with AllowSplit=true, which makes 4 groups at most beside this one`,
      RANGE,
    ].join('; or '),
  );
  expect(refusalOf(listening(six, { limit: 70 }), { allowSplit: true }).nextStep).toBe(
    [FEWER('5 new rules'), QUOTA(116), RANGE].join('; or '),
  );
  expect(refusalOf(listening(seven, { limit: 70 }), { allowSplit: true }).nextStep).toBe(
    [FEWER('5 new rules'), RANGE].join('; or '),
  );
  expect(refusalOf(listening(seven, { limit: 70 })).nextStep).toBe([FEWER('1 new rule'), RANGE].join('; or '));
});

test('a range that does not help is not proposed again', () => {
  expect(refusalOf(listening([80, 443], { others: 9 }), { portMerge: 'RANGE' }).nextStep).toBe(
    [QUOTA(66), SPLIT('1 group')].join('; or '),
  );
});

test('where nothing helps, what helps elsewhere', () => {
  const facts = listening([1, 3, 5, 7, 9, 11, 13], { others: 9 });
  expect(refusalOf(facts).nextStep).toBe(REFUSALS.QUOTA_NO_HEADROOM.nextStep);
});

test('both address families', () => {
  const facts = openTo([named('all', open(fromCidr('0.0.0.0/0'))), named('all6', open(fromCidr('::/0')))], {
    users: [loadBalancer({ ipAddressType: 'dualstack' })],
    ways: [way({ custom: connects({ ipAddressType: 'dualstack' }) })],
    asked: answers({ rulesQuota: known(60) }),
  });

  expect(refusalOf(facts)).toMatchObject({
    because: expect.stringContaining('CloudFront needs 1 port by IPv4 (443) and 1 port by IPv6 (443); ') as string,
    nextStep: [FEWER('1 new rule'), QUOTA(111), SPLIT('1 group')].join('; or '),
  });
  expect(planOf(facts, { quotaModel: 'by-family' }).kind).toBe('apply');
});

test('too many groups on an interface: that quota is named, not the one of rules', () => {
  const securityGroups = ['sg-0web', 'sg-0b', 'sg-0c', 'sg-0d', 'sg-0e'].map(groupId);
  const full = listening([80, 443], { users: { users: [loadBalancer({ securityGroups })] } });
  expect(refusalOf(full, { allowSplit: true }).nextStep).toBe(
    'raise the quota of groups per network interface (L-2AFB9258) to 6 or more, or take a group off the load balancer that it does not need',
  );
});

test('every way out that is proposed leads out', () => {
  const ports = fc.uniqueArray(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 9 });
  const groups = fc.record({
    ports,
    others: fc.nat({ max: 12 }),
    limit: fc.constantFrom(60, 100, 120, 200),
    allowSplit: fc.boolean(),
  });
  fc.assert(
    fc.property(groups, ({ ports: listened, others, limit, allowSplit }) => {
      const at = (limitThen: number, then: Partial<PlanOptions> = {}) =>
        planOf(listening(listened, { others, limit: limitThen }), { allowSplit, ...then });
      const plan = at(limit);
      if (plan.kind !== 'refuse') return;
      for (const step of plan.nextStep === REFUSALS.QUOTA_NO_HEADROOM.nextStep ? [] : plan.nextStep.split('; or ')) {
        if (step.startsWith('let CloudFront')) continue;
        const quota = Number(/ to (\d+) or more/.exec(step)?.[1] ?? limit);
        const then = {
          ...(step.includes('AllowSplit') ? { allowSplit: true } : {}),
          ...(step.includes('PORT_MERGE') ? { portMerge: 'RANGE' as const } : {}),
        };
        expect([step, at(quota, then).kind]).toEqual([step, 'apply']);
        const isQuota = step.startsWith('raise the quota of rules');
        expect([step, isQuota && at(quota - 1, then).kind === 'apply']).toEqual([step, false]);
      }
    }),
    { numRuns: propertyRuns() },
  );
});
