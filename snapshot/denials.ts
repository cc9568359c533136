import { uniqueGaps, type Gap } from '../core/fact.js';
import type { AccountId, Scope } from '../core/ids.js';
import type { Collected } from './collected.js';

/** The reads that were denied when the input was collected. */
export interface Denials {
  /** The gap that a denied read of this fact left at a place, or `null`. */
  readonly at: (fact: string, scope: Scope) => Gap | null;
  /** The same for any fact whose name begins so. */
  readonly startingAt: (fact: string, scope: Scope) => Gap | null;
  /** The same for what belongs to an account; of several Regions the first. */
  readonly of: (fact: string, accountId: AccountId | null) => Gap | null;
  /** The same wherever it was. */
  readonly anywhere: (fact: string) => Gap | null;
  /** What was denied and stands behind no verdict. */
  readonly blindSpots: readonly Gap[];
}

/** Finds the denials among everything collected. */
export function denialsOf({ denied, coverage }: Collected): Denials {
  const gaps = denied.map((item) => ({
    ...item,
    gap: { fact: item.fact, cause: 'access-denied', detail: item.detail } satisfies Gap,
  }));
  const first = (isAsked: (item: (typeof gaps)[number]) => boolean): Gap | null =>
    uniqueGaps(gaps.filter(isAsked).map(({ gap }) => gap))[0] ?? null;
  const isBlind = (item: (typeof gaps)[number]): boolean =>
    ['networkInterfaces', 'targetGroups'].includes(item.fact) ||
    item.fact.startsWith('targets of ') ||
    (item.fact === 'securityGroups' &&
      coverage.gapAt('securityGroups', item) !== null &&
      coverage.gapAt('securityGroupRules', item) !== null);
  return {
    at: (fact, scope) => first((item) => item.fact === fact && isAt(item, scope)),
    startingAt: (fact, scope) => first((item) => item.fact.startsWith(fact) && isAt(item, scope)),
    of: (fact, accountId) => first((item) => item.fact === fact && item.accountId === accountId),
    anywhere: (fact) => first((item) => item.fact === fact),
    blindSpots: uniqueGaps(gaps.filter(isBlind).map(({ gap }) => gap)),
  };
}

const isAt = (item: Scope, { accountId, region }: Scope): boolean =>
  item.accountId === accountId && item.region === region;
