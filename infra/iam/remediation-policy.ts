import { OriginGuardError } from '../../core/errors.js';
import { isWriting, type CallStep, type Runbook, type Step } from '../../remediation/runbook/steps.js';
import { EXEMPT_UNTIL_TAG } from '../../rules/alb-sg-cloudfront-only/exemption.js';
import { PLANNER_FUNCTION, REMEDIATION_ROLE, ROLLBACK_PATH } from '../names.js';
import type { Settings } from '../settings.js';
import { globalArn, ownArn, type Grant, type Statement } from './statement.js';

type Chosen = Pick<
  Settings,
  'allowSplit' | 'allowSwap' | 'exemptTagKey' | 'remediation' | 'approvalTopicName' | 'approvalTopicAccountId'
>;

/** What IAM calls the services that a step names. */
const IAM_PREFIX = { ec2: 'ec2', elbv2: 'elasticloadbalancing', ssm: 'ssm' } as const satisfies Record<
  CallStep['service'],
  string
>;

/**
 * What the runbooks' own steps need, and nothing else. A call that no scope is set for stops the rendering.
 *
 * EC2 has no condition for addresses or ports, so what keeps this role from admitting anybody is who may assume it: only
 * Systems Manager Automation, of this account.
 */
export function remediationGrants(runbooks: readonly Runbook[], settings: Chosen): readonly Grant[] {
  const steps = runbooks.flatMap(({ steps: own }) => own);
  const called = new Set(
    steps.flatMap((step) => (step.kind === 'call' ? [`${IAM_PREFIX[step.service]}:${step.api}`] : [])),
  );
  // Only a group that is being made may be tagged.
  if (called.has('ec2:CreateSecurityGroup')) called.add('ec2:CreateTags');
  const statements = [
    ...asking(steps),
    ...calling(steps, settings).flatMap((grant) => {
      const Action = grant.Action.filter((action) => called.has(action));
      return Action.length === 0 ? [] : [{ ...grant, Action }];
    }),
    ...running(steps),
    ...approving(steps, settings),
  ];
  const allowed = new Set(statements.flatMap(({ Action }) => Action));
  const missing = steps.find(
    (step) =>
      step.kind === 'call' &&
      isWriting(step) &&
      !allowed.has(`${IAM_PREFIX[step.service]}:${step.api}`) &&
      !(step.api === 'SetSecurityGroups' && !isDedicated(settings)),
  );
  if (missing !== undefined) {
    throw new OriginGuardError('E9001', `the step ${missing.name} has no statement in infra/iam/remediation-policy.ts`);
  }
  return statements;
}

export const isDedicated = ({ allowSplit, allowSwap }: Pick<Settings, 'allowSplit' | 'allowSwap'>): boolean =>
  allowSplit || allowSwap;

/** No resource that carries the exemption or its date, expired or not. */
const notExempt = (exemptTagKey: string): NonNullable<Statement['Condition']> => ({
  Null: Object.fromEntries(
    [...new Set([exemptTagKey, `${exemptTagKey}-until`, EXEMPT_UNTIL_TAG])].map((key) => [
      `aws:ResourceTag/${key}`,
      'true',
    ]),
  ),
});

const asking = (steps: readonly Step[]): readonly Grant[] =>
  steps.some(({ kind }) => kind === 'ask')
    ? [
        {
          Sid: 'Plan',
          Effect: 'Allow',
          Action: ['lambda:InvokeFunction'],
          Resource: [ownArn('lambda', `function:${PLANNER_FUNCTION}`)],
        },
      ]
    : [];

function calling(steps: readonly Step[], settings: Chosen): readonly Grant[] {
  const group = ownArn('ec2', 'security-group/*');
  return [
    {
      Sid: 'RollbackRecord',
      Effect: 'Allow',
      Action: ['ssm:PutParameter'],
      Resource: [ownArn('ssm', `parameter${ROLLBACK_PATH}/*`)],
      because: 'a record is named after its group and its run',
    },
    {
      Sid: 'EditIngress',
      Effect: 'Allow',
      Action: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
      Resource: [group, ownArn('ec2', 'security-group-rule/*')],
      Condition: notExempt(settings.exemptTagKey),
      because: 'any group of the account that is not exempt may have to be fixed',
    },
    ...(isDedicated(settings) ? dedicated(steps, group, settings) : []),
  ];
}

