import { CLOUDFRONT_V4, CLOUDFRONT_V6, fromCidr, fromGroup, fromList, groupId, open, VPC } from '../builders.js';
import { fakeAws, type FakeAccount } from './fake-aws.js';
import { fakeGroup, fakeLoadBalancer } from './fake-state.js';
import {
  allow,
  APP,
  cidrs,
  ec2,
  holding,
  list,
  made,
  permission,
  refused,
  revoke,
  rulesOf,
  WEB,
} from './small-accounts.js';

describe('AuthorizeSecurityGroupIngress', () => {
  test('adds a rule for each source, with an id of its own', async () => {
    const aws = made([fakeGroup(), fakeGroup({ id: APP })]);
    const answer = await allow(
      aws,
      permission({
        IpRanges: [{ CidrIp: '203.0.113.0/24', Description: 'office' }],
        Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
        UserIdGroupPairs: [{ GroupId: APP }],
        PrefixListIds: [{ PrefixListId: CLOUDFRONT_V4 }],
      }),
    );
    expect(rulesOf(aws).map(({ source }) => source)).toEqual([
      fromCidr('203.0.113.0/24'),
      fromCidr('2001:db8::/32'),
      fromList(CLOUDFRONT_V4),
      fromGroup(APP),
    ]);
    expect(rulesOf(aws)[0]).toMatchObject({ protocol: 'tcp', fromPort: 443, toPort: 443, description: 'office' });
    expect(new Set(rulesOf(aws).map(({ ruleId }) => ruleId)).size).toBe(4);
    expect(answer['SecurityGroupRules']).toMatchObject([
      { CidrIpv4: '203.0.113.0/24', Description: 'office', SecurityGroupRuleId: rulesOf(aws)[0]!.ruleId },
      { CidrIpv6: '2001:db8::/32' },
      { PrefixListId: CLOUDFRONT_V4 },
      { ReferencedGroupInfo: { GroupId: APP } },
    ]);
  });

  test('refuses the whole call when one rule is there already, whatever its description', async () => {
    const aws = holding([open(fromCidr('203.0.113.0/24'))]);
    await refused(aws, allow(aws, cidrs('198.51.100.0/24', '203.0.113.0/24')), 'InvalidPermission.Duplicate');
  });

  test('refuses a call that asks for the same rule twice', async () => {
    const aws = holding([]);
    await refused(aws, allow(aws, cidrs('203.0.113.0/24'), cidrs('203.0.113.0/24')), 'InvalidParameterValue');
  });

  test.each([
    ['a group that does not exist', { GroupId: groupId('sg-0none') }, 'InvalidGroup.NotFound'],
    ['no permission', { IpPermissions: [] }, 'MissingParameter'],
    ['permissions that are a text', { IpPermissions: '' }, 'ValidationException'],
    ['no group', { GroupId: '' }, 'ValidationException'],
    ['a port that is a text', { IpPermissions: [permission({ IpRanges: [] }, '443')] }, 'ValidationException'],
    ['no ports', { IpPermissions: [permission({ IpRanges: [] }, null)] }, 'InvalidParameterValue'],
    ['ports the wrong way round', { IpPermissions: [permission({}, 443, 80)] }, 'InvalidParameterValue'],
    ['a CIDR that is none', { IpPermissions: [cidrs('203.0.113.0')] }, 'InvalidParameterValue'],
    ['a list that does not exist', { IpPermissions: [list('pl-0none')] }, 'InvalidPrefixListID.NotFound'],
    ['a list id that is none', { IpPermissions: [list('')] }, 'InvalidPrefixListId.Malformed'],
    [
      'a source group that does not exist',
      { IpPermissions: [permission({ UserIdGroupPairs: [{ GroupId: 'sg-0none' }] })] },
      'InvalidGroup.NotFound',
    ],
    [
      'a source group id that is none',
      { IpPermissions: [permission({ UserIdGroupPairs: [{ GroupId: '' }] })] },
      'InvalidGroupId.Malformed',
    ],
  ])('refuses %s', async (_, params, name) => {
    const aws = holding([]);
    await refused(aws, ec2(aws, 'AuthorizeSecurityGroupIngress', { IpPermissions: [cidrs('::/0')], ...params }), name);
  });

  test('a protocol without ports needs none', async () => {
    const aws = holding([]);
    await allow(aws, { IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }] });
    expect(rulesOf(aws)).toMatchObject([{ protocol: '-1', fromPort: null, toPort: null }]);
  });
});

