import {
  alb,
  albArn,
  albDns,
  compliantFiles,
  distribution,
  evaluationOf,
  filesWith,
  items,
  networkInterface,
  OPEN,
  origin,
  scan,
  VPC,
  type Files,
  type Json,
} from '../support/saved-files.js';

const NAME = 'www.example.com';

/** The load balancer `web`, open, behind a distribution whose origin has a name of its own. */
const named = (files: Files, ...domains: readonly string[]): Files =>
  filesWith([OPEN], {
    'distributions.json': {
      DistributionList: {
        Items: [distribution({ Origins: items((domains.length > 0 ? domains : [NAME]).map((name) => origin(name))) })],
      },
    },
    ...files,
  });

/** How the group is linked, and which origins nobody could resolve. */
async function outcome(files: Files, ...options: readonly string[]) {
  const ran = await scan(files, ...options);
  const { verdict, paths, gaps } = evaluationOf(ran);
  return {
    verdict,
    links: paths.map(({ linkedBy }) => linkedBy),
    gaps: gaps.map(({ cause }) => cause),
    unresolved: ran.json.unresolvedOrigins.map(({ domain, why }) => `${domain}: ${why}`),
  };
}

const answered = (...rows: readonly Json[]): Files => ({ 'resolutions.json': { Resolutions: rows } });
const records = (...rows: readonly Json[]): Files => ({ 'records.json': { ResourceRecordSets: rows } });
const cname = (name: string, value: string, more: Json = {}): Json => ({
  Name: `${name}.`,
  Type: 'CNAME',
  TTL: 60,
  ResourceRecords: [{ Value: value }],
  ...more,
});
const alias = (name: string, target: string, Type = 'A'): Json => ({
  Name: `${name}.`,
  Type,
  AliasTarget: { HostedZoneId: 'Z1', DNSName: `${target}.`, EvaluateTargetHealth: false },
});
const address = (name: string, value: string, Type = 'A'): Json => ({
  Name: `${name}.`,
  Type,
  TTL: 60,
  ResourceRecords: [{ Value: value }],
});

const LINKED = { verdict: 'NON_COMPLIANT', links: ['resolved-name'], gaps: [], unresolved: [] };

describe('names that lead to the load balancer', () => {
  test.each<readonly [string, Files]>([
    ['an alias', records(alias(NAME, albDns()))],
    [
      'an alias for IPv6, with capitals and dualstack',
      records(alias(NAME, `dualstack.${albDns().toUpperCase()}`, 'AAAA')),
    ],
    [
      'a chain of CNAME records',
      records(cname(NAME, 'a.example.com'), cname('a.example.com', 'b.example.com.'), alias('b.example.com', albDns())),
    ],
    [
      'one of several weighted records',
      records(
        cname(NAME, 'other.example.net', { SetIdentifier: 'a', Weight: 1 }),
        cname(NAME, albDns(), { SetIdentifier: 'b', Weight: 9 }),
      ),
    ],
    ['a wildcard, which Route 53 writes \\052', records(cname('\\052.example.com', albDns()))],
    ['a wildcard further up', records(cname('\\052.com', albDns()))],
    [
      'a loop with a way out',
      records(cname(NAME, 'a.example.com'), cname('a.example.com', NAME), cname('a.example.com', albDns())),
    ],
    [
      'a saved answer',
      answered({ name: NAME, status: 'answered', cnames: ['a.example.com', albDns()], addresses: [] }),
    ],
    [
      'a saved answer with a final dot and capitals',
      answered({ name: 'WWW.Example.com.', status: 'answered', cnames: [`${albDns()}.`] }),
    ],
    [
      'records first, then a saved answer',
      {
        ...records(cname(NAME, 'a.example.net')),
        ...answered({ name: 'a.example.net', status: 'answered', cnames: [albDns()] }),
      },
    ],
  ])('%s', async (_name, files) => {
    expect(await outcome(named(files))).toEqual(LINKED);
  });

  test('a name of its own comes before the wildcard', async () => {
    const { links, unresolved } = await outcome(
      named(records(cname('\\052.example.com', albDns()), cname(NAME, 'cdn.example.net'))),
    );
    expect(links).toEqual([]);
    expect(unresolved).toEqual([expect.stringMatching(/^www\.example\.com: its name leads to cdn\.example\.net/)]);
  });

  test('the names of ELB are matched as names and never looked up', async () => {
    const files = named(records(cname(albDns(), 'elsewhere.example.com')), `dualstack.${albDns()}`);
    expect(await outcome(files)).toEqual({ ...LINKED, links: ['dns-name'] });
  });

  test('originHostnames declares what nobody can resolve', async () => {
    const declared = ['--param', `originHostnames=${NAME}=${albDns()}`];
    expect(await outcome(named({}), ...declared)).toEqual({ ...LINKED, links: ['declared'] });
  });

  test('resolveOrigins = off follows no name', async () => {
    const { links, unresolved } = await outcome(named(records(alias(NAME, albDns()))), '--param', 'resolveOrigins=off');
    expect([links, unresolved]).toEqual([[], [`${NAME}: resolveOrigins is off, so its name was not followed`]]);
  });
});

