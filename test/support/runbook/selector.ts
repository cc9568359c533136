import { UnsupportedDocument, type OutputType } from './document.js';

const PART = /^(?:\.(\w+)|\[(\d+)\])/;

/** What a selector such as `$.restore.cidrIpv4[0].source` finds; `undefined` for nothing, and for `null`. */
export function select(selector: string, answer: unknown): unknown {
  let rest = selector.slice(1);
  let value = answer;
  while (rest !== '') {
    const [part, key, index] = PART.exec(rest) ?? [];
    if (part === undefined) throw new UnsupportedDocument(`selector ${selector} is more than names and indexes`);
    value = within(value, key ?? Number(index));
    rest = rest.slice(part.length);
  }
  return value ?? undefined;
}

function within(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== (typeof key === 'number'))
    return undefined;
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string | number, unknown>>)[key] : undefined;
}

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const CHECKS: Readonly<Record<OutputType, (value: unknown) => boolean>> = {
  String: (value) => typeof value === 'string',
  Integer: (value) => Number.isInteger(value),
  Boolean: (value) => typeof value === 'boolean',
  StringList: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  StringMap: isMap,
  MapList: (value) => Array.isArray(value) && value.every(isMap),
};

/** Whether a value is of the type that an output or a parameter declares. */
export const isOfType = (value: unknown, type: OutputType): boolean => CHECKS[type](value);
