import { byGap, known, missing, type Fact, type Gap } from '../core/fact.js';
import type { IngressRule } from '../core/model/security-group.js';
import type { SecurityGroupRuleItem } from './ec2.js';
import { ruleKey, type Ingress } from './ip-permissions.js';

/** The ingress of one group as far as its rules were read one by one. */
export interface GroupedRules extends Ingress {
  readonly rules: IngressRule[];
  gap: Gap | null;
}

/** Keeps one rule with the others of its group. Of several gaps the one that does not depend on the order stays. */
export function keepRule(held: GroupedRules, { rule, gap }: Pick<SecurityGroupRuleItem, 'rule' | 'gap'>): void {
  if (rule !== null) held.rules.push(rule);
  if (gap !== null && (held.gap === null || byGap(gap, held.gap) < 0)) held.gap = gap;
}

/** Each rule once; or the gap, since a source that nobody understands may admit anybody. */
export const ingressFact = ({ rules, gap }: Ingress): Fact<readonly IngressRule[]> =>
  gap === null ? known([...new Map(rules.map((rule) => [ruleKey(rule), rule])).values()]) : missing(gap);
