import { CloudFormationValidatePlugin, Stack, Validations, type App, type IPolicyValidationPlugin } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks } from 'cdk-nag';
import { selfContained } from './stacks/synthesizer.js';

/** Has everything in the app checked by cdk-nag and by CloudFormation's own schemas when it is synthesized. */
export function checkOnSynth(app: App): void {
  // Its optional properties are declared as if this project allowed `undefined` for them.
  const validate = new CloudFormationValidatePlugin() as unknown as IPolicyValidationPlugin;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }), validate);
}

/** Adds a template that is a file, such as the conformance pack, so that it is checked like a stack. */
export function addTemplate(app: App, id: string, templateFile: string): void {
  const stack = new Stack(app, id, { synthesizer: selfContained() });
  new CfnInclude(stack, 'Template', { templateFile });
  Validations.of(stack).acknowledge({
    id: 'CloudFormation-Validate::W2509',
    reason: 'MinSecretLength is a number of characters, and no secret',
  });
}
