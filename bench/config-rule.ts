import { existsSync, statSync } from 'node:fs';
import { checkBound, median } from './bounds.js';
import { splitCalls, sweepFloor, totalOf, type Calls, type SweepSize } from './call-floor.js';
import { changedGroupEvent, CONFIG_RULE_NAME, functionArn, scheduledEvent } from './config-events.js';
import type { Load, Loaded } from './load-worker.js';
import { startMotoWorld, type MotoWorld, type WorldSize } from './moto-world.js';
import type { Known, PagesRead } from './read-pages-worker.js';
import { startProxy, type RememberingProxy } from './remembering-proxy.js';
import { BUNDLE, lambdaEnv, messageOf, packagesOf, startFunction, startWorker } from './running-function.js';
import type { ProfileSplit } from './split-profile.js';

/** An account whose every list is one page, and the one of the bounds on a sweep. */
const SMALL: WorldSize = { groups: 10, loadBalancers: 2, distributions: 1, groupsPerLoadBalancer: 2 };
const LARGE: WorldSize = { groups: 5_000, loadBalancers: 400, distributions: 200, groupsPerLoadBalancer: 3 };

/** The bounds of the function. */
const MOST_READS_COLD = 6;
const MOST_OVER_FLOOR = 1;
const MOST_CPU = 1;
const MOST_LOADING = 1.25;
const MOST_MEMORY = 1.5;

const LOADS = 31;
const PROFILES = 3;
const PEAKS = 5;

/** Where nobody listens: the load is over when the first request would be sent. */
const NOWHERE = 'http://127.0.0.1:9';
const PLACE = { accountId: '123456789012', region: 'us-east-1', vpcId: 'vpc-0123456789abcdef0' };

/** Holds the AWS Config function against its SDK clients: its calls, its CPU time, its loading and its memory. */
export async function benchConfigRule(): Promise<void> {
  if (!existsSync(BUNDLE)) throw new Error(`${BUNDLE} is missing; run npm run build`);
  console.log(`\nThe AWS Config function, ${(statSync(BUNDLE).size / 1e3).toFixed(0)} kB`);
  await benchLoading();
  const isThere = await inWorld(SMALL, benchChanges);
  if (!isThere) {
    console.log('  calls, CPU time and memory: skipped, no moto; npm run test:integration installs it in .venv');
    return;
  }
  await inWorld(LARGE, async (place) => {
    await benchSweep(place);
    await benchCpu(place);
    await benchMemory(place);
  });
}

/** A filled moto and the way to it. */
interface Place {
  readonly world: MotoWorld;
  readonly proxy: RememberingProxy;
}

async function inWorld(size: WorldSize, measure: (place: Place) => Promise<void>): Promise<boolean> {
  const world = await startMotoWorld(size);
  if (world === null) return false;
  const proxy = await startProxy(world.url);
  try {
    await measure({ world, proxy });
  } finally {
    await proxy.stop();
    await world.stop();
  }
  return true;
}

/** Function and clients take turns, so that a slow moment of the machine falls on both. */
async function benchLoading(): Promise<void> {
  const event = changedGroupEvent(PLACE, 'sg-0123456789abcdef0');
  const ofFunction: Loaded = { bundle: BUNDLE, event, invokedFunctionArn: functionArn(PLACE) };
  const ofClients: Loaded = { packages: packagesOf(BUNDLE) };
  const loads: { readonly own: Load; readonly clients: Load }[] = [];
  for (let run = 0; run < LOADS; run += 1) loads.push({ own: await load(ofFunction), clients: await load(ofClients) });
  console.log(`  loading (median of ${String(LOADS)}, a process each, taking turns with its SDK clients alone)`);
  for (const [key, words] of [
    ['loadedMs', 'to the end of require'],
    ['firstCallMs', 'to the first call'],
  ] as const) {
    const times = { own: loads.map((each) => each.own[key]), clients: loads.map((each) => each.clients[key]) };
    const own = median(times.own);
    const clients = median(times.clients);
    const best = Math.min(...times.own) / Math.min(...times.clients);
    console.log(
      `    ${words}: ${own.toFixed(0)} ms; clients ${clients.toFixed(0)} ms; ratio ${ratio(own / clients)} (of the best of each ${ratio(best)})`,
    );
    checkBound(own / clients <= MOST_LOADING, `loading ${words} takes more than ${String(MOST_LOADING)} times as long`);
  }
}

