import { remediateRunbook } from '../../../remediation/alb-sg-cloudfront-only/runbook.js';
import type { PlanResult } from '../../../remediation/alb-sg-cloudfront-only/result.js';
import { Fault } from '../../support/runbook/step-failure.js';
import { planResult, scriptedRun, verified, type Answer } from './scripted-run.js';

const GROUP = 'sg-0abc1234';
const given = { SecurityGroupId: GROUP, DryRun: 'false' };

const edit = planResult('plan', {
  decision: 'EDIT',
  fingerprint: 'a.b',
  authorizeNeeded: true,
  fromPort: 443,
  toPort: 443,
  prefixListId: 'pl-0abc',
  revokeRuleIds: ['sgr-1', 'sgr-2'],
  revokeRuleIdsText: 'sgr-1,sgr-2',
  rollbackJson: '{"status":"PLANNED"}',
  revokingJson: '{"status":"REVOKING"}',
  appliedJson: '{"status":"APPLIED"}',
});
const good: Readonly<Record<string, Answer>> = {
  Plan: edit,
  Guard: verified('guard', 'OK'),
  VerifyAuthorized: verified('verifyAuthorized', 'OK'),
  Verify: verified('verify', 'OK'),
};
const dedicated = (fields: Partial<PlanResult>): Readonly<Record<string, Answer>> => ({
  ...good,
  Plan: {
    ...edit,
    loadBalancerArn: 'arn:lb',
    vpcId: 'vpc-1',
    newGroupName: 'origin-guard-1',
    newFromPort: 80,
    newToPort: 80,
    newPrefixListId: 'pl-0abc',
    newGroupName2: 'origin-guard-2',
    newFromPort2: 8080,
    newToPort2: 8080,
    newPrefixListId2: 'pl-0def',
    dedicatedCount: 1,
    ...fields,
  },
  FindDedicated: verified('swapTargets', 'AUTHORIZE', { newGroupId: 'sg-made1', newGroupId2: 'sg-made2' }),
  SwapTargets: verified('swapTargets', 'OK', { desiredSecurityGroups: [GROUP, 'sg-made1'] }),
});

const fix = (answers: Readonly<Record<string, Answer | Error>>, ...rest: readonly [object?, object?]) =>
  scriptedRun(remediateRunbook(), { ...given, ...rest[0] }, answers, rest[1]);

const RECORDED = ['PutParameter'];
const ADMITTED = [...RECORDED, 'AuthorizeSecurityGroupIngress'];
const MARKED = [...ADMITTED, 'PutParameter'];
const UNMARKED = [...MARKED, 'PutParameter'];
const REMOVED = [...MARKED, 'RevokeSecurityGroupIngress'];
const FIXED = [...REMOVED, 'PutParameter'];

test('an edit writes the record, admits, marks the record, removes by ids in one call, and marks it again', async () => {
  const { result, apis, writes } = await fix(good);
  expect(result.status).toBe('Success');
  expect(apis).toEqual(FIXED);
  expect(writes.map(({ params }) => params)).toEqual([
    { Name: `/origin-guard/rollback/${GROUP}/run-1`, Type: 'String', Value: edit.rollbackJson, Overwrite: true },
    {
      GroupId: GROUP,
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: 443,
          ToPort: 443,
          PrefixListIds: [{ PrefixListId: 'pl-0abc', Description: 'OriginGuard run-1' }],
        },
      ],
    },
    { Name: `/origin-guard/rollback/${GROUP}/run-1`, Type: 'String', Value: edit.revokingJson, Overwrite: true },
    { GroupId: GROUP, SecurityGroupRuleIds: ['sgr-1', 'sgr-2'] },
    { Name: `/origin-guard/rollback/${GROUP}/run-1`, Type: 'String', Value: edit.appliedJson, Overwrite: true },
  ]);
});

