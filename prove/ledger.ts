import * as z from 'zod/mini';
import { OriginGuardError } from '../core/errors.js';
import { toAccountId, toRegion, type AccountId, type Region } from '../core/ids.js';

/** The ids of runs, such as `20261129-163300-4f2a`: they are part of names and of the ledger's. */
export const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{4}$/;

const Line = z.union([
  z.object({
    event: z.literal('began'),
    run: z.string().check(z.regex(RUN_ID)),
    accountId: z.string(),
    region: z.string(),
  }),
  z.object({ event: z.literal('making'), stack: z.string() }),
  z.object({ event: z.literal('gone'), stack: z.string() }),
]);
export type Line = z.infer<typeof Line>;

/** What a run made, or was about to make, as far as its ledger says. */
export interface Ledger {
  readonly run: string;
  readonly accountId: AccountId;
  readonly region: Region;
  /** The stacks that may be there, latest first: one may import from another that was made before it. */
  readonly left: readonly string[];
}

/** A line as it is appended. It is on the disk before the thing that it names is asked for. */
export const renderLine = (line: Line): string => `${JSON.stringify(line)}\n`;

/**
 * Reads a ledger. A last line that was cut short names nothing that exists: what it would have named was not asked for.
 *
 * Raises `E1004` for a text that is no ledger.
 */
export function parseLedger(text: string): Ledger {
  const [first, ...others] = linesOf(text);
  if (first?.event !== 'began') throw noLedger('its first line does not say which run it is of');
  const accountId = toAccountId(first.accountId);
  const region = toRegion(first.region);
  if (accountId === null || region === null) throw noLedger('its first line names no account and Region');
  const left: string[] = [];
  for (const line of others) {
    if (line.event === 'began') throw noLedger('it begins twice');
    const at = left.indexOf(line.stack);
    if (line.event === 'making' && at < 0) left.unshift(line.stack);
    if (line.event === 'gone' && at >= 0) left.splice(at, 1);
  }
  return { run: first.run, accountId, region, left };
}

function linesOf(text: string): readonly Line[] {
  const lines = text.split('\n');
  // Behind the last line feed there is nothing, or what was cut short.
  return lines.slice(0, -1).map((line, at) => {
    const parsed = Line.safeParse(jsonOf(line));
    if (parsed.success) return parsed.data;
    throw noLedger(`line ${String(at + 1)} is none of its lines`);
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

const noLedger = (why: string): OriginGuardError =>
  new OriginGuardError('E1004', `this is no ledger of npm run prove: ${why}; allowed: the file that a run named`);
