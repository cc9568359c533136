import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { testRuns } from '../../scripts/integration.js';

const FILES = readdirSync(join(__dirname, '..', 'integration'))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/integration/${name}`);

/** Whether one run of jest takes a file: by what it names, or else all but what it leaves out. */
function takes(args: readonly string[], file: string): boolean {
  const [option, ...patterns] = args;
  const isNamed = patterns.some((pattern) => new RegExp(pattern).test(file));
  return option === '--testPathPatterns' ? isNamed : !isNamed;
}

it('every file is in one run, and the one that watches the clock has its own', () => {
  const runs = testRuns([]).map((args) => FILES.filter((file) => takes(args, file)));
  expect(runs.at(-1)).toEqual(['test/integration/faults.test.ts']);
  expect(runs.flat().sort()).toEqual([...FILES].sort());
});

it('what is chosen is one run', () => {
  expect(testRuns(['test/integration/story'])).toEqual([['test/integration/story']]);
});
