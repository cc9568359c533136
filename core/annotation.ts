import type { Verdict } from './verdict.js';

/** AWS Config accepts annotations of 1 to 256 characters. Source: API reference of PutEvaluations. */
export const ANNOTATION_LIMIT = 256;

/** The reasons for a verdict as one annotation, the same wherever it is shown; at least one reason is not empty. */
export const annotationOf = (reasons: readonly string[]): string => joinWithin(ANNOTATION_LIMIT, reasons);

/** Joins parts with semicolons and says how many did not fit; a part is shown whole or cut between words. */
export function joinWithin(limit: number, parts: readonly string[]): string {
  const whole = parts.join('; ');
  if (whole.length <= limit) return whole;
  // The search begins with what fits at all: a group may have a thousand sources.
  for (let shown = fitting(limit, parts); shown > 0; shown -= 1) {
    const text = `${parts.slice(0, shown).join('; ')}; and ${String(parts.length - shown)} more`;
    if (text.length <= limit) return text;
  }
  const rest = parts.length > 1 ? `; and ${String(parts.length - 1)} more` : '';
  return `${clip(limit - rest.length, parts[0] ?? '')}${rest}`;
}

/** How many parts fit beside each other, where they do not all fit. */
function fitting(limit: number, parts: readonly string[]): number {
  let length = -'; '.length;
  return parts.findIndex((part) => {
    length += '; '.length + part.length;
    return length > limit;
  });
}

/** The longest run of whole words that fits, with an ellipsis where something was left out: an id is never cut. */
export function clip(limit: number, text: string): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1).lastIndexOf(' ');
  return cut <= 0 ? '…' : `${text.slice(0, cut)} …`;
}

/** Why a verdict is what it is, a line for each finding and gap. */
export function reasonLines<Finding>(
  verdict: Verdict<Finding>,
  describe: (finding: Finding) => string,
  pass: string,
): readonly string[] {
  switch (verdict.kind) {
    case 'compliant':
      return [pass];
    case 'non-compliant':
      return [...verdict.findings.map(describe), ...verdict.gaps.map(({ detail }) => detail)];
    case 'not-applicable':
      return [verdict.because];
    case 'indeterminate':
      return verdict.gaps.map(({ detail }) => detail);
  }
}
