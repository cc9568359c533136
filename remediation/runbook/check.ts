import { hasStrayBraces, outputsOf, referencesIn, resolve, usesOf } from './references.js';
import { exitsOf, isWriting, OUTPUT_TYPES, type Exits, type Gate, type Runbook, type Step } from './steps.js';

/** The most parameters that AWS Config hands to a runbook. Source: API reference of PutRemediationConfigurations. */
const MOST_PARAMETERS = 25;

/** Everything that is wrong with a runbook, a sentence each; empty for one that may be rendered. */
export function checkRunbook(runbook: Runbook): readonly string[] {
  const names = runbook.steps.map(({ name }) => name);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  const unknown = runbook.steps.flatMap((step, at) =>
    everyExit(exitsOf(runbook, at))
      .filter((name) => !names.includes(name))
      .map((name) => `step ${step.name} goes to ${name}, which is no step`),
  );
  // Ways through a document with holes say nothing.
  if (twice.length > 0 || unknown.length > 0)
    return [...twice.map((name) => `two steps are called ${name}`), ...unknown];
  const ways = new Ways(runbook);
  return [
    ...checkParameters(runbook),
    ...checkRole(runbook),
    ...[runbook.order.guard, runbook.order.beforeRevoke].flatMap((gate) => checkGate(runbook, gate)),
    ...runbook.steps.flatMap((step, at) => [
      ...checkEnd(runbook, step, at),
      ...checkReferences(runbook, step, ways),
      ...checkOrder(runbook, step, ways),
      ...checkTypes(step),
      ...(ways.isReachable(step.name) ? [] : [`no way leads to step ${step.name}`]),
      ...(ways.leadsBack(step.name) ? [`step ${step.name} may lead to itself`] : []),
    ]),
    ...runbook.outputs
      .filter((name) => resolve(runbook, name).kind !== 'output')
      .map((name) => `output ${name} is no output of a step`),
  ];
}

function checkParameters({ parameters }: Runbook): readonly string[] {
  const count = Object.keys(parameters).length;
  return count > MOST_PARAMETERS ? [`${String(count)} parameters; allowed: ${String(MOST_PARAMETERS)}`] : [];
}

/** The role is known before any step runs. */
const checkRole = ({ assumeRole, ...rest }: Runbook): readonly string[] => [
  ...referencesIn(assumeRole)
    .filter(({ text }) => resolve({ assumeRole, ...rest }, text).kind !== 'given')
    .map(({ text }) => `the role uses {{${text}}}, which nothing declares`),
  ...(hasStrayBraces(assumeRole) ? [`the role holds braces that are no reference: ${assumeRole}`] : []),
];

/** A gate that looks at something else than what was asked lets everything pass. */
const checkGate = ({ steps }: Runbook, { asks, branches }: Gate): readonly string[] =>
  branches.flatMap((name) => {
    const branch = steps.find((step) => step.name === name);
    if (branch?.kind !== 'branch') return [`gate ${name} is no branch`];
    return branch.choices
      .filter(({ variable }) => !variable.startsWith(`{{${asks}.`))
      .map(({ variable }) => `gate ${name} chooses by ${variable}, and not by what ${asks} answers`);
  });

/** Every way must end in a step that says so: the last step of a document has none to go on to. */
function checkEnd({ steps }: Runbook, step: Step, at: number): readonly string[] {
  const isEnd = step.kind === 'done' || step.kind === 'fail' || step.kind === 'branch';
  return isEnd || step.next !== undefined || at + 1 < steps.length ? [] : [`step ${step.name} is the last, and no end`];
}

function checkReferences(runbook: Runbook, step: Step, ways: Ways): readonly string[] {
  return usesOf(step).flatMap(({ text, fits }) => [
    ...(hasStrayBraces(text) ? [`step ${step.name} holds braces that are no reference: ${text}`] : []),
    ...referencesIn(text).flatMap((reference) => {
      const referent = resolve(runbook, reference.text);
      const what = `step ${step.name} uses {{${reference.text}}}`;
      if (referent.kind === 'unknown') return [`${what}, which nothing declares`];
      const problems: string[] = [];
      if (reference.isWhole && !fits.includes(referent.type))
        problems.push(`${what}, a ${referent.type}, where ${fits.join(' or ')} belongs`);
      if (!reference.isWhole && referent.type !== 'String') problems.push(`${what}, a ${referent.type}, inside a text`);
      if (referent.kind === 'output' && !ways.comesAfter(step.name, referent.step))
        problems.push(`${what}, but may run without an answer of step ${referent.step}`);
      return problems;
    }),
  ]);
}

function checkOrder({ order }: Runbook, step: Step, ways: Ways): readonly string[] {
  if (step.kind !== 'call' || !isWriting(step)) return [];
  const open = ({ asks, branches }: Gate, does: string): readonly string[] =>
    [asks, ...branches]
      .filter((earlier) => !ways.comesAfter(step.name, earlier))
      .map((earlier) => `step ${step.name} ${does}, and may run without ${earlier}`);
  return [
    ...open(order.guard, 'writes'),
    ...(step.api.startsWith('Revoke') ? open(order.beforeRevoke, 'revokes') : []),
  ];
}

function checkTypes(step: Step): readonly string[] {
  const allowed: readonly string[] = OUTPUT_TYPES;
  return outputsOf(step)
    .filter(({ type }) => !allowed.includes(type))
    .map(({ name, type }) => `output ${name} of step ${step.name} is a ${type}; allowed: ${allowed.join(', ')}`);
}

const everyExit = ({ good, other }: Exits): readonly string[] => [...good, ...other];

/** Which steps come before which, over every way through a runbook: success, failure and cancellation. */
class Ways {
  readonly #start: readonly string[];
  readonly #exits: ReadonlyMap<string, Exits>;
  readonly #withoutGood = new Map<string, ReadonlySet<string>>();

  constructor(runbook: Runbook) {
    this.#start = runbook.steps.slice(0, 1).map(({ name }) => name);
    this.#exits = new Map(runbook.steps.map(({ name }, at) => [name, exitsOf(runbook, at)]));
  }

  isReachable(name: string): boolean {
    return this.#reachedWithoutGood('').has(name);
  }

  /** Whether every way to a step comes by another one that has succeeded, or of a branch, by one of its choices. */
  comesAfter(name: string, earlier: string): boolean {
    return !this.#reachedWithoutGood(earlier).has(name);
  }

  leadsBack(name: string): boolean {
    return this.#reach(this.#after(name, ''), '').has(name);
  }

  #reachedWithoutGood(closed: string): ReadonlySet<string> {
    const held = this.#withoutGood.get(closed);
    if (held !== undefined) return held;
    const reached = this.#reach(this.#start, closed);
    this.#withoutGood.set(closed, reached);
    return reached;
  }

  #after(name: string, closed: string): readonly string[] {
    const exits = this.#exits.get(name) ?? { good: [], other: [] };
    return name === closed ? exits.other : everyExit(exits);
  }

  #reach(from: readonly string[], closed: string): ReadonlySet<string> {
    const reached = new Set<string>();
    const open = [...from];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      open.push(...this.#after(name, closed));
    }
    return reached;
  }
}
