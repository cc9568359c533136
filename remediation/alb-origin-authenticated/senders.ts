import type { Way } from '../../rules/alb-origin-authenticated/facts.js';
import { sameName } from '../../rules/alb-origin-authenticated/judge-condition.js';
import type { Sender } from './guide.js';

/** A listener rule takes values of at most so many characters. Source: API reference of HttpHeaderConditionConfig. */
const LONGEST_VALUE = 128;

/** Every origin that leads here, once, and whether it must be given a value. */
export function sendersOf(
  ways: readonly Way[],
  headerName: string,
  minSecretLength: number,
  rotate: boolean,
): readonly Sender[] {
  const senders = ways.flatMap(({ path: { distributionId, originId }, headers }): readonly Sender[] => {
    if (distributionId === null || originId === null) return [];
    const own = headers.known ? headers.value.filter(({ name }) => sameName(name, headerName)) : [];
    const isFit =
      own.length === 1 && own.every(({ value: { length } }) => length >= minSecretLength && length <= LONGEST_VALUE);
    return [
      { distributionId, originId, spellings: [...new Set(own.map(({ name }) => name))], changes: rotate || !isFit },
    ];
  });
  return [...new Map(senders.map((each) => [`${each.distributionId}\u0000${each.originId}`, each] as const)).values()];
}
