import { writeFileSync } from 'node:fs';
import { REFUSALS } from '../../../../core/plan.js';
import { gauntlet, type Effort, type Found } from './gauntlet.js';
import type { Breach } from './judging.js';

/** `FIRST-COUNT` for the full run of `npm run laws`, which tries every fault at every step. */
const given = /^(\d+)-(\d+)$/.exec(process.env['ORIGIN_GUARD_LAWS'] ?? '');
const [first, count, effort]: readonly [number, number, Effort] =
  given === null ? [0, 500, 3] : [Number(given[1]), Number(given[2]), 'every'];

/** Where the counts of a full run are written, or `null`. */
const report = process.env['ORIGIN_GUARD_LAWS_REPORT'] ?? null;

const found: Found[] = [];
const endings = new Map<string, number>();
let plays = 0;

/** As much as a reader takes in. */
const SHOWN = 10;

beforeAll(async () => {
  for (let seed = first; seed < first + count; seed += 1) {
    const ran = await gauntlet(seed, effort);
    plays += ran.plays;
    found.push(...ran.found);
    endings.set(ran.ending, (endings.get(ran.ending) ?? 0) + 1);
    if (report !== null && seed % 100 === 0)
      process.stderr.write(`seed ${String(seed)}: ${String(plays)} runs, ${String(found.length)} breaches\n`);
  }
}, 36_000_000);

afterAll(() => {
  if (report !== null)
    writeFileSync(report, JSON.stringify({ first, count, plays, endings: Object.fromEntries(endings), found }));
});

const breachesOf = (law: Breach['law']): readonly string[] =>
  found
    .filter((each) => each.law === law)
    .slice(0, SHOWN)
    .map(({ seed, how, what }) => `seed ${String(seed)}, ${how}: ${what}`);

it('1: after a fix nothing is left that its plan named, planning again comes to nothing, and who needs no fix gets none', () => {
  expect(breachesOf(1)).toEqual([]);
});

it('2: in every state of every run CloudFront reaches what it reached before', () => {
  expect(breachesOf(2)).toEqual([]);
});

it('3: in every state of every run, what the plan does not name is as it was', () => {
  expect(breachesOf(3)).toEqual([]);
});

it('4: nothing changes before the way back is written down, and nothing at all when a plan is refused', () => {
  expect(breachesOf(4)).toEqual([]);
});

it('5: hiding a piece of evidence turns no refusal into a fix, and nothing into nothing to do', () => {
  expect(breachesOf(5)).toEqual([]);
});

it('6: two runs at once, and a run after any failed one, end like one run; undoing ends where the run began', () => {
  expect(breachesOf(6)).toEqual([]);
});

it('7: no plan and no state of a run is over the quota, however AWS counts', () => {
  expect(breachesOf(7)).toEqual([]);
});

// A small count may miss what is rare.
const itCounts = count >= 500 ? it : it.skip;

itCounts('the worlds end in edit, split and swap in a fair share, and in every refusal of a plan', () => {
  const share = (ending: string) => ({ ending, isFair: (endings.get(ending) ?? 0) / count >= 0.05 });
  for (const ending of ['EDIT', 'SPLIT', 'SWAP']) expect(share(ending)).toEqual({ ending, isFair: true });
  const ofRollbacks = ['RECORD_NOT_FOUND', 'RECORD_INVALID', 'CHANGED_SINCE'];
  const never = Object.keys(REFUSALS).filter((code) => !ofRollbacks.includes(code) && !endings.has(`REFUSE ${code}`));
  expect(never).toEqual([]);
});

it('a seed comes to the same, however often it is tried', async () => {
  expect(await gauntlet(first + 1, 2)).toEqual(await gauntlet(first + 1, 2));
});
