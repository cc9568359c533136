import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type CloudFormationClient,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import type { ProvingSession } from '../../../aws/prove/session.js';
import { createStack, deleteStack, readFirstFailure, readStack } from '../../../aws/prove/stacks.js';
import { provingSession, refusedBy } from './session.js';

let session: ProvingSession;
let cloudFormation: AwsClientStub<CloudFormationClient>;

beforeEach(() => {
  session = provingSession();
  cloudFormation = mockClient(session.proving.cloudFormation);
});

const ORDER = { name: 'origin-guard-prove-x-u5-main', template: '{}', run: 'x' };
const CREATED = new Date('2026-11-29T16:33:00Z');

test('a stack carries the tag of its run, and stays for its reason to be read', async () => {
  cloudFormation.on(CreateStackCommand).resolves({ StackId: 'arn' });
  await expect(createStack(session, ORDER)).resolves.toEqual({ ok: true, value: null });
  expect(cloudFormation.calls().map(({ args: [{ input }] }) => input)).toEqual([
    {
      StackName: ORDER.name,
      TemplateBody: '{}',
      Tags: [{ Key: 'origin-guard:prove', Value: 'x' }],
      Capabilities: ['CAPABILITY_IAM'],
      OnFailure: 'DO_NOTHING',
      ClientRequestToken: ORDER.name,
    },
  ]);
});

test('a refusal is an answer', async () => {
  cloudFormation.on(CreateStackCommand).rejects(refusedBy('LimitExceededException', 'too many'));
  await expect(createStack(session, ORDER)).resolves.toEqual({
    ok: false,
    code: 'LimitExceededException',
    message: 'too many',
  });
});

test.each([
  ['ThrottlingException', 'client', 'E2001'],
  ['InternalFailure', 'server', 'E2001'],
  ['ExpiredToken', 'client', 'E2007'],
])('%s is none', async (name, $fault, code) => {
  cloudFormation.on(CreateStackCommand).rejects(Object.assign(new Error('no'), { name, $fault }));
  await expect(createStack(session, ORDER)).rejects.toMatchObject({ code });
});

test('a stack is read with its tag and outputs', async () => {
  const stack: Stack = {
    StackName: 'x',
    CreationTime: CREATED,
    StackStatus: 'CREATE_COMPLETE',
    Tags: [{ Key: 'origin-guard:prove', Value: 'r' }],
    Outputs: [{ OutputKey: 'Group', OutputValue: 'sg-0a' }],
  };
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [stack] });
  await expect(readStack(session, 'x')).resolves.toEqual({
    status: 'CREATE_COMPLETE',
    run: 'r',
    outputs: { Group: 'sg-0a' },
  });
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [{ ...stack, Tags: [] }] });
  await expect(readStack(session, 'x')).resolves.toMatchObject({ run: null });
});

test('a stack that is not there, or no more, is null; a read that is refused is not', async () => {
  cloudFormation.on(DescribeStacksCommand).rejects(refusedBy('ValidationError', 'Stack with id x does not exist'));
  await expect(readStack(session, 'x')).resolves.toBeNull();
  cloudFormation
    .on(DescribeStacksCommand)
    .resolves({ Stacks: [{ StackName: 'x', CreationTime: CREATED, StackStatus: 'DELETE_COMPLETE' }] });
  await expect(readStack(session, 'x')).resolves.toBeNull();
  cloudFormation.on(DescribeStacksCommand).rejects(refusedBy('AccessDenied', 'no'));
  await expect(readStack(session, 'x')).rejects.toMatchObject({ code: 'E2001' });
  cloudFormation.on(DescribeStacksCommand).resolves({});
  await expect(readStack(session, 'x')).rejects.toMatchObject({ code: 'E2006' });
});

test('the first failure is the oldest of what the stack did last, over all pages', async () => {
  const event = (ResourceStatus: string, more: object = {}) =>
    ({ StackId: 'id', EventId: 'e', StackName: 'x', Timestamp: CREATED, ResourceStatus, ...more }) as never;
  cloudFormation
    .on(DescribeStackEventsCommand, { NextToken: undefined })
    .resolves({
      StackEvents: [
        event('CREATE_FAILED', { ResourceType: 'Later', ResourceStatusReason: 'Resource creation cancelled' }),
        event('CREATE_FAILED', { ResourceType: 'Second', ResourceStatusReason: 'because of the first' }),
      ],
      NextToken: 'more',
    })
    .on(DescribeStackEventsCommand, { NextToken: 'more' })
    .resolves({
      StackEvents: [
        event('CREATE_FAILED', { ResourceType: 'First', ResourceStatusReason: 'the reason' }),
        event('CREATE_IN_PROGRESS', { PhysicalResourceId: 'id' }),
        event('DELETE_FAILED', { ResourceType: 'Older', ResourceStatusReason: 'of an attempt before' }),
      ],
    });
  await expect(readFirstFailure(session, 'x')).resolves.toBe('First CREATE_FAILED: the reason');
  cloudFormation.reset();
  cloudFormation.on(DescribeStackEventsCommand).resolves({ StackEvents: [] });
  await expect(readFirstFailure(session, 'x')).resolves.toBeNull();
});

test('removing a stack that is gone is no refusal, and being refused is', async () => {
  cloudFormation.on(DeleteStackCommand).resolves({});
  await expect(deleteStack(session, 'x')).resolves.toEqual({ ok: true, value: null });
  cloudFormation.on(DeleteStackCommand).rejects(refusedBy('ValidationError', 'Stack [x] does not exist'));
  await expect(deleteStack(session, 'x')).resolves.toEqual({ ok: true, value: null });
  cloudFormation.on(DeleteStackCommand).rejects(refusedBy('AccessDenied', 'no'));
  await expect(deleteStack(session, 'x')).resolves.toEqual({ ok: false, code: 'AccessDenied', message: 'no' });
});
