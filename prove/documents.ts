import { remediateRunbook } from '../remediation/alb-sg-cloudfront-only/runbook.js';
import { renderRunbook } from '../remediation/runbook/render.js';
import type { Json } from './template.js';

type Fields = Readonly<Record<string, Json>>;

/** Asks a function as the fixer asks its planner. */
export const askStep = (
  name: string,
  functionName: Json,
  payload: Fields,
  outputs: readonly (readonly [name: string, selector: string, type: string])[],
): Fields => ({
  name,
  action: 'aws:invokeLambdaFunction',
  timeoutSeconds: 60,
  inputs: { FunctionName: functionName, InputPayload: payload },
  ...(outputs.length === 0 ? {} : { outputs: outputs.map(([Name, Selector, Type]) => ({ Name, Selector, Type })) }),
});

/** Calls one operation of EC2 as the fixer does. */
export const ec2Step = (name: string, api: string, params: Fields): Fields => ({
  name,
  action: 'aws:executeAwsApi',
  inputs: { Service: 'ec2', Api: api, ...params },
});

export const DONE: Fields = { name: 'Done', action: 'aws:sleep', inputs: { Duration: 'PT1S' }, isEnd: true };

/** A step whose failure is what the experiment looks at, so that the run goes on. */
export const goingOn = (step: Fields, next: string): Fields => ({
  ...step,
  onFailure: `step:${next}`,
  isCritical: false,
  nextStep: next,
});

/** The fixer's own step of this name, and its own parameters, as they are registered. */
export function ofFixer(
  step: string,
  parameters: readonly string[],
): { readonly step: Fields; readonly parameters: Fields } {
  const document = renderRunbook(remediateRunbook()) as {
    readonly mainSteps: readonly (Fields & { readonly name: string })[];
    readonly parameters: Fields;
  };
  const found = document.mainSteps.find(({ name }) => name === step) ?? {};
  return {
    step: found,
    parameters: Object.fromEntries(Object.entries(document.parameters).filter(([name]) => parameters.includes(name))),
  };
}
