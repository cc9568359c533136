import { OriginGuardError } from '../core/errors.js';
import type { RunState, Sandbox } from '../core/proving.js';
import { fillGroup } from './fill.js';
import type {
  EvaluateObservation,
  Observation,
  RemediationsObservation,
  RunObservation,
  Seen,
} from './observations.js';
import type { Step } from './question.js';
import { makeStack, type StackWork } from './stacks.js';
import { nameIn, type Setting } from './template.js';
import { waitFor, type Patience, type World } from './world.js';

const RUN: Patience = { every: 5, atMost: 5 * 60 };
/** What was just granted may take minutes to count everywhere. */
const AGAIN = { times: 5, seconds: 30 };
const LISTED: Patience = { every: 10, atMost: 2 * 60 };
const EVALUATED: Patience = { every: 15, atMost: 10 * 60 };
/** A second request comes too soon while the first is under way. */
const EVALUATE: Patience = { every: 30, atMost: 5 * 60 };
const REMEDIATIONS: Patience = { every: 30, atMost: 20 * 60 };
const FINDINGS: Patience = { every: 30, atMost: 20 * 60 };

/** What was just changed in a group may show a little later. */
const SHOWS_AFTER_MS = 10_000;

/** What a step saw, or the reason why AWS did not make its stack. */
export type Performed =
  { readonly kind: 'saw'; readonly observation: Observation } | { readonly kind: 'no-stack'; readonly reason: string };

type Of<Kind extends Step['kind']> = Extract<Step, { readonly kind: Kind }>;

/** Takes one step of an experiment. */
export async function perform(
  work: StackWork,
  step: Step,
  { setting, question, seen }: { readonly setting: Setting; readonly question: string; readonly seen: Seen },
): Promise<Performed> {
  const { sandbox, world } = work;
  if (step.kind === 'stack') {
    const made = await makeStack(work, {
      name: nameIn(setting.run, `${question}-${step.saves}`),
      template: JSON.stringify(step.template(setting)),
      run: setting.run,
    });
    return made.kind === 'failed'
      ? { kind: 'no-stack', reason: made.reason }
      : { kind: 'saw', observation: { kind: 'stack', outputs: made.outputs } };
  }
  return { kind: 'saw', observation: await look(sandbox, world, step, seen) };
}

async function look(
  sandbox: Sandbox,
  world: World,
  step: Exclude<Step, { readonly kind: 'stack' }>,
  seen: Seen,
): Promise<Observation> {
  switch (step.kind) {
    case 'run':
      return runDocument(sandbox, world, step, seen);
    case 'rules':
      await world.sleep(SHOWS_AFTER_MS);
      return { kind: 'rules', rules: await sandbox.rulesOf(seen.output(step.group)) };
    case 'room':
      return fillGroup(sandbox, world, seen.output(step.group), step.family);
    case 'evaluated':
      return { kind: 'evaluated', at: await firstResult(sandbox, world, seen.output(step.pack)) };
    case 'evaluate':
      return evaluateAgain(sandbox, world, seen.output(step.pack));
    case 'remediations':
      return watchRemediations(sandbox, world, step, seen);
    case 'findings':
      return { kind: 'findings', titles: await awaitFindings(sandbox, world, step, seen) };
  }
}

async function runDocument(sandbox: Sandbox, world: World, step: Of<'run'>, seen: Seen): Promise<RunObservation> {
  const parameters = Object.fromEntries(
    Object.entries(step.parameters).map(([name, from]) => [name, [seen.output(from)]]),
  );
  for (let attempt = 1; ; attempt += 1) {
    const started = await sandbox.startRun(seen.output(step.document), parameters);
    if (!started.ok) return { kind: 'run', end: 'refused', code: started.code, message: started.message };
    const state = await waitFor(world, RUN, async () => {
      const now = await sandbox.run(started.value);
      return isOver(now) ? now : null;
    });
    if (state === null) return { kind: 'run', end: 'timed-out' };
    if (attempt >= AGAIN.times || step.again?.(state) !== true) return { kind: 'run', end: 'ended', state };
    await world.sleep(AGAIN.seconds * 1000);
  }
}

/** Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-statuses.html */
const OVER: ReadonlySet<string> = new Set([
  'Success',
  'CompletedWithSuccess',
  'CompletedWithFailure',
  'Failed',
  'TimedOut',
  'Cancelled',
  'Rejected',
]);

const isOver = ({ status }: RunState): boolean => OVER.has(status);

/** The only rule of a pack; a pack that is new may not show it at once. */
async function ruleOf(sandbox: Sandbox, world: World, pack: string): Promise<string> {
  let count = 0;
  const rule = await waitFor(world, LISTED, async () => {
    const rules = await sandbox.rulesOfPack(pack);
    count = rules.length;
    return rules.length === 1 ? (rules[0] ?? null) : null;
  });
  if (rule !== null) return rule;
  throw new OriginGuardError('E2006', `the pack ${pack} has ${String(count)} rules; allowed: one`);
}

async function firstResult(sandbox: Sandbox, world: World, pack: string): Promise<string | null> {
  const rule = await ruleOf(sandbox, world, pack);
  return waitFor(world, EVALUATED, async () => (await sandbox.ruleStatus(rule)).evaluatedAt);
}

async function evaluateAgain(sandbox: Sandbox, world: World, pack: string): Promise<EvaluateObservation> {
  const rule = await ruleOf(sandbox, world, pack);
  const { invokedAt: before } = await sandbox.ruleStatus(rule);
  const reply = await waitFor(world, EVALUATE, async () => {
    const answer = await sandbox.evaluate(rule);
    return !answer.ok && TOO_SOON.has(answer.code) ? null : answer;
  });
  if (reply === null) return { kind: 'evaluate', refusal: null, before, after: before };
  if (!reply.ok)
    return { kind: 'evaluate', refusal: { code: reply.code, message: reply.message }, before, after: before };
  const after = await waitFor(world, EVALUATED, async () => {
    const { invokedAt } = await sandbox.ruleStatus(rule);
    return invokedAt !== null && invokedAt !== before ? invokedAt : null;
  });
  return { kind: 'evaluate', refusal: null, before, after: after ?? before };
}

/** Source: API reference of StartConfigRulesEvaluation. */
const TOO_SOON: ReadonlySet<string> = new Set(['LimitExceededException', 'ResourceInUseException']);

async function watchRemediations(
  sandbox: Sandbox,
  world: World,
  step: Of<'remediations'>,
  seen: Seen,
): Promise<RemediationsObservation> {
  const [document, group] = [seen.output(step.document), seen.output(step.group)];
  const rule = await ruleOf(sandbox, world, seen.output(step.pack));
  const exceptions =
    (await waitFor(world, REMEDIATIONS, async () => {
      const found = await sandbox.exceptionsOf(rule, group);
      return found.length === 0 ? null : found;
    })) ?? [];
  return { kind: 'remediations', minutes: REMEDIATIONS.atMost / 60, runs: await sandbox.runsOf(document), exceptions };
}

/** Waits until every title is there; what is there at the end is what was seen. */
async function awaitFindings(
  sandbox: Sandbox,
  world: World,
  { group, titles }: Of<'findings'>,
  seen: Seen,
): Promise<readonly string[]> {
  const { partition, region, accountId } = sandbox;
  const arn = `arn:${partition}:ec2:${region}:${accountId}:security-group/${seen.output(group)}`;
  const wanted = titles.map((title) => (title.startsWith('main.') ? seen.output(title) : title));
  let found: readonly string[] = [];
  await waitFor(world, FINDINGS, async () => {
    found = await sandbox.findingTitles(arn);
    return wanted.every((each) => found.some((title) => title.startsWith(each))) ? found : null;
  });
  return found;
}
