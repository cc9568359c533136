import {
  ACCOUNT,
  alb,
  albArn,
  albDns,
  compliantFiles,
  CLOUDFRONT_V4,
  distribution,
  evaluationOf,
  group,
  GROUP,
  groupRule,
  items,
  origin,
  OTHER_ACCOUNT,
  permission,
  prefixList,
  scan,
  verdictOn,
  without,
  type Files,
  type Json,
} from '../support/saved-files.js';

/** A group as older commands print it: without an ARN. */
function oldGroup(overrides: Json = {}): Json {
  const { SecurityGroupArn: _, ...rest } = group(overrides);
  return rest;
}

const placeOf = async (files: Files, ...options: readonly string[]) => {
  const { accountId, region } = evaluationOf(await scan(files, ...options));
  return `${String(accountId)} ${String(region)}`;
};

const groupsOnly = (group: Json): Files => ({ 'groups.json': { SecurityGroups: [group] } });
const inFolder = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]));

describe('account and Region of a group', () => {
  const { OwnerId: _, ...placeless } = oldGroup();

  test.each([
    ['folders', '777788889999/eu-west-1', '777788889999 eu-west-1'],
    ['folders further up', '777788889999/eu-west-1/ec2/saved', '777788889999 eu-west-1'],
    ['the nearest folders', '111111111111/us-west-2/777788889999/eu-west-1', '777788889999 eu-west-1'],
    [
      'the folders of the delivery of AWS Config',
      'AWSLogs/777788889999/Config/eu-west-1/2026/6/1/ConfigSnapshot',
      '777788889999 eu-west-1',
    ],
    ['the account alone, the Region from the ARN', '777788889999/global', '777788889999 us-east-1'],
    ['a folder of 11 digits is none: the ARN', '77778888999/eu-west-1', `${ACCOUNT} us-east-1`],
  ])('come from %s', async (_name, folder, expected) => {
    const files = inFolder(folder, groupsOnly(group()));
    expect(await placeOf(files, '--account', '999999999999', '--region', 'ap-south-1')).toBe(expected);
  });

  test('come from the ARN', async () => {
    expect(await placeOf(groupsOnly(group()), '--account', '999999999999', '--region', 'ap-south-1')).toBe(
      `${ACCOUNT} us-east-1`,
    );
  });

  test('come from the owner, and the Region from --region', async () => {
    expect(await placeOf(groupsOnly(oldGroup()), '--account', '999999999999', '--region', 'ap-south-1')).toBe(
      `${ACCOUNT} ap-south-1`,
    );
  });

  test('come from the flags, where nothing else says', async () => {
    expect(await placeOf(groupsOnly(placeless), '--account', '999999999999', '--region', 'ap-south-1')).toBe(
      '999999999999 ap-south-1',
    );
  });

  test('are null where nobody says, with a warning about the Region', async () => {
    const ran = await scan(groupsOnly(placeless));
    expect(evaluationOf(ran)).toMatchObject({ accountId: null, region: null });
    expect(ran.stderr).toContain('does not say in which Region 1 security groups are; name it with --region');
  });
});

describe('the Region of a group without an ARN', () => {
  const elsewhere = group({ GroupId: 'sg-0elsewhere', VpcId: 'vpc-0b2' }, { region: 'eu-west-1' });
  const withGroups = (first: Json, ...more: readonly Json[]) =>
    compliantFiles({ 'security-groups.json': { SecurityGroups: [first, ...more] } });

  test('is that of the load balancer that uses it', async () => {
    expect(await placeOf(withGroups(oldGroup(), elsewhere))).toBe(`${ACCOUNT} us-east-1`);
  });

  test('is that of something else in its VPC', async () => {
    const unused = oldGroup({ GroupId: 'sg-0unused' });
    const ran = await scan(withGroups(unused, elsewhere));
    expect(evaluationOf(ran, 'sg-0unused').region).toBe('us-east-1');
    const neighbour = oldGroup({ GroupId: 'sg-0unused', VpcId: 'vpc-0b2' });
    expect(evaluationOf(await scan(withGroups(neighbour, elsewhere)), 'sg-0unused').region).toBe('eu-west-1');
  });

  test('is that of its rules', async () => {
    const alone = oldGroup({ GroupId: 'sg-0unused', VpcId: 'vpc-0c3' });
    const rules = { SecurityGroupRules: [groupRule({ GroupId: 'sg-0unused' })] };
    const ran = await scan({ ...withGroups(alone, elsewhere), 'rules.json': rules });
    expect(evaluationOf(ran, 'sg-0unused').region).toBe('us-east-1');
  });

  test('is that of another description of it, and both are one group', async () => {
    const { VpcId: _, ...bare } = oldGroup({ IpPermissions: [] });
    const files = { 'old.json': { SecurityGroups: [bare] }, 'new.json': { SecurityGroups: [group(), elsewhere] } };
    expect(await placeOf(files)).toBe(`${ACCOUNT} us-east-1`);
  });

  test('is the only one that the input names', async () => {
    const alone = oldGroup({ GroupId: 'sg-0unused', VpcId: 'vpc-0c3' });
    expect(evaluationOf(await scan(withGroups(alone)), 'sg-0unused').region).toBe('us-east-1');
    const ran = await scan(withGroups(alone, elsewhere));
    expect(evaluationOf(ran, 'sg-0unused').region).toBeNull();
    expect(ran.stderr).toContain('in which Region 1 security groups are');
  });
});

