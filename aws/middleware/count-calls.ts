import type { Pluggable } from '@aws-sdk/types';

/** How many calls were made, by operation; a retry of a call is an attempt, not a call. */
export class CallCounter {
  readonly #calls = new Map<string, number>();
  #attempts = 0;

  call(operation: string): void {
    this.#calls.set(operation, (this.#calls.get(operation) ?? 0) + 1);
  }

  attempt(): void {
    this.#attempts += 1;
  }

  /** Starts again from nothing. */
  reset(): void {
    this.#calls.clear();
    this.#attempts = 0;
  }

  get total(): number {
    return [...this.#calls.values()].reduce((sum, count) => sum + count, 0);
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** Operation to number of calls, by name. */
  get byOperation(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#calls].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** Counts each call once, above the retries, and each attempt below them. */
export const countCalls = (counter: CallCounter): Pluggable<object, object> => ({
  applyToStack: (stack) => {
    stack.add(
      (next, context) => (args) => {
        counter.call(context.commandName?.replace(/Command$/, '') ?? 'unknown');
        return next(args);
      },
      { step: 'initialize', name: 'originGuardCountCalls', override: true },
    );
    stack.add(
      (next) => (args) => {
        counter.attempt();
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'originGuardCountAttempts', override: true },
    );
  },
});
