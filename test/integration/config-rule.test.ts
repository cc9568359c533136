import { DeleteDistributionCommand } from '@aws-sdk/client-cloudfront';
import { DeleteSecurityGroupCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { DeleteLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { version } from '../../package.json';
import {
  admit,
  awsPrefixList,
  buildEnvironment,
  CLOUDFRONT_LIST,
  createDistribution,
  disableDistribution,
  FROM_ANYWHERE,
  given,
  httpFrom,
  revoke,
  type Environment,
} from './support/article-environment.js';
import { DEFAULT_ACCOUNT } from './support/caller.js';
import {
  changeEvent,
  deletedItem,
  distributionItem,
  groupItem,
  loadBalancerItem,
  oversizedEvent,
  RULE_NAME,
  scheduledEvent,
  toHistory,
} from './support/config-event.js';
import { startRig, type Rig } from './support/rule-rig.js';
import { useMoto } from './support/world.js';

const world = useMoto();
const GROUP = 'AWS::EC2::SecurityGroup';
const REPORTING = ['BatchImportFindings', 'GetFindings', 'PutEvaluations'];

let rig: Rig;

beforeEach(async () => {
  rig = await startRig(world.moto);
});

afterEach(async () => {
  await rig.stop();
});

const groupEvent = async ({ groupId }: Pick<Environment, 'groupId'>): Promise<object> =>
  changeEvent(rig.rule, await groupItem(rig.clients, groupId));

/** Invokes the function, which has to succeed; nothing that it calls is counted from before. */
async function invoke(event: unknown, settings: Readonly<Record<string, string>> = {}) {
  rig.proxy.forget();
  const invoked = await rig.invoke(event, { settings });
  expect(invoked).toMatchObject({ ok: true, errorMessage: null, stderr: '' });
  return invoked;
}

/** What AWS Config calls compliant or not, by resource. */
const held = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    rig.config.resultsOf(RULE_NAME).map(({ resourceType, resourceId, compliance }) => {
      expect(resourceType).toBe(GROUP);
      return [resourceId, compliance];
    }),
  );

/** The last result that was put for a resource. */
const lastPut = (resourceId: string) => rig.config.put().findLast((result) => result.resourceId === resourceId);

const findingOf = async (groupId: string) => {
  const own = (await rig.findings()).filter(({ Resources }) => Resources?.some(({ Id }) => Id?.endsWith(groupId)));
  expect(own).toHaveLength(1);
  return own[0]!;
};

const readsOf = (calls: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(calls).filter(([operation]) => !REPORTING.includes(operation)));

async function closeByHand({ groupId, ruleIds }: Environment): Promise<void> {
  const prefixListId = await awsPrefixList(rig.clients, CLOUDFRONT_LIST);
  await admit(rig.clients, groupId, httpFrom({ PrefixListIds: [{ PrefixListId: prefixListId }] }));
  await revoke(rig.clients, groupId, ruleIds);
}

/** Disables and deletes the distribution; answers with the event of it. */
async function removeDistribution({ distributionId }: Environment): Promise<object> {
  const id = given(distributionId ?? undefined);
  const before = await distributionItem(rig.clients, id);
  const etag = await disableDistribution(rig.clients, id);
  await rig.clients.cloudfront.send(new DeleteDistributionCommand({ Id: id, IfMatch: etag }));
  return changeEvent(rig.rule, deletedItem(before));
}

it('the article: open, fixed by hand, without its distribution, each with its finding', async () => {
  const built = await buildEnvironment(rig.clients);
  const { groupId, loadBalancerArn, distributionId } = built;

  await invoke(await groupEvent(built));
  expect(held()).toEqual({ [groupId]: 'NON_COMPLIANT' });
  expect(lastPut(groupId)?.annotation).toContain('0.0.0.0/0');
  const failed = await findingOf(groupId);
  expect(failed).toMatchObject({
    AwsAccountId: DEFAULT_ACCOUNT,
    RecordState: 'ACTIVE',
    Compliance: { Status: 'FAILED' },
  });
  const resources = failed.Resources!.map(({ Id }) => Id);
  expect(resources).toEqual(expect.arrayContaining([expect.stringContaining(groupId), loadBalancerArn]));
  expect(resources).toContainEqual(expect.stringContaining(given(distributionId ?? undefined)));

  await closeByHand(built);
  await invoke(await groupEvent(built));
  expect(held()).toEqual({ [groupId]: 'COMPLIANT' });
  const passed = await findingOf(groupId);
  expect(passed).toMatchObject({
    Id: failed.Id,
    CreatedAt: failed.CreatedAt,
    RecordState: 'ACTIVE',
    Compliance: { Status: 'PASSED' },
  });
  expect(Date.parse(passed.UpdatedAt!)).toBeGreaterThan(Date.parse(failed.UpdatedAt!));

  await invoke(await removeDistribution(built));
  expect(held()).toEqual({});
  expect(lastPut(groupId)?.compliance).toBe('NOT_APPLICABLE');
  const archived = await findingOf(groupId);
  expect(archived).toMatchObject({ Id: failed.Id, CreatedAt: failed.CreatedAt, RecordState: 'ARCHIVED' });
  expect(Date.parse(archived.UpdatedAt!)).toBeGreaterThan(Date.parse(passed.UpdatedAt!));
});

it('one change of a group behind CloudFront takes at most six reads, all under our name', async () => {
  const built = await buildEnvironment(rig.clients);
  await invoke(await groupEvent(built));
  const reads = readsOf(rig.calls());
  expect(Object.values(reads).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(6);
  expect(reads).toMatchObject({ DescribeLoadBalancers: 1, ListDistributions: 1, DescribeSecurityGroupRules: 1 });
  for (const { userAgent } of rig.proxy.recorded()) expect(userAgent).toContain(`origin-guard/${version}`);
});

it('a group that no load balancer uses takes one read', async () => {
  await buildEnvironment(rig.clients);
  const unused = await buildEnvironment(rig.clients, { name: 'unused', originDomain: null });
  await rig.clients.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: unused.loadBalancerArn }));
  await invoke(await groupEvent(unused));
  expect(rig.calls()).toEqual({ DescribeLoadBalancers: 1, PutEvaluations: 1 });
  expect(rig.config.put()).toMatchObject([{ resourceId: unused.groupId, compliance: 'NOT_APPLICABLE' }]);
});

