import type { RunState, RunStep } from '../core/proving.js';
import { doubt, type Answer } from './answer.js';
import { quote } from './quote.js';
import type { RunObservation } from './observations.js';

/** The state of an execution that ended, or why there is none to answer from. */
export function endOf(observation: RunObservation): { readonly state: RunState } | { readonly why: Answer } {
  switch (observation.end) {
    case 'refused':
      return { why: doubt(`the execution was not taken: ${observation.code}: ${quote(observation.message)}`) };
    case 'timed-out':
      return { why: doubt('the execution did not end in time') };
    case 'ended':
      return { state: observation.state };
  }
}

export const stepOf = (state: RunState, name: string): RunStep | undefined =>
  state.steps.find((step) => step.name === name);

/** How a step ended, for people. */
export const howEnded = (step: RunStep | undefined): string =>
  step === undefined
    ? 'was not reached'
    : step.failure === null
      ? step.status
      : `${step.status}: ${quote(step.failure)}`;

/** Whether somebody was refused for want of permission; in a failure, only the words tell. */
export const isRefused = (failure: string | null | undefined): boolean =>
  /UnauthorizedOperation|AccessDenied|not authorized to perform/.test(failure ?? '');
