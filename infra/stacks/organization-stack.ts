import { Stack, Tags, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { FunctionCode } from '../function-code.js';
import { ORGANIZATION_STACK } from '../names.js';
import type { MemberTemplate } from '../organization/member-stack-set.js';
import { addOrganization, type HomeProps } from '../organization/organization.js';
import { homeParameters, organizationParameters, type OrganizationParameters } from '../organization/parameters.js';
import { packBody, packInputs } from '../pack/pack-body.js';
import { CONFIG_RULE_NAMES } from '../pack/pack-rules.js';
import type { Settings } from '../settings.js';
import { parameterId } from '../template-parameters.js';
import { selfContained, withAssets } from './synthesizer.js';

/** How long an older version of an account's inventory is kept, in days. */
const KEPT_DAYS = 90;

export interface OrganizationStackProps {
  readonly settings: Settings;
  readonly code: FunctionCode;
  /** Where the StackSet of the home Region finds the member template; `null` in another Region, which has no StackSet. */
  readonly memberTemplate: MemberTemplate | null;
  /** @default - the Region of whoever deploys */
  readonly region?: string;
  /** @default - the name of the stack in the home Region */
  readonly name?: string;
}

/**
 * What the delegated administrator holds for the whole organization. In the home Region: the StackSet of the member
 * template, the inventory, the central bus with alarms and dashboard; there and in each other governed Region: the
 * organization's conformance pack with its keeper, after everything else.
 */
export class OrganizationStack extends Stack {
  constructor(scope: Construct, props: OrganizationStackProps) {
    const { settings, code, memberTemplate, region, name = ORGANIZATION_STACK } = props;
    super(scope, name, {
      description:
        memberTemplate === null
          ? 'Origin Guard, organization: the conformance pack of one more Region; deploy after the home Region'
          : 'Origin Guard, organization: deployed by the delegated administrator in its home Region',
      synthesizer: memberTemplate?.kind === 'file' ? withAssets() : selfContained(),
      ...(region === undefined ? {} : { env: { region } }),
    });
    const parameters = organizationParameters(this, settings);
    const environment = { LOG_LEVEL: parameters.logLevel, METRICS_NAMESPACE: parameters.metricsNamespace };
    addOrganization(this, {
      pack: {
        packName: settings.packName,
        packBody: packBody(settings, '${ManagementAccountId}'),
        packInputs: packInputs(settings, settings.inventory ? 'ORG' : 'LOCAL'),
        reconcile: { code: code('reconcile'), environment },
      },
      // Named twice, an account would be one too many for AWS Config.
      excludedAccounts: settings.excludedAccounts.filter((account) => account !== settings.managementAccountId),
      withoutPack: settings.accountsWithoutPack.filter(
        (account) => account !== settings.managementAccountId && !settings.excludedAccounts.includes(account),
      ),
      managementAccountId: parameters.managementAccountId,
      managementAccountHasMember: settings.managementAccountHasMember,
      logRetentionDays: parameters.logRetentionDays,
      logKmsKeyArn: parameters.logKmsKeyArn.orNothing,
      permissionsBoundaryArn: parameters.permissionsBoundaryArn.orNothing,
      ...(memberTemplate === null ? {} : { home: this.#home(props, memberTemplate, parameters) }),
    });
    Tags.of(this).add('origin-guard:component', 'organization');
    Validations.of(this).acknowledge({
      id: 'CloudFormation-Validate::W1030',
      reason: 'a parameter that is empty stands behind a condition, and its property is left out',
    });
    if (settings.managementAccountHasMember && settings.remediation === 'off') {
      Validations.of(this).acknowledge({
        id: 'CloudFormation-Validate::W2001',
        reason: 'nothing leaves the management account out, and without remediation no role of it is named',
      });
    }
  }

  #home(
    { settings, code }: OrganizationStackProps,
    memberTemplate: MemberTemplate,
    { logLevel, metricsNamespace }: OrganizationParameters,
  ): HomeProps {
    const { organizationId, organizationTargets, notificationEmail } = homeParameters(this, settings);
    const { originHostnames, resolveOrigins } = settings.ruleParameters;
    return {
      organizationId,
      notificationEmail,
      configRuleNames: CONFIG_RULE_NAMES,
      centralBusParameter: parameterId('centralEventBusArn'),
      inventoryParameters: {
        bucketName: parameterId('inventoryBucketName'),
        bucketOwner: parameterId('inventoryBucketOwner'),
        bucketRegion: parameterId('inventoryBucketRegion'),
      },
      stackSet: {
        memberTemplate,
        targets: organizationTargets,
        governedRegions: governed(settings),
        // The administrator is told, and has the alarms: in each account they would cost more than everything else.
        memberParameters: { [parameterId('alarms')]: 'central', [parameterId('notificationEmail')]: '' },
      },
      ...(settings.inventory
        ? {
            inventory: {
              ...(settings.inventoryBucketName === undefined ? {} : { bucketName: settings.inventoryBucketName }),
              maxAgeHours: settings.inventoryMaxAgeHours,
              keptDays: KEPT_DAYS,
              publish: {
                code: code('inventory'),
                environment: {
                  LOG_LEVEL: logLevel,
                  METRICS_NAMESPACE: metricsNamespace,
                  ...(originHostnames === undefined ? {} : { ORIGIN_HOSTNAMES: originHostnames }),
                  ...(resolveOrigins === undefined ? {} : { RESOLVE_ORIGINS: resolveOrigins }),
                },
              },
            },
          }
        : {}),
      sharesMetrics: settings.sharesMetrics,
      metricsNamespace,
      ...(settings.topicKmsKeyArn === undefined ? {} : { topicKeyArn: settings.topicKmsKeyArn }),
    };
  }
}

const governed = ({ homeRegion, governedRegions }: Settings): readonly [string, ...string[]] => [
  homeRegion,
  ...governedRegions.filter((region) => region !== homeRegion),
];
