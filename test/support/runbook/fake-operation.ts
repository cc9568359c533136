import type { QuotaName } from '../../../core/planning.js';
import type { Counting, ListBook } from './fake-network.js';
import type { FakeState } from './fake-state.js';

/** What an operation of the fake sees besides its parameters. */
export interface Setting {
  readonly book: ListBook;
  readonly counting: Counting;
  readonly quotas: Readonly<Record<QuotaName, number>>;
  readonly vpcs: readonly string[];
  /** In a default VPC, revoking a rule by properties that no rule has is no error. */
  readonly defaultVpcs: readonly string[];
  readonly accountId: string;
  /** ISO 8601. */
  readonly now: string;
  /** An id that nothing had before: `sgr-`, `sg-`. */
  readonly newId: (prefix: string) => string;
}

export interface Outcome {
  readonly state: FakeState;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** One API operation; raises `AwsError`, and then nothing has changed. */
export type Operation = (state: FakeState, params: Readonly<Record<string, unknown>>, setting: Setting) => Outcome;
