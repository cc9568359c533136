import { gauntlet } from './gauntlet.js';
import { MUTANTS } from './mutants.js';

/** A mutant that as many worlds let live is one that the laws do not see. */
const MOST_SEEDS = Number(process.env['ORIGIN_GUARD_MUTANT_SEEDS'] ?? 400);
const TROUBLES = 4;

/** Where a world of a rare kind is known to kill, so that nobody waits for it; the search goes on when it no longer does. */
const KNOWN_KILLERS: Readonly<Record<string, number>> = {
  'has no guard': 45,
  'revokes when the look before it failed': 322,
  'does not look after it revoked': 39,
  'takes every look afterwards for good': 45,
  'leaves the mark on the record of a run that removed nothing': 20,
  'takes a dry run for a real one': 85,
  'goes on when nobody approves': 82,
  'authorizes the first port only': 349,
  'planner: overlooks accelerators': 37,
  'planner: overlooks network load balancers in front': 162,
  "planner: takes health checkers for somebody's own": 225,
  'planner: reads no tag of a load balancer': 383,
  'planner: takes every group for one that lets all out': 164,
  'planner: has every look afterwards end well': 45,
  'planner: marks every record as if rules had gone': 20,
};

const killers: string[] = [];
afterAll(() => {
  if (process.env['ORIGIN_GUARD_MUTANTS'] !== undefined) process.stdout.write(`${killers.join('\n')}\n`);
});

it.each(Object.keys(MUTANTS))(
  'the laws kill a mutant: %s',
  async (name) => {
    const machine = MUTANTS[name]!();
    let killed: string | null = null;
    const known = KNOWN_KILLERS[name];
    const seeds = [...(known === undefined ? [] : [known]), ...Array(MOST_SEEDS).keys()];
    for (const seed of seeds) {
      if (killed !== null) break;
      const { found } = await gauntlet(seed, TROUBLES, machine);
      const [first] = found;
      if (first !== undefined) {
        const laws = [...new Set(found.map(({ law }) => law))].sort();
        killed = `law ${laws.join(', ')} by seed ${String(seed)} (${first.how}: ${first.what.slice(0, 120)})`;
      }
    }
    killers.push(`${name}: ${killed ?? 'SURVIVES'}`);
    expect(killed).not.toBeNull();
  },
  600_000,
);

it('names no killer of a mutant that is gone', () => {
  expect(Object.keys(KNOWN_KILLERS).filter((name) => !Object.hasOwn(MUTANTS, name))).toEqual([]);
});
