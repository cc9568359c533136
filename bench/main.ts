import { benchJsonElements } from './json-elements.js';
import { benchJudge } from './judge-groups.js';
import { benchScan } from './scan-config-snapshot.js';

/** Every benchmark, one after another; ratios count, absolute times vary from machine to machine. */
async function main(): Promise<void> {
  console.log(`node ${process.version}, ${process.platform} ${process.arch}`);
  await benchJsonElements();
  await benchJudge();
  await benchScan();
}

void main();
