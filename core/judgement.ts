import { compareText } from './fact.js';
import type { Scope } from './ids.js';
import type { Path } from './path.js';
import type { Finding } from './rule.js';
import type { Verdict } from './verdict.js';

/** One step of the way to a verdict, in words. */
export interface Step {
  readonly outcome: 'info' | 'allowed' | 'refused' | 'unknown';
  readonly text: string;
}

/** One resource, judged by one rule. */
export interface Judgement<F extends Finding = Finding> {
  readonly ruleId: string;
  readonly resourceType: string;
  readonly resourceId: string;
  /** The name people gave the resource. */
  readonly name: string | null;
  readonly scope: Scope;
  readonly verdict: Verdict<F>;
  /** Why, a line for each finding and gap. */
  readonly reasons: readonly string[];
  readonly paths: readonly Path[];
  /** True when it was seen that nothing uses the resource. @default false */
  readonly isIdle?: boolean;
  /** What would make it compliant, a line each. */
  advise(): readonly string[];
  /** Why this verdict, step by step. */
  explain(): readonly Step[];
}

/** The stable order of results: account, Region, rule, resource. What has no account comes last. */
export function byPlace(a: Judgement, b: Judgement): number {
  return (
    compareText(a.scope.accountId ?? '~', b.scope.accountId ?? '~') ||
    compareText(a.scope.region ?? '~', b.scope.region ?? '~') ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.resourceId, b.resourceId)
  );
}
