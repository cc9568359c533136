import { payloadOf, perform } from './actions.js';
import { chosenStep } from './choices.js';
import { parseDocument, stepIn, UnsupportedDocument, type SsmDocument, type SsmStep } from './document.js';
import { RUN_DEFAULTS, type Doors, type Payload, type RunOptions } from './doors.js';
import { readParameters } from './parameters.js';
import { fill, unresolved, type Scope } from './references.js';
import { isOfType, select } from './selector.js';
import { Fault, StepFailure } from './step-failure.js';

export interface StepRecord {
  /** `STEP/NESTED_STEP` for a step of a nested run. */
  readonly name: string;
  readonly action: string;
  readonly status: 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';
  readonly outputs: Payload;
  /** Why it did not succeed, else empty. */
  readonly message: string;
  readonly attempts: number;
}

export interface RunResult {
  readonly executionId: string;
  /** `Crashed`: nothing more ran, and AWS would go on showing it as under way. */
  readonly status: StepRecord['status'] | 'Crashed';
  /** In the order in which they ended; the steps of a nested run come before the step that started it. */
  readonly steps: readonly StepRecord[];
  /** The outputs of the document, by the text that names them; what no step gave is absent. */
  readonly outputs: Payload;
  /** Why it did not succeed, else empty. */
  readonly message: string;
}

/** A run that goes one step at a time, so that two can be interleaved. */
export interface Execution {
  readonly executionId: string;
  /** Runs the next step, of a nested run too, and returns its record; `null` when the run is over. */
  next(): Promise<StepRecord | null>;
  /** What became of the run; raises `RangeError` while it goes on. */
  result(): RunResult;
}

const MOST_STEPS = 2_000;

/** Starts a runbook, rendered or parsed, over the doors given; raises `InvalidParameters` where AWS would not start it. */
export function start(
  document: unknown,
  parameters: Payload,
  options: Partial<RunOptions> & { readonly doors: Doors },
): Execution {
  const run = new Run(parseDocument(document), parameters, { ...RUN_DEFAULTS, ...options }, '');
  const steps = run.steps();
  let result: RunResult | null = null;
  return {
    executionId: run.executionId,
    next: async () => {
      if (result !== null) return null;
      const { done, value } = await steps.next();
      if (done !== true) return value;
      result = value;
      return null;
    },
    result: () => {
      if (result === null) throw new RangeError('the run is not over; call next() until it returns null');
      return result;
    },
  };
}

/** Runs a runbook, rendered or parsed, to its end. */
export async function runDocument(
  document: unknown,
  parameters: Payload,
  options: Partial<RunOptions> & { readonly doors: Doors },
): Promise<RunResult> {
  const execution = start(document, parameters, options);
  while ((await execution.next()) !== null);
  return execution.result();
}

type Ended = Omit<StepRecord, 'name' | 'action' | 'attempts'> & { readonly goTo: string | null };

class Run {
  readonly executionId: string;
  readonly #parameters: ReadonlyMap<string, unknown>;
  readonly #outputs = new Map<string, unknown>();
  readonly #records: StepRecord[] = [];
  #nested = 0;

  constructor(
    readonly document: SsmDocument,
    given: Payload,
    readonly options: RunOptions,
    readonly prefix: string,
  ) {
    this.executionId = options.executionId;
    this.#parameters = readParameters(document, given);
  }

  /** Yields each step as it ends, those of nested runs too, and returns what became of the run. */
  async *steps(): AsyncGenerator<StepRecord, RunResult> {
    let name: string | null = this.document.mainSteps[0]?.name ?? null;
    let status: RunResult['status'] = 'Success';
    let message = '';
    for (let count = 0; name !== null; count += 1) {
      if (count > MOST_STEPS) throw new UnsupportedDocument('the runbook goes in circles');
      const step = this.#step(name);
      const path = this.prefix + step.name;
      let ended: StepRecord & { readonly goTo: string | null };
      try {
        await this.options.hooks.between?.(path);
        ended = yield* this.#run(step, path);
      } catch (error) {
        if (error instanceof Fault && error.kind === 'crash') return this.#result('Crashed', `crashed at ${path}`);
        throw error;
      }
      const { goTo, ...record } = ended;
      this.#records.push(record);
      // A step that failed fails the run, wherever `onFailure` leads, unless it says that it is not critical.
      // Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-handling-timeouts.html
      const isCritical = step.isCritical ?? step.onFailure !== 'Continue';
      if (record.status === 'Cancelled' || (record.status !== 'Success' && isCritical && status !== 'Cancelled')) {
        status = record.status;
        message = record.message;
      }
      yield record;
      name = goTo;
    }
    return this.#result(status, message);
  }

