/** A step did not do what it was to do; its `onFailure` decides what follows. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';

  constructor(
    message: string,
    readonly status: 'Failed' | 'TimedOut' = 'Failed',
  ) {
    super(message);
  }
}

export const FAULTS = ['error', 'lost-answer', 'timeout', 'cancel', 'crash'] as const;
export type FaultKind = (typeof FAULTS)[number];

/**
 * What a hook throws to disturb a run. Before a step, the call is not made, except for `lost-answer`; after it, the
 * call was made. `cancel` takes the step's `onCancel`; `crash` stops everything.
 */
export class Fault extends Error {
  override readonly name = 'Fault';

  constructor(readonly kind: FaultKind) {
    super(`fault: ${kind}`);
  }
}
