import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CalledOperation, RawRequest } from '../proxy/called-operation.js';
import { askedOf, type Asked, type MadeCall, type Place } from './asked-of.js';

/** Names the folder into which the calls of a run are written; without it, nobody writes. */
export const CALLS_FOLDER = 'ORIGIN_GUARD_CALLS';

/** One call of a run: who made it, and what IAM is asked for it. Nothing of what the call said is in it. */
export interface RecordedCall {
  /** The name of the role without its Region. */
  readonly role: string;
  readonly home: Place;
  /** The step of a runbook; `null` for a call of a function. */
  readonly step: string | null;
  readonly asked: readonly Asked[];
}

type Env = Readonly<Record<string, string | undefined>>;

/** Writes down each call of a role, a line of JSON in a file that is named like the test file; for proofs that follow. */
export function callRecorder(
  role: string,
  home: Place,
  env: Env = process.env,
): (call: MadeCall, step?: string) => void {
  const folder = env[CALLS_FOLDER] ?? '';
  if (folder === '') return () => {};
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${basename(expect.getState().testPath ?? 'no-test')}.jsonl`);
  return (call, step) => {
    const recorded: RecordedCall = { role, home, step: step ?? null, asked: askedOf(call, home) };
    appendFileSync(file, `${JSON.stringify(recorded)}\n`);
  };
}

export interface WatchOptions {
  /** The keys of the function, where others speak through the same proxy. @default - every call is the function's */
  readonly only?: string;
  /** @default process.env */
  readonly env?: Env;
}

/** The same for a proxy through which a function speaks with AWS. */
export function callWatcher(
  role: string,
  home: Place,
  { only, env = process.env }: WatchOptions = {},
): (called: CalledOperation, raw: RawRequest) => void {
  const record = callRecorder(role, home, env);
  return ({ accessKeyId, ...called }, { path }) => {
    if (only === undefined || accessKeyId === only) record({ ...called, path });
  };
}

/** Everything that was written into the folder. */
export const readCalls = (folder: string): readonly RecordedCall[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) =>
      readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as RecordedCall),
    );
