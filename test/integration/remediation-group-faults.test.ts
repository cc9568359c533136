import type { Fault } from '../support/proxy/faults.js';
import { addUnfronted, buildTwoPorts, madeGroups, rulesOf, type Fronted } from './support/fixer-world.js';
import { groupsOf, ingressOf, recordsOf } from './support/runbook-reads.js';
import { nextRun, startRunbookRig, type RunbookRig } from './support/runbook-rig.js';
import { useMoto } from './support/world.js';

// Writes of a split and of a swap in turn are refused, or done without an answer. CloudFront is let in at every moment,
// nothing is changed without a record, and what is left is as it was or fixed; one more run makes it good.

const world = useMoto();
let rig: RunbookRig;
let isStarted = false;
beforeEach(async () => {
  // One planner for all of them: starting it takes as long as a case does.
  if (!isStarted) rig = await startRunbookRig(world);
  isStarted = true;
});
afterAll(async () => {
  await rig.stop();
});

const OPEN = ['443 0.0.0.0/0', '80 0.0.0.0/0'];

/** The writes that an edit has not, and those that come after them. */
const SPLIT = [
  ['CreateSecurityGroup', 1],
  ['AuthorizeSecurityGroupIngress', 1],
  ['SetSecurityGroups', 1],
  ['AuthorizeSecurityGroupIngress', 2],
  ['RevokeSecurityGroupIngress', 1],
] as const;
const SWAP = [
  ['CreateSecurityGroup', 2],
  ['AuthorizeSecurityGroupIngress', 2],
  ['SetSecurityGroups', 1],
  ['PutParameter', 2],
] as const;
/** Refused, and done without an answer. */
const FAULTS: readonly Fault['kind'][] = ['throttled', 'reset-in-body'];

interface Case {
  readonly operation: string;
  readonly call: number;
  readonly kind: Fault['kind'];
}

const casesOf = (writes: readonly (readonly [string, number])[]): readonly Case[] =>
  writes.flatMap(([operation, call]) => FAULTS.map((kind) => ({ operation, call, kind })));

/** The ports on which CloudFront does not get to the load balancer. */
async function closedPorts({ loadBalancerArn, list }: Fronted): Promise<readonly number[]> {
  const groups = await groupsOf(rig, loadBalancerArn);
  const rules = (await Promise.all(groups.map((id) => rulesOf(rig.clients, id)))).flat();
  const admits = (port: number): boolean =>
    rules.some(
      ({ FromPort, CidrIpv4, PrefixListId }) =>
        FromPort === port && (CidrIpv4 === '0.0.0.0/0' || PrefixListId === list),
    );
  return [80, 443].filter((port) => !admits(port));
}

/** Runs the fixer with one call disturbed, and looks after each write whether CloudFront gets in. */
async function disturb(built: Fronted, options: Readonly<Record<string, string>>, { operation, call, kind }: Case) {
  const executionId = nextRun();
  let seen = 0;
  const look = async (): Promise<void> => {
    if (rig.writes().length === seen) return;
    seen = rig.writes().length;
    expect(await closedPorts(built)).toEqual([]);
  };
  rig.proxy.forget();
  rig.proxy.strike({ fault: { kind } as Fault, operation, call, times: 'once' });
  const ended = await rig.fix(built.groupId, options, { executionId, hooks: { between: look } });
  expect(rig.proxy.allStruck()).toBe(true);
  expect(await closedPorts(built)).toEqual([]);
  return { ended, executionId };
}

test.each(casesOf(SPLIT))('a split: $kind at $operation $call', async (each) => {
  const built = await buildTwoPorts(rig.clients);
  await rig.addInterface(built);
  const { groupId, loadBalancerArn } = built;
  const { ended, executionId } = await disturb(built, { AllowSplit: 'true' }, each);

  const left = (await ingressOf(rig, groupId)).filter((rule) => rule.includes('0.0.0.0/0'));
  expect([OPEN, []]).toContainEqual(left);
  if (ended.status === 'Success') expect(left).toEqual([]);
  const isAsItWas = left.length > 0 && (await groupsOf(rig, loadBalancerArn)).length === 1;
  if (!isAsItWas) expect(Object.keys(await recordsOf(rig, groupId))).toEqual([executionId]);

  expect(await rig.fix(groupId, { AllowSplit: 'true' }, { executionId: nextRun() })).toMatchObject({
    status: 'Success',
  });
  expect((await ingressOf(rig, groupId)).filter((rule) => rule.includes('0.0.0.0/0'))).toEqual([]);
  expect(await closedPorts(built)).toEqual([]);
  expect(await madeGroups(rig)).toHaveLength(1);
});

test.each(casesOf(SWAP))('a swap: $kind at $operation $call', async (each) => {
  const built = await buildTwoPorts(rig.clients);
  await rig.addInterface(built);
  await rig.addInterface(await addUnfronted(rig.clients, built));
  const { groupId, loadBalancerArn } = built;
  const { ended, executionId } = await disturb(built, { AllowSwap: 'true' }, each);

  expect(await ingressOf(rig, groupId)).toEqual(OPEN);
  const groups = await groupsOf(rig, loadBalancerArn);
  const made = await madeGroups(rig);
  expect([[groupId], made]).toContainEqual(groups);
  if (ended.status === 'Success') expect(groups).toEqual(made);
  if (made.length > 0) expect(Object.keys(await recordsOf(rig, groupId))).toEqual([executionId]);

  const again = await rig.fix(groupId, { AllowSwap: 'true' }, { executionId: nextRun() });
  // Once the load balancer has left it, the shared group is nobody's business here.
  expect(again).toMatchObject(
    groups.includes(groupId)
      ? { status: 'Success' }
      : { status: 'Failed', message: expect.stringMatching(/^REFUSED NOT_FRONTED: /) as string },
  );
  expect(await groupsOf(rig, loadBalancerArn)).toEqual(await madeGroups(rig));
  expect(await madeGroups(rig)).toHaveLength(2);
  expect(await ingressOf(rig, groupId)).toEqual(OPEN);
  expect(await closedPorts(built)).toEqual([]);
});