describe('the quota of rules', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => open(fromCidr(`198.51.100.${String(at)}/32`)));

  test("CloudFront's list weighs 55: it fits beside 5 rules, and not beside 6", async () => {
    const five = holding(many(5));
    await allow(five, list(CLOUDFRONT_V4));
    expect(rulesOf(five)).toHaveLength(6);
    const six = holding(many(6));
    await refused(six, allow(six, list(CLOUDFRONT_V4)), 'RulesPerSecurityGroupLimitExceeded');
  });

  test('the quota of the account counts', async () => {
    const quotas = { 'rules-per-group': 61, 'groups-per-interface': 5 };
    const six = holding(many(6), { quotas });
    await allow(six, list(CLOUDFRONT_V4));
    expect(rulesOf(six)).toHaveLength(7);
  });

  test('each address family has a quota of its own', async () => {
    const aws = holding(many(60));
    await allow(aws, permission({ Ipv6Ranges: [{ CidrIpv6: '::/0' }] }));
    await expect(allow(aws, cidrs('0.0.0.0/0'))).rejects.toMatchObject({ name: 'RulesPerSecurityGroupLimitExceeded' });
  });

  test('counted in both families, the two lists of CloudFront do not fit together; counted by family they do', async () => {
    const both = holding([open(fromList(CLOUDFRONT_V4))]);
    await refused(both, allow(both, list(CLOUDFRONT_V6)), 'RulesPerSecurityGroupLimitExceeded');
    const byFamily = holding([open(fromList(CLOUDFRONT_V4))], { counting: 'by-family' });
    await allow(byFamily, list(CLOUDFRONT_V6));
    expect(rulesOf(byFamily)).toHaveLength(2);
  });

  test('a group counts 1, in both families or in IPv4', async () => {
    const groups = [fakeGroup({ ingress: many(60) }), fakeGroup({ id: APP })];
    const pair = permission({ UserIdGroupPairs: [{ GroupId: APP }] });
    const inV4 = made(groups);
    await refused(inV4, allow(inV4, pair), 'RulesPerSecurityGroupLimitExceeded');
    const v6 = Array.from({ length: 60 }, (_, at) => open(fromCidr(`2001:db8::${String(at)}/128`)));
    const full = [fakeGroup({ ingress: v6 }), fakeGroup({ id: APP })];
    const inV6 = made(full);
    await refused(inV6, allow(inV6, pair), 'RulesPerSecurityGroupLimitExceeded');
    const byFamily = made(full, { counting: 'by-family' });
    await allow(byFamily, pair);
    expect(rulesOf(byFamily)).toHaveLength(61);
  });

  test('a list of a customer weighs what it may hold, another one of AWS what it is said to', async () => {
    const [cloudfront] = fakeAws().account.lists;
    const customer = { ...cloudfront!, id: fromListId('pl-0in'), name: 'office', ownerId: '111122223333' };
    const checkers = {
      ...cloudfront!,
      id: fromListId('pl-0r53'),
      name: 'com.amazonaws.us-east-1.route53-healthchecks',
    };
    const lists = [{ ...customer, maxEntries: 10 }, checkers];
    const overrides = { lists, weights: { 'pl-0r53': 25 } };
    const fits = holding(many(25), overrides);
    await allow(fits, list('pl-0in'), list('pl-0r53'));
    const over = holding(many(26), overrides);
    await refused(over, allow(over, list('pl-0in'), list('pl-0r53')), 'RulesPerSecurityGroupLimitExceeded');
    const counted = holding(many(59), { lists: [customer] });
    await allow(counted, list('pl-0in'));
    expect(rulesOf(counted)).toHaveLength(60);
  });
});

const fromListId = (id: string) => {
  const source = fromList(id);
  if (source.kind !== 'prefix-list') throw new RangeError(id);
  return source.prefixListId;
};

