import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newRule, scaffold } from '../../scripts/new-rule.js';
import { copyOf, node, removeTempFolders, ROOT, tempFolder } from './support.js';

// Each case starts programs; on a busy machine they take a while.
jest.setTimeout(60_000);
afterAll(removeTempFolders);

const ID = 'alb-made-for-test';
const script = join(ROOT, 'dist/scripts/new-rule.js');
/** What jest runs before every file. */
const WATCH = ['test/support/planted-secrets.ts', 'test/support/watch-prints.ts'];

it('writes the folder, the page and the test, and says what comes next', () => {
  const folder = tempFolder();
  const { code, stdout } = node([script, ID], folder);
  expect(code).toBe(0);
  for (const path of Object.keys(scaffold(ID))) {
    expect(existsSync(join(folder, path))).toBe(true);
    expect(stdout).toContain(`wrote ${path}`);
  }
  expect(stdout).toContain('rules/registry.ts');
  expect(stdout).toContain('remediation/registry.ts');
});

it.each([
  [['Bad_Id'], '"Bad_Id" is no rule id'],
  [['oneword'], '"oneword" is no rule id'],
  [['../escape-me'], '"../escape-me" is no rule id'],
  [[], 'no id given'],
])('refuses %j with exit code 2 and writes nothing', (args, why) => {
  const folder = tempFolder();
  const { code, stderr, stdout } = node([script, ...args], folder);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(why);
  expect(readdirSync(folder)).toEqual([]);
});

it('refuses an id that exists, and leaves what is there', () => {
  const folder = tempFolder();
  newRule(folder, ID);
  const path = join(folder, `rules/${ID}/rule.ts`);
  writeFileSync(path, 'written by somebody\n');
  const { code, stderr } = node([script, ID], folder);
  expect(code).toBe(2);
  expect(stderr).toContain(`rules/${ID} exists already`);
  expect(readFileSync(path, 'utf8')).toBe('written by somebody\n');
});

it('writes code that compiles, and a test that fails in words', () => {
  const folder = copyOf(['core', 'package.json', 'tsconfig.json', 'jest.config.js', ...WATCH]);
  newRule(folder, ID);
  const bin = (name: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'node_modules', name), ...args], { cwd: folder, encoding: 'utf8' });
  const compiled = bin('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json');
  expect([compiled.status, compiled.stdout]).toEqual([0, '']);
  const tested = bin('jest/bin/jest.js', '--ci', '--no-cache', `test/rules/${ID}.test.ts`);
  expect(tested.status).toBe(1);
  for (const verdict of ['compliant', 'non-compliant', 'not-applicable', 'indeterminate'])
    expect(tested.stderr).toContain(`this test is not written: show a ${verdict} case, or waive it in words`);
});

it('leaves the project as it should be after formatting', () => {
  for (const [path, text] of Object.entries(scaffold(ID))) {
    if (!path.endsWith('.ts')) continue;
    const { stdout } = spawnSync(
      process.execPath,
      [join(ROOT, 'node_modules/prettier/bin/prettier.cjs'), '--stdin-filepath', join(ROOT, path)],
      { cwd: ROOT, input: text, encoding: 'utf8' },
    );
    expect(text).toBe(stdout);
  }
});
