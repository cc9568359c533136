import { DescribeNetworkInterfacesCommand, type EC2Client, type NetworkInterface } from '@aws-sdk/client-ec2';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readAcceleratorsIn, readInterfacesOf } from '../../../aws/read/group-uses.js';
import { known } from '../../../core/fact.js';
import { ACCOUNT, groupId, VPC } from '../../support/builders.js';
import { awsError, testSession } from '../support/session.js';

const WEB = groupId('sg-0web');

const network = (id: string, overrides: Partial<NetworkInterface> = {}): NetworkInterface => ({
  NetworkInterfaceId: id,
  Description: 'ELB app/web/50dc6c495c0c9188',
  InterfaceType: 'interface',
  RequesterManaged: true,
  VpcId: VPC,
  OwnerId: ACCOUNT,
  Groups: [{ GroupId: WEB, GroupName: 'web' }],
  ...overrides,
});

let session: ReturnType<typeof testSession>;
let ec2: AwsClientStub<EC2Client>;

beforeEach(() => {
  session = testSession();
  ec2 = mockClient(session.clients.ec2);
});
const asked = () => ec2.calls().map(({ args: [{ input }] }) => input);

describe('the interfaces that carry a group', () => {
  test('are all of them, in every VPC, also where managed ones are hidden', async () => {
    const instance = network('eni-2', {
      Description: '',
      InterfaceType: undefined,
      RequesterManaged: false,
      VpcId: 'vpc-0b2',
    });
    const silent = network('eni-3', { Description: undefined, InterfaceType: 'lambda', RequesterManaged: undefined });
    ec2
      .on(DescribeNetworkInterfacesCommand)
      .resolves({ NetworkInterfaces: [network('eni-1')], NextToken: 'more' })
      .on(DescribeNetworkInterfacesCommand, { NextToken: 'more' })
      .resolves({ NetworkInterfaces: [instance, silent] });
    await expect(readInterfacesOf(session, WEB)).resolves.toEqual(
      known([
        { id: 'eni-1', type: 'interface', description: 'ELB app/web/50dc6c495c0c9188', isManaged: true },
        { id: 'eni-2', type: 'interface', description: '', isManaged: false },
        { id: 'eni-3', type: 'lambda', description: '', isManaged: null },
      ]),
    );
    const question = {
      Filters: [{ Name: 'group-id', Values: [WEB] }],
      IncludeManagedResources: true,
      MaxResults: 1000,
    };
    expect(asked()).toEqual([question, { ...question, NextToken: 'more' }]);
  });

  test('a refusal is a gap', async () => {
    ec2.on(DescribeNetworkInterfacesCommand).rejects(awsError('UnauthorizedOperation'));
    await expect(readInterfacesOf(session, WEB)).resolves.toMatchObject({
      known: false,
      gap: {
        fact: 'networkInterfaces of sg-0web',
        cause: 'access-denied',
        detail: expect.stringContaining('allow ec2:DescribeNetworkInterfaces') as string,
      },
    });
  });

  test('throttling is an error, also on a later page', async () => {
    ec2
      .on(DescribeNetworkInterfacesCommand)
      .resolves({ NetworkInterfaces: [network('eni-1')], NextToken: 'more' })
      .on(DescribeNetworkInterfacesCommand, { NextToken: 'more' })
      .rejects(awsError('RequestLimitExceeded'));
    await expect(readInterfacesOf(session, WEB)).rejects.toMatchObject({ code: 'E2001' });
  });

  test.each([
    [{}, 'the answer has no NetworkInterfaces'],
    [{ NetworkInterfaces: [network('eni-1', { NetworkInterfaceId: undefined })] }, 'networkInterfaceId: '],
  ])('%j is an error', async (answer, detail) => {
    ec2.on(DescribeNetworkInterfacesCommand).resolves(answer);
    await expect(readInterfacesOf(session, WEB)).rejects.toMatchObject({
      code: 'E2006',
      detail: expect.stringContaining(detail) as string,
    });
  });
});

describe('the accelerators in a VPC', () => {
  test('are known by the interfaces that Global Accelerator made there', async () => {
    ec2
      .on(DescribeNetworkInterfacesCommand)
      .resolves({ NetworkInterfaces: [network('eni-9', { InterfaceType: 'global_accelerator_managed' })] });
    await expect(readAcceleratorsIn(session, VPC)).resolves.toEqual(known(['eni-9']));
    expect(asked()).toEqual([
      {
        Filters: [
          { Name: 'vpc-id', Values: [VPC] },
          { Name: 'interface-type', Values: ['global_accelerator_managed'] },
        ],
        IncludeManagedResources: true,
        MaxResults: 1000,
      },
    ]);
  });

  test('a refusal is a gap', async () => {
    ec2.on(DescribeNetworkInterfacesCommand).rejects(awsError('UnauthorizedOperation'));
    await expect(readAcceleratorsIn(session, VPC)).resolves.toMatchObject({
      known: false,
      gap: { fact: `accelerators in ${VPC}`, cause: 'access-denied' },
    });
  });
});
