import type { IngressRule } from '../../../core/model/security-group.js';
import { CLOUDFRONT_V4, CLOUDFRONT_V6, fromCidr, fromGroup, fromList, groupId, open, VPC } from '../builders.js';
import type { Payload } from './doors.js';
import { fakeAws, type FakeAws } from './fake-aws.js';
import { fakeGroup, fakeLoadBalancer, withGroup } from './fake-state.js';
import { ALB, allow, APP, cidrs, ec2, holding, list, made, refused, rulesOf, STEP, WEB } from './small-accounts.js';

describe('SetSecurityGroups', () => {
  const set = (aws: FakeAws, SecurityGroups: unknown, LoadBalancerArn: string = ALB) =>
    aws.callApi('elbv2', 'SetSecurityGroups', { LoadBalancerArn, SecurityGroups }, STEP);
  const groups = [fakeGroup(), fakeGroup({ id: APP }), fakeGroup({ id: groupId('sg-0far'), vpcId: 'vpc-0b2' })];

  test('replaces the whole list', async () => {
    const aws = made(groups);
    expect(await set(aws, [APP])).toEqual({ SecurityGroupIds: [APP] });
    expect(aws.state().loadBalancers[0]!.securityGroups).toEqual([APP]);
  });

  test('leaves other load balancers alone', async () => {
    const other = fakeLoadBalancer({ name: 'other' });
    const aws = made(groups, { state: { loadBalancers: [fakeLoadBalancer(), other] } });
    await set(aws, [APP]);
    expect(aws.state().loadBalancers[1]).toEqual(other);
  });

  test.each([
    ['a group that does not exist', [WEB, 'sg-0none'], 'InvalidSecurityGroup'],
    ['a group of another VPC', [WEB, 'sg-0far'], 'InvalidSecurityGroup'],
    ['no group', [], 'ValidationException'],
    ['a text', WEB, 'ValidationException'],
  ])('refuses %s', async (_, ids, name) => {
    const aws = made(groups);
    await refused(aws, set(aws, ids), name);
  });

  test('refuses a load balancer that does not exist, and more groups than an interface may have', async () => {
    const aws = made(groups, { quotas: { 'rules-per-group': 60, 'groups-per-interface': 1 } });
    await refused(aws, set(aws, [APP], 'arn:none'), 'LoadBalancerNotFound');
    await refused(aws, set(aws, [WEB, APP]), 'InvalidConfigurationRequest');
  });
});

describe('parameters', () => {
  const put = (aws: FakeAws, params: Payload) =>
    aws.callApi('ssm', 'PutParameter', { Name: '/origin-guard/a/1', Value: 'x', Type: 'String', ...params }, STEP);
  const under = async (aws: FakeAws, params: Payload) =>
    (await aws.callApi('ssm', 'GetParametersByPath', params, STEP))['Parameters'];

  test('are stored with the time, and found by their path', async () => {
    const aws = fakeAws();
    expect(await put(aws, {})).toMatchObject({ Version: 1 });
    await put(aws, { Name: '/origin-guard/a/b/2' });
    await put(aws, { Name: '/origin-guard/ab' });
    expect(await under(aws, { Path: '/origin-guard/a' })).toEqual([
      {
        Name: '/origin-guard/a/1',
        Type: 'String',
        Value: 'x',
        Version: 1,
        LastModifiedDate: '2026-07-01T12:00:00.000Z',
      },
    ]);
    expect(await under(aws, { Path: '/origin-guard/a/', Recursive: true })).toHaveLength(2);
  });

  test('are replaced only with Overwrite', async () => {
    const aws = fakeAws();
    await put(aws, {});
    await expect(put(aws, { Value: 'y' })).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(await put(aws, { Value: 'y', Overwrite: true })).toMatchObject({ Version: 2 });
    expect(aws.state().parameters).toMatchObject([{ value: 'y', savedAt: '2026-07-01T12:00:01.000Z' }]);
  });

  test('hold 4,096 bytes', async () => {
    const aws = fakeAws();
    await refused(aws, put(aws, { Value: 'é'.repeat(2049) }), 'ValidationException');
    await put(aws, { Value: 'é'.repeat(2048) });
    expect(aws.state().parameters).toHaveLength(1);
  });

  test('need a value and a name that is a path', async () => {
    const aws = fakeAws();
    await refused(aws, put(aws, { Value: '' }), 'ValidationException');
    await refused(aws, put(aws, { Name: '/a b' }), 'ValidationException');
  });
});

