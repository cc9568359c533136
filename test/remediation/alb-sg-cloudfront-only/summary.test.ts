import * as fc from 'fast-check';
import { clip, refusalText, summaryOf } from '../../../remediation/alb-sg-cloudfront-only/summary.js';
import { arnOf, fromCidr, open } from '../../support/builders.js';
import { named, openTo, planOf } from '../../support/plan-facts.js';
import { propertyRuns } from '../../support/property-runs.js';
import { fix, grant, revocable, split, swap } from '../../support/plans.js';

const RISK = 'who calls it otherwise is cut off';
const address = (at: number): string => `203.0.113.${String(at)}/32`;
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => revocable({ id: `sgr-0${String(at)}`, source: fromCidr(address(at)) }));

it('of an edit says what to mind and what stays, then what comes and what goes', () => {
  const plan = fix({ grants: [grant(443, { toPort: 444 })], risks: [RISK], kept: [open(fromCidr('10.0.0.0/8'))] });
  expect(summaryOf(plan)).toBe(
    'EDIT of group sg-0web; mind: who calls it otherwise is cut off; 1 source stays: 10.0.0.0/8 on tcp 443; add 1 rule: pl-3b927c52 on tcp 443-444; then remove 1 rule: 0.0.0.0/0 on tcp 443 (sgr-0open)',
  );
});

it('of a split and a swap says the groups, and for whom', () => {
  expect(summaryOf(split())).toContain(
    `; make 1 group for ${arnOf('web')}: origin-guard-50dc6c495c0c9188-ipv4-80-80 (admits pl-3b927c52 on tcp 80); add`,
  );
  expect(summaryOf(swap())).toContain('; take sg-0web off the load balancer');
});

it('of a group of 60 rules has every risk and all that stays, and counts what does not fit', () => {
  const kept = Array.from({ length: 20 }, (_, at) => open(fromCidr(`10.${String(at)}.0.0/16`)));
  const text = summaryOf(fix({ revoke: many(40), kept, risks: [RISK, 'sources that stay keep it open'] }));
  expect(text.length).toBeLessThanOrEqual(1_500);
  expect(text).toMatch(
    /^EDIT of group sg-0web; mind: who calls it otherwise is cut off; mind: sources that stay keep it open; 20 sources stay: 10\.0\.0\.0\/16 on tcp 443, /,
  );
  expect(text).toContain('; add 1 rule: pl-3b927c52 on tcp 443; then remove 40 rules: ');
  const [, list = '', more = ''] = /then remove 40 rules: (.*) and (\d+) more$/.exec(text) ?? [];
  const shown = list.split(', ');
  expect(shown).toEqual(shown.map((_, at) => `${address(at)} on tcp 443 (sgr-0${String(at)})`));
  expect(shown.length + Number(more)).toBe(40);
  expect(shown.length).toBeGreaterThan(5);
});

it('of 60 rules that the planner sees is as long as may be, and no longer', () => {
  const rules = Array.from({ length: 60 }, (_, at) =>
    named(String(at).padStart(17, '0'), open(fromCidr(at < 20 ? address(at) : `10.${String(at)}.0.0/16`))),
  );
  const plan = planOf(openTo(rules), { allowSplit: true });
  if (plan.kind !== 'apply') throw new Error(plan.kind);
  const text = summaryOf(plan);
  expect(text.length).toBeLessThanOrEqual(1_500);
  expect(text).toMatch(/^SPLIT of group sg-0web; mind: who calls the load balancer without CloudFront is cut off/);
  expect(text).toMatch(/; 40 sources stay: 10\.20\.0\.0\/16 on tcp 443, .* and \d+ more; make 1 group/);
  expect(text).toMatch(/; then remove 20 rules: 203\.0\.113\.0\/32 on tcp 443 \(sgr-0+\), .* and \d+ more$/);
});

it('whatever a plan holds, fits, and says how many rules go', () => {
  const plans = fc.record({
    revoked: fc.nat({ max: 60 }),
    kept: fc.nat({ max: 60 }),
    risks: fc.array(fc.lorem({ maxCount: 20 }), { maxLength: 5 }),
  });
  fc.assert(
    fc.property(plans, ({ revoked, kept, risks }) => {
      const text = summaryOf(fix({ revoke: many(revoked), kept: many(kept), risks }));
      expect(text.length).toBeLessThanOrEqual(1_500);
      for (const risk of risks) expect(text).toContain(risk);
      const words = revoked === 1 ? 'remove 1 rule' : `remove ${String(revoked)} rules`;
      expect(text.includes(words)).toBe(revoked > 0);
    }),
    { numRuns: propertyRuns() },
  );
});

describe('a text that does not fit', () => {
  it('is cut between words', () => {
    expect(clip('one two, three', 14)).toBe('one two, three');
    expect(clip('one two, three', 13)).toBe('one two ...');
    expect(clip('one two, three', 12)).toBe('one two ...');
    expect(clip('one two, three', 10)).toBe('one ...');
  });

  it('that is one word is cut in it', () => {
    expect(clip('x'.repeat(2_000))).toBe(`${'x'.repeat(1_496)} ...`);
    expect(summaryOf(fix({ risks: ['x'.repeat(2_000)] }))).toBe('EDIT of group sg-0web; mind ...');
  });

  it('leaves what to do next whole', () => {
    const text = refusalText(`it admits ${'10.0.0.0/8 on tcp 443, '.repeat(100)}`, 'allow them in allowedCidrs');
    expect(text).toMatch(/ \.\.\.; allow them in allowedCidrs$/);
    expect(text.length).toBeLessThanOrEqual(1_500);
  });
});
