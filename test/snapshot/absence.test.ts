import {
  ACCOUNT,
  alb,
  albArn,
  compliantFiles,
  detailed,
  distribution,
  evaluationOf,
  filesWith,
  group,
  GROUP,
  groupRule,
  items,
  listener,
  OPEN,
  origin,
  OTHER_ACCOUNT,
  permission,
  scan,
  verdictOn,
  without,
  type Files,
  type Json,
} from '../support/saved-files.js';

const distributionsOf = (...origins: readonly Json[]): Files => ({
  'distributions.json': { DistributionList: { Items: [distribution({ Origins: items(origins) })] } },
});

/** The compliant world with a second group, whose load balancer no distribution names. */
const withUnlinked = (overrides: Files = {}): Files =>
  compliantFiles({
    'unlinked.json': {
      SecurityGroups: [group({ GroupId: 'sg-0tools', IpPermissions: [OPEN] })],
      LoadBalancers: [alb({ LoadBalancerName: 'tools', SecurityGroups: ['sg-0tools'] })],
    },
    ...overrides,
  });
const unlinkedVerdict = async (files: Files) => {
  const { verdict, gaps } = evaluationOf(await scan(files), 'sg-0tools');
  return [verdict, ...gaps.map(({ cause }) => cause)].join(' ');
};

describe('an absent kind is not an empty one', () => {
  test('with every kind there, a group that nothing fronts is not applicable', async () => {
    expect(await unlinkedVerdict(withUnlinked())).toBe('NOT_APPLICABLE');
  });

  test('security groups: the group of a fronted load balancer is indeterminate', async () => {
    const ran = await scan(without(compliantFiles(), 'security-groups.json'));
    expect(ran.code).toBe(3);
    expect(evaluationOf(ran)).toMatchObject({
      verdict: 'INDETERMINATE',
      gaps: [{ cause: 'not-seen', detail: expect.stringContaining('describe-security-groups') }],
    });
    expect(ran.stderr).toContain('no security group is in the input');
  });

  test('security groups: nothing at all to judge is no pass', async () => {
    const ran = await scan({ 'distributions.json': { DistributionList: { Quantity: 0 } } });
    expect([ran.code, ran.json.evaluations]).toEqual([3, []]);
  });

  test('load balancers', async () => {
    const ran = await scan(without(compliantFiles(), 'load-balancers.json'));
    expect(ran.code).toBe(3);
    expect(evaluationOf(ran)).toMatchObject({
      verdict: 'INDETERMINATE',
      gaps: [{ fact: 'loadBalancers', cause: 'not-seen' }],
    });
    expect(ran.json.unresolvedOrigins).toMatchObject([{ distributionId: 'E1WEB' }]);
  });

  test('distributions', async () => {
    const ran = await scan(without(compliantFiles(), 'distributions.json'));
    expect(ran.code).toBe(3);
    expect(evaluationOf(ran)).toMatchObject({
      verdict: 'INDETERMINATE',
      gaps: [{ fact: 'distributions', cause: 'not-seen' }],
    });
  });

  test('one distribution by itself says nothing of the others', async () => {
    const files = withUnlinked({ 'distributions.json': { Distribution: detailed(distribution()) } });
    expect(await verdictOn(files)).toBe('COMPLIANT');
    expect(await unlinkedVerdict(files)).toBe('INDETERMINATE not-seen');
  });

  test('prefix lists, where a rule cites one', async () => {
    expect(await verdictOn(without(compliantFiles(), 'prefix-lists.json'))).toBe('INDETERMINATE unresolved');
    expect(await verdictOn(without(filesWith([OPEN]), 'prefix-lists.json'))).toBe('NON_COMPLIANT world-ipv4');
    expect(await verdictOn(without(filesWith([OPEN, permission()]), 'prefix-lists.json'))).toBe(
      'NON_COMPLIANT world-ipv4 unresolved',
    );
  });

  test('VPC origins, where an origin names one', async () => {
    const named = origin('internal.example.com', { VpcOriginConfig: { VpcOriginId: 'vo_1' } });
    expect(await verdictOn(compliantFiles(distributionsOf(named)))).toBe('INDETERMINATE not-seen');
  });

  test('tenants, where an origin waits for their parameters', async () => {
    expect(await verdictOn(compliantFiles(distributionsOf(origin('{{tenant}}.example.com'))))).toBe(
      'INDETERMINATE not-seen',
    );
  });

  test('listeners, where only their ports count', async () => {
    const files = filesWith([OPEN]);
    expect(await verdictOn(files, '--param', 'ports=listeners')).toBe('INDETERMINATE not-seen');
    const listeners = { 'listeners.json': { Listeners: [listener()] } };
    expect(await verdictOn({ ...files, ...listeners }, '--param', 'ports=listeners')).toBe('NON_COMPLIANT world-ipv4');
  });

  test('the group that a rule cites, beside a VPC origin', async () => {
    const named = origin('internal.example.com', { VpcOriginConfig: { VpcOriginId: 'vo_1' } });
    const files = filesWith(
      [permission({ PrefixListIds: [], UserIdGroupPairs: [{ GroupId: 'sg-0svc', UserId: ACCOUNT }] })],
      {
        ...distributionsOf(named),
        'vpc-origins.json': { VpcOriginList: items([{ Id: 'vo_1', OriginEndpointArn: albArn() }]) },
      },
    );
    const svc = (overrides: Json) => ({
      'svc.json': {
        SecurityGroups: [group({ GroupId: 'sg-0svc', GroupName: 'CloudFront-VPCOrigins-Service-SG', ...overrides })],
      },
    });
    expect(await verdictOn(files)).toBe('INDETERMINATE not-seen');
    expect(await verdictOn({ ...files, ...svc({}) })).toBe('COMPLIANT');
    expect(await verdictOn({ ...files, ...svc({ VpcId: 'vpc-0b2' }) })).toBe('NON_COMPLIANT security-group-source');
    expect(await verdictOn({ ...files, ...svc({ GroupName: 'bastion' }) })).toBe('NON_COMPLIANT security-group-source');
  });

  test('tags of load balancers are only a warning', async () => {
    const ran = await scan(without(compliantFiles(), 'tags.json'), '--rule', 'alb-sg-cloudfront-only');
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/^warning: the tags of 1 load balancers were not seen.*describe-tags\n$/);
  });
});

