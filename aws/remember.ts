export interface RememberOptions<T> {
  /** How old a kept value may be, in milliseconds, from the beginning of its read. */
  readonly forMs: number;
  /** The time in milliseconds. */
  readonly now: () => number;
  /** Whether a value may stand for later reads; a gap may not. */
  readonly isWorthKeeping: (value: T) => boolean;
}

export interface Remembered<T> {
  /** The kept value, or that of a read; whoever asks while a read is under way shares it. */
  readonly get: () => Promise<T>;
  /** Whether `get` would give a value that is kept from before. */
  readonly isKept: () => boolean;
  /** The value of a read that began for somebody who asked for a fresh one; what was kept is forgotten. */
  readonly refresh: () => Promise<T>;
}

/**
 * Keeps a value for a while. A read that failed is never kept.
 *
 * @remarks A read that began before somebody asked for a fresh value may have missed what it is asked for, so its value
 * is neither given to them nor kept.
 */
export function remember<T>({ forMs, now, isWorthKeeping }: RememberOptions<T>, read: () => Promise<T>): Remembered<T> {
  let kept: { readonly value: T; readonly sinceMs: number } | undefined;
  let underWay: { readonly reading: Promise<T>; readonly isFresh: boolean } | undefined;

  const begin = (isFresh: boolean): Promise<T> => {
    const sinceMs = now();
    const own = { reading: read(), isFresh };
    underWay = own;
    kept = undefined;
    const settle = (value?: { readonly read: T }): void => {
      if (underWay !== own) return;
      underWay = undefined;
      if (value !== undefined && isWorthKeeping(value.read)) kept = { value: value.read, sinceMs };
    };
    own.reading.then(
      (value) => {
        settle({ read: value });
      },
      () => {
        settle();
      },
    );
    return own.reading;
  };

  /** A clock that was set back makes no value younger. */
  const isYoung = (sinceMs: number): boolean => now() >= sinceMs && now() - sinceMs < forMs;

  return {
    isKept: () => kept !== undefined && isYoung(kept.sinceMs),
    get: async () => {
      if (underWay !== undefined) return underWay.reading;
      return kept !== undefined && isYoung(kept.sinceMs) ? kept.value : begin(false);
    },
    refresh: async () => (underWay?.isFresh === true ? underWay.reading : begin(true)),
  };
}
