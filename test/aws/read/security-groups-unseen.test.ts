import { DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { readCitedGroups, readSecurityGroups } from '../../../aws/read/security-groups.js';
import { known, type Fact } from '../../../core/fact.js';
import type { SecurityGroupId } from '../../../core/ids.js';
import { ACCOUNT, HOME, ingress, REGION, ruleId, VPC } from '../../support/builders.js';
import { CITED, cites, described, mockedGroups, OTHER, row, WEB } from '../support/described-groups.js';
import { awsError } from '../support/session.js';

const DENIED = awsError('UnauthorizedOperation');
const gapOf = (action: string) => ({ cause: 'access-denied', detail: expect.stringContaining(`allow ec2:${action}`) });

describe('readSecurityGroups', () => {
  let { session, ec2, rows, groups, groupsSeen, onlyGroup } = {} as ReturnType<typeof mockedGroups>;

  beforeEach(() => {
    ({ session, ec2, rows, groups, groupsSeen, onlyGroup } = mockedGroups());
  });

  describe('when the rules may not be read', () => {
    beforeEach(() => ec2.on(DescribeSecurityGroupRulesCommand).rejects(DENIED));

    test.each(['by id', 'every'])('%s: the permissions of the groups count, which have no rule ids', async (how) => {
      groups(described());
      const seen = await groupsSeen(how === 'every' ? 'every' : [WEB]);
      expect(seen.get(WEB)).toMatchObject({ tags: known({}), ingress: known([ingress({ ruleId: null })]) });
    });

    test('a permission whose source nobody understands is a gap', async () => {
      groups(described(WEB, { IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }] }));
      await expect(onlyGroup()).resolves.toMatchObject({ ingress: { known: false, gap: { cause: 'incomplete' } } });
    });

    test('permissions that cannot be read are an error that names the group', async () => {
      groups(described(WEB, { IpPermissions: [{ IpProtocol: 'tcp', IpRanges: [{ CidrIp: '203.0.113.0' }] }] }));
      await expect(groupsSeen([WEB])).rejects.toMatchObject({
        code: 'E2006',
        detail: expect.stringMatching(/^permissions of sg-0web: 0\.ipRanges\.0\.cidrIp: /),
      });
    });

    test('and the groups neither, all of it is a gap', async () => {
      ec2.on(DescribeSecurityGroupsCommand).rejects(DENIED);
      for (const which of ['every', new Set([WEB])] as const) {
        await expect(readSecurityGroups(session, which)).resolves.toEqual({
          groups: { known: false, gap: { fact: 'securityGroups', ...gapOf('DescribeSecurityGroups') } },
          cited: new Map(),
          openEgress: new Map(),
        });
      }
    });
  });

  describe('when the groups may not be read', () => {
    beforeEach(() => ec2.on(DescribeSecurityGroupsCommand).rejects(DENIED));
    const hidden = { known: false, gap: gapOf('DescribeSecurityGroups') };

    test.each(['by id', 'every'])('%s: the rules count, and the tags are a gap', async (how) => {
      rows(row(WEB));
      const seen = await groupsSeen(how === 'every' ? 'every' : [WEB]);
      expect([...seen.values()]).toEqual([
        {
          id: WEB,
          name: null,
          vpcId: null,
          scope: HOME,
          deleted: false,
          tags: { known: false, gap: expect.objectContaining(hidden.gap) },
          ingress: known([ingress({ ruleId: ruleId('sgr-0web') })]),
        },
      ]);
    });

    test('a named group without a listed rule may exist, and its ingress is a gap', async () => {
      await expect(onlyGroup()).resolves.toMatchObject({ tags: hidden, ingress: hidden });
    });

    test('what the rules cite was not seen', async () => {
      rows(row(WEB, cites(CITED)));
      await expect(readSecurityGroups(session, new Set([WEB]))).resolves.toMatchObject({ cited: new Map() });
    });
  });

  test.each(['by id', 'every'])(
    '%s: a group that has rules but is not listed is judged, its tags a gap',
    async (how) => {
      rows(row(WEB));
      const seen = await groupsSeen(how === 'every' ? 'every' : [WEB]);
      expect(seen.get(WEB)).toMatchObject({
        name: null,
        tags: {
          known: false,
          gap: {
            fact: 'tags of sg-0web',
            cause: 'not-seen',
            detail: `security group sg-0web has rules, but is not among the groups of account ${ACCOUNT} in ${REGION}`,
          },
        },
        ingress: known([ingress({ ruleId: ruleId('sgr-0web') })]),
      });
    },
  );

  test.each([DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand])(
    'a throttled %p is an error, not a part of the truth',
    async (command) => {
      rows(row(WEB));
      groups(described());
      ec2.on(command).rejects(awsError('RequestLimitExceeded'));
      for (const which of ['every', new Set([WEB])] as const)
        await expect(readSecurityGroups(session, which)).rejects.toMatchObject({ code: 'E2001' });
    },
  );

  test.each([
    [
      'a group without an id',
      () => groups(described(undefined, { GroupId: undefined })),
      'security group ?: groupId: ',
    ],
    [
      'a tag without a key',
      () => groups(described(WEB, { Tags: [{ Value: 'x' }] })),
      'security group sg-0web: tags.0.key: ',
    ],
    ['a rule without a group', () => rows(row(WEB, { GroupId: undefined })), 'rule sgr-0web: groupId: '],
    ['a rule with half an address', () => rows(row(WEB, { CidrIpv4: '10.0.0' })), 'rule sgr-0web: cidrIpv4: '],
    [
      'no list of rules',
      () => ec2.on(DescribeSecurityGroupRulesCommand).resolves({}),
      'the answer has no SecurityGroupRules',
    ],
    ['no list of groups', () => ec2.on(DescribeSecurityGroupsCommand).resolves({}), 'the answer has no SecurityGroups'],
  ])('%s is an error that says so', async (_, given, detail) => {
    given();
    await expect(readSecurityGroups(session, 'every')).rejects.toMatchObject({
      code: 'E2006',
      detail: expect.stringContaining(detail),
    });
  });
});

