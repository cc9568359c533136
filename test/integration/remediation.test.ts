import type { IpPermission } from '@aws-sdk/client-ec2';
import {
  admit,
  awsPrefixList,
  buildEnvironment,
  CLOUDFRONT_LIST,
  FROM_ANYWHERE,
  given,
  httpFrom,
  revoke,
} from './support/article-environment.js';
import { rulesOf } from './support/fixer-world.js';
import { ingressOf, recordsOf } from './support/runbook-reads.js';
import { nextRun, startRunbookRig, type RunbookRig } from './support/runbook-rig.js';
import { useMoto } from './support/world.js';

// The runbooks over moto: an interpreter of ours takes the steps, the SDK makes the calls, and the planner is the bundle.
// moto makes no network interface for a load balancer: `addInterface` does.

const world = useMoto();
let rig: RunbookRig;
afterEach(async () => {
  await rig.stop();
});

const OFFICE: IpPermission = httpFrom({ IpRanges: [{ CidrIp: '192.0.2.0/24', Description: 'partner' }] });

async function start(
  ingress: (list: string) => readonly IpPermission[] = () => [FROM_ANYWHERE],
  settings: Readonly<Record<string, string>> = {},
) {
  rig = await startRunbookRig(world, settings);
  const list = await awsPrefixList(rig.clients, CLOUDFRONT_LIST);
  const environment = { ...(await buildEnvironment(rig.clients, { ingress: ingress(list) })), list };
  await rig.addInterface(environment);
  return environment;
}

test("the article's group is fixed, found fixed, and given back as it was", async () => {
  const { groupId, list } = await start();
  const executionId = nextRun();

  expect(await rig.fix(groupId, {}, { executionId })).toMatchObject({ status: 'Success' });
  expect(rig.writes()).toEqual([
    'PutParameter',
    'AuthorizeSecurityGroupIngress',
    'PutParameter',
    'RevokeSecurityGroupIngress',
    'PutParameter',
  ]);
  expect(await ingressOf(rig, groupId)).toEqual([`80 ${list} OriginGuard ${executionId}`]);
  expect(await recordsOf(rig, groupId)).toEqual({ [executionId]: 'APPLIED' });

  rig.proxy.forget();
  expect(await rig.fix(groupId, {}, { executionId: nextRun() })).toMatchObject({ status: 'Success' });
  expect(rig.writes()).toEqual([]);

  expect(await rig.undo(groupId, executionId)).toMatchObject({ status: 'Success' });
  expect(await ingressOf(rig, groupId)).toEqual([`80 0.0.0.0/0 restored by OriginGuard ${executionId}`]);
  expect(await recordsOf(rig, groupId)).toEqual({ [executionId]: 'UNDONE' });
  rig.proxy.forget();
  expect(await rig.undo(groupId, executionId)).toMatchObject({ status: 'Success' });
  expect(rig.writes()).toEqual(['PutParameter']);
});

test('what a person closed since is not opened by undoing the same run again', async () => {
  const { groupId } = await start();
  const executionId = nextRun();
  await rig.fix(groupId, {}, { executionId });
  expect(await rig.undo(groupId, executionId)).toMatchObject({ status: 'Success' });
  const [open] = await rulesOf(rig.clients, groupId);
  await revoke(rig.clients, groupId, [given(open?.SecurityGroupRuleId)]);
  rig.proxy.forget();
  expect(await rig.undo(groupId, executionId)).toMatchObject({
    status: 'Failed',
    message: expect.stringMatching(/^REFUSED CHANGED_SINCE: /) as string,
  });
  expect(rig.writes()).toEqual([]);
  expect(await ingressOf(rig, groupId)).toEqual([]);
});

test('a plan for it takes at most nine calls', async () => {
  const { groupId } = await start();
  rig.proxy.forget();
  const plan = await rig.ask({ mode: 'plan', securityGroupId: groupId, executionId: nextRun() });
  expect(plan).toMatchObject({ decision: 'EDIT' });
  expect(rig.proxy.recorded().map(({ operation }) => operation)).toHaveLength(9);
});

test('only what is public goes from a permission that holds the prefix list too, and what the parameters allow stays', async () => {
  const both = (list: string) =>
    httpFrom({
      IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'everybody, for now' }],
      PrefixListIds: [{ PrefixListId: list }],
    });
  const { groupId, list } = await start((edge) => [both(edge), OFFICE], {
    RULE_PARAMETERS: '{"allowedCidrs":"192.0.2.0/24"}',
  });
  const before = await ingressOf(rig, groupId);
  const executionId = nextRun();

  expect(await rig.fix(groupId, {}, { executionId })).toMatchObject({ status: 'Success' });
  expect(await ingressOf(rig, groupId)).toEqual([`80 ${list}`, '80 192.0.2.0/24 partner'].sort());
  expect(rig.writes()).not.toContain('AuthorizeSecurityGroupIngress');

  expect(await rig.undo(groupId, executionId)).toMatchObject({ status: 'Success' });
  expect(await ingressOf(rig, groupId)).toEqual(before);
});

test('a third fix within a day is refused: somebody keeps opening the group', async () => {
  const { groupId } = await start();
  for (let at = 0; at < 2; at += 1) {
    expect(await rig.fix(groupId, {}, { executionId: nextRun() })).toMatchObject({ status: 'Success' });
    await admit(rig.clients, groupId, FROM_ANYWHERE);
  }
  rig.proxy.forget();
  expect(await rig.fix(groupId, {}, { executionId: nextRun() })).toMatchObject({
    status: 'Failed',
    message: expect.stringContaining('REFUSED FLAP_DETECTED') as string,
  });
  expect(rig.writes()).toEqual([]);
});
