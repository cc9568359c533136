import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  compliantFiles,
  emptyFolder,
  filesWith,
  GROUP,
  OPEN,
  run,
  writeFiles,
  without,
} from '../support/saved-files.js';

const ESCAPE = '\u001b[';
const commands = (folder: string): readonly (readonly string[])[] => [
  ['scan', '--from', folder],
  ['explain', GROUP, '--from', folder],
  ['rules'],
];

describe('the two streams', () => {
  const warned = without(filesWith([OPEN]), 'tags.json');

  test('standard output carries the result alone, warnings go to standard error', async () => {
    const folder = writeFiles(warned);
    const ran = await run(['scan', '--from', folder, '--format', 'json']);
    expect(ran.json.schemaVersion).toBe('1');
    expect(ran.stdout.endsWith('}\n')).toBe(true);
    expect(ran.stderr).toMatch(/^warning: the tags of 1 load balancers were not seen[^\n]*\n$/);
    const table = await run(['scan', '--from', folder]);
    expect(table.stdout).not.toContain('warning');
  });

  test('progress shows on a terminal only, and is gone before warnings and results', async () => {
    const argv = ['scan', '--from', writeFiles(warned)];
    const [plain, terminal] = [await run(argv), await run(argv, { tty: true, env: { NO_COLOR: '1' } })];
    expect(plain.stderr).not.toContain('reading');
    expect(terminal.stderr).toContain('reading 1 of 4: ');
    expect(terminal.stderr).toContain('judging');
    expect(terminal.stderr).toMatch(/\r\u001b\[2Kwarning: [^\r]*\n$/);
    expect(terminal.stdout).toBe(plain.stdout);
  });

  test('no line of progress is longer than the terminal', async () => {
    const folder = writeFiles(compliantFiles(), join(emptyFolder(), 'a-folder-with-a-rather-long-name'.repeat(4)));
    const { stderr } = await run(['scan', '--from', folder], { tty: true });
    expect(stderr).toContain('reading 1 of 5: ');
    expect(Math.max(...stderr.split(/\r\u001b\[2K|\n/).map((line) => line.length))).toBeLessThan(80);
  });

  test('progress is gone before an error too', async () => {
    const ran = await run(['scan', '--from', writeFiles({ 'broken.json': '{' })], { tty: true });
    expect(ran.stderr).toMatch(/\r\u001b\[2Korigin-guard: E1004: [^\r]*\n$/);
  });
});

describe('colour', () => {
  const shown = async (world: Parameters<typeof run>[1]) => {
    const ran = await Promise.all(commands(writeFiles(filesWith([OPEN]))).map((argv) => run(argv, world)));
    return ran.map(({ stdout }) => stdout);
  };

  test.each<readonly [string, boolean, Parameters<typeof run>[1]]>([
    ['on a terminal', true, { tty: true }],
    ['with FORCE_COLOR, also in a pipe', true, { env: { FORCE_COLOR: '1' } }],
    ['not in a pipe', false, {}],
    ['not with FORCE_COLOR=0', false, { env: { FORCE_COLOR: '0' } }],
    ['not with NO_COLOR, also on a terminal', false, { tty: true, env: { NO_COLOR: '1' } }],
    ['not with NO_COLOR beside FORCE_COLOR', false, { tty: true, env: { NO_COLOR: '1', FORCE_COLOR: '1' } }],
    ['with an empty NO_COLOR, which is none', true, { tty: true, env: { NO_COLOR: '' } }],
    ['not on a dumb terminal', false, { tty: true, env: { TERM: 'dumb' } }],
  ])('%s', async (_name, coloured, world) => {
    const texts = await shown(world);
    expect(texts.map((text) => text.includes(ESCAPE))).toEqual(texts.map(() => coloured));
  });

  test('changes nothing but colour', async () => {
    const [plain, coloured] = [await shown({}), await shown({ tty: true })];
    // Each run has a folder of its own, which the scan names.
    const bare = (text: string) => stripVTControlCharacters(text).replaceAll(/origin-guard-\w+/g, '');
    expect(coloured.map(bare)).toEqual(plain.map(bare));
  });

  test('JSON has none', async () => {
    const argv = ['scan', '--format', 'json', '--from', writeFiles(filesWith([OPEN]))];
    expect((await run(argv, { tty: true })).stdout).not.toContain(ESCAPE);
  });
});

describe('--output', () => {
  test.each(['table', 'json'])('writes to the file what standard output would get: %s', async (format) => {
    const folder = writeFiles(filesWith([OPEN]));
    const file = join(emptyFolder(), 'result');
    const argv = ['scan', '--from', folder, '--format', format];
    const [shown, written] = [await run(argv), await run([...argv, '--output', file], { tty: true })];
    expect([written.code, written.stdout]).toEqual([1, '']);
    expect(readFileSync(file, 'utf8')).toBe(shown.stdout);
    expect(readdirSync(join(file, '..'))).toEqual(['result']);
  });

  test.each([[['explain', GROUP]], [['rules']]])('serves %s too', async (command) => {
    const from = command[0] === 'rules' ? [] : ['--from', writeFiles(compliantFiles())];
    const file = join(emptyFolder(), 'result');
    const [shown, written] = [await run([...command, ...from]), await run([...command, ...from, '--output', file])];
    expect([written.code, written.stdout]).toEqual([0, '']);
    expect(readFileSync(file, 'utf8')).toBe(shown.stdout);
  });

  test('replaces an older result', async () => {
    const folder = writeFiles({ result: 'old' });
    await run(['rules', '--output', join(folder, 'result')]);
    expect(readFileSync(join(folder, 'result'), 'utf8')).toContain('alb-sg-cloudfront-only');
  });

  test.each(['a folder that is not there', 'a folder in its place'])(
    '%s is a failure that leaves nothing',
    async (what) => {
      const folder = emptyFolder();
      const target = what.startsWith('a folder that') ? join(folder, 'none', 'result') : join(folder, 'result');
      if (what.startsWith('a folder in')) mkdirSync(join(target, 'inside'), { recursive: true });
      const before = readdirSync(folder);
      const ran = await run(['scan', '--from', writeFiles(filesWith([OPEN])), '--output', target]);
      expect([ran.code, ran.stdout]).toEqual([2, '']);
      expect(ran.stderr).toMatch(/^origin-guard: E1009: cannot write [^\n]*result: [^\n]*\n$/);
      expect(ran.stderr).toContain(target);
      expect(readdirSync(folder)).toEqual(before);
    },
  );

  test('nothing is written, and an older result stays, where the input is bad', async () => {
    const folder = writeFiles({ result: 'old' });
    utimesSync(join(folder, 'result'), 1, 1);
    for (const target of ['result', 'other']) {
      const ran = await run(['scan', '--from', writeFiles({ 'broken.json': '{' }), '--output', join(folder, target)]);
      expect(ran.code).toBe(2);
    }
    expect(readdirSync(folder)).toEqual(['result']);
    expect(statSync(join(folder, 'result')).mtimeMs).toBe(1000);
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });
});
