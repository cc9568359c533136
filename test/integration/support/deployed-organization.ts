import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp, makeApp } from '../../../infra/build-app.js';
import { builtFunctionCode } from '../../../infra/function-code.js';
import type { Settings } from '../../../infra/settings.js';
import { given } from './article-environment.js';
import type { Caller } from './caller.js';
import { createStack, withoutTagsOfKeys, writeCode, type Template } from './deployed-member.js';
import type { World } from './world.js';

/**
 * What moto's CloudFormation makes of the organization's template that the functions touch. It has no StackSets of an
 * organization, no aggregator and no organization pack; what tells people is tried with the member's template.
 */
const MADE: readonly string[] = ['AWS::IAM::Role', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket'];

/** The functions of the administrator as moto made them, with their code as CloudFormation fills it in. */
export interface DeployedOrganization {
  readonly variablesOf: (functionName: string) => Promise<Readonly<Record<string, string>>>;
  /** A file with the code of a function, beside which the AWS SDK is found. */
  readonly fileOf: (functionName: string) => string;
}

/** The organization's template with the code that `npm run build` has bundled. */
export function renderOrganization(folder: string, settings: Settings): Template {
  const { app, organization } = buildApp(makeApp(folder), { settings, code: builtFunctionCode });
  app.synth();
  return JSON.parse(readFileSync(join(folder, organization.templateFile), 'utf8')) as Template;
}

/** Deploys, as the administrator, what moto knows of the template and the functions touch. */
export async function deployOrganization(
  { moto, folder }: World,
  template: Template,
  { region, ...credentials }: Caller,
  parameters: Readonly<Record<string, string>>,
): Promise<DeployedOrganization> {
  const client = { endpoint: moto.url, region, credentials };
  const cloudformation = new CloudFormationClient(client);
  const stack = await createStack(cloudformation, 'OriginGuardOrganization', reduce(template), parameters);
  const code = new Map((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, given(OutputValue)]));
  const lambda = new LambdaClient(client);
  return {
    variablesOf: async (FunctionName) => {
      const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
      return given(Configuration?.Environment?.Variables);
    },
    fileOf: (name) => writeCode(join(folder, name), given(code.get(name))),
  };
}

/** The part that is tried. The code of each function is an output too, so that what is loaded has everything filled in. */
function reduce(template: Template): Template {
  const resources = Object.entries(withoutTagsOfKeys(template).Resources).filter(([, { Type }]) => MADE.includes(Type));
  const text = JSON.stringify(
    Object.fromEntries(resources.map(([id, { Type, Properties }]) => [id, { Type, Properties }])),
  ).replaceAll(
    '{"Fn::GetAtt":["Aggregator","ConfigurationAggregatorArn"]}',
    '"arn:aws:config:us-east-1:777788889999:config-aggregator/config-aggregator-a1b2c3d4"',
  );
  const Resources = JSON.parse(text) as Template['Resources'];
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return {
    Parameters: template['Parameters'],
    Conditions: template['Conditions'],
    Resources,
    Outputs: Object.fromEntries(
      functions.map(({ Properties: { FunctionName, Code } }) => [
        String(FunctionName),
        { Value: (Code as { readonly ZipFile: unknown }).ZipFile },
      ]),
    ),
  };
}
