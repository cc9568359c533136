import { benchConfigRule } from './config-rule.js';
import { benchJsonElements } from './json-elements.js';
import { benchJudge } from './judge-groups.js';
import { benchPlan } from './plan-groups.js';
import { benchScan } from './scan-config-snapshot.js';

const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  elements: benchJsonElements,
  judge: benchJudge,
  plan: benchPlan,
  scan: benchScan,
  'config-rule': benchConfigRule,
};

/** The benchmarks that are named, or every one, one after another; ratios count, absolute times vary from machine to machine. */
async function main(names: readonly string[]): Promise<void> {
  console.log(`node ${process.version}, ${process.platform} ${process.arch}`);
  for (const name of names.length === 0 ? Object.keys(BENCHES) : names) {
    const bench = BENCHES[name];
    if (bench === undefined) throw new RangeError(`no benchmark ${name}; allowed: ${Object.keys(BENCHES).join(', ')}`);
    await bench();
  }
}

void main(process.argv.slice(2));