async function load(what: Loaded): Promise<Load> {
  const worker = startWorker('load-worker', [JSON.stringify(what)], lambdaEnv(NOWHERE, PLACE.region));
  return messageOf<Load>(worker);
}

const sizeText = ({ groups, loadBalancers, distributions }: WorldSize): string =>
  `${groups.toLocaleString('en')} groups, ${String(loadBalancers)} ALBs, ${String(distributions)} distributions`;

async function benchChanges(place: Place): Promise<void> {
  const { world } = place;
  console.log(`  API calls of a change (counted in the SDK's middleware; against moto: ${sizeText(world.size)})`);
  const unused = await countCalls(place, [changedGroupEvent(world, world.unused)]);
  printCalls('a group that no ALB uses', unused[0]);
  checkBound(
    JSON.stringify(unused[0]?.reads) === JSON.stringify({ DescribeLoadBalancers: 1 }),
    'a group that no ALB uses takes one DescribeLoadBalancers and no other read',
  );
  const event = changedGroupEvent(world, world.inScope[0] ?? '');
  const [cold, warm] = await countCalls(place, [event, event]);
  printCalls('a group behind CloudFront, cold', cold);
  printCalls('the same, warm', warm);
  checkBound(totalOf(cold?.reads ?? {}) <= MOST_READS_COLD, `at most ${String(MOST_READS_COLD)} reads, cold`);
}

async function benchSweep(place: Place): Promise<void> {
  const { world, proxy } = place;
  console.log(`  API calls of a sweep (against moto: ${sizeText(world.size)})`);
  for (const words of ['the first, cold', 'the next, cold, with every result and finding held']) {
    const floor = sweepFloor(sizeOf(place));
    const [sweep] = await countCalls(place, [scheduledEvent(world)]);
    printCalls(words, sweep, floor);
    const { results } = proxy.held();
    if (results !== world.inScope.length)
      throw new Error(`the sweep left ${String(results)} results for ${String(world.inScope.length)} groups`);
    checkBound(
      totalOf(sweep?.reads ?? {}) - totalOf(floor) <= MOST_OVER_FLOOR,
      `a sweep reads at most ${String(MOST_OVER_FLOOR)} page more than the floor`,
    );
  }
}

interface Counted {
  readonly reads: Calls;
  readonly reports: Calls;
}

/** Invokes one process with some events and counts the calls of each. */
async function countCalls({ world, proxy }: Place, events: readonly object[]): Promise<readonly Counted[]> {
  const running = await startFunction(lambdaEnv(proxy.url, world.region));
  const counted: Counted[] = [];
  for (const event of events) {
    proxy.takeCalls();
    const { apiCalls } = await running.invoke({ event, invokedFunctionArn: functionArn(world), profile: false });
    const calls = proxy.takeCalls();
    if (apiCalls !== totalOf(calls))
      throw new Error(
        `the middleware counted ${String(apiCalls)} calls, and ${String(totalOf(calls))} were sent: some again, or unseen`,
      );
    counted.push(splitCalls(calls));
  }
  running.end();
  return counted;
}

function sizeOf({ world, proxy }: Place): SweepSize {
  const { results, findings } = proxy.held();
  return {
    loadBalancers: world.size.loadBalancers,
    distributions: world.size.distributions,
    unlinked: world.unlinked.length,
    inScope: world.inScope.length,
    cited: world.cited.length,
    prefixLists: 1,
    held: results,
    findings,
  };
}