describe('an empty list was seen', () => {
  test('{"LoadBalancers": []}', async () => {
    const files = compliantFiles({ 'load-balancers.json': { LoadBalancers: [] } });
    expect(await verdictOn(files)).toBe('NOT_APPLICABLE');
  });

  test.each<readonly [string, Json]>([
    ['{"Quantity": 0}', { Quantity: 0 }],
    ['{"Items": []}', { Items: [] }],
    ['{"IsTruncated": false, "Quantity": 0, "Items": null}', { IsTruncated: false, Quantity: 0, Items: null }],
  ])('{"DistributionList": %s}', async (_name, list) => {
    expect(await verdictOn(compliantFiles({ 'distributions.json': { DistributionList: list } }))).toBe(
      'NOT_APPLICABLE',
    );
  });

  test.each<readonly [string, Json]>([
    ['neither Items nor Quantity', {}],
    ['a Quantity but no Items', { Quantity: 3 }],
  ])('a list of distributions with %s is refused', async (_name, list) => {
    const ran = await scan(compliantFiles({ 'distributions.json': { DistributionList: list } }));
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(
      'distributions.json: DistributionList: found an object, expected Items, or a Quantity of 0',
    );
  });

  test('a distribution with fewer origins than its Quantity says is refused', async () => {
    const short = distribution({ Origins: { Quantity: 2, Items: [origin()] } });
    const ran = await scan(compliantFiles({ 'distributions.json': { DistributionList: { Items: [short] } } }));
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('DistributionList.Items[0].DistributionConfig.Origins');
  });
});

