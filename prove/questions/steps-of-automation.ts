import type { RunState } from '../../core/proving.js';
import { doubt, no, yes } from '../answer.js';
import { askStep, DONE, ec2Step, goingOn, ofFixer } from '../documents.js';
import { quote } from '../quote.js';
import type { Question, Step } from '../question.js';
import { endOf, howEnded, isRefused, stepOf } from '../runs.js';
import {
  arnOf,
  documentWith,
  ec2Arn,
  functionWith,
  groupWith,
  NETWORK,
  output,
  ref,
  runbookRole,
} from '../template.js';

const invoke = (name: string) => [{ Action: ['lambda:InvokeFunction'], Resource: arnOf(name) }];

/** A role that is a minute old may be refused what it may do. */
const wasRefused = ({ steps }: RunState): boolean => steps.some(({ failure }) => isRefused(failure));

/** Runs the document of the stack, and again while its role is too new to be let in. */
const RUN = {
  kind: 'run',
  saves: 'run',
  says: 'runs the document',
  document: 'main.Document',
  parameters: {},
  again: wasRefused,
} as const satisfies Step;

const ECHO = "exports.handler = async () => ({ word: 'heard' });\n";

export const crossAccountFunction: Question = {
  id: 'U2',
  asks: 'Does `aws:invokeLambdaFunction` take the ARN of a function of another account?',
  needs: [],
  steps: [
    {
      kind: 'stack',
      saves: 'main',
      says: 'a function, and a document that asks it by its whole ARN',
      template: (setting) => ({
        Resources: {
          ...functionWith('Echo', ECHO),
          Role: runbookRole(setting, invoke('Echo')),
          Document: documentWith({
            assumeRole: arnOf('Role'),
            mainSteps: [askStep('Ask', arnOf('Echo'), { word: 'said' }, [['word', '$.word', 'String']]), DONE],
          }),
        },
        Outputs: { Document: output(ref('Document')) },
      }),
    },
    RUN,
  ],
  open: 'only a function of the same account was asked; for another account, let its resource policy name a role of this one, and run a document that holds its ARN',
  fallback: 'not needed: the planner is in the same account',
  estimate: { automationSteps: 6, evaluations: 0, configItems: 10 },
  answer: (seen) => {
    const end = endOf(seen.of('run', 'run'));
    if ('why' in end) return end.why;
    const ask = stepOf(end.state, 'Ask');
    if (ask?.status === 'Success' && ask.outputs['word']?.join() === 'heard')
      return yes('a whole ARN is taken, and the function answered');
    if (isRefused(ask?.failure)) return doubt(`the role of the experiment was refused: ${howEnded(ask)}`);
    return ask?.status === 'Failed' ? no(`a whole ARN fails: ${howEnded(ask)}`) : doubt(`step Ask ${howEnded(ask)}`);
  },
};

const FAILING = `exports.handler = async ({ mode }) => {
  if (mode === 'throw') throw new Error('thrown on purpose');
  return { present: 'here' };
};
`;

export const functionErrors: Question = {
  id: 'U5',
  asks: 'Does a step fail when its function throws, and when a selector finds nothing in the answer?',
  needs: [],
  steps: [
    {
      kind: 'stack',
      saves: 'main',
      says: 'a function that throws or leaves out a field, and a document that asks it for both',
      template: (setting) => ({
        Resources: {
          ...functionWith('Failing', FAILING),
          Role: runbookRole(setting, invoke('Failing')),
          Document: documentWith({
            assumeRole: arnOf('Role'),
            mainSteps: [
              askStep('Answers', ref('Failing'), { mode: 'answer' }, [['present', '$.present', 'String']]),
              goingOn(askStep('Throws', ref('Failing'), { mode: 'throw' }, []), 'Misses'),
              goingOn(
                askStep('Misses', ref('Failing'), { mode: 'answer' }, [['absent', '$.absent', 'String']]),
                'Done',
              ),
              DONE,
            ],
          }),
        },
        Outputs: { Document: output(ref('Document')) },
      }),
    },
    RUN,
  ],
  open: null,
  fallback: 'nothing is changed before a step has succeeded with the answer that it needs, whichever it is',
  estimate: { automationSteps: 12, evaluations: 0, configItems: 10 },
  answer: (seen) => {
    const end = endOf(seen.of('run', 'run'));
    if ('why' in end) return end.why;
    const [answers, throws, misses] = ['Answers', 'Throws', 'Misses'].map((name) => stepOf(end.state, name));
    // Without the step that must succeed, a failure of the others may be anything.
    if (answers?.status !== 'Success' || answers.outputs['present']?.join() !== 'here')
      return doubt(`the step that must succeed: ${howEnded(answers)}`);
    const told = [throws, misses].every((step) => step?.status === 'Success' || step?.status === 'Failed');
    if (!told)
      return doubt(`a function that throws: ${howEnded(throws)}; a selector without a find: ${howEnded(misses)}`);
    if (isRefused(throws?.failure) || isRefused(misses?.failure))
      return doubt('the role of the experiment was refused');
    const found = misses?.status === 'Success' ? `, output ${JSON.stringify(misses.outputs['absent'] ?? null)}` : '';
    const says = `a function that throws: ${howEnded(throws)}; a selector that finds nothing: ${howEnded(misses)}${found}`;
    return throws?.status === 'Failed' && misses?.status === 'Failed' ? yes(says) : no(says);
  },
};

