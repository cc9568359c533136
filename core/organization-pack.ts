import type { AccountId } from './ids.js';
import type { Log } from './reporting.js';

/** Where a conformance pack stands: of the organization as a whole, or in one account. */
export type PackState = `${'CREATE' | 'UPDATE' | 'DELETE'}_${'SUCCESSFUL' | 'IN_PROGRESS' | 'FAILED'}`;

/** The pack in one account of the organization. */
export interface PackMember {
  readonly accountId: AccountId;
  readonly state: PackState;
  /** AWS Config's own words, where it failed. */
  readonly why: string | null;
}

/** The organization's pack as it is deployed; what it was put with is handed back unread when it is put again. */
export interface DeployedPack {
  readonly state: PackState;
  /** ISO 8601: when it was last put. */
  readonly putAt: string;
  readonly members: readonly PackMember[];
}

/** The organization's conformance pack of one name, and no other. */
export interface PackKeeper {
  /** The pack, or `null` when the organization has none of this name. Raises `E2001` to `E2007`, `E2009` when denied. */
  readonly deployedPack: () => Promise<DeployedPack | null>;
  /**
   * Puts the pack again: the same template, parameters and excluded accounts. `busy` when AWS Config is still at work on
   * it. Raises `E2009` when AWS Config refused it.
   */
  readonly putAgain: () => Promise<'put' | 'busy'>;
}

/** What to do about the pack, and why. */
export type PackCare =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'put-again'; readonly failed: readonly PackMember[] }
  | {
      readonly kind: 'leave';
      readonly reason: 'no-pack' | 'in-progress' | 'being-deleted' | 'too-soon';
      readonly failed: readonly PackMember[];
    };

const HOUR_MS = 3_600_000;

/**
 * Decides whether the pack is put again: when it failed in some account, nothing is at work on it, and it was not put
 * within the last hours. The last rule bounds how often a failure that stays can make us try.
 */
export function planPackCare(pack: DeployedPack | null, now: string, retryAfterHours: number): PackCare {
  if (pack === null) return { kind: 'leave', reason: 'no-pack', failed: [] };
  const failed = pack.members.filter(({ state }) => state === 'CREATE_FAILED' || state === 'UPDATE_FAILED');
  const states = [pack.state, ...pack.members.map(({ state }) => state)];
  // A pack that goes is none that should come back.
  if (pack.state.startsWith('DELETE_')) return { kind: 'leave', reason: 'being-deleted', failed };
  const isFailed = failed.length > 0 || pack.state.endsWith('_FAILED');
  if (!isFailed) return { kind: 'healthy' };
  if (states.some((state) => state.endsWith('_IN_PROGRESS'))) return { kind: 'leave', reason: 'in-progress', failed };
  const waited = Date.parse(now) - Date.parse(pack.putAt);
  return waited < retryAfterHours * HOUR_MS
    ? { kind: 'leave', reason: 'too-soon', failed }
    : { kind: 'put-again', failed };
}

/** What one look at the pack came to. */
export interface PackTally {
  /** Accounts that have the pack, or should. */
  readonly members: number;
  /** Accounts in which it failed. */
  readonly failedMembers: number;
  /** 1 when it was put again. */
  readonly putAgain: number;
}

export interface PackCareDeps {
  readonly keeper: PackKeeper;
  /** The instant as ISO 8601. */
  readonly now: () => string;
  readonly retryAfterHours: number;
  readonly log: Log;
  readonly tally: (tally: PackTally) => void;
}

/** How many accounts a log line names. */
const NAMED = 20;

/** Looks at the pack once, and puts it again when that is due. */
export async function answerPackCare({ keeper, now, retryAfterHours, log, tally }: PackCareDeps): Promise<PackCare> {
  const pack = await keeper.deployedPack();
  const care = planPackCare(pack, now(), retryAfterHours);
  const failed = care.kind === 'healthy' ? [] : care.failed;
  const accounts = failed
    .slice(0, NAMED)
    .map(({ accountId, state, why }) => `${accountId} ${state}: ${why ?? 'no reason given'}`)
    .join('; ');
  const about = { failedMembers: failed.length, accounts };
  const done = care.kind === 'put-again' ? await keeper.putAgain() : null;
  if (done === 'put') log.warn('the pack failed in some accounts and was put again', about);
  else if (done === 'busy') log.info('the pack failed in some accounts, and AWS Config is at work on it', about);
  else if (care.kind === 'leave') log.warn(`the pack is left as it is: ${care.reason}`, about);
  else log.info('the pack is in every account', { members: pack?.members.length ?? 0 });
  tally({
    members: pack?.members.length ?? 0,
    failedMembers: failed.length,
    putAgain: done === 'put' ? 1 : 0,
  });
  return care;
}
