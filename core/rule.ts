import type { Step } from './judgement.js';
import type { ParamSet, ParamValues } from './params.js';
import type { Verdict } from './verdict.js';

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** What is said about a rule: the pack, the pages and the command line are rendered from it. */
export interface RuleMeta<Reason extends string = string> {
  /** Kebab-case; also the name of its folder, its page and its test. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** As AWS Config spells it. */
  readonly resourceType: string;
  readonly severity: Severity;
  /** What a compliant verdict means, in words. */
  readonly pass: string;
  /** Every reason a finding can have, most severe first, with what it means. */
  readonly reasons: Readonly<Record<Reason, string>>;
}

/** One reason a resource is non-compliant. */
export interface Finding<Reason extends string = string> {
  readonly reason: Reason;
}

/** A rule: metadata, parameters, and one pure predicate from facts to a verdict. */
export interface Rule<Facts, Set extends ParamSet, F extends Finding> {
  readonly meta: RuleMeta<F['reason']>;
  readonly params: Set;
  /** Pure, synchronous and deterministic. */
  readonly decide: (facts: Facts, params: ParamValues<Set>) => Verdict<F>;
  /** A finding in words, short enough for an AWS Config annotation. */
  readonly describe: (finding: F) => string;
  /** What would make a non-compliant resource compliant, a line each; empty where nothing is to do. */
  readonly advise: (facts: Facts, params: ParamValues<Set>) => readonly string[];
  /** Why `decide` says what it says, step by step. */
  readonly explain: (facts: Facts, params: ParamValues<Set>) => readonly Step[];
}

/**
 * Checks the parts of a rule against each other and returns it unchanged.
 *
 * @example
 * ```ts
 * export const albSgCloudfrontOnly = defineRule<AlbSgFacts, SourceFinding>()({ meta, params, decide, describe, advise, explain });
 * ```
 */
export const defineRule =
  <Facts, F extends Finding>() =>
  <const Set extends ParamSet>(rule: Rule<Facts, Set, F>): Rule<Facts, Set, F> =>
    rule;
