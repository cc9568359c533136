import { OriginGuardError } from '../../core/errors.js';
import type { RuleMeta } from '../../core/rule.js';
import type { Runbook } from '../../remediation/runbook/steps.js';
import { isDedicated } from '../iam/remediation-policy.js';
import { REMEDIATION_ROLE } from '../names.js';
import type { Settings } from '../settings.js';
import { ruleName } from './pack-rules.js';

type Json = Readonly<Record<string, unknown>>;

export interface PackRemediation extends Pick<
  Settings,
  | 'remediation'
  | 'approvers'
  | 'approvalTopicName'
  | 'approvalTopicAccountId'
  | 'allowSplit'
  | 'allowSwap'
  | 'revokePrivateSources'
  | 'revokeSecurityGroupSources'
  | 'onVerifyError'
> {
  /**
   * Whose id stands in the ARN of the role: AWS Config replaces the management account's by each member's.
   * Source: https://docs.aws.amazon.com/config/latest/developerguide/cpack-prerequisites.html
   */
  readonly roleAccount: '${AWS::AccountId}' | '${ManagementAccountId}';
}

/** The longest value that AWS Config hands to a runbook. Source: API reference of StaticValue. */
const MOST_CHARACTERS = 256;

/** How AWS Config starts the fixer for a resource that a rule finds non-compliant. */
export function remediationConfiguration(
  { id, resourceType }: RuleMeta,
  runbook: Runbook,
  settings: PackRemediation,
): Json {
  const given = { ...staticValues(settings) };
  const known = Object.entries(given).filter(([name]) => Object.hasOwn(runbook.parameters, name));
  return {
    Type: 'AWS::Config::RemediationConfiguration',
    Properties: {
      ConfigRuleName: ruleName(id),
      ResourceType: resourceType,
      TargetType: 'SSM_DOCUMENT',
      TargetId: runbook.name,
      Automatic: settings.remediation === 'automatic',
      MaximumAutomaticAttempts: 2,
      RetryAttemptSeconds: 3_600,
      ExecutionControls: { SsmControls: { ConcurrentExecutionRatePercentage: 10, ErrorPercentage: 20 } },
      Parameters: {
        ...Object.fromEntries(
          known.map(([name, values]) => [name, { StaticValue: { Values: checked(name, values) } }]),
        ),
        SecurityGroupId: { ResourceValue: { Value: 'RESOURCE_ID' } },
      },
    },
  };
}

function staticValues(settings: PackRemediation): Readonly<Record<string, readonly string[]>> {
  const { roleAccount, remediation, approvers, approvalTopicName, approvalTopicAccountId } = settings;
  const topicAccount = approvalTopicAccountId ?? '${AWS::AccountId}';
  return {
    // AWS Config takes no function here, so the stack that holds the pack writes the text.
    AutomationAssumeRole: [`arn:\${AWS::Partition}:iam::${roleAccount}:role/${REMEDIATION_ROLE}-\${AWS::Region}`],
    DryRun: ['false'],
    StartedBy: [remediation === 'automatic' ? 'CONFIG' : 'PERSON'],
    ...(isDedicated(settings)
      ? { AllowSplit: [String(settings.allowSplit)], AllowSwap: [String(settings.allowSwap)] }
      : {}),
    RevokePrivateSources: [String(settings.revokePrivateSources)],
    RevokeSecurityGroupSources: [String(settings.revokeSecurityGroupSources)],
    OnVerifyError: [settings.onVerifyError],
    ...(remediation === 'approved'
      ? {
          RequireApproval: ['true'],
          Approvers: approvers,
          NotificationTopicArn: [
            `arn:\${AWS::Partition}:sns:\${AWS::Region}:${topicAccount}:${approvalTopicName ?? ''}`,
          ],
        }
      : {}),
  };
}

function checked(name: string, values: readonly string[]): readonly string[] {
  const long = values.find((value) => value.length > MOST_CHARACTERS);
  if (long === undefined) return values;
  throw new OriginGuardError(
    'E9001',
    `the value of ${name} for the runbook has ${String(long.length)} characters; allowed: ${String(MOST_CHARACTERS)}`,
  );
}
