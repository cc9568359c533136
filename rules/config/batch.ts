import { OriginGuardError } from '../../core/errors.js';
import type { Evaluation, EvaluationReporter, Reported } from '../../core/reporting.js';
import { resourceKey } from './evaluation.js';

/** The largest number of evaluations in one call. Source: API reference of PutEvaluations. */
const MOST = 100;

/**
 * The evaluations in the batches in which they are sent, in their order. Raises `E9001` for two of one resource: which
 * of them AWS Config would keep is not known.
 */
export function toBatches(evaluations: readonly Evaluation[]): readonly (readonly Evaluation[])[] {
  const seen = new Set<string>();
  const batches: Evaluation[][] = [];
  for (const evaluation of evaluations) {
    const key = resourceKey(evaluation);
    if (seen.has(key)) {
      throw new OriginGuardError('E9001', `two results for ${evaluation.resourceType} ${evaluation.resourceId}`);
    }
    seen.add(key);
    const last = batches.at(-1);
    if (last === undefined || last.length === MOST) batches.push([evaluation]);
    else last.push(evaluation);
  }
  return batches;
}

/**
 * Tells AWS Config every evaluation, one call after the other; without any, nothing is called.
 *
 * A batch that fails does not keep the others from being sent. Once all were, raises what the first failed call raised,
 * or `E2002` when AWS Config refused single evaluations.
 */
export async function reportAll(
  reporter: EvaluationReporter,
  evaluations: readonly Evaluation[],
  resultToken: string,
): Promise<void> {
  const failures: unknown[] = [];
  const refused: Reported[] = [];
  for (const batch of toBatches(evaluations)) {
    try {
      refused.push(...(await reporter.reportEvaluations(batch, resultToken)));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  const [first] = refused;
  if (first === undefined) return;
  throw new OriginGuardError(
    'E2002',
    `AWS Config refused ${refused.length} of ${evaluations.length} results, the first of ${first.resourceType} ${first.resourceId}`,
  );
}
