import { DescribeNetworkInterfacesCommand, type EC2Client, type NetworkInterface } from '@aws-sdk/client-ec2';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readBalancerInterfaces } from '../../../aws/read/network-interfaces.js';
import { known } from '../../../core/fact.js';
import { ACCOUNT, VPC } from '../../support/builders.js';
import { awsError, testSession } from '../support/session.js';

const network = (id: string, overrides: Partial<NetworkInterface> = {}): NetworkInterface => ({
  NetworkInterfaceId: id,
  Description: 'ELB app/web/50dc6c495c0c9188',
  InterfaceType: 'interface',
  VpcId: VPC,
  OwnerId: ACCOUNT,
  AvailabilityZone: 'us-east-1a',
  PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.4', Association: { PublicIp: '203.0.113.7' } }],
  Ipv6Addresses: [{ Ipv6Address: '2001:db8::7' }],
  ...overrides,
});

const WEB = network('eni-1');
const ACCELERATOR = network('eni-2', { Description: '', InterfaceType: 'global_accelerator_managed' });
const OTHERS = [
  network('eni-3', { Description: 'ELB net/web/50dc6c495c0c9188', InterfaceType: 'network_load_balancer' }),
  network('eni-4', { Description: 'ELB web' }),
  network('eni-5', { Description: 'the ELB app/web' }),
  network('eni-6', { Description: undefined, InterfaceType: 'lambda' }),
];

