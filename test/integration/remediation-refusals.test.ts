import { CreateTagsCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { SetSecurityGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { recordsPath } from '../../core/planning.js';
import {
  admit,
  buildEnvironment,
  FROM_ANYWHERE,
  given,
  httpFrom,
  type Environment,
} from './support/article-environment.js';
import { ingressOf } from './support/runbook-reads.js';
import { nextRun, useRunbookRig } from './support/runbook-rig.js';
import { useMoto } from './support/world.js';

// What the runbooks are not to touch: nothing is written, and the message says what to do.

const world = useMoto();
const rig = useRunbookRig(world);
let environment: Environment;
beforeEach(async () => {
  environment = await buildEnvironment(rig.clients, { ingress: [FROM_ANYWHERE] });
  await rig.addInterface(environment);
});

const failed = (message: string) => ({ status: 'Failed', message: expect.stringContaining(message) as string });

test('a group that does not exist', async () => {
  expect(await rig.fix('sg-0123456789abcdef0')).toMatchObject(
    failed('REFUSED GROUP_NOT_FOUND: no group sg-0123456789abcdef0'),
  );
  expect(rig.writes()).toEqual([]);
});

test('the default group of a VPC', async () => {
  const { SecurityGroups = [] } = await rig.clients.ec2.send(
    new DescribeSecurityGroupsCommand({
      Filters: [
        { Name: 'vpc-id', Values: [environment.vpcId] },
        { Name: 'group-name', Values: ['default'] },
      ],
    }),
  );
  const id = given(SecurityGroups[0]?.GroupId);
  await admit(rig.clients, id, FROM_ANYWHERE);
  await rig.clients.elbv2.send(
    new SetSecurityGroupsCommand({ LoadBalancerArn: environment.loadBalancerArn, SecurityGroups: [id] }),
  );
  expect(await rig.fix(id)).toMatchObject(failed('REFUSED DEFAULT_SG'));
  expect(rig.writes()).toEqual([]);
});

test('an exempt group', async () => {
  await rig.clients.ec2.send(
    new CreateTagsCommand({
      Resources: [environment.groupId],
      Tags: [{ Key: 'origin-guard:exempt', Value: 'ticket 7' }],
    }),
  );
  expect(await rig.fix(environment.groupId)).toMatchObject(failed('REFUSED EXEMPT'));
  expect(rig.writes()).toEqual([]);
});

test('a group that a person edits between the plan and the guard', async () => {
  const hooks = {
    between: async (upcoming: string) => {
      if (upcoming === 'Guard')
        await admit(rig.clients, environment.groupId, httpFrom({ IpRanges: [{ CidrIp: '198.51.100.0/24' }] }));
    },
  };
  expect(await rig.fix(environment.groupId, {}, { hooks })).toMatchObject(failed('REFUSED STALE'));
  expect(rig.writes()).toEqual([]);
  expect(await ingressOf(rig, environment.groupId)).toEqual(['80 0.0.0.0/0', '80 198.51.100.0/24']);
});

test.each([
  ['that is missing', null, 'REFUSED RECORD_NOT_FOUND'],
  ['that does not parse', 'restore 0.0.0.0/0', 'REFUSED RECORD_INVALID'],
  [
    'of another group',
    JSON.stringify({
      ...{ v: 1, group: 'sg-0123456789abcdef0', account: '123456789012', region: 'us-east-1' },
      ...{ execution: 'run-1', at: '2026-01-01T00:00:00Z', strategy: 'EDIT', status: 'APPLIED' },
      ...{ removed: [{ k: 'cidrIpv4', p: 'tcp', f: 22, t: 22, s: '0.0.0.0/0' }], left: [], added: [] },
    }),
    'REFUSED RECORD_INVALID',
  ],
])('a record %s', async (_, text, message) => {
  const { groupId } = environment;
  if (text !== null)
    await rig.ssm.send(new PutParameterCommand({ Name: `${recordsPath(groupId)}/run-1`, Type: 'String', Value: text }));
  rig.proxy.forget();
  expect(await rig.undo(groupId, 'run-1')).toMatchObject(failed(message));
  expect(rig.writes()).toEqual([]);
});

test('a rollback of a group that a person changed since', async () => {
  const executionId = nextRun();
  const { groupId } = environment;
  expect(await rig.fix(groupId, {}, { executionId })).toMatchObject({ status: 'Success' });
  await admit(rig.clients, groupId, httpFrom({ IpRanges: [{ CidrIp: '198.51.100.0/24' }] }));
  rig.proxy.forget();
  expect(await rig.undo(groupId, executionId)).toMatchObject(failed('REFUSED CHANGED_SINCE'));
  expect(rig.writes()).toEqual([]);
});
