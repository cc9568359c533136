import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

type Env = Readonly<Record<string, string | undefined>>;

/** The Python side of the integration tests: a folder, or why there is none. */
export type Venv = { readonly ready: true; readonly path: string } | { readonly ready: false; readonly why: string };

/** The oldest Python that every package of requirements.txt installs on. */
const OLDEST = [3, 11] as const;
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.14', 'python'];
const MINUTES = 60_000;

/**
 * Makes `.venv` from `requirements.txt`, unless the one that is there was made from the same text.
 *
 * @remarks The marker is written last, so what an interrupted installation left is never taken for a venv.
 */
export function prepareVenv(root: string, env: Env): Venv {
  const path = join(root, '.venv');
  const requirements = join(root, 'requirements.txt');
  const marker = join(path, 'requirements.sha256');
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8').trim() === hash && runs(join(path, 'bin', 'python'), env))
    return { ready: true, path };

  const python = CANDIDATES.find((each) => isNewEnough(each, env));
  if (python === undefined) return { ready: false, why: `no Python >= ${OLDEST.join('.')} is on the PATH` };
  const made = run(python, ['-m', 'venv', '--clear', path], env, 2 * MINUTES);
  if (made !== null) return { ready: false, why: `${python} cannot make .venv: ${made}` };
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries', '2', '-r', requirements];
  const installed = run(join(path, 'bin', 'python'), pip, env, 15 * MINUTES);
  if (installed !== null)
    return { ready: false, why: `the packages of requirements.txt cannot be installed: ${installed}` };
  writeFileSync(marker, `${hash}\n`);
  return { ready: true, path };
}

/** A check that cannot run counts as skipped on somebody's own machine and as failed in CI. */
export const exitCodeWithout = (env: Env): number => ((env['CI'] ?? '') === '' ? 0 : 1);

function isNewEnough(python: string, env: Env): boolean {
  const [major, minor] = OLDEST;
  return runs(python, env, `import ensurepip, venv, sys; sys.exit(sys.version_info < (${major}, ${minor}))`);
}

const runs = (python: string, env: Env, code = ''): boolean => run(python, ['-c', code], env, MINUTES) === null;

/** Runs a command to its end; the last line of its complaint, or `null` when it has none. */
function run(command: string, args: readonly string[], env: Env, timeout: number): string | null {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, timeout });
  if (status === 0) return null;
  const said = `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '';
  return error?.message ?? (said === '' ? `exit code ${String(status)}` : said);
}

/**
 * Runs the integration tests, and then the proof of the IAM policies over the calls that they made; answers with the exit
 * code. Where arguments choose among the tests, the proof says less: nobody knows what the others would have called.
 */
export function integration(args: readonly string[], env: Env): number {
  const venv = prepareVenv(ROOT, env);
  if (!venv.ready) {
    const code = exitCodeWithout(env);
    console.error(`integration tests ${code === 0 ? 'skipped' : 'cannot run, which fails in CI'}: ${venv.why}`);
    return code;
  }
  const calls = join(ROOT, 'dist', 'calls');
  rmSync(calls, { recursive: true, force: true });
  mkdirSync(calls, { recursive: true });
  const testEnv = {
    ...env,
    ORIGIN_GUARD_VENV: venv.path,
    ORIGIN_GUARD_CALLS: calls,
    ORIGIN_GUARD_WHOLE_RUN: String(args.length === 0),
    // Each test file would print it again, and the Node version is checked in CI.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  return (
    testRuns(args).reduce((code, more) => code || runJest(['jest.integration.config.js', ...more], testEnv), 0) ||
    runJest(['jest.iam-proof.config.js'], testEnv)
  );
}

/** Those that hold a function to its deadline, which have the machine to themselves. */
const TIMED = 'integration/faults\\.test';

/** The arguments of each run of jest: what is chosen, or all in two runs, of which one is held to the clock. */
export const testRuns = (chosen: readonly string[]): readonly (readonly string[])[] =>
  chosen.length > 0
    ? [chosen]
    : [
        ['--testPathIgnorePatterns', TIMED, '/node_modules/'],
        ['--testPathPatterns', TIMED],
      ];

/** The exit code. */
function runJest(configAndMore: readonly string[], env: Env): number {
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const { status } = spawnSync(process.execPath, [jest, '--config', ...configAndMore], {
    cwd: ROOT,
    env,
    stdio: 'inherit',
    timeout: 45 * MINUTES,
  });
  return status ?? 1;
}

if (require.main === module) process.exitCode = integration(process.argv.slice(2), process.env);
