import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Invoked, Order } from './invoke-worker.js';

/** The function as it is deployed. */
export const BUNDLE = join(__dirname, '..', 'functions', 'config-rule.js');

/** The SDK packages that the function loads, as its own text names them. */
export function packagesOf(bundle: string): readonly string[] {
  const text = readFileSync(bundle, 'utf8');
  return [...new Set([...text.matchAll(/require\("(@aws-sdk\/[^"]+)"\)/g)].flatMap(([, name]) => name ?? []))].sort();
}

/** The environment of a Lambda function that finds AWS at `endpoint`, and nothing of the user's own. */
export const lambdaEnv = (endpoint: string, region: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: 'testing',
  AWS_SECRET_ACCESS_KEY: 'testing',
  AWS_LAMBDA_FUNCTION_NAME: 'origin-guard-rule',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});

/** Starts a worker of this folder. */
export const startWorker = (name: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess =>
  fork(join(__dirname, `${name}.js`), args, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });

/** The next message of a worker; an error when it ends without one. */
export async function messageOf<T>(worker: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const died = (code: number | null): void => {
    ended.abort(new Error(`a worker ended with ${String(code)}`));
  };
  worker.once('exit', died);
  try {
    const [message] = (await once(worker, 'message', { signal: ended.signal })) as [T];
    return message;
  } catch (error) {
    throw ended.signal.aborted ? ended.signal.reason : error;
  } finally {
    worker.removeListener('exit', died);
  }
}

/** A process that has loaded the function. */
export interface RunningFunction {
  /** Invokes the function; an error when it failed. */
  readonly invoke: (order: Order) => Promise<Invoked>;
  readonly end: () => void;
}

/** Starts a process and loads the function in it. */
export async function startFunction(env: NodeJS.ProcessEnv): Promise<RunningFunction> {
  const worker = startWorker('invoke-worker', [BUNDLE], env);
  await messageOf(worker);
  return {
    invoke: async (order) => {
      worker.send(order);
      const invoked = await messageOf<Invoked>(worker);
      if (invoked.error !== null) throw new Error(`the function failed: ${invoked.error}`);
      return invoked;
    },
    end: () => {
      worker.kill();
    },
  };
}