describe('names that lead nowhere known', () => {
  test.each<readonly [string, Files, string]>([
    ['nobody answered', {}, 'no saved DNS answer or Route 53 record has its name'],
    [
      'records of other names only',
      records(cname('a.example.org', albDns())),
      'no saved DNS answer or Route 53 record has its name',
    ],
    ['the name does not exist', answered({ name: NAME, status: 'no-such-name' }), 'its name does not exist in DNS'],
    [
      'a loop',
      records(cname(NAME, 'a.example.com'), cname('a.example.com', NAME)),
      'its name leads to a.example.com, which',
    ],
    [
      'a record that leads nowhere',
      records(address(NAME, '10 mail.example.com', 'MX')),
      'its name leads to nothing, which',
    ],
    [
      'an address of nobody',
      records(address(NAME, '203.0.113.9')),
      'its name leads to 203.0.113.9, which belongs to no load balancer',
    ],
    ['another load balancer', records(alias(NAME, albDns('other'))), `its name leads to ${albDns('other')}, which`],
  ])('%s: unresolved, and no gap', async (_name, files, why) => {
    expect(await outcome(named(files))).toEqual({
      verdict: 'NOT_APPLICABLE',
      links: [],
      gaps: [],
      unresolved: [expect.stringContaining(`${NAME}: ${why}`)],
    });
  });

  test('a lookup that failed is a gap', async () => {
    const failed = answered({ name: NAME, status: 'failed', why: 'SERVFAIL' });
    expect(await outcome(named(failed))).toEqual({
      verdict: 'INDETERMINATE',
      links: [],
      gaps: ['lookup-failed'],
      unresolved: [`${NAME}: the lookup of ${NAME} failed (SERVFAIL)`],
    });
  });

  test('a lookup that failed on the way is a gap too', async () => {
    const files = {
      ...records(cname(NAME, 'a.example.net')),
      ...answered({ name: 'a.example.net', status: 'failed' }),
    };
    expect((await outcome(named(files))).gaps).toEqual(['lookup-failed']);
  });

  test('a failure does not hide what another answer proves', async () => {
    const files = answered({ name: NAME, status: 'failed' }, { name: NAME, status: 'answered', cnames: [albDns()] });
    expect(await outcome(named(files))).toEqual(LINKED);
  });

  test('every origin is listed, in a stable order', async () => {
    const { unresolved } = await outcome(named({}, 'z.example.com', 'a.example.com'));
    expect(unresolved.map((line) => line.split(':')[0])).toEqual(['a.example.com', 'z.example.com']);
  });
});

describe('addresses', () => {
  const at = (value: string, type = 'A') => records(address(NAME, value, type));
  const interfaces = (...list: readonly Json[]): Files => ({ 'interfaces.json': { NetworkInterfaces: list } });
  const linked = { ...LINKED, links: ['resolved-address'] };

  test('an address of one of its interfaces links the load balancer', async () => {
    const both = interfaces(
      networkInterface('203.0.113.8'),
      networkInterface('203.0.113.9', { NetworkInterfaceId: 'eni-2' }),
    );
    expect(await outcome(named({ ...at('203.0.113.9'), ...both }))).toEqual(linked);
    expect((await outcome(named({ ...at('203.0.113.10'), ...both }))).links).toEqual([]);
  });

  test('so does a secondary address', async () => {
    const secondary = { Association: null, PrivateIpAddresses: [{ Association: { PublicIp: '203.0.113.9' } }, {}] };
    expect(await outcome(named({ ...at('203.0.113.9'), ...interfaces(networkInterface('', secondary)) }))).toEqual(
      linked,
    );
  });

  test('so does an IPv6 address, however it is written', async () => {
    const ipv6 = { Ipv6Addresses: [{ Ipv6Address: '2001:db8::1' }] };
    const files = { ...at('2001:0DB8:0:0:0:0:0:1', 'AAAA'), ...interfaces(networkInterface('203.0.113.9', ipv6)) };
    expect(await outcome(named(files))).toEqual(linked);
  });

  test('an interface of something else does not', async () => {
    const other = networkInterface('203.0.113.9', { Description: 'ELB app/other/50dc6c495c0c9188' });
    expect((await outcome(named({ ...at('203.0.113.9'), ...interfaces(other) }))).links).toEqual([]);
  });

  test('a saved answer with addresses is as good as a record', async () => {
    const files = {
      ...answered({ name: NAME, status: 'answered', addresses: ['203.0.113.9'] }),
      ...interfaces(networkInterface('203.0.113.9')),
    };
    expect(await outcome(named(files))).toEqual(linked);
  });
});

