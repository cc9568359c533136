import * as z from 'zod';
import { OriginGuardError } from '../core/errors.js';
import { jsonProblem } from '../core/json-problem.js';
import { unreadable } from './files.js';
import { JsonSyntaxError } from './json-elements.js';
import type { FileContext } from './list-reader.js';

/**
 * Any failure on a file in one message that names the file and the field.
 *
 * @remarks What is wrong with a text has no cause: those of the parsers quote it, and it may be a header value.
 */
export function explainFailure(error: unknown, { path }: FileContext, where: string): unknown {
  if (error instanceof OriginGuardError) return error;
  if (error instanceof JsonSyntaxError)
    return new OriginGuardError('E1004', `${path} is not readable JSON: ${error.message}`);
  if (error instanceof SyntaxError)
    return new OriginGuardError('E1004', `${path} is not readable JSON: ${where}: ${jsonProblem(error)}`);
  if (error instanceof z.core.$ZodError) {
    const issue = error.issues[0];
    const field = [where, ...(issue?.path ?? [])].map((part) =>
      typeof part === 'number' ? `[${String(part)}]` : String(part),
    );
    const expected = expectedText(issue?.message);
    const input = issue !== undefined && 'input' in issue ? `found ${foundInstead(issue.input, expected)}, ` : '';
    return new OriginGuardError('E1005', `${path}: ${joinField(field, where)}: ${input}${expected}`);
  }
  return unreadable(path, error);
}

/** Our own messages say what is expected; those of the library also repeat what was found, as a type. */
const expectedText = (message = 'expected another shape'): string =>
  message.replace(/^Invalid (?:input|option): /, '').replace(/, received \w+$/, '');

/** Fields of AWS command output as the file spells them: the schemas read them with a small first letter. */
function joinField(parts: readonly string[], where: string): string {
  const isItem = where.includes('configuration') || where.startsWith('[') || where === '';
  const [first = '', ...rest] = parts;
  return rest.reduce((text, part) => {
    if (part.startsWith('[')) return text + part;
    const spelled = isItem ? part : part.charAt(0).toUpperCase() + part.slice(1);
    return text === '' ? spelled : `${text}.${spelled}`;
  }, first);
}

const STRUCTURES: ReadonlySet<string> = new Set([
  'expected object',
  'expected array',
  'expected a list',
  'expected record',
]);

/** A text that stands in the place of a list or an object may be anything, a secret too. */
export const foundInstead = (value: unknown, expected: string): string =>
  typeof value === 'string' && STRUCTURES.has(expected) ? 'a text' : foundText(value);

/** A value in words, short enough for a message. */
function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
