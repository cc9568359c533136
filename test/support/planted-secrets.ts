/** Values that stand for secrets in every input channel; no output, log, error or saved file may hold a part of one. */
export const PLANTED = {
  sent: 'planted-by-cloudfront-4711',
  accepted: 'planted-in-a-rule-0815',
  wildcard: 'planted-with-a-star-*',
  regex: '^planted-regex-(a|b)$',
  recorded: 'planted-by-aws-config-1234',
  misplaced: 'planted-in-a-wrong-place',
} as const;

/** Whatever of a planted value a text shows. */
export const leaksIn = (text: string): readonly string[] => text.match(/planted-[\w*()|-]*/gi) ?? [];