function printCalls(words: string, counted: Counted | undefined, floor?: Calls): void {
  const { reads, reports } = counted ?? { reads: {}, reports: {} };
  const over = floor === undefined ? '' : `, floor ${String(totalOf(floor))}`;
  console.log(`    ${words}: ${String(totalOf(reads))} reads${over}; ${String(totalOf(reports))} reports`);
  const list = (calls: Calls): string =>
    Object.entries(calls)
      .map(([operation, count]) => {
        const least = floor?.[operation];
        const isOver = floor !== undefined && least !== undefined && least !== count;
        return `${operation} ${String(count)}${isOver ? ` (floor ${String(least)})` : ''}`;
      })
      .join(', ');
  console.log(`      ${list(reads)}; ${list(reports)}`);
}

async function benchCpu(place: Place): Promise<void> {
  const splits: ProfileSplit[] = [];
  for (let run = 0; run < PROFILES; run += 1) {
    const { split } = await sweepOnce(place, true);
    if (split !== null) splits.push(split);
  }
  const ratioOf = ({ ours, sdk }: ProfileSplit): number => ours.charged / sdk.charged;
  const ratios = median(splits.map(ratioOf));
  const split = splits.find((each) => ratioOf(each) === ratios);
  if (split === undefined) throw new Error('no profile was taken');
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  console.log(`  CPU time of a cold sweep, by profile (median of ${String(PROFILES)} processes, loading left out)`);
  console.log(
    `    our code ${ms(split.ours.charged)} (${ms(split.ours.self)} without what it calls of Node and the language)`,
  );
  console.log(`    the SDK ${ms(split.sdk.charged)} (${ms(split.sdk.self)}); ratio ${ratio(ratios)}`);
  const neither = split.node + split.garbageCollection + split.program;
  console.log(
    `    of neither: Node ${ms(split.node)}, garbage collection ${ms(split.garbageCollection)}, outside JavaScript ${ms(split.program)}; ratio ${ratio((split.ours.charged + neither) / split.sdk.charged)} if all of it were ours`,
  );
  checkBound(ratios < MOST_CPU, "our code takes less CPU time than the SDK's");
}

async function benchMemory(place: Place): Promise<void> {
  const { proxy } = place;
  const sweeps: number[] = [];
  const loops: number[] = [];
  for (let run = 0; run < PEAKS; run += 1) {
    proxy.takeCalls();
    sweeps.push((await sweepOnce(place, false)).peakMb);
    const read = splitCalls(proxy.takeCalls()).reads;
    loops.push((await readPagesOnce(place)).peakMb);
    const same = proxy.takeCalls();
    if (JSON.stringify(read) !== JSON.stringify(same))
      throw new Error(`not the same pages: ${JSON.stringify(read)} and ${JSON.stringify(same)}`);
  }
  const [sweep, loop] = [median(sweeps), median(loops)];
  console.log(
    `  peak memory of a cold sweep (median of ${String(PEAKS)}): ${sweep.toFixed(0)} MB; a loop that only reads the same pages ${loop.toFixed(0)} MB; ratio ${ratio(sweep / loop)}`,
  );
  checkBound(sweep / loop <= MOST_MEMORY, `at most ${String(MOST_MEMORY)} times the memory`);
}

async function sweepOnce(
  { world, proxy }: Place,
  profile: boolean,
): Promise<{ readonly split: ProfileSplit | null; readonly peakMb: number }> {
  const running = await startFunction(lambdaEnv(proxy.url, world.region));
  const invoked = await running.invoke({
    event: scheduledEvent(world),
    invokedFunctionArn: functionArn(world),
    profile,
  });
  running.end();
  return invoked;
}

async function readPagesOnce({ world, proxy }: Place): Promise<PagesRead> {
  const worker = startWorker('read-pages-worker', [], lambdaEnv(proxy.url, world.region));
  const known: Known = { ...world, configRuleName: CONFIG_RULE_NAME };
  worker.send({ ...known, stop: undefined });
  return messageOf<PagesRead>(worker);
}

const ratio = (value: number): string => value.toFixed(2);
