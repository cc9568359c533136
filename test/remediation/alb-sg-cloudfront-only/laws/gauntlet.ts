import { diceOf } from './dice.js';
import { applies, astray, isWanted, needless, overreaching, unfinished, unfitting, unrestored } from './ends.js';
import { overconfident } from './blindness.js';
import { breachesOf, type Breach } from './judging.js';
import { byDice, planOf, playFix, playRetry, playTwo, playUndo, secondAt, type Play, type Played } from './plays.js';
import { MACHINE, stageOf, type Machine } from './stage.js';
import { deedIn, deedsOf, faultsOf, partsOf, troubleText, type SingleFault, type Trouble } from './trouble.js';
import { worldOf } from './worlds.js';

/** A breach, and how to see it again. */
export interface Found extends Breach {
  readonly seed: number;
  readonly how: string;
}

export interface Ran {
  /** How the undisturbed run ended: its decision, and the reason of a refusal. */
  readonly ending: string;
  readonly plays: number;
  readonly found: readonly Found[];
  /** What went wrong in the plays, and at which steps. */
  readonly tried: ReadonlySet<string>;
}

/** How many troubles of each kind are tried in a world: every one, or this many, which the seed picks. */
export type Effort = 'every' | number;

/** Deeds at each step, and troubles while undoing, where every trouble is tried: the seeds take turns. */
const DEEDS_EACH = 3;
const WHILE_UNDOING = 16;
const PAIRS = 12;

/** Puts the world of one seed through what can go wrong in it, and returns every breach of a law. */
export async function gauntlet(seed: number, effort: Effort, machine: Machine = MACHINE): Promise<Ran> {
  const run = new Gauntlet(seed, effort, machine);
  const ending = await run.all();
  return { ending, plays: run.plays, found: run.found, tried: run.tried };
}

class Gauntlet {
  readonly found: Found[] = [];
  readonly tried = new Set<string>();
  plays = 0;
  /** The steps to which a run came, and where faults were tried therefore. */
  readonly #reached = new Set<string>();
  readonly #dice;
  readonly #world;

  constructor(
    readonly seed: number,
    readonly effort: Effort,
    readonly machine: Machine,
  ) {
    this.#world = worldOf(seed);
    this.#dice = diceOf(seed ^ 0x5eed);
  }

  async all(): Promise<string> {
    const single = this.#seen(await playFix(this.#world, null, this.machine), 'one run');
    const [run] = single.runs;
    const plan = planOf(single.stage, 'run-1');
    this.#note('one run', [...needless(single), ...unfitting(single), ...overreaching(single)]);
    this.#note('one run', await unfinished(single));
    this.#note('one look', await overconfident(stageOf(this.#world, this.machine)));
    if (run !== undefined) {
      const isWritten = applies(plan) && isWanted(this.#world);
      const faults = faultsOf(run.result.steps);
      await this.#disturbed(run, isWritten ? this.#some(faults) : this.#few(faults, 4));
      const deeds = isWritten ? deedsOf(run.result.steps, this.seed, DEEDS_EACH) : [];
      await this.#disturbed(run, this.effort === 'every' ? deeds : [...this.#some(deeds), ...this.#atApproval(deeds)]);
      if (isWritten) {
        await this.#disturbed(run, this.#pairs(faults, this.effort === 'every' ? PAIRS : 2));
        await this.#undone(run);
        await this.#twice(run);
      }
    }
    return `${plan?.decision ?? '?'} ${plan?.reasonCode ?? ''}`.trim();
  }

  /** The fixer with each trouble, and then again, or undone. */
  async #disturbed(run: Played, troubles: readonly Trouble[]): Promise<void> {
    for (const trouble of troubles) {
      const how = troubleText(trouble);
      const isDeed = deedIn(trouble) !== null;
      if (this.#dice.chance(60)) {
        const play = this.#seen(await playRetry(this.#world, trouble, this.machine), `${how}, then again`);
        const [first, again, undone] = play.runs;
        await this.#aside(run, trouble, first);
        if (isDeed || again === undefined) continue;
        this.#note(how, astray(again.after, run.after, 'again'));
        if (undone !== undefined) this.#note(how, unrestored(again.before, undone.after, 'run again and undone'));
      } else {
        const play = this.#seen(await playUndo(this.#world, [trouble, null], this.machine), `${how}, then undone`);
        const [first, undone] = play.runs;
        await this.#aside(run, trouble, first);
        if (undone !== undefined && !isDeed) this.#note(how, unrestored(run.before, undone.after, 'undone'));
      }
    }
  }

