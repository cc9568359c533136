import { REFUSALS } from '../../../../core/plan.js';
import { rollbackRunbook } from '../../../../remediation/alb-sg-cloudfront-only/rollback-runbook.js';
import { remediateRunbook } from '../../../../remediation/alb-sg-cloudfront-only/runbook.js';
import { renderRunbook } from '../../../../remediation/runbook/render.js';
import { censusOf, type Census } from './census.js';
import { gauntlet } from './gauntlet.js';
import type { Breach } from './judging.js';
import { MACHINE } from './stage.js';
import { acts, KINDS } from './trouble.js';

/** Three troubles of each kind in every world; `npm run laws` tries every trouble at every step. */
const WORLDS = 500;
const TROUBLES = 3;

let census: Census;
beforeAll(async () => {
  census = await censusOf({ first: 0, count: WORLDS }, TROUBLES);
}, 600_000);

/** As much as a reader takes in. */
const SHOWN = 10;

const breachesOf = (law: Breach['law']): readonly string[] =>
  census.found
    .filter((each) => each.law === law)
    .slice(0, SHOWN)
    .map(({ seed, how, what }) => `seed ${String(seed)}, ${how}: ${what}`);

it('1: after a fix nothing is left that its plan named, planning again comes to nothing, and who needs no fix gets none', () => {
  expect(breachesOf(1)).toEqual([]);
});

it('2: in every state of every run CloudFront reaches what it reached before', () => {
  expect(breachesOf(2)).toEqual([]);
});

it('3: in every state of every run, what the plan does not name is as it was', () => {
  expect(breachesOf(3)).toEqual([]);
});

it('4: nothing changes before the way back is written down, and nothing at all when a plan is refused', () => {
  expect(breachesOf(4)).toEqual([]);
});

it('5: hiding a piece of evidence turns no refusal into a fix, and nothing into nothing to do', () => {
  expect(breachesOf(5)).toEqual([]);
});

it('6: two runs at once, and a run after any failed one, end like one run; undoing ends where the run began', () => {
  expect(breachesOf(6)).toEqual([]);
});

it('7: no plan and no state of a run is over the quota, however AWS counts', () => {
  expect(breachesOf(7)).toEqual([]);
});

it('the worlds end in edit, split and swap in a fair share, and in every refusal of a plan', () => {
  const { endings } = census;
  const share = (ending: string) => ({ ending, isFair: (endings[ending] ?? 0) / WORLDS >= 0.05 });
  for (const ending of ['EDIT', 'SPLIT', 'SWAP']) expect(share(ending)).toEqual({ ending, isFair: true });
  const ofOthers = ['REMEDIATION_MODE', 'RECORD_NOT_FOUND', 'RECORD_INVALID', 'CHANGED_SINCE'];
  const never = Object.keys(REFUSALS).filter((code) => !ofOthers.includes(code) && !(`REFUSE ${code}` in endings));
  expect(never).toEqual([]);
});

/** Steps of a row that does the same, one after another, count as one: `at RestoreIpv4` for `at RestoreIpv412`. */
const rowOf = (text: string): string => text.replace(/(?<=[a-z]|[vV][46])\d+$/, '');

it('the troubles are of every kind, and come at every step that asks or changes something', () => {
  const tried = new Set(census.tried.map(rowOf));
  const steps = [remediateRunbook(), rollbackRunbook()]
    .flatMap((runbook) => (renderRunbook(runbook) as { mainSteps: { name: string; action: string }[] }).mainSteps)
    .filter(acts)
    .map(({ name }) => rowOf(`at ${name}`));
  expect([...KINDS, ...steps].filter((each) => !tried.has(each))).toEqual([]);
});

it('a seed comes to the same, however often it is tried, and whether or not the planner is asked again', async () => {
  const once = await gauntlet(1, 2);
  expect(await gauntlet(1, 2)).toEqual(once);
  expect(await gauntlet(1, 2, { ...MACHINE, remembers: false })).toEqual(once);
});