function dedicated(steps: readonly Step[], group: string, { exemptTagKey }: Chosen): readonly Grant[] {
  return [
    {
      Sid: 'CreateGroupInVpc',
      Effect: 'Allow',
      Action: ['ec2:CreateSecurityGroup'],
      Resource: [ownArn('ec2', 'vpc/*')],
      because: 'a group is made in the VPC of its load balancer, whichever that is',
    },
    {
      Sid: 'CreateGroup',
      Effect: 'Allow',
      Action: ['ec2:CreateSecurityGroup'],
      Resource: [group],
      Condition: { StringEquals: tagsOnCreate(steps) },
      because: 'a group that is made has no id before',
    },
    {
      Sid: 'TagOnCreate',
      Effect: 'Allow',
      Action: ['ec2:CreateTags'],
      Resource: [group],
      Condition: { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } },
      because: 'a group that is made has no id before, and only such a one may be tagged',
    },
    {
      Sid: 'SetGroups',
      Effect: 'Allow',
      Action: ['elasticloadbalancing:SetSecurityGroups'],
      Resource: [ownArn('elasticloadbalancing', 'loadbalancer/app/*/*')],
      Condition: notExempt(exemptTagKey),
      because: 'any load balancer of the account that is not exempt may be given a group of its own',
    },
  ];
}

/** The tags that every step gives a group which it makes, as the condition that asks for them. */
function tagsOnCreate(steps: readonly Step[]): Readonly<Record<string, string>> {
  const step = steps.find((each) => each.kind === 'call' && each.api === 'CreateSecurityGroup') as CallStep | undefined;
  const [specification] = (step?.params['TagSpecifications'] ?? []) as readonly {
    readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
  }[];
  if (specification === undefined) throw new OriginGuardError('E9001', 'no step tags the group that it makes');
  return Object.fromEntries(specification.Tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]));
}

/**
 * A run that starts another one hands its role on.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
 */
function running(steps: readonly Step[]): readonly Grant[] {
  const documents = [...new Set(steps.flatMap((step) => (step.kind === 'run' ? [step.document] : [])))];
  if (documents.length === 0) return [];
  const executions = ownArn('ssm', 'automation-execution/*');
  return [
    {
      Sid: 'StartRollback',
      Effect: 'Allow',
      Action: ['ssm:StartAutomationExecution'],
      Resource: [
        ...documents.flatMap((name) => [
          ownArn('ssm', `document/${name}`),
          ownArn('ssm', `automation-definition/${name}:*`),
        ]),
        executions,
      ],
      because: 'a run has no id before it is started, and any version of the runbook may be',
    },
    {
      Sid: 'WaitForRollback',
      Effect: 'Allow',
      Action: ['ssm:GetAutomationExecution'],
      Resource: [executions],
      because: 'a run has no id before it is started',
    },
    {
      Sid: 'HandOnRole',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: [globalArn('iam', `role/${REMEDIATION_ROLE}-\${AWS::Region}`)],
      Condition: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
    },
  ];
}

function approving(
  steps: readonly Step[],
  { remediation, approvalTopicName, approvalTopicAccountId }: Chosen,
): readonly Grant[] {
  if (remediation !== 'approved' || approvalTopicName === undefined || !steps.some(({ kind }) => kind === 'approve'))
    return [];
  const account = approvalTopicAccountId ?? '${AWS::AccountId}';
  return [
    {
      Sid: 'AskForApproval',
      Effect: 'Allow',
      Action: ['sns:Publish'],
      Resource: [`arn:\${AWS::Partition}:sns:\${AWS::Region}:${account}:${approvalTopicName}`],
    },
  ];
}
