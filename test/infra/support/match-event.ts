/**
 * Whether an event matches a pattern of EventBridge: the part of the language that our patterns use, and an error for the
 * rest. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesEvent(pattern: Json, event: Json): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or') return (wanted as Json[]).some((branch) => matchesEvent(branch, event));
    const value = event[key];
    if (Array.isArray(wanted)) return wanted.some((matcher) => matchesValue(matcher, value));
    const inner = Array.isArray(value) ? value : [value];
    return inner.some((each) => matchesEvent(wanted as Json, isJson(each) ? each : {}));
  });
}

export type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => value !== null && typeof value === 'object';

function matchesValue(matcher: unknown, value: unknown): boolean {
  if (isJson(matcher) && 'exists' in matcher) return matcher['exists'] === (value !== undefined);
  if (value === undefined) return false;
  const values = Array.isArray(value) ? value : [value];
  return values.some((each) => matchesOne(matcher, each));
}

function matchesOne(matcher: unknown, value: unknown): boolean {
  if (!isJson(matcher)) return matcher === value;
  const [[operator, wanted] = ['', undefined]] = Object.entries(matcher);
  if (operator === 'anything-but') {
    const banned = Array.isArray(wanted) ? wanted : [wanted];
    return !banned.some((each) => matchesOne(each, value));
  }
  if (typeof value !== 'string') return false;
  if (operator === 'prefix') return value.startsWith(String(wanted));
  if (operator === 'wildcard') return toRegExp(String(wanted)).test(value);
  throw new Error(`the matcher does not know ${operator}`);
}

/** Every `*` stands for any text. */
export const toRegExp = (wildcard: string): RegExp =>
  new RegExp(
    `^${wildcard
      .split('*')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
