import type { Gap } from '../core/fact.js';
import type { Judgement } from '../core/judgement.js';

/** What a pipeline may rely on. */
export const EXIT = {
  clean: 0,
  nonCompliant: 1,
  usage: 2,
  indeterminate: 3,
  internal: 4,
} as const;

/**
 * The exit code of a set of judgements: what is open comes before what is not known.
 * Nothing to judge counts as not known, because it is no pass.
 */
export function exitCodeOf(judgements: readonly Pick<Judgement, 'verdict'>[], blindSpots: readonly Gap[] = []): number {
  if (judgements.some(({ verdict }) => verdict.kind === 'non-compliant')) return EXIT.nonCompliant;
  const unknown =
    judgements.length === 0 ||
    blindSpots.length > 0 ||
    judgements.some(({ verdict }) => verdict.kind === 'indeterminate');
  return unknown ? EXIT.indeterminate : EXIT.clean;
}
