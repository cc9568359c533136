import {
  ACCOUNT,
  albArn,
  albDns,
  compliantFiles,
  evaluationOf,
  filesWith,
  group,
  groupRule,
  OPEN,
  permission,
  prefixList,
  scan,
  verdictOn,
} from '../support/saved-files.js';

const CUSTOMER_LIST = 'pl-0cafe1234';

describe('the compliant default', () => {
  test('is compliant, with no warning', async () => {
    const ran = await scan(compliantFiles(), '--rule', 'alb-sg-cloudfront-only');
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe('');
    expect(evaluationOf(ran)).toEqual({
      ruleId: 'alb-sg-cloudfront-only',
      resourceType: 'AWS::EC2::SecurityGroup',
      resourceId: 'sg-0web',
      accountId: ACCOUNT,
      region: 'us-east-1',
      verdict: 'COMPLIANT',
      annotation: expect.any(String),
      paths: [
        {
          distributionId: 'E1WEB',
          originId: `origin-${albDns()}`,
          originDomain: albDns(),
          linkedBy: 'dns-name',
          loadBalancerArn: albArn(),
          otherEntrances: [],
        },
      ],
      findings: [],
      gaps: [],
    });
  });
});

describe('SecurityGroups', () => {
  test('every source of one grouped permission is a finding of its own', async () => {
    const files = filesWith([
      permission({
        IpRanges: [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '10.0.0.0/8', Description: 'office' }],
        Ipv6Ranges: [{ CidrIpv6: '::/0' }],
        UserIdGroupPairs: [{ GroupId: 'sg-0other', UserId: ACCOUNT }],
      }),
    ]);
    const { verdict, findings } = evaluationOf(await scan(files));
    expect(verdict).toBe('NON_COMPLIANT');
    expect(findings).toEqual([
      {
        reason: 'world-ipv4',
        securityGroupRuleId: null,
        protocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        source: '0.0.0.0/0',
      },
      { reason: 'world-ipv6', securityGroupRuleId: null, protocol: 'tcp', fromPort: 443, toPort: 443, source: '::/0' },
      {
        reason: 'security-group-source',
        securityGroupRuleId: null,
        protocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        source: 'sg-0other',
      },
      {
        reason: 'private-cidr',
        securityGroupRuleId: null,
        protocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        source: '10.0.0.0/8',
      },
    ]);
  });

  test('all traffic has no ports', async () => {
    const files = filesWith([{ ...OPEN, IpProtocol: '-1', FromPort: -1, ToPort: -1 }]);
    expect(evaluationOf(await scan(files)).findings).toEqual([
      {
        reason: 'world-ipv4',
        securityGroupRuleId: null,
        protocol: '-1',
        fromPort: null,
        toPort: null,
        source: '0.0.0.0/0',
      },
    ]);
  });

  test('a group whose description has no permissions is indeterminate', async () => {
    const { IpPermissions: _, ...rest } = group();
    expect(await verdictOn(compliantFiles({ 'security-groups.json': { SecurityGroups: [rest] } }))).toBe(
      'INDETERMINATE not-seen',
    );
  });

  test('a group with no permissions admits nobody', async () => {
    expect(await verdictOn(filesWith([]))).toBe('COMPLIANT');
  });

  test('a kind of source that this version does not know leaves a gap', async () => {
    const files = filesWith([permission(), permission({ PrefixListIds: [], SatelliteRanges: [{ Orbit: 'low' }] })]);
    expect(await verdictOn(files)).toBe('INDETERMINATE incomplete');
  });

  test('a group source without an id leaves a gap', async () => {
    const files = filesWith([permission({ UserIdGroupPairs: [{ GroupName: 'classic', UserId: ACCOUNT }] })]);
    expect(await verdictOn(files)).toBe('INDETERMINATE incomplete');
  });

  test('an exemption tag with a reason exempts', async () => {
    const tags = [{ Key: 'origin-guard:exempt', Value: 'partner link, see OPS-12' }];
    const files = compliantFiles({
      'security-groups.json': { SecurityGroups: [group({ IpPermissions: [OPEN], Tags: tags })] },
    });
    expect(evaluationOf(await scan(files))).toMatchObject({
      verdict: 'NOT_APPLICABLE',
      because: expect.stringContaining('partner link, see OPS-12'),
    });
  });
});

describe('SecurityGroupRules', () => {
  const open = groupRule({ SecurityGroupRuleId: 'sgr-0open', CidrIpv4: '0.0.0.0/0' });

  test('win over IpPermissions and give the rule ids', async () => {
    const files = compliantFiles({ 'rules.json': { SecurityGroupRules: [groupRule(), open] } });
    expect(evaluationOf(await scan(files)).findings).toEqual([
      {
        reason: 'world-ipv4',
        securityGroupRuleId: 'sgr-0open',
        protocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        source: '0.0.0.0/0',
      },
    ]);
  });

  test('win also where they are the closed ones', async () => {
    expect(await verdictOn(filesWith([OPEN], { 'rules.json': { SecurityGroupRules: [groupRule()] } }))).toBe(
      'COMPLIANT',
    );
  });

  test('egress is no ingress', async () => {
    const egress = { ...open, IsEgress: true };
    expect(await verdictOn(compliantFiles({ 'rules.json': { SecurityGroupRules: [groupRule(), egress] } }))).toBe(
      'COMPLIANT',
    );
  });

  test('make a group known that nothing else describes, its tags unknown', async () => {
    const ran = await scan(
      compliantFiles({ 'security-groups.json': { SecurityGroups: [] }, 'rules.json': { SecurityGroupRules: [open] } }),
    );
    expect(evaluationOf(ran)).toMatchObject({ verdict: 'NON_COMPLIANT', accountId: ACCOUNT, region: 'us-east-1' });
    expect(ran.stderr).toContain('the tags of 1 security groups were not seen');
  });

  test.each([
    ['an IPv6 range', { CidrIpv6: '2001:db8::/32' }, 'public-cidr', '2001:db8::/32'],
    ['a prefix list', { PrefixListId: CUSTOMER_LIST }, 'other-prefix-list', CUSTOMER_LIST],
    ['a group', { ReferencedGroupInfo: { GroupId: 'sg-0other' } }, 'security-group-source', 'sg-0other'],
  ])('%s is read as a source', async (_, source, reason, text) => {
    const files = compliantFiles({
      'rules.json': { SecurityGroupRules: [groupRule({ SecurityGroupRuleId: 'sgr-0x', ...source })] },
      'lists.json': {
        PrefixLists: [prefixList({ PrefixListId: CUSTOMER_LIST, PrefixListName: 'office', OwnerId: ACCOUNT })],
      },
    });
    expect(evaluationOf(await scan(files)).findings).toMatchObject([
      { reason, source: text, securityGroupRuleId: 'sgr-0x' },
    ]);
  });

  test('a rule without a source that we know leaves a gap', async () => {
    const files = compliantFiles({ 'rules.json': { SecurityGroupRules: [groupRule({ PrefixListId: null })] } });
    expect(await verdictOn(files)).toBe('INDETERMINATE incomplete');
  });
});
