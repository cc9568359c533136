import type { Fact } from './fact.js';
import type { Judgement } from './judgement.js';

/** One result as AWS Config takes it. Source: API reference of PutEvaluations. */
export interface Evaluation {
  readonly resourceType: string;
  readonly resourceId: string;
  /** AWS Config has no word for a verdict that could not be reached: it is not sent. */
  readonly compliance: 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';
  /** 1 to 256 characters. */
  readonly annotation: string;
  /** ISO 8601: when AWS Config recorded what triggered the evaluation. */
  readonly orderingTimestamp: string;
}

/** A resource on which a rule has a result, or a finding. */
export interface Reported {
  readonly resourceType: string;
  readonly resourceId: string;
}

export interface EvaluationReporter {
  /**
   * Sends every evaluation, 100 a call; the token `TESTMODE` makes it a test run.
   *
   * Raises `E2002` once all were sent when AWS Config refused some, `E2001` when a call failed.
   */
  readonly reportEvaluations: (evaluations: readonly Evaluation[], resultToken: string) => Promise<void>;
}

export interface ResultReader {
  /** The resources that a rule calls compliant or non-compliant now. */
  readonly resultsOf: (configRuleName: string) => Promise<Fact<readonly Reported[]>>;
}

export interface ItemReader {
  /**
   * The configuration item that AWS Config found too large for an event, in the form in which events carry items.
   * A read that was denied is a gap.
   */
  readonly configurationItem: (summary: {
    readonly resourceType: string;
    readonly resourceId: string;
    /** ISO 8601. */
    readonly capturedAt: string;
  }) => Promise<Fact<unknown>>;
}

/** Where verdicts go beside AWS Config. */
export interface FindingPublisher {
  /** The resources on which the rule has an active finding; empty while findings are off. */
  readonly activeOn: (ruleId: string) => Promise<readonly Reported[]>;
  /**
   * Creates, passes or archives the finding of each verdict; one that is out of scope and never had a finding gets none.
   *
   * Raises `E2004` when Security Hub refused some. Security Hub being off is noted, and no error.
   */
  readonly publish: (judgements: readonly Judgement[]) => Promise<void>;
}

type Field = string | number | boolean | null;

/** Structured log lines. No header value, credential or whole event may be a field. */
export interface Log {
  readonly info: (message: string, fields?: Readonly<Record<string, Field>>) => void;
  readonly warn: (message: string, fields?: Readonly<Record<string, Field>>) => void;
  readonly error: (message: string, fields?: Readonly<Record<string, Field>>) => void;
}

/** What one invocation did, for metrics. */
export interface Tally {
  readonly judged: number;
  readonly nonCompliant: number;
  /** Not told for want of evidence; the invocation fails for these. */
  readonly indeterminate: number;
  /** Left as they were because a name could not be looked up. */
  readonly kept: number;
  /** 1 when the invocation failed. */
  readonly failed: number;
  readonly apiCalls: number;
  readonly durationMs: number;
}
