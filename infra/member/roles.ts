import { Fn, Validations, type Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { roleGrants } from '../iam/policies.js';
import { widths, type Grant } from '../iam/statement.js';
import { policyInTemplate, toTemplate } from '../iam/to-template.js';
import { automationTrust, lambdaTrust, type TrustDocument } from '../iam/trust.js';
import { INVENTORY_BUCKET_PARAMETER, PLANNER_ROLE, REMEDIATION_ROLE, RULE_ROLE } from '../names.js';
import type { Settings } from '../settings.js';
import type { MemberParameters } from './parameters.js';

export interface MemberRoles {
  readonly rule: CfnRole;
  readonly planner: CfnRole;
  readonly remediation: CfnRole;
}

/** Adds the roles of the member template: two that only read (and one of them reports), one that writes. */
export function memberRoles(stack: Stack, settings: Settings, parameters: MemberParameters): MemberRoles {
  const grants = roleGrants(settings);
  const conditions = { [INVENTORY_BUCKET_PARAMETER]: parameters.inventory.bucketName.isSet.logicalId };
  const permissionsBoundary = parameters.permissionsBoundaryArn.orNothing;
  const role = (id: string, name: keyof typeof grants, description: string, trust: TrustDocument): CfnRole => {
    const made = new CfnRole(stack, id, {
      roleName: Fn.sub(`${name}-\${AWS::Region}`),
      description,
      assumeRolePolicyDocument: toTemplate(trust),
      permissionsBoundary,
      policies: [{ policyName: name, policyDocument: policyInTemplate(grants[name], conditions) }],
    });
    acknowledgeWidths(made, grants[name]);
    return made;
  };
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

/** Tells cdk-nag why a resource of a statement holds `*`: each one by itself, so that a new one is noticed. */
export function acknowledgeWidths(role: CfnRole, grants: readonly Grant[]): void {
  for (const [resource, reason] of widths(grants)) {
    const shown = resource.replaceAll(/\$\{([^}]+)\}/g, '<$1>');
    Validations.of(role).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM5[Resource::${shown}]`, reason });
  }
}
