import { parseParams, type ParamSet } from '../../core/params.js';
import type { Finding, Rule } from '../../core/rule.js';
import type { Verdict } from '../../core/verdict.js';

interface Case<Facts> {
  readonly name: string;
  readonly facts: Facts;
  /** As an operator writes them; the defaults where absent. */
  readonly params?: Readonly<Record<string, unknown>>;
}

interface NonCompliantCase<Facts, F extends Finding> extends Case<Facts> {
  /** The reasons of all findings, in order. */
  readonly reasons: readonly F['reason'][];
  /** The findings themselves, where the case is about them. */
  readonly findings?: readonly F[];
  /** The facts that are missing beside what was found. */
  readonly gaps?: readonly string[];
}

interface NotApplicableCase<Facts> extends Case<Facts> {
  readonly because: string;
}

interface IndeterminateCase<Facts> extends Case<Facts> {
  /** The facts that are missing, in order. */
  readonly gaps: readonly string[];
}

/** The cases of one verdict, or why there are none. */
type Bucket<C> = readonly [C, ...C[]] | { readonly waived: string };

interface Buckets<Facts, F extends Finding> {
  readonly compliant: Bucket<Case<Facts>>;
  readonly nonCompliant: Bucket<NonCompliantCase<Facts, F>>;
  readonly notApplicable: Bucket<NotApplicableCase<Facts>>;
  readonly indeterminate: Bucket<IndeterminateCase<Facts>>;
}

/**
 * Tests a rule by the four verdicts it can reach: each bucket is filled, or waived in words.
 *
 * Every case is decided twice on the same facts: a verdict is the same each time and leaves the facts alone.
 */
export function testRule<Facts, Set extends ParamSet, F extends Finding>(
  rule: Rule<Facts, Set, F>,
  buckets: Buckets<Facts, F>,
): void {
  const decide = ({ facts, params }: Case<Facts>): Verdict<F> => {
    const values = parseParams(rule.params, params ?? {});
    const before = structuredClone(facts);
    const verdict = rule.decide(facts, values);
    expect(rule.decide(facts, values)).toEqual(verdict);
    expect(facts).toEqual(before);
    return verdict;
  };
  const each = <C extends Case<Facts>>(kind: string, bucket: Bucket<C>, check: (each: C) => void): void => {
    if ('waived' in bucket) {
      it(`${kind}: waived, ${bucket.waived}`, () => expect(bucket.waived).toMatch(/\w+ \w+/));
      return;
    }
    it.each(bucket.map((one) => [one.name, one] as const))(`${kind}: %s`, (_, one) => check(one));
  };

  describe(rule.meta.id, () => {
    each('compliant', buckets.compliant, (one) => expect(decide(one)).toEqual({ kind: 'compliant' }));
    each('non-compliant', buckets.nonCompliant, (one) => {
      const verdict = decide(one);
      expect(verdict).toMatchObject({ kind: 'non-compliant' });
      if (verdict.kind !== 'non-compliant') return;
      expect(verdict.findings.map(({ reason }) => reason)).toEqual(one.reasons);
      if (one.findings !== undefined) expect(verdict.findings).toEqual(one.findings);
      expect(verdict.gaps.map(({ fact }) => fact)).toEqual(one.gaps ?? []);
    });
    each('not-applicable', buckets.notApplicable, (one) =>
      expect(decide(one)).toEqual({ kind: 'not-applicable', because: one.because }),
    );
    each('indeterminate', buckets.indeterminate, (one) => {
      const verdict = decide(one);
      expect(verdict).toMatchObject({ kind: 'indeterminate' });
      if (verdict.kind === 'indeterminate') expect(verdict.gaps.map(({ fact }) => fact)).toEqual(one.gaps);
    });
  });
}
