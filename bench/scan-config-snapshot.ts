import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ITEMS, writeConfigSnapshot } from './config-snapshot.js';

const SIZES_GB = [0.1, 0.4, 2] as const;
/** V8's strings end near 512 MB, so `JSON.parse` cannot be asked beyond. */
const BASELINE_ENDS_GB = 0.4;
const RUNS = 5;

interface Result {
  readonly seconds: number;
  readonly peakMb: number;
  readonly judged: number;
}

/** Scans AWS Config snapshots of three sizes and holds each against `JSON.parse` of the same bytes. */
export async function benchScan(): Promise<void> {
  console.log(
    `\nScan of an AWS Config snapshot, ${ITEMS.toLocaleString('en')} items, 5 % kept (best of ${String(RUNS)}, one process each)`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-bench-'));
  try {
    for (const size of SIZES_GB) {
      const path = join(folder, `snapshot-${String(size)}.json`);
      await writeConfigSnapshot(path, size * 1e9);
      const megabytes = statSync(path).size / 1e6;
      const hasBaseline = size <= BASELINE_ENDS_GB;
      const { scan, parse } = measure(path, hasBaseline);
      const line = `  ${megabytes.toFixed(0)} MB: scan ${scan.seconds.toFixed(2)} s, peak ${scan.peakMb.toFixed(0)} MB, ${String(scan.judged)} judged`;
      console.log(
        parse === null
          ? `${line} (no baseline at this size)`
          : `${line}; JSON.parse ${parse.seconds.toFixed(2)} s, peak ${parse.peakMb.toFixed(0)} MB; ratio ${(scan.seconds / parse.seconds).toFixed(2)}`,
      );
      rmSync(path);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Scan and baseline take turns, so that a slow moment of the machine falls on both; the best of each counts. */
function measure(path: string, hasBaseline: boolean): { readonly scan: Result; readonly parse: Result | null } {
  let scan = once('scan', path);
  let parse = hasBaseline ? once('parse', path) : null;
  for (let run = 1; run < RUNS; run += 1) {
    scan = faster(scan, once('scan', path));
    parse = parse === null ? null : faster(parse, once('parse', path));
  }
  return { scan, parse };
}

const faster = (a: Result, b: Result): Result => (b.seconds < a.seconds ? b : a);

function once(what: 'scan' | 'parse', path: string): Result {
  const worker = join(__dirname, 'scan-worker.js');
  const text = execFileSync(process.execPath, ['--max-old-space-size=8192', worker, what, path], { encoding: 'utf8' });
  return JSON.parse(text) as Result;
}
