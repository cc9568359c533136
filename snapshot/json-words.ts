/** What comes next at the level this reader is strict about; `expected` puts it in words. */
export type State =
  | 'start'
  | 'first-key'
  | 'key'
  | 'colon'
  | 'member-value'
  | 'after-member'
  | 'first-element'
  | 'element'
  | 'after-element'
  | 'end'
  | 'in-value'
  | 'in-word';

export type Role = 'key' | 'value' | 'skipped' | 'element';

/** The value in progress, in words. */
export function subjectText(role: Role, key: string | null, index: number): string {
  switch (role) {
    case 'key':
      return 'a key of the top-level object';
    case 'element':
      return elementText(key, index);
    case 'value':
    case 'skipped':
      return `the value of ${quoted(key)}`;
  }
}

const elementText = (key: string | null, index: number): string => `element ${index} of ${listText(key)}`;

const listText = (key: string | null): string => (key === null ? 'the top-level array' : quoted(key));

/** What may come next, in words. */
export function expectedText(state: State, key: string | null, index: number): string {
  switch (state) {
    case 'start':
      return '{ or [ at the start of the file';
    case 'first-key':
      return 'a key or } at the start of the top-level object';
    case 'key':
      return `a key after the value of ${quoted(key)}`;
    case 'colon':
      return `: after the key ${quoted(key)}`;
    case 'member-value':
      return `a value of ${quoted(key)}`;
    case 'after-member':
      return `, or } after the value of ${quoted(key)}`;
    case 'first-element':
      return `a value or ] at the start of ${listText(key)}`;
    case 'element':
      return `a value as ${elementText(key, index)}`;
    case 'after-element':
      return `, or ] after ${elementText(key, index)}`;
    case 'end':
    case 'in-value':
    case 'in-word':
      return 'nothing after the top-level value';
  }
}

/** A byte, fit for a message. */
export function shown(byte: number): string {
  return byte > 0x20 && byte < 0x7f
    ? JSON.stringify(String.fromCharCode(byte))
    : `byte 0x${byte.toString(16).padStart(2, '0')}`;
}

/** A name from the file, fit for a message. */
export function quoted(text: string | null): string {
  return JSON.stringify(text !== null && text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

/** `undefined` and `-Infinity` have as many letters. */
const LONGEST_WORD = 9;

/** A word without quotation marks, fit for a message: one that is longer than a slip may be a secret. */
export const wordText = (word: string): string =>
  word.length > LONGEST_WORD ? `a word of ${String(word.length)} characters` : quoted(word);
