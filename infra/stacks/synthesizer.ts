import { BootstraplessSynthesizer, CliCredentialsStackSynthesizer, type IStackSynthesizer } from 'aws-cdk-lib';

/**
 * Writes a template that needs nothing but itself.
 *
 * @remarks Of the CDK's synthesizers this one refuses assets and neither asks for a bootstrap version nor names roles of
 * one: StackSets and other pipelines deploy the template as it is. The CDK's command line still puts a template that is
 * too large for a call into the bootstrap bucket of the account that deploys.
 */
export const selfContained = (): IStackSynthesizer =>
  // Its optional properties are declared as if this project allowed `undefined` for them.
  new BootstraplessSynthesizer() as unknown as IStackSynthesizer;

/**
 * Writes a template that finds files in the bootstrap bucket of the account that deploys; the CDK's command line puts them
 * there with the permissions of whoever deploys, as it does with the other stacks.
 */
export const withAssets = (): IStackSynthesizer => new CliCredentialsStackSynthesizer() as unknown as IStackSynthesizer;
