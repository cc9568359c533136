import {
  DescribeAutomationExecutionsCommand,
  GetAutomationExecutionCommand,
  StartAutomationExecutionCommand,
  type DescribeAutomationExecutionsCommandOutput,
  type StepExecution,
} from '@aws-sdk/client-ssm';
import { OriginGuardError } from '../../core/errors.js';
import type { Reply, RunState, RunStep } from '../../core/proving.js';
import { listOf } from '../read/pages.js';
import { wholeList } from './lists.js';
import { replyTo, valueOf, type ProvingSession } from './session.js';

/** Everything these calls take. */
export const iamActions = [
  'ssm:DescribeAutomationExecutions',
  'ssm:GetAutomationExecution',
  'ssm:StartAutomationExecution',
] as const;

/** Starts a document; answers with the id of the execution. */
export async function startRun(
  session: ProvingSession,
  document: string,
  parameters: Readonly<Record<string, readonly string[]>>,
): Promise<Reply<string>> {
  const doing = `starting ${document}`;
  const reply = await replyTo(session, doing, (options) =>
    session.proving.ssm.send(
      new StartAutomationExecutionCommand({
        DocumentName: document,
        Parameters: Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, [...values]])),
      }),
      options,
    ),
  );
  if (!reply.ok) return reply;
  const { AutomationExecutionId: id } = reply.value;
  if (id === undefined) throw new OriginGuardError('E2006', `${doing}: the answer names no execution`);
  return { ok: true, value: id };
}

/** The state of an execution and of its steps. */
export async function readRun(session: ProvingSession, id: string): Promise<RunState> {
  const doing = `reading the execution ${id}`;
  const { AutomationExecution: execution } = await valueOf(session, doing, (options) =>
    session.proving.ssm.send(new GetAutomationExecutionCommand({ AutomationExecutionId: id }), options),
  );
  if (execution?.AutomationExecutionStatus === undefined)
    throw new OriginGuardError('E2006', `${doing}: the answer has no status`);
  return {
    status: execution.AutomationExecutionStatus,
    failure: textOrNull(execution.FailureMessage),
    steps: (execution.StepExecutions ?? []).map(toStep),
  };
}

const toStep = ({ StepName, StepStatus, FailureMessage, Outputs }: StepExecution): RunStep => ({
  name: StepName ?? '',
  status: StepStatus ?? '',
  failure: textOrNull(FailureMessage),
  outputs: Outputs ?? {},
});

const textOrNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

/** The states of all executions of a document. */
export async function readRunsOf(session: ProvingSession, document: string): Promise<readonly string[]> {
  const pages = await wholeList<DescribeAutomationExecutionsCommandOutput>(session, {
    fact: `executions of ${document}`,
    what: `the executions of ${document}`,
    action: 'ssm:DescribeAutomationExecutions',
    command: 'describe-automation-executions',
    page: (NextToken, options) =>
      session.proving.ssm.send(
        new DescribeAutomationExecutionsCommand({
          Filters: [{ Key: 'DocumentNamePrefix', Values: [document] }],
          NextToken,
        }),
        options,
      ),
    next: ({ NextToken }) => NextToken,
  });
  return pages
    .flatMap((page) => listOf(page.AutomationExecutionMetadataList, 'AutomationExecutionMetadataList'))
    .map(({ AutomationExecutionStatus }) => AutomationExecutionStatus ?? '');
}