describe('readCitedGroups', () => {
  let { session, ec2, groups } = {} as ReturnType<typeof mockedGroups>;

  beforeEach(() => {
    ({ session, ec2, groups } = mockedGroups());
  });

  const read = (...ids: readonly SecurityGroupId[]): Promise<ReadonlyMap<SecurityGroupId, Fact<unknown>>> =>
    readCitedGroups(session, new Set(ids));

  test('gives name and VPC, and null for a group that is not here', async () => {
    groups(described(CITED));
    await expect(read(CITED, OTHER)).resolves.toEqual(
      new Map<SecurityGroupId, Fact<unknown>>([
        [CITED, known({ name: 'name of sg-0cited', vpcId: VPC })],
        [OTHER, known(null)],
      ]),
    );
    expect(ec2.calls()).toHaveLength(1);
  });

  test('a refusal is a gap for each', async () => {
    ec2.on(DescribeSecurityGroupsCommand).rejects(DENIED);
    const gap = { known: false, gap: expect.objectContaining(gapOf('DescribeSecurityGroups')) };
    await expect(read(CITED, OTHER)).resolves.toEqual(
      new Map([
        [CITED, gap],
        [OTHER, gap],
      ]),
    );
  });

  test('reads every page', async () => {
    ec2
      .on(DescribeSecurityGroupsCommand)
      .resolves({ SecurityGroups: [described(CITED)], NextToken: 'more' })
      .on(DescribeSecurityGroupsCommand, { NextToken: 'more' })
      .resolves({ SecurityGroups: [described(OTHER)] });
    await expect(read(OTHER)).resolves.toMatchObject(new Map([[OTHER, { known: true }]]));
  });

  test('throttling is an error', async () => {
    ec2.on(DescribeSecurityGroupsCommand).rejects(awsError('RequestLimitExceeded'));
    await expect(read(CITED)).rejects.toMatchObject({ code: 'E2001' });
  });

  test('a group that cannot be read is an error', async () => {
    groups(described(CITED, { GroupId: 'cited' }));
    await expect(read(CITED)).rejects.toMatchObject({ code: 'E2006' });
  });

  test('no ids make no call', async () => {
    await expect(read()).resolves.toEqual(new Map());
    expect(ec2.calls()).toHaveLength(0);
  });
});
