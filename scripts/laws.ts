import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const TEST = 'test/remediation/alb-sg-cloudfront-only/laws/laws.test.ts';

/** How many worlds a full run tries, and how many processes share them. */
const WORLDS = 10_000;
const PROCESSES = 2;

interface Share {
  readonly first: number;
  readonly count: number;
}

/** What the test of the laws writes down of its share; see `laws.test.ts`. */
interface Report extends Share {
  readonly plays: number;
  readonly endings: Readonly<Record<string, number>>;
  readonly found: readonly {
    readonly law: number;
    readonly seed: number;
    readonly how: string;
    readonly what: string;
  }[];
}

/** Cuts the seeds from `first` on into equal shares; the last one takes what is left. */
export function sharesOf(first: number, count: number, processes: number): readonly Share[] {
  const each = Math.ceil(count / processes);
  return Array.from({ length: processes }, (_, at) => ({
    first: first + at * each,
    count: Math.min(each, count - at * each),
  })).filter((share) => share.count > 0);
}

/** Tries one share in a process of its own; its report, or `null` when it ended without one. */
function tryShare({ first, count }: Share, folder: string, env: NodeJS.ProcessEnv): Promise<Report | null> {
  const report = join(folder, `${String(first)}.json`);
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [jest, '--runInBand', TEST], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...env, ORIGIN_GUARD_LAWS: `${String(first)}-${String(count)}`, ORIGIN_GUARD_LAWS_REPORT: report },
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', () => resolve(readReport(report)));
  });
}

function readReport(path: string): Report | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report;
  } catch {
    return null;
  }
}

/** The counts of all shares as a table in Markdown, with the breaches below it. */
export function renderReports(reports: readonly Report[]): string {
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  const endings = new Map<string, number>();
  for (const [ending, count] of reports.flatMap((report) => Object.entries(report.endings)))
    endings.set(ending, (endings.get(ending) ?? 0) + count);
  const found = reports.flatMap((report) => report.found);
  const lines = [...endings]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ending, count]) => `| ${ending} | ${String(count)} |`);
  return [
    `${String(sum(reports.map(({ count }) => count)))} worlds, ${String(sum(reports.map(({ plays }) => plays)))} plays, ${String(found.length)} breaches`,
    '',
    '| ending | worlds |',
    '|---|---|',
    ...lines,
    ...found
      .slice(0, 20)
      .map(({ law, seed, how, what }) => `law ${String(law)}, seed ${String(seed)}, ${how}: ${what}`),
  ].join('\n');
}

/** Tries the laws on every world, with every fault at every step; answers with the exit code. */
export async function tryLaws(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [worlds = String(WORLDS), first = '0'] = args;
  const [count, from] = [Number(worlds), Number(first)];
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(from) || from < 0) {
    console.error(`npm run laws: ${args.join(' ')} is not valid; allowed: [WORLDS [FIRST_SEED]]`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-laws-'));
  try {
    const reports = await Promise.all(sharesOf(from, count, PROCESSES).map((share) => tryShare(share, folder, env)));
    const whole = reports.filter((report) => report !== null);
    console.log(renderReports(whole));
    return whole.length === reports.length && whole.every(({ found }) => found.length === 0) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module)
  void tryLaws(process.argv.slice(2), process.env).then((code) => {
    process.exitCode = code;
  });
