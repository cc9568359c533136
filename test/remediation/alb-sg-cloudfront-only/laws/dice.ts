/** Choices that a seed decides: the same seed, the same choices, on every machine. */
export interface Dice {
  /** A whole number from 0 to below the bound. */
  below(bound: number): number;
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Each item with a weight; an item of weight 2 comes twice as often as one of weight 1. */
  weighted<T>(items: readonly (readonly [number, T])[]): T;
  /** The items that a coin of this chance kept, in their order. */
  some<T>(items: readonly T[], percent: number): readonly T[];
}

/** Dice for one seed, after mulberry32, a small generator in the public domain. */
export function diceOf(seed: number): Dice {
  let state = Math.imul(seed + 1, 0x9e3779b9) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  const chance = (percent: number): boolean => next() * 100 < percent;
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  return {
    below,
    chance,
    pick,
    weighted: <T>(items: readonly (readonly [number, T])[]): T => {
      let left = below(items.reduce((sum, [weight]) => sum + weight, 0));
      const found = items.find(([weight]) => (left -= weight) < 0);
      return (found ?? items[0]!)[1];
    },
    some: (items, percent) => items.filter(() => chance(percent)),
  };
}
