import type { GapCause } from '../../../core/fact.js';
import type { Judgement } from '../../../core/judgement.js';
import { compliant, notApplicable } from '../../../core/verdict.js';
import { sortOut, toEvaluation, type Definite } from '../../../rules/config/evaluation.js';
import { retire } from '../../../rules/config/retirement.js';
import { gap, HOME } from '../../support/builders.js';

const judgement = (resourceId: string, verdict: Judgement['verdict'], reasons = ['a reason']): Judgement => ({
  ...retire(
    { resourceType: 'AWS::EC2::SecurityGroup', resourceId },
    { ruleId: 'a-rule', scope: HOME, because: 'it is a test' },
  ),
  verdict,
  reasons,
});

const untold = (...causes: readonly [GapCause, ...GapCause[]]): Judgement['verdict'] => {
  const [first, ...rest] = causes.map((cause) => gap('something', cause));
  return { kind: 'indeterminate', gaps: [first ?? gap('nothing'), ...rest] };
};

const ids = (judgements: readonly Judgement[]): readonly string[] => judgements.map(({ resourceId }) => resourceId);

it('what is known is definite, a name that could not be looked up is kept, other missing evidence is withheld', () => {
  const { definite, withheld, kept } = sortOut([
    judgement('a', compliant),
    judgement('b', { kind: 'non-compliant', findings: [], gaps: [gap('something')] }),
    judgement('c', notApplicable('because')),
    judgement('d', untold('lookup-failed')),
    judgement('e', untold('lookup-failed', 'lookup-failed')),
    judgement('f', untold('lookup-failed', 'access-denied')),
    judgement('g', untold('access-denied')),
  ]);
  expect([definite, withheld, kept].map(ids)).toEqual([
    ['a', 'b', 'c'],
    ['f', 'g'],
    ['d', 'e'],
  ]);
});

it.each([
  [compliant, 'COMPLIANT'],
  [{ kind: 'non-compliant', findings: [], gaps: [] } as const, 'NON_COMPLIANT'],
  [notApplicable('because'), 'NOT_APPLICABLE'],
])('%j is %s', (verdict, compliance) => {
  expect(toEvaluation(judgement('sg-0a', verdict) as Definite, '2026-07-01T12:00:00Z')).toEqual({
    resourceType: 'AWS::EC2::SecurityGroup',
    resourceId: 'sg-0a',
    compliance,
    annotation: 'a reason',
    orderingTimestamp: '2026-07-01T12:00:00Z',
  });
});

it('an annotation that is too long says how much was left out', () => {
  const reasons = Array.from({ length: 30 }, (_, at) => `203.0.113.${String(at)}/32 on tcp 443 (public-cidr)`);
  const { annotation } = toEvaluation(judgement('sg-0a', compliant, reasons) as Definite, '2026-07-01T12:00:00Z');
  expect(annotation).toMatch(/; and 25 more$/);
  expect(annotation.length).toBeLessThanOrEqual(256);
});

it('a retired resource has its reason, and nothing to do about it', () => {
  const retired = retire(
    { resourceType: 'AWS::EC2::VPC', resourceId: 'vpc-0a1' },
    { ruleId: 'a-rule', scope: HOME, because: 'a-rule judges no such resource' },
  );
  expect(retired).toMatchObject({ ruleId: 'a-rule', scope: HOME, reasons: ['a-rule judges no such resource'] });
  expect(retired.advise()).toEqual([]);
  expect(retired.explain()).toEqual([{ outcome: 'info', text: 'a-rule judges no such resource' }]);
});
