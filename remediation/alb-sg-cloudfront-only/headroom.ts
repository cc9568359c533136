import type { PrefixListId } from '../../core/ids.js';
import { FAMILIES, type Family, type Grant, type Plan, type RequiredPort } from '../../core/plan.js';
import { QUOTAS } from '../../core/planning.js';
import { grantsFor } from './admission.js';
import { refuse } from './ask.js';
import type { PlanOptions } from './options.js';
import { CLOUDFRONT_WEIGHT, fits, withGrants, type Count } from './quota.js';
import { DEDICATED_SLOTS } from './result.js';

/** How many rules of each address family a run can add to the group itself. */
const GRANTS_PER_FAMILY = 2;

/** Which grants a group itself takes, and which need a group of their own. */
export interface Placed {
  readonly here: readonly Grant[];
  readonly elsewhere: readonly Grant[];
}

/** Places grants beside the rules that a group counts: first come, first served. */
export function place(
  grants: readonly Grant[],
  before: Count,
  limit: number,
  { quotaModel }: Pick<PlanOptions, 'quotaModel'>,
): Placed {
  const here: Grant[] = [];
  const elsewhere: Grant[] = [];
  for (const grant of grants) {
    const hasSlot = here.filter(({ family }) => family === grant.family).length < GRANTS_PER_FAMILY;
    const isHere = hasSlot && fits(withGrants(before, [...here, grant], quotaModel), limit);
    (isHere ? here : elsewhere).push(grant);
  }
  return { here, elsewhere };
}

/** What does not fit a group, and where it stands. */
export interface Shortage {
  readonly groupId: string;
  /** The ports to which CloudFront must be admitted, whether it is or not. */
  readonly required: readonly RequiredPort[];
  /** Those of them to which it is not. */
  readonly lacking: readonly RequiredPort[];
  readonly lists: Readonly<Record<Family, PrefixListId | null>>;
  readonly before: Count;
  readonly limit: number;
  /** Whether one load balancer alone uses the group: only then can it be given groups of its own. */
  readonly isAlone: boolean;
}

/** What CloudFront needs, and how much of it fits the group. */
export function shortageText(shortage: Shortage, options: PlanOptions): string {
  const { groupId, required, before, limit } = shortage;
  const { here, elsewhere } = placed(shortage, limit, options);
  const needs = FAMILIES.flatMap((family) => {
    const ports = required.filter((each) => each.family === family).map(({ port }) => String(port));
    return ports.length === 0 ? [] : [`${counted(ports.length, 'port')} by ${NAMES[family]} (${ports.join(', ')})`];
  });
  const all = [...here, ...elsewhere];
  const isCapped = FAMILIES.some((family) => all.filter((each) => each.family === family).length > GRANTS_PER_FAMILY);
  return [
    `CloudFront needs ${needs.join(' and ')}`,
    `that takes ${counted(all.length, 'new rule')} on group ${groupId}, which counts ${String(before.ipv4)} (IPv4) and ${String(before.ipv6)} (IPv6) of ${String(limit)}`,
    `each counts ${String(CLOUDFRONT_WEIGHT)}, and ${String(here.length)} fit${here.length === 1 ? 's' : ''}`,
    ...(isCapped ? [`a run adds ${String(GRANTS_PER_FAMILY)} of an address family to a group at most`] : []),
  ].join('; ');
}

const NAMES: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

const counted = (count: number, words: string): string => `${String(count)} ${words}${count === 1 ? '' : 's'}`;

/** The refusal for want of room, with the ways out that are enough for this group. */
export function refuseShortage(shortage: Shortage, options: PlanOptions): Plan {
  const ways = waysOut(shortage, options).join('; or ');
  const plan = refuse('QUOTA_NO_HEADROOM', shortageText(shortage, options));
  return ways === '' ? plan : { ...plan, nextStep: ways };
}

function waysOut(shortage: Shortage, options: PlanOptions): readonly string[] {
  const { limit, isAlone } = shortage;
  const { here, elsewhere } = placed(shortage, limit, options);
  const slots = options.allowSplit && isAlone ? DEDICATED_SLOTS : 0;
  const quota = lowestLimit(shortage, slots, options);
  const ranged = placed(shortage, limit, { ...options, portMerge: 'RANGE' });
  const fitting = here.length + slots;
  return [
    ...(fitting > 0 ? [`let CloudFront use fewer ports (https-only): ${counted(fitting, 'new rule')} would fit`] : []),
    ...(quota === null ? [] : [raise(quota)]),
    ...(options.allowSplit || !isAlone ? [] : splitWays(shortage, elsewhere, quota, options)),
    ...(options.portMerge !== 'RANGE' && ranged.elsewhere.length <= slots
      ? [
          'set PORT_MERGE=RANGE (for this group: the tag origin-guard:strategy = RANGE), which admits CloudFront to the ports between them too',
        ]
      : []),
  ];
}

function splitWays(
  shortage: Shortage,
  elsewhere: readonly Grant[],
  quota: number | null,
  options: PlanOptions,
): readonly string[] {
  if (elsewhere.length <= DEDICATED_SLOTS)
    return [`run with AllowSplit=true, which makes ${counted(elsewhere.length, 'group')} beside this one`];
  const limit = lowestLimit(shortage, DEDICATED_SLOTS, options);
  if (limit === null || limit === quota) return [];
  return [
    `${raise(limit)} and run with AllowSplit=true, which makes ${String(DEDICATED_SLOTS)} groups at most beside this one`,
  ];
}

const raise = (limit: number): string =>
  `raise the quota of rules per group (${QUOTAS['rules-per-group'].code}) to ${String(limit)} or more`;

/** The lowest quota by which all but so many grants fit the group, or `null` where no quota is enough. */
function lowestLimit(shortage: Shortage, slots: number, options: PlanOptions): number | null {
  const { before } = shortage;
  const { here } = placed(shortage, Infinity, options);
  const limits = here.map((_, at) => {
    const count = withGrants(before, here.slice(0, at + 1), options.quotaModel);
    return Math.max(...FAMILIES.map((family) => count[family]));
  });
  return limits.find((limit) => placed(shortage, limit, options).elsewhere.length <= slots) ?? null;
}

const placed = ({ lacking, lists, before }: Shortage, limit: number, options: PlanOptions): Placed =>
  place(grantsFor(lacking, lists, options), before, limit, options);
