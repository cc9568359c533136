import { readdir, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Fault } from '../support/proxy/faults.js';
import { startProxy, type RecordingProxy } from '../support/proxy/recording-proxy.js';
import {
  admit,
  awsPrefixList,
  buildEnvironment,
  CLOUDFRONT_LIST,
  createDistribution,
  FROM_ANYWHERE,
  httpFrom,
  revoke,
  type Environment,
} from './support/article-environment.js';
import { aws, callerIn, cliEnv, clientsFor, DEFAULT_ACCOUNT, defaultCaller } from './support/caller.js';
import { originGuard, scan } from './support/scan.js';
import { useMoto } from './support/world.js';

const world = useMoto();
const OTHER = '444455556666';

let proxy: RecordingProxy;

beforeEach(async () => {
  proxy = await startProxy({ behind: world.moto.url });
});

afterEach(async () => {
  await proxy.stop();
});

const clientsHere = (region = 'us-east-1') => clientsFor(world.moto, { ...defaultCaller, region });

/** The environment of a user with keys; everything that is asked goes through the proxy. */
const env = () => ({
  ...cliEnv({ ...world.moto, url: proxy.url }, defaultCaller, world.folder),
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});

const scanLive = (...args: string[]) => scan(world.folder, args, env());

/** Saves by `collect`; answers with everything that was written, as one text. */
async function collect(...args: string[]): Promise<string> {
  const { code, stderr } = await originGuard(world.folder, ['collect', ...args, '--out', 'saved'], env());
  expect([code, stderr]).toEqual([0, '']);
  const names = await readdir(join(world.folder, 'saved'), { recursive: true, withFileTypes: true });
  const files = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  return (await Promise.all(files.map((path) => readFile(path, 'utf8')))).join('\n');
}

async function closeByHand({ groupId, ruleIds }: Environment): Promise<void> {
  const clients = clientsHere();
  const prefixListId = await awsPrefixList(clients, CLOUDFRONT_LIST);
  await admit(clients, groupId, httpFrom({ PrefixListIds: [{ PrefixListId: prefixListId }] }));
  await revoke(clients, groupId, ruleIds);
}

it('a live account is judged, and saved by collect it is judged the same', async () => {
  const { groupId, ruleIds, loadBalancerArn, distributionId } = await buildEnvironment(clientsHere());
  const live = await scanLive('--region', 'us-east-1');
  expect([live.code, live.stderr]).toEqual([1, '']);
  expect(live.of(groupId)).toMatchObject({
    accountId: DEFAULT_ACCOUNT,
    region: 'us-east-1',
    verdict: 'NON_COMPLIANT',
    paths: [{ distributionId, loadBalancerArn, linkedBy: 'dns-name' }],
    findings: [{ reason: 'world-ipv4', securityGroupRuleId: ruleIds[0], source: '0.0.0.0/0' }],
  });
  // The group of the environment, and the default groups of two VPCs.
  expect(live.result.evaluations).toHaveLength(3);

  await collect('--region', 'us-east-1');
  const saved = await scan(world.folder, ['--from', 'saved']);
  expect([saved.code, saved.stderr]).toEqual([1, '']);
  expect(saved.result).toEqual(live.result);
});

it('the Region may come from the environment', async () => {
  const { groupId } = await buildEnvironment(clientsHere());
  expect((await scanLive()).of(groupId).verdict).toBe('NON_COMPLIANT');
});

it('collect reads what any parameter may ask for, so that parameters can be tried on what it saved', async () => {
  const allowed = [httpFrom({ IpRanges: [{ CidrIp: '203.0.113.0/25' }] })];
  const https = { ...httpFrom({ IpRanges: [{ CidrIp: '0.0.0.0/0' }] }), FromPort: 22, ToPort: 22 };
  const { groupId } = await buildEnvironment(clientsHere(), { ingress: [...allowed, https] });
  await collect('--region', 'us-east-1');
  const params = ['--param', 'ports=listeners', '--param', 'allowedCidrs=203.0.113.0/24'];
  const live = await scanLive('--region', 'us-east-1', ...params);
  expect(live.of(groupId).verdict).toBe('COMPLIANT');
  expect((await scan(world.folder, ['--from', 'saved', ...params])).result).toEqual(live.result);
});

it('values of custom headers are nowhere in what collect writes', async () => {
  const { dnsName, groupId } = await buildEnvironment(clientsHere(), { originDomain: null });
  const secret = 'hunter2-origin-verify-0c1f';
  await createDistribution(clientsHere(), 'secret', dnsName, { 'X-Origin-Verify': secret });
  const written = await collect('--region', 'us-east-1');
  expect(written).toContain('X-Origin-Verify');
  const forms = [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')];
  for (const hash of ['md5', 'sha1', 'sha256', 'sha512']) forms.push(createHash(hash).update(secret).digest('hex'));
  for (const form of forms) expect(written).not.toContain(form);
  expect((await scan(world.folder, ['--from', 'saved'])).of(groupId).verdict).toBe('NON_COMPLIANT');
});

it('collect does not write into a folder that holds something', async () => {
  await buildEnvironment(clientsHere());
  await collect('--region', 'us-east-1');
  const again = await originGuard(world.folder, ['collect', '--region', 'us-east-1', '--out', 'saved'], env());
  expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/saved/)]);
});

