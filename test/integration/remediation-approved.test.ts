import {
  awsPrefixList,
  buildEnvironment,
  CLOUDFRONT_LIST,
  FROM_ANYWHERE,
  given,
  revoke,
} from './support/article-environment.js';
import { rulesOf } from './support/fixer-world.js';
import { ingressOf, recordsOf } from './support/runbook-reads.js';
import { nextRun, useRunbookRig } from './support/runbook-rig.js';
import { useMoto } from './support/world.js';

// A person approves the run, and another one takes away in the middle of it what it gave: the run undoes itself.

const world = useMoto();
const rig = useRunbookRig(world);

test('an approved run that sees CloudFront locked out hands over to the rollback', async () => {
  const { groupId, ...rest } = await buildEnvironment(rig.clients, { ingress: [FROM_ANYWHERE] });
  await rig.addInterface({ groupId, ...rest });
  const list = await awsPrefixList(rig.clients, CLOUDFRONT_LIST);
  const lockOut = async (): Promise<void> => {
    const rules = await rulesOf(rig.clients, groupId);
    await revoke(rig.clients, groupId, [
      given(rules.find(({ PrefixListId }) => PrefixListId === list)?.SecurityGroupRuleId),
    ]);
  };
  const executionId = nextRun();
  const parameters = {
    RequireApproval: 'true',
    Approvers: ['arn:aws:iam::123456789012:role/Approver'],
    NotificationTopicArn: 'arn:aws:sns:us-east-1:123456789012:AutomationApprovals',
    OnVerifyError: 'ROLLBACK',
  };
  const ended = await rig.fix(groupId, parameters, {
    executionId,
    hooks: { between: (upcoming) => (upcoming === 'Verify' ? lockOut() : undefined) },
  });

  expect(ended.steps.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Approve', 'Revoke', 'Verify', 'Rollback']),
  );
  expect(ended.message).toMatch(/ROLLED BACK/i);
  expect(await ingressOf(rig, groupId)).toEqual([`80 0.0.0.0/0 restored by OriginGuard ${executionId}`]);
  expect(await recordsOf(rig, groupId)).toEqual({ [executionId]: 'UNDONE' });
});
