import type { Judgement } from '../core/judgement.js';
import { VERDICT_WORDS } from '../core/verdict.js';

export type VerdictWord = (typeof VERDICT_WORDS)[keyof typeof VERDICT_WORDS];

export const verdictWord = ({ verdict }: Pick<Judgement, 'verdict'>): VerdictWord => VERDICT_WORDS[verdict.kind];

export interface Summary {
  readonly compliant: number;
  readonly nonCompliant: number;
  readonly notApplicable: number;
  readonly indeterminate: number;
}

/** How many resources got each verdict. */
export function summarize(judgements: readonly Pick<Judgement, 'verdict'>[]): Summary {
  const count = (kind: Judgement['verdict']['kind']): number =>
    judgements.filter(({ verdict }) => verdict.kind === kind).length;
  return {
    compliant: count('compliant'),
    nonCompliant: count('non-compliant'),
    notApplicable: count('not-applicable'),
    indeterminate: count('indeterminate'),
  };
}
