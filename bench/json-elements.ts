import { readFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonElements, type JsonHandler } from '../snapshot/json-elements.js';
import { openBytes } from '../snapshot/open-bytes.js';
import { ITEMS, writeConfigSnapshot } from './config-snapshot.js';

const BYTES = 100e6;
const RUNS = 5;
const UNWANTED = 'AWS::EC2::Instance';

interface Item {
  readonly resourceType: string;
}

/** Reads one AWS Config snapshot by elements and holds that against `JSON.parse` of the same bytes, turn by turn. */
export async function benchJsonElements(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-bench-'));
  try {
    const path = join(folder, 'snapshot.json');
    await writeConfigSnapshot(path, BYTES);
    const megabytes = statSync(path).size / 1e6;
    let elements = Infinity;
    let whole = Infinity;
    for (let run = 0; run < RUNS; run += 1) {
      elements = Math.min(elements, await secondsOf(() => wantedByElements(path)));
      whole = Math.min(whole, await secondsOf(() => wantedOfWhole(path)));
    }
    const line = (name: string, seconds: number): string =>
      `  ${name}: ${(seconds * 1e3).toFixed(0)} ms, ${(megabytes / seconds).toFixed(0)} MB/s`;
    console.log(
      `\nWanted items out of ${megabytes.toFixed(0)} MB, ${ITEMS.toLocaleString('en')} items, 5 % wanted (best of ${String(RUNS)}, one process)`,
    );
    console.log(line('readJsonElements, JSON.parse of the wanted', elements));
    console.log(line('readFile, toString, JSON.parse of the whole', whole));
    console.log(`  ratio ${(elements / whole).toFixed(2)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function wantedByElements(path: string): Promise<number> {
  let found = 0;
  const handler: JsonHandler = {
    plan: (key) => (key === 'configurationItems' ? 'elements' : 'skip'),
    wants: (_key, resourceType) => resourceType !== UNWANTED,
    element: (_key, _index, json) => {
      const item = JSON.parse(json.toString()) as Item;
      if (item.resourceType !== UNWANTED) found += 1;
    },
    value: () => undefined,
  };
  await readJsonElements(openBytes(path), handler);
  return found;
}

function wantedOfWhole(path: string): number {
  const { configurationItems } = JSON.parse(readFileSync(path).toString()) as { configurationItems: Item[] };
  return configurationItems.filter(({ resourceType }) => resourceType !== UNWANTED).length;
}

async function secondsOf(find: () => number | Promise<number>): Promise<number> {
  const start = performance.now();
  const found = await find();
  if (found !== ITEMS / 20) throw new Error(`found ${String(found)} of ${String(ITEMS / 20)} wanted items`);
  return (performance.now() - start) / 1e3;
}
