import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fencesOf, node, read, removeTempFolders, ROOT, tempFolder, type Outcome } from './support.js';

const readme = read('README.md');
const SAVE = /<!-- begin: save -->\n+```sh\n([\s\S]*?)```\n+<!-- end: save -->/;
const saved = (SAVE.exec(readme)?.[1] ?? '').trim();
const LIVE = /<!-- begin: live -->\n+```sh\n([\s\S]*?)```\n+<!-- end: live -->/;
/** Needs an AWS to talk to: test/integration/readme-live.test.ts runs it. */
const live = (LIVE.exec(readme)?.[1] ?? '').trim();
const fences = fencesOf(readme);
const shell = fences.filter(({ language, text }) => language === 'sh' && ![saved, live].includes(text.trim()));
const consoles = fences.filter(({ language }) => language === 'console');

/** The reader's folder: the project, and what the commands of the README saved. */
let folder: string;

beforeAll(() => {
  folder = tempFolder();
  for (const name of ['bin', 'dist', 'examples', 'package.json', 'node_modules'])
    symlinkSync(join(ROOT, name), join(folder, name));
  cpSync(join(ROOT, 'examples/article-before'), join(folder, 'saved'), { recursive: true });
});
// Each case starts programs; on a busy machine they take a while.
jest.setTimeout(60_000);
afterAll(removeTempFolders);

/** Runs a command line of ours as the README writes it. */
function run(line: string): Outcome {
  const [program, ...args] = line.split(' ');
  if (line === 'npm run demo') return node(['dist/scripts/demo.js'], folder);
  if (program !== './bin/origin-guard') throw new Error(`nothing here knows how to run "${line}"`);
  return node(['bin/origin-guard', ...args], folder);
}

/** What a reader gets of each command that judges `saved`, which is the article's environment before the fix here. */
const JUDGES_SAVED = 1;

it('shows commands in fences only as sh or console, so that none escapes the tests', () => {
  expect([...new Set(fences.map(({ language }) => language))].sort()).toEqual(['console', 'sh', 'text']);
  expect(fences.length).toBe([...readme.matchAll(/^```\w/gm)].length);
  expect(shell.length).toBeGreaterThan(0);
  expect(consoles.length).toBeGreaterThan(0);
});

it('has the commands on a live account in the one block that the integration test runs', () => {
  expect(live.split('\n').filter((line) => line.includes('--region '))).toHaveLength(2);
  for (const { text } of [...shell, ...consoles]) expect(text).not.toMatch(/--(?:region|profile|role-arn) /);
});

it('has the aws commands in the one block that the integration test runs', () => {
  expect(saved).toContain('aws ec2 describe-security-groups ');
  const others = [...shell, ...consoles].map(({ text }) => text).join('\n');
  expect(others).not.toMatch(/\baws /);
});

describe.each(shell.flatMap(({ text }) => text.split('\n')))('%s', (line) => {
  if (line.startsWith('npm ')) {
    it('is run by .ci/run', () => {
      const steps = read('.ci/run');
      for (const command of line.split(' && '))
        expect(steps).toMatch(new RegExp(`^ *step \\S+ ${command}(?: -- --coverage .+)?$`, 'm'));
    });
  } else {
    it('runs', () => {
      expect(run(line)).toMatchObject({ code: JUDGES_SAVED, stderr: '' });
    });
  }
});

it('runs the demo by the script that package.json names', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  expect(scripts['demo']).toBe('node dist/scripts/demo.js');
});

describe.each(consoles)('the excerpt that begins "$text"', ({ text }) => {
  it('appears in the output, line by line and in order', () => {
    let last: Outcome | null = null;
    let rest = '';
    for (const line of text.split('\n')) {
      if (line === '$ echo $?') {
        rest = `${String(last?.code)}\n`;
      } else if (line.startsWith('$ ') && !rest.includes(`${line}\n`)) {
        last = run(line.slice(2));
        rest = last.stdout;
      } else if (line !== '...') {
        const at = rest.indexOf(`${line}\n`);
        if (at < 0) throw new Error(`"${line}" does not appear in what follows:\n${rest}`);
        rest = rest.slice(at + line.length + 1);
      }
    }
    expect(last).not.toBeNull();
  });
});

it('writes the JSON result that it shows how to write', () => {
  expect(existsSync(join(folder, 'result.json'))).toBe(true);
  expect(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'))).toMatchObject({ schemaVersion: '1' });
});

it('lists every verdict and every exit code', () => {
  for (const verdict of ['NON_COMPLIANT', 'COMPLIANT', 'INDETERMINATE', 'NOT_APPLICABLE'])
    expect(readme).toContain(`| \`${verdict}\` |`);
  const source = read('cli/exit-codes.ts');
  const codes = [...source.matchAll(/^ {2}\w+: (\d),$/gm)].map(([, code]) => code).sort();
  const listed = [...readme.matchAll(/^\| (\d) \|/gm)].map(([, code]) => code).sort();
  expect(listed).toEqual(codes);
});
