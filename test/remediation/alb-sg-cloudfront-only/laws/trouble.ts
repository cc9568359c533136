import type { StepRecord } from '../../../support/runbook/interpreter.js';
import type { RunOptions } from '../../../support/runbook/doors.js';
import { Fault, type FaultKind } from '../../../support/runbook/step-failure.js';
import { DEEDS, doDeed, type Deed } from './people.js';
import type { Stage } from './stage.js';

/** One thing that goes wrong at one step of a run. */
export type Trouble = FaultyStep | Outage | Interference | Pair;

interface FaultyStep {
  readonly kind: FaultKind;
  readonly step: string;
  readonly moment: 'before' | 'after';
  readonly isOnce: boolean;
}

/** The function fails, or AWS answers none of its reads, as long as the step lasts. */
interface Outage {
  readonly kind: 'broken' | 'blind';
  readonly step: string;
}

/** Somebody does something right before the step. */
interface Interference {
  readonly kind: 'deed';
  readonly step: string;
  readonly deed: Deed;
}

/** A fault, or somebody's deed, and one more fault in the same run. */
interface Pair {
  readonly kind: 'pair';
  readonly both: readonly [SingleFault | Interference, SingleFault];
}
export type SingleFault = FaultyStep | Outage;

/** What somebody does in a trouble, or `null` where nobody does anything. */
export function deedIn(trouble: Trouble | null): Interference | null {
  const first = trouble?.kind === 'pair' ? trouble.both[0] : trouble;
  return first?.kind === 'deed' ? first : null;
}

export const troubleText = (trouble: Trouble | null): string => {
  if (trouble === null) return 'no trouble';
  if (trouble.kind === 'pair') return trouble.both.map(troubleText).join(' and ');
  const what = 'deed' in trouble ? `somebody ${trouble.deed}` : trouble.kind;
  return `${what} ${'moment' in trouble ? trouble.moment : 'at'} ${trouble.step}`;
};

/** The kinds and the steps of a trouble, a text each. */
export const partsOf = (trouble: Trouble | null): readonly string[] => {
  if (trouble === null) return [];
  if (trouble.kind === 'pair') return ['pair', ...trouble.both.flatMap(partsOf)];
  return [trouble.kind === 'deed' ? trouble.deed : trouble.kind, `at ${trouble.step}`];
};

/**
 * A crash before a step is one after the step before it, a time-out before the call is an error, and one after the call
 * a lost answer: what is left is tried at every step.
 */
const FAULTS_OF_CALLS: readonly (readonly [FaultKind, 'before' | 'after'])[] = [
  ['error', 'before'],
  ['lost-answer', 'before'],
  ['timeout', 'after'],
  ['cancel', 'before'],
  ['cancel', 'after'],
  ['crash', 'after'],
];

/** Branches change nothing and ask nobody: between two steps that do is where things happen. */
export const acts = ({ action }: Pick<StepRecord, 'action'>): boolean =>
  action === 'aws:invokeLambdaFunction' || action === 'aws:executeAwsApi' || action === 'aws:approve';

/** Everything that can go wrong. */
export const KINDS: readonly string[] = [...FAULTS_OF_CALLS.map(([kind]) => kind), 'broken', 'blind', 'pair', ...DEEDS];

/** Every fault at every step of a run that went through these. */
export const faultsOf = (steps: readonly StepRecord[]): readonly SingleFault[] =>
  steps.filter(acts).flatMap(({ name: step, action }): readonly SingleFault[] => [
    ...FAULTS_OF_CALLS.map(([kind, moment]) => ({ kind, step, moment, isOnce: false })),
    ...(action === 'aws:invokeLambdaFunction'
      ? ([
          { kind: 'error', step, moment: 'before', isOnce: true },
          { kind: 'broken', step },
          { kind: 'blind', step },
        ] as const)
      : []),
  ]);

/** What somebody may do right before the steps of a run: at each step this many deeds, in turn. */
export function deedsOf(steps: readonly StepRecord[], first: number, each: number): readonly Trouble[] {
  return steps.filter(acts).flatMap(({ name: step }, at) =>
    Array.from({ length: each }, (_, index) => ({
      kind: 'deed' as const,
      step,
      deed: DEEDS[(first + at * each + index) % DEEDS.length]!,
    })),
  );
}

/** The hooks that bring the trouble about, once for a run. */
export function hooksFor(stage: Stage, trouble: Trouble | null): RunOptions['hooks'] {
  if (trouble === null) return {};
  if (trouble.kind === 'pair') {
    const hooks = trouble.both.map((each) => hooksFor(stage, each));
    return {
      at: async (...where) => {
        for (const each of hooks) await each.at?.(...where);
      },
      between: async (upcoming) => {
        for (const each of hooks) await each.between?.(upcoming);
      },
    };
  }
  const { step } = trouble;
  if (trouble.kind === 'deed') {
    let isDone = false;
    return {
      between: (upcoming) => {
        if (upcoming !== step || isDone) return;
        isDone = true;
        doDeed(stage.fake, trouble.deed);
      },
    };
  }
  if ('moment' in trouble) {
    const { moment: when, isOnce, kind } = trouble;
    return {
      at: (name, moment, attempt) => {
        if (name === step && moment === when && (!isOnce || attempt === 1)) throw new Fault(kind);
      },
    };
  }
  const { kind } = trouble;
  return {
    between: (upcoming) => {
      stage.isBlind = upcoming === step && kind === 'blind';
      stage.isBroken = upcoming === step && kind === 'broken';
    },
  };
}
