import { OriginGuardError } from '../core/errors.js';
import type { Sandbox } from '../core/proving.js';
import { allLeft, cleanUp, renderLeft } from './clean-up.js';
import { inDollars, totalDollars } from './estimate.js';
import { parseLedger, renderLine, type Line } from './ledger.js';
import { HELP, parseOptions, type Options } from './options.js';
import { renderPlan } from './plan-text.js';
import { lacking, refusals, tooDear } from './refuse.js';
import { askAll, type Answered } from './run.js';
import type { LeftBehind } from './stacks.js';
import { renderTable } from './table.js';
import type { World } from './world.js';

/** An account that is open for so long, and what a run may wait with. */
export interface Opened {
  readonly sandbox: Sandbox;
  readonly world: Pick<World, 'now' | 'sleep'>;
  /** Whether the time is over, or somebody interrupted the run. */
  readonly isOver: () => boolean;
  readonly end: () => void;
}

/** The world around the command. */
export interface Doors {
  readonly open: (
    where: { readonly region: string; readonly profile: string | null },
    minutes: number,
  ) => Promise<Opened>;
  /** Asks a person; what they typed. */
  readonly ask: (question: string) => Promise<string>;
  readonly print: (text: string) => void;
  readonly warn: (text: string) => void;
  /** A fresh id, as the ledger takes it. */
  readonly newRun: () => string;
  /** Puts a text at the end of a file and sees that it is on the disk. */
  readonly append: (file: string, text: string) => void;
  readonly read: (file: string) => string;
  readonly write: (file: string, text: string) => void;
}

export const EXIT = { done: 0, refused: 1 } as const;

const RUN_MINUTES = 180;
const CLEAN_UP_MINUTES = 60;

/** Carries out one command line; answers with its exit code. Raises coded errors for wrong use and failures of AWS. */
export async function command(args: readonly string[], doors: Doors): Promise<number> {
  const options = parseOptions(args);
  switch (options.kind) {
    case 'help':
      doors.print(HELP);
      return EXIT.done;
    case 'plan':
      doors.print(renderPlan(options.questions));
      return refuse(doors, dear(options));
    case 'clean-up':
      return finish(doors, options.ledger, await cleanUpFrom(doors, options.ledger, options.profile));
    case 'run':
      return run(options, doors);
  }
}

type Asking = Extract<Options, { readonly kind: 'plan' | 'run' }>;

function dear({ questions }: Asking): readonly string[] {
  const why = tooDear(questions);
  return why === null ? [] : [why];
}

function refuse({ warn }: Doors, reasons: readonly string[]): number {
  for (const reason of reasons) warn(`refused: ${reason}\n`);
  return reasons.length === 0 ? EXIT.done : EXIT.refused;
}

async function run(options: Extract<Options, { readonly kind: 'run' }>, doors: Doors): Promise<number> {
  const early = dear(options);
  if (early.length > 0) return refuse(doors, early);
  const opened = await doors.open(options, RUN_MINUTES);
  try {
    return await runIn(opened, options, doors);
  } finally {
    opened.end();
  }
}

async function runIn(
  opened: Opened,
  options: Extract<Options, { readonly kind: 'run' }>,
  doors: Doors,
): Promise<number> {
  const { sandbox } = opened;
  const survey = await sandbox.survey();
  const reasons = refusals(survey, options);
  if (reasons.length > 0) return refuse(doors, [...reasons, 'nothing was made']);
  const asked = options.questions.filter((question) => lacking(question, survey) === null);
  doors.print(renderPlan(asked));
  if (asked.length > 0 && !(await isConfirmed(doors, sandbox, totalDollars(asked.map(({ estimate }) => estimate)))))
    return refuse(doors, ['the account id was not typed; nothing was made']);
  const id = doors.newRun();
  const ledger = `prove-${id}.jsonl`;
  const record = (line: Line): void => {
    doors.append(ledger, renderLine(line));
  };
  record({ event: 'began', run: id, accountId: sandbox.accountId, region: sandbox.region });
  doors.warn(`the ledger of this run is ${ledger}; if it is cut off: npm run prove -- --clean-up ${ledger}\n`);
  const world: World = {
    ...opened.world,
    say: (line) => {
      doors.warn(`${line}\n`);
    },
  };
  let answered: readonly Answered[] = [];
  let left: readonly LeftBehind[] = [];
  try {
    answered = await askAll(
      { sandbox, world, record },
      { questions: options.questions, survey, run: id, isOver: opened.isOver },
    );
  } finally {
    // Also when a fault of ours ends the run: what was made is not left to be forgotten.
    left = await cleanUpOrList(doors, ledger, options.profile);
  }
  const table = renderTable(answered, { region: sandbox.region, run: id });
  if (options.out === null) doors.print(table);
  else doors.write(options.out, table);
  return finish(doors, ledger, left);
}

async function isConfirmed({ ask }: Doors, { accountId, region }: Sandbox, dollars: number): Promise<boolean> {
  const typed = await ask(
    `This makes and removes what is listed above in account ${accountId}, ${region}, for at most ${inDollars(dollars)}.\nType the account id to go on: `,
  );
  return typed.trim() === accountId;
}

/** A run that cannot clean up, for want of credentials say, still says what it learned and what is left. */
async function cleanUpOrList(doors: Doors, file: string, profile: string | null): Promise<readonly LeftBehind[]> {
  try {
    return await cleanUpFrom(doors, file, profile);
  } catch (error) {
    if (!(error instanceof OriginGuardError) || error.source !== 'aws') throw error;
    return allLeft(parseLedger(doors.read(file)), error.message);
  }
}

/** Removes what a ledger says is left, with time of its own: that of the run may be over. */
async function cleanUpFrom(doors: Doors, file: string, profile: string | null): Promise<readonly LeftBehind[]> {
  const ledger = parseLedger(doors.read(file));
  if (ledger.left.length === 0) return [];
  const opened = await doors.open({ region: ledger.region, profile }, CLEAN_UP_MINUTES);
  try {
    const world: World = {
      ...opened.world,
      say: (line) => {
        doors.warn(`${line}\n`);
      },
    };
    const record = (line: Line): void => {
      doors.append(file, renderLine(line));
    };
    return await cleanUp({ sandbox: opened.sandbox, world, record }, ledger);
  } finally {
    opened.end();
  }
}

function finish({ warn }: Doors, ledger: string, left: readonly LeftBehind[]): number {
  warn(renderLeft(left, ledger));
  return left.length === 0 ? EXIT.done : EXIT.refused;
}
