import { UnsupportedDocument } from './document.js';

const RAISE = /raise \w+\((.*)\)\s*$/;
const TERM = /^\s*(?:'([^'\\]*)'|"([^"\\]*)"|\w+\[['"](\w+)['"]\])\s*(?:\+|$)/;

/** The message with which our failing three-line script fails; raises `UnsupportedDocument` for any other script. */
export function messageOfScript(script: unknown, payload: Readonly<Record<string, unknown>>): string {
  let rest = typeof script === 'string' && !script.includes('{{') ? RAISE.exec(script)?.[1] : undefined;
  if (rest === undefined) throw new UnsupportedDocument('a script that does more than fail with a message');
  let message = '';
  while (rest !== '') {
    const [term, single, double, key] = TERM.exec(rest) ?? [];
    if (term === undefined) throw new UnsupportedDocument(`a script whose message is ${rest}`);
    message += key === undefined ? (single ?? double ?? '') : String(payload[key]);
    rest = rest.slice(term.length);
  }
  return message;
}
