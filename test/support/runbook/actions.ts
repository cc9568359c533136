import { UnsupportedDocument, type SsmStep } from './document.js';
import type { Caller, Payload, RunOptions } from './doors.js';
import { messageOfScript } from './failing-script.js';
import { StepFailure } from './step-failure.js';

/** What one action answers; outputs are selected from it. `inputs` has its references filled in. */
export async function perform(
  { action, inputs: written }: SsmStep,
  inputs: Payload,
  { doors, lambdaErrors }: RunOptions,
  by: Caller,
): Promise<unknown> {
  switch (action) {
    case 'aws:invokeLambdaFunction':
      return invoke(() => doors.invokeLambda(textOf(inputs, 'FunctionName'), payloadOf(inputs), by), lambdaErrors);
    case 'aws:executeAwsApi': {
      const { Service: _service, Api: _api, ...params } = inputs;
      return doors.callApi(textOf(inputs, 'Service'), textOf(inputs, 'Api'), params, by);
    }
    case 'aws:approve':
      if ((await doors.approve?.(inputs, by)) === true) return {};
      throw new StepFailure('the approval was rejected');
    case 'aws:executeScript':
      throw new StepFailure(messageOfScript(written['Script'], payloadOf(inputs)));
    case 'aws:sleep':
      return doors.sleep?.(secondsOf(textOf(inputs, 'Duration')), by);
    case 'aws:branch':
    case 'aws:executeAutomation':
      throw new UnsupportedDocument(`${action} is done by the interpreter itself`);
  }
}

async function invoke(call: () => Promise<unknown>, onError: RunOptions['lambdaErrors']): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (onError === 'fail' || !(error instanceof Error)) throw error;
    return { errorType: error.name, errorMessage: error.message };
  }
}

function textOf(inputs: Payload, name: string): string {
  const value = inputs[name];
  if (typeof value === 'string') return value;
  throw new StepFailure(`input ${name} is ${JSON.stringify(value)}; expected a text`);
}

/** The `InputPayload`, or the parameters of a nested run. */
export function payloadOf(inputs: Payload, name = 'InputPayload'): Payload {
  const value = inputs[name] ?? {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Payload;
  throw new StepFailure(`input ${name} is ${JSON.stringify(value)}; expected a map`);
}

function secondsOf(duration: string): number {
  const [, minutes = '0', seconds = '0'] = /^PT(?:(\d+)M)?(?:(\d+)S)?$/.exec(duration) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}
