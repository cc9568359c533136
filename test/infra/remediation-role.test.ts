import { remediationGrants } from '../../infra/iam/remediation-policy.js';
import { rolePolicies } from '../../infra/iam/policies.js';
import { automationTrust } from '../../infra/iam/trust.js';
import { memberRunbooks } from '../../infra/member/runbooks.js';
import type { CallStep, Runbook } from '../../remediation/runbook/steps.js';
import { APPROVED, settingsOf } from './support.js';

const own = (service: string, resource: string) =>
  `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;
const policyOf = (given: Readonly<Record<string, unknown>> = {}) =>
  rolePolicies(settingsOf(given))['OriginGuardRemediation']?.Statement ?? [];
const NOT_EXEMPT = {
  Null: { 'aws:ResourceTag/origin-guard:exempt': 'true', 'aws:ResourceTag/origin-guard:exempt-until': 'true' },
};

const ALWAYS = [
  {
    Sid: 'Plan',
    Effect: 'Allow',
    Action: ['lambda:InvokeFunction'],
    Resource: [own('lambda', 'function:OriginGuardPlanner')],
  },
  {
    Sid: 'RollbackRecord',
    Effect: 'Allow',
    Action: ['ssm:PutParameter'],
    Resource: [own('ssm', 'parameter/origin-guard/rollback/*')],
  },
  {
    Sid: 'EditIngress',
    Effect: 'Allow',
    Action: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
    Resource: [own('ec2', 'security-group/*'), own('ec2', 'security-group-rule/*')],
    Condition: NOT_EXEMPT,
  },
];
const RUNNING = [
  {
    Sid: 'StartRollback',
    Effect: 'Allow',
    Action: ['ssm:StartAutomationExecution'],
    Resource: [
      own('ssm', 'document/OriginGuard-Rollback-v1'),
      own('ssm', 'automation-definition/OriginGuard-Rollback-v1:*'),
      own('ssm', 'automation-execution/*'),
    ],
  },
  {
    Sid: 'WaitForRollback',
    Effect: 'Allow',
    Action: ['ssm:GetAutomationExecution'],
    Resource: [own('ssm', 'automation-execution/*')],
  },
  {
    Sid: 'HandOnRole',
    Effect: 'Allow',
    Action: ['iam:PassRole'],
    Resource: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:role/OriginGuardRemediation-${AWS::Region}'],
    Condition: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
  },
];

it('without splits and swaps: ask, write down, edit the rules of a group that is not exempt, and undo', () => {
  expect(policyOf()).toEqual([...ALWAYS, ...RUNNING]);
});

it.each([{ allowSplit: true }, { allowSwap: true }])(
  'with %j also: make groups, mark them, give them to a load balancer',
  (given) => {
    expect(policyOf(given)).toEqual([
      ...ALWAYS,
      {
        Sid: 'CreateGroupInVpc',
        Effect: 'Allow',
        Action: ['ec2:CreateSecurityGroup'],
        Resource: [own('ec2', 'vpc/*')],
      },
      {
        Sid: 'CreateGroup',
        Effect: 'Allow',
        Action: ['ec2:CreateSecurityGroup'],
        Resource: [own('ec2', 'security-group/*')],
        Condition: { StringEquals: { 'aws:RequestTag/origin-guard:managed': 'true' } },
      },
      {
        Sid: 'TagOnCreate',
        Effect: 'Allow',
        Action: ['ec2:CreateTags'],
        Resource: [own('ec2', 'security-group/*')],
        Condition: { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } },
      },
      {
        Sid: 'SetGroups',
        Effect: 'Allow',
        Action: ['elasticloadbalancing:SetSecurityGroups'],
        Resource: [own('elasticloadbalancing', 'loadbalancer/app/*/*')],
        Condition: NOT_EXEMPT,
      },
      ...RUNNING,
    ]);
  },
);

it('under approved also: tell the one topic', () => {
  expect(policyOf(APPROVED)).toEqual([
    ...ALWAYS,
    ...RUNNING,
    {
      Sid: 'AskForApproval',
      Effect: 'Allow',
      Action: ['sns:Publish'],
      Resource: [own('sns', 'AutomationApprovals')],
    },
  ]);
  expect(policyOf({ ...APPROVED, approvalTopicAccountId: '777788889999' }).at(-1)?.Resource).toEqual([
    'arn:${AWS::Partition}:sns:${AWS::Region}:777788889999:AutomationApprovals',
  ]);
});

it('another exempt tag denies with its date, and the usual date tag denies all the same', () => {
  const edit = policyOf({ exemptTagKey: 'acme:open' }).find(({ Sid }) => Sid === 'EditIngress');
  expect(edit?.Condition).toEqual({
    Null: {
      'aws:ResourceTag/acme:open': 'true',
      'aws:ResourceTag/acme:open-until': 'true',
      'aws:ResourceTag/origin-guard:exempt-until': 'true',
    },
  });
});

it('only a run of Automation in this account takes the role', () => {
  expect(automationTrust()).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'ssm.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '${AWS::AccountId}' },
          ArnLike: { 'aws:SourceArn': 'arn:${AWS::Partition}:ssm:*:${AWS::AccountId}:automation-execution/*' },
        },
      },
    ],
  });
});

describe('the policy follows the steps', () => {
  const [fixer, rollback] = memberRunbooks(settingsOf()) as [Runbook, Runbook];
  const sidsOf = (runbooks: readonly Runbook[]) => remediationGrants(runbooks, settingsOf()).map(({ Sid }) => Sid);
  const without = (runbook: Runbook, isGone: (step: Runbook['steps'][number]) => boolean): Runbook => ({
    ...runbook,
    steps: runbook.steps.filter((step) => !isGone(step)),
  });

  it('no step that starts another run: no right to start one', () => {
    const gone = [without(fixer, ({ kind }) => kind === 'run'), rollback];
    expect(sidsOf(gone)).toEqual(['Plan', 'RollbackRecord', 'EditIngress']);
  });

  it('no step that writes a record: no right to write one', () => {
    const writes = (step: Runbook['steps'][number]) => step.kind === 'call' && step.service === 'ssm';
    expect(sidsOf([without(fixer, writes), without(rollback, writes)])).not.toContain('RollbackRecord');
  });

  it('no step that removes rules: no right to remove any', () => {
    const removes = (step: Runbook['steps'][number]) => step.kind === 'call' && step.api.startsWith('Revoke');
    const grants = remediationGrants([without(fixer, removes), without(rollback, removes)], settingsOf());
    expect(grants.find(({ Sid }) => Sid === 'EditIngress')?.Action).toEqual(['ec2:AuthorizeSecurityGroupIngress']);
  });

  it('a step whose call nobody has allowed stops the rendering', () => {
    const step: CallStep = {
      kind: 'call',
      name: 'DeleteIt',
      says: 'Deletes it.',
      service: 'ec2',
      api: 'DeleteSecurityGroup',
      params: {},
      outputs: [],
    };
    expect(() => sidsOf([{ ...fixer, steps: [...fixer.steps, step] }, rollback])).toThrow(
      'E9001: the step DeleteIt has no statement in infra/iam/remediation-policy.ts',
    );
  });
});
