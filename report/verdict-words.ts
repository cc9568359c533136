import type { Judgement } from '../core/judgement.js';

/** AWS Config's words for a verdict, and the one it does not have. */
export type VerdictWord = 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE' | 'INDETERMINATE';

const WORDS: Readonly<Record<Judgement['verdict']['kind'], VerdictWord>> = {
  compliant: 'COMPLIANT',
  'non-compliant': 'NON_COMPLIANT',
  'not-applicable': 'NOT_APPLICABLE',
  indeterminate: 'INDETERMINATE',
};

export const verdictWord = ({ verdict }: Pick<Judgement, 'verdict'>): VerdictWord => WORDS[verdict.kind];

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
