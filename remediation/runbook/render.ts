import { OriginGuardError } from '../../core/errors.js';
import { checkRunbook } from './check.js';
import type { Choice, Going, Parameter, Runbook, Step } from './steps.js';

/** The largest document that Systems Manager takes, in bytes. Source: API reference of CreateDocument. */
export const MOST_BYTES = 65_536;

type Json = Readonly<Record<string, unknown>>;

/**
 * A runbook as a document of Systems Manager, schema 0.3; the same bytes for the same runbook.
 *
 * Raises `E9001` for a runbook that the checks refuse, or that is too large.
 */
export function renderRunbook(runbook: Runbook): Json {
  const problems = checkRunbook(runbook);
  if (problems.length > 0) throw new OriginGuardError('E9001', `runbook ${runbook.name}: ${problems.join('; ')}`);
  const document: Json = {
    description: runbook.says,
    schemaVersion: '0.3',
    assumeRole: runbook.assumeRole,
    parameters: Object.fromEntries(
      Object.entries(runbook.parameters).map(([name, parameter]) => [name, renderParameter(parameter)]),
    ),
    mainSteps: runbook.steps.map(renderStep),
    outputs: runbook.outputs,
  };
  const bytes = new TextEncoder().encode(JSON.stringify(document)).length;
  if (bytes > MOST_BYTES)
    throw new OriginGuardError(
      'E9001',
      `runbook ${runbook.name} takes ${String(bytes)} bytes; allowed: ${String(MOST_BYTES)}`,
    );
  return document;
}

/** The text of the document, as it is registered and as its size counts; raises what `renderRunbook` raises. */
export const renderJson = (runbook: Runbook): string => JSON.stringify(renderRunbook(runbook));

const renderParameter = ({ says, default: given, ...rest }: Parameter): Json => ({
  type: rest.type,
  description: says,
  ...(given === undefined ? {} : { default: given }),
  ...(rest.allowedValues === undefined ? {} : { allowedValues: rest.allowedValues }),
  ...(rest.allowedPattern === undefined ? {} : { allowedPattern: rest.allowedPattern }),
});

function renderStep(step: Step): Json {
  const {
    name,
    says,
    onFailure,
    onCancel,
    timeoutSeconds,
    maxAttempts,
    next,
  }: Pick<Step, 'name' | 'says'> & Partial<Going> = step;
  return {
    name,
    description: says,
    action: ACTIONS[step.kind],
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    // A failure that leads somewhere is not the run's: where it leads decides.
    // Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-handling-timeouts.html
    ...(onFailure === undefined ? {} : { onFailure: `step:${onFailure}`, isCritical: false }),
    ...(onCancel === undefined ? {} : { onCancel: `step:${onCancel}` }),
    inputs: inputsOf(step),
    ...('outputs' in step && step.outputs.length > 0
      ? { outputs: step.outputs.map((each) => ({ Name: each.name, Selector: each.selector, Type: each.type })) }
      : {}),
    ...(step.kind === 'done' || step.kind === 'fail' ? { isEnd: true } : {}),
    ...(next === undefined ? {} : { nextStep: next }),
  };
}

const ACTIONS = {
  ask: 'aws:invokeLambdaFunction',
  call: 'aws:executeAwsApi',
  branch: 'aws:branch',
  approve: 'aws:approve',
  fail: 'aws:executeScript',
  done: 'aws:sleep',
  run: 'aws:executeAutomation',
} as const satisfies Readonly<Record<Step['kind'], string>>;

/** Fails with the message that it is given, and calls nothing. */
const FAILING_SCRIPT = "def fail(event, context):\n  raise Exception(event['message'])\n";

function inputsOf(step: Step): Json {
  switch (step.kind) {
    case 'ask':
      return { FunctionName: step.functionName, InputPayload: step.payload };
    case 'call':
      return { Service: step.service, Api: step.api, ...step.params };
    case 'branch':
      return { Choices: step.choices.map(renderChoice), Default: step.otherwise };
    case 'approve':
      return {
        NotificationArn: step.topic,
        Message: step.message,
        MinRequiredApprovals: 1,
        Approvers: step.approvers,
      };
    case 'fail':
      return {
        Runtime: 'python3.11',
        Handler: 'fail',
        InputPayload: { message: step.message },
        Script: FAILING_SCRIPT,
      };
    case 'done':
      return { Duration: 'PT1S' };
    case 'run':
      return { DocumentName: step.document, RuntimeParameters: step.parameters };
  }
}

function renderChoice({ variable, equals, next }: Choice): Json {
  const operator =
    typeof equals === 'string' ? 'StringEquals' : typeof equals === 'number' ? 'NumericEquals' : 'BooleanEquals';
  return { NextStep: next, Variable: variable, [operator]: equals };
}
