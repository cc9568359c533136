import type { Fact, Gap } from '../../core/fact.js';
import { REFUSALS, type Owner, type Plan, type RefusalCode, type Snippet } from '../../core/plan.js';
import type { AskedFacts, Question } from './facts.js';

/** A plan depends on something that was not read yet. */
export interface Ask {
  readonly kind: 'ask';
  readonly what: readonly Question[];
  /** The names of the groups to look for, for `namesakes`. */
  readonly names: readonly string[];
}

/** Asks for those of the facts that are not there yet, or `null` when all are. */
export function askFor(asked: AskedFacts, what: readonly Question[], names: readonly string[] = []): Ask | null {
  const open = what.filter((question) => asked[question] === undefined);
  return open.length === 0 ? null : { kind: 'ask', what: open, names };
}

/** The refusal of this code: what was found, in words, and what to do next. */
export function refuse(
  code: RefusalCode,
  because: string,
  source: { readonly owner: Owner | null; readonly snippets: readonly Snippet[] } = { owner: null, snippets: [] },
): Extract<Plan, { readonly kind: 'refuse' }> {
  return { kind: 'refuse', code, because, nextStep: REFUSALS[code].nextStep, ...source };
}

/** The refusal for want of evidence. */
export const blind = (gaps: readonly Gap[]): Plan =>
  refuse('LOOKUP_FAILED', [...new Set(gaps.map(({ detail }) => detail))].join('; '));

/** The gap of a fact that must be known, or nothing. */
export const gapsOf = (facts: readonly (Fact<unknown> | undefined)[]): readonly Gap[] =>
  facts.flatMap((fact) => (fact === undefined || fact.known ? [] : [fact.gap]));

/** The value of a fact that was asked for; what AWS gives everybody where saved data holds nothing of the kind. */
export const valueOr = <T>(fact: Fact<T> | undefined, fallback: T): T => (fact?.known === true ? fact.value : fallback);

/** The gap of a fact without which one may go on when saved data holds nothing of the kind, but not when AWS refused. */
export const withheld = (facts: readonly (Fact<unknown> | undefined)[]): readonly Gap[] =>
  gapsOf(facts).filter(({ cause }) => cause !== 'not-seen');
