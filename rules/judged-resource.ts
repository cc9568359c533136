import { reasonLines } from '../core/annotation.js';
import type { Scope } from '../core/ids.js';
import type { Judgement, Step } from '../core/judgement.js';
import type { ParamSet, ParamValues } from '../core/params.js';
import type { Path } from '../core/path.js';
import type { Finding, Rule } from '../core/rule.js';
import { settle, type OnMissingEvidence, type Verdict } from '../core/verdict.js';

/** What a judgement is about. */
export interface Subject {
  readonly resourceId: string;
  readonly name: string | null;
  readonly scope: Scope;
  readonly paths: readonly Path[];
  /** Whether it was seen that nothing uses the resource. */
  readonly isIdle: boolean;
}

/**
 * A resource with its verdict; the words are made when somebody asks for them.
 *
 * @remarks A class, because an organization has hundreds of thousands of these and closures would be most of them.
 */
export class JudgedResource<Facts, Set extends ParamSet, F extends Finding> implements Judgement<F> {
  readonly verdict: Verdict<F>;

  constructor(
    private readonly rule: Rule<Facts, Set, F>,
    private readonly facts: Facts,
    private readonly params: ParamValues<Set>,
    private readonly subject: Subject,
    onMissingEvidence: OnMissingEvidence,
  ) {
    this.verdict = settle(rule.decide(facts, params), onMissingEvidence);
  }

  get ruleId(): string {
    return this.rule.meta.id;
  }

  get resourceType(): string {
    return this.rule.meta.resourceType;
  }

  get resourceId(): string {
    return this.subject.resourceId;
  }

  get name(): string | null {
    return this.subject.name;
  }

  get scope(): Scope {
    return this.subject.scope;
  }

  get paths(): readonly Path[] {
    return this.subject.paths;
  }

  get isIdle(): boolean {
    return this.subject.isIdle;
  }

  get reasons(): readonly string[] {
    return reasonLines(this.verdict, this.rule.describe, this.rule.meta.pass);
  }

  advise(): readonly string[] {
    return this.rule.advise(this.facts, this.params);
  }

  explain(): readonly Step[] {
    return this.rule.explain(this.facts, this.params);
  }
}
