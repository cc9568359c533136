import type { PlanResult } from '../../../../remediation/alb-sg-cloudfront-only/result.js';
import type { Execution, RunResult } from '../../../support/runbook/interpreter.js';
import type { FakeState } from '../../../support/runbook/fake-state.js';
import type { Dice } from './dice.js';
import { MACHINE, stageOf, startFix, startUndo, type Machine, type Stage } from './stage.js';
import { deedIn, hooksFor, type Trouble } from './trouble.js';
import type { LawWorld } from './world.js';

/** One run of a runbook on a stage. */
export interface Played {
  readonly executionId: string;
  /** The run that it undoes, or `null` for the fixer. */
  readonly undoes: string | null;
  readonly result: RunResult;
  readonly before: FakeState;
  readonly after: FakeState;
}

/** Everything that happened on one stage. */
export interface Play {
  readonly stage: Stage;
  readonly trouble: Trouble | null;
  /** Whether the trouble came while a run was undone. */
  readonly isInUndo: boolean;
  readonly runs: readonly Played[];
}

async function toEnd(execution: Execution): Promise<RunResult> {
  while ((await execution.next()) !== null);
  return execution.result();
}

async function run(stage: Stage, executionId: string, undoes: string | null, trouble: Trouble | null): Promise<Played> {
  const before = stage.fake.state();
  const hooks = hooksFor(stage, trouble);
  const execution =
    undoes === null ? startFix(stage, executionId, hooks) : startUndo(stage, undoes, executionId, hooks);
  const result = await toEnd(execution);
  stage.isBlind = false;
  stage.isBroken = false;
  return { executionId, undoes, result, before, after: stage.fake.state() };
}

/** Time passes before somebody tries again: an hour, and all that was written is seen. */
function later({ fake }: Stage): void {
  fake.elapse(3600);
  fake.settle();
}

/** The fixer once, with a trouble or none. */
export async function playFix(world: LawWorld, trouble: Trouble | null, machine: Machine = MACHINE): Promise<Play> {
  const stage = stageOf(deedIn(trouble) !== null ? unhurried(world) : world, machine);
  return { stage, trouble, isInUndo: false, runs: [await run(stage, 'run-1', null, trouble)] };
}

/** The fixer, disturbed; then again, undisturbed; then the second run is undone. */
export async function playRetry(world: LawWorld, trouble: Trouble, machine: Machine = MACHINE): Promise<Play> {
  const play = await playFix(world, trouble, machine);
  later(play.stage);
  const again = await run(play.stage, 'run-2', null, null);
  if (!isWritten(play.stage, 'run-2')) return { ...play, runs: [...play.runs, again] };
  later(play.stage);
  const undone = await run(play.stage, 'undo-2', 'run-2', null);
  return { ...play, runs: [...play.runs, again, undone] };
}

/** The fixer, disturbed; then that run is undone, by a run that is disturbed too or not, and by one that is not. */
export async function playUndo(
  world: LawWorld,
  [inFix, inUndo]: readonly [Trouble | null, Trouble | null],
  machine: Machine = MACHINE,
): Promise<Play> {
  const play = await playFix(deedIn(inUndo) !== null ? unhurried(world) : world, inFix, machine);
  if (!isWritten(play.stage, 'run-1')) return play;
  later(play.stage);
  const undone = await run(play.stage, 'undo-1', 'run-1', inUndo);
  const runs = [...play.runs, undone];
  if (inUndo === null) return { ...play, runs };
  later(play.stage);
  return { ...play, trouble: inUndo, isInUndo: true, runs: [...runs, await run(play.stage, 'undo-2', 'run-1', null)] };
}

const isWritten = ({ fake }: Stage, executionId: string): boolean =>
  fake.state().parameters.some(({ name }) => name.endsWith(`/${executionId}`));

/** Which of two runs takes the next step. */
export type Turns = (step: number) => 'first' | 'second';

/** The first run as far as this step, then the second to its end, then the rest of the first. */
export const secondAt =
  (at: number): Turns =>
  (step) =>
    step < at ? 'first' : 'second';
export const byDice =
  (dice: Dice): Turns =>
  () =>
    dice.chance(50) ? 'first' : 'second';

/** Two fixers on one group at once; when neither is a success, one more later. */
export async function playTwo(world: LawWorld, turns: Turns, machine: Machine = MACHINE): Promise<Play> {
  const stage = stageOf(world, machine);
  const before = stage.fake.state();
  const both = { first: startFix(stage, 'run-1'), second: startFix(stage, 'run-2') };
  const isOver = { first: false, second: false };
  for (let step = 0; !isOver.first || !isOver.second; step += 1) {
    const wanted = turns(step);
    const turn = isOver[wanted] ? (wanted === 'first' ? 'second' : 'first') : wanted;
    isOver[turn] = (await both[turn].next()) === null;
  }
  const after = stage.fake.state();
  const runs = (['first', 'second'] as const).map((each) => ({
    executionId: both[each].executionId,
    undoes: null,
    result: both[each].result(),
    before,
    after,
  }));
  if (runs.some(({ result }) => result.status === 'Success')) return { stage, trouble: null, isInUndo: false, runs };
  later(stage);
  return { stage, trouble: null, isInUndo: false, runs: [...runs, await run(stage, 'run-3', null, null)] };
}

/** The same world where everything that is written is seen at once: nobody can answer for what another person just did. */
const unhurried = (world: LawWorld): LawWorld => ({ ...world, account: { ...world.account, lag: 0 } });

/** The plan that a run went by, or `null` when it got none. */
export function planOf({ answers }: Stage, executionId: string): PlanResult | null {
  const found = answers.find(({ by, request }) => by.executionId === executionId && request.mode === 'plan');
  return found === undefined ? null : (found.result as PlanResult);
}
