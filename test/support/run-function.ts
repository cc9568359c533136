import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seen } from './planted-secrets.js';

/** How one invocation ended. */
export interface Invoked {
  readonly ok: boolean;
  /** The name of the error with which the function failed; `Sandbox.Timedout` when its time was over first. */
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  /** What it returned. */
  readonly result: unknown;
  /** The lines that it wrote, as JSON; a line that is none is a text. */
  readonly lines: readonly unknown[];
  /** Everything that the process wrote to its standard error so far. */
  readonly stderr: string;
  readonly milliseconds: number;
}

/** With which keys, in which Region the function runs. */
export interface FunctionCaller {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface FunctionOptions {
  /** Where the function finds AWS. */
  readonly endpoint: string;
  readonly caller: FunctionCaller;
  readonly accountId: string;
  /** Whether the process keeps what the function keeps between events, or loads it anew for each, as if it were new. */
  readonly load: 'once' | 'each-time';
  /** @default - `dist/functions/config-rule.js`, or what ORIGIN_GUARD_FUNCTION names */
  readonly bundle?: string;
}

export interface InvokeOptions {
  /** How long the function may take. @default 15_000 */
  readonly budgetMs?: number;
  /** Settings of the function, in force until the process ends or another event brings others. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A process that has loaded the function and waits for events, as an execution environment of Lambda does. */
export interface RunningFunction {
  readonly invoke: (event: unknown, options?: InvokeOptions) => Promise<Invoked>;
  /** Lets the process end; the exit code, or `null` when it had to be killed. */
  readonly end: () => Promise<number | null>;
}

const FUNCTION_NAME = 'origin-guard-rule';
const DEFAULT_BUDGET_MS = 15_000;
/** How long after its time Lambda ends a function, and a process whose input has ended. */
const GRACE_MS = 300;
const EXIT_MS = 3_000;

/**
 * Loads the bundle, then answers one line of standard input after another with a line of standard output that starts
 * with a secret mark: what the function itself writes comes before it, in the same pipe.
 */
const PROGRAM = `
const { createInterface } = require('node:readline');
const [bundle, mark, arn, load] = process.argv.slice(1);
const environment = { ...process.env };
require(bundle);
process.stdout.write(mark + 'loaded\\n');
createInterface({ input: process.stdin }).on('line', async (line) => {
  const { event, budgetMs, requestId, settings } = JSON.parse(line);
  process.env = { ...environment, ...settings };
  // The SDK stays loaded, which is most of the time that loading takes.
  if (load === 'each-time') delete require.cache[require.resolve(bundle)];
  const { handler } = require(bundle);
  const until = Date.now() + budgetMs;
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: arn.split(':').at(-1),
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: '256',
    awsRequestId: requestId,
    logGroupName: '/aws/lambda/' + arn.split(':').at(-1),
    logStreamName: '2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef',
    getRemainingTimeInMillis: () => until - Date.now(),
  };
  let answer;
  try {
    answer = { ok: true, result: (await handler(event, context)) ?? null };
  } catch (error) {
    answer = { ok: false, errorType: error?.name ?? typeof error, errorMessage: error?.message ?? String(error) };
  }
  process.stderr.write(mark + requestId + '\\n');
  process.stdout.write(mark + JSON.stringify(answer) + '\\n');
});
`;

/** Starts a process and loads the function in it. */
export async function startFunction(options: FunctionOptions): Promise<RunningFunction> {
  const { endpoint, caller, accountId, load } = options;
  const bundle = options.bundle ?? defaultBundle();
  const arn = `arn:aws:lambda:${caller.region}:${accountId}:function:${FUNCTION_NAME}`;
  const mark = `\u0001${randomUUID()} `;
  const child = spawn(process.execPath, ['-e', PROGRAM, bundle, mark, arn, load], {
    // The environment of a Lambda function, and nothing of the user's own.
    env: {
      PATH: process.env['PATH'] ?? '',
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: caller.region,
      AWS_DEFAULT_REGION: caller.region,
      AWS_ACCESS_KEY_ID: caller.accessKeyId,
      AWS_SECRET_ACCESS_KEY: caller.secretAccessKey,
      ...(caller.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: caller.sessionToken }),
      AWS_LAMBDA_FUNCTION_NAME: FUNCTION_NAME,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  let onError: (() => void) | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    onError?.();
  });
  // The two pipes of a process come in any order.
  const takeErrors = (end: string): Promise<void> =>
    new Promise((resolve) => {
      onError = () => {
        if (!stderr.includes(end)) return;
        stderr = stderr.replace(end, '');
        resolve();
      };
      onError();
      void exited.then(() => resolve());
    });
  // A child that died is seen by its exit.
  child.stdin.on('error', () => {});
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });

  let said: string[] = [];
  let onAnswer: ((text: string | null) => void) | undefined;
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (line.startsWith(mark)) onAnswer?.(line.slice(mark.length));
    else said.push(line);
  });
  let isGone = false;
  void Promise.all([exited, once(lines, 'close')]).then(() => {
    isGone = true;
    onAnswer?.(null);
  });
  const nextAnswer = (): Promise<string | null> =>
    new Promise((resolve) => {
      onAnswer = resolve;
      if (isGone) resolve(null);
    });

  if ((await nextAnswer()) === null) throw new Error(`${bundle} cannot be loaded: ${stderr}`);
  return {
    invoke: async (event, { budgetMs = DEFAULT_BUDGET_MS, settings = {} } = {}) => {
      said = [];
      const started = Date.now();
      const answered = nextAnswer();
      const timer = setTimeout(() => onAnswer?.(TIMED_OUT), budgetMs + GRACE_MS);
      const requestId = randomUUID();
      child.stdin.write(`${JSON.stringify({ event, budgetMs, settings, requestId })}\n`);
      const text = await answered;
      clearTimeout(timer);
      if (text === TIMED_OUT || text === null) child.kill('SIGKILL');
      await takeErrors(`${mark}${requestId}\n`);
      seen([...said, text, stderr].join('\n'), bundle);
      const answer = JSON.parse(text ?? DIED) as Partial<Invoked>;
      return {
        ok: answer.ok === true,
        errorType: answer.errorType ?? null,
        errorMessage: answer.errorMessage ?? null,
        result: answer.result ?? null,
        lines: said.map(jsonOr),
        stderr,
        milliseconds: Date.now() - started,
      };
    },
    end: async () => {
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), EXIT_MS);
      const code = await exited;
      clearTimeout(timer);
      return code;
    },
  };
}

const TIMED_OUT = JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage: 'the function did not end in time' });
const DIED = JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: 'the process of the function ended' });

function defaultBundle(): string {
  const named = process.env['ORIGIN_GUARD_FUNCTION'] ?? '';
  return named === '' ? join(__dirname, '..', '..', 'dist', 'functions', 'config-rule.js') : named;
}

function jsonOr(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return line;
  }
}
