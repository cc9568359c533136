/** A word as a POSIX shell takes it: nothing in it is expanded, whatever it holds. */
export const shellWord = (word: string): string =>
  /^[\w./@:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
