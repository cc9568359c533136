import type { AskStep, CallStep, Choice, Output, OutputType, Parameter, Step } from '../runbook/steps.js';

/** How a runbook is bound to its account: written into the document, so that no caller can change it. */
export interface RunbookSettings {
  /** The name of the planner function. */
  readonly plannerFunctionName: string;
  /** The ARN of the role that writes; may hold `{{global:...}}`. */
  readonly assumeRole: string;
}

export const DEFAULT_SETTINGS: RunbookSettings = {
  plannerFunctionName: 'OriginGuardPlanner',
  assumeRole: 'arn:{{global:AWS_PARTITION}}:iam::{{global:ACCOUNT_ID}}:role/OriginGuardRemediation-{{global:REGION}}',
};

export const GROUP = '{{SecurityGroupId}}';
export const RUN = '{{automation:EXECUTION_ID}}';
/** The id of the run to undo. */
export const RECORD = '{{RecordId}}';

/** Writes the record of a run, whatever stood there. */
export const saveRecord = (
  name: string,
  output: string,
  says: string,
  more: Pick<CallStep, 'next' | 'onFailure' | 'onCancel'>,
  run = RUN,
): CallStep => ({
  kind: 'call',
  name,
  says,
  service: 'ssm',
  api: 'PutParameter',
  params: {
    Name: `/origin-guard/rollback/${GROUP}/${run}`,
    Type: 'String',
    Value: `{{${output}}}`,
    Overwrite: true,
  },
  outputs: [],
  ...more,
});

const output = (name: string, type: OutputType): Output => ({ name, selector: `$.${name}`, type });
export const texts = (...names: readonly string[]): readonly Output[] => names.map((name) => output(name, 'String'));
export const numbers = (...names: readonly string[]): readonly Output[] => names.map((name) => output(name, 'Integer'));
export const flags = (...names: readonly string[]): readonly Output[] => names.map((name) => output(name, 'Boolean'));
export const lists = (...names: readonly string[]): readonly Output[] =>
  names.map((name) => output(name, 'StringList'));

type Ask = Omit<AskStep, 'kind' | 'functionName' | 'timeoutSeconds' | 'maxAttempts'> & {
  readonly timeoutSeconds?: number;
};

/** Builds the steps that ask the planner. A failed invocation is tried again: asking changes nothing. */
export const asking =
  ({ plannerFunctionName }: RunbookSettings) =>
  (step: Ask): AskStep => ({
    kind: 'ask',
    functionName: plannerFunctionName,
    timeoutSeconds: 120,
    maxAttempts: 3,
    ...step,
  });

/** A branch on one value. */
export const branch = (name: string, says: string, choices: readonly Choice[], otherwise: string): Step => ({
  kind: 'branch',
  name,
  says,
  choices,
  otherwise,
});

export const when = (variable: string, equals: Choice['equals'], next: string): Choice => ({
  variable: `{{${variable}}}`,
  equals,
  next,
});

export const fail = (name: string, says: string, message: string): Step => ({ kind: 'fail', name, says, message });

/** Admits a prefix list of CloudFront's to a range of ports; the values are outputs of the step Plan. */
export const authorize = (
  step: Pick<CallStep, 'name' | 'says' | 'next' | 'onFailure'>,
  groupId: string,
  { from, to, list }: { readonly from: string; readonly to: string; readonly list: string },
): CallStep => ({
  kind: 'call',
  service: 'ec2',
  api: 'AuthorizeSecurityGroupIngress',
  params: {
    GroupId: groupId,
    IpPermissions: [
      {
        IpProtocol: 'tcp',
        FromPort: `{{Plan.${from}}}`,
        ToPort: `{{Plan.${to}}}`,
        PrefixListIds: [{ PrefixListId: `{{Plan.${list}}}`, Description: `OriginGuard ${RUN}` }],
      },
    ],
  },
  outputs: [],
  ...step,
});

/** A parameter that is true or false; Automation has no boolean parameters that a caller may leave out. */
export const yesOrNo = (says: string, fallback: 'true' | 'false'): Parameter => ({
  type: 'String',
  says,
  default: fallback,
  allowedValues: ['true', 'false'],
});

/** The parameters of approval, and the one that AWS Config demands; both documents have them. */
export const APPROVAL_PARAMETERS: Readonly<Record<string, Parameter>> = {
  SecurityGroupId: { type: 'String', says: 'The security group.', allowedPattern: '^sg-[0-9a-f]{8,17}$' },
  AutomationAssumeRole: {
    type: 'String',
    says: 'AWS Config hands it over; the document names its role itself.',
    default: '',
  },
  RequireApproval: yesOrNo('Whether a person must approve the plan.', 'false'),
  Approvers: { type: 'StringList', says: 'Who may approve: at most 10 principals.', default: [] },
  NotificationTopicArn: {
    type: 'String',
    says: 'Where approvers are told: a topic whose name starts with Automation.',
    default: '',
  },
};
