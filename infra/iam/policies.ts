import { PLANNER_ROLE, REMEDIATION_ROLE, RULE_ROLE } from '../names.js';
import { memberRunbooks } from '../member/runbooks.js';
import type { Settings } from '../settings.js';
import { plannerGrants, ruleGrants } from './function-policies.js';
import { remediationGrants } from './remediation-policy.js';
import { policyOf, type Grant, type PolicyDocument } from './statement.js';

/** What each role of the member template may do and why, by the start of its name. */
export const roleGrants = (settings: Settings) =>
  ({
    [RULE_ROLE]: ruleGrants(),
    [PLANNER_ROLE]: plannerGrants(),
    [REMEDIATION_ROLE]: remediationGrants(memberRunbooks(settings), settings),
  }) as const satisfies Readonly<Record<string, readonly Grant[]>>;

/**
 * The policy of each role of the member template as plain JSON, by the start of its name; `${AWS::Region}` and its like
 * stand where the template fills them in.
 */
export const rolePolicies = (settings: Settings): Readonly<Record<string, PolicyDocument>> =>
  Object.fromEntries(Object.entries(roleGrants(settings)).map(([role, grants]) => [role, policyOf(grants)]));
