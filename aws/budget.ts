import { OriginGuardError } from '../core/errors.js';

/** The time that one piece of work may take; when it is over, every call of it ends with `E2005`. */
export interface Budget {
  readonly signal: AbortSignal;
  /** Waits for work, but no longer than the budget lasts. */
  readonly run: <T>(what: string, work: () => Promise<T>) => Promise<T>;
  /** Lets go of the timer. */
  readonly end: () => void;
}

/** Starts a budget of so many milliseconds. */
export function startBudget(milliseconds: number): Budget {
  const controller = new AbortController();
  const timer = setTimeout(
    () => {
      controller.abort();
    },
    Math.max(0, milliseconds),
  );
  timer.unref();
  const { signal } = controller;
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
    },
  };
}
