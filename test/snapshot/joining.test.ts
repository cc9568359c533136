import {
  admits,
  alb,
  albArn,
  albDns,
  compliantFiles,
  distribution,
  evaluationOf,
  filesWith,
  group,
  groupRule,
  items,
  OPEN,
  origin,
  permission,
  scan,
  verdictOn,
  writeFiles,
  run,
  type Files,
  type Json,
} from '../support/saved-files.js';

/** The same result whichever of the two descriptions is read first. */
async function eitherWay(a: Json, b: Json, files: Files = compliantFiles()): Promise<string> {
  const one = await scan({ ...files, 'a.json': a, 'b.json': b });
  const other = await scan({ ...files, 'a.json': b, 'b.json': a });
  expect(one.json).toEqual(other.json);
  const { verdict, findings } = evaluationOf(one);
  return [verdict, ...findings.map(({ source }) => source)].join(' ');
}

const groups = (...permissions: readonly Json[]): Json => ({ SecurityGroups: [group({ IpPermissions: permissions })] });

describe('two descriptions of one group', () => {
  test('are two moments of it: every source of either is judged', async () => {
    const united = await eitherWay(
      groups(admits('192.0.2.0/24'), permission()),
      groups(admits('10.0.0.0/8'), permission()),
    );
    expect(united).toBe('NON_COMPLIANT 192.0.2.0/24 10.0.0.0/8');
  });

  test('that are the same are one', async () => {
    expect(await eitherWay(groups(OPEN), groups(OPEN))).toBe('NON_COMPLIANT 0.0.0.0/0');
  });

  test('of which one has no permissions: the other one decides', async () => {
    const bare = { SecurityGroups: [group({ IpPermissions: null })] };
    expect(await eitherWay(bare, groups(permission()))).toBe('COMPLIANT');
  });

  test('of which one is not understood: the gap stays', async () => {
    expect(await eitherWay(groups(permission({ SatelliteRanges: [{}] })), groups(permission()))).toBe('INDETERMINATE');
  });

  test('that are not understood in two ways: the gap does not depend on the order', async () => {
    const odd = (key: string) => groups(permission({ [key]: [{}] }));
    expect(
      await eitherWay(
        odd('SatelliteRanges'),
        odd('BalloonRanges'),
        compliantFiles({ 'security-groups.json': { SecurityGroups: [] } }),
      ),
    ).toBe('INDETERMINATE');
    const rules = (id: string) => ({
      SecurityGroupRules: [groupRule({ SecurityGroupRuleId: id, PrefixListId: null })],
    });
    expect(await eitherWay(rules('sgr-0a'), rules('sgr-0b'))).toBe('INDETERMINATE');
  });

  test('an exemption must stand in both', async () => {
    const tagged = (...tags: readonly Json[]): Json => ({
      SecurityGroups: [group({ IpPermissions: [OPEN], Tags: tags })],
    });
    const exempt = { Key: 'origin-guard:exempt', Value: 'agreed' };
    const files = compliantFiles({ 'security-groups.json': { SecurityGroups: [] } });
    expect(await eitherWay(tagged(exempt), tagged(exempt, { Key: 'a', Value: 'b' }), files)).toBe('NOT_APPLICABLE');
    expect(await eitherWay(tagged(exempt), tagged(), files)).toBe('NON_COMPLIANT 0.0.0.0/0');
    expect(await eitherWay(tagged(exempt), tagged({ ...exempt, Value: 'other' }), files)).toBe(
      'NON_COMPLIANT 0.0.0.0/0',
    );
  });

  test('the name and the VPC do not depend on the order', async () => {
    const renamed = (GroupName: string): Json => ({ SecurityGroups: [group({ GroupName, IpPermissions: [OPEN] })] });
    expect(await eitherWay(renamed('a'), renamed('b'))).toBe('NON_COMPLIANT 0.0.0.0/0');
  });
});