describe('a list whose last page is absent is incomplete', () => {
  const first = [distribution({ Id: 'E1OTHER', Origins: items([origin('bucket.s3.amazonaws.com')]) })];
  const truncated = { DistributionList: { IsTruncated: true, NextMarker: 'E1OTHER', ...items(first) } };

  test('distributions: IsTruncated', async () => {
    expect(await verdictOn(compliantFiles({ 'distributions.json': truncated }))).toBe('INDETERMINATE incomplete');
  });

  test('distributions: NextToken, as --max-items leaves it', async () => {
    const page = { DistributionList: { Items: first }, NextToken: 'abc' };
    expect(await verdictOn(compliantFiles({ 'distributions.json': page }))).toBe('INDETERMINATE incomplete');
  });

  test('distributions: neither get-distribution nor the list of another account completes it', async () => {
    const files = withUnlinked({
      'distributions.json': truncated,
      'one.json': { Distribution: detailed(distribution()) },
      [`${OTHER_ACCOUNT}/distributions.json`]: { DistributionList: { Quantity: 0 } },
    });
    expect(await unlinkedVerdict(files)).toBe('INDETERMINATE incomplete');
  });

  test('distributions: the last page completes it, in either order of files', async () => {
    const last = { DistributionList: { IsTruncated: false, ...items([distribution()]) } };
    for (const [a, b] of [
      [truncated, last],
      [last, truncated],
    ] as const) {
      const files = withUnlinked({ 'distributions.json': a, 'z.json': b });
      expect([await verdictOn(files), await unlinkedVerdict(files)]).toEqual(['COMPLIANT', 'NOT_APPLICABLE']);
    }
  });

  test('load balancers: NextMarker', async () => {
    const page = { LoadBalancers: [alb({ SecurityGroups: [] })], NextMarker: 'abc' };
    expect(await verdictOn(compliantFiles({ 'load-balancers.json': page }))).toBe('INDETERMINATE incomplete');
    const both = { 'load-balancers.json': page, 'more.json': { LoadBalancers: [alb({ LoadBalancerName: 'b' })] } };
    expect(await verdictOn(compliantFiles(both))).toBe('NOT_APPLICABLE');
  });

  test('security groups: NextToken is a warning, since the groups there are judged', async () => {
    const ran = await scan(compliantFiles({ 'security-groups.json': { SecurityGroups: [group()], NextToken: 'abc' } }));
    expect(ran.stderr).toBe('warning: the list of security groups goes on in a page that is not in the input\n');
    expect(evaluationOf(ran).verdict).toBe('COMPLIANT');
  });

  test('a null or empty token says that nothing follows', async () => {
    const list = { SecurityGroups: [group()], NextToken: null, NextMarker: '' };
    expect((await scan(compliantFiles({ 'security-groups.json': list }))).stderr).toBe('');
  });

  test('tenants: those that are seen count, and the others are a gap', async () => {
    const tenant = (id: string, value: string) => ({
      DistributionTenant: { Id: id, DistributionId: 'E1WEB', Parameters: [{ Name: 'tenant', Value: value }] },
    });
    const list = { DistributionTenantList: [{ Id: 'dt_1', DistributionId: 'E1WEB' }] };
    const files = (tenants: Json) =>
      withUnlinked({
        ...distributionsOf(origin('{{tenant}}-1234567890.us-east-1.elb.amazonaws.com')),
        'tenant.json': tenant('dt_1', 'web'),
        'tenants.json': tenants,
      });
    expect([await verdictOn(files(list)), await unlinkedVerdict(files(list))]).toEqual(['COMPLIANT', 'NOT_APPLICABLE']);
    const cut = files({ ...list, NextMarker: 'abc' });
    expect([await verdictOn(cut), await unlinkedVerdict(cut)]).toEqual(['COMPLIANT', 'INDETERMINATE incomplete']);
    const alone = without(files(list), 'tenants.json');
    expect([await verdictOn(alone), await unlinkedVerdict(alone)]).toEqual(['COMPLIANT', 'INDETERMINATE not-seen']);
  });
});

describe('rules whose last page is absent are not used', () => {
  const page = { SecurityGroupRules: [groupRule()], NextToken: 'abc' };

  test('IpPermissions decide in their place, with a warning', async () => {
    const ran = await scan(filesWith([OPEN], { 'rules.json': page }));
    expect(evaluationOf(ran).verdict).toBe('NON_COMPLIANT');
    expect(ran.stderr).toContain('the list of security group rules goes on in a page');
  });

  test('without IpPermissions the group is indeterminate', async () => {
    const files = compliantFiles({ 'security-groups.json': { SecurityGroups: [] }, 'rules.json': page });
    expect(await verdictOn(files)).toBe('INDETERMINATE incomplete');
  });

  test('the whole list of another account or Region does not complete it', async () => {
    const arn = `arn:aws:ec2:us-east-1:${OTHER_ACCOUNT}:security-group-rule/sgr-0x`;
    const other = groupRule({ GroupId: 'sg-0x', GroupOwnerId: OTHER_ACCOUNT, SecurityGroupRuleArn: arn });
    const files = filesWith([OPEN], { 'rules.json': page, 'others.json': { SecurityGroupRules: [other] } });
    expect(await verdictOn(files)).toBe('NON_COMPLIANT world-ipv4');
  });

  test('the last page completes it', async () => {
    const last = { SecurityGroupRules: [groupRule({ SecurityGroupRuleId: 'sgr-0z', CidrIpv4: '10.0.0.0/8' })] };
    const ran = await scan(filesWith([OPEN], { 'rules.json': page, 'z.json': last }));
    expect(evaluationOf(ran, GROUP).findings).toMatchObject([
      { reason: 'private-cidr', securityGroupRuleId: 'sgr-0z' },
    ]);
  });
});
