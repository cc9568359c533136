import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../support/saved-files.js';

const UPDATES = (process.env['UPDATE_GOLDEN'] ?? '') !== '';
const GROUP = 'sg-0482d99e7921588bc';

test.each([
  ['table', 'plan.golden.txt'],
  ['aws-cli', 'plan.golden.sh'],
])("the article's plan as %s is the one that was reviewed; UPDATE_GOLDEN=1 rewrites it", async (format, name) => {
  const golden = join(__dirname, name);
  const { code, stdout, stderr } = await run([
    ...['plan', GROUP, '--from', 'examples/article-before', '--format', format],
  ]);
  if (UPDATES) writeFileSync(golden, stdout);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(readFileSync(golden, 'utf8'));
});

test("after the article's fix nothing is to do", async () => {
  const { code, stdout } = await run(['plan', GROUP, '--from', 'examples/article-restricted']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('NOOP  COMPLIANT')]);
});

test('nothing rewrites the reviewed plan in CI', () => {
  expect(UPDATES && (process.env['CI'] ?? '') !== '').toBe(false);
});
