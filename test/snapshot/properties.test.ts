import * as fc from 'fast-check';
import { propertyRuns } from '../support/property-runs.js';
import { ACCOUNT, REGION, scan, type Evaluated, type Files, type Json, type Ran } from '../support/saved-files.js';
import { filesOf, groupId, listsOf, permissionsOf, ruleRows, savedFiles, worlds, type World } from './world.js';

jest.setTimeout(120_000);

const RUNS = { numRuns: propertyRuns(60) };

const judge = (files: Files, { params }: World): Promise<Ran> => scan(files, '--param', params);
const byKey = ({ accountId, region, resourceId }: Evaluated): string => [accountId, region, resourceId].join('/');

/** The list in the order of the numbers, as many as it needs. */
const shuffled = <T>(list: readonly T[], order: readonly number[]): readonly T[] =>
  list
    .map((each, index) => [order[index % order.length] ?? 0, index, each] as const)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .map(([, , each]) => each);

const orders = fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 });

test('the result does not depend on the order of files, elements and pages', async () => {
  const saved = fc.tuple(worlds, orders, orders, fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 2 }));
  await fc.assert(
    fc.asyncProperty(saved, async ([world, elements, files, sizes]) => {
      const lists = listsOf(world).map((list) => ({ ...list, elements: shuffled(list.elements, elements) }));
      const pages = Object.entries(Object.assign({}, ...lists.map((list) => filesOf(list, sizes))) as Files);
      // Files are read in the order of their names.
      const renamed = Object.fromEntries(
        shuffled(pages, files).map(([name, content], place) => [`${String(place + 10)}-${name}`, content]),
      );
      const [one, other] = [await judge(savedFiles(world), world), await judge(renamed, world)];
      expect(other.json).toEqual(one.json);
      expect(other.code).toBe(one.code);
    }),
    RUNS,
  );
});

/** An item as AWS Config records the group: names with a small first letter, IPv4 ranges as texts and as objects. */
function recordedGroup(index: number, all: World['groups'][number]): Json {
  const id = groupId(index);
  const permissions = permissionsOf(all).map((each) => {
    const { IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs } = each;
    const ranges = (IpRanges as readonly { CidrIp: string }[]).map(({ CidrIp }) => CidrIp);
    return {
      ipProtocol: IpProtocol,
      fromPort: FromPort,
      toPort: ToPort,
      ipRanges: ranges,
      ipv4Ranges: ranges.map((cidrIp) => ({ cidrIp })),
      ipv6Ranges: (Ipv6Ranges as readonly { CidrIpv6: string }[]).map(({ CidrIpv6 }) => ({ cidrIpv6: CidrIpv6 })),
      prefixListIds: (PrefixListIds as readonly { PrefixListId: string }[]).map(({ PrefixListId }) => ({
        prefixListId: PrefixListId,
      })),
      userIdGroupPairs: (UserIdGroupPairs as readonly { GroupId: string }[]).map(({ GroupId }) => ({
        groupId: GroupId,
      })),
    };
  });
  return {
    resourceType: 'AWS::EC2::SecurityGroup',
    resourceId: id,
    awsAccountId: ACCOUNT,
    awsRegion: REGION,
    configurationItemStatus: 'OK',
    tags: {},
    configuration: {
      groupId: id,
      groupName: id.replace('sg-', 'group-'),
      vpcId: 'vpc-0a1',
      ipPermissions: permissions,
    },
  };
}

test('grouped permissions, single rules and configuration items give the same verdict', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const { 'groups.last.json': grouped, ...others } = savedFiles(world);
      const rows = world.groups.flatMap((all, index) => ruleRows(index, all));
      const recorded = { configurationItems: world.groups.map((all, index) => recordedGroup(index, all)) };
      const one = await judge({ ...others, 'groups.json': grouped }, world);
      const single = await judge(
        { ...others, 'groups.json': grouped, 'rules.json': { SecurityGroupRules: rows } },
        world,
      );
      const config = await judge({ ...others, 'config.json': recorded }, world);

      const withoutIds = single.json.evaluations.map((evaluation) => ({
        ...evaluation,
        findings: evaluation.findings.map((finding) => ({ ...finding, securityGroupRuleId: null })),
      }));
      expect(withoutIds).toEqual(one.json.evaluations);
      expect(
        single.json.evaluations.flatMap(({ findings }) => findings.filter((each) => each.securityGroupRuleId === null)),
      ).toEqual([]);
      expect(config.json.evaluations).toEqual(one.json.evaluations);
    }),
    RUNS,
  );
});

/**
 * What the contract does not need: tags are a warning, and a name that no saved record answers is an unresolved origin.
 * A first page does not count either, because no page says that another came before it.
 */
const isNeeded = (name: string): boolean => !/^(?:tags|records)\.|\.\d+\.json$/.test(name);

test('taking any one needed file away never makes anything look better', async () => {
  const saved = fc.tuple(worlds, fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 2 }));
  await fc.assert(
    fc.asyncProperty(saved, async ([world, sizes]) => {
      const files = Object.assign({}, ...listsOf(world).map((list) => filesOf(list, sizes))) as Files;
      const whole = await judge(files, world);
      for (const taken of Object.keys(files).filter(isNeeded)) {
        const { [taken]: _, ...rest } = files;
        const less = await judge(rest, world);
        const before = new Map(whole.json.evaluations.map((each) => [byKey(each), each]));
        if (whole.code !== 0) expect([taken, less.code]).not.toEqual([taken, 0]);
        for (const now of less.json.evaluations) {
          const then = before.get(byKey(now));
          if (now.verdict === 'COMPLIANT') expect([taken, then?.verdict]).toEqual([taken, 'COMPLIANT']);
          if (now.verdict === 'NOT_APPLICABLE') expect([taken, then?.paths]).toEqual([taken, []]);
        }
      }
    }),
    { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 2) },
  );
});

test('the worlds hold every verdict', async () => {
  const seen = new Set<string>();
  for (const world of fc.sample(worlds, { numRuns: 100, seed: 1 })) {
    for (const { verdict } of (await judge(savedFiles(world), world)).json.evaluations) seen.add(verdict);
  }
  expect([...seen].sort()).toEqual(['COMPLIANT', 'INDETERMINATE', 'NON_COMPLIANT', 'NOT_APPLICABLE']);
});
