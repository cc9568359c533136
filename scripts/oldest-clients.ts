import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OLDEST_FOR_PLANS, OLDEST_TESTED } from '../aws/runtime-versions.js';
import { exitCodeWithout } from './integration.js';

const ROOT = join(__dirname, '..', '..');

type Env = Readonly<Record<string, string | undefined>>;

/** What the clients are used for. */
type Purpose = 'verdicts' | 'plans';
const OLDEST = { verdicts: OLDEST_TESTED, plans: OLDEST_FOR_PLANS };

/** How long the packages may take to arrive, and the tests to run, in milliseconds. */
const INSTALL_MS = 60_000;
const TEST_MS = 120_000;

/** Puts the oldest clients into a folder of their own; the last line of npm's complaint, or `null` when it has none. */
function install(folder: string, purpose: Purpose, env: Env): string | null {
  const packages = Object.entries(OLDEST[purpose]).map(([name, version]) => `${name}@${version}`);
  const quiet = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--loglevel', 'error'];
  const soon = [
    '--prefer-offline',
    '--fetch-retries',
    '3',
    '--fetch-retry-mintimeout',
    '500',
    '--fetch-retry-maxtimeout',
    '2000',
  ];
  const { status, error, stderr } = spawnSync('npm', ['install', '--prefix', folder, ...quiet, ...soon, ...packages], {
    cwd: folder,
    encoding: 'utf8',
    env,
    timeout: INSTALL_MS,
  });
  if (status === 0) return null;
  const [said] = stderr.split('\n').filter((line) => line.startsWith('npm error') || line.startsWith('npm ERR!'));
  return error?.message ?? said ?? `npm ended with exit code ${String(status)}`;
}

/** Reads canned answers with the oldest clients on which we rely; answers with the exit code. */
export function testOldestClients(args: readonly string[], env: Env): number {
  return testClientsFor('verdicts', args, env) || testClientsFor('plans', args, env);
}

function testClientsFor(purpose: Purpose, args: readonly string[], env: Env): number {
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-oldest-clients-'));
  try {
    const complaint = install(folder, purpose, env);
    if (complaint !== null) {
      const code = exitCodeWithout(env);
      console.error(
        `oldest clients for ${purpose} ${code === 0 ? 'skipped' : 'cannot run, which fails in CI'}: ${complaint}`,
      );
      return code;
    }
    const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
    const { status } = spawnSync(process.execPath, [jest, '--config', 'jest.oldest-clients.config.js', ...args], {
      cwd: ROOT,
      env: {
        ...env,
        ORIGIN_GUARD_OLDEST_CLIENTS: folder,
        ORIGIN_GUARD_OLDEST_CLIENTS_FOR: purpose,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
      stdio: 'inherit',
      timeout: TEST_MS,
    });
    return status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module) process.exitCode = testOldestClients(process.argv.slice(2), process.env);
