import { setMaxListeners } from 'node:events';
import { OriginGuardError } from '../core/errors.js';

/** The time that one piece of work may take; when it is over, every call of it ends with `E2005`. */
export interface Budget {
  readonly signal: AbortSignal;
  /** Waits for work, but no longer than the budget lasts. */
  readonly run: <T>(what: string, work: () => Promise<T>) => Promise<T>;
  /** Ends the run: lets go of the timer, and of every call that is still under way. */
  readonly end: () => void;
}

/** The longest time that a timer of Node can wait; a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Starts a budget of so many milliseconds. */
export function startBudget(milliseconds: number): Budget {
  const controller = new AbortController();
  const timer = setTimeout(
    () => {
      controller.abort();
    },
    Math.min(Math.max(0, milliseconds), LONGEST_MS),
  );
  timer.unref();
  const { signal } = controller;
  // Every call under way listens, and a sweep has dozens; Node takes more than ten for a leak and says so in the log.
  setMaxListeners(0, signal);
  return {
    signal,
    run: async (what, work) => {
      const over = (): OriginGuardError =>
        new OriginGuardError(
          'E2005',
          `the time ran out while ${what}; allowed: ${String(Math.round(milliseconds))} ms for the whole run`,
        );
      if (signal.aborted) throw over();
      let onAbort: (() => void) | undefined;
      const aborted = new Promise<never>((_, reject) => {
        onAbort = () => {
          reject(over());
        };
        signal.addEventListener('abort', onAbort, { once: true });
      });
      try {
        return await Promise.race([work(), aborted]);
      } finally {
        if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
      }
    },
    end: () => {
      clearTimeout(timer);
      // What is still under way must not outlive the run and be taken for a part of the next one.
      controller.abort();
    },
  };
}
