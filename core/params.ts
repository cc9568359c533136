import * as z from 'zod/mini';
import { compareText } from './fact.js';
import { OriginGuardError } from './errors.js';
import './schema-messages.js';

/** One rule parameter: what it means to people, and how its text becomes a value. */
export interface Param<T> {
  readonly summary: string;
  /** What may be written, in words, for messages and pages. */
  readonly allowed: string;
  /** The text that stands for the parameter when nobody gives it; never empty, since AWS Config forbids that. */
  readonly fallback: string;
  readonly read: (text: string) => { readonly value: T } | { readonly problem: string };
}

export type ParamSet = Readonly<Record<string, Param<unknown>>>;
export type ParamValues<Set extends ParamSet> = {
  readonly [Name in keyof Set]: Set[Name] extends Param<infer T> ? T : never;
};

/** One of a few words. */
export function oneOf<const Word extends string>(
  words: readonly [Word, ...Word[]],
  fallback: Word,
  summary: string,
): Param<Word> {
  const allowed = words.join(' or ');
  return {
    summary,
    allowed,
    fallback,
    read: (text) => {
      const value = words.find((word) => word === text);
      return value === undefined ? { problem: 'is none of the words' } : { value };
    },
  };
}

/** `true` or `false`. */
export function flag(fallback: boolean, summary: string): Param<boolean> {
  const words = oneOf(['true', 'false'], fallback ? 'true' : 'false', summary);
  return {
    ...words,
    read: (text) => {
      const result = words.read(text);
      return 'value' in result ? { value: result.value === 'true' } : result;
    },
  };
}

/** A text that a schema accepts. */
export function text<T extends string>(
  schema: z.core.$ZodType<T>,
  allowed: string,
  fallback: string,
  summary: string,
): Param<T> {
  return {
    summary,
    allowed,
    fallback,
    read: (given) => {
      const parsed = z.safeParse(schema, given);
      return parsed.success ? { value: parsed.data } : { problem: parsed.error.issues[0]?.message ?? 'is not valid' };
    },
  };
}

/** Values with commas between; the word `none` is the empty list. */
export function list<T>(item: z.core.$ZodType<T, string>, allowed: string, summary: string): Param<readonly T[]> {
  return {
    summary,
    allowed: `${allowed}, with commas between, or none`,
    fallback: 'none',
    read: (given) => {
      if (given.trim() === 'none') return { value: [] };
      const values: T[] = [];
      for (const part of given.split(',').map((entry) => entry.trim())) {
        const parsed = z.safeParse(item, part);
        if (!parsed.success) return { problem: `"${part}": ${parsed.error.issues[0]?.message ?? 'is not valid'}` };
        values.push(parsed.data);
      }
      return { value: values };
    },
  };
}

/**
 * The values of a rule's parameters, or `E1002` with the name, the value and what is allowed.
 *
 * Values arrive as text, as AWS Config sends them; a JSON parameter file may also hold booleans, numbers
 * and lists of texts.
 */
export function parseParams<const Set extends ParamSet>(
  set: Set,
  given: Readonly<Record<string, unknown>>,
): ParamValues<Set> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(set, name));
  if (unknown[0] !== undefined) {
    throw new OriginGuardError(
      'E1002',
      `unknown parameter ${unknown[0]}; allowed: ${Object.keys(set).sort(compareText).join(', ')}`,
    );
  }
  const values = Object.entries(set).map(([name, param]) => [name, readParam(name, param, given[name])] as const);
  return Object.fromEntries(values) as ParamValues<Set>;
}

function readParam(name: string, param: Param<unknown>, given: unknown): unknown {
  const written = given === undefined ? param.fallback : toText(given);
  if (written === null) {
    throw new OriginGuardError('E1002', `parameter ${name} is ${JSON.stringify(given)}; allowed: ${param.allowed}`);
  }
  const result = param.read(written);
  if ('problem' in result) {
    throw new OriginGuardError(
      'E1002',
      `parameter ${name} is "${written}" (${result.problem}); allowed: ${param.allowed}`,
    );
  }
  return result.value;
}

function toText(given: unknown): string | null {
  if (typeof given === 'string') return given;
  if (typeof given === 'boolean' || typeof given === 'number') return String(given);
  if (!Array.isArray(given) || !given.every((part): part is string => typeof part === 'string')) return null;
  return given.length === 0 ? 'none' : given.join(',');
}

/** The same parameter with its value in the form in which the rule uses it, computed once. */
export function mapParam<T, U>(param: Param<T>, toValue: (value: T) => U): Param<U> {
  return {
    ...param,
    read: (given) => {
      const result = param.read(given);
      return 'value' in result ? { value: toValue(result.value) } : result;
    },
  };
}
