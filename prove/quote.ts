const MOST = 160;

/** A few words of AWS's for a table of Markdown: one line, no table of its own, not endless. */
export function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '/').replaceAll('`', "'").trim();
  return line.length <= MOST ? line : `${line.slice(0, MOST - 3)}...`;
}

/** The same text without account ids: what is written for others does not say whose account it was. */
export const withoutAccounts = (text: string): string =>
  text.replaceAll(/(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])/g, 'ACCOUNT');