describe('accounts', () => {
  /** The load balancer of one account; the distribution of another. */
  const across = (distributionsOfTheLoadBalancersAccount: Files): Files => ({
    ...inFolder(`${OTHER_ACCOUNT}/us-east-1`, {
      ...without(compliantFiles(), 'distributions.json'),
      'load-balancers.json': { LoadBalancers: [alb({}, { account: OTHER_ACCOUNT })] },
    }),
    [`${ACCOUNT}/distributions.json`]: { DistributionList: { Items: [distribution()] } },
    ...distributionsOfTheLoadBalancersAccount,
  });

  test('a distribution in one account fronts a load balancer of another', async () => {
    expect(evaluationOf(await scan(across({})))).toMatchObject({
      accountId: OTHER_ACCOUNT,
      verdict: 'COMPLIANT',
      paths: [{ distributionId: 'E1WEB', loadBalancerArn: albArn('web', { account: OTHER_ACCOUNT }) }],
    });
  });

  test('an account whose distributions nobody saved has indeterminate groups where no path is known', async () => {
    const unlinked = {
      [`${OTHER_ACCOUNT}/us-east-1/more.json`]: {
        SecurityGroups: [group({ GroupId: 'sg-0tools' })],
        LoadBalancers: [alb({ LoadBalancerName: 'tools', SecurityGroups: ['sg-0tools'] }, { account: OTHER_ACCOUNT })],
      },
    };
    const ran = await scan(across(unlinked));
    expect(evaluationOf(ran, 'sg-0tools')).toMatchObject({
      verdict: 'INDETERMINATE',
      gaps: [{ fact: 'distributions', cause: 'not-seen', detail: expect.stringContaining(OTHER_ACCOUNT) }],
    });
    const empty = { [`${OTHER_ACCOUNT}/distributions.json`]: { DistributionList: { Quantity: 0 } } };
    expect(evaluationOf(await scan(across({ ...unlinked, ...empty })), 'sg-0tools').verdict).toBe('NOT_APPLICABLE');
  });

  test('the load balancers of one Region say nothing of another', async () => {
    const far = group({ GroupId: 'sg-0far' }, { region: 'eu-west-1' });
    const ran = await scan(compliantFiles({ 'far.json': { SecurityGroups: [far] } }));
    expect(evaluationOf(ran, 'sg-0far')).toMatchObject({
      verdict: 'INDETERMINATE',
      gaps: [{ fact: 'loadBalancers', detail: expect.stringContaining(`account ${ACCOUNT} in eu-west-1`) }],
    });
  });

  test('the list of CloudFront has another id in another Region', async () => {
    const place = { region: 'eu-west-1' };
    const id = 'pl-4fa04526';
    const files = {
      'groups.json': {
        SecurityGroups: [group({ IpPermissions: [permission({ PrefixListIds: [{ PrefixListId: id }] })] }, place)],
      },
      'load-balancers.json': { LoadBalancers: [alb({}, place)] },
      'distributions.json': {
        DistributionList: { Items: [distribution({ Origins: items([origin(albDns('web', 'eu-west-1'))]) })] },
      },
      'lists.json': {
        PrefixLists: [prefixList({ PrefixListId: id, PrefixListArn: `arn:aws:ec2:eu-west-1:aws:prefix-list/${id}` })],
      },
    };
    expect(await verdictOn(files)).toBe('COMPLIANT');
  });
});

describe('--cloudfront-prefix-list', () => {
  const flag = ['--cloudfront-prefix-list', CLOUDFRONT_V4];
  const files = without(compliantFiles(), 'prefix-lists.json');

  test('names the list where the input holds none', async () => {
    expect(await verdictOn(files)).toBe('INDETERMINATE unresolved');
    expect(await verdictOn(files, ...flag)).toBe('COMPLIANT');
    expect(await verdictOn(files, '--cloudfront-prefix-list', 'pl-0other')).toBe('INDETERMINATE unresolved');
  });

  test('several may be named', async () => {
    expect(await verdictOn(files, '--cloudfront-prefix-list', 'pl-0other', ...flag)).toBe('COMPLIANT');
  });

  test.each([
    ['says whose it is', [prefixList({ OwnerId: ACCOUNT })], 'NON_COMPLIANT lookalike-prefix-list'],
    ['does not hold it', [prefixList({ PrefixListId: 'pl-0other' })], 'INDETERMINATE unresolved'],
  ])('gives way to an input that %s', async (_name, lists, expected) => {
    expect(await verdictOn({ ...files, 'lists.json': { PrefixLists: lists } }, ...flag)).toBe(expected);
  });

  test('stands in for a Region whose lists were not saved', async () => {
    const west = prefixList({
      PrefixListId: 'pl-0west',
      PrefixListArn: 'arn:aws:ec2:us-west-2:aws:prefix-list/pl-0west',
    });
    expect(await verdictOn({ ...files, 'lists.json': { PrefixLists: [west] } }, ...flag)).toBe('COMPLIANT');
  });
});

test('every group has one evaluation, in a stable order: account, Region, id', async () => {
  const groups = [
    group({ GroupId: 'sg-0b' }, { region: 'eu-west-1' }),
    group({ GroupId: 'sg-0a' }, { account: OTHER_ACCOUNT }),
    group({ GroupId: 'sg-0z' }),
    group({ GroupId: 'sg-0c' }, { region: 'eu-west-1' }),
    group(),
  ];
  const { json } = await scan(
    compliantFiles({ 'security-groups.json': { SecurityGroups: groups } }),
    '--rule',
    'alb-sg-cloudfront-only',
  );
  expect(json.evaluations.map(({ resourceId }) => resourceId)).toEqual(['sg-0b', 'sg-0c', GROUP, 'sg-0z', 'sg-0a']);
});
