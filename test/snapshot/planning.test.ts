import { known } from '../../core/fact.js';
import { LoadBalancerArn, SecurityGroupId } from '../../core/ids.js';
import {
  ACCOUNT,
  alb,
  albArn,
  compliantFiles,
  GROUP,
  group,
  groupRule,
  networkInterface,
  OTHER_ACCOUNT,
  permission,
  REGION,
  VPC,
  without,
  type Files,
  type Json,
} from '../support/saved-files.js';
import { APP, AT, planning, told, WEB } from './planning-answers.js';

const NLB = albArn('tcp').replace('/app/', '/net/');

const withInterfaces = (...all: readonly Json[]): Files =>
  compliantFiles({ 'interfaces.json': { NetworkInterfaces: all } });

const carrying = (id: string, overrides: Json = {}): Json =>
  networkInterface('203.0.113.7', {
    NetworkInterfaceId: id,
    RequesterManaged: true,
    Groups: [{ GroupId: GROUP, GroupName: 'web' }],
    ...overrides,
  });

const ALB_INTERFACE = {
  id: 'eni-0a',
  type: 'interface',
  description: 'ELB app/web/50dc6c495c0c9188',
  isManaged: true,
};

describe('the interfaces that carry a group', () => {
  const asked = async (files: Files, id = WEB) => told((await planning(files)).interfacesOf(id, AT));

  test('are those that name it, in whatever VPC', async () => {
    const files = withInterfaces(
      carrying('eni-0b', { Description: 'db', RequesterManaged: false, VpcId: 'vpc-0b', InterfaceType: 'lambda' }),
      carrying('eni-0a'),
      carrying('eni-0c', { Groups: [{ GroupId: APP }] }),
      carrying('eni-0d', { Groups: [] }),
    );
    expect(await asked(files)).toEqual([
      ALB_INTERFACE,
      { id: 'eni-0b', type: 'lambda', description: 'db', isManaged: false },
    ]);
    expect(await asked(files, SecurityGroupId.parse('sg-0none'))).toEqual([]);
  });

  test('are told once, and as two when two moments differ', async () => {
    const changed = carrying('eni-0a', { Description: null, InterfaceType: null, RequesterManaged: null });
    const files = {
      ...withInterfaces(carrying('eni-0a'), carrying('eni-0a')),
      'later.json': { NetworkInterfaces: [changed] },
    };
    expect(await asked(files)).toEqual([
      { id: 'eni-0a', type: 'interface', description: '', isManaged: null },
      ALB_INTERFACE,
    ]);
  });

  test('are read from AWS Config', async () => {
    const item = {
      resourceType: 'AWS::EC2::NetworkInterface',
      resourceId: 'eni-0a',
      awsAccountId: ACCOUNT,
      awsRegion: REGION,
      configurationItemStatus: 'OK',
      configuration: {
        networkInterfaceId: 'eni-0a',
        interfaceType: 'interface',
        description: 'ELB app/web/50dc6c495c0c9188',
        requesterManaged: true,
        groups: [{ groupName: 'web', groupId: GROUP }],
      },
    };
    expect(await asked(compliantFiles({ 'items.json': { configurationItems: [item] } }))).toEqual([ALB_INTERFACE]);
  });

  test('are a gap where no interfaces were saved, or those of another account', async () => {
    const gap = expect.stringMatching(
      /^not-seen: the network interfaces of account 111122223333 in us-east-1 were not/,
    );
    expect(await asked(compliantFiles())).toEqual(gap);
    expect(await asked(withInterfaces(carrying('eni-0a', { OwnerId: OTHER_ACCOUNT })))).toEqual(gap);
  });

  test('are a gap where the list goes on, or hides the groups of an interface', async () => {
    const files = compliantFiles({ 'a.json': { NetworkInterfaces: [carrying('eni-0a')], NextToken: 'more' } });
    expect(await asked(files)).toMatch(/^incomplete: .* go on in a page/);
    const hidden = withInterfaces(carrying('eni-0a'), carrying('eni-0b', { Groups: null }));
    expect(await asked(hidden)).toBe(
      'incomplete: network interface eni-0b has no Groups; add the output of aws ec2 describe-network-interfaces as it is',
    );
  });

  test('are a gap where reading them was denied to collect', async () => {
    const Denied = [{ fact: 'networkInterfaces', detail: 'no', accountId: ACCOUNT, region: REGION }];
    expect(await asked(compliantFiles({ 'denied.json': { Denied } }))).toBe('access-denied: no');
  });
});

