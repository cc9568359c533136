import { REMEDIES, RUNBOOKS } from '../../../remediation/registry.js';
import {
  DEFAULT_REMEDIATE,
  REMEDIATE_DOCUMENT,
  remediateRunbook,
} from '../../../remediation/alb-sg-cloudfront-only/runbook.js';
import { ROLLBACK_DOCUMENT, rollbackRunbook } from '../../../remediation/alb-sg-cloudfront-only/rollback-runbook.js';
import { parsePlannerRequest } from '../../../remediation/alb-sg-cloudfront-only/request.js';
import { noopResult, toVerifyResult } from '../../../remediation/alb-sg-cloudfront-only/to-result.js';
import { checkRunbook } from '../../../remediation/runbook/check.js';
import { renderRunbook } from '../../../remediation/runbook/render.js';
import { isWriting, type AskStep, type CallStep, type Runbook } from '../../../remediation/runbook/steps.js';
import { select } from '../../support/runbook/selector.js';
import { parseDocument } from '../../support/runbook/document.js';

const withoutGroups = remediateRunbook({ ...DEFAULT_REMEDIATE, dedicated: false });
const all: readonly (readonly [string, Runbook])[] = [
  [REMEDIATE_DOCUMENT, remediateRunbook()],
  [`${REMEDIATE_DOCUMENT} without split and swap`, withoutGroups],
  [ROLLBACK_DOCUMENT, rollbackRunbook()],
];

const writesOf = ({ steps }: Runbook): readonly string[] => [
  ...new Set(steps.filter(isWriting).map((step) => `${(step as CallStep).service}:${(step as CallStep).api}`)),
];

describe.each(all)('%s', (_, runbook) => {
  it('passes every check, and takes less than 64 KB', () => {
    expect(checkRunbook(runbook)).toEqual([]);
    expect(JSON.stringify(renderRunbook(runbook)).length).toBeLessThan(65_536);
  });

  it('is a document that the interpreter takes', () => {
    expect(parseDocument(renderRunbook(runbook)).mainSteps).toHaveLength(runbook.steps.length);
  });

  it('is rendered to the same bytes every time', () => {
    expect(JSON.stringify(renderRunbook(runbook))).toBe(JSON.stringify(renderRunbook(runbook)));
  });

  it('every output that a question declares is in the answer, with its type', () => {
    for (const step of runbook.steps.filter((each): each is AskStep => each.kind === 'ask')) {
      const { mode = '' } = step.payload;
      const answer =
        mode === 'plan' || mode === 'rollback'
          ? noopResult(mode, 'sg-0', 'COMPLIANT', 'because')
          : toVerifyResult(mode as 'guard', { outcome: 'OK', detail: '' });
      for (const { name, selector, type } of step.outputs) {
        const found = select(selector, answer);
        const kind = Array.isArray(found)
          ? 'StringList'
          : { string: 'String', number: 'Integer', boolean: 'Boolean' }[typeof found as 'string'];
        expect([step.name, name, kind]).toEqual([step.name, name, type]);
      }
    }
  });

  it('every question is one that the planner takes', () => {
    const values: Readonly<Record<string, string>> = {
      SecurityGroupId: 'sg-0abc1234',
      RecordId: 'run-1',
      'automation:EXECUTION_ID': 'run-1',
      'Plan.decision': 'EDIT',
      'Plan.fingerprint': 'a.b',
      StartedBy: 'CONFIG',
    };
    const flag = /^(?:AllowSplit|AllowSwap|RequireApproval|RevokePrivateSources|RevokeSecurityGroupSources)$/;
    for (const { payload } of runbook.steps.filter((each): each is AskStep => each.kind === 'ask')) {
      const filled = Object.fromEntries(
        Object.entries(payload).map(([key, text]) => [
          key,
          text.replace(/^\{\{(.+)\}\}$/, (_whole, name: string) => (flag.test(name) ? 'false' : (values[name] ?? ''))),
        ]),
      );
      expect(parsePlannerRequest(filled)).toMatchObject({ mode: payload['mode'] });
    }
  });
});

it('the fixer writes by these operations and no other', () => {
  expect(writesOf(remediateRunbook())).toEqual([
    'ssm:PutParameter',
    'ec2:CreateSecurityGroup',
    'ec2:AuthorizeSecurityGroupIngress',
    'elbv2:SetSecurityGroups',
    'ec2:RevokeSecurityGroupIngress',
  ]);
});

it('without split and swap it neither makes groups nor attaches any, and cannot be told to', () => {
  expect(writesOf(withoutGroups)).toEqual([
    'ssm:PutParameter',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:RevokeSecurityGroupIngress',
  ]);
  expect(Object.keys(withoutGroups.parameters)).not.toContain('AllowSplit');
  expect(Object.keys(withoutGroups.parameters)).not.toContain('AllowSwap');
});

it('the rollback writes by these operations and no other, and takes no rule from its caller', () => {
  expect(writesOf(rollbackRunbook())).toEqual([
    'ec2:AuthorizeSecurityGroupIngress',
    'elbv2:SetSecurityGroups',
    'ec2:RevokeSecurityGroupIngress',
    'ssm:PutParameter',
  ]);
  expect(Object.keys(rollbackRunbook().parameters).sort()).toEqual([
    'Approvers',
    'AutomationAssumeRole',
    'NotificationTopicArn',
    'RecordId',
    'RequireApproval',
    'SecurityGroupId',
  ]);
});

it('a dry run is the default', () => {
  expect(remediateRunbook().parameters['DryRun']).toMatchObject({ default: 'true' });
});

it('both runbooks are registered', () => {
  expect(REMEDIES['alb-sg-cloudfront-only']).toMatchObject({ kind: 'runbook' });
  expect(RUNBOOKS.map(({ name }) => name)).toEqual([REMEDIATE_DOCUMENT, ROLLBACK_DOCUMENT]);
});
