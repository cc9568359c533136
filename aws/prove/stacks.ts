import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type DescribeStackEventsCommandOutput,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { OriginGuardError } from '../../core/errors.js';
import { accepted, PROVE_TAG, type Reply, type StackOrder, type StackState } from '../../core/proving.js';
import { listOf, readPages } from '../read/pages.js';
import { replyTo, type ProvingSession } from './session.js';

/** Everything these calls take. */
export const iamActions = [
  'cloudformation:CreateStack',
  'cloudformation:DeleteStack',
  'cloudformation:DescribeStackEvents',
  'cloudformation:DescribeStacks',
  'cloudformation:TagResource',
] as const;

/** Asks for a stack. A failure leaves what was made in place, so that its reason can be read. */
export async function createStack(session: ProvingSession, { name, template, run }: StackOrder): Promise<Reply<null>> {
  const reply = await replyTo(session, `making the stack ${name}`, (options) =>
    session.proving.cloudFormation.send(
      new CreateStackCommand({
        StackName: name,
        TemplateBody: template,
        Tags: [{ Key: PROVE_TAG, Value: run }],
        Capabilities: ['CAPABILITY_IAM'],
        OnFailure: 'DO_NOTHING',
        // A request that is sent again after a lost answer makes no second stack.
        ClientRequestToken: name,
      }),
      options,
    ),
  );
  return reply.ok ? accepted(null) : reply;
}

/** The state of a stack; `null` where there is none. */
export async function readStack(session: ProvingSession, name: string): Promise<StackState | null> {
  const reply = await replyTo(session, `reading the stack ${name}`, (options) =>
    session.proving.cloudFormation.send(new DescribeStacksCommand({ StackName: name }), options),
  );
  if (!reply.ok) {
    if (isAbsent(reply)) return null;
    throw new OriginGuardError('E2001', `reading the stack ${name} failed: ${reply.code}: ${reply.message}`);
  }
  const [stack] = listOf(reply.value.Stacks, 'Stacks');
  if (stack?.StackStatus === undefined) throw new OriginGuardError('E2006', `the stack ${name} has no status`);
  if (stack.StackStatus === 'DELETE_COMPLETE') return null;
  return {
    status: stack.StackStatus,
    run: stack.Tags?.find(({ Key }) => Key === PROVE_TAG)?.Value ?? null,
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    ),
  };
}

/** CloudFormation has no name of its own for this. Source: API reference of DescribeStacks. */
const isAbsent = ({ code, message }: { readonly code: string; readonly message: string }): boolean =>
  code === 'ValidationError' && message.includes('does not exist');

/** Why the first resource failed in what a stack did last; `null` where none did. */
export async function readFirstFailure(session: ProvingSession, name: string): Promise<string | null> {
  const pages = await readPages<DescribeStackEventsCommandOutput>(session, {
    fact: `events of ${name}`,
    what: `the events of the stack ${name}`,
    action: 'cloudformation:DescribeStackEvents',
    command: 'describe-stack-events',
    page: (NextToken, options) =>
      session.proving.cloudFormation.send(new DescribeStackEventsCommand({ StackName: name, NextToken }), options),
    next: ({ NextToken }) => NextToken,
  });
  if (!pages.known) return pages.gap.detail;
  // Events come newest first.
  const events = pages.value.flatMap((page) => listOf(page.StackEvents, 'StackEvents'));
  const began = events.findIndex(isBeginning);
  const failed = (began < 0 ? events : events.slice(0, began)).filter(isFailure).at(-1);
  if (failed === undefined) return null;
  return `${failed.ResourceType ?? 'a resource'} ${failed.ResourceStatus ?? ''}: ${failed.ResourceStatusReason ?? 'no reason given'}`;
}

const isBeginning = ({ PhysicalResourceId, StackId, ResourceStatus }: StackEvent): boolean =>
  PhysicalResourceId === StackId &&
  (ResourceStatus === 'CREATE_IN_PROGRESS' || ResourceStatus === 'DELETE_IN_PROGRESS');

const isFailure = ({ ResourceStatus, ResourceStatusReason }: StackEvent): boolean =>
  ResourceStatus?.endsWith('_FAILED') === true && !/cancelled$/i.test(ResourceStatusReason ?? '');

/** Asks for the removal of a stack; one that is gone is no refusal. */
export async function deleteStack(session: ProvingSession, name: string): Promise<Reply<null>> {
  const reply = await replyTo(session, `removing the stack ${name}`, (options) =>
    session.proving.cloudFormation.send(new DeleteStackCommand({ StackName: name }), options),
  );
  return reply.ok || isAbsent(reply) ? accepted(null) : reply;
}