describe('RevokeSecurityGroupIngress', () => {
  const rules = [open(fromCidr('0.0.0.0/0')), open(fromCidr('::/0')), open(fromList(CLOUDFRONT_V4))];

  test('removes rules by their ids', async () => {
    const aws = holding(rules);
    const [first, second, third] = rulesOf(aws);
    const answer = await revoke(aws, { SecurityGroupRuleIds: [first!.ruleId, second!.ruleId] });
    expect(rulesOf(aws)).toEqual([third]);
    expect(answer['RevokedSecurityGroupRules']).toMatchObject([{ CidrIpv4: '0.0.0.0/0' }, { CidrIpv6: '::/0' }]);
  });

  test('removes nothing when one id is unknown, or belongs to another group', async () => {
    const aws = made([fakeGroup({ ingress: rules }), fakeGroup({ id: APP, ingress: rules })]);
    const [own] = rulesOf(aws);
    const [foreign] = rulesOf(aws, APP);
    const name = 'InvalidSecurityGroupRuleId.NotFound';
    await refused(aws, revoke(aws, { SecurityGroupRuleIds: [own!.ruleId, 'sgr-0none'] }), name);
    await refused(aws, revoke(aws, { SecurityGroupRuleIds: [own!.ruleId, foreign!.ruleId] }), name);
  });

  test.each([[[]], [''], [[1]]])('refuses %j for ids', async (ids) => {
    const aws = holding(rules);
    await refused(aws, revoke(aws, { SecurityGroupRuleIds: ids }), 'ValidationException');
  });

  test('removes rules by their properties', async () => {
    const aws = holding(rules);
    await revoke(aws, { IpPermissions: [cidrs('0.0.0.0/0')] });
    expect(rulesOf(aws).map(({ source }) => source)).toEqual([fromCidr('::/0'), fromList(CLOUDFRONT_V4)]);
  });

  test('properties that no rule has are an error, except in a default VPC', async () => {
    const IpPermissions = [cidrs('0.0.0.0/0'), cidrs('203.0.113.0/24')];
    const aws = holding(rules);
    await refused(aws, revoke(aws, { IpPermissions }), 'InvalidPermission.NotFound');
    const inDefault = holding(rules, { defaultVpcs: [VPC] });
    await revoke(inDefault, { IpPermissions });
    expect(rulesOf(inDefault)).toHaveLength(2);
  });
});

describe('CreateSecurityGroup', () => {
  const params = { GroupName: 'origin-guard-1', VpcId: VPC, Description: 'for one load balancer' };

  test('makes an empty group with its tags, that lets everything out', async () => {
    const aws = holding([]);
    const TagSpecifications = [{ ResourceType: 'security-group', Tags: [{ Key: 'managed', Value: 'true' }] }];
    const { GroupId: id } = await ec2(aws, 'CreateSecurityGroup', { ...params, TagSpecifications });
    expect(String(id)).toMatch(/^sg-[0-9a-f]{17}$/);
    expect(aws.state().groups.at(-1)).toMatchObject({
      id,
      name: 'origin-guard-1',
      vpcId: VPC,
      tags: { managed: 'true' },
      ingress: [],
      openEgress: true,
    });
  });

  test('refuses a name that the VPC has', async () => {
    const aws = made([fakeGroup({ name: 'origin-guard-1' })]);
    await refused(aws, ec2(aws, 'CreateSecurityGroup', params), 'InvalidGroup.Duplicate');
    const elsewhere = made([fakeGroup({ name: 'origin-guard-1', vpcId: 'vpc-0b2' })]);
    await ec2(elsewhere, 'CreateSecurityGroup', params);
    expect(elsewhere.state().groups).toHaveLength(2);
  });

  test.each([
    ['a VPC that does not exist', { VpcId: 'vpc-0none' }, 'InvalidVpcID.NotFound'],
    ['a name that looks like an id', { GroupName: 'sg-web' }, 'InvalidParameterValue'],
    ['no description', { Description: '' }, 'ValidationException'],
  ])('refuses %s', async (_, other, name) => {
    const aws = holding([]);
    await refused(aws, ec2(aws, 'CreateSecurityGroup', { ...params, ...other }), name);
  });
});

describe('DeleteSecurityGroup', () => {
  const free = fakeGroup({ id: APP });

  test('removes a group that nothing uses, even if it names itself', async () => {
    const aws = made([fakeGroup(), fakeGroup({ id: APP, ingress: [open(fromGroup(APP))] })]);
    await ec2(aws, 'DeleteSecurityGroup', { GroupId: APP });
    expect(aws.state().groups.map(({ id }) => id)).toEqual([WEB]);
  });

  test.each([
    ['a load balancer uses', { state: { loadBalancers: [fakeLoadBalancer({ securityGroups: [APP] })] } }],
    [
      'an interface uses',
      {
        state: {
          interfaces: [
            { id: 'eni-1', type: 'interface', description: '', isManaged: false, vpcId: VPC, groups: [APP] },
          ],
        },
      },
    ],
    ['an ingress rule names', { state: { groups: [free, fakeGroup({ ingress: [open(fromGroup(APP))] })] } }],
    ['an egress rule names', { state: { groups: [free, fakeGroup({ egressTo: [APP] })] } }],
  ])('refuses a group that %s', async (_, overrides: Partial<FakeAccount>) => {
    const aws = made([fakeGroup(), free], overrides);
    await refused(aws, ec2(aws, 'DeleteSecurityGroup', { GroupId: APP }), 'DependencyViolation');
  });

  test('refuses the default group', async () => {
    const aws = made([fakeGroup({ id: APP, name: 'default' })]);
    await refused(aws, ec2(aws, 'DeleteSecurityGroup', { GroupId: APP }), 'CannotDelete');
  });
});
