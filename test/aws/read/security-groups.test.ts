import { DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { readSecurityGroups } from '../../../aws/read/security-groups.js';
import { known } from '../../../core/fact.js';
import {
  ACCOUNT,
  CLOUDFRONT_V4,
  fromCidr,
  fromGroup,
  fromList,
  groupId,
  HOME,
  ingress,
  REGION,
  ruleId,
  VPC,
} from '../../support/builders.js';
import {
  CITED,
  cites,
  described,
  egress,
  mockedGroups,
  NO_LIST,
  OTHER,
  row,
  rulesOf,
  WEB,
} from '../support/described-groups.js';

describe('readSecurityGroups', () => {
  let { session, ec2, rows, groups, groupsSeen, onlyGroup } = {} as ReturnType<typeof mockedGroups>;

  beforeEach(() => {
    ({ session, ec2, rows, groups, groupsSeen, onlyGroup } = mockedGroups());
  });

  const valuesAsked = (command: typeof DescribeSecurityGroupRulesCommand | typeof DescribeSecurityGroupsCommand) =>
    ec2
      .commandCalls(command as typeof DescribeSecurityGroupsCommand)
      .map(({ args: [{ input }] }) => input.Filters?.[0]?.Values);

  describe('by their ids', () => {
    test('a group has its name, VPC, tags, place, and its ingress rules with their ids', async () => {
      rows(row(WEB), egress(WEB));
      groups(described(WEB, { Tags: [{ Key: 'team', Value: 'shop' }] }));
      await expect(onlyGroup()).resolves.toEqual({
        id: WEB,
        name: 'name of sg-0web',
        ownerId: ACCOUNT,
        vpcId: VPC,
        scope: HOME,
        deleted: false,
        tags: known({ team: 'shop' }),
        ingress: known([ingress({ ruleId: ruleId('sgr-0web') })]),
      });
    });

    test('no tags in the answer are known to be none', async () => {
      groups(described());
      await expect(onlyGroup()).resolves.toMatchObject({ tags: known({}) });
    });

    test('a group that does not exist is not here', async () => {
      await expect(groupsSeen([WEB])).resolves.toEqual(new Map());
    });

    test('asking for no group makes no call', async () => {
      await expect(groupsSeen([])).resolves.toEqual(new Map());
      expect(ec2.calls()).toHaveLength(0);
    });

    test('takes two calls, and the groups that the rules cite take no further one', async () => {
      rows(row(WEB), row(WEB, { SecurityGroupRuleId: 'sgr-1', ...cites(CITED) }));
      groups(described(WEB), described(CITED, { VpcId: 'vpc-0b2' }));
      const { groups: seen, cited } = await readSecurityGroups(session, new Set([WEB]));
      expect(seen).toMatchObject(known([{ id: WEB }]));
      expect(cited.get(CITED)).toEqual({ name: 'name of sg-0cited', vpcId: 'vpc-0b2' });
      expect(ec2.calls()).toHaveLength(2);
      expect(valuesAsked(DescribeSecurityGroupRulesCommand)).toEqual([[WEB]]);
      expect(valuesAsked(DescribeSecurityGroupsCommand)).toEqual([[WEB, CITED]]);
    });

    test('a cited group that is not in the answer is not called absent', async () => {
      rows(row(WEB, cites(CITED)));
      groups(described(WEB));
      const { cited } = await readSecurityGroups(session, new Set([WEB]));
      expect([...cited.keys()]).toEqual([WEB]);
    });

    test('asks for 200 ids a call and for each only once', async () => {
      const ids = Array.from({ length: 401 }, (_, at) => groupId(`sg-${String(at)}`));
      rows(...ids.map((id) => row(id, cites(ids[0]!))));
      groups(...ids.map((id) => described(id)));
      const seen = await groupsSeen(ids);
      expect([...seen.keys()]).toEqual(ids);
      for (const command of [DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand]) {
        expect(valuesAsked(command).map((values) => values?.length)).toEqual([200, 200, 1]);
        expect(valuesAsked(command).flat()).toEqual(ids);
      }
    });

    test('reads every page of either list, under the same filter', async () => {
      const filter = { Filters: [{ Name: 'group-id', Values: [WEB, OTHER] }], MaxResults: 1000 };
      ec2
        .on(DescribeSecurityGroupRulesCommand, filter)
        .resolves({ SecurityGroupRules: [row(WEB)], NextToken: 'rules' })
        .on(DescribeSecurityGroupRulesCommand, { ...filter, NextToken: 'rules' })
        .resolves({ SecurityGroupRules: [row(WEB, { SecurityGroupRuleId: 'sgr-1' }), row(OTHER)] })
        .on(DescribeSecurityGroupsCommand, filter)
        .resolves({ SecurityGroups: [described(WEB)], NextToken: 'groups' })
        .on(DescribeSecurityGroupsCommand, { ...filter, NextToken: 'groups' })
        .resolves({ SecurityGroups: [described(OTHER)] });
      const seen = await groupsSeen([WEB, OTHER]);
      expect(rulesOf(seen.get(WEB))).toHaveLength(2);
      expect(rulesOf(seen.get(OTHER))).toHaveLength(1);
    });
  });

  describe('every one', () => {
    test('takes a page of each list, without a filter', async () => {
      rows(row(WEB), row(OTHER));
      groups(described(WEB), described(OTHER));
      const seen = await groupsSeen('every');
      expect([...seen.keys()]).toEqual([WEB, OTHER]);
      expect(ec2.calls().map(({ args: [{ input }] }) => input)).toEqual([{ MaxResults: 1000 }, { MaxResults: 1000 }]);
    });

    test('reads every page', async () => {
      ec2
        .on(DescribeSecurityGroupsCommand)
        .resolves({ SecurityGroups: [described(WEB)], NextToken: 'more' })
        .on(DescribeSecurityGroupsCommand, { NextToken: 'more' })
        .resolves({ SecurityGroups: [described(OTHER)] })
        .on(DescribeSecurityGroupRulesCommand)
        .resolves({ SecurityGroupRules: [row(WEB)], NextToken: 'more' })
        .on(DescribeSecurityGroupRulesCommand, { NextToken: 'more' })
        .resolves({ SecurityGroupRules: [row(OTHER)] });
      const seen = await groupsSeen('every');
      expect([...seen.keys()]).toEqual([WEB, OTHER]);
      expect(rulesOf(seen.get(OTHER))).toHaveLength(1);
    });

    test('saw what its groups cite, as far as it is in the Region', async () => {
      rows(row(WEB, cites(OTHER)));
      groups(described(WEB), described(OTHER));
      const { cited } = await readSecurityGroups(session, 'every');
      expect(cited.get(OTHER)).toEqual({ name: 'name of sg-0other', vpcId: VPC });
    });

    test('a Region without groups has none', async () => {
      await expect(readSecurityGroups(session, 'every')).resolves.toEqual({
        groups: known([]),
        cited: new Map(),
        openEgress: new Map(),
      });
    });
  });

  describe('the ingress', () => {
    test('comes from the rules, whatever the permissions of the group say', async () => {
      rows(row(WEB, { CidrIpv4: '203.0.113.0/24', ...NO_LIST }));
      groups(described(WEB, { IpPermissions: [{ IpProtocol: 'tcp', FromPort: 'not a port' as never }] }));
      expect(rulesOf(await onlyGroup())).toEqual([
        ingress({ ruleId: ruleId('sgr-0web'), source: fromCidr('203.0.113.0/24') }),
      ]);
    });

    test('has every kind of source', async () => {
      rows(
        row(WEB, { SecurityGroupRuleId: 'sgr-1' }),
        row(WEB, { SecurityGroupRuleId: 'sgr-2', CidrIpv4: '0.0.0.0/0', ...NO_LIST }),
        row(WEB, { SecurityGroupRuleId: 'sgr-3', CidrIpv6: '::/0', ...NO_LIST }),
        row(WEB, { SecurityGroupRuleId: 'sgr-4', ...cites(CITED, 'vpc-0b2') }),
      );
      groups(described());
      expect(rulesOf(await onlyGroup()).map(({ source }) => source)).toEqual([
        fromList(CLOUDFRONT_V4),
        fromCidr('0.0.0.0/0'),
        fromCidr('::/0'),
        { ...fromGroup(CITED, 'vpc-0b2'), accountId: ACCOUNT },
      ]);
    });

    test('is empty for a group that has egress only', async () => {
      rows(egress(WEB));
      groups(described());
      await expect(onlyGroup()).resolves.toMatchObject({ ingress: known([]) });
    });

    test('is empty for a group without any rule', async () => {
      groups(described(WEB, { IpPermissions: [] }));
      await expect(onlyGroup()).resolves.toMatchObject({ ingress: known([]) });
    });

    test('comes from the permissions where no rule at all was listed, since the group has some', async () => {
      groups(described());
      await expect(onlyGroup()).resolves.toMatchObject({ ingress: known([ingress()]) });
    });

    test('is a gap where neither a rule was listed nor permissions were', async () => {
      groups(described(WEB, { IpPermissions: undefined }));
      await expect(onlyGroup()).resolves.toMatchObject({
        ingress: { known: false, gap: { fact: 'ingress of sg-0web', cause: 'incomplete' } },
      });
    });

    test('is a gap when one rule has a source that nobody understands', async () => {
      rows(row(WEB), row(WEB, { SecurityGroupRuleId: 'sgr-0new', ...NO_LIST }));
      groups(described());
      await expect(onlyGroup()).resolves.toMatchObject({
        ingress: { known: false, gap: { cause: 'incomplete', detail: expect.stringContaining('sgr-0new') } },
      });
    });
  });

  test('records the pages of both lists', async () => {
    rows(row(WEB));
    groups(described());
    await readSecurityGroups(session, new Set([WEB]));
    expect(session.seen.map(({ command, region }) => [command, region])).toEqual([
      ['describe-security-group-rules', REGION],
      ['describe-security-groups', REGION],
    ]);
  });
});
