import { Session } from 'node:inspector/promises';
import { createRequire } from 'node:module';
import { splitProfile, type ProfileSplit } from './split-profile.js';

/** What the worker is asked to do with one event. */
export interface Order {
  readonly event: unknown;
  readonly invokedFunctionArn: string;
  readonly profile: boolean;
}

/** What came of it. */
export interface Invoked {
  /** How the function failed, or `null`. */
  readonly error: string | null;
  /** The calls that the SDK's middleware counted, as the function's own metric says; `null` without one. */
  readonly apiCalls: number | null;
  readonly split: ProfileSplit | null;
  /** The most memory that the process has held so far. */
  readonly peakMb: number;
}

/** Samples are so far apart, in microseconds. */
const INTERVAL_US = 100;
const BUDGET_MS = 60_000;

type Handler = (event: unknown, context: object) => Promise<void>;

/** Loads the function and gives it one event after another, as an execution environment of Lambda does. */
function serve(bundle: string): void {
  const { handler } = createRequire(__filename)(bundle) as { readonly handler: Handler };
  process.on('message', (order: Order) => {
    void invoke(handler, order, bundle).then((invoked) => process.send?.(invoked));
  });
  process.send?.('loaded');
}

async function invoke(
  handler: Handler,
  { event, invokedFunctionArn, profile }: Order,
  bundle: string,
): Promise<Invoked> {
  let error: string | null = null;
  const run = async (): Promise<void> => {
    const until = Date.now() + BUDGET_MS;
    await handler(event, {
      awsRequestId: 'b2a2b6b0-0000-4000-8000-000000000000',
      invokedFunctionArn,
      getRemainingTimeInMillis: () => until - Date.now(),
    }).catch((reason: unknown) => {
      error = String(reason);
    });
  };
  const lines = captureLines();
  let split: ProfileSplit | null = null;
  try {
    if (profile) split = await profiled(run, bundle);
    else await run();
  } finally {
    lines.end();
  }
  return { error, apiCalls: metricOf(lines.text()), split, peakMb: process.resourceUsage().maxRSS / 1024 };
}

async function profiled(run: () => Promise<void>, bundle: string): Promise<ProfileSplit> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await session.post('Profiler.start');
  await run();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return splitProfile(profile, bundle);
}

/** The function writes its log and its metrics to standard output. */
function captureLines(): { readonly text: () => string; readonly end: () => void } {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  let text = '';
  stdout.write = (chunk: string | Uint8Array): boolean => {
    text += String(chunk);
    return true;
  };
  return {
    text: () => text,
    end: () => {
      stdout.write = write;
    },
  };
}

function metricOf(text: string): number | null {
  const line = text.split('\n').findLast((each) => each.includes('"ApiCalls":'));
  return line === undefined ? null : (JSON.parse(line) as { readonly ApiCalls: number }).ApiCalls;
}

serve(process.argv[2] ?? '');
