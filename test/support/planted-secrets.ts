/** Values that stand for secrets in every input channel; no output, log, error or saved file may hold a part of one. */
export const PLANTED = {
  sent: 'planted-by-cloudfront-4711',
  accepted: 'planted-in-a-rule-0815',
  wildcard: 'planted-with-a-star-*',
  regex: '^planted-regex-(a|b)$',
  recorded: 'planted-by-aws-config-1234',
  misplaced: 'planted-in-a-wrong-place',
} as const;

/** Every value in the tests and the examples that stands for a secret begins so. */
const MARKS = /(?:planted|made-up|not-a-real-secret)-[\w*()|-]*/gi;

/** Whatever of a planted value a text shows. */
export const leaksIn = (text: string): readonly string[] => text.match(MARKS) ?? [];

/**
 * The text that somebody sees, unless it shows a planted value: then the test fails on the spot.
 *
 * Every output of the command line, every line, answer and error of a function, every report to AWS and everything that a
 * test itself prints passes through here, so the whole suite is searched.
 */
export function seen(text: string, by: string): string {
  const leaks = leaksIn(text);
  if (leaks.length > 0) throw new Error(`${by} shows what stands for a secret: ${leaks.join(', ')}`);
  return text;
}
