import { RESTORE_SLOTS, type PlanResult } from '../../../remediation/alb-sg-cloudfront-only/result.js';
import { rollbackRunbook } from '../../../remediation/alb-sg-cloudfront-only/rollback-runbook.js';
import { Fault } from '../../support/runbook/step-failure.js';
import { planResult, scriptedRun, type Answer } from './scripted-run.js';

const GROUP = 'sg-0abc1234';
const slots = (kind: keyof typeof RESTORE_SLOTS): PlanResult['restore']['cidrIpv4'] =>
  Array.from({ length: RESTORE_SLOTS[kind] }, (_, at) => ({
    protocol: 'tcp',
    fromPort: at,
    toPort: at,
    source: `${kind}-${String(at)}`,
    description: `rule ${String(at)}`,
  }));
const NONE = { cidrIpv4: 0, cidrIpv6: 0, prefixList: 0, securityGroup: 0 };

const left = (fields: Partial<PlanResult>): PlanResult =>
  planResult('rollback', {
    decision: 'EDIT',
    restoreCounts: NONE,
    restore: {
      cidrIpv4: slots('cidrIpv4'),
      cidrIpv6: slots('cidrIpv6'),
      prefixList: slots('prefixList'),
      securityGroup: slots('securityGroup'),
    },
    summary: 'what is left',
    ...fields,
  });
const removable = left({ revokeNeeded: true, revokeRuleIds: ['sgr-9'] });
const restored = planResult('rollback', { decision: 'NOOP', reasonCode: 'RESTORED' });

const good: Readonly<Record<string, Answer>> = {
  PlanRollback: left({ restoreCounts: { ...NONE, cidrIpv4: 2 }, restoreLeft: 2, revokeNeeded: true }),
  VerifyRules: removable,
  VerifyRestored: removable,
};
const moved = left({
  decision: 'SWAP',
  groupsLeft: 1,
  loadBalancerArn: 'arn:lb',
  originalSecurityGroups: [GROUP, 'sg-other'],
});

const undo = (answers: Readonly<Record<string, Answer | Error>>, ...rest: readonly [object?, object?]) =>
  scriptedRun(rollbackRunbook(), { SecurityGroupId: GROUP, RecordId: 'run-0', ...rest[0] }, answers, rest[1]);

test('rules come back one by one, then the added ones go', async () => {
  const { result, writes, asked } = await undo(good);
  expect(result.status).toBe('Success');
  expect(writes.map(({ step }) => step)).toEqual(['RestoreIpv42', 'RestoreIpv41', 'RemoveAdded', 'MarkUndone']);
  expect(writes[1]?.params).toEqual({
    GroupId: GROUP,
    IpPermissions: [
      { IpProtocol: 'tcp', FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: 'cidrIpv4-0', Description: 'rule 0' }] },
    ],
  });
  expect(writes[2]?.params).toEqual({ GroupId: GROUP, SecurityGroupRuleIds: ['sgr-9'] });
  const question = { mode: 'rollback', securityGroupId: GROUP, recordId: 'run-0' };
  expect(asked).toEqual(['plan', 'rules', 'groups'].map((phase) => ({ ...question, phase })));
});

test.each([
  ['cidrIpv4', 'IpRanges', 'CidrIp'],
  ['cidrIpv6', 'Ipv6Ranges', 'CidrIpv6'],
  ['prefixList', 'PrefixListIds', 'PrefixListId'],
  ['securityGroup', 'UserIdGroupPairs', 'GroupId'],
] as const)('as many rules of kind %s come back as there are, each of its own slot', async (kind, member, key) => {
  for (let count = 0; count <= RESTORE_SLOTS[kind]; count += 1) {
    const answers = { ...good, PlanRollback: left({ restoreCounts: { ...NONE, [kind]: count } }) };
    const { writes } = await undo(answers);
    const sources = writes
      .filter(({ api }) => api === 'AuthorizeSecurityGroupIngress')
      .map(({ params }) => (params['IpPermissions'] as readonly Record<string, readonly Record<string, string>[]>[])[0])
      .map((permission) => permission?.[member]?.[0]?.[key]);
    expect(sources.sort()).toEqual(Array.from({ length: count }, (_, at) => `${kind}-${String(at)}`).sort());
  }
});

test('rules of every kind come back in one run, all slots full', async () => {
  const { writes } = await undo({ ...good, PlanRollback: left({ restoreCounts: RESTORE_SLOTS }) });
  const all = Object.values(RESTORE_SLOTS).reduce((sum, count) => sum + count, 0);
  expect(writes.filter(({ api }) => api === 'AuthorizeSecurityGroupIngress')).toHaveLength(all);
});

test('a rule that is there already does not stop the others', async () => {
  const { result, apis } = await undo(good, {}, { failing: ['RestoreIpv42'] });
  expect(result.status).toBe('Success');
  expect(apis).toHaveLength(4);
});

