import { dollarsOf, inDollars, totalDollars } from './estimate.js';
import type { Need, Question } from './question.js';

const NEEDS: Readonly<Record<Need, string>> = {
  organization: 'an organization, so it is not asked here',
  recorder: 'a recorder of AWS Config that is on',
  'security-hub': 'Security Hub, on',
  'ipv4-list': "CloudFront's prefix list in the Region",
};

/** What a run would do, for people. */
export function renderPlan(questions: readonly Question[]): string {
  const each = questions.flatMap(({ id, asks, needs, steps, estimate }) => [
    `${id}: ${asks}`,
    ...(needs.length === 0 ? [] : [`    needs ${needs.map((need) => NEEDS[need]).join('; ')}`]),
    ...steps.map(({ kind, says }) => `    - ${kind === 'stack' ? `makes a stack: ${says}` : says}`),
    ...(steps.length === 0 ? [] : ['    - removes what it made', `    at most ${inDollars(dollarsOf(estimate))}`]),
  ]);
  return [...each, `Together at most ${inDollars(totalDollars(questions.map(({ estimate }) => estimate)))}.`, ''].join(
    '\n',
  );
}
