import { gauntlet } from './gauntlet.js';
import { MUTANTS } from './mutants.js';

/** A mutant that as many worlds let live is one that the laws do not see. */
const MOST_SEEDS = Number(process.env['ORIGIN_GUARD_MUTANT_SEEDS'] ?? 400);
const TROUBLES = 4;

const killers: string[] = [];
afterAll(() => {
  if (process.env['ORIGIN_GUARD_MUTANTS'] !== undefined) process.stdout.write(`${killers.join('\n')}\n`);
});

it.each(Object.keys(MUTANTS))(
  'the laws kill a mutant: %s',
  async (name) => {
    const machine = MUTANTS[name]!();
    let killed: string | null = null;
    for (let seed = 0; seed < MOST_SEEDS && killed === null; seed += 1) {
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