  /** The steps of a nested run are yielded on the way. */
  async *#run(step: SsmStep, path: string): AsyncGenerator<StepRecord, StepRecord & { readonly goTo: string | null }> {
    for (let attempt = 1; ; attempt += 1) {
      const ended = yield* this.#attempt(step, path, attempt);
      const isOver = ended.status === 'Success' || ended.status === 'Cancelled' || attempt >= step.maxAttempts;
      if (!isOver) continue;
      for (const [name, value] of Object.entries(ended.outputs)) this.#outputs.set(`${step.name}.${name}`, value);
      return { name: path, action: step.action, attempts: attempt, ...ended };
    }
  }

  async *#attempt(step: SsmStep, path: string, attempt: number): AsyncGenerator<StepRecord, Ended> {
    const { hooks, now } = this.options;
    try {
      const lost = await faultAt(() => hooks.at?.(path, 'before', attempt));
      const began = now();
      const answer = yield* this.#answer(step, path);
      if (lost !== null) throw lost;
      await hooks.at?.(path, 'after', attempt);
      if (now() - began > (step.timeoutSeconds ?? Infinity) * 1000) throw new Fault('timeout');
      const outputs = step.action === 'aws:branch' ? {} : this.#select(step, answer);
      const chosen = step.action === 'aws:branch' ? (answer as string | null) : null;
      const goTo = step.isEnd ? null : (chosen ?? this.#following(step));
      return { status: 'Success', outputs, message: '', goTo };
    } catch (error) {
      return this.#failed(step, error);
    }
  }

  /** What the action gave; for a branch, the step it chose or `null`. */
  async *#answer(step: SsmStep, path: string): AsyncGenerator<StepRecord, unknown> {
    if (step.action === 'aws:branch') {
      const choices = step.inputs['Choices'] as readonly Payload[];
      const fallback = step.inputs['Default'];
      return chosenStep(choices, (each) => fill(each, this.#scope)) ?? fallback ?? null;
    }
    // A script is run as it is written: values must come by its payload.
    const { Script: _, ...written } = step.inputs;
    const inputs = fill(written, this.#scope) as Payload;
    if (step.action === 'aws:executeAutomation') return yield* this.#runNested(inputs, path);
    return perform(step, inputs, this.options, { executionId: this.executionId, step: path });
  }

  async *#runNested(inputs: Payload, path: string): AsyncGenerator<StepRecord, unknown> {
    const name = String(inputs['DocumentName']);
    const document = this.options.doors.documentNamed?.(name) ?? null;
    if (document === null) throw new StepFailure(`there is no document ${name}`);
    this.#nested += 1;
    const executionId = `${this.executionId}-${this.#nested}`;
    const nested = new Run(
      parseDocument(document),
      payloadOf(inputs, 'RuntimeParameters'),
      { ...this.options, executionId },
      `${path}/`,
    );
    const result = yield* nested.steps();
    this.#records.push(...result.steps);
    if (result.status === 'Crashed') throw new Fault('crash');
    if (result.status === 'Cancelled') throw new Fault('cancel');
    if (result.status !== 'Success') throw new StepFailure(result.message, result.status);
    return { ExecutionId: executionId, Status: result.status, Output: Object.values(result.outputs) };
  }

  #select({ name, outputs }: SsmStep, answer: unknown): Payload {
    return Object.fromEntries(
      outputs.map(({ Name: output, Selector: selector, Type: type }) => {
        const value = select(selector, answer);
        if (value === undefined) {
          if (this.options.missingOutputs === 'empty') return [output, ''];
          throw new StepFailure(`output ${name}.${output}: ${selector} finds nothing`);
        }
        if (isOfType(value, type)) return [output, value];
        throw new StepFailure(
          `output ${name}.${output}: ${selector} finds ${JSON.stringify(value)}, which is no ${type}`,
        );
      }),
    );
  }

  #failed(step: SsmStep, error: unknown): Ended {
    const isFault = error instanceof Fault;
    if (error instanceof UnsupportedDocument || (isFault && error.kind === 'crash')) throw error;
    const { message } = error as Error;
    if (isFault && error.kind === 'cancel')
      return { status: 'Cancelled', outputs: {}, message, goTo: step.isEnd ? null : stepIn(step.onCancel) };
    const timedOut = isFault ? error.kind === 'timeout' : error instanceof StepFailure && error.status === 'TimedOut';
    const goTo = step.onFailure === 'Continue' ? this.#following(step) : stepIn(step.onFailure);
    // Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StepExecution.html (IsEnd)
    return { status: timedOut ? 'TimedOut' : 'Failed', outputs: {}, message, goTo: step.isEnd ? null : goTo };
  }

  #following({ name, nextStep }: SsmStep): string | null {
    const { mainSteps } = this.document;
    return nextStep ?? mainSteps[mainSteps.findIndex((step) => step.name === name) + 1]?.name ?? null;
  }

  #step(name: string): SsmStep {
    const step = this.document.mainSteps.find((each) => each.name === name);
    if (step === undefined) throw new UnsupportedDocument(`there is no step ${name}`);
    return step;
  }

  readonly #scope: Scope = (reference) => {
    const { region, accountId, partition, missingOutputs } = this.options;
    const fixed = new Map<string, unknown>([
      ['global:REGION', region],
      ['global:ACCOUNT_ID', accountId],
      ['global:AWS_PARTITION', partition],
      ['automation:EXECUTION_ID', this.executionId],
    ]);
    const value = fixed.get(reference) ?? this.#parameters.get(reference) ?? this.#outputs.get(reference);
    if (value !== undefined) return value;
    if (missingOutputs === 'empty' && reference.includes('.')) return '';
    throw unresolved(reference);
  };

  #result(status: RunResult['status'], message: string): RunResult {
    const outputs = this.document.outputs
      .filter((name) => this.#outputs.has(name))
      .map((name) => [name, this.#outputs.get(name)]);
    const { executionId } = this;
    return { executionId, status, steps: [...this.#records], outputs: Object.fromEntries(outputs) as Payload, message };
  }
}

/** The lost answer that a hook asks for, or `null`; every other fault is thrown. */
async function faultAt(hook: () => void | Promise<void>): Promise<Fault | null> {
  try {
    await hook();
    return null;
  } catch (error) {
    if (error instanceof Fault && error.kind === 'lost-answer') return error;
    throw error;
  }
}