describe('reading', () => {
  const find = async (aws: FakeAws, params: Payload = {}) =>
    (await aws.callApi('ec2', 'DescribeSecurityGroups', params, STEP))['SecurityGroups'] as readonly Payload[];
  const groups = [
    fakeGroup({ ingress: [open(fromGroup(APP))], tags: { team: 'web' } }),
    fakeGroup({ id: APP, vpcId: 'vpc-0b2' }),
  ];

  test('groups are found by id and by filter', async () => {
    const aws = made(groups);
    const by = async (Name: string, ...Values: readonly string[]) =>
      (await find(aws, { Filters: [{ Name, Values }] })).map(({ GroupId: id }) => id);
    expect(await find(aws, { GroupIds: [WEB] })).toMatchObject([
      { GroupId: WEB, VpcId: VPC, Tags: [{ Key: 'team', Value: 'web' }] },
    ]);
    expect(await by('group-id', APP)).toEqual([APP]);
    expect(await by('group-name', groups[0]!.name)).toEqual([WEB]);
    expect(await by('vpc-id', 'vpc-0b2')).toEqual([APP]);
    expect(await by('ip-permission.group-id', APP)).toEqual([WEB]);
    await expect(by('colour', 'red')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(find(aws, { GroupIds: ['sg-0none'] })).rejects.toMatchObject({ name: 'InvalidGroup.NotFound' });
  });

  test('rules and load balancers are described', async () => {
    const aws = made(groups);
    const Filters = [{ Name: 'group-id', Values: [WEB] }];
    expect(await aws.callApi('ec2', 'DescribeSecurityGroupRules', { Filters }, STEP)).toMatchObject({
      SecurityGroupRules: [{ GroupId: WEB, ReferencedGroupInfo: { GroupId: APP } }],
    });
    expect(await aws.callApi('elbv2', 'DescribeLoadBalancers', {}, STEP)).toMatchObject({
      LoadBalancers: [{ LoadBalancerArn: ALB, SecurityGroups: [WEB] }],
    });
  });

  test('an operation that the fake does not know is refused', async () => {
    await expect(fakeAws().callApi('iam', 'CreateUser', {}, STEP)).rejects.toMatchObject({ name: 'InvalidAction' });
  });

  test('a write stays hidden from as many reads as the lag says, each write for itself', async () => {
    const aws = holding([], { lag: 2 });
    const seen = () => aws.read().groups[0]!.ingress.length;
    await allow(aws, cidrs('203.0.113.0/24'));
    expect(seen()).toBe(0);
    await allow(aws, cidrs('198.51.100.0/24'));
    expect([seen(), seen(), seen()]).toEqual([0, 1, 2]);
    expect(rulesOf(aws)).toHaveLength(2);
  });

  test('an API that describes is behind as well, and a write never is', async () => {
    const aws = holding([], { lag: 1 });
    await allow(aws, cidrs('203.0.113.0/24'));
    await expect(allow(aws, cidrs('203.0.113.0/24'))).rejects.toMatchObject({ name: 'InvalidPermission.Duplicate' });
    const rules = async () => (await ec2(aws, 'DescribeSecurityGroupRules'))['SecurityGroupRules'];
    expect(await rules()).toHaveLength(0);
    expect(await rules()).toHaveLength(1);
  });

  test('everything is seen once it has settled; time alone does not do it', async () => {
    const aws = holding([], { lag: 9 });
    await allow(aws, cidrs('203.0.113.0/24'));
    const before = aws.now();
    aws.elapse(60);
    expect(aws.now() - before).toBe(60_000);
    expect(aws.read().groups[0]!.ingress).toHaveLength(0);
    aws.settle();
    expect(aws.read().groups[0]!.ingress).toHaveLength(1);
  });
});

describe('what was done', () => {
  test('every write is in the log with its caller, before and after; reads and refused calls are not', async () => {
    const aws = holding([]);
    const before = aws.state();
    await allow(aws, cidrs('203.0.113.0/24'));
    await ec2(aws, 'DescribeSecurityGroupRules');
    await expect(allow(aws, cidrs('203.0.113.0/24'))).rejects.toThrow();
    expect(aws.changes()).toEqual([
      {
        by: STEP,
        service: 'ec2',
        api: 'AuthorizeSecurityGroupIngress',
        params: { GroupId: WEB, IpPermissions: [cidrs('203.0.113.0/24')] },
        before,
        after: aws.state(),
      },
    ]);
  });

  test('a person may change anything, which is in the log too', () => {
    const aws = holding([]);
    aws.edit((state) => withGroup(state, fakeGroup({ tags: { 'origin-guard:exempt': 'yes' } })), 'tag');
    expect(aws.state().groups[0]!.tags).toEqual({ 'origin-guard:exempt': 'yes' });
    expect(aws.changes()).toMatchObject([{ by: { step: 'person' }, service: 'person', api: 'tag' }]);
    aws.edit((state) => state);
    expect(aws.changes()[1]).toMatchObject({ api: 'edit' });
  });

  test('the state is frozen to its leaves', () => {
    const aws = holding([open(fromCidr('0.0.0.0/0'))]);
    expect(Object.isFrozen(aws.state().groups[0]!.ingress[0]!.source)).toBe(true);
  });
});

describe('who reaches a load balancer', () => {
  const reach = (rules: readonly IngressRule[], source: string, port = 443) =>
    holding(rules).reaches(source, ALB, port);

  test.each([
    ["CloudFront's list admits CloudFront", [open(fromList(CLOUDFRONT_V4))], 'cloudfront-ipv4', true],
    ['one family does not admit the other', [open(fromList(CLOUDFRONT_V4))], 'cloudfront-ipv6', false],
    ["CloudFront's other list", [open(fromList(CLOUDFRONT_V6))], 'cloudfront-ipv6', true],
    ['the world admits CloudFront', [open(fromCidr('0.0.0.0/0'))], 'cloudfront-ipv4', true],
    ['the world of one family is not the other', [open(fromCidr('::/0'))], 'cloudfront-ipv4', false],
    [
      "blocks that together hold CloudFront's addresses",
      ['13.124.199.0/25', '13.124.199.128/25'].map((text) => open(fromCidr(text))),
      'cloudfront-ipv4',
      true,
    ],
    ["a part of CloudFront's addresses", [open(fromCidr('13.124.199.0/25'))], 'cloudfront-ipv4', false],
    ["CloudFront's addresses are admitted by its list", [open(fromList(CLOUDFRONT_V4))], '13.124.199.7/32', true],
    ['others are not', [open(fromList(CLOUDFRONT_V4))], '203.0.113.7/32', false],
    ['another port', [open(fromCidr('0.0.0.0/0'), 'tcp', 80)], 'cloudfront-ipv4', false],
    ['a range of ports', [open(fromCidr('0.0.0.0/0'), 'tcp', 80, 8080)], 'cloudfront-ipv4', true],
    ['every protocol', [open(fromCidr('0.0.0.0/0'), '-1', null)], 'cloudfront-ipv4', true],
    ['another protocol', [open(fromCidr('0.0.0.0/0'), 'udp')], 'cloudfront-ipv4', false],
    ['a group is no address', [open(fromGroup(APP))], 'cloudfront-ipv4', false],
    ['nothing', [], 'cloudfront-ipv4', false],
  ] as const)('%s', (_, rules, source, expected) => {
    expect(reach(rules, source)).toBe(expected);
  });

  test('the groups of a load balancer count together', () => {
    const groups = [
      fakeGroup({ ingress: [open(fromCidr('13.124.199.0/25'))] }),
      fakeGroup({ id: APP, ingress: [open(fromCidr('13.124.199.128/25'))] }),
    ];
    const loadBalancers = [fakeLoadBalancer({ securityGroups: [WEB, APP] })];
    expect(made(groups, { state: { loadBalancers } }).reaches('cloudfront-ipv4', ALB, 443)).toBe(true);
    expect(made(groups).reaches('cloudfront-ipv4', ALB, 443)).toBe(false);
  });

  test('a write counts at once, even while readers do not see it', async () => {
    const aws = holding([], { lag: 9 });
    await allow(aws, list(CLOUDFRONT_V4));
    expect(aws.reaches('cloudfront-ipv4', ALB, 443)).toBe(true);
  });

  test('nobody reaches a load balancer that is not there, and a source must be one', () => {
    expect(holding([open(fromCidr('0.0.0.0/0'))]).reaches('203.0.113.7/32', 'arn:none', 443)).toBe(false);
    expect(() => reach([], 'everybody')).toThrow(RangeError);
  });

  test("while CloudFront's addresses are not known, only the whole world holds them", () => {
    const rules = [open(fromCidr('0.0.0.0/0')), open(fromCidr('2000::/3'))];
    const aws = holding(rules, { lists: [] });
    expect(aws.reaches('cloudfront-ipv4', ALB, 443)).toBe(true);
    expect(aws.reaches('cloudfront-ipv6', ALB, 443)).toBe(false);
  });
});