const PERMISSIONS = `exports.handler = async () => ({ permissions: [
  { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '192.0.2.1/32', Description: 'Origin Guard prove' }] },
] });
`;

export const mapListOutput: Question = {
  id: 'U7',
  asks: 'Can a `MapList` from a function, with integers in it, be the `IpPermissions` of an API call?',
  needs: [],
  steps: [
    {
      kind: 'stack',
      saves: 'main',
      says: 'a group in a network that leads nowhere, a function that returns one rule, and a document that adds it',
      template: (setting) => ({
        Resources: {
          Network: NETWORK,
          Group: groupWith(),
          ...functionWith('Permissions', PERMISSIONS),
          Role: runbookRole(setting, [
            ...invoke('Permissions'),
            {
              Action: ['ec2:AuthorizeSecurityGroupIngress'],
              Resource: [ec2Arn(setting, 'security-group'), ec2Arn(setting, 'security-group-rule')],
            },
          ]),
          Document: documentWith({
            assumeRole: arnOf('Role'),
            parameters: { Group: { type: 'String' } },
            mainSteps: [
              askStep('Ask', ref('Permissions'), {}, [['permissions', '$.permissions', 'MapList']]),
              ec2Step('Authorize', 'AuthorizeSecurityGroupIngress', {
                GroupId: '{{Group}}',
                IpPermissions: '{{Ask.permissions}}',
              }),
              DONE,
            ],
          }),
        },
        Outputs: { Document: output(ref('Document')), Group: output(ref('Group')) },
      }),
    },
    { ...RUN, parameters: { Group: 'main.Group' } },
    { kind: 'rules', saves: 'rules', says: 'reads the rules of the group', group: 'main.Group' },
  ],
  open: null,
  fallback: 'the rollback runbook writes each rule with texts and integers of its own',
  estimate: { automationSteps: 9, evaluations: 0, configItems: 20 },
  answer: (seen) => {
    const end = endOf(seen.of('run', 'run'));
    if ('why' in end) return end.why;
    const { rules } = seen.of('rules', 'rules');
    const isAsMeant =
      rules.length === 1 &&
      rules.every(
        ({ protocol, fromPort, toPort, source }) =>
          protocol === 'tcp' && fromPort === 443 && toPort === 443 && source === '192.0.2.1/32',
      );
    const [ask, authorize] = ['Ask', 'Authorize'].map((name) => stepOf(end.state, name));
    if (authorize?.status === 'Success' && isAsMeant) return yes('the rule is there as the function returned it');
    const failed = [ask, authorize].find((step) => step?.status === 'Failed');
    if (isRefused(failed?.failure)) return doubt(`the role of the experiment was refused: ${howEnded(failed)}`);
    if (failed !== undefined && rules.length === 0) return no(`step ${failed.name} ${howEnded(failed)}`);
    return doubt(`step Authorize ${howEnded(authorize)}, and ${String(rules.length)} rules are there`);
  },
};

const APPROVAL = ['RequireApproval', 'Approvers', 'NotificationTopicArn'];

export const skippedApproval: Question = {
  id: 'U10',
  asks: 'Are empty defaults taken in an `aws:approve` step that is skipped?',
  needs: [],
  steps: [
    {
      kind: 'stack',
      saves: 'main',
      says: "a document with the fixer's own parameters and steps of approval",
      template: (setting) => {
        const approve = ofFixer('Approve', APPROVAL);
        const branch = ofFixer('NeedApproval', []).step;
        return {
          Resources: {
            Role: runbookRole(setting, []),
            Document: documentWith({
              assumeRole: arnOf('Role'),
              parameters: approve.parameters,
              mainSteps: [
                { ...branch, inputs: { ...(branch['inputs'] as Readonly<Record<string, string>>), Default: 'Done' } },
                {
                  ...approve.step,
                  inputs: {
                    ...(approve.step['inputs'] as Readonly<Record<string, string>>),
                    Message: 'nobody is asked',
                  },
                },
                DONE,
              ],
            }),
          },
          Outputs: { Document: output(ref('Document')) },
        };
      },
    },
    {
      kind: 'run',
      saves: 'run',
      says: 'runs the document with its defaults',
      document: 'main.Document',
      parameters: {},
    },
  ],
  open: null,
  fallback: 'a second document for runs with an approval',
  estimate: { automationSteps: 3, evaluations: 0, configItems: 6 },
  onStackFailure: (reason) =>
    /InvalidDocumentContent|Approv|NotificationArn/i.test(reason)
      ? no(`the document is refused: ${quote(reason)}`)
      : null,
  answer: (seen) => {
    const run = seen.of('run', 'run');
    if (
      run.end === 'refused' &&
      !isRefused(`${run.code} ${run.message}`) &&
      /Parameter|Approv|Notification/i.test(`${run.code} ${run.message}`)
    )
      return no(`the execution was not taken: ${run.code}: ${quote(run.message)}`);
    const end = endOf(run);
    if ('why' in end) return end.why;
    const { state } = end;
    const approve = stepOf(state, 'Approve');
    if (state.status === 'Success' && stepOf(state, 'Done')?.status === 'Success')
      return yes(`the run succeeded, and step Approve ${howEnded(approve)}`);
    return state.status === 'Failed' && /Approv|Notification|parameter/i.test(state.failure ?? '')
      ? no(`the run failed: ${quote(state.failure ?? '')}`)
      : doubt(`the run ended as ${state.status}${state.failure === null ? '' : `: ${quote(state.failure)}`}`);
  },
};