describe('a sweep', () => {
  it('judges every group in scope, and retires the one that left it', async () => {
    const open = await buildEnvironment(rig.clients, { name: 'open' });
    const closed = await buildEnvironment(rig.clients, { name: 'closed' });
    const leaves = await buildEnvironment(rig.clients, { name: 'leaves' });
    await buildEnvironment(rig.clients, { name: 'never-in-scope', originDomain: null });
    await closeByHand(closed);

    await invoke(scheduledEvent(rig.rule));
    expect(held()).toEqual({
      [open.groupId]: 'NON_COMPLIANT',
      [closed.groupId]: 'COMPLIANT',
      [leaves.groupId]: 'NON_COMPLIANT',
    });
    // A group that never had a result gets none: AWS Config bills each evaluation.
    expect(rig.config.put()).toHaveLength(3);

    await removeDistribution(leaves);
    await invoke(scheduledEvent(rig.rule));
    expect(held()).toEqual({ [open.groupId]: 'NON_COMPLIANT', [closed.groupId]: 'COMPLIANT' });
    expect(lastPut(leaves.groupId)).toMatchObject({ resourceType: GROUP, compliance: 'NOT_APPLICABLE' });
    expect(await findingOf(leaves.groupId)).toMatchObject({ RecordState: 'ARCHIVED' });
    expect(await findingOf(open.groupId)).toMatchObject({ RecordState: 'ACTIVE', Compliance: { Status: 'FAILED' } });

    const sentBefore = rig.config.put().length;
    await invoke(scheduledEvent(rig.rule));
    expect(
      rig.config
        .put()
        .slice(sentBefore)
        .map(({ resourceId }) => resourceId)
        .sort(),
    ).toEqual([open.groupId, closed.groupId].sort());
  });

  it('of a Region without anything reports nothing and succeeds', async () => {
    await invoke(scheduledEvent(rig.rule));
    expect(rig.config.put()).toEqual([]);
    expect(await rig.findings()).toEqual([]);
  });

  it('reads every page of the distributions', async () => {
    for (let at = 0; at < 101; at += 1)
      await createDistribution(rig.clients, `bucket-${String(at)}`, `bucket-${String(at)}.s3.amazonaws.com`);
    const built = await buildEnvironment(rig.clients, { name: 'last' });
    await invoke(scheduledEvent(rig.rule));
    expect(rig.calls()['ListDistributions']).toBe(2);
    expect(held()).toEqual({ [built.groupId]: 'NON_COMPLIANT' });
  });
});

