import type { Fact } from './fact.js';
import type { Judgement } from './judgement.js';
import type { HeldFinding, SecurityFinding } from './security-finding.js';

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
   * Sends 1 to 100 evaluations in one call, and answers with the resources whose result AWS Config refused; the token
   * `TESTMODE` makes it a test run.
   *
   * Raises `E2002` when AWS Config refused the call, `E2001` when it failed.
   */
  readonly reportEvaluations: (evaluations: readonly Evaluation[], resultToken: string) => Promise<readonly Reported[]>;
}

export interface ResultReader {
  /** The resources that a rule calls compliant or non-compliant now; none for a rule that does not exist. */
  readonly resultsOf: (configRuleName: string) => Promise<Fact<readonly Reported[]>>;
}

/** The parts of a configuration item that name other resources, as events carry them. */
export interface ItemParts {
  readonly configuration?: unknown;
  readonly relationships?: unknown;
}

export interface ItemReader {
  /**
   * The configuration item that AWS Config found too large for an event. A read that was denied is a gap, and so is an
   * item that AWS Config does not show (yet).
   */
  readonly configurationItem: (summary: {
    readonly resourceType: string;
    readonly resourceId: string;
    /** ISO 8601. */
    readonly capturedAt: string;
  }) => Promise<Fact<ItemParts>>;
}

/** Where verdicts go beside AWS Config. */
export interface FindingPublisher {
  /**
   * The resources on which the rule has an active finding; empty while findings are off.
   *
   * What goes wrong is raised by `publish`: it must not keep the report to AWS Config from being sent.
   */
  readonly activeOn: (ruleId: string) => Promise<readonly Reported[]>;
  /**
   * Creates, passes or archives the finding of each verdict; one that is out of scope and never had a finding gets none.
   *
   * To be called after the report to AWS Config, also with nothing to publish. Raises `E2004` once all were sent when
   * Security Hub refused some, or when it may not be asked. Security Hub being off is noted, and no error.
   */
  readonly publish: (judgements: readonly Judgement[]) => Promise<void>;
}

/** What Security Hub said, or in its own words why it takes nothing here: it is not switched on, or not for custom findings. */
export type HubAnswer<T> = { readonly isOn: true; readonly value: T } | { readonly isOn: false; readonly why: string };

/** A finding that was not taken. */
export interface RefusedFinding {
  readonly id: string;
  readonly why: string;
}

/** The findings that Security Hub holds for one account and Region. */
export interface FindingStore {
  /**
   * Those with these ids, or every one of a generator, archived ones too; nobody else's are among them.
   *
   * Raises `E2004` when that was denied, `E2001` when a call failed.
   */
  readonly findings: (which: {
    readonly productArn: string;
    readonly generatorId: string;
    readonly ids: readonly string[] | 'every';
  }) => Promise<HubAnswer<readonly HeldFinding[]>>;
  /**
   * Creates or updates at most 100 findings in one call and answers with those that were refused.
   *
   * Raises `E2004` when that was denied, `E2001` when the call failed.
   */
  readonly importFindings: (findings: readonly SecurityFinding[]) => Promise<HubAnswer<readonly RefusedFinding[]>>;
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