test('every rule that the plan adds has a step of its own', async () => {
  const Plan = {
    ...edit,
    ...{ authorize2Needed: true, from2: 8080, to2: 8081 },
    ...{ authorizeV6Needed: true, fromV6: 443, toV6: 444, prefixListIdV6: 'pl-0v6' },
    ...{ authorizeV62Needed: true, from2V6: 9080, to2V6: 9081 },
  };
  const { writes } = await fix({ ...good, Plan });
  const added = writes.filter(({ api }) => api === 'AuthorizeSecurityGroupIngress');
  expect(added.map(({ params }) => (params['IpPermissions'] as readonly object[])[0])).toMatchObject([
    { FromPort: 443, ToPort: 443, PrefixListIds: [{ PrefixListId: 'pl-0abc' }] },
    { FromPort: 8080, ToPort: 8081, PrefixListIds: [{ PrefixListId: 'pl-0abc' }] },
    { FromPort: 443, ToPort: 444, PrefixListIds: [{ PrefixListId: 'pl-0v6' }] },
    { FromPort: 9080, ToPort: 9081, PrefixListIds: [{ PrefixListId: 'pl-0v6' }] },
  ]);
});

test('a split makes a group, gives it its rule, attaches it, and then fixes the group itself', async () => {
  const { result, apis, writes } = await fix(dedicated({ decision: 'SPLIT' }));
  expect(result.status).toBe('Success');
  expect(apis).toEqual([
    'PutParameter',
    'CreateSecurityGroup',
    'AuthorizeSecurityGroupIngress',
    'SetSecurityGroups',
    ...FIXED.slice(1),
  ]);
  expect(writes[1]?.params).toMatchObject({ GroupName: 'origin-guard-1', VpcId: 'vpc-1' });
  expect(writes[2]?.params).toMatchObject({
    GroupId: 'sg-made1',
    IpPermissions: [{ FromPort: 80, ToPort: 80, PrefixListIds: [{ PrefixListId: 'pl-0abc' }] }],
  });
  expect(writes[3]?.params).toEqual({ LoadBalancerArn: 'arn:lb', SecurityGroups: [GROUP, 'sg-made1'] });
});

test('a swap leaves the group itself alone', async () => {
  const { result, writes } = await fix(dedicated({ decision: 'SWAP', dedicatedCount: 2 }));
  expect(result.status).toBe('Success');
  expect(writes.map(({ step }) => step)).toEqual([
    'SaveRollback',
    'CreateDedicated',
    'CreateDedicated2',
    'AuthorizeDedicated',
    'AuthorizeDedicated2',
    'SetSecurityGroups',
    'MarkApplied',
  ]);
});

test.each([
  ['there is nothing to do', { Plan: planResult('plan', { decision: 'NOOP' }) }, {}],
  ['it is a dry run', good, { DryRun: 'true' }],
  ['it was fixed since the plan', { ...good, Guard: verified('guard', 'ALREADY_OK') }, {}],
])('a run succeeds and writes nothing when %s', async (_, answers, more) => {
  const { result, apis } = await fix(answers, more);
  expect(result.status).toBe('Success');
  expect(apis).toEqual([]);
});

test('nothing more happens to a group that is found fixed after CloudFront was admitted', async () => {
  const { result, apis } = await fix({ ...good, VerifyAuthorized: verified('verifyAuthorized', 'ALREADY_OK') });
  expect(result.status).toBe('Success');
  expect(apis).toEqual(UNMARKED);
});

const refused = planResult('plan', { decision: 'REFUSE', reasonCode: 'SHARED_SG', summary: 'shared' });
const noAnswer = new Error('no answer');