describe('an event', () => {
  it('of a load balancer judges its groups', async () => {
    const built = await buildEnvironment(rig.clients);
    await buildEnvironment(rig.clients, { name: 'other' });
    await invoke(changeEvent(rig.rule, await loadBalancerItem(rig.clients, built.loadBalancerArn)));
    expect(held()).toEqual({ [built.groupId]: 'NON_COMPLIANT' });
  });

  it('of a load balancer that is gone retires the result of its group', async () => {
    const built = await buildEnvironment(rig.clients);
    await invoke(await groupEvent(built));
    const item = await loadBalancerItem(rig.clients, built.loadBalancerArn);
    await rig.clients.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: built.loadBalancerArn }));
    await invoke(changeEvent(rig.rule, deletedItem(item)));
    expect(held()).toEqual({});
    expect(await findingOf(built.groupId)).toMatchObject({ RecordState: 'ARCHIVED' });
  });

  it('of a distribution judges what it may have brought into scope', async () => {
    const built = await buildEnvironment(rig.clients);
    await invoke(changeEvent(rig.rule, await distributionItem(rig.clients, given(built.distributionId ?? undefined))));
    expect(held()).toEqual({ [built.groupId]: 'NON_COMPLIANT' });
  });

  it('too large for its item is judged all the same', async () => {
    const built = await buildEnvironment(rig.clients);
    await invoke(oversizedEvent(rig.rule, await groupItem(rig.clients, built.groupId)));
    expect(held()).toEqual({ [built.groupId]: 'NON_COMPLIANT' });

    rig.config.forget();
    const item = await loadBalancerItem(rig.clients, built.loadBalancerArn);
    rig.config.addHistory(toHistory(item));
    await invoke(oversizedEvent(rig.rule, item));
    expect(rig.calls()['GetResourceConfigHistory']).toBe(1);
    expect(held()).toEqual({ [built.groupId]: 'NON_COMPLIANT' });
  });

  it.each(['ResourceDeleted', 'ResourceDeletedNotRecorded', 'ResourceNotRecorded'])(
    'of a group with the status %s retires its result, and the next sweep leaves no finding',
    async (status) => {
      const built = await buildEnvironment(rig.clients);
      await invoke(await groupEvent(built));
      const item = await groupItem(rig.clients, built.groupId);
      await rig.clients.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: built.loadBalancerArn }));
      await rig.clients.ec2.send(new DeleteSecurityGroupCommand({ GroupId: built.groupId }));
      await invoke(changeEvent(rig.rule, deletedItem(item, status)));
      expect(held()).toEqual({});
      expect(lastPut(built.groupId)?.compliance).toBe('NOT_APPLICABLE');
      await invoke(scheduledEvent(rig.rule));
      expect(await findingOf(built.groupId)).toMatchObject({ RecordState: 'ARCHIVED' });
    },
  );

  it('that left the scope of the rule retires the result', async () => {
    const built = await buildEnvironment(rig.clients);
    await invoke(await groupEvent(built));
    await invoke(changeEvent(rig.rule, await groupItem(rig.clients, built.groupId), true));
    expect(held()).toEqual({});
  });

  it('of a test run tells AWS Config that it is one', async () => {
    const built = await buildEnvironment(rig.clients);
    await invoke({ ...(await groupEvent(built)), resultToken: 'TESTMODE' });
    const put = rig.proxy.recorded().filter(({ operation }) => operation === 'PutEvaluations');
    expect(put).toMatchObject([{ status: 200, input: { TestMode: true } }]);
    expect(rig.config.put()).toEqual([]);
  });
});

it('a warm function lists the distributions and the prefix lists once for two events', async () => {
  const first = await buildEnvironment(rig.clients);
  const second = await buildEnvironment(rig.clients, { name: 'second' });
  const running = await rig.warm();
  expect(await running.invoke(await groupEvent(first))).toMatchObject({ ok: true });
  expect(rig.calls()).toMatchObject({ ListDistributions: 1, DescribeManagedPrefixLists: 1 });
  rig.proxy.forget();
  expect(await running.invoke(await groupEvent(second))).toMatchObject({ ok: true });
  expect(rig.calls()).toMatchObject({ DescribeLoadBalancers: 1, PutEvaluations: 1 });
  expect(rig.calls()).not.toHaveProperty('ListDistributions');
  expect(rig.calls()).not.toHaveProperty('DescribeManagedPrefixLists');
  expect(held()).toEqual({ [first.groupId]: 'NON_COMPLIANT', [second.groupId]: 'NON_COMPLIANT' });
  // A sweep does not trust what is kept.
  rig.proxy.forget();
  expect(await running.invoke(scheduledEvent(rig.rule))).toMatchObject({ ok: true });
  expect(rig.calls()).toMatchObject({ ListDistributions: 1 });
  expect(await running.end()).toBe(0);
});

it('two rules of one function, with parameters of their own, do not get in each other’s way', async () => {
  const built = await buildEnvironment(rig.clients, {
    ingress: [httpFrom({ IpRanges: [{ CidrIp: '203.0.113.0/25' }] })],
  });
  const strict = await rig.warm();
  const lenient = { ...rig.rule, parameters: { allowedCidrs: '203.0.113.0/24', ruleId: 'alb-sg-cloudfront-only' } };
  await strict.invoke(await groupEvent(built));
  expect(held()).toEqual({ [built.groupId]: 'NON_COMPLIANT' });
  await strict.invoke(changeEvent(lenient, await groupItem(rig.clients, built.groupId)));
  expect(held()).toEqual({ [built.groupId]: 'COMPLIANT' });
  await strict.end();
});

