import type { AuthenticationFinding } from '../../rules/alb-origin-authenticated/finding.js';
import { conditionsOn } from './askers.js';
import { isDefault, type SeenRules } from './seen-rules.js';

/** The rule that a finding says forwards to whoever asks; one that asks for the header itself is put right in its place. */
export function openedBy(
  finding: AuthenticationFinding,
  headerName: string,
  listeners: readonly SeenRules[],
): readonly string[] {
  switch (finding.reason) {
    case 'default-action-forwards': {
      const seen = listeners.find(({ listener }) => listener.arn === finding.listenerArn);
      return (seen?.rules ?? []).filter(isDefault).map(({ arn }) => arn);
    }
    case 'rule-forwards-without-header':
    case 'wildcard-header-value':
    case 'weak-header-value': {
      const isAsker = listeners.some(({ rules }) =>
        rules.some((rule) => rule.arn === finding.ruleArn && conditionsOn(rule, headerName).length > 0),
      );
      return isAsker || finding.ruleArn === null ? [] : [finding.ruleArn];
    }
    case 'header-value-mismatch':
    case 'no-header-sent':
      return [];
  }
}
