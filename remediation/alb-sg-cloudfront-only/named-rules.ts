import type { IngressRule } from '../../core/model/security-group.js';
import type { AlbSgFacts } from '../../rules/alb-sg-cloudfront-only/facts.js';
import { judgeSource, type Reason } from '../../rules/alb-sg-cloudfront-only/judge-source.js';
import type { AlbSgParams } from '../../rules/alb-sg-cloudfront-only/params.js';
import type { PlanOptions } from './options.js';

/** The ingress rules of a group, by what a plan makes of them. */
export interface NamedRules {
  /** Refused by the rule, and named for removal. */
  readonly revoke: readonly IngressRule[];
  /** Refused by the rule, and left, since nobody opted in to removing their kind. */
  readonly kept: readonly { readonly rule: IngressRule; readonly reason: Reason }[];
  /** Allowed by the rule. */
  readonly allowed: readonly IngressRule[];
}

/** Sorts the rules of a group as the rule itself judges them; whatever is public is always named. */
export function nameRules(facts: AlbSgFacts, params: AlbSgParams, options: PlanOptions): NamedRules {
  const rules = facts.group.ingress.known ? facts.group.ingress.value : [];
  const revoke: IngressRule[] = [];
  const kept: { rule: IngressRule; reason: Reason }[] = [];
  const allowed: IngressRule[] = [];
  for (const rule of rules) {
    const judgement = judgeSource(rule, facts, params);
    if (judgement.outcome !== 'refused') allowed.push(rule);
    else if (isNamed(judgement.reason, options)) revoke.push(rule);
    else kept.push({ rule, reason: judgement.reason });
  }
  return { revoke, kept, allowed };
}

/** Whether a plan names sources that are refused for this reason. */
export function isNamed(
  reason: Reason,
  {
    revokePrivateSources,
    revokeSecurityGroupSources,
  }: Pick<PlanOptions, 'revokePrivateSources' | 'revokeSecurityGroupSources'>,
): boolean {
  switch (reason) {
    case 'private-cidr':
      return revokePrivateSources;
    case 'security-group-source':
      return revokeSecurityGroupSources;
    case 'world-ipv4':
    case 'world-ipv6':
    case 'public-cidr':
    case 'lookalike-prefix-list':
    case 'other-prefix-list':
      return true;
  }
}
