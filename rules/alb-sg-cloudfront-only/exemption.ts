import * as z from 'zod/mini';
import type { Fact } from '../../core/fact.js';

/** The tag that holds the last day of an exemption, whatever the exemption's own key is. */
export const EXEMPT_UNTIL_TAG = 'origin-guard:exempt-until';

const Day = z.iso.date();
const Instant = z.iso.datetime({ offset: true });

const DAY_MS = 86_400_000;

/**
 * Why a group is exempt, or `null` when it is not.
 *
 * An exemption needs a reason. Past its date, or with a date that does not parse, it is none: a guard fails closed.
 * A day counts to its end in UTC.
 */
export function exemption(
  tags: Fact<Readonly<Record<string, string>>>,
  exemptTagKey: string,
  now: string,
): string | null {
  if (!tags.known) return null;
  const valueOf = (key: string): string | undefined => (Object.hasOwn(tags.value, key) ? tags.value[key] : undefined);
  const reason = valueOf(exemptTagKey)?.trim() ?? '';
  if (reason === '') return null;
  const dates = [...new Set([EXEMPT_UNTIL_TAG, `${exemptTagKey}-until`])].flatMap((key) => valueOf(key) ?? []);
  if (!dates.every((date) => Date.parse(now) < endOf(date.trim()))) return null;
  return dates[0] === undefined ? reason : `${reason} (until ${dates[0].trim()})`;
}

/** The first instant after a date, in milliseconds; `NaN`, which nothing is less than, when it does not parse. */
function endOf(date: string): number {
  if (Day.safeParse(date).success) return Date.parse(`${date}T00:00:00Z`) + DAY_MS;
  return Instant.safeParse(date).success ? Date.parse(date) : Number.NaN;
}
