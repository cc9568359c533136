import {
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type SecurityGroup as DescribedGroup,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readSecurityGroups } from '../../../aws/read/security-groups.js';
import type { SecurityGroupId } from '../../../core/ids.js';
import type { IngressRule, SecurityGroup } from '../../../core/model/security-group.js';
import { ACCOUNT, CLOUDFRONT_V4, groupId, VPC } from '../../support/builders.js';
import { testSession } from './session.js';

export const WEB = groupId('sg-0web');
export const OTHER = groupId('sg-0other');
export const CITED = groupId('sg-0cited');

/** As the SDK gives it: HTTPS from CloudFront's list, unless overridden. */
export const described = (id: string = WEB, overrides: Partial<DescribedGroup> = {}): DescribedGroup => ({
  GroupId: id,
  GroupName: `name of ${id}`,
  VpcId: VPC,
  OwnerId: ACCOUNT,
  Description: 'made by a test',
  IpPermissions: [
    {
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
      IpRanges: [],
      Ipv6Ranges: [],
      PrefixListIds: [{ PrefixListId: CLOUDFRONT_V4 }],
      UserIdGroupPairs: [],
    },
  ],
  IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  ...overrides,
});

export const row = (id: string, overrides: Partial<SecurityGroupRule> = {}): SecurityGroupRule => ({
  SecurityGroupRuleId: `sgr-${id.slice(3)}`,
  GroupId: id,
  GroupOwnerId: ACCOUNT,
  IsEgress: false,
  IpProtocol: 'tcp',
  FromPort: 443,
  ToPort: 443,
  PrefixListId: CLOUDFRONT_V4,
  ...overrides,
});

export const egress = (id: string): SecurityGroupRule => {
  const { PrefixListId: _, ...rest } = row(id, { SecurityGroupRuleId: 'sgr-0egress', IsEgress: true });
  return { ...rest, CidrIpv4: '0.0.0.0/0', IpProtocol: '-1', FromPort: -1, ToPort: -1 };
};

/** A source other than the prefix list that a row has by itself. */
export const NO_LIST = { PrefixListId: undefined };
export const cites = (id: string, vpcId = VPC) => ({
  ...NO_LIST,
  ReferencedGroupInfo: { GroupId: id, UserId: ACCOUNT, VpcId: vpcId },
});

/** A session whose EC2 has no group and no rule, until it is told of some. */
export function mockedGroups() {
  const session = testSession();
  const ec2: AwsClientStub<EC2Client> = mockClient(session.clients.ec2);
  const rows = (...all: readonly SecurityGroupRule[]) =>
    ec2.on(DescribeSecurityGroupRulesCommand).resolves({ SecurityGroupRules: [...all] });
  const groups = (...all: readonly DescribedGroup[]) =>
    ec2.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [...all] });
  rows();
  groups();
  const groupsSeen = async (which: readonly SecurityGroupId[] | 'every') => {
    const { groups: seen } = await readSecurityGroups(session, which === 'every' ? which : new Set(which));
    if (!seen.known) throw new Error(seen.gap.detail);
    return new Map(seen.value.map((group) => [group.id, group] as const));
  };
  const onlyGroup = async (id = WEB): Promise<SecurityGroup> => {
    const seen = await groupsSeen([id]);
    expect([...seen.keys()]).toEqual([id]);
    return seen.get(id)!;
  };
  return { session, ec2, rows, groups, groupsSeen, onlyGroup };
}

export function rulesOf(group: SecurityGroup | undefined): readonly IngressRule[] {
  if (group?.ingress.known !== true) throw new Error('the ingress is not known');
  return group.ingress.value;
}
