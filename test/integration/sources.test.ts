import { CreateManagedPrefixListCommand, CreateTagsCommand, type IpPermission } from '@aws-sdk/client-ec2';
import { AddTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { join } from 'node:path';
import {
  awsPrefixList,
  buildEnvironment,
  CLOUDFRONT_LIST,
  createDistribution,
  given,
  httpFrom,
  type EnvironmentOptions,
} from './support/article-environment.js';
import { aws, clientsFor, defaultCaller } from './support/caller.js';
import { saveBySdk, saveEntries, writeFiles } from './support/save.js';
import { scan } from './support/scan.js';
import { useMoto } from './support/world.js';

const world = useMoto();
const clientsHere = () => clientsFor(world.moto, defaultCaller);
const saved = () => join(world.folder, 'saved');

/** Builds, saves and scans; answers with what is said of the load balancer's group. */
async function judge(options: EnvironmentOptions, ...args: string[]) {
  const built = await buildEnvironment(clientsHere(), options);
  await saveBySdk(clientsHere(), saved());
  const scanned = await scan(world.folder, ['--from', 'saved', ...args]);
  return { ...built, ...scanned, evaluation: scanned.of(built.groupId) };
}

const cli = (...args: string[]) => aws(world.moto, defaultCaller, world.folder, args);

async function createPrefixList(name: string, cidrs: readonly string[]): Promise<string> {
  const { PrefixList } = await clientsHere().ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: name,
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: cidrs.map((Cidr) => ({ Cidr })),
    }),
  );
  return given(PrefixList?.PrefixListId);
}

const fromList = (id: string): IpPermission => httpFrom({ PrefixListIds: [{ PrefixListId: id }] });

describe('each kind of source in one group', () => {
  it('is one finding with the id of its own rule', async () => {
    const other = await buildEnvironment(clientsHere(), { name: 'other', ingress: [], originDomain: null });
    const lists = {
      cloudfront: await awsPrefixList(clientsHere(), CLOUDFRONT_LIST),
      station: await awsPrefixList(clientsHere(), 'com.amazonaws.global.groundstation'),
      lookalike: await createPrefixList(CLOUDFRONT_LIST, ['198.51.100.0/24']),
      office: await createPrefixList('office', ['203.0.113.0/24']),
    };
    const sources: readonly (readonly [IpPermission, string | null, string])[] = [
      [fromList(lists.cloudfront), null, lists.cloudfront],
      [httpFrom({ IpRanges: [{ CidrIp: '0.0.0.0/0' }] }), 'world-ipv4', '0.0.0.0/0'],
      [httpFrom({ Ipv6Ranges: [{ CidrIpv6: '::/0' }] }), 'world-ipv6', '::/0'],
      [httpFrom({ IpRanges: [{ CidrIp: '198.51.100.0/24' }] }), 'public-cidr', '198.51.100.0/24'],
      [httpFrom({ IpRanges: [{ CidrIp: '10.100.0.0/16' }] }), 'private-cidr', '10.100.0.0/16'],
      [httpFrom({ UserIdGroupPairs: [{ GroupId: other.groupId }] }), 'security-group-source', other.groupId],
      [fromList(lists.station), 'other-prefix-list', lists.station],
      [fromList(lists.lookalike), 'lookalike-prefix-list', lists.lookalike],
      [fromList(lists.office), 'other-prefix-list', lists.office],
    ];
    const { code, evaluation, ruleIds } = await judge({ ingress: sources.map(([permission]) => permission) });
    const expected = sources.flatMap(([, reason, source], index) =>
      reason === null ? [] : [{ reason, source, securityGroupRuleId: ruleIds[index] }],
    );
    expect(code).toBe(1);
    expect(evaluation.findings).toHaveLength(expected.length);
    for (const finding of expected) expect(evaluation.findings).toContainEqual(expect.objectContaining(finding));
  });

  it('is nothing to object to when parameters allow it', async () => {
    const other = await buildEnvironment(clientsHere(), { name: 'other', ingress: [], originDomain: null });
    const list = await createPrefixList('partner', ['198.51.100.0/24']);
    const ingress = [
      httpFrom({ IpRanges: [{ CidrIp: '203.0.113.0/25' }] }),
      httpFrom({ UserIdGroupPairs: [{ GroupId: other.groupId }] }),
      fromList(list),
    ];
    const { code, evaluation } = await judge(
      { ingress },
      ...['--param', 'allowedCidrs=203.0.113.0/24', '--param', `allowedSecurityGroupIds=${other.groupId}`],
      ...['--param', `allowedPrefixListIds=${list}`],
    );
    expect([code, evaluation.verdict]).toEqual([0, 'COMPLIANT']);
  });
});

it('all protocols from anywhere is a finding without ports', async () => {
  const { evaluation } = await judge({ ingress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] });
  expect(evaluation.findings).toMatchObject([{ reason: 'world-ipv4', protocol: '-1', fromPort: null, toPort: null }]);
});