describe('two descriptions of other things', () => {
  test('of a load balancer: the groups of either count', async () => {
    const list = (...SecurityGroups: readonly string[]): Json => ({ LoadBalancers: [alb({ SecurityGroups })] });
    const files = filesWith([OPEN], { 'load-balancers.json': { LoadBalancers: [] } });
    expect(await eitherWay(list('sg-0web', 'sg-0x'), list('sg-0y'), files)).toBe('NON_COMPLIANT 0.0.0.0/0');
    expect(await eitherWay(list('sg-0x'), list('sg-0y'), files)).toBe('NOT_APPLICABLE');
  });

  test('of a distribution: the origins of either count', async () => {
    const list = (...domains: readonly string[]): Json => ({
      DistributionList: { Items: [distribution({ Origins: items(domains.map((domain) => origin(domain))) })] },
    });
    const files = filesWith([OPEN], { 'distributions.json': { DistributionList: { Quantity: 0 } } });
    expect(await eitherWay(list(albDns('gone')), list(albDns()), files)).toBe('NON_COMPLIANT 0.0.0.0/0');
  });

  test('of a distribution: it is on where one says so', async () => {
    const list = (Enabled: boolean): Json => ({ DistributionList: { Items: [distribution({ Enabled })] } });
    const files = filesWith([OPEN], { 'distributions.json': { DistributionList: { Quantity: 0 } } });
    expect(await eitherWay(list(false), list(true), files)).toBe('NON_COMPLIANT 0.0.0.0/0');
  });

  test('of a VPC origin: one and the same of them counts', async () => {
    const named = distribution({
      Origins: items([origin('in.example.com', { VpcOriginConfig: { VpcOriginId: 'vo_1' } })]),
    });
    const list = (arn: string): Json => ({ VpcOriginList: items([{ Id: 'vo_1', OriginEndpointArn: arn }]) });
    const files = filesWith([OPEN], { 'distributions.json': { DistributionList: { Items: [named] } } });
    await eitherWay(list(albArn()), list(albArn('other')), files);
  });

  test('of a tenant: the names of either count', async () => {
    const detail = (value: string): Json => ({
      DistributionTenant: { Id: 'dt_1', DistributionId: 'E1WEB', Parameters: [{ Name: 'tenant', Value: value }] },
    });
    const template = distribution({ Origins: items([origin('{{tenant}}-1234567890.us-east-1.elb.amazonaws.com')]) });
    const files = filesWith([OPEN], {
      'distributions.json': { DistributionList: { Items: [template] } },
      'tenants.json': { DistributionTenantList: [{ Id: 'dt_1', DistributionId: 'E1WEB', Enabled: true }] },
    });
    expect(await eitherWay(detail('web'), detail('gone'), files)).toBe('NON_COMPLIANT 0.0.0.0/0');
  });

  test('of tags: of two values the same one wins', async () => {
    const tags = (Value: string): Json => ({
      TagDescriptions: [{ ResourceArn: albArn(), Tags: [{ Key: 'origin-guard:fronted-by', Value }] }],
    });
    const files = filesWith([OPEN], { 'distributions.json': { DistributionList: { Quantity: 0 } } });
    expect(await eitherWay(tags('cloudfront'), tags(''), files)).toBe('NON_COMPLIANT 0.0.0.0/0');
  });
});

describe('--from', () => {
  test('several folders and files are one input', async () => {
    const folders = Object.entries(filesWith([OPEN])).map(([name, content]) => writeFiles({ [name]: content }));
    const ran = await run(['scan', '--format', 'json', ...folders.flatMap((folder) => ['--from', folder])]);
    expect(evaluationOf(ran).verdict).toBe('NON_COMPLIANT');
  });

  test('a file that is named needs no ending', async () => {
    const folder = writeFiles({ 'everything.txt': Object.assign({}, ...Object.values(filesWith([OPEN]))) as Json });
    const ran = await run(['scan', '--format', 'json', '--from', `${folder}/everything.txt`]);
    expect(ran.code).toBe(1);
  });

  test('a file that is named twice counts once', async () => {
    const files = compliantFiles();
    const folder = writeFiles(files);
    const ran = await run([
      'scan',
      '--format',
      'json',
      '--from',
      folder,
      '--from',
      folder,
      '--from',
      `${folder}/tags.json`,
    ]);
    expect(ran.json).toEqual((await scan(files)).json);
  });
});

test('the same verdict from IpPermissions and from rules', async () => {
  const files = filesWith([OPEN, permission()]);
  const rules = {
    SecurityGroupRules: [groupRule(), groupRule({ SecurityGroupRuleId: 'sgr-0o', CidrIpv4: '0.0.0.0/0' })],
  };
  expect(await verdictOn({ ...files, 'rules.json': rules })).toBe(await verdictOn(files));
});
