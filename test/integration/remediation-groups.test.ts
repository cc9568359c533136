import {
  addInstance,
  addTarget,
  addUnfronted,
  buildTwoPorts,
  madeGroups,
  verdictOf,
  type Fronted,
} from './support/fixer-world.js';
import { groupsOf, ingressOf, recordsOf } from './support/runbook-reads.js';
import { nextRun, useRunbookRig } from './support/runbook-rig.js';
import { useMoto } from './support/world.js';

// What one group cannot hold, and what more than one thing uses. moto counts no rule against a quota: the planner does.
// The interfaces of a load balancer get its groups only because the rig sees to it: moto makes none for it.

const world = useMoto();
const rig = useRunbookRig(world);
let built: Fronted;
beforeEach(async () => {
  built = await buildTwoPorts(rig.clients);
  await rig.addInterface(built);
});

const OPEN = ['443 0.0.0.0/0', '80 0.0.0.0/0'];

test('a group that does not hold both ports is split only when allowed, is then compliant with what stands beside it, needs nothing, and is split again with the same group', async () => {
  const { groupId, loadBalancerArn, list } = built;
  const split = (executionId: string) => rig.fix(groupId, { AllowSplit: 'true' }, { executionId });
  expect(await rig.fix(groupId)).toMatchObject({
    status: 'Failed',
    message: expect.stringMatching(/^REFUSED QUOTA_NO_HEADROOM: /) as string,
  });
  expect(rig.writes()).toEqual([]);

  const run = nextRun();
  expect(await split(run)).toMatchObject({ status: 'Success' });
  expect(rig.writes()).toEqual([
    'PutParameter',
    'CreateSecurityGroup',
    'AuthorizeSecurityGroupIngress',
    'SetSecurityGroups',
    'AuthorizeSecurityGroupIngress',
    'PutParameter',
    'RevokeSecurityGroupIngress',
    'PutParameter',
  ]);
  const [made = '', ...others] = await madeGroups(rig);
  expect(others).toEqual([]);
  expect(await ingressOf(rig, groupId)).toEqual([`80 ${list} OriginGuard ${run}`]);
  expect(await ingressOf(rig, made)).toEqual([`443 ${list} OriginGuard ${run}`]);
  expect(await groupsOf(rig, loadBalancerArn)).toEqual([groupId, made].sort());
  expect(await verdictOf(world, groupId, made)).toEqual(['COMPLIANT', 'COMPLIANT']);

  rig.proxy.forget();
  expect(await split(nextRun())).toMatchObject({ status: 'Success' });
  expect(rig.writes()).toEqual([]);

  expect(await rig.undo(groupId, run)).toMatchObject({ status: 'Success' });
  const restored = `restored by OriginGuard ${run}`;
  expect(await ingressOf(rig, groupId)).toEqual(OPEN.map((rule) => `${rule} ${restored}`));
  expect(await groupsOf(rig, loadBalancerArn)).toEqual([groupId]);
  expect(await verdictOf(world, groupId)).toEqual(['NON_COMPLIANT']);
  // It is left where it is, unattached, for this.
  expect(await split(nextRun())).toMatchObject({ status: 'Success' });
  expect(await madeGroups(rig)).toEqual([made]);
  expect(await groupsOf(rig, loadBalancerArn)).toEqual([groupId, made].sort());
  expect(await ingressOf(rig, made)).toEqual([`443 ${list} OriginGuard ${run}`]);
});

test('a group of a load balancer that no distribution fronts: refused, left to it when a swap is allowed, and given back', async () => {
  const { groupId, loadBalancerArn, list } = built;
  const other = await addUnfronted(rig.clients, built);
  await rig.addInterface(other);
  expect(await rig.fix(groupId, {}, { executionId: nextRun() })).toMatchObject({
    status: 'Failed',
    message: expect.stringMatching(/^REFUSED SHARED_SG: .*load balancer unfronted/) as string,
  });
  expect(rig.writes()).toEqual([]);

  const run = nextRun();
  expect(await rig.fix(groupId, { AllowSwap: 'true' }, { executionId: run })).toMatchObject({ status: 'Success' });
  expect(rig.writes()).toEqual([
    'PutParameter',
    'CreateSecurityGroup',
    'CreateSecurityGroup',
    'AuthorizeSecurityGroupIngress',
    'AuthorizeSecurityGroupIngress',
    'SetSecurityGroups',
    'PutParameter',
  ]);
  const made = await madeGroups(rig);
  expect(await groupsOf(rig, loadBalancerArn)).toEqual(made);
  expect(await groupsOf(rig, other.loadBalancerArn)).toEqual([groupId]);
  expect(await ingressOf(rig, groupId)).toEqual(OPEN);
  const rules = await Promise.all(made.map((id) => ingressOf(rig, id)));
  expect(rules.flat().sort()).toEqual([443, 80].map((port) => `${String(port)} ${list} OriginGuard ${run}`));
  expect(await recordsOf(rig, groupId)).toEqual({ [run]: 'APPLIED' });
  expect(await verdictOf(world, groupId, ...made)).toEqual(['NOT_APPLICABLE', 'COMPLIANT', 'COMPLIANT']);

  expect(await rig.undo(groupId, run)).toMatchObject({ status: 'Success' });
  expect(await groupsOf(rig, loadBalancerArn)).toEqual([groupId]);
  expect(await ingressOf(rig, groupId)).toEqual(OPEN);
  expect(await madeGroups(rig)).toEqual(made);
});

test('a swap that would cut off the targets is refused, with the group that admits the shared one', async () => {
  const { groupId } = built;
  await rig.addInterface(await addUnfronted(rig.clients, built));
  const target = await addTarget(rig.clients, built);
  expect(await rig.fix(groupId, { AllowSwap: 'true' }, { executionId: nextRun() })).toMatchObject({
    status: 'Failed',
    message: expect.stringMatching(`^REFUSED REFERENCED: .*group ${groupId} is named by rules of ${target}`) as string,
  });
  expect(rig.writes()).toEqual([]);
});

test('a group that an instance uses too is left to it when a swap is allowed', async () => {
  const { groupId, loadBalancerArn } = built;
  await addInstance(rig.clients, built);
  expect(await rig.fix(groupId)).toMatchObject({
    status: 'Failed',
    message: expect.stringMatching(/^REFUSED SHARED_SG: /) as string,
  });
  expect(rig.writes()).toEqual([]);

  expect(await rig.fix(groupId, { AllowSwap: 'true' }, { executionId: nextRun() })).toMatchObject({
    status: 'Success',
  });
  expect(await groupsOf(rig, loadBalancerArn)).toEqual(await madeGroups(rig));
  expect(await ingressOf(rig, groupId)).toEqual(OPEN);
});
