import type { AskStep, BranchStep, CallStep, FailStep, Runbook, Step } from '../../../remediation/runbook/steps.js';

export const guard: AskStep = {
  kind: 'ask',
  name: 'Guard',
  says: 'Asks.',
  functionName: 'Planner',
  payload: { mode: 'guard', id: '{{GroupId}}' },
  outputs: [
    { name: 'outcome', selector: '$.outcome', type: 'String' },
    { name: 'port', selector: '$.port', type: 'Integer' },
    { name: 'isNeeded', selector: '$.isNeeded', type: 'Boolean' },
    { name: 'rules', selector: '$.rules', type: 'StringList' },
  ],
};

export const seen: AskStep = { ...guard, name: 'Seen' };

export const authorize: CallStep = {
  kind: 'call',
  name: 'Authorize',
  says: 'Adds.',
  service: 'ec2',
  api: 'AuthorizeSecurityGroupIngress',
  params: { GroupId: '{{GroupId}}', IpPermissions: [{ FromPort: '{{Guard.port}}', IpProtocol: 'tcp' }] },
  outputs: [],
};

export const revoke: CallStep = {
  kind: 'call',
  name: 'Revoke',
  says: 'Removes.',
  service: 'ec2',
  api: 'RevokeSecurityGroupIngress',
  params: { GroupId: '{{GroupId}}', SecurityGroupRuleIds: '{{Guard.rules}}' },
  outputs: [],
};

export const done: Step = { kind: 'done', name: 'Done', says: 'Ends.' };
export const failed: FailStep = { kind: 'fail', name: 'Failed', says: 'Fails.', message: 'failed: {{Guard.outcome}}' };

export const decide: BranchStep = {
  kind: 'branch',
  name: 'Decide',
  says: 'Chooses.',
  choices: [{ variable: '{{Guard.outcome}}', equals: 'OK', next: 'Authorize' }],
  otherwise: 'Failed',
};

export const look: BranchStep = {
  kind: 'branch',
  name: 'Look',
  says: 'Chooses again.',
  choices: [{ variable: '{{Seen.outcome}}', equals: 'OK', next: 'Revoke' }],
  otherwise: 'Failed',
};

/** Asks, chooses, adds, looks, chooses again, removes: nothing is wrong with it. */
export const runbook = (overrides: Partial<Runbook> = {}): Runbook => ({
  name: 'Small',
  says: 'A small runbook.',
  assumeRole: 'arn:{{global:AWS_PARTITION}}:iam::{{global:ACCOUNT_ID}}:role/small',
  parameters: { GroupId: { type: 'String', says: 'A group.' } },
  steps: [guard, decide, authorize, seen, look, revoke, done, failed],
  outputs: ['Guard.outcome'],
  order: {
    guard: { asks: 'Guard', branches: ['Decide'] },
    beforeRevoke: { asks: 'Seen', branches: ['Look'] },
  },
  ...overrides,
});

/** The same runbook with one step replaced. */
export const replacing = (step: Step): Runbook =>
  runbook({ steps: runbook().steps.map((each) => (each.name === step.name ? step : each)) });
