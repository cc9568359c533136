import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_ID } from '../../prove/ledger.js';
import { doors, prove } from '../../scripts/prove.js';

const script = join(__dirname, '../../dist/scripts/prove.js');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'origin-guard-prove-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The command in a process of its own, without credentials, a terminal or a way to AWS. */
const run = (...args: readonly string[]) => {
  const env = { PATH: process.env['PATH'], HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr: stderr.replace(/\(node:\d+\)[\s\S]*?\n\n?(?=E\d|$)/, '') };
};

it('--plan needs no account', () => {
  const { status, stdout } = run('--plan', '--only', 'U5');
  expect(status).toBe(0);
  expect(stdout).toContain('U5: Does a step fail when its function throws');
}, 60_000);

it('wrong use, a ledger that is none and missing credentials end with 2', () => {
  expect(run()).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('E1003: npm run prove: no --region'),
  });
  expect(run('--clean-up', 'gone.jsonl')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('E1004: gone.jsonl: '),
  });
  expect(run('--region', 'eu-west-1', '--only', 'U5')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('E2007: '),
  });
}, 120_000);

it('what is appended is on the disk, behind what was there, for its owner only', () => {
  const file = join(folder, 'ledger.jsonl');
  doors.append(file, 'one\n');
  doors.append(file, 'two\n');
  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
  expect(doors.read(file)).toBe('one\ntwo\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('a file that cannot be written is named before anything is asked for', () => {
  const file = join(folder, 'no-such-folder', 'ledger.jsonl');
  expect(() => doors.append(file, 'x')).toThrow(expect.objectContaining({ code: 'E1009' }) as Error);
  expect(() => doors.write(file, 'x')).toThrow(expect.objectContaining({ code: 'E1009' }) as Error);
});

it('ids of runs are such as ledgers take', () => {
  expect(doors.newRun()).toMatch(RUN_ID);
});

it('a help text is no error', async () => {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await expect(prove(['--help'])).resolves.toBe(0);
    expect(write.mock.calls.join('')).toContain('Example:');
  } finally {
    write.mockRestore();
  }
});
