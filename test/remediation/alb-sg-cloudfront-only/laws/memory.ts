import type { Payload } from '../../../support/runbook/doors.js';
import type { FakeAws } from '../../../support/runbook/fake-aws.js';
import type { FakeState } from '../../../support/runbook/fake-state.js';
import type { Answered, Planner } from './stage.js';
import type { LawWorld } from './world.js';

/** An answer of a planner, and how it came about. */
export interface Remembered extends Pick<Answered, 'request' | 'result'> {
  /** How long it waited, in milliseconds, time after time. */
  readonly waits: readonly number[];
}

/**
 * What a planner answered in one world, by question, moment and state: most plays of a world share most of their steps,
 * and a planner is a function of what it reads. Not while a write is hidden: then no read is like the one before.
 */
export class Memory {
  readonly #answers = new Map<string, Remembered>();
  readonly #numbers = new WeakMap<object, number>();
  readonly #texts = new Map<string, number>();

  /** The memory of a planner in a world; it goes when the world does. */
  static of(planner: Planner, { state }: LawWorld): Memory {
    const worlds = MEMORIES.get(planner) ?? new WeakMap<FakeState, Memory>();
    const memory = worlds.get(state) ?? new Memory();
    worlds.set(state, memory);
    MEMORIES.set(planner, worlds);
    return memory;
  }

  /** What is remembered of a question that is asked now, or else what `live` makes of it. */
  async answer(fake: FakeAws, payload: Payload, live: () => Promise<Remembered>): Promise<Remembered> {
    const key = `${String(fake.now())} ${JSON.stringify(payload)} ${this.#keyOf(fake.state())}`;
    const remembered = this.#answers.get(key);
    if (remembered !== undefined) {
      for (const wait of remembered.waits) fake.elapse(wait / 1000);
      return remembered;
    }
    const answered = await live();
    this.#answers.set(key, answered);
    return answered;
  }

  #keyOf({ groups, loadBalancers, interfaces, parameters }: FakeState): string {
    return [groups, loadBalancers, interfaces, parameters]
      .map((parts: readonly object[]) => parts.map((part) => this.#numberOf(part)).join(','))
      .join(';');
  }

  /** The same for what reads the same: a write makes only what it changes anew. */
  #numberOf(part: object): number {
    const known = this.#numbers.get(part);
    if (known !== undefined) return known;
    const text = JSON.stringify(part, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    const number = this.#texts.get(text) ?? this.#texts.size;
    this.#texts.set(text, number);
    this.#numbers.set(part, number);
    return number;
  }
}

const MEMORIES = new WeakMap<Planner, WeakMap<FakeState, Memory>>();
