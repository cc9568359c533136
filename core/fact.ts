/** Why a value could not be read. */
export type GapCause =
  'not-seen' | 'incomplete' | 'access-denied' | 'not-recorded' | 'unresolved' | 'lookup-failed' | 'stale';

/** The reason a value is unknown. A gap never stands for an empty list. */
export interface Gap {
  /** What is missing, in AWS's words: `distributions`, `prefixList pl-0abc`. */
  readonly fact: string;
  readonly cause: GapCause;
  /** A sentence for people: what is missing, and what would supply it. */
  readonly detail: string;
}

/** A value read from AWS, or the reason it could not be read. */
export type Fact<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly gap: Gap };

export const known = <T>(value: T): Fact<T> => ({ known: true, value });

export const missing = (gap: Gap): { readonly known: false; readonly gap: Gap } => ({ known: false, gap });

/** A total, stable order of gaps, so that a verdict does not depend on the order of reading. */
export const byGap = (a: Gap, b: Gap): number => compareText(gapKey(a), gapKey(b));

/** The gaps without repetition, in a stable order. */
export function uniqueGaps(gaps: Iterable<Gap>): readonly Gap[] {
  return [...new Map([...gaps].map((gap) => [gapKey(gap), gap])).values()].sort(byGap);
}

const gapKey = ({ fact, cause, detail }: Gap): string => `${fact}\u0000${cause}\u0000${detail}`;

/** Orders text by code unit, the same on every machine and locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