  /** What a trouble makes a run do goes wrong too: every fault at each step to which only a trouble leads. */
  async #aside(run: Played, trouble: Trouble, disturbed: Played | undefined): Promise<void> {
    if (disturbed === undefined || trouble.kind === 'pair') return;
    for (const { name } of run.result.steps) this.#reached.add(name);
    const aside = disturbed.result.steps.filter(({ name }) => !this.#reached.has(name));
    for (const { name } of aside) this.#reached.add(name);
    const seconds = this.#some(faultsOf(aside));
    await this.#disturbed(
      run,
      seconds.map((second): Trouble => ({ kind: 'pair', both: [trouble, second] })),
    );
  }

  /** The fixer, and its undoing: without trouble, and with each. */
  async #undone(run: Played): Promise<void> {
    const undo = this.#seen(await playUndo(this.#world, [null, null], this.machine), 'undone');
    const last = undo.runs.at(-1) ?? run;
    this.#note('undone', unrestored(run.before, last.after, 'undone'));
    const { steps } = last.result;
    const troubles = [...faultsOf(steps), ...deedsOf(steps, this.seed, 2)];
    for (const trouble of this.#few(troubles, this.effort === 'every' ? WHILE_UNDOING : this.effort)) {
      const how = `undone, with ${troubleText(trouble)}`;
      const play = this.#seen(await playUndo(this.#world, [null, trouble], this.machine), how);
      if (trouble.kind !== 'deed')
        this.#note(how, unrestored(run.before, play.runs.at(-1)?.after ?? run.after, 'undone again'));
    }
  }

  /** Two at once: the second starts at each step of the first, and once they take turns by dice. */
  async #twice(run: Played): Promise<void> {
    const starts = run.result.steps.flatMap(({ action }, at) => (action === 'aws:branch' ? [] : [at + 1]));
    const turns = this.#some(starts).map((at) => [`the second at step ${String(at)}`, secondAt(at)] as const);
    for (const [how, each] of [...turns, ['by dice', byDice(this.#dice)] as const]) {
      const play = this.#seen(await playTwo(this.#world, each, this.machine), `two runs, ${how}`);
      this.#note(`two runs, ${how}`, astray(play.runs.at(-1)?.after ?? run.after, run.after, 'two at once'));
    }
  }

  #seen(play: Play, how: string): Play {
    this.plays += 1;
    for (const each of partsOf(play.trouble)) this.tried.add(each);
    this.#note(how, breachesOf(play));
    return play;
  }

  #note(how: string, breaches: readonly Breach[]): void {
    this.found.push(...breaches.map((breach) => ({ ...breach, seed: this.seed, how })));
  }

  /** An approval may take a day: that is when people come. */
  #atApproval(deeds: readonly Trouble[]): readonly Trouble[] {
    return deeds.filter((deed) => deed.kind === 'deed' && deed.step === 'Approve');
  }

  #some<T>(items: readonly T[]): readonly T[] {
    return this.effort === 'every' ? items : this.#few(items, this.effort);
  }

  /** Two faults close to each other; the first one lets the run go on. */
  #pairs(faults: readonly SingleFault[], count: number): readonly Trouble[] {
    const steps = [...new Set(faults.map(({ step }) => step))];
    const firsts = faults.filter(({ kind }) => kind !== 'crash' && kind !== 'cancel');
    return Array.from({ length: count }, () => this.#dice.pick(firsts)).flatMap((first): readonly Trouble[] => {
      const at = steps.indexOf(first.step);
      const next = steps.slice(at + 1, at + 3);
      const seconds = faults.filter(({ step }) => next.includes(step));
      return seconds.length === 0 ? [] : [{ kind: 'pair', both: [first, this.#dice.pick(seconds)] }];
    });
  }

  #few<T>(items: readonly T[], most: number): readonly T[] {
    return items.length <= most ? items : Array.from({ length: most }, () => this.#dice.pick(items));
  }
}
