import { CfnParameter } from 'aws-cdk-lib';
import { CfnStackSet } from 'aws-cdk-lib/aws-cloudformation';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';

/**
 * Where the member template comes from: a parameter `MemberTemplateUrl` that a pipeline fills in, or a file that
 * `cdk deploy` puts into the bootstrap bucket of the deploying account. It is too large to be written into the template.
 */
export type MemberTemplate = { readonly kind: 'parameter' } | { readonly kind: 'file'; readonly path: string };

export interface MemberStackSetProps {
  readonly memberTemplate: MemberTemplate;
  /** The root of the organization, `r-abcd`, or organizational units, `ou-abcd-...`, whose accounts get the stack. */
  readonly targets: readonly [string, ...string[]];
  /** Accounts below the targets that do not get it. */
  readonly excludedAccounts: readonly string[];
  readonly governedRegions: readonly [string, ...string[]];
  /** The parameters of the member template that are not left at their defaults. */
  readonly memberParameters: Readonly<Record<string, string>>;
}

/** The name by which a StackSet and the stacks that it makes are found. */
export const STACK_SET_NAME = 'OriginGuardMember';

/**
 * Adds the StackSet that puts the member stack into every account below the targets and into those that join, in every
 * governed Region. Deployed by the delegated administrator, from one Region.
 *
 * An account that leaves loses its stack: a guard that nobody updates should not stay.
 */
export function addMemberStackSet(scope: Construct, props: MemberStackSetProps): CfnStackSet {
  const { memberTemplate, targets, excludedAccounts, governedRegions, memberParameters } = props;
  return new CfnStackSet(scope, 'MemberStackSet', {
    stackSetName: STACK_SET_NAME,
    description: 'Origin Guard: functions, roles, runbooks and event rules of each account',
    permissionModel: 'SERVICE_MANAGED',
    callAs: 'DELEGATED_ADMIN',
    capabilities: ['CAPABILITY_NAMED_IAM'],
    autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
    managedExecution: { Active: true },
    operationPreferences: {
      maxConcurrentPercentage: 25,
      failureTolerancePercentage: 5,
      regionConcurrencyType: 'PARALLEL',
    },
    stackInstancesGroup: [
      {
        deploymentTargets: {
          organizationalUnitIds: [...targets],
          ...(excludedAccounts.length === 0
            ? {}
            : { accounts: [...excludedAccounts], accountFilterType: 'DIFFERENCE' }),
        },
        regions: [...governedRegions],
      },
    ],
    parameters: Object.entries(memberParameters).map(([parameterKey, parameterValue]) => ({
      parameterKey,
      parameterValue,
    })),
    templateUrl: urlOf(scope, memberTemplate),
  });
}

function urlOf(scope: Construct, template: MemberTemplate): string {
  if (template.kind === 'file') return new Asset(scope, 'MemberTemplate', { path: template.path }).httpUrl;
  return new CfnParameter(scope, 'MemberTemplateUrl', {
    type: 'String',
    description: 'Where this account can read member.template.json: https://BUCKET.s3.REGION.amazonaws.com/KEY',
    allowedPattern: '^https://[a-z0-9.-]+\\.amazonaws\\.com(?:\\.cn)?/.+$',
    constraintDescription: 'an https URL of an object in S3',
  }).valueAsString;
}
