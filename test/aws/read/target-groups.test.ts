import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readAlbTargets } from '../../../aws/read/target-groups.js';
import { known } from '../../../core/fact.js';
import { ACCOUNT, arnOf, REGION, VPC } from '../../support/builders.js';
import { awsError, testSession } from '../support/session.js';

const NLB = arnOf('tcp', undefined, 'net');
const groupArn = (name: string) =>
  `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/${name}/50dc6c495c0c9188`;
const group = (name: string, overrides: Partial<TargetGroup> = {}): TargetGroup => ({
  TargetGroupArn: groupArn(name),
  TargetGroupName: name,
  TargetType: 'alb',
  VpcId: VPC,
  LoadBalancerArns: [NLB],
  ...overrides,
});
const health = (...ids: readonly string[]) => ({
  TargetHealthDescriptions: ids.map((Id) => ({
    Target: { Id, Port: 443 },
    TargetHealth: { State: 'healthy' } as const,
  })),
});

let session: ReturnType<typeof testSession>;
let elbv2: AwsClientStub<ElasticLoadBalancingV2Client>;

beforeEach(() => {
  session = testSession();
  elbv2 = mockClient(session.clients.elbv2);
});

const targetsOf = (name: string) => elbv2.on(DescribeTargetHealthCommand, { TargetGroupArn: groupArn(name) });
const groups = (...all: readonly TargetGroup[]) =>
  elbv2.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [...all] });

test('gives the load balancers on both sides, of every page, and saves them as one answer', async () => {
  elbv2
    .on(DescribeTargetGroupsCommand)
    .resolves({ TargetGroups: [group('web')], NextMarker: 'more' })
    .on(DescribeTargetGroupsCommand, { Marker: 'more' })
    .resolves({ TargetGroups: [group('api', { VpcId: 'vpc-0b2' })] });
  targetsOf('web').resolves(health(arnOf('web'), arnOf('web')));
  targetsOf('api').resolves(health(arnOf('api')));
  await expect(readAlbTargets(session)).resolves.toEqual(
    known([
      { loadBalancerArns: [NLB], vpcId: VPC, targets: [arnOf('web')] },
      { loadBalancerArns: [NLB], vpcId: 'vpc-0b2', targets: [arnOf('api')] },
    ]),
  );
  expect(session.seen).toEqual([
    {
      accountId: ACCOUNT,
      region: REGION,
      command: 'describe-target-groups',
      page: {
        TargetGroups: [
          { ...group('web'), Targets: [arnOf('web')] },
          { ...group('api', { VpcId: 'vpc-0b2' }), Targets: [arnOf('api')] },
        ],
      },
    },
  ]);
});

test('asks for the targets of no group that leads nowhere, or to something else', async () => {
  groups(
    group('web'),
    group('idle', { LoadBalancerArns: [] }),
    group('instances', { TargetType: 'instance', LoadBalancerArns: [arnOf('web')] }),
  );
  targetsOf('web').resolves(health());
  await expect(readAlbTargets(session)).resolves.toEqual(known([{ loadBalancerArns: [NLB], vpcId: VPC, targets: [] }]));
  expect(elbv2.commandCalls(DescribeTargetHealthCommand)).toHaveLength(1);
  expect(session.seen.map(({ page }) => page)).toEqual([{ TargetGroups: [{ ...group('web'), Targets: [] }] }]);
});

test('a group that was deleted meanwhile is left out', async () => {
  groups(group('web'), group('api'));
  targetsOf('web').rejects(awsError('TargetGroupNotFoundException'));
  targetsOf('api').resolves(health(arnOf('api')));
  await expect(readAlbTargets(session)).resolves.toMatchObject(known([{ targets: [arnOf('api')] }]));
});

describe('where it is denied', () => {
  const denied = (fact: string, action: string) => ({
    known: false,
    gap: { fact, cause: 'access-denied', detail: expect.stringContaining(`allow elasticloadbalancing:${action}`) },
  });

  test('to list groups, there is a gap', async () => {
    elbv2.on(DescribeTargetGroupsCommand).rejects(awsError('AccessDenied'));
    await expect(readAlbTargets(session)).resolves.toMatchObject(denied('targetGroups', 'DescribeTargetGroups'));
    expect(session.seen).toEqual([]);
  });

  test('to read the targets of one, there is a gap, and nothing is saved as if it were all', async () => {
    groups(group('web'), group('api'));
    targetsOf('web').resolves(health(arnOf('web')));
    targetsOf('api').rejects(awsError('AccessDenied'));
    await expect(readAlbTargets(session)).resolves.toMatchObject(
      denied(`targets of ${groupArn('api')}`, 'DescribeTargetHealth'),
    );
    expect(session.seen).toEqual([]);
  });
});

test('a later page that is throttled is an error', async () => {
  elbv2
    .on(DescribeTargetGroupsCommand)
    .resolves({ TargetGroups: [group('web')], NextMarker: 'more' })
    .on(DescribeTargetGroupsCommand, { Marker: 'more' })
    .rejects(awsError('Throttling'));
  await expect(readAlbTargets(session)).rejects.toMatchObject({ code: 'E2001' });
});

test('targets that are throttled are an error', async () => {
  groups(group('web'));
  targetsOf('web').rejects(awsError('Throttling'));
  await expect(readAlbTargets(session)).rejects.toMatchObject({ code: 'E2001' });
});

test.each<readonly [string, object, object]>([
  ['an answer without groups', {}, health()],
  ['a group without an ARN', { TargetGroups: [group('web', { TargetGroupArn: undefined })] }, health()],
  [
    'a group of something else than load balancers',
    { TargetGroups: [group('web', { LoadBalancerArns: ['web'] })] },
    health(),
  ],
  ['an answer without targets', { TargetGroups: [group('web')] }, {}],
  ['a target that is no load balancer', { TargetGroups: [group('web')] }, health('i-0abc')],
  ['a target without an id', { TargetGroups: [group('web')] }, { TargetHealthDescriptions: [{}] }],
])('%s is an error', async (_, described, targets) => {
  elbv2.on(DescribeTargetGroupsCommand).resolves(described);
  elbv2.on(DescribeTargetHealthCommand).resolves(targets);
  await expect(readAlbTargets(session)).rejects.toMatchObject({ code: 'E2006' });
});
