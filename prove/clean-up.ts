import { OriginGuardError } from '../core/errors.js';
import type { Sandbox } from '../core/proving.js';
import type { Ledger } from './ledger.js';
import { byHand, removeStack, type LeftBehind, type StackWork } from './stacks.js';

/**
 * Removes everything that a ledger says may be there, latest first, and answers with what is still there.
 *
 * One that cannot be removed keeps no other from being removed. Raises `E1003` for a ledger of another account or Region.
 */
export async function cleanUp(
  work: StackWork,
  { run, accountId, region, left }: Ledger,
): Promise<readonly LeftBehind[]> {
  requireSamePlace(work.sandbox, { accountId, region });
  const behind: LeftBehind[] = [];
  for (const stack of left) {
    work.world.say(`removing ${stack}`);
    const kept = await removed(work, stack, run);
    if (kept !== null) behind.push(kept);
  }
  return behind;
}

function requireSamePlace({ accountId, region }: Sandbox, ledger: Pick<Ledger, 'accountId' | 'region'>): void {
  if (accountId === ledger.accountId && region === ledger.region) return;
  throw new OriginGuardError(
    'E1003',
    `the ledger is of account ${ledger.accountId} in ${ledger.region}, the credentials are of ${accountId} in ${region}; allowed: the account and Region of the ledger`,
  );
}

async function removed(work: StackWork, stack: string, run: string): Promise<LeftBehind | null> {
  try {
    return await removeStack(work, stack, run);
  } catch (error) {
    if (!(error instanceof OriginGuardError)) throw error;
    return { stack, why: error.message, commands: byHand(work.sandbox.region, stack) };
  }
}

/** Everything that a ledger says may be there, when nothing could be tried. */
export const allLeft = ({ region, left }: Ledger, why: string): readonly LeftBehind[] =>
  left.map((stack) => ({ stack, why, commands: byHand(region, stack) }));

/** What is still there, and how to remove it by hand, for people. */
export const renderLeft = (left: readonly LeftBehind[], ledgerFile: string): string =>
  left.length === 0
    ? 'everything that this run made is gone\n'
    : [
        `still there (try again with: npm run prove -- --clean-up ${ledgerFile}):`,
        ...left.flatMap(({ stack, why, commands }) => [
          `- ${stack}: ${why}`,
          ...(commands.length === 0 ? ['    look at who made it'] : commands.map((command) => `    ${command}`)),
        ]),
        '',
      ].join('\n');
