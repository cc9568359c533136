import { UnsupportedDocument } from './document.js';

type Condition = Readonly<Record<string, unknown>>;

/** Looks a `{{...}}` up. */
type Fill = (template: unknown) => unknown;

const text =
  (compare: (value: string, constant: string) => boolean) =>
  (value: unknown, constant: unknown): boolean =>
    typeof value === 'string' && typeof constant === 'string' && compare(value, constant);

const number =
  (compare: (value: number, constant: number) => boolean) =>
  (value: unknown, constant: unknown): boolean =>
    typeof value === 'number' && typeof constant === 'number' && compare(value, constant);

/**
 * The comparisons of `aws:branch`. A value of another type than the constant's matches nothing: what AWS makes of it is
 * not documented, and a runbook must not depend on it.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branch-condition.html
 */
const OPERATORS: ReadonlyMap<string, (value: unknown, constant: unknown) => boolean> = new Map([
  ['StringEquals', text((value, constant) => value === constant)],
  ['EqualsIgnoreCase', text((value, constant) => value.toLowerCase() === constant.toLowerCase())],
  ['StartsWith', text((value, constant) => value.startsWith(constant))],
  ['EndsWith', text((value, constant) => value.endsWith(constant))],
  ['Contains', text((value, constant) => value.includes(constant))],
  ['NumericEquals', number((value, constant) => value === constant)],
  ['NumericGreater', number((value, constant) => value > constant)],
  ['NumericLesser', number((value, constant) => value < constant)],
  ['NumericGreaterOrEquals', number((value, constant) => value >= constant)],
  ['NumericLesserOrEquals', number((value, constant) => value <= constant)],
  ['BooleanEquals', (value, constant) => typeof value === 'boolean' && value === constant],
]);

/** The step to which the first choice that holds leads, or `null` when none does. */
export function chosenStep(choices: readonly Condition[], fill: Fill): string | null {
  const chosen = choices.find((choice) => holds(choice, fill));
  return chosen === undefined ? null : String(chosen['NextStep']);
}

function holds(condition: Condition, fill: Fill): boolean {
  const { NextStep: _, Variable: variable, And: all, Or: some, Not: inner, ...rest } = condition;
  if (Array.isArray(all)) return all.every((each: Condition) => holds(each, fill));
  if (Array.isArray(some)) return some.some((each: Condition) => holds(each, fill));
  if (typeof inner === 'object' && inner !== null) return !holds(inner as Condition, fill);
  const [[name, constant] = ['nothing', null], ...more] = Object.entries(rest);
  const compare = OPERATORS.get(name);
  if (compare === undefined || more.length > 0 || typeof variable !== 'string')
    throw new UnsupportedDocument(`a choice compares by ${[name, ...more.map(([key]) => key)].join(', ')}`);
  return compare(fill(variable), constant);
}