describe('Security Hub', () => {
  it('that is off is noted once, and AWS Config is told all the same', async () => {
    await rig.switchSecurityHub('off');
    const built = await buildEnvironment(rig.clients);
    const running = await rig.warm();
    const lines: unknown[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const invoked = await running.invoke(await groupEvent(built));
      expect(invoked).toMatchObject({ ok: true, errorMessage: null });
      lines.push(...invoked.lines);
    }
    await running.end();
    expect(held()).toEqual({ [built.groupId]: 'NON_COMPLIANT' });
    const notes = lines.filter((line) => /security hub/i.test(JSON.stringify(line)));
    expect(notes).toHaveLength(1);
  });

  it('is not spoken to when the setting says so', async () => {
    const built = await buildEnvironment(rig.clients);
    await invoke(await groupEvent(built), { PUBLISH_FINDINGS: 'false' });
    expect(rig.proxy.recorded().filter(({ service }) => service === 'securityhub')).toEqual([]);
    expect(held()).toEqual({ [built.groupId]: 'NON_COMPLIANT' });
  });
});

it('a result that AWS Config refuses fails the invocation, and every other one is there', async () => {
  const one = await buildEnvironment(rig.clients, { name: 'one' });
  const two = await buildEnvironment(rig.clients, { name: 'two' });
  rig.config.refuse([one.groupId]);
  const { ok, errorMessage } = await rig.invoke(scheduledEvent(rig.rule));
  expect([ok, errorMessage]).toEqual([false, expect.stringMatching(/^E2002: /)]);
  expect(errorMessage).toContain(one.groupId);
  expect(held()).toEqual({ [two.groupId]: 'NON_COMPLIANT' });
});

/** The default group of moto's default VPC. */
async function anyGroup(): Promise<string> {
  const { SecurityGroups } = await rig.clients.ec2.send(new DescribeSecurityGroupsCommand());
  return given(SecurityGroups?.[0]?.GroupId);
}

it.each<[string, (event: Readonly<Record<string, unknown>>) => unknown, RegExp]>([
  ['nothing', () => null, /^E1001/],
  ['no event of AWS Config', () => ({ Records: [] }), /^E1001.*invokingEvent/],
  ['broken JSON', (event) => ({ ...event, invokingEvent: '{"messageType":' }), /^E1001.*invokingEvent/],
  ['another account', (event) => ({ ...event, accountId: '111122223333' }), /^E1010.*111122223333/],
  ['a parameter that nobody knows', (event) => ({ ...event, ruleParameters: '{"prots":"all"}' }), /^E1002.*prots/],
  ['a parameter out of range', (event) => ({ ...event, ruleParameters: '{"ports":"some"}' }), /^E1002.*ports.*some/],
  ['a rule that nobody knows', (event) => ({ ...event, ruleParameters: '{"ruleId":"other"}' }), /^E1007.*other/],
])('an event with %s fails with a code before anything is asked or told', async (_, damage, message) => {
  const group = await groupItem(rig.clients, await anyGroup());
  const event = changeEvent(rig.rule, group) as Readonly<Record<string, unknown>>;
  const { ok, errorMessage } = await rig.invoke(damage(event));
  expect([ok, errorMessage]).toEqual([false, expect.stringMatching(message)]);
  expect(rig.proxy.recorded()).toEqual([]);
});

it('writes structured lines and one line of metrics, and nothing of an event or of a secret header', async () => {
  const built = await buildEnvironment(rig.clients, { ingress: [FROM_ANYWHERE], originDomain: null });
  const secret = 'do-not-write-this-down-7f3a';
  await createDistribution(rig.clients, 'with-secret', built.dnsName, { 'X-Origin-Verify': secret });
  const event = (await groupEvent(built)) as { readonly resultToken: string };
  const { lines } = await invoke(event);
  expect(held()).toEqual({ [built.groupId]: 'NON_COMPLIANT' });
  const metrics = lines.filter((line) => typeof line === 'object' && line !== null && '_aws' in line);
  expect(metrics).toMatchObject([{ RuleId: 'alb-sg-cloudfront-only', Judged: 1, NonCompliant: 1 }]);
  expect(metrics[0]).not.toHaveProperty('Failed');
  expect(metrics).toMatchObject([{ ApiCalls: rig.proxy.recorded().length }]);
  for (const line of lines) expect(line).toEqual(expect.any(Object));
  const said = JSON.stringify(lines);
  for (const word of [secret, event.resultToken, 'invokingEvent', 'testing']) expect(said).not.toContain(word);
  const sent = rig.proxy.recorded().map(({ body }) => body);
  expect(sent.join('\n')).not.toContain(secret);
  expect(JSON.stringify(await rig.findings())).not.toContain(secret);
});
