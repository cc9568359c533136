import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtFunctionCode } from '../../../infra/function-code.js';
import { writeMemberTemplate } from '../../../infra/member-template.js';
import type { Settings } from '../../../infra/settings.js';
import { given } from './article-environment.js';
import { defaultCaller } from './caller.js';
import type { World } from './world.js';

interface TemplateResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly [other: string]: unknown;
}

/** What moto's CloudFormation does not make; in a stack it would stand without type and id. */
export const UNKNOWN_TO_MOTO: readonly string[] = [
  'AWS::CloudWatch::Alarm',
  'AWS::Logs::MetricFilter',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
];

/** A member stack as moto made it of the template, and the functions' code as it stands in the template. */
export interface DeployedMember {
  /** The types of what exists, sorted. */
  readonly types: readonly string[];
  /** The exported values by name. */
  readonly exports: Readonly<Record<string, string>>;
  /** The environment of a function, with everything that CloudFormation filled in. */
  readonly variablesOf: (functionName: string) => Promise<Readonly<Record<string, string>>>;
  /** A file with the code of a function out of the template, beside which the AWS SDK is found. */
  readonly fileOf: (functionName: string) => string;
  /** The runbooks of the template by name; moto keeps them in a form that nobody can read. */
  readonly documents: Readonly<Record<string, object>>;
}

/** The member template with the code that `npm run build` has bundled. */
export function renderMember(folder: string, settings: Settings): Template {
  const path = writeMemberTemplate(folder, { settings, code: builtFunctionCode });
  return JSON.parse(readFileSync(path, 'utf8')) as Template;
}

/** Deploys what moto knows of the template. */
export async function deployMember(
  { moto, folder }: World,
  template: Template,
  parameters: Readonly<Record<string, string>> = {},
): Promise<DeployedMember> {
  const { region, ...credentials } = defaultCaller;
  const client = { endpoint: moto.url, region, credentials };
  const cloudformation = new CloudFormationClient(client);
  const StackName = 'OriginGuardMember';
  const stack = await createStack(cloudformation, StackName, forMoto(template), parameters);
  const { StackResourceSummaries = [] } = await cloudformation.send(new ListStackResourcesCommand({ StackName }));
  const lambda = new LambdaClient(client);
  return {
    // moto also lists what a condition keeps away, without a type.
    types: StackResourceSummaries.map(({ ResourceType = '' }) => ResourceType)
      .filter((type) => type !== '')
      .sort(),
    exports: Object.fromEntries(
      (stack.Outputs ?? []).map(({ ExportName, OutputValue }) => [given(ExportName), given(OutputValue)]),
    ),
    variablesOf: async (FunctionName) => {
      const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
      return given(Configuration?.Environment?.Variables);
    },
    fileOf: (name) => writeCode(join(folder, name), codeOf(template, name)),
    documents: documentsIn(template),
  };
}

/** Makes a stack, and tells what it came to. */
export async function createStack(
  cloudformation: CloudFormationClient,
  StackName: string,
  template: Template,
  parameters: Readonly<Record<string, string>>,
): Promise<Stack> {
  await cloudformation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    }),
  );
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
  const stack = given(Stacks?.[0]);
  if (stack.StackStatus !== 'CREATE_COMPLETE') throw new Error(`the stack is ${String(stack.StackStatus)}`);
  return stack;
}

const forMoto = (template: Template): Template => {
  const whole = withoutTagsOfKeys(template);
  const known = Object.entries(whole.Resources).filter(([, { Type }]) => !UNKNOWN_TO_MOTO.includes(Type));
  return { ...whole, Resources: Object.fromEntries(known) };
};

/** moto spells the tags of a key as the API does, and CloudFormation spells them otherwise. */
export const withoutTagsOfKeys = (template: Template): Template => ({
  ...template,
  Resources: Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => {
      if (resource.Type !== 'AWS::KMS::Key') return [id, resource];
      const { Tags: _, ...Properties } = resource.Properties;
      return [id, { ...resource, Properties }];
    }),
  ),
});

const documentsIn = ({ Resources }: Template): Readonly<Record<string, object>> =>
  Object.fromEntries(
    Object.values(Resources)
      .filter(({ Type }) => Type === 'AWS::SSM::Document')
      .map(({ Properties }) => [String(Properties['Name']), Properties['Content'] as object]),
  );

function codeOf({ Resources }: Template, functionName: string): string {
  const found = Object.values(Resources).find(({ Properties }) => Properties['FunctionName'] === functionName);
  return (given(found).Properties['Code'] as { readonly ZipFile: string }).ZipFile;
}

/** What Lambda makes of inline code: the file `index.js`; the runtime's AWS SDK is that of this project. */
export function writeCode(folder: string, code: string): string {
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(__dirname, '..', '..', '..', 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, 'index.js');
  writeFileSync(path, code);
  return path;
}