describe('other ways in', () => {
  const entrances = async (files: Files) =>
    evaluationOf(await scan(compliantFiles(files))).paths.flatMap(({ otherEntrances }) => otherEntrances);
  const accelerator = networkInterface('203.0.113.9', {
    NetworkInterfaceId: 'eni-0ga',
    InterfaceType: 'global_accelerator_managed',
    Description: 'GlobalAccelerator',
  });
  const targetGroup = (VpcId: string | null, arns: readonly string[], overrides: Json = {}): Json => ({
    TargetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/t/1',
    TargetType: 'alb',
    VpcId,
    LoadBalancerArns: arns,
    ...overrides,
  });
  const nlb = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/n/50dc6c495c0c9188';

  test('a Global Accelerator in the VPC is listed with the path', async () => {
    expect(await entrances({ 'i.json': { NetworkInterfaces: [accelerator] } })).toEqual([
      { kind: 'global-accelerator', id: 'eni-0ga' },
    ]);
  });

  test('one in another VPC is not', async () => {
    expect(await entrances({ 'i.json': { NetworkInterfaces: [{ ...accelerator, VpcId: 'vpc-0b2' }] } })).toEqual([]);
  });

  test('a network load balancer with a target group of load balancers in the VPC is listed', async () => {
    const files = {
      't.json': {
        TargetGroups: [targetGroup('vpc-0a1', [nlb]), targetGroup('vpc-0b2', [nlb.replace('/n/', '/far/')])],
      },
    };
    expect(await entrances(files)).toEqual([{ kind: 'network-load-balancer', id: nlb }]);
  });

  const leadingTo = (...Targets: readonly string[]): Json =>
    targetGroup(Targets.includes(albArn()) ? 'vpc-0b2' : VPC, [nlb], { Targets });

  test('where the targets are known, one is listed for these load balancers and for no other of the VPC', async () => {
    expect(await entrances({ 't.json': { TargetGroups: [leadingTo(albArn())] } })).toEqual([
      { kind: 'network-load-balancer', id: nlb },
    ]);
    expect(await entrances({ 't.json': { TargetGroups: [leadingTo(albArn('api'))] } })).toEqual([]);
    expect(await entrances({ 't.json': { TargetGroups: [leadingTo()] } })).toEqual([]);
  });

  test('one that leads here by two groups is listed once', async () => {
    expect(await entrances({ 't.json': { TargetGroups: [leadingTo(albArn()), targetGroup(VPC, [nlb])] } })).toEqual([
      { kind: 'network-load-balancer', id: nlb },
    ]);
  });

  test('a group of something else, or of nobody knows where, is not listed', async () => {
    const groups = [targetGroup(VPC, [nlb], { TargetType: 'instance' }), targetGroup(null, [nlb])];
    expect(await entrances({ 't.json': { TargetGroups: groups } })).toEqual([]);
    const nowhere = { 'load-balancers.json': { LoadBalancers: [alb({ VpcId: null })] } };
    expect(await entrances({ ...nowhere, 't.json': { TargetGroups: groups } })).toEqual([]);
  });

  test('they do not change the verdict', async () => {
    const ran = await scan(
      compliantFiles({ 'i.json': { NetworkInterfaces: [accelerator] } }),
      '--rule',
      'alb-sg-cloudfront-only',
    );
    expect([ran.code, evaluationOf(ran).verdict]).toEqual([0, 'COMPLIANT']);
  });
});
