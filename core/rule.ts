import type { Step } from './judgement.js';
import type { ParamSet, ParamValues } from './params.js';
import type { Verdict } from './verdict.js';

/** How bad a finding is, worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a rule says of one of its reasons. */
export interface ReasonMeta {
  readonly means: string;
  readonly severity: Severity;
}

/** The collections of requirements that rules refer to, with the version that was read. */
export type Framework =
  'NIST SP 800-53 r5' | 'PCI DSS v4.0.1' | 'CIS AWS Foundations Benchmark v5.0.0' | 'HIPAA Security Rule' | 'SOC 2';

/** A requirement for a part of which a rule's verdict is evidence. */
export interface Requirement {
  readonly framework: Framework;
  /** As the framework numbers it: `SC-7(5)`, `1.3.1`. */
  readonly id: string;
  /** In the framework's own words. */
  readonly title: string;
  /** Which part of it the rule speaks to, in one line. */
  readonly why: string;
}

/** What is said about a rule: the pack, the pages and the command line are rendered from it. */
export interface RuleMeta<Reason extends string = string> {
  /** Kebab-case; also the name of its folder, its page and its test. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** As AWS Config spells it. */
  readonly resourceType: string;
  /** That of its worst reason. */
  readonly severity: Severity;
  /** What a compliant verdict means, in words. */
  readonly pass: string;
  /** Every reason a finding can have, most severe first. */
  readonly reasons: Readonly<Record<Reason, ReasonMeta>>;
  /** Only what truly relates; Security Hub shows at most 32. */
  readonly requirements: readonly Requirement[];
  /** A page that says how to put a finding right, for people who have nothing but the finding. */
  readonly guide: string;
}

/** One reason a resource is non-compliant. */
export interface Finding<Reason extends string = string> {
  readonly reason: Reason;
}

/** The severity of the worst finding, or `null` where there is none. */
export function worstSeverity(findings: readonly Finding[], { reasons }: Pick<RuleMeta, 'reasons'>): Severity | null {
  const present = new Set(findings.map(({ reason }) => reasons[reason]?.severity));
  return SEVERITIES.find((severity) => present.has(severity)) ?? null;
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
