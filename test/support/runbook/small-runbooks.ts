import type { Doors, Payload, RunOptions } from './doors.js';
import { runDocument, type RunResult } from './interpreter.js';
import { Fault, type FaultKind } from './step-failure.js';

// Small runbooks, and doors that write down what goes through them.

export type Step = Readonly<Record<string, unknown>>;

export const runbook = (mainSteps: readonly Step[], rest: Payload = {}): Payload => ({
  schemaVersion: '0.3',
  mainSteps,
  ...rest,
});

export const call = (name: string, more: Step = {}, params: Payload = {}): Step => ({
  name,
  action: 'aws:executeAwsApi',
  inputs: { Service: 'ec2', Api: name, ...params },
  ...more,
});

export const ask = (
  name: string,
  outputs: Readonly<Record<string, readonly [string, string]>>,
  more: Step = {},
): Step => ({
  name,
  action: 'aws:invokeLambdaFunction',
  inputs: { FunctionName: 'Planner', InputPayload: { mode: 'plan' } },
  outputs: Object.entries(outputs).map(([Name, [Selector, Type]]) => ({ Name, Selector, Type })),
  ...more,
});

export const branch = (name: string, choices: readonly Step[], fallback?: string): Step => ({
  name,
  action: 'aws:branch',
  inputs: { Choices: choices, ...(fallback === undefined ? {} : { Default: fallback }) },
});

export const failing = (name: string, message: string): Step => ({
  name,
  action: 'aws:executeScript',
  isEnd: true,
  inputs: {
    Runtime: 'python3.11',
    Handler: 'f',
    InputPayload: { m: message },
    Script: "def f(e, c):\n  raise Exception('REFUSED: ' + e['m'])\n",
  },
});

/** Doors that write down every call; an operation whose name starts with `Bad` fails. */
export function doors(answers: Readonly<Record<string, unknown>> = {}) {
  const calls: { readonly name: string; readonly params: Payload }[] = [];
  const answer = async (name: string, params: Payload): Promise<unknown> => {
    calls.push({ name, params });
    if (name.startsWith('Bad')) throw new Error(`${name} was refused`);
    return answers[name] ?? {};
  };
  const made: Doors = {
    invokeLambda: (name, payload) => answer(name, payload),
    callApi: (_service, api, params) => answer(api, params),
    sleep: async (seconds) => void calls.push({ name: 'sleep', params: { seconds } }),
  };
  return { doors: made, calls, names: () => calls.map(({ name }) => name) };
}

export const run = (steps: readonly Step[], made = doors(), options: Partial<RunOptions> = {}): Promise<RunResult> =>
  runDocument(runbook(steps), {}, { doors: made.doors, ...options });

/** A hook that disturbs one step, whenever it runs. */
export const faultAt = (step: string, moment: 'before' | 'after', kind: FaultKind): Partial<RunOptions> => ({
  hooks: {
    at: (name, when) => {
      if (name === step && when === moment) throw new Fault(kind);
    },
  },
});
