import { OriginGuardError } from '../core/errors.js';
import type { RunState, SeenRule } from '../core/proving.js';

/** What a step saw. */
export type Observation =
  | { readonly kind: 'stack'; readonly outputs: Readonly<Record<string, string>> }
  | RunObservation
  | { readonly kind: 'rules'; readonly rules: readonly SeenRule[] }
  | RoomObservation
  | { readonly kind: 'evaluated'; readonly at: string | null }
  | EvaluateObservation
  | RemediationsObservation
  | { readonly kind: 'findings'; readonly titles: readonly string[] };

/** How an execution ended: it was not taken, it did not end in time, or it has a state. */
export type RunObservation = { readonly kind: 'run' } & (
  | { readonly end: 'refused'; readonly code: string; readonly message: string }
  | { readonly end: 'timed-out' }
  | { readonly end: 'ended'; readonly state: RunState }
);

/** How many rules of one family a group took before AWS refused one. */
export interface RoomObservation {
  readonly kind: 'room';
  readonly added: number;
  /** The rules of that family with a block as their source that are there afterwards. */
  readonly present: number;
  /** `limit` is the only one that says how much room there was; else the code of the refusal, or `cap`. */
  readonly stoppedBy: string;
}

export interface EvaluateObservation {
  readonly kind: 'evaluate';
  readonly refusal: { readonly code: string; readonly message: string } | null;
  /** When the function was asked before and after; both `null` for never. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface RemediationsObservation {
  readonly kind: 'remediations';
  readonly minutes: number;
  /** The states of the executions. */
  readonly runs: readonly string[];
  readonly exceptions: readonly string[];
}

/** What the steps of a question saw, by the names under which they saved it. */
export class Seen {
  readonly #all: ReadonlyMap<string, Observation>;

  constructor(all: ReadonlyMap<string, Observation>) {
    this.#all = all;
  }

  /** What a step of this kind saw; a question that asks for another one is wrong itself. */
  of<Kind extends Observation['kind']>(kind: Kind, name: string): Extract<Observation, { readonly kind: Kind }> {
    const found = this.#all.get(name);
    if (found?.kind === kind) return found as Extract<Observation, { readonly kind: Kind }>;
    throw new OriginGuardError('E9001', `no step saved ${name} as ${kind}`);
  }

  /** The value of `main.Group`: the output Group of the stack that was saved as main. */
  output(reference: string): string {
    const [stack = '', name = ''] = reference.split('.');
    const value = this.of('stack', stack).outputs[name];
    if (value !== undefined) return value;
    throw new OriginGuardError('E9001', `stack ${stack} has no output ${name}`);
  }
}
