import { fork } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(__dirname, '..', '..');
const ENTRY = join('test', 'remediation', 'alb-sg-cloudfront-only', 'laws', 'full-run.ts');

/** How many worlds a full run tries, how many processes share them, and how many worlds each takes at a time. */
const WORLDS = 10_000;
const PROCESSES = 2;
const AT_A_TIME = 20;

interface Share {
  readonly first: number;
  readonly count: number;
}

/** What a process sends back of a share; see `census.ts` beside the entry. */
export interface Census extends Share {
  readonly plays: number;
  readonly endings: Readonly<Record<string, number>>;
  readonly found: readonly Breach[];
}

interface Breach {
  readonly law: number;
  readonly seed: number;
  readonly how: string;
  readonly what: string;
}

/** Cuts the seeds from `first` on into shares; the last one takes what is left. */
export const sharesOf = (first: number, count: number, each: number): readonly Share[] =>
  Array.from({ length: Math.ceil(count / each) }, (_, at) => ({
    first: first + at * each,
    count: Math.min(each, count - at * each),
  }));

/** Bundled once, a process starts at once and runs without the cost of a test runner. */
async function bundleEntry(): Promise<string> {
  const outfile = join(ROOT, 'dist', 'laws', 'full-run.js');
  await build({
    absWorkingDir: ROOT,
    entryPoints: [ENTRY],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}

/** Has a process of its own try one share after another until none is left; whether it came to the end of them. */
function work(entry: string, left: Share[], done: (census: Census) => void): Promise<boolean> {
  const child = fork(entry, { execArgv: ['--enable-source-maps'] });
  const next = (): void => {
    const share = left.shift();
    if (share === undefined) child.disconnect();
    else child.send(share);
  };
  child.on('message', (census) => {
    done(census as Census);
    next();
  });
  next();
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

const counts = (censuses: readonly Census[]): string =>
  [
    `${String(sum(censuses.map(({ count }) => count)))} worlds`,
    `${String(sum(censuses.map(({ plays }) => plays)))} plays`,
    `${String(sum(censuses.map(({ found }) => found.length)))} breaches`,
  ].join(', ');

/** A breach, and how to see it again. */
export const breachText = ({ law, seed, how, what }: Breach): string =>
  `BREACH of law ${String(law)}, ${how}: ${what}; to repeat: npm run laws -- 1 ${String(seed)}`;

/** The counts of all shares as a table in Markdown. */
export function renderTable(censuses: readonly Census[], seconds: number): string {
  const endings = new Map<string, number>();
  for (const [ending, count] of censuses.flatMap((census) => Object.entries(census.endings)))
    endings.set(ending, (endings.get(ending) ?? 0) + count);
  const lines = [...endings]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ending, count]) => `| ${ending} | ${String(count)} |`);
  return [`${counts(censuses)}, ${String(seconds)} s`, '', '| ending | worlds |', '|---|---|', ...lines].join('\n');
}

/** As much as a reader takes in. */
const SHOWN = 20;
const EVERY_WORLDS = 100;

/** Tries the laws on every world, with every fault at every step; answers with the exit code. */
export async function tryLaws(args: readonly string[]): Promise<number> {
  const [worlds = String(WORLDS), first = '0'] = args;
  const [count, from] = [Number(worlds), Number(first)];
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(from) || from < 0) {
    console.error(`npm run laws: ${args.join(' ')} is not valid; allowed: [WORLDS [FIRST_SEED]]`);
    return 2;
  }
  const began = Date.now();
  const secondsSince = (): number => Math.round((Date.now() - began) / 1000);
  const entry = await bundleEntry();
  const left = [...sharesOf(from, count, AT_A_TIME)];
  const censuses: Census[] = [];
  let shown = 0;
  const done = (census: Census): void => {
    censuses.push(census);
    for (const each of census.found) if ((shown += 1) <= SHOWN) console.log(breachText(each));
    const tried = sum(censuses.map((each) => each.count));
    if (tried % EVERY_WORLDS === 0) console.log(`${counts(censuses)}, ${String(secondsSince())} s`);
  };
  const ends = await Promise.all(Array.from({ length: PROCESSES }, () => work(entry, left, done)));
  console.log(renderTable(censuses, secondsSince()));
  if (ends.includes(false)) console.error('npm run laws: a process ended before its worlds did');
  return ends.every(Boolean) && censuses.every(({ found }) => found.length === 0) ? 0 : 1;
}

if (require.main === module)
  void tryLaws(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