it('a distribution of one account leads to the load balancer of another, live as saved', async () => {
  const there = clientsFor(world.moto, await callerIn(OTHER, 'us-east-1', world.moto, world.folder));
  const { groupId, dnsName } = await buildEnvironment(there, { originDomain: null });
  const distributionId = await createDistribution(clientsHere(), 'edge', dnsName);
  const where = ['--region', 'us-east-1', '--role-arn', `arn:aws:iam::${OTHER}:role/reader`];
  const live = await scanLive(...where);
  expect([live.code, live.stderr]).toEqual([1, '']);
  expect(live.of(groupId)).toMatchObject({
    accountId: OTHER,
    verdict: 'NON_COMPLIANT',
    paths: [{ distributionId, linkedBy: 'dns-name' }],
  });
  await collect(...where);
  const saved = await scan(world.folder, ['--from', 'saved']);
  expect(saved.result).toEqual(live.result);
  // CloudFront is no Region's: its list is read once for each account.
  proxy.forget();
  await scanLive('--region', 'us-east-1,eu-west-1', ...where.slice(2));
  const lists = proxy.recorded().filter(({ operation }) => operation === 'ListDistributions');
  expect(lists).toHaveLength(2);
});

it('the origin by a name of its own is found through Route 53, live as saved', async () => {
  const { groupId, dnsName, hostedZoneId } = await buildEnvironment(clientsHere(), { originDomain: null });
  // A name that DNS never knows, so that nobody outside is asked for anything real.
  const name = 'origin.origin-guard.invalid';
  await createDistribution(clientsHere(), 'by-name', name);
  const cli = (...args: string[]) => aws(world.moto, defaultCaller, world.folder, ['route53', ...args]);
  const zone = JSON.parse(await cli('create-hosted-zone', '--name', 'origin-guard.invalid', '--caller-reference', 'a'));
  const AliasTarget = { HostedZoneId: hostedZoneId, DNSName: `dualstack.${dnsName}.`, EvaluateTargetHealth: false };
  const Changes = [{ Action: 'CREATE', ResourceRecordSet: { Name: name, Type: 'A', AliasTarget } }];
  const batch = JSON.stringify({ Changes });
  await cli('change-resource-record-sets', '--hosted-zone-id', zone.HostedZone.Id, '--change-batch', batch);
  const live = await scanLive('--region', 'us-east-1');
  expect(live.of(groupId)).toMatchObject({
    verdict: 'NON_COMPLIANT',
    paths: [{ linkedBy: 'resolved-name', originDomain: name }],
  });
  await collect('--region', 'us-east-1');
  expect((await scan(world.folder, ['--from', 'saved'])).result).toEqual(live.result);
});

describe('a Region that is denied', () => {
  it('altogether is a gap and exit 3, while the other one is judged', async () => {
    const built = await buildEnvironment(clientsHere());
    await closeByHand(built);
    expect((await scanLive('--region', 'us-east-1,eu-west-1')).code).toBe(0);
    proxy.strike({ region: 'eu-west-1', fault: { kind: 'denied' }, times: 'always' });
    const { code, of, stderr, result } = await scanLive('--region', 'us-east-1,eu-west-1');
    expect(code).toBe(3);
    expect(of(built.groupId).verdict).toBe('COMPLIANT');
    expect(stderr).toMatch(/^gap: .*eu-west-1.*ec2:DescribeSecurityGroups/m);
    expect(
      result.evaluations.filter(({ region, verdict }) => region === 'eu-west-1' && verdict !== 'INDETERMINATE'),
    ).toEqual([]);
  });

  it('in its load balancers leaves its groups undecided', async () => {
    await buildEnvironment(clientsHere());
    const there = await buildEnvironment(clientsHere('eu-west-1'), { name: 'there' });
    proxy.strike({
      region: 'eu-west-1',
      operation: 'DescribeLoadBalancers',
      fault: { kind: 'denied' },
      times: 'always',
    });
    const { code, of } = await scanLive('--region', 'us-east-1,eu-west-1');
    expect(code).toBe(1);
    expect(of(there.groupId)).toMatchObject({ verdict: 'INDETERMINATE', gaps: [{ cause: 'access-denied' }] });
  });
});

