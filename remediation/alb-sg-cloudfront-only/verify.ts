import type { SecurityGroupId } from '../../core/ids.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import { sourceText, type SecurityGroup } from '../../core/model/security-group.js';
import type { DedicatedGroup } from '../../core/plan.js';
import { isNamed } from './named-rules.js';
import type { Planned } from './gather-plan.js';
import { cloudfrontFamily, isGranted, type Lists } from './admission.js';
import type { RequestOf } from './request.js';
import type { Outcome } from './result.js';
import { sameSet } from './same-set.js';
import { lostPorts, ungranted, type Sight } from './sight.js';
import { requiredText } from './to-text.js';

/** What a verifying mode saw. */
export interface Finding {
  readonly outcome: Outcome;
  readonly detail: string;
}

/** The tag of groups that Origin Guard made. */
export const MANAGED_TAG = { key: 'origin-guard:managed', value: 'true' } as const;

/** Whether an approved plan still holds: planning again must come to the very same fix. */
export function judgeGuard({ plan, fingerprint }: Planned, approved: string): Finding {
  if (plan.kind === 'nothing-to-do') return { outcome: 'ALREADY_OK', detail: plan.because };
  if (plan.kind === 'refuse') return { outcome: 'STALE', detail: `${plan.code}: ${plan.because}; ${plan.nextStep}` };
  return fingerprint === approved
    ? { outcome: 'OK', detail: `the plan still holds for group ${plan.securityGroupId}` }
    : {
        outcome: 'STALE',
        detail: `group ${plan.securityGroupId}, or what uses it, has changed since the plan was made; start a new run`,
      };
}

/**
 * Whether everything that the plan adds is seen to be there, and nothing else stands against removing what it names: the
 * last look before the rules go.
 */
export function judgeAuthorized(
  { plan, fingerprint }: Planned,
  sight: Sight,
  dedicated: readonly SecurityGroup[],
  asked: RequestOf<'verifyAuthorized'>,
): Finding {
  const { group, users, rulesOf, lists } = sight;
  if (group === null) return { outcome: 'STALE', detail: `group ${asked.securityGroupId} is gone` };
  if (plan.kind === 'nothing-to-do') return { outcome: 'ALREADY_OK', detail: plan.because };
  if (plan.kind === 'refuse') return { outcome: 'STALE', detail: `${plan.code}: ${plan.because}; ${plan.nextStep}` };
  const named = plan.revoke.map(({ ruleId }) => ruleId).join(',');
  if (named !== asked.revokeRuleIds.join(',') || tailOf(fingerprint ?? '') !== tailOf(asked.fingerprint))
    return {
      outcome: 'STALE',
      detail: `the rules to remove from group ${group.id} have changed since the plan was made`,
    };
  const attached = dedicated.filter(({ id }) => users.every(({ securityGroups }) => securityGroups.includes(id)));
  const rules = [...rulesOf(group.id), ...attached.flatMap(({ id }) => rulesOf(id))];
  // A port that has come into use since the plan would be cut off all the same.
  const lacking = ungranted(rules, [...asked.requiredPorts, ...plan.required], lists);
  return lacking.length === 0
    ? {
        outcome: 'OK',
        detail: `CloudFront is admitted to ${asked.requiredPorts.map(requiredText).join(', ') || 'no port, and needs none'}`,
      }
    : {
        outcome: 'MISSING',
        detail: `CloudFront is not seen to be admitted to ${[...new Set(lacking.map(requiredText))].join(', ')}`,
      };
}

const tailOf = (fingerprint: string): string => fingerprint.split('.').at(-1) ?? '';

/** What the groups for a split or a swap are, and the whole list that the load balancer is to get. */
export function judgeTargets(
  user: LoadBalancer | undefined,
  namesakes: readonly SecurityGroup[],
  lists: Lists,
  { decision, dedicated, originalSecurityGroups, securityGroupId, loadBalancerArn }: RequestOf<'swapTargets'>,
): Finding & { readonly desired: readonly SecurityGroupId[]; readonly groupIds: readonly string[] } {
  const none = { desired: [], groupIds: [] };
  const found = dedicated.map(({ name }) => namesakes.find((group) => group.name === name));
  const made = found.flatMap((group) => group ?? []);
  const groupIds = made.map(({ id }) => id);
  if (made.length < dedicated.length) {
    const absent = dedicated.filter((_, at) => found[at] === undefined).map(({ name }) => name);
    return { ...none, outcome: 'MISSING', detail: `no group is called ${absent.join(', ')}` };
  }
  const foreign = made.find((group, at) => !isOurs(group, dedicated[at], lists));
  if (foreign !== undefined)
    return {
      ...none,
      outcome: 'FOREIGN_GROUP',
      detail: `group ${foreign.id} (${foreign.name ?? ''}) is not one that Origin Guard made, or admits more than CloudFront`,
    };
  const expected =
    decision === 'SWAP'
      ? [originalSecurityGroups, without(originalSecurityGroups, securityGroupId)]
      : [originalSecurityGroups];
  const kept = user === undefined ? null : without(user.securityGroups, ...groupIds);
  if (kept === null || !expected.some((list) => sameSet(without(list, ...groupIds), kept)))
    return {
      ...none,
      outcome: 'STALE',
      detail: `the groups of ${loadBalancerArn ?? '?'} have changed since the plan was made`,
    };
  const base = decision === 'SWAP' ? without(originalSecurityGroups, securityGroupId) : originalSecurityGroups;
  const desired = [...new Set([...base, ...made.map(({ id }) => id)])];
  const lacking = dedicated.filter((each, at) => !holds(made[at], each, lists));
  return lacking.length === 0
    ? { outcome: 'OK', detail: `groups ${groupIds.join(', ')} are there, with their rules`, desired, groupIds }
    : {
        outcome: 'AUTHORIZE',
        detail: `${lacking.map(({ name }) => name).join(', ')} lack rules`,
        desired: [],
        groupIds,
      };
}

