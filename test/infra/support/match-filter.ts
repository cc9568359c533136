import { toRegExp, type Json } from './match-event.js';

/**
 * Whether a line of space-delimited fields matches a metric filter's pattern, as far as ours go: one name for each field,
 * with `=` and a text that may hold `*`. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function matchesFields(pattern: string, line: string): boolean {
  const wanted = /^\[(.*)\]$/.exec(pattern)?.[1]?.split(', ');
  if (wanted === undefined) throw new Error(`not a pattern of fields: ${pattern}`);
  const fields = line.split(' ');
  if (fields.length !== wanted.length) return false;
  return wanted.every((part, at) => {
    const [, text] = /^\w+(?:=(.+))?$/.exec(part) ?? fail(`not a field: ${part}`);
    return text === undefined || toRegExp(text.replaceAll('"', '')).test(fields[at] ?? '');
  });
}

/** Whether an event matches a metric filter over JSON, as far as ours go: `&&`, `||`, brackets, `=` and `!=` of texts. */
export function matchesJson(filter: string, event: Json): boolean {
  const inner = /^\{ (.*) \}$/.exec(filter)?.[1] ?? fail(`not a filter over JSON: ${filter}`);
  return inner.split(' && ').every((part) =>
    part
      .replace(/^\((.*)\)$/, '$1')
      .split(' || ')
      .some((term) => {
        const [, path = '', operator, text] =
          /^\$\.([\w.-]+) (=|!=) "([^"]*)"$/.exec(term) ?? fail(`not a term: ${term}`);
        const value = path.split('.').reduce<unknown>((at, key) => (at as Json | undefined)?.[key], event);
        return operator === '=' ? value === text : value !== undefined && value !== text;
      }),
  );
}

function fail(why: string): never {
  throw new Error(why);
}
