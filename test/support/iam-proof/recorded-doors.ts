import { REMEDIATION_ROLE } from '../../../infra/names.js';
import type { Doors } from '../runbook/doors.js';
import { callRecorder } from './recorded-calls.js';
import type { Place } from './asked-of.js';

/** The tags of the resource that a call of a runbook changes. */
export type TagsOf = (
  api: string,
  params: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, string>>>;

/**
 * The same doors, with each call written down that Systems Manager makes for a runbook with the role that writes: those
 * of its steps, and what it takes to ask a function, a person or another runbook.
 */
export function recordedDoors(doors: Doors, home: Place, tagsOf: TagsOf = () => Promise.resolve({})): Doors {
  const record = callRecorder(REMEDIATION_ROLE, home);
  const made = (service: string, operation: string, input: object, step?: string): void =>
    record({ service, operation, region: home.region, path: '', input }, step);
  const { approve, documentNamed } = doors;
  return {
    ...doors,
    invokeLambda: (FunctionName, payload, by) => {
      made('lambda', 'Invoke', { FunctionName }, by.step);
      return doors.invokeLambda(FunctionName, payload, by);
    },
    callApi: async (service, api, params, by) => {
      const resourceTags = await tagsOf(api, params);
      record({ service, operation: api, region: home.region, path: '', input: params, resourceTags }, by.step);
      return doors.callApi(service, api, params, by);
    },
    ...(approve !== undefined && {
      approve: (inputs, by) => {
        if (inputs['NotificationArn'] !== '') made('sns', 'Publish', { TopicArn: inputs['NotificationArn'] }, by.step);
        return approve(inputs, by);
      },
    }),
    ...(documentNamed !== undefined && {
      documentNamed: (DocumentName) => {
        made('ssm', 'StartAutomationExecution', { DocumentName });
        made('ssm', 'GetAutomationExecution', {});
        const RoleArn = `arn:aws:iam::${home.accountId}:role/${REMEDIATION_ROLE}-${home.region}`;
        made('iam', 'PassRole', { RoleArn, PassedToService: 'ssm.amazonaws.com' });
        return documentNamed(DocumentName);
      },
    }),
  };
}
