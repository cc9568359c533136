export type Json = null | boolean | number | string | readonly Json[] | { readonly [Key in string]: Json };

export interface Mutation {
  /** Where, and what was done. */
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly value: Json;
}

/** Of every JSON type; a value of the type that stands there already is left out. */
const WRONG: readonly Json[] = [null, 7, true, 'nonsense', '', [], {}];

const typeOf = (value: Json): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

const isTree = (value: Json): value is Exclude<Json, null | boolean | number | string> =>
  value !== null && typeof value === 'object';

const children = (value: Json): readonly (readonly [string | number, Json])[] =>
  !isTree(value) ? [] : Array.isArray(value) ? value.map((each, at) => [at, each] as const) : Object.entries(value);

function replaced(value: Json, [key, ...rest]: readonly (string | number)[], by: Json | undefined): Json | undefined {
  if (key === undefined) return by;
  const changed = children(value).flatMap(([name, each]) => {
    const now = name === key ? replaced(each, rest, by) : each;
    return now === undefined ? [] : [[name, now] as const];
  });
  return Array.isArray(value) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

/** The value with each field dropped in turn, and with a value of each wrong type in each field in turn. */
export function mutationsOf(root: Json): readonly Mutation[] {
  const paths: (readonly [readonly (string | number)[], Json])[] = [];
  const visit = (value: Json, path: readonly (string | number)[]): void => {
    for (const [key, each] of children(value)) {
      paths.push([[...path, key], each]);
      visit(each, [...path, key]);
    }
  };
  visit(root, []);
  return paths.flatMap(([path, old]) => [
    { name: `${path.join('.')} dropped`, path, value: replaced(root, path, undefined) ?? null },
    ...WRONG.filter((each) => typeOf(each) !== typeOf(old) || each === '').map((each) => ({
      name: `${path.join('.')} is ${JSON.stringify(each)}`,
      path,
      value: replaced(root, path, each) ?? null,
    })),
  ]);
}
