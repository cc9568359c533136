import { Fn, type Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { rolePolicies } from '../iam/policies.js';
import { toTemplate } from '../iam/to-template.js';
import { automationTrust, lambdaTrust, type TrustDocument } from '../iam/trust.js';
import { PLANNER_ROLE, REMEDIATION_ROLE, RULE_ROLE } from '../names.js';
import type { Settings } from '../settings.js';
import type { MemberParameters } from './parameters.js';

export interface MemberRoles {
  readonly rule: CfnRole;
  readonly planner: CfnRole;
  readonly remediation: CfnRole;
}

/** Adds the roles of the member template: two that only read (and one of them reports), one that writes. */
export function memberRoles(stack: Stack, settings: Settings, parameters: MemberParameters): MemberRoles {
  const policies = rolePolicies(settings);
  const role = (id: string, name: string, description: string, trust: TrustDocument): CfnRole =>
    new CfnRole(stack, id, {
      roleName: Fn.sub(`${name}-\${AWS::Region}`),
      description,
      assumeRolePolicyDocument: toTemplate(trust),
      permissionsBoundary: parameters.optional('permissionsBoundaryArn').orNothing,
      policies: [{ policyName: name, policyDocument: toTemplate(policies[name]) }],
    });
  return {
    rule: role(
      'RuleRole',
      RULE_ROLE,
      'Origin Guard: reads what the rules judge, and reports to AWS Config and Security Hub',
      lambdaTrust(),
    ),
    planner: role(
      'PlannerRole',
      PLANNER_ROLE,
      'Origin Guard: reads what a plan rests on, and changes nothing',
      lambdaTrust(),
    ),
    remediation: role(
      'RemediationRole',
      REMEDIATION_ROLE,
      'Origin Guard: takes the steps of its runbooks; only Systems Manager Automation may assume it',
      automationTrust(),
    ),
  };
}
