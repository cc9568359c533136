/** Reads at the first call and gives every later one the same answer; a read that failed is not kept. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let held: Promise<T> | undefined;
  return () => {
    if (held !== undefined) return held;
    const reading = read();
    held = reading;
    reading.catch(() => {
      if (held === reading) held = undefined;
    });
    return reading;
  };
}

/** The same for each question; questions with one key are one question. */
export function onceEach<Asked extends readonly unknown[], T>(
  keyOf: (...asked: Asked) => unknown,
  read: (...asked: Asked) => Promise<T>,
): (...asked: Asked) => Promise<T> {
  const held = new Map<unknown, () => Promise<T>>();
  return (...asked) => {
    const key = keyOf(...asked);
    const reading = held.get(key) ?? once(() => read(...asked));
    held.set(key, reading);
    return reading();
  };
}