it('a denied list of distributions decides nothing', async () => {
  const { groupId } = await buildEnvironment(clientsHere());
  proxy.strike({ operation: 'ListDistributions', fault: { kind: 'denied' }, times: 'always' });
  const { code, of } = await scanLive('--region', 'us-east-1');
  expect(code).toBe(3);
  expect(of(groupId)).toMatchObject({
    verdict: 'INDETERMINATE',
    gaps: [
      {
        fact: 'distributions',
        cause: 'access-denied',
        detail: expect.stringContaining('cloudfront:ListDistributions'),
      },
    ],
  });
});

it.each<[string, Fault['kind']]>([
  ['GetCallerIdentity', 'failed'],
  ['DescribeLoadBalancers', 'throttled'],
  ['ListDistributions', 'cut'],
])('a scan and a collect whose %s stays %s end with a code and without a result', async (operation, kind) => {
  await buildEnvironment(clientsHere());
  proxy.strike({ operation, fault: { kind } as Fault, times: 'always' });
  const [ended, failed] = await Promise.all([
    originGuard(world.folder, ['scan', '--region', 'us-east-1', '--format', 'json'], env()),
    originGuard(world.folder, ['collect', '--region', 'us-east-1', '--out', 'half'], env()),
  ]);
  const code = kind === 'cut' ? 'E2006' : 'E2001';
  for (const each of [ended, failed])
    expect(each).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`origin-guard: ${code}: `) });
  // Half of an account is not left for somebody to take for all of it.
  expect(await readdir(join(world.folder, 'half'))).toEqual([]);
});

it('whatever call is disturbed once, the scan ends with the same result', async () => {
  const office = httpFrom({ IpRanges: [{ CidrIp: '203.0.113.0/25' }] });
  await buildEnvironment(clientsHere(), { ingress: [FROM_ANYWHERE, office] });
  const right = await scanLive('--region', 'us-east-1');
  const calls = [...new Set(proxy.recorded().map(({ operation }) => operation))];
  expect(calls).toEqual(expect.arrayContaining(['GetCallerIdentity', 'DescribeTags', 'DescribeNetworkInterfaces']));
  const kinds = ['empty', 'cut', 'html', 'reset-in-body'] as const;
  const cases = calls.flatMap((operation) => kinds.map((kind) => ({ operation, kind })));
  const wrong: unknown[] = [];
  const drive = async (): Promise<void> => {
    for (let next = cases.shift(); next !== undefined; next = cases.shift()) {
      const { operation, kind } = next;
      const own = await startProxy({ behind: world.moto.url });
      own.strike({ operation, fault: { kind }, times: 'once' });
      const ended = await scan(world.folder, ['--region', 'us-east-1'], { ...env(), AWS_ENDPOINT_URL: own.url });
      const isRight = ended.code === 1 && JSON.stringify(ended.result) === JSON.stringify(right.result);
      if (!isRight || !own.allStruck()) wrong.push({ operation, kind, code: ended.code, stderr: ended.stderr });
      await own.stop();
    }
  };
  await Promise.all([drive(), drive(), drive(), drive()]);
  expect(wrong).toEqual([]);
});

it('what was denied to collect is not taken for nothing by whoever scans it', async () => {
  const { groupId } = await buildEnvironment(clientsHere());
  for (const operation of ['ListDistributions', 'DescribeTags'])
    proxy.strike({ operation, fault: { kind: 'denied' }, times: 'always' });
  const collected = await originGuard(world.folder, ['collect', '--region', 'us-east-1', '--out', 'saved'], env());
  expect(collected.code).toBe(3);
  expect(collected.stderr).toMatch(/^gap: .*cloudfront:ListDistributions/m);
  const saved = await scan(world.folder, ['--from', 'saved']);
  expect([saved.code, saved.of(groupId).verdict]).toEqual([3, 'INDETERMINATE']);
});

it('credentials that are no good are named as such', async () => {
  proxy.strike({ operation: 'GetCallerIdentity', fault: { kind: 'denied' }, times: 'always' });
  const { code, stderr } = await originGuard(world.folder, ['scan', '--region', 'us-east-1'], env());
  expect([code, stderr]).toEqual([2, expect.stringMatching(/E20/)]);
});

it('all is every Region that the account has enabled', async () => {
  const here = await buildEnvironment(clientsHere());
  const there = await buildEnvironment(clientsHere('ap-southeast-2'), { name: 'there' });
  const { code, of, result, stderr } = await scanLive('--region', 'all');
  expect([code, stderr]).toEqual([1, '']);
  expect([of(here.groupId).verdict, of(there.groupId).verdict]).toEqual(['NON_COMPLIANT', 'NON_COMPLIANT']);
  const regions = new Set(result.evaluations.map(({ region }) => region));
  expect(regions.size).toBeGreaterThan(10);
  const asked = proxy.recorded().filter(({ operation }) => operation === 'ListDistributions');
  expect(asked).toHaveLength(1);
});