test.each<readonly [string, Readonly<Record<string, Answer | Error>>, readonly string[], string]>([
  ['the plan is refused', { Plan: refused }, [], 'REFUSED SHARED_SG: shared'],
  [
    'something changed since the plan',
    { ...good, Guard: verified('guard', 'STALE') },
    [],
    'REFUSED STALE: seen: STALE',
  ],
  ['the planner does not answer', { Plan: noAnswer }, [], 'no answer'],
  ['the guard does not answer', { ...good, Guard: noAnswer }, [], 'no answer'],
  [
    'CloudFront is not seen to be admitted',
    { ...good, VerifyAuthorized: verified('verifyAuthorized', 'MISSING') },
    UNMARKED,
    'NOT FIXED MISSING',
  ],
  [
    'nobody can see whether CloudFront is admitted',
    { ...good, VerifyAuthorized: noAnswer },
    UNMARKED,
    'NOT FIXED: the planner did not answer',
  ],
  [
    'nothing was removed',
    { ...good, Verify: verified('verify', 'NOTHING_REVOKED') },
    REMOVED,
    'NOT FIXED NOTHING_REVOKED',
  ],
  ['a source is still open', { ...good, Verify: verified('verify', 'STILL_OPEN') }, REMOVED, 'KEPT STILL_OPEN'],
  ['the outcome cannot be read', { ...good, Verify: verified('verify', 'UNKNOWN') }, REMOVED, 'KEPT UNKNOWN'],
  ['the verifier does not answer', { ...good, Verify: noAnswer }, REMOVED, 'KEPT: the planner did not answer'],
  [
    'a port is lost and nobody wants a rollback',
    { ...good, Verify: verified('verify', 'ROLLBACK') },
    REMOVED,
    'KEPT ROLLBACK',
  ],
])('a run fails and says why when %s', async (_, answers, apis, message) => {
  const run = await fix(answers);
  expect(run.result).toMatchObject({ status: 'Failed', message: expect.stringContaining(message) });
  expect(run.apis).toEqual(apis);
});

test.each(['NOTHING_REVOKED', 'STILL_OPEN'] as const)('a run that ends with %s names its record', async (outcome) => {
  const { result } = await fix({ ...good, Verify: verified('verify', outcome) });
  expect(result.message).toContain(`OriginGuard-Rollback-v1 with SecurityGroupId ${GROUP} and RecordId run-1`);
});

test.each([
  ['ROLLBACK', 'ROLLBACK', true],
  ['UNKNOWN', 'ROLLBACK', false],
  ['STILL_OPEN', 'ROLLBACK', false],
  ['ROLLBACK', 'KEEP', false],
] as const)(
  'an outcome of %s with OnVerifyError=%s starts a rollback: %s',
  async (outcome, OnVerifyError, isStarted) => {
    const { steps } = await fix({ ...good, Verify: verified('verify', outcome) }, { OnVerifyError });
    expect(steps.includes('Rollback')).toBe(isStarted);
  },
);

test('a failed look at the outcome never starts a rollback', async () => {
  const { steps } = await fix({ ...good, Verify: noAnswer }, { OnVerifyError: 'ROLLBACK' });
  expect(steps).not.toContain('Rollback');
});

test('a rollback that fails says how to try again', async () => {
  const { result } = await fix({ ...good, Verify: verified('verify', 'ROLLBACK') }, { OnVerifyError: 'ROLLBACK' });
  expect(result.message).toContain('the rollback failed; to undo it, run OriginGuard-Rollback-v1');
});

test('without a record nothing changes', async () => {
  const { result, steps } = await fix(good, {}, { failing: ['SaveRollback'] });
  expect(result.status).toBe('Failed');
  expect(steps.at(-1)).toBe('SaveRollback');
});

test('nothing comes between the last look and the removal', async () => {
  const { steps } = await fix(good);
  expect(steps.slice(steps.indexOf('VerifyAuthorized'), steps.indexOf('Revoke') + 1)).toEqual([
    'VerifyAuthorized',
    'AuthorizedOk',
    'Revoke',
  ]);
});

test('nothing goes unless the record says that it may be gone', async () => {
  const { result, apis } = await fix(good, {}, { failing: ['MarkRevoking'] });
  expect(result).toMatchObject({ status: 'Failed', message: expect.stringContaining('nothing was removed') });
  expect(apis).toEqual(MARKED);
});

