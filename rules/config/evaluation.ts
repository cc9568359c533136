import { annotationOf } from '../../core/annotation.js';
import type { Judgement } from '../../core/judgement.js';
import type { Evaluation, Reported } from '../../core/reporting.js';
import { VERDICT_WORDS } from '../../core/verdict.js';

/** A judgement for whose verdict AWS Config has a word. */
export type Definite = Judgement & {
  readonly verdict: Exclude<Judgement['verdict'], { readonly kind: 'indeterminate' }>;
};

const isDefinite = (judgement: Judgement): judgement is Definite => judgement.verdict.kind !== 'indeterminate';

/** Judgements by what may be said of them. */
export interface Sorted {
  /** The verdict is known. */
  readonly definite: readonly Definite[];
  /** Evidence is missing, so nothing is said and the invocation fails. */
  readonly withheld: readonly Judgement[];
  /** Only a name could not be looked up, so the last result stays and the invocation does not fail for it. */
  readonly kept: readonly Judgement[];
}

/** Sorts judgements by what may be said of them; each is in one list, and an indeterminate one is never definite. */
export function sortOut(judgements: readonly Judgement[]): Sorted {
  const definite: Definite[] = [];
  const withheld: Judgement[] = [];
  const kept: Judgement[] = [];
  for (const judgement of judgements) {
    if (isDefinite(judgement)) definite.push(judgement);
    else (isLookupOnly(judgement) ? kept : withheld).push(judgement);
  }
  return { definite, withheld, kept };
}

const isLookupOnly = ({ verdict }: Judgement): boolean =>
  verdict.kind === 'indeterminate' && verdict.gaps.every(({ cause }) => cause === 'lookup-failed');

/** A judgement as AWS Config takes it. */
export const toEvaluation = (
  { resourceType, resourceId, verdict, reasons }: Definite,
  orderingTimestamp: string,
): Evaluation => ({
  resourceType,
  resourceId,
  compliance: VERDICT_WORDS[verdict.kind],
  annotation: annotationOf(reasons),
  orderingTimestamp,
});

/** What tells a resource from every other of its account and Region; an id alone does not. */
export const resourceKey = ({ resourceType, resourceId }: Reported): string => `${resourceType}|${resourceId}`;