describe("Global Accelerator's interfaces", () => {
  const accelerator = (id: string, VpcId = VPC) =>
    carrying(id, { InterfaceType: 'global_accelerator_managed', Description: '', VpcId, Groups: [] });

  test('are those of the VPC', async () => {
    const { acceleratorsIn } = await planning(
      withInterfaces(accelerator('eni-0b'), accelerator('eni-0a'), accelerator('eni-0c', 'vpc-0b'), carrying('eni-0d')),
    );
    expect(await acceleratorsIn(VPC, AT)).toEqual(known(['eni-0a', 'eni-0b']));
    expect(await acceleratorsIn('vpc-0none', AT)).toEqual(known([]));
  });

  test('are a gap where no interfaces were saved', async () => {
    expect(await told((await planning(compliantFiles())).acceleratorsIn(VPC, AT))).toMatch(/^not-seen: /);
  });

  test.each<[string, Json]>([
    ['type', carrying('eni-0x', { InterfaceType: undefined })],
    ['VPC', { ...accelerator('eni-0x'), VpcId: undefined }],
  ])('are a gap where an interface does not say its %s', async (_, item) => {
    const { acceleratorsIn } = await planning(withInterfaces(accelerator('eni-0a'), item));
    expect(await told(acceleratorsIn(VPC, AT))).toBe(
      'incomplete: network interface eni-0x has no InterfaceType or no VpcId; add the output of aws ec2 describe-network-interfaces as it is',
    );
  });

  test('an interface without a type in another VPC hides none', async () => {
    const elsewhere = carrying('eni-0x', { InterfaceType: undefined, VpcId: 'vpc-0b' });
    const { acceleratorsIn } = await planning(withInterfaces(accelerator('eni-0a'), elsewhere));
    expect(await acceleratorsIn(VPC, AT)).toEqual(known(['eni-0a']));
  });
});

