/** Says that a bound is broken and makes the whole run fail, without ending it. */
export function checkBound(isKept: boolean, broken: string): void {
  if (isKept) return;
  console.log(`  BROKEN BOUND: ${broken}`);
  process.exitCode = 1;
}

/** The middle of some measurements: a slow moment of the machine does not move it. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new RangeError('no measurement');
  return middle;
}
