import { OUTPUT_TYPES, UnsupportedDocument, type OutputType, type SsmDocument, type SsmParameter } from './document.js';
import { isOfType } from './selector.js';

/** Raised where AWS would not start an execution: a parameter is missing, unknown, or not allowed. */
export class InvalidParameters extends Error {
  override readonly name = 'InvalidParameters';
}

/** The values of all parameters of a document, defaults filled in. */
export function readParameters(
  { parameters }: SsmDocument,
  given: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, unknown> {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(parameters, name)) throw new InvalidParameters(`there is no parameter ${name}`);
  return new Map(
    Object.entries(parameters).map(([name, parameter]) => [
      name,
      checked(name, parameter, given[name] ?? parameter.default),
    ]),
  );
}

function checked(name: string, { type, allowedValues, allowedPattern, default: usual }: SsmParameter, value: unknown) {
  const known = OUTPUT_TYPES.find((each): each is OutputType => each === type);
  if (known === undefined) throw new UnsupportedDocument(`parameter ${name} has the type ${type}`);
  if (value === undefined) throw new InvalidParameters(`parameter ${name} is missing`);
  if (!isOfType(value, known)) throw new InvalidParameters(`parameter ${name} is no ${type}`);
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (allowedValues !== undefined && !items.every((item) => allowedValues.includes(item)))
    throw new InvalidParameters(`parameter ${name} is ${JSON.stringify(value)}; allowed: ${allowedValues.join(', ')}`);
  const pattern = allowedPattern === undefined ? null : new RegExp(allowedPattern);
  // AWS checks a default when the document is made, not when it is run; ours are checked by the runbook's own tests.
  if (pattern !== null && value !== usual && !items.every((item) => pattern.test(String(item))))
    throw new InvalidParameters(`parameter ${name} is ${JSON.stringify(value)}; allowed: ${allowedPattern ?? ''}`);
  return value;
}