const without = <T extends string>(list: readonly T[], ...gone: readonly string[]): readonly T[] =>
  list.filter((each) => !gone.includes(each));

/** Whether Origin Guard made a group for this, and nobody has put anything else into it. */
function isOurs({ tags, ingress }: SecurityGroup, wanted: DedicatedGroup | undefined, lists: Lists): boolean {
  if (!tags.known || tags.value[MANAGED_TAG.key] !== MANAGED_TAG.value || !ingress.known) return false;
  return ingress.value.every(
    (rule) =>
      cloudfrontFamily(rule, lists) === wanted?.grant.family &&
      rule.protocol === 'tcp' &&
      rule.fromPort === wanted.grant.fromPort &&
      rule.toPort === wanted.grant.toPort,
  );
}

const holds = (group: SecurityGroup | undefined, { grant }: DedicatedGroup, lists: Lists): boolean =>
  group?.ingress.known === true &&
  isGranted(group.ingress.value, { family: grant.family, port: grant.fromPort }, lists);

/** What became of a run: the rule's own verdict on fresh facts, after it was seen that CloudFront lost no port. */
export function judgeAfter(planned: Planned, sight: Sight, asked: RequestOf<'verify'>): Finding {
  const { group, users } = sight;
  const { decision, revokeRuleIds, requiredPorts, originalSecurityGroups, loadBalancerArn, securityGroupId } = asked;
  if (group === null) return { outcome: 'STALE', detail: `group ${securityGroupId} is gone` };
  const present = sight
    .rulesOf(group.id)
    .flatMap(({ ruleId }) => (ruleId !== null && revokeRuleIds.includes(ruleId) ? [ruleId] : []));
  if (decision === 'SWAP') {
    const user = users.find(({ arn }) => arn === loadBalancerArn);
    if (user === undefined) return { outcome: 'STALE', detail: `load balancer ${loadBalancerArn ?? '?'} is gone` };
    if (sameSet(user.securityGroups, originalSecurityGroups))
      return {
        outcome: 'NOTHING_REVOKED',
        detail: `load balancer ${user.name} still has its groups ${user.securityGroups.join(', ')}`,
      };
    if (user.securityGroups.includes(securityGroupId))
      return { outcome: 'STILL_OPEN', detail: `load balancer ${user.name} has group ${securityGroupId} again` };
  } else if (present.length === revokeRuleIds.length) {
    return {
      outcome: 'NOTHING_REVOKED',
      detail: `rules ${present.join(', ')} of group ${group.id} are all still there`,
    };
  }
  const named = decision === 'SWAP' ? users.filter(({ arn }) => arn === loadBalancerArn) : users;
  const lost = lostPorts({ ...sight, users: named }, requiredPorts);
  if (lost.length > 0) return { outcome: 'ROLLBACK', detail: `CloudFront lost ${lost.map(requiredText).join(', ')}` };
  if (present.length > 0 && decision !== 'SWAP')
    return { outcome: 'STILL_OPEN', detail: `rules ${present.join(', ')} of group ${group.id} are still there` };
  return judgeVerdict(planned, group);
}

function judgeVerdict({ facts, plan }: Planned, { id, ingress }: SecurityGroup): Finding {
  const verdict = facts?.verdict;
  if (verdict === undefined || verdict.kind === 'indeterminate')
    return {
      outcome: 'UNKNOWN',
      detail: plan.kind === 'refuse' ? plan.because : `the rule cannot tell of group ${id}`,
    };
  const opened =
    verdict.kind === 'non-compliant'
      ? verdict.findings.filter(({ reason }) =>
          isNamed(reason, { revokePrivateSources: false, revokeSecurityGroupSources: false }),
        )
      : [];
  if (opened.length > 0)
    return {
      outcome: 'STILL_OPEN',
      detail: `group ${id} admits ${opened.map(({ source }) => source).join(', ')} again`,
    };
  if (verdict.kind === 'non-compliant' && verdict.gaps.length > 0)
    return { outcome: 'UNKNOWN', detail: verdict.gaps.map(({ detail }) => detail).join('; ') };
  const left = ingress.known ? ingress.value.map(({ source }) => sourceText(source)).join(', ') : '';
  return { outcome: 'OK', detail: `group ${id} admits ${left === '' ? 'nobody' : left}` };
}
