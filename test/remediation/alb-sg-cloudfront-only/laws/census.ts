import { gauntlet, type Effort, type Found } from './gauntlet.js';

/** Worlds of seeds in a row. */
export interface Share {
  readonly first: number;
  readonly count: number;
}

/** What came of a share. */
export interface Census extends Share {
  readonly plays: number;
  /** How many worlds ended in which way. */
  readonly endings: Readonly<Record<string, number>>;
  /** What went wrong in them, and at which steps. */
  readonly tried: readonly string[];
  readonly found: readonly Found[];
}

/** Puts every world of a share through what can go wrong in it. */
export async function censusOf({ first, count }: Share, effort: Effort): Promise<Census> {
  const endings: Record<string, number> = {};
  const tried = new Set<string>();
  const found: Found[] = [];
  let plays = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const ran = await gauntlet(seed, effort);
    plays += ran.plays;
    found.push(...ran.found);
    for (const each of ran.tried) tried.add(each);
    endings[ran.ending] = (endings[ran.ending] ?? 0) + 1;
  }
  return { first, count, plays, endings, tried: [...tried].sort(), found };
}
