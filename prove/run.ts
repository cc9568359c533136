import { OriginGuardError } from '../core/errors.js';
import type { Survey } from '../core/proving.js';
import { doubt, type Answer } from './answer.js';
import type { LeftBehind, StackWork } from './stacks.js';
import { removeStack } from './stacks.js';
import { Seen, type Observation } from './observations.js';
import { perform } from './perform.js';
import { quote } from './quote.js';
import type { Question } from './question.js';
import { lacking } from './refuse.js';
import { isRefused } from './runs.js';
import type { Setting } from './template.js';

/** A question with what a run learned of it. */
export interface Answered {
  readonly question: Question;
  readonly answer: Answer;
}

export interface RunOptions {
  readonly questions: readonly Question[];
  readonly survey: Survey;
  readonly run: string;
  /** Whether nothing more is to be begun, because the run was interrupted or its time is over. */
  readonly isOver: () => boolean;
}

/**
 * Asks the questions one after the other, and removes what each needed before the next begins.
 *
 * A question that goes wrong is not answered, and keeps no other from being asked. What could not be removed here is
 * still in the ledger, which the caller cleans up last, whatever happens.
 */
export async function askAll(
  work: StackWork,
  { questions, survey, run, isOver }: RunOptions,
): Promise<readonly Answered[]> {
  const { sandbox, world } = work;
  const setting: Setting = {
    accountId: sandbox.accountId,
    region: sandbox.region,
    partition: sandbox.partition,
    run,
    lists: survey.prefixLists.known ? survey.prefixLists.value : { ipv4: null, ipv6: null },
  };
  const answered: Answered[] = [];
  for (const question of questions) {
    const answer =
      lacking(question, survey) ??
      (isOver() ? doubt('the run ended before it was asked') : await ask(work, question, setting, isOver));
    world.say(`${question.id}: ${answer.kind}: ${answer.says}`);
    answered.push({ question, answer });
  }
  return answered;
}

async function ask(work: StackWork, question: Question, setting: Setting, isOver: () => boolean): Promise<Answer> {
  const made: string[] = [];
  const noting: StackWork = {
    ...work,
    record: (line) => {
      work.record(line);
      if (line.event === 'making') made.unshift(line.stack);
    },
  };
  const answer = await experiment(noting, question, setting);
  // When the time is over, so is that for removing here; the caller has time of its own for it.
  for (const stack of isOver() ? [] : made) await removeQuietly(work, stack, setting.run);
  return answer;
}

async function experiment(work: StackWork, question: Question, setting: Setting): Promise<Answer> {
  const observations = new Map<string, Observation>();
  const seen = new Seen(observations);
  try {
    for (const step of question.steps) {
      work.world.say(`${question.id}: ${step.says}`);
      const performed = await perform(work, step, { setting, question: question.id, seen });
      if (performed.kind === 'no-stack') return withoutStack(question, performed.reason);
      observations.set(step.saves, performed.observation);
    }
    return question.answer(seen);
  } catch (error) {
    // Our own faults are no answers of AWS.
    if (error instanceof OriginGuardError && error.source === 'aws') return doubt(quote(error.message));
    throw error;
  }
}

/** A person who may not make something learns nothing of AWS from it. */
const withoutStack = ({ onStackFailure }: Question, reason: string): Answer =>
  (isRefused(reason) ? null : onStackFailure?.(reason)) ?? doubt(`its stack was not made: ${quote(reason)}`);

/** What cannot be removed now is tried again at the end, from the ledger. */
async function removeQuietly(work: StackWork, stack: string, run: string): Promise<LeftBehind | null> {
  try {
    return await removeStack(work, stack, run);
  } catch (error) {
    if (error instanceof OriginGuardError && error.source === 'aws') return null;
    throw error;
  }
}
