import { classify } from '../../core/model/cidr.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import type { Plan } from '../../core/plan.js';
import { EXEMPT_UNTIL_TAG } from '../../rules/alb-sg-cloudfront-only/exemption.js';
import type { AlbSgParams } from '../../rules/alb-sg-cloudfront-only/params.js';
import { blind, refuse } from './ask.js';
import { fronted, type PlanFacts } from './facts.js';

/** The plan of a group that is not to be fixed, as far as the rule's own facts say so; `null` when it may be. */
export function planOutOfScope(facts: PlanFacts, params: AlbSgParams): Plan | null {
  const { rule, verdict } = facts;
  const { group } = rule;
  if (group.deleted) return { kind: 'nothing-to-do', code: 'DELETED', because: `group ${group.id} is deleted` };
  // Taken alone, the load balancers that were seen would be all there are.
  if (rule.attachmentGap !== null) return blind([rule.attachmentGap]);
  if (rule.attachedTo.length === 0) {
    return {
      kind: 'nothing-to-do',
      code: 'NOT_ATTACHED',
      because: `no Application Load Balancer uses group ${group.id}`,
    };
  }
  if (!group.tags.known) return blind([group.tags.gap]);
  if (rule.paths.length === 0) return planUnfronted(facts);
  const exemptBy = exemptionTag(group.tags.value, params);
  if (exemptBy !== undefined) return refuse('EXEMPT', `group ${group.id} carries the tag ${exemptBy}`);
  switch (verdict.kind) {
    case 'compliant':
      return {
        kind: 'nothing-to-do',
        code: 'COMPLIANT',
        because: `group ${group.id} admits only CloudFront or what the parameters allow`,
      };
    case 'indeterminate':
      return blind(verdict.gaps);
    case 'not-applicable':
      return { kind: 'nothing-to-do', code: 'NOT_IN_SCOPE', because: verdict.because };
    case 'non-compliant':
      return verdict.gaps.length > 0 ? blind(verdict.gaps) : planForbidden(facts, group);
  }
}

/**
 * The tag that exempts the group or says until when, if it is there at all: the role that writes is denied on it,
 * whatever it holds and whether or not its date is past.
 */
const exemptionTag = (tags: Readonly<Record<string, string>>, { exemptTagKey }: AlbSgParams): string | undefined =>
  [exemptTagKey, `${exemptTagKey}-until`, EXEMPT_UNTIL_TAG].find((key) => Object.hasOwn(tags, key));

/** A group that no distribution is seen to front is never closed; one that is closed already needs nothing. */
function planUnfronted({ rule, verdict, users, unresolvedOrigins, distributionGap }: PlanFacts): Plan {
  const gaps = [
    ...(verdict.kind === 'indeterminate' ? verdict.gaps : []),
    ...(distributionGap === null ? [] : [distributionGap]),
  ];
  if (gaps.length > 0) return blind(gaps);
  const { group } = rule;
  if (!group.ingress.known) return blind([group.ingress.gap]);
  const isOpen = group.ingress.value.some(
    ({ source }) =>
      source.kind === 'prefix-list' || (source.kind === 'cidr' && classify(source.cidr) !== 'private-cidr'),
  );
  const who = `load balancer ${users.map(({ name }) => name).join(', ')} uses group ${group.id}`;
  if (!isOpen) {
    return {
      kind: 'nothing-to-do',
      code: 'NOT_IN_SCOPE',
      because: `${who}, no distribution fronts it, and the group admits no public address`,
    };
  }
  return unresolvedOrigins.length > 0
    ? refuse('UNKNOWN_ORIGIN', `${who}, and an origin that nobody could resolve may be it`)
    : refuse('NOT_FRONTED', `${who}, and no distribution fronts it`);
}

function planForbidden(facts: PlanFacts, { id, name, vpcId, scope, ownerId }: SecurityGroup): Plan | null {
  if (facts.distributionGap !== null) return blind([facts.distributionGap]);
  if (name === null || vpcId === null) {
    return refuse(
      'LOOKUP_FAILED',
      `the name and the VPC of group ${id} were not seen; add the output of describe-security-groups`,
    );
  }
  const users = fronted(facts);
  const owner = ownerId ?? scope.accountId;
  if (scope.accountId !== null && scope.accountId !== owner)
    return refuse('CROSS_ACCOUNT_SG', `account ${owner ?? '?'} owns group ${id}, not account ${scope.accountId}`);
  const foreign = users.find(({ scope: own }) => own.accountId !== owner);
  if (foreign !== undefined) {
    return refuse(
      'CROSS_ACCOUNT_SG',
      `account ${owner ?? '?'} owns group ${id}, and load balancer ${foreign.name} is in account ${foreign.scope.accountId ?? '?'}`,
    );
  }
  if (name === 'default') return refuse('DEFAULT_SG', `group ${id} is the default group of ${vpcId}`);
  const vpcOrigin = facts.ways.find(({ isVpcOrigin }) => isVpcOrigin);
  if (vpcOrigin !== undefined) {
    return refuse(
      'VPC_ORIGIN',
      `distribution ${vpcOrigin.path.distributionId ?? '?'} reaches ${vpcOrigin.path.loadBalancerArn} as a VPC origin`,
    );
  }
  return facts.vpcOriginGaps.length > 0 ? blind(facts.vpcOriginGaps) : null;
}
