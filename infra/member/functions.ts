import { Aws, CfnDeletionPolicy, Fn, type Stack } from 'aws-cdk-lib';
import { CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { REMEDIES } from '../../remediation/registry.js';
import { RULES } from '../../rules/registry.js';
import type { FunctionCode } from '../function-code.js';
import { logGroupName, PLANNER_FUNCTION, RULE_FUNCTION } from '../names.js';
import { ruleTexts } from '../settings-together.js';
import type { Settings } from '../settings.js';
import type { InventoryParameters, MemberParameters } from './parameters.js';
import type { MemberRoles } from './roles.js';

/** The runtime that the design names; its version of the AWS SDK is what the functions are tested against. */
export const RUNTIME = 'nodejs24.x';

export interface MemberFunctions {
  readonly rule: CfnFunction;
  readonly planner: CfnFunction;
  readonly ruleLogs: CfnLogGroup;
  readonly plannerLogs: CfnLogGroup;
}

interface Sizing {
  readonly memorySize: number;
  /** In seconds. */
  readonly timeout: number;
}

const RULE_SIZE: Sizing = { memorySize: 512, timeout: 60 };
/** The last look of a run polls for a minute; the step that asks gives a plan two. */
const PLANNER_SIZE: Sizing = { memorySize: 512, timeout: 110 };

/** Adds the functions of the member template with their log groups, and lets AWS Config of this account invoke the rule. */
export function memberFunctions(
  stack: Stack,
  settings: Settings,
  {
    parameters,
    roles,
    code,
  }: { readonly parameters: MemberParameters; readonly roles: MemberRoles; readonly code: FunctionCode },
): MemberFunctions {
  const ruleLogs = logs(stack, 'RuleLogs', RULE_FUNCTION, parameters);
  const plannerLogs = logs(stack, 'PlannerLogs', PLANNER_FUNCTION, parameters);
  const common = { runtime: RUNTIME, architectures: ['arm64'], handler: 'index.handler', packageType: 'Zip' };
  const rule = new CfnFunction(stack, 'RuleFunction', {
    ...common,
    ...RULE_SIZE,
    functionName: RULE_FUNCTION,
    description:
      'Origin Guard: judges for AWS Config whether load balancers behind CloudFront can be reached without it',
    role: roles.rule.attrArn,
    code: { zipFile: code('config-rule') },
    loggingConfig: { logGroup: ruleLogs.ref },
    environment: {
      variables: {
        ...inventoryVariables(parameters.inventory),
        PUBLISH_FINDINGS: parameters.publishFindings,
        METRICS_NAMESPACE: parameters.metricsNamespace,
        LOG_LEVEL: parameters.logLevel,
      },
    },
  });
  const planner = new CfnFunction(stack, 'PlannerFunction', {
    ...common,
    ...PLANNER_SIZE,
    functionName: PLANNER_FUNCTION,
    description: 'Origin Guard: plans for the runbooks how a security group is fixed; it only reads',
    role: roles.planner.attrArn,
    code: { zipFile: code('plan-remediation') },
    loggingConfig: { logGroup: plannerLogs.ref },
    environment: {
      variables: {
        ...plannerVariables(stack, settings, parameters),
        ...inventoryVariables(parameters.inventory),
        REMEDIATION_MODE: parameters.remediationMode,
        LOG_LEVEL: parameters.logLevel,
      },
    },
  });
  new CfnPermission(stack, 'RulePermission', {
    action: 'lambda:InvokeFunction',
    functionName: rule.ref,
    principal: 'config.amazonaws.com',
    sourceAccount: Aws.ACCOUNT_ID,
  });
  return { rule, planner, ruleLogs, plannerLogs };
}

/**
 * What the planner is set to. It counts the distributions of other accounts wherever the account is told of a bucket, also
 * where a rule does not: what it closes has to be right.
 */
function plannerVariables(
  stack: Stack,
  settings: Settings,
  { inventory }: MemberParameters,
): Readonly<Record<string, string>> {
  const mode = Fn.conditionIf(inventory.bucketName.isSet.logicalId, 'ORG', 'LOCAL').toString();
  const known = Object.entries(ruleTexts(settings, mode)).filter(([name]) => FIXABLE.has(name));
  return {
    RULE_PARAMETERS: stack.toJsonString(Object.fromEntries(known)),
    IAC_MANAGED: settings.iacManaged,
    ...(settings.iacTagKeys.length === 0 ? {} : { IAC_TAG_KEYS: settings.iacTagKeys.join(',') }),
    PORT_MERGE: settings.portMerge,
    QUOTA_MODEL: settings.quotaModel,
  };
}

/** The parameters of the rules that a runbook fixes; the planner refuses any other. */
const FIXABLE: ReadonlySet<string> = new Set(
  RULES.filter(({ meta }) => REMEDIES[meta.id]?.kind === 'runbook').flatMap(({ params }) => Object.keys(params)),
);

/** Where the inventory is; both functions read it under `inventoryMode` = `ORG` only. */
const inventoryVariables = ({
  bucketName,
  bucketOwner,
  bucketRegion,
  maxAgeHours,
}: InventoryParameters): Readonly<Record<string, string>> => ({
  INVENTORY_BUCKET: bucketName.orNothing,
  INVENTORY_BUCKET_OWNER: bucketOwner.orNothing,
  INVENTORY_BUCKET_REGION: bucketRegion.orNothing,
  INVENTORY_MAX_AGE_HOURS: maxAgeHours,
});

function logs(stack: Stack, id: string, functionName: string, parameters: MemberParameters): CfnLogGroup {
  const group = new CfnLogGroup(stack, id, {
    logGroupName: logGroupName(functionName),
    retentionInDays: parameters.logRetentionDays,
    kmsKeyId: parameters.logKmsKeyArn.orNothing,
  });
  // A group that stayed behind would stand in the way of the next deployment.
  group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  group.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
  return group;
}
