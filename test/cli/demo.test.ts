import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { demo } from '../../scripts/demo.js';
import { NOW } from '../support/saved-files.js';

const GOLDEN = join(__dirname, 'demo.golden.txt');
const UPDATES = (process.env['UPDATE_GOLDEN'] ?? '') !== '';

async function told(env: Readonly<Record<string, string>> = {}) {
  let stdout = '';
  let stderr = '';
  const code = await demo({
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    env,
    now: () => new Date(NOW),
  });
  return { code, stdout, stderr };
}

test('the story is the one that was reviewed; UPDATE_GOLDEN=1 rewrites it', async () => {
  const { code, stdout, stderr } = await told();
  if (UPDATES) writeFileSync(GOLDEN, stdout);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toBe(readFileSync(GOLDEN, 'utf8'));
});

test('nothing rewrites the reviewed story in CI', () => {
  expect(UPDATES && (process.env['CI'] ?? '') !== '').toBe(false);
});

test('FORCE_COLOR colours it, and changes nothing else', async () => {
  const { stdout } = await told({ FORCE_COLOR: '1' });
  expect(stdout).toContain('\u001b[31m');
  expect(stripVTControlCharacters(stdout)).toBe(readFileSync(GOLDEN, 'utf8'));
});

test('no line is wider than a terminal of 80 columns, save for an ARN that must be copied', () => {
  const wide = readFileSync(GOLDEN, 'utf8')
    .split('\n')
    .filter((line) => line.length > 80);
  expect(wide.filter((line) => !/^\s*\(?arn:\S+$/.test(line))).toEqual([]);
});
