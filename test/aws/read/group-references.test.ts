import {
  DescribeSecurityGroupReferencesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readGroupIdsNamed, readOpenEgress, readReferencesTo } from '../../../aws/read/group-references.js';
import { known } from '../../../core/fact.js';
import { VPC } from '../../support/builders.js';
import { described, WEB } from '../support/described-groups.js';
import { awsError, testSession } from '../support/session.js';

const INGRESS = { Filters: [{ Name: 'ip-permission.group-id', Values: [WEB] }] };
const EGRESS = { Filters: [{ Name: 'egress.ip-permission.group-id', Values: [WEB] }] };
const DENIED = awsError('UnauthorizedOperation');

let session: ReturnType<typeof testSession>;
let ec2: AwsClientStub<EC2Client>;

beforeEach(() => {
  session = testSession();
  ec2 = mockClient(session.clients.ec2);
  ec2.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [] });
  ec2.on(DescribeSecurityGroupReferencesCommand).resolves({ SecurityGroupReferenceSet: [] });
});

describe('references to a group', () => {
  test('are none where nothing names it', async () => {
    await expect(readReferencesTo(session, WEB)).resolves.toEqual(known([]));
    expect(ec2.calls()).toHaveLength(3);
  });

  test('come from groups, the group itself too, on every page, and from VPCs across a peering', async () => {
    ec2
      .on(DescribeSecurityGroupsCommand, INGRESS)
      .resolves({ SecurityGroups: [described('sg-0app')], NextToken: 'more' })
      .on(DescribeSecurityGroupsCommand, { ...INGRESS, NextToken: 'more' })
      .resolves({ SecurityGroups: [described(WEB)] })
      .on(DescribeSecurityGroupsCommand, EGRESS)
      .resolves({ SecurityGroups: [described('sg-0out')] })
      .on(DescribeSecurityGroupReferencesCommand, { GroupId: [WEB] })
      .resolves({ SecurityGroupReferenceSet: [{ GroupId: WEB, ReferencingVpcId: 'vpc-0peer' }] });
    await expect(readReferencesTo(session, WEB)).resolves.toEqual(
      known([
        { by: 'sg-0app', direction: 'ingress' },
        { by: 'sg-0web', direction: 'ingress' },
        { by: 'sg-0out', direction: 'egress' },
        { by: 'vpc-0peer', direction: 'ingress' },
      ]),
    );
  });

  test.each([
    ['of ingress', () => ec2.on(DescribeSecurityGroupsCommand, INGRESS), 'DescribeSecurityGroups'],
    ['of egress', () => ec2.on(DescribeSecurityGroupsCommand, EGRESS), 'DescribeSecurityGroups'],
    ['from elsewhere', () => ec2.on(DescribeSecurityGroupReferencesCommand), 'DescribeSecurityGroupReferences'],
  ])('are a gap where those %s are denied', async (_, on, action) => {
    on().rejects(DENIED);
    await expect(readReferencesTo(session, WEB)).resolves.toMatchObject({
      known: false,
      gap: {
        fact: 'references to sg-0web',
        cause: 'access-denied',
        detail: expect.stringMatching(new RegExp(`allow ec2:${action}$`)) as string,
      },
    });
  });

  test('throttling is an error', async () => {
    ec2.on(DescribeSecurityGroupReferencesCommand).rejects(awsError('RequestLimitExceeded'));
    await expect(readReferencesTo(session, WEB)).rejects.toMatchObject({ code: 'E2001' });
  });

  test.each([
    ['no list of groups', () => ec2.on(DescribeSecurityGroupsCommand, EGRESS).resolves({}), 'has no SecurityGroups'],
    [
      'a group without an id',
      () => ec2.on(DescribeSecurityGroupsCommand, INGRESS).resolves({ SecurityGroups: [{}] }),
      'security group ?: expected its GroupId',
    ],
    [
      'no list of references',
      () => ec2.on(DescribeSecurityGroupReferencesCommand).resolves({}),
      'has no SecurityGroupReferenceSet',
    ],
    [
      'a reference without a VPC',
      () => ec2.on(DescribeSecurityGroupReferencesCommand).resolves({ SecurityGroupReferenceSet: [{}] }),
      'references to sg-0web from other VPCs: expected their ReferencingVpcId',
    ],
  ])('%s is an error', async (_, answer, detail) => {
    answer();
    await expect(readReferencesTo(session, WEB)).rejects.toMatchObject({
      code: 'E2006',
      detail: expect.stringContaining(detail) as string,
    });
  });
});

describe('the egress of a group', () => {
  const groups = (...all: readonly SecurityGroup[]) =>
    ec2.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [...all] });

  test.each([
    ['everything over IPv4', [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }], true],
    [
      'everything among others',
      [{ IpProtocol: 'tcp' }, { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      true,
    ],
    ['one protocol', [{ IpProtocol: 'tcp', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }], false],
    ['some addresses', [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }] }], false],
    ['IPv6 alone', [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }], false],
    ['nothing', [], false],
  ])('that allows %s', async (_, IpPermissionsEgress, isOpen) => {
    groups(described(WEB, { IpPermissionsEgress }));
    await expect(readOpenEgress(session, WEB)).resolves.toEqual(known(isOpen));
  });

  test('is a gap for a group that is gone, or hidden', async () => {
    groups();
    await expect(readOpenEgress(session, WEB)).resolves.toMatchObject({ known: false, gap: { cause: 'not-seen' } });
    ec2.on(DescribeSecurityGroupsCommand).rejects(DENIED);
    await expect(readOpenEgress(session, WEB)).resolves.toMatchObject({
      known: false,
      gap: { fact: 'egress of sg-0web', cause: 'access-denied' },
    });
  });

  test('that the answer leaves out is an error, not closed', async () => {
    groups(described(WEB, { IpPermissionsEgress: undefined }));
    await expect(readOpenEgress(session, WEB)).rejects.toMatchObject({
      code: 'E2006',
      detail: 'security group sg-0web: the answer has no IpPermissionsEgress',
    });
  });
});

describe('groups by their names', () => {
  test('are looked for in one VPC', async () => {
    ec2.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [described(WEB)] });
    await expect(readGroupIdsNamed(session, ['a', 'b'], VPC)).resolves.toEqual(known([WEB]));
    expect(ec2.calls().map(({ args: [{ input }] }) => input)).toEqual([
      {
        Filters: [
          { Name: 'group-name', Values: ['a', 'b'] },
          { Name: 'vpc-id', Values: [VPC] },
        ],
        MaxResults: 1000,
      },
    ]);
  });

  test('a refusal is a gap', async () => {
    ec2.on(DescribeSecurityGroupsCommand).rejects(DENIED);
    await expect(readGroupIdsNamed(session, ['a'], VPC)).resolves.toMatchObject({
      known: false,
      gap: { fact: 'securityGroups named a', cause: 'access-denied' },
    });
  });
});
