import type { Gap } from '../../core/fact.js';
import { compareValues, type Comparison, type HeaderValue } from '../../core/model/header-value.js';
import type { AcceptedValue, RuleCondition } from '../../core/model/listener.js';
import type { Way } from './facts.js';
import type { AlbOriginParams } from './params.js';

export type HeaderCondition = Extract<RuleCondition, { readonly kind: 'http-header' }>;
type Literal = Extract<AcceptedValue, { readonly kind: 'literal' }>;

/** What a condition on a header does to a request that does not come from the distribution. */
export type Check =
  /** It keeps it out: every value that it accepts must be known. `unsent` are those that no distribution sends. */
  | {
      readonly kind: 'closed';
      readonly name: string;
      readonly sent: readonly HeaderValue[];
      readonly unsent: readonly HeaderValue[];
    }
  /** It looks at the header, and lets in who does not know it. */
  | { readonly kind: 'open'; readonly name: string; readonly reason: 'wildcard-header-value' | 'weak-header-value' }
  | { readonly kind: 'unknown'; readonly gap: Gap }
  /** It looks at something else. */
  | { readonly kind: 'none' };

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Whether a condition is on a header that may tell the distribution. */
export const isOnHeader = ({ name }: HeaderCondition, { headerName }: Pick<AlbOriginParams, 'headerName'>): boolean =>
  headerName === null || sameName(name, headerName);

/** The values that one way sends under a name. */
export const sentBy = ({ headers }: Way, name: string): readonly HeaderValue[] =>
  headers.known ? headers.value.filter((each) => sameName(each.name, name)).map(({ value }) => value) : [];

/** Judges one condition against everything that CloudFront sends. */
export function judgeCondition(
  condition: HeaderCondition,
  ways: readonly Way[],
  params: Pick<AlbOriginParams, 'headerName' | 'minSecretLength'>,
): Check {
  if (!isOnHeader(condition, params)) return { kind: 'none' };
  const { name, accepted } = condition;
  const sentValues = ways.flatMap((way) => sentBy(way, name));
  const isTheHeader = params.headerName !== null || sentValues.length > 0;
  const isAsked = isTheHeader || ways.some(({ headers }) => !headers.known);

  const literals = accepted.filter((each): each is Literal => each.kind === 'literal');
  if (accepted.some(({ kind }) => kind === 'wildcard'))
    return isTheHeader ? { kind: 'open', name, reason: 'wildcard-header-value' } : { kind: 'none' };
  if (literals.some(({ value }) => value.length < params.minSecretLength))
    return isTheHeader ? { kind: 'open', name, reason: 'weak-header-value' } : { kind: 'none' };
  if (literals.length < accepted.length) return isAsked ? { kind: 'unknown', gap: regexGap(name) } : { kind: 'none' };

  const compared = literals.map((each) => [each.value, isSent(each, sentValues)] as const);
  if (compared.some(([, comparison]) => comparison === 'unknown')) return { kind: 'unknown', gap: twoRuns(name) };
  const valuesBy = (wanted: Comparison): readonly HeaderValue[] =>
    compared.filter(([, comparison]) => comparison === wanted).map(([value]) => value);
  return { kind: 'closed', name, sent: valuesBy('same'), unsent: valuesBy('other') };
}

/** Whether an accepted value is one of those that are sent. */
function isSent(accepted: Literal, sent: readonly HeaderValue[]): Comparison {
  const found = sent.map((value) => compareAccepted(accepted, value));
  return found.includes('same') ? 'same' : found.includes('unknown') ? 'unknown' : 'other';
}

/** Nobody says whether regular expressions are compared with regard to case, so there the letters must be the same. */
const compareAccepted = ({ value, from }: Literal, sent: HeaderValue): Comparison =>
  compareValues(value, sent, from === 'regex' ? 'exact' : 'any-case');

/**
 * Whether a request of CloudFront's by one way can satisfy a condition. What CloudFront does not add may come from a
 * viewer, unless it is a value that viewers do not know.
 */
export function canSatisfy(
  condition: HeaderCondition,
  way: Way,
  params: Pick<AlbOriginParams, 'headerName' | 'minSecretLength'>,
): 'yes' | 'no' | 'unknown' {
  if (!isOnHeader(condition, params)) return 'yes';
  if (!way.headers.known) return 'unknown';
  const sent = sentBy(way, condition.name);
  const literals = condition.accepted.filter((each): each is Literal => each.kind === 'literal');
  const isOpen = literals.length < condition.accepted.length;
  if (sent.length === 0)
    return isOpen || literals.some(({ value }) => value.length < params.minSecretLength) ? 'yes' : 'no';
  const found = literals.map((each) => isSent(each, sent));
  if (found.includes('same')) return 'yes';
  // Whether a pattern takes what is sent cannot be told once values are sealed.
  return isOpen || found.includes('unknown') ? 'unknown' : 'no';
}

const regexGap = (name: string): Gap => ({
  fact: `values of header ${name}`,
  cause: 'unresolved',
  detail: `a rule compares header ${name} with a regular expression of which nobody can tell what it accepts; compare with the value itself`,
});

const twoRuns = (name: string): Gap => ({
  fact: `values of header ${name}`,
  cause: 'unresolved',
  detail: `the values of header ${name} on both sides were hidden in different runs, or compare only by case, so nobody can tell whether they are the same; save both in one run of collect`,
});
