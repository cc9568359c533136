import { Stack, Tags } from 'aws-cdk-lib';
import { CfnConformancePack } from 'aws-cdk-lib/aws-config';
import type { Construct } from 'constructs';
import { PACK_STACK } from '../names.js';
import { packBody, packInputs } from '../pack/pack-body.js';
import { ownInventoryMode } from '../settings-together.js';
import type { Settings } from '../settings.js';
import { selfContained } from './synthesizer.js';

/**
 * The conformance pack of one account and Region.
 *
 * @remarks A stack of its own: what the member stack exports can be imported only when that stack is complete.
 */
export class PackStack extends Stack {
  constructor(scope: Construct, settings: Settings) {
    super(scope, PACK_STACK, {
      description:
        'Origin Guard, pack: the rules and their remediation in one account and Region; deploy after the member',
      synthesizer: selfContained(),
    });
    new CfnConformancePack(this, 'Pack', {
      conformancePackName: settings.packName,
      templateBody: packBody(settings, '${AWS::AccountId}'),
      conformancePackInputParameters: packInputs(settings, ownInventoryMode(settings)),
    });
    Tags.of(this).add('origin-guard:component', 'pack');
  }
}
