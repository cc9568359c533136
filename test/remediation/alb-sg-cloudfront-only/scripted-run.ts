import type { PlanResult, VerifyResult } from '../../../remediation/alb-sg-cloudfront-only/result.js';
import { noopResult, toVerifyResult } from '../../../remediation/alb-sg-cloudfront-only/to-result.js';
import { renderRunbook } from '../../../remediation/runbook/render.js';
import type { Runbook } from '../../../remediation/runbook/steps.js';
import type { Payload, RunOptions } from '../../support/runbook/doors.js';
import { runDocument, type RunResult } from '../../support/runbook/interpreter.js';

export interface Told {
  readonly api: string;
  readonly step: string;
  readonly params: Payload;
}

export interface ScriptedRun {
  readonly result: RunResult;
  /** The calls of AWS, in order. */
  readonly writes: readonly Told[];
  readonly apis: readonly string[];
  /** The steps that were taken, in order. */
  readonly steps: readonly string[];
  readonly asked: readonly Payload[];
}

export type Answer = PlanResult | VerifyResult;

/** A plan that applies, or what is left of a rollback: a result with nothing in it but what is given. */
export const planResult = (mode: PlanResult['mode'], fields: Partial<PlanResult>): PlanResult => ({
  ...noopResult(mode, 'sg-0abc1234', 'COMPLIANT', 'because'),
  reasonCode: '',
  ...fields,
});

export const verified = (
  mode: VerifyResult['mode'],
  outcome: VerifyResult['outcome'],
  more: Partial<VerifyResult> = {},
): VerifyResult => ({ ...toVerifyResult(mode, { outcome, detail: `seen: ${outcome}` }), ...more });

/** Runs a runbook over a planner that answers by the step that asks, and an AWS in which everything works but `failing`. */
export async function scriptedRun(
  runbook: Runbook,
  parameters: Payload,
  answers: Readonly<Record<string, Answer | Error>>,
  { failing = [], ...options }: Partial<Omit<RunOptions, 'doors'>> & { readonly failing?: readonly string[] } = {},
): Promise<ScriptedRun> {
  const writes: Told[] = [];
  const asked: Payload[] = [];
  const result = await runDocument(renderRunbook(runbook), parameters, {
    ...options,
    executionId: 'run-1',
    doors: {
      invokeLambda: async (_name, payload, { step }) => {
        asked.push(payload);
        const answer = answers[step];
        if (answer === undefined || answer instanceof Error)
          throw answer ?? new Error(`nobody expected ${step} to ask`);
        return answer;
      },
      callApi: async (_service, api, params, { step }) => {
        writes.push({ api, step, params });
        if (failing.includes(step)) throw new Error(`${step} was refused`);
        return {};
      },
      approve: async () => true,
      documentNamed: () => null,
    },
  });
  return { result, writes, asked, apis: writes.map(({ api }) => api), steps: result.steps.map(({ name }) => name) };
}
