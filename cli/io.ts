import { createColors } from 'picocolors';
import type { Style } from '../report/text.js';

/** A stream as far as the command line needs one. */
export interface Sink {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
}

/** The world around a command, so that tests can be that world. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
}

/**
 * Colour on a terminal only, never when `NO_COLOR` is set to anything, always when `FORCE_COLOR` is; a result that goes
 * to the file `output` goes to no terminal.
 * Source: https://no-color.org
 */
export function styleFor({ stdout, env }: Io, { output }: { readonly output?: string } = {}): Style {
  const refused = (env['NO_COLOR'] ?? '') !== '';
  const forced = (env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0';
  return createColors(
    !refused && (forced || (stdout.isTTY === true && output === undefined && env['TERM'] !== 'dumb')),
  );
}

/** A line on the terminal that is overwritten as work goes on; silent anywhere else. */
export function progressLine({ stderr }: Io): { readonly show: (text: string) => void; readonly clear: () => void } {
  if (stderr.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  const CLEAR_LINE = '\r\u001b[2K';
  return {
    show: (text) => stderr.write(`${CLEAR_LINE}${text.slice(0, 79)}`),
    clear: () => stderr.write(CLEAR_LINE),
  };
}
