import { renderJson, renderRunbook } from '../../../remediation/runbook/render.js';
import type { Step } from '../../../remediation/runbook/steps.js';
import { authorize, decide, done, failed, guard, look, replacing, runbook, seen } from './small-runbook.js';

const stepsOf = (document: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] =>
  document['mainSteps'] as readonly Readonly<Record<string, unknown>>[];

it('a runbook becomes a document of schema 0.3', () => {
  const { mainSteps: _, ...rest } = renderRunbook(
    runbook({
      parameters: {
        GroupId: { type: 'String', says: 'A group.', allowedPattern: '^sg-', default: 'sg-0', allowedValues: ['sg-0'] },
      },
    }),
  );
  expect(rest).toEqual({
    description: 'A small runbook.',
    schemaVersion: '0.3',
    assumeRole: 'arn:{{global:AWS_PARTITION}}:iam::{{global:ACCOUNT_ID}}:role/small',
    parameters: {
      GroupId: {
        type: 'String',
        description: 'A group.',
        default: 'sg-0',
        allowedValues: ['sg-0'],
        allowedPattern: '^sg-',
      },
    },
    outputs: ['Guard.outcome'],
  });
});

it('a question invokes the function, and says what it takes from the answer', () => {
  const steps = [
    { ...guard, timeoutSeconds: 60, maxAttempts: 3, onFailure: 'Blind' },
    ...runbook().steps.slice(1),
    { ...failed, name: 'Blind', message: 'blind' },
  ];
  const [first] = stepsOf(renderRunbook(runbook({ steps })));
  expect(first).toMatchObject({
    name: 'Guard',
    action: 'aws:invokeLambdaFunction',
    timeoutSeconds: 60,
    maxAttempts: 3,
    onFailure: 'step:Blind',
    isCritical: false,
    inputs: { FunctionName: 'Planner', InputPayload: { mode: 'guard', id: '{{GroupId}}' } },
  });
  expect((first?.['outputs'] as unknown[])[1]).toEqual({ Name: 'port', Selector: '$.port', Type: 'Integer' });
});

it('a call names service, operation and inputs, and where a cancellation leads', () => {
  const document = renderRunbook(replacing({ ...authorize, onCancel: 'Seen', next: 'Seen' }));
  expect(stepsOf(document)[2]).toEqual({
    name: 'Authorize',
    description: 'Adds.',
    action: 'aws:executeAwsApi',
    onCancel: 'step:Seen',
    inputs: {
      Service: 'ec2',
      Api: 'AuthorizeSecurityGroupIngress',
      GroupId: '{{GroupId}}',
      IpPermissions: [{ FromPort: '{{Guard.port}}', IpProtocol: 'tcp' }],
    },
    nextStep: 'Seen',
  });
});

it('a branch has a choice for each value, by its type, and a default', () => {
  const choices = [
    { variable: '{{Guard.outcome}}', equals: 'OK', next: 'Authorize' },
    { variable: '{{Guard.port}}', equals: 1, next: 'Authorize' },
    { variable: '{{Guard.isNeeded}}', equals: true, next: 'Authorize' },
  ];
  const document = renderRunbook(replacing({ ...decide, choices }));
  expect(stepsOf(document)[1]?.['inputs']).toEqual({
    Choices: [
      { NextStep: 'Authorize', Variable: '{{Guard.outcome}}', StringEquals: 'OK' },
      { NextStep: 'Authorize', Variable: '{{Guard.port}}', NumericEquals: 1 },
      { NextStep: 'Authorize', Variable: '{{Guard.isNeeded}}', BooleanEquals: true },
    ],
    Default: 'Failed',
  });
});

it('approvals, other runbooks and ends', () => {
  const steps: readonly Step[] = [
    {
      kind: 'approve',
      name: 'Approve',
      says: 'Waits.',
      topic: 'topic',
      message: 'message',
      approvers: '{{Approvers}}',
    },
    {
      kind: 'run',
      name: 'Run',
      says: 'Runs.',
      document: 'Other',
      parameters: { RecordId: '{{automation:EXECUTION_ID}}' },
    },
    guard,
    { ...decide, choices: [{ variable: '{{Guard.outcome}}', equals: 'OK', next: 'Seen' }] },
    seen,
    { ...look, choices: [{ variable: '{{Seen.outcome}}', equals: 'OK', next: 'Done' }] },
    done,
    failed,
  ];
  const parameters = { GroupId: { type: 'String', says: '' }, Approvers: { type: 'StringList', says: '' } } as const;
  const [approve, run, , , , , end, fail] = stepsOf(renderRunbook(runbook({ steps, parameters })));
  expect(approve?.['inputs']).toEqual({
    NotificationArn: 'topic',
    Message: 'message',
    MinRequiredApprovals: 1,
    Approvers: '{{Approvers}}',
  });
  expect(run?.['inputs']).toEqual({
    DocumentName: 'Other',
    RuntimeParameters: { RecordId: '{{automation:EXECUTION_ID}}' },
  });
  expect(end).toMatchObject({ action: 'aws:sleep', isEnd: true, inputs: { Duration: 'PT1S' } });
  expect(fail).toMatchObject({
    action: 'aws:executeScript',
    isEnd: true,
    inputs: { Runtime: 'python3.11', Handler: 'fail', InputPayload: { message: 'failed: {{Guard.outcome}}' } },
  });
});

it('a runbook that the checks refuse is not rendered', () => {
  expect(() => renderRunbook(replacing({ ...authorize, next: 'Nowhere' }))).toThrow(
    'E9001: runbook Small: step Authorize goes to Nowhere, which is no step',
  );
});

it('the text of a document is the document', () => {
  expect(JSON.parse(renderJson(runbook()))).toEqual(renderRunbook(runbook()));
});

it('a runbook that is too large is not rendered, and its size counts in bytes', () => {
  expect(() => renderRunbook(runbook({ says: '\u00e9'.repeat(32_768) }))).toThrow(
    /E9001: runbook Small takes \d+ bytes; allowed: 65536/,
  );
  expect(() => renderRunbook(runbook({ says: 'x'.repeat(65_536) }))).toThrow(
    /E9001: runbook Small takes \d+ bytes; allowed: 65536/,
  );
});
