import { uniqueGaps, type Gap } from './fact.js';

export type NonEmpty<T> = readonly [T, ...T[]];

/**
 * The four things an honest rule can say about one resource.
 *
 * `indeterminate` exists because AWS Config has no word for it: a rule that could not see the evidence
 * must not answer `compliant`. What was proven stands beside what was not: `non-compliant` may carry gaps.
 */
export type Verdict<Finding> =
  | { readonly kind: 'compliant' }
  | { readonly kind: 'non-compliant'; readonly findings: readonly Finding[]; readonly gaps: readonly Gap[] }
  | { readonly kind: 'not-applicable'; readonly because: string }
  | { readonly kind: 'indeterminate'; readonly gaps: NonEmpty<Gap> };

/** AWS Config's words for a verdict, and the one it does not have. */
export const VERDICT_WORDS = {
  compliant: 'COMPLIANT',
  'non-compliant': 'NON_COMPLIANT',
  'not-applicable': 'NOT_APPLICABLE',
  indeterminate: 'INDETERMINATE',
} as const satisfies Readonly<Record<Verdict<unknown>['kind'], string>>;

export const compliant = { kind: 'compliant' } as const;

export const notApplicable = (because: string) => ({ kind: 'not-applicable', because }) as const;

/** The verdict that findings and gaps amount to: one finding is enough, and one gap forbids a pass. */
export function verdictFrom<Finding>(findings: readonly Finding[], gaps: readonly Gap[]): Verdict<Finding> {
  const [first, ...rest] = gaps.length === 0 ? gaps : uniqueGaps(gaps);
  if (findings.length > 0)
    return { kind: 'non-compliant', findings, gaps: first === undefined ? [] : [first, ...rest] };
  return first === undefined ? compliant : { kind: 'indeterminate', gaps: [first, ...rest] };
}

export type OnMissingEvidence = 'fail' | 'non-compliant';

/**
 * Applies the operator's choice for what could not be judged; every other verdict stays as it is.
 *
 * A lookup that failed is no missing evidence in this sense: it passes, and one dead name must not turn every group that
 * hangs on it.
 */
export function settle<Finding>(verdict: Verdict<Finding>, onMissingEvidence: OnMissingEvidence): Verdict<Finding> {
  if (verdict.kind !== 'indeterminate' || onMissingEvidence === 'fail') return verdict;
  if (verdict.gaps.every(({ cause }) => cause === 'lookup-failed')) return verdict;
  return { kind: 'non-compliant', findings: [], gaps: verdict.gaps };
}