it("a customer's prefix list is judged by its entries, which a file named for it holds", async () => {
  const list = await createPrefixList('office', ['203.0.113.0/25', '203.0.113.128/25']);
  const allow = (cidr: string) => ['--param', `allowedCidrs=${cidr}`];
  const unread = await judge({ ingress: [fromList(list)] }, ...allow('203.0.113.0/24'));
  expect(unread.evaluation).toMatchObject({ verdict: 'INDETERMINATE', gaps: [{ fact: `entries of ${list}` }] });

  await saveEntries(clientsHere(), saved(), list);
  const inside = await scan(world.folder, ['--from', 'saved', ...allow('203.0.113.0/24')]);
  expect([inside.code, inside.of(unread.groupId).verdict]).toEqual([0, 'COMPLIANT']);
  const halfInside = await scan(world.folder, ['--from', 'saved', ...allow('203.0.113.0/25')]);
  expect([halfInside.code, halfInside.of(unread.groupId).findings[0]?.reason]).toEqual([1, 'other-prefix-list']);

  // The same by the CLI: it does not print the list's id, so only the file's name tells whose entries they are.
  const printed = await cli('ec2', 'get-managed-prefix-list-entries', '--prefix-list-id', list);
  expect(printed).not.toContain(list);
  await writeFiles(world.folder, { [`saved/${list}.json`]: printed });
  const byCli = await scan(world.folder, ['--from', 'saved', ...allow('203.0.113.0/24')]);
  expect(byCli.result).toEqual(inside.result);
});

describe('tags', () => {
  it('exempt a group with a reason, until their date has passed', async () => {
    const reason = { Key: 'origin-guard:exempt', Value: 'moves behind CloudFront with ticket NET-7' };
    const { evaluation, groupId, code } = await judge({ groupTags: [reason] });
    expect(code).toBe(0);
    expect(evaluation.verdict).toBe('NOT_APPLICABLE');
    expect(evaluation.because).toContain('ticket NET-7');

    const tagUntil = async (date: string) => {
      const Tags = [{ Key: 'origin-guard:exempt-until', Value: date }];
      await clientsHere().ec2.send(new CreateTagsCommand({ Resources: [groupId], Tags }));
      await saveBySdk(clientsHere(), saved());
      return (await scan(world.folder, ['--from', 'saved'])).of(groupId).verdict;
    };
    expect(await tagUntil('2999-12-31')).toBe('NOT_APPLICABLE');
    expect(await tagUntil('2020-01-01')).toBe('NON_COMPLIANT');
  });

  it('do not exempt a group without a reason', async () => {
    const { evaluation } = await judge({ groupTags: [{ Key: 'origin-guard:exempt', Value: '' }] });
    expect(evaluation.verdict).toBe('NON_COMPLIANT');
  });

  it('declare a load balancer to be fronted by a CloudFront that names no origin', async () => {
    const { loadBalancerArn, groupId, evaluation } = await judge({ originDomain: null });
    expect(evaluation.verdict).toBe('NOT_APPLICABLE');
    const Tags = [{ Key: 'origin-guard:fronted-by', Value: 'cloudfront' }];
    await clientsHere().elbv2.send(new AddTagsCommand({ ResourceArns: [loadBalancerArn], Tags }));
    await saveBySdk(clientsHere(), saved());
    const { code, of } = await scan(world.folder, ['--from', 'saved']);
    expect(code).toBe(1);
    const path = { distributionId: null, originId: null, originDomain: null, linkedBy: 'declared', loadBalancerArn };
    expect(of(groupId).paths).toEqual([{ ...path, otherEntrances: [] }]);
  });
});

describe('an origin with a name of its own', () => {
  const NAME = 'origin.example.com';

  it('is listed as unresolved while nobody knows where its name leads', async () => {
    const { code, result, evaluation, distributionId } = await judge({ originDomain: NAME });
    expect([code, evaluation.verdict]).toEqual([0, 'NOT_APPLICABLE']);
    expect(result.unresolvedOrigins).toMatchObject([{ distributionId, domain: NAME }]);
  });

  it('is followed through the record sets of Route 53, as the CLI prints them', async () => {
    const { groupId, dnsName, hostedZoneId } = await buildEnvironment(clientsHere(), { originDomain: null });
    await createDistribution(clientsHere(), 'by-name', NAME);
    await saveBySdk(clientsHere(), saved());
    const zone = await cli('route53', 'create-hosted-zone', '--name', 'example.com', '--caller-reference', 'one');
    const { Id } = (JSON.parse(zone) as { HostedZone: { Id: string } }).HostedZone;
    const AliasTarget = { HostedZoneId: hostedZoneId, DNSName: `dualstack.${dnsName}.`, EvaluateTargetHealth: false };
    const change = { Action: 'CREATE', ResourceRecordSet: { Name: NAME, Type: 'A', AliasTarget } };
    const batch = JSON.stringify({ Changes: [change] });
    await cli('route53', 'change-resource-record-sets', '--hosted-zone-id', Id, '--change-batch', batch);
    const records = await cli('route53', 'list-resource-record-sets', '--hosted-zone-id', Id);
    await writeFiles(world.folder, { 'saved/records.json': records });

    const { code, of, result } = await scan(world.folder, ['--from', 'saved']);
    expect([code, result.unresolvedOrigins]).toEqual([1, []]);
    expect(of(groupId)).toMatchObject({
      verdict: 'NON_COMPLIANT',
      paths: [{ linkedBy: 'resolved-name', originDomain: NAME }],
    });
  });

  it('is the load balancer that the parameter originHostnames says it is', async () => {
    const { dnsName, groupId } = await judge({ originDomain: NAME });
    const { of } = await scan(world.folder, ['--from', 'saved', '--param', `originHostnames=${NAME}=${dnsName}`]);
    expect(of(groupId)).toMatchObject({ verdict: 'NON_COMPLIANT', paths: [{ linkedBy: 'declared' }] });
  });
});
