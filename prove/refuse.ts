import type { Fact } from '../core/fact.js';
import type { OtherRegion, Survey } from '../core/proving.js';
import { notAsked, type Answer } from './answer.js';
import { inDollars, MOST_DOLLARS, totalDollars } from './estimate.js';
import type { Need, Question } from './question.js';

/**
 * Why nothing may be made in an account, a sentence each; empty for one in which a run may begin. `unseenRegionsAreEmpty`
 * is what a person says of other Regions that may not be looked into.
 *
 * @remarks A run makes no load balancer and no distribution, so every one that is there is somebody's. What could not
 * be seen refuses too.
 */
export function refusals(
  { loadBalancers, balancerInterfaces, otherRegions, distributions, administers }: Survey,
  { unseenRegionsAreEmpty }: { readonly unseenRegionsAreEmpty: boolean },
): readonly string[] {
  const held = (fact: Fact<readonly string[]>, what: string): readonly string[] =>
    !fact.known
      ? [fact.gap.detail]
      : fact.value.length === 0
        ? []
        : [`the account holds ${what}: ${named(fact.value)}; allowed: an account that holds none`];
  return [
    ...held(loadBalancers, 'load balancers in this Region'),
    ...held(balancerInterfaces, 'network interfaces of load balancers in this Region'),
    ...(!otherRegions.known
      ? [otherRegions.gap.detail]
      : [
          ...otherRegions.value.flatMap(({ region, held: there }) =>
            there.known ? held(there, `load balancers, or network interfaces of them, in ${region}`) : [],
          ),
          ...(unseenRegionsAreEmpty ? [] : unseen(otherRegions.value)),
        ]),
    ...held(distributions, 'CloudFront distributions'),
    ...(!administers.known
      ? [administers.gap.detail]
      : administers.value
        ? [
            'the account may administer an organization: it is its management account or a delegated administrator; allowed: any other account',
          ]
        : []),
  ];
}

function unseen(regions: readonly OtherRegion[]): readonly string[] {
  const hidden = regions.flatMap(({ region, held }) => (held.known ? [] : [region]));
  return hidden.length === 0
    ? []
    : [
        `whether the account holds load balancers cannot be seen in ${named(hidden)}; allowed: a right to look there, or --unseen-regions-empty from somebody who knows`,
      ];
}

const SHOWN = 3;

const named = (names: readonly string[]): string =>
  names.length <= SHOWN
    ? names.join(', ')
    : `${names.slice(0, SHOWN).join(', ')} and ${String(names.length - SHOWN)} more`;

/** Why a run costs too much; `null` for one that does not. */
export function tooDear(questions: readonly Question[]): string | null {
  const total = totalDollars(questions.map(({ estimate }) => estimate));
  return total <= MOST_DOLLARS
    ? null
    : `the estimate is ${inDollars(total)}; allowed: ${inDollars(MOST_DOLLARS)}; name fewer questions with --only`;
}

/** Why a question cannot be asked in an account; `null` for one that can. The kit turns nothing on. */
export function lacking({ needs, open }: Pick<Question, 'needs' | 'open'>, survey: Survey): Answer | null {
  for (const need of needs) {
    const why = WHY[need](survey);
    if (why !== null) return notAsked(need === 'organization' && open !== null ? `${why}; ${open}` : why);
  }
  return null;
}

const WHY: Readonly<Record<Need, (survey: Survey) => string | null>> = {
  organization: () => 'needs an organization',
  recorder: ({ recorder }) =>
    !recorder.known
      ? recorder.gap.detail
      : recorder.value === 'recording'
        ? null
        : recorder.value === 'none'
          ? 'AWS Config has no recorder in this Region, and none is turned on here'
          : 'the recorder of AWS Config is stopped in this Region, and is not started here',
  'security-hub': ({ securityHub }) =>
    !securityHub.known
      ? securityHub.gap.detail
      : securityHub.value === 'on'
        ? null
        : 'Security Hub is off in this Region, and is not turned on here',
  'ipv4-list': ({ prefixLists }) =>
    !prefixLists.known
      ? prefixLists.gap.detail
      : prefixLists.value.ipv4 === null
        ? "the Region has no prefix list of CloudFront's for IPv4"
        : null,
};