test('a run that removes nothing takes the mark off the record, and fails the same when that fails', async () => {
  const missing = { ...good, VerifyAuthorized: verified('verifyAuthorized', 'MISSING') };
  const { writes } = await fix(missing);
  expect(writes.at(-1)).toMatchObject({ step: 'Unmark', params: { Value: edit.rollbackJson } });
  const { result } = await fix(missing, {}, { failing: ['Unmark'] });
  expect(result.message).toContain('NOT FIXED MISSING');
});

test('a rule that is there already does not stop the run', async () => {
  const { result, apis } = await fix(good, {}, { failing: ['Authorize'] });
  expect(result.status).toBe('Success');
  expect(apis).toEqual(FIXED);
});

test('a failed removal is looked at', async () => {
  const { steps } = await fix({ ...good, Verify: verified('verify', 'NOTHING_REVOKED') }, {}, { failing: ['Revoke'] });
  expect(steps.slice(-4)).toEqual(['Revoke', 'Verify', 'VerifyOk', 'NothingRevoked']);
});

test('a group that is fixed counts as fixed although its record cannot be marked', async () => {
  expect((await fix(good, {}, { failing: ['MarkApplied'] })).result.status).toBe('Success');
});

test('a person is asked when the run is told to', async () => {
  const { steps } = await fix(good, { RequireApproval: 'true', Approvers: ['role'], NotificationTopicArn: 'topic' });
  expect(steps.slice(0, 5)).toEqual(['Plan', 'Decide', 'NeedApproval', 'Approve', 'Guard']);
});

test.each([
  ['FOREIGN_GROUP', 'NOT FIXED FOREIGN_GROUP'],
  ['UNKNOWN', 'NOT FIXED UNKNOWN'],
] as const)('groups that are found %s get no rule and are not attached', async (outcome, message) => {
  const answers = { ...dedicated({ decision: 'SPLIT' }), FindDedicated: verified('swapTargets', outcome) };
  const { result, apis } = await fix(answers);
  expect(result.message).toContain(message);
  expect(apis).toEqual(['PutParameter', 'CreateSecurityGroup']);
});

test.each<readonly [string, Answer | Error]>([
  ['NOT FIXED STALE', verified('swapTargets', 'STALE')],
  ['NOT FIXED AUTHORIZE', verified('swapTargets', 'AUTHORIZE')],
  ['NOT FIXED: the planner did not answer', noAnswer],
])('groups that are not seen to be ready are not attached: %s', async (message, SwapTargets) => {
  const { result, apis } = await fix({ ...dedicated({ decision: 'SPLIT' }), SwapTargets });
  expect(result.message).toContain(message);
  expect(apis).not.toContain('SetSecurityGroups');
});

test('groups from an earlier run are used again', async () => {
  const failing = ['CreateDedicated', 'AuthorizeDedicated'];
  const answers = { ...dedicated({ decision: 'SWAP' }), FindDedicated: verified('swapTargets', 'OK') };
  expect((await fix(answers, {}, { failing })).result.status).toBe('Success');
});

const cancelAt = (step: string) => ({
  hooks: {
    at: (name: string, moment: string) => {
      if (name === step && moment === 'after') throw new Fault('cancel');
    },
  },
});

test.each([
  ['a removal', 'Revoke', good, 'Verify'],
  ['a swap', 'SetSecurityGroups', dedicated({ decision: 'SWAP' }), 'Verify'],
  ['a split', 'SetSecurityGroups', dedicated({ decision: 'SPLIT' }), 'AttachedOnly'],
])('a person who cancels during %s ends the run, and nothing more is removed', async (_, step, answers, then) => {
  const { result, steps, apis } = await fix(answers, {}, cancelAt(step));
  expect(result.status).toBe('Cancelled');
  const after = steps.slice(steps.indexOf(step) + 1);
  expect(after).toContain(then);
  expect(after).not.toContain('Revoke');
  expect(apis.filter((api) => api === 'RevokeSecurityGroupIngress').length).toBe(step === 'Revoke' ? 1 : 0);
});
