import type { SecurityGroup } from '../../core/model/security-group.js';
import type { RevocableRule } from '../../core/plan.js';
import { cloudfrontFamily, opens } from './admission.js';
import { valueOr } from './ask.js';
import type { Planned } from './gather-plan.js';

/** What a fix leaves as it is and rests on all the same; whoever applies it later must see that it is still so. */
export interface RestsOn {
  /** Rules by which CloudFront comes already, to a port that it needs. */
  readonly admitting: readonly RevocableRule[];
  /** Groups of an earlier run that the fix would attach, with the rules that were seen. */
  readonly adopted: readonly SecurityGroup[];
}

/** What a plan rests on; nothing for one that does not apply. */
export function restsOn({ plan, facts }: Pick<Planned, 'plan' | 'facts'>): RestsOn {
  if (plan.kind !== 'apply' || facts === null) return { admitting: [], adopted: [] };
  const { group, prefixLists } = facts.rule;
  const names = plan.dedicated.map(({ name }) => name);
  return {
    admitting: valueOr(group.ingress, []).flatMap((rule) => {
      const family = cloudfrontFamily(rule, prefixLists);
      const isNeeded = plan.required.some((each) => each.family === family && opens(rule, each.port));
      return isNeeded && rule.ruleId !== null ? [{ ...rule, ruleId: rule.ruleId }] : [];
    }),
    adopted: valueOr(facts.asked.namesakes, []).filter(({ name }) => name !== null && names.includes(name)),
  };
}
