import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodeWithout, prepareVenv } from '../../scripts/integration.js';
import { venvFolder } from './support/command.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'origin-guard-venv-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const requirements = (text: string) => writeFile(join(root, 'requirements.txt'), text);

it('says in one line that there is no Python', async () => {
  await requirements('');
  const venv = prepareVenv(root, { PATH: root });
  expect(venv).toEqual({ ready: false, why: 'no Python >= 3.11 is on the PATH' });
});

it('says in one line that the packages cannot be had, and leaves nothing that passes for a venv', async () => {
  await requirements('origin-guard-no-such-package==1\n');
  // With PIP_NO_INDEX pip asks nobody.
  const env = { PATH: process.env['PATH'], PIP_NO_INDEX: '1' };
  const venv = prepareVenv(root, env);
  expect(venv).toMatchObject({ ready: false, why: expect.stringContaining('origin-guard-no-such-package') });
  expect(venv).toMatchObject({ why: expect.not.stringContaining('\n') });
  expect(existsSync(join(root, '.venv', 'requirements.sha256'))).toBe(false);
});

it('makes a venv once, and again when the requirements are another text or its Python is gone', async () => {
  await requirements('');
  const env = { PATH: process.env['PATH'], PIP_NO_INDEX: '1' };
  const made = { ready: true, path: join(root, '.venv') };
  expect(prepareVenv(root, env)).toEqual(made);
  const trace = join(root, '.venv', 'trace');
  await writeFile(trace, '');
  expect(prepareVenv(root, { PATH: root })).toEqual(made);
  expect(existsSync(trace)).toBe(true);
  await requirements('# changed\n');
  expect(prepareVenv(root, { PATH: root })).toMatchObject({ ready: false });
  expect(prepareVenv(root, env)).toEqual(made);
  expect(existsSync(trace)).toBe(false);

  await rm(join(root, '.venv', 'bin', 'python'));
  await symlink(join(root, 'gone'), join(root, '.venv', 'bin', 'python'));
  expect(prepareVenv(root, { PATH: root })).toMatchObject({ ready: false });
});

it('counts as skipped outside CI and as failed in CI', () => {
  expect([exitCodeWithout({}), exitCodeWithout({ CI: '' }), exitCodeWithout({ CI: 'true' })]).toEqual([0, 0, 1]);
  expect(existsSync(venvFolder())).toBe(true);
});
