import { PLANNER_ROLE, REMEDIATION_ROLE, RULE_ROLE } from '../names.js';
import { memberRunbooks } from '../member/runbooks.js';
import type { Settings } from '../settings.js';
import { plannerPolicy, rulePolicy } from './function-policies.js';
import { remediationPolicy } from './remediation-policy.js';
import type { PolicyDocument } from './statement.js';

/** What each role of the member template may do, by the start of its name. */
export const rolePolicies = (settings: Settings): Readonly<Record<string, PolicyDocument>> => ({
  [RULE_ROLE]: rulePolicy(),
  [PLANNER_ROLE]: plannerPolicy(),
  [REMEDIATION_ROLE]: remediationPolicy(memberRunbooks(settings), settings),
});
