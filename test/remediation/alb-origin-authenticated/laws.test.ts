import * as fc from 'fast-check';
import type { GuideStep, Order, StepName } from '../../../remediation/alb-origin-authenticated/guide.js';
import { propertyRuns } from '../../support/property-runs.js';
import {
  guideOf,
  guideWorlds,
  OLD,
  OTHER,
  reached,
  statesOf,
  strangers,
  targetOf,
  verdictOf,
  type Sim,
} from './guide-world.js';

type Plan = Pick<Order, 'steps'>;
const CLOSING: ReadonlySet<string> = new Set(['close-default', 'close-rules', 'accept-only-sent']);

/** What an order does wrong in a world, or nothing. */
function faultsOf(sim: Sim, order: Plan): readonly string[] {
  const before = reached(sim);
  const open = strangers(sim);
  const faults: string[] = [];
  let last = sim;
  for (const { step, sim: now } of statesOf(sim, order)) {
    for (const [request, targets] of reached(now)) {
      const [was = null] = before.get(request) ?? [];
      // What was refused before may reach its target from here on: that is what a repair is for.
      for (const target of targets)
        if (was !== null && target !== was) faults.push(`${step}: ${request} ${was} ${String(target)}`);
    }
    if (!CLOSING.has(step))
      strangers(now).forEach((target, at) => {
        if (target !== open[at]) faults.push(`${step}: strangers are refused too early`);
      });
    last = now;
  }
  for (const value of [null, 'whatever', ''])
    if (strangers(last, value).some((target) => target !== null)) faults.push('open at the end');
  if (verdictOf(last) !== 'compliant') faults.push('not compliant at the end');
  return faults;
}

const orders = (rotate: boolean) =>
  guideWorlds.map((sim) => ({ sim, ...guideOf(sim, rotate) })).filter(({ guide }) => guide.kind === 'order');

test.each([false, true])(
  'no request of CloudFront goes astray at any point, strangers are refused at the end only; rotate %p',
  (rotate) => {
    fc.assert(
      fc.property(orders(rotate), ({ sim, guide }) => {
        expect(guide.kind === 'order' ? faultsOf(sim, guide) : ['no order']).toEqual([]);
      }),
      { numRuns: propertyRuns(200) },
    );
  },
);

test('a compliant load balancer has nothing to do, and whatever is refused is not compliant', () => {
  fc.assert(
    fc.property(guideWorlds, (sim) => {
      const { verdict, guide } = guideOf(sim, false);
      expect(guide.kind === 'nothing-to-do').toBe(verdict.kind === 'compliant');
    }),
    { numRuns: propertyRuns(200) },
  );
});

const moved = (steps: readonly GuideStep[], name: StepName, before: StepName): readonly GuideStep[] => {
  const step = steps.find((each) => each.name === name);
  const others = steps.filter((each) => each.name !== name);
  const at = others.findIndex((each) => each.name === before);
  return step === undefined || at === -1 ? steps : [...others.slice(0, at), step, ...others.slice(at)];
};
const without = (steps: readonly GuideStep[], name: StepName): readonly GuideStep[] =>
  steps.filter((each) => each.name !== name);
const withChanges = (
  steps: readonly GuideStep[],
  name: StepName,
  change: (changes: GuideStep['changes']) => GuideStep['changes'],
): readonly GuideStep[] =>
  steps.map((step) => (step.name === name ? { ...step, changes: change(step.changes) } : step));

const MUTANTS: Readonly<Record<string, (steps: readonly GuideStep[]) => readonly GuideStep[]>> = {
  'the default is closed before the header is accepted': (steps) => moved(steps, 'close-default', 'accept'),
  'the old rules are closed before the header is accepted': (steps) => moved(steps, 'close-rules', 'accept'),
  'nobody waits until every edge sends it': (steps) => without(steps, 'wait'),
  'the next value is sent before it is accepted': (steps) => moved(steps, 'send', 'accept-next'),
  'the next value is never accepted': (steps) => without(steps, 'accept-next'),
  'the old value is refused before the next one is sent': (steps) => moved(steps, 'accept-only-sent', 'send'),
  'the default stays open': (steps) => without(steps, 'close-default'),
  'the old rules stay open': (steps) => without(steps, 'close-rules'),
  'old values stay accepted': (steps) => without(steps, 'accept-only-sent'),
  'the copies are made in the wrong order': (steps) =>
    withChanges(steps, 'accept', (changes) => [...changes].reverse()),
  'every copy stands in front of all rules': (steps) =>
    withChanges(steps, 'accept', (changes) =>
      changes.map((change, at) =>
        change.kind === 'accept-by-copy'
          ? { ...change, copy: { ...change.copy, priority: 0.001 * (changes.length - at) } }
          : change,
      ),
    ),
};

/** The worlds in which a wrong order shows are rare for some: from this seed on, each shows within 200. */
const KILLING_SEED = 4;

test.each(Object.entries(MUTANTS))('a wrong order is found out: %s', (_, mutate) => {
  const killed = fc.check(
    fc.property(guideWorlds, fc.boolean(), (sim, rotate) => {
      const { guide } = guideOf(sim, rotate);
      if (guide.kind !== 'order') return true;
      const steps = mutate(guide.steps);
      return steps === guide.steps || faultsOf(sim, { steps }).length === 0;
    }),
    { numRuns: 2000, endOnFailure: true, seed: KILLING_SEED },
  );
  expect(killed.failed).toBe(true);
});

test('the simulator tries rules by their numbers, the default last', () => {
  const rules = [
    { arn: 'd', priority: 'default', conditions: [], target: 'c' },
    { arn: 'b', priority: '20', conditions: [], target: 'b' },
    {
      arn: 'a',
      priority: '3',
      conditions: [{ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x-origin-verify', Values: [OLD] } }],
      target: 'a',
    },
  ] as const;
  expect([targetOf(rules, '/', OLD), targetOf(rules, '/', OTHER), targetOf(rules.slice(0, 1), '/', null)]).toEqual([
    'a',
    'b',
    'c',
  ]);
});