describe('readBalancerInterfaces', () => {
  let session: ReturnType<typeof testSession>;
  let ec2: AwsClientStub<EC2Client>;

  beforeEach(() => {
    session = testSession();
    ec2 = mockClient(session.clients.ec2);
  });
  const answers = (...all: readonly NetworkInterface[]) =>
    ec2.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [...all] });
  const filters = () =>
    ec2.commandCalls(DescribeNetworkInterfacesCommand).map(({ args: [{ input }] }) => input.Filters?.[0]);

  test('by description, asks for those of load balancers only, also where managed ones are hidden', async () => {
    answers(WEB);
    await expect(readBalancerInterfaces(session, { kind: 'described' })).resolves.toEqual(
      known([
        {
          networkInterfaceId: 'eni-1',
          description: 'ELB app/web/50dc6c495c0c9188',
          interfaceType: 'interface',
          vpcId: VPC,
          ownerId: ACCOUNT,
          availabilityZone: 'us-east-1a',
          isManaged: null,
          groupIds: null,
          publicAddresses: ['203.0.113.7', '2001:db8::7'],
        },
      ]),
    );
    expect(ec2.calls().map(({ args: [{ input }] }) => input)).toEqual([
      { Filters: [{ Name: 'description', Values: ['ELB app/*'] }], IncludeManagedResources: true, MaxResults: 1000 },
    ]);
  });

  test('in VPCs, keeps those of load balancers and of Global Accelerator, and records no other', async () => {
    answers(...OTHERS, WEB, ACCELERATOR);
    await expect(readBalancerInterfaces(session, { kind: 'in-vpcs', vpcIds: [VPC] })).resolves.toMatchObject(
      known([{ networkInterfaceId: 'eni-1' }, { networkInterfaceId: 'eni-2' }]),
    );
    expect(filters()).toEqual([{ Name: 'vpc-id', Values: [VPC] }]);
    expect(session.seen).toMatchObject([
      { command: 'describe-network-interfaces', page: { NetworkInterfaces: [WEB, ACCELERATOR] } },
    ]);
    expect(JSON.stringify(session.seen)).not.toMatch(/eni-[3-6]/);
  });

  test('everywhere, keeps every interface with its groups, and the addresses of no other', async () => {
    const Groups = [{ GroupId: 'sg-0web', GroupName: 'web' }];
    const [net, ...others] = OTHERS.map((each) => ({ ...each, Groups, MacAddress: '0a', TagSet: [{ Key: 'k' }] }));
    answers(net!, ...others, { ...WEB, Groups, RequesterManaged: true, MacAddress: '0a' }, ACCELERATOR);
    const seen = await readBalancerInterfaces(session, { kind: 'everywhere' });
    expect(seen).toMatchObject(
      known([
        { networkInterfaceId: 'eni-3', groupIds: ['sg-0web'], publicAddresses: [] },
        { networkInterfaceId: 'eni-4' },
        { networkInterfaceId: 'eni-5' },
        { networkInterfaceId: 'eni-6', interfaceType: 'lambda' },
        { networkInterfaceId: 'eni-1', isManaged: true, publicAddresses: ['203.0.113.7', '2001:db8::7'] },
        { networkInterfaceId: 'eni-2', publicAddresses: ['203.0.113.7', '2001:db8::7'] },
      ]),
    );
    expect(filters()).toEqual([undefined]);
    expect(JSON.stringify(session.seen)).not.toMatch(/MacAddress|TagSet/);
    expect((session.seen[0]?.page as { NetworkInterfaces: NetworkInterface[] }).NetworkInterfaces[0]).toEqual({
      NetworkInterfaceId: 'eni-3',
      InterfaceType: 'network_load_balancer',
      Description: 'ELB net/web/50dc6c495c0c9188',
      VpcId: VPC,
      OwnerId: ACCOUNT,
      AvailabilityZone: 'us-east-1a',
      Groups,
    });
  });

  test('asks for 200 VPCs a call', async () => {
    answers();
    const vpcIds = Array.from({ length: 201 }, (_, at) => `vpc-${String(at)}`);
    await readBalancerInterfaces(session, { kind: 'in-vpcs', vpcIds });
    expect(filters().map((filter) => filter?.Values?.length)).toEqual([200, 1]);
  });

  test('no VPCs make no call', async () => {
    await expect(readBalancerInterfaces(session, { kind: 'in-vpcs', vpcIds: [] })).resolves.toEqual(known([]));
    expect(ec2.calls()).toHaveLength(0);
  });

  test('reads every page, one without anything to keep too', async () => {
    ec2
      .on(DescribeNetworkInterfacesCommand)
      .resolves({ NetworkInterfaces: [...OTHERS], NextToken: 'more' })
      .on(DescribeNetworkInterfacesCommand, { NextToken: 'more' })
      .resolves({ NetworkInterfaces: [ACCELERATOR] });
    await expect(readBalancerInterfaces(session, { kind: 'in-vpcs', vpcIds: [VPC] })).resolves.toMatchObject(
      known([{ networkInterfaceId: 'eni-2' }]),
    );
    expect(session.seen).toHaveLength(2);
  });

  test('a refusal is a gap', async () => {
    ec2.on(DescribeNetworkInterfacesCommand).rejects(awsError('UnauthorizedOperation'));
    await expect(readBalancerInterfaces(session, { kind: 'described' })).resolves.toMatchObject({
      known: false,
      gap: {
        fact: 'networkInterfaces',
        cause: 'access-denied',
        detail: expect.stringContaining('allow ec2:DescribeNetworkInterfaces'),
      },
    });
  });

  test('throttling is an error', async () => {
    ec2.on(DescribeNetworkInterfacesCommand).rejects(awsError('RequestLimitExceeded'));
    await expect(readBalancerInterfaces(session, { kind: 'described' })).rejects.toMatchObject({ code: 'E2001' });
  });

  test.each([
    [{ NetworkInterfaces: [{ ...WEB, NetworkInterfaceId: undefined }] }, 'network interface ?: networkInterfaceId: '],
    [
      { NetworkInterfaces: [{ ...WEB, Ipv6Addresses: [{}] }] },
      'network interface eni-1: ipv6Addresses.0.ipv6Address: ',
    ],
    [{}, 'the answer has no NetworkInterfaces'],
  ])('%j is an error', async (answer, detail) => {
    ec2.on(DescribeNetworkInterfacesCommand).resolves(answer);
    await expect(readBalancerInterfaces(session, { kind: 'described' })).rejects.toMatchObject({
      code: 'E2006',
      detail: expect.stringContaining(detail),
    });
  });
});