describe('network load balancers that forward to a load balancer', () => {
  const nlb = { LoadBalancerArn: NLB, LoadBalancerName: 'tcp', Type: 'network', VpcId: VPC, Scheme: 'internal' };
  const both = (overrides: Json = {}) => ({
    'load-balancers.json': { LoadBalancers: [alb(), { ...nlb, ...overrides }] },
  });
  const target = (overrides: Json = {}): Json => ({
    TargetGroupArn: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/t/0123456789abcdef`,
    TargetType: 'alb',
    VpcId: VPC,
    LoadBalancerArns: [NLB],
    ...overrides,
  });
  const targets = (...all: readonly Json[]) => ({ 'target-groups.json': { TargetGroups: all } });
  const asked = async (files: Files) => {
    const { forwardersTo, loadBalancers } = await planning(compliantFiles(files));
    const { items } = await loadBalancers();
    const web = items.find(({ arn }) => arn === LoadBalancerArn.parse(albArn()));
    return told(forwardersTo({ ...items[0]!, arn: LoadBalancerArn.parse(albArn()), ...web, scope: AT }));
  };

  test.each<[string, Files]>([
    ['its target group leads there', targets(target({ Targets: [albArn()] }))],
    ['nobody says where the target groups of the VPC lead', targets(target())],
    ['it does not say in which VPC it is', { ...both({ VpcId: undefined }), ...targets(target()) }],
    ['its target group does not say in which VPC it is', targets(target({ VpcId: undefined }))],
  ])('are told where %s', async (_, files) => {
    expect(await asked({ ...both(), ...files })).toEqual([NLB]);
  });

  test.each<[string, Files]>([
    ['no network load balancer is in the VPC', both({ VpcId: 'vpc-0b' })],
    ['its target group leads elsewhere', { ...both(), ...targets(target({ Targets: [albArn('other')] })) }],
    ['its target groups are of instances', { ...both(), ...targets(target({ TargetType: 'instance' })) }],
    ['there are no target groups', { ...both(), ...targets() }],
  ])('are none where %s', async (_, files) => {
    expect(await asked(files)).toEqual([]);
  });

  test('are a gap where there may be one, and target groups were not seen', async () => {
    const gap =
      /^not-seen: the target groups of account 111122223333 in us-east-1 were not seen; add the output of aws elbv2 describe-target-groups$/;
    expect(await asked(both())).toMatch(gap);
    const elsewhere = target({ TargetGroupArn: `arn:aws:elasticloadbalancing:eu-west-1:${ACCOUNT}:targetgroup/t/0` });
    expect(await asked({ ...both(), ...targets(elsewhere) })).toMatch(gap);
  });

  test('are a gap where load balancers were not seen to the end', async () => {
    const LoadBalancers = [alb()];
    expect(await asked({ 'load-balancers.json': { LoadBalancers, NextMarker: 'more' } })).toMatch(/^incomplete: /);
  });

  test.each(['targetGroups', 'targets of arn:x'])('are a gap where reading %s was denied to collect', async (fact) => {
    const Denied = [{ fact, detail: 'no', accountId: ACCOUNT, region: REGION }];
    expect(await asked({ ...both(), 'denied.json': { Denied } })).toBe('access-denied: no');
  });
});

const admitsGroup = (id: string) =>
  permission({ PrefixListIds: [], UserIdGroupPairs: [{ GroupId: id, UserId: ACCOUNT }] });
const OPEN_EGRESS = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], UserIdGroupPairs: [] }];
const groups = (...all: readonly Json[]): Files => compliantFiles({ 'security-groups.json': { SecurityGroups: all } });
const rules = (...all: readonly Json[]): Files => ({ 'rules.json': { SecurityGroupRules: all } });

describe('the rules that name a group', () => {
  const asked = async (files: Files) => told((await planning(files)).referencesTo(WEB, AT));

  test('are those of any group, its own too, in and out', async () => {
    const files = groups(
      group({ IpPermissions: [admitsGroup(GROUP)] }),
      group({ GroupId: 'sg-0db', IpPermissions: [admitsGroup(GROUP), admitsGroup(APP)] }),
      group({
        GroupId: APP,
        IpPermissions: [admitsGroup(GROUP)],
        IpPermissionsEgress: [...OPEN_EGRESS, admitsGroup(GROUP)],
      }),
    );
    expect(await asked(files)).toEqual([
      { by: APP, direction: 'egress' },
      { by: APP, direction: 'ingress' },
      { by: 'sg-0db', direction: 'ingress' },
      { by: GROUP, direction: 'ingress' },
    ]);
  });

  test('are read from rules one by one', async () => {
    const named = { ReferencedGroupInfo: { GroupId: GROUP, UserId: ACCOUNT } };
    const files = {
      ...groups(group(), group({ GroupId: APP, IpPermissionsEgress: undefined })),
      ...rules(
        groupRule({ GroupId: APP, SecurityGroupRuleId: 'sgr-0a', ...named }),
        groupRule({ GroupId: APP, SecurityGroupRuleId: 'sgr-0b', IsEgress: true, ...named }),
        groupRule({
          GroupId: APP,
          SecurityGroupRuleId: 'sgr-0c',
          IsEgress: true,
          IpProtocol: '-1',
          CidrIpv4: '0.0.0.0/0',
        }),
      ),
    };
    expect(await asked(files)).toEqual([
      { by: APP, direction: 'egress' },
      { by: APP, direction: 'ingress' },
    ]);
  });

  test('are none where nobody names it', async () => {
    expect(await asked(compliantFiles())).toEqual([]);
  });

  test('are a gap where groups were not seen', async () => {
    const files = { ...without(compliantFiles(), 'security-groups.json'), ...rules(groupRule()) };
    expect(await asked(files)).toMatch(/^not-seen: the security groups of account 111122223333 in us-east-1 were not/);
  });

  test.each<[string, Json, RegExp]>([
    ['ingress', { IpPermissions: null }, /^not-seen: the ingress rules of sg-0app were not seen/],
    ['egress', { IpPermissionsEgress: null }, /^not-seen: the egress rules of sg-0app were not seen/],
    ['egress in part', { IpPermissionsEgress: [{ IpProtocol: 'x', UserIdGroupPairs: [{}] }] }, /^not-seen: the egress/],
  ])('are a gap where the %s of another group there is hidden', async (_, overrides, gap) => {
    expect(await asked(groups(group(), group({ GroupId: APP, ...overrides })))).toMatch(gap);
    const elsewhere = group({ GroupId: APP, ...overrides }, { account: OTHER_ACCOUNT });
    expect(await asked(groups(group(), elsewhere))).toEqual([]);
  });

  test('are a gap where the rules of the group were seen, and not to the end', async () => {
    const part = { 'rules.json': { SecurityGroupRules: [groupRule({ IsEgress: true })], NextToken: 'more' } };
    expect(await asked({ ...groups(group({ IpPermissionsEgress: null })), ...part })).toMatch(/^not-seen: the egress/);
  });
});

describe('open egress', () => {
  const asked = async (files: Files) => told((await planning(files)).hasOpenEgress(WEB, AT));

  test.each<[boolean, string, Files]>([
    [true, 'everything goes out', groups(group({ IpPermissionsEgress: OPEN_EGRESS }))],
    [false, 'nothing goes out', groups(group())],
    [
      true,
      'a rule lets everything out',
      {
        ...groups(group({ IpPermissionsEgress: null })),
        ...rules(groupRule({ IsEgress: true, IpProtocol: '-1', CidrIpv4: '0.0.0.0/0' })),
      },
    ],
    [
      false,
      'no rule of egress is among the rules',
      { ...groups(group({ IpPermissionsEgress: null })), ...rules(groupRule()) },
    ],
    [
      false,
      'two moments differ',
      { ...groups(group({ IpPermissionsEgress: OPEN_EGRESS })), 'later.json': { SecurityGroups: [group()] } },
    ],
  ])('is %s where %s', async (expected, _, files) => {
    expect(await asked(files)).toBe(expected);
  });

  test('is a gap where the egress was not seen, or nobody saved the group', async () => {
    expect(await asked(groups(group({ IpPermissionsEgress: null })))).toMatch(/^not-seen: the egress rules of sg-0web/);
    expect(await asked(groups(group({ GroupId: APP })))).toMatch(/^not-seen: the egress rules of sg-0web/);
    expect(await asked(without(compliantFiles(), 'security-groups.json'))).toMatch(/^not-seen: the security groups of/);
  });
});

describe('groups of a name', () => {
  test('are those of the VPC', async () => {
    const { groupsNamed } = await planning(
      groups(group(), group({ GroupId: APP }), group({ GroupId: 'sg-0b', GroupName: 'group-0web', VpcId: 'vpc-0b' })),
    );
    const named = await told(groupsNamed(['group-0web', 'nobody'], VPC, AT));
    expect(named).toMatchObject([{ id: GROUP, name: 'group-0web' }]);
    expect(named).toHaveLength(1);
  });

  test('are a gap where groups were not seen', async () => {
    const { groupsNamed } = await planning(without(compliantFiles(), 'security-groups.json'));
    expect(await told(groupsNamed(['a'], VPC, AT))).toMatch(/^not-seen: /);
  });
});
