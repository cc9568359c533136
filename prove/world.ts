/** What a run needs beside the account, so that tests can be that world. */
export interface World {
  /** Milliseconds that only count up. */
  readonly now: () => number;
  /** Waits so many milliseconds, or raises when the run is to end. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly say: (line: string) => void;
}

/** How often to look, and for how long, in seconds. */
export interface Patience {
  readonly every: number;
  readonly atMost: number;
}

/** Looks until something is there; `null` when the time is over. The last look is at the end of the time. */
export async function waitFor<T>(
  { now, sleep }: World,
  { every, atMost }: Patience,
  look: () => Promise<T | null>,
): Promise<T | null> {
  const until = now() + atMost * 1000;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    const left = until - now();
    if (left <= 0) return null;
    await sleep(Math.min(every * 1000, left));
  }
}
