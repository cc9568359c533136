import { CfnParameter, Stack, Tags } from 'aws-cdk-lib';
import { CfnOrganizationConformancePack } from 'aws-cdk-lib/aws-config';
import type { Construct } from 'constructs';
import { ORGANIZATION_STACK } from '../names.js';
import { packBody, packInputs } from '../pack/pack-body.js';
import type { Settings } from '../settings.js';
import { selfContained } from './synthesizer.js';

/** What the delegated administrator holds for the whole organization, in each governed Region. */
export class OrganizationStack extends Stack {
  /** `null` while nothing is fixed: only the role of the fixer is named by it. */
  readonly managementAccountId: CfnParameter | null;
  readonly pack: CfnOrganizationConformancePack;

  constructor(scope: Construct, settings: Settings) {
    super(scope, ORGANIZATION_STACK, {
      description: 'Origin Guard, organization: deployed by the delegated administrator for all accounts',
      synthesizer: selfContained(),
    });
    this.managementAccountId =
      settings.remediation === 'off'
        ? null
        : new CfnParameter(this, 'ManagementAccountId', {
            type: 'String',
            ...(settings.managementAccountId === undefined ? {} : { default: settings.managementAccountId }),
            allowedPattern: '^\\d{12}$',
            description:
              'The management account of the organization; AWS Config replaces its id by that of each member.',
          });
    this.pack = new CfnOrganizationConformancePack(this, 'Pack', {
      organizationConformancePackName: settings.packName,
      templateBody: packBody(settings, '${ManagementAccountId}'),
      conformancePackInputParameters: packInputs(settings),
      excludedAccounts: [...settings.excludedAccounts],
    });
    Tags.of(this).add('origin-guard:component', 'organization');
  }
}
