import { scopeOfArn, toAccountId, toRegion, type Scope } from '../core/ids.js';

/** Account and Region that the caller names for input that does not. */
export type Flags = Scope;

const NOWHERE: Scope = { accountId: null, region: null };

/**
 * The account and Region that folders name: `.../<12 digits>/<region>/...`, also with `Config/` between them
 * as AWS Config delivers its snapshots, or `.../<12 digits>/file` for what belongs to no Region.
 */
export function placeOfPath(path: string): Scope {
  const folders = path.split(/[\\/]/).slice(0, -1);
  for (let index = folders.length - 1; index >= 0; index -= 1) {
    const accountId = toAccountId(folders[index]);
    if (accountId === null) continue;
    const [next, afterNext] = folders.slice(index + 1);
    return { accountId, region: toRegion(next === 'Config' ? afterNext : next) };
  }
  return NOWHERE;
}

/** Where an element belongs: its folder says, else its ARN, else its owner, else the caller. */
export function placeOf(
  folder: Scope,
  flags: Flags,
  own: { readonly arn?: string | null | undefined; readonly ownerId?: string | null | undefined },
): Scope {
  const byArn = typeof own.arn === 'string' ? scopeOfArn(own.arn) : NOWHERE;
  const owner = toAccountId(own.ownerId);
  return {
    accountId: folder.accountId ?? byArn.accountId ?? owner ?? flags.accountId,
    region: folder.region ?? byArn.region ?? flags.region,
  };
}