test('a load balancer gets its groups back after the rules are seen', async () => {
  const { result, writes, steps } = await undo({ PlanRollback: moved, VerifyRules: moved, VerifyRestored: restored });
  expect(result.status).toBe('Success');
  expect(writes.slice(0, -1).map(({ params }) => params)).toEqual([
    { LoadBalancerArn: 'arn:lb', SecurityGroups: [GROUP, 'sg-other'] },
  ]);
  expect(steps.indexOf('VerifyRules')).toBeLessThan(steps.indexOf('SetSecurityGroups'));
});

test('a run that added nothing has nothing removed', async () => {
  const { result, apis } = await undo({ ...good, VerifyRestored: left({ revokeNeeded: false }) });
  expect(result.status).toBe('Success');
  expect(apis).not.toContain('RevokeSecurityGroupIngress');
});

test('a run that is undone already has nothing more done but its record marked', async () => {
  const { result, apis } = await undo({ PlanRollback: restored });
  expect(result.status).toBe('Success');
  expect(apis).toEqual(['PutParameter']);
});

const refused = planResult('rollback', { decision: 'REFUSE', reasonCode: 'RECORD_NOT_FOUND', summary: 'no record' });
const noAnswer = new Error('no answer');
const RESTORED = ['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupIngress'];

test.each<readonly [string, Readonly<Record<string, Answer | Error>>, readonly string[], string]>([
  ['the record is not there', { PlanRollback: refused }, [], 'REFUSED RECORD_NOT_FOUND: no record'],
  ['the planner does not answer', { PlanRollback: noAnswer }, [], 'no answer'],
  ['a rule is missing', { ...good, VerifyRules: left({ restoreLeft: 1 }) }, RESTORED, 'NOT RESTORED: what is left'],
  ['the group changed meanwhile', { ...good, VerifyRules: refused }, RESTORED, 'NOT RESTORED: no record'],
  ['nobody can see the rules', { ...good, VerifyRules: noAnswer }, RESTORED, 'the planner did not answer'],
  [
    'a rule is gone again',
    { ...good, VerifyRestored: left({ restoreLeft: 1 }) },
    RESTORED,
    'NOT RESTORED: what is left',
  ],
  [
    'the groups are not back',
    { ...good, VerifyRestored: left({ groupsLeft: 1 }) },
    RESTORED,
    'NOT RESTORED: what is left',
  ],
  ['the group changed at last', { ...good, VerifyRestored: refused }, RESTORED, 'NOT RESTORED: no record'],
  ['nobody can see the end', { ...good, VerifyRestored: noAnswer }, RESTORED, 'the planner did not answer'],
])('a rollback fails, removes nothing and says why when %s', async (_, answers, apis, message) => {
  const run = await undo(answers);
  expect(run.result).toMatchObject({ status: 'Failed', message: expect.stringContaining(message) });
  expect(run.apis).toEqual(apis);
});

test('added rules that may still be there are said to be', async () => {
  const { result } = await undo(good, {}, { failing: ['RemoveAdded'] });
  expect(result.message).toContain(
    'the rules that the run added may still be there; run this again with RecordId run-0',
  );
});

const asking = { RequireApproval: 'true', Approvers: ['role'], NotificationTopicArn: 'topic' };
const preview = left({ restoreCounts: { ...NONE, cidrIpv4: 5 } });

test('a person is asked when the run is told to, and what is left is asked again after that', async () => {
  const { steps, writes } = await undo({ ...good, Preview: preview }, asking);
  expect(steps.slice(0, 6)).toEqual(['NeedApproval', 'Preview', 'WorthAsking', 'Approve', 'PlanRollback', 'Decide']);
  expect(writes.map(({ step }) => step)).toEqual(['RestoreIpv42', 'RestoreIpv41', 'RemoveAdded', 'MarkUndone']);
});

test('a group that changed while a person thought it over is left alone', async () => {
  const { result, apis } = await undo({ ...good, Preview: preview, PlanRollback: refused }, asking);
  expect(result).toMatchObject({ status: 'Failed', message: expect.stringContaining('REFUSED RECORD_NOT_FOUND') });
  expect(apis).toEqual([]);
});

test.each([
  ['there is nothing to undo', restored, 'Success'],
  ['it is refused anyway', refused, 'Failed'],
])('nobody is asked when %s', async (_, Preview, status) => {
  const { result, steps } = await undo({ ...good, Preview }, asking);
  expect(result.status).toBe(status);
  expect(steps).not.toContain('Approve');
});

test('a person who cancels while the groups are given back has nothing removed', async () => {
  const hooks = {
    at: (step: string, moment: string) => {
      if (step === 'SetSecurityGroups' && moment === 'after') throw new Fault('cancel');
    },
  };
  const { result, apis } = await undo({ PlanRollback: moved, VerifyRules: moved }, {}, { hooks });
  expect(result.status).toBe('Cancelled');
  expect(apis).toEqual(['SetSecurityGroups']);
});

test.each(['../other', 'a/b', '', 'x'.repeat(65)])('record id %p is not taken', async (RecordId) => {
  await expect(undo(good, { RecordId })).rejects.toThrow('RecordId');
});

test('a record that cannot be marked as undone is told', async () => {
  const { result } = await undo(good, {}, { failing: ['MarkUndone'] });
  expect([result.status, result.message]).toEqual(['Failed', expect.stringMatching(/^RESTORED, but the record/)]);
});
