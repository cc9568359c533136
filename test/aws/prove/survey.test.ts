import { ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import {
  DescribeConfigurationRecorderStatusCommand,
  DescribeOrganizationConformancePacksCommand,
} from '@aws-sdk/client-config-service';
import {
  DescribeManagedPrefixListsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRegionsCommand,
} from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeHubCommand } from '@aws-sdk/client-securityhub';
import { mockClient } from 'aws-sdk-client-mock';
import type { ProvingSession } from '../../../aws/prove/session.js';
import { survey } from '../../../aws/prove/survey.js';
import { known } from '../../../core/fact.js';
import { provingSession, refusedBy } from './session.js';

/** An empty account, whose answers a test may replace. */
function account() {
  const elsewhere = provingSession();
  const asked: string[] = [];
  const session: ProvingSession = {
    ...provingSession(),
    sessionIn: (region) => {
      asked.push(region);
      return { ...elsewhere, region };
    },
  };
  const { elbv2, ec2, cloudfront, config, securityHub } = session.clients;
  const mocks = {
    elbv2: mockClient(elbv2),
    ec2: mockClient(ec2),
    cloudfront: mockClient(cloudfront),
    config: mockClient(config),
    hub: mockClient(securityHub),
    balancersElsewhere: mockClient(elsewhere.clients.elbv2),
    interfacesElsewhere: mockClient(elsewhere.clients.ec2),
  };
  mocks.balancersElsewhere.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [] });
  mocks.interfacesElsewhere.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [] });
  mocks.ec2.on(DescribeRegionsCommand).resolves({ Regions: [{ RegionName: session.region }] });
  mocks.elbv2.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [] });
  mocks.ec2.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [] });
  mocks.ec2.on(DescribeManagedPrefixListsCommand).resolves({ PrefixLists: [] });
  mocks.cloudfront
    .on(ListDistributionsCommand)
    .resolves({ DistributionList: { Marker: '', MaxItems: 100, IsTruncated: false, Quantity: 0 } });
  mocks.config
    .on(DescribeOrganizationConformancePacksCommand)
    .rejects(refusedBy('OrganizationAccessDeniedException'))
    .on(DescribeConfigurationRecorderStatusCommand)
    .resolves({ ConfigurationRecordersStatus: [] });
  mocks.hub.on(DescribeHubCommand).rejects(refusedBy('InvalidAccessException'));
  return { session, asked, ...mocks };
}

test('an empty account shows nothing', async () => {
  const { session, ec2 } = account();
  await expect(survey(session)).resolves.toEqual({
    loadBalancers: known([]),
    balancerInterfaces: known([]),
    otherRegions: known([]),
    distributions: known([]),
    administers: known(false),
    recorder: known('none'),
    securityHub: known('off'),
    prefixLists: known({ ipv4: null, ipv6: null }),
  });
  expect(ec2.commandCalls(DescribeNetworkInterfacesCommand)[0]?.args[0].input.Filters).toEqual([
    { Name: 'description', Values: ['ELB *'] },
  ]);
});

test('load balancers are listed to the last page, of whatever type', async () => {
  const { session, elbv2 } = account();
  elbv2
    .on(DescribeLoadBalancersCommand, { Marker: undefined })
    .resolves({ LoadBalancers: [{ LoadBalancerName: 'web', Type: 'application' }], NextMarker: 'more' })
    .on(DescribeLoadBalancersCommand, { Marker: 'more' })
    .resolves({ LoadBalancers: [{ LoadBalancerName: 'net', Type: 'network' }] });
  await expect(survey(session)).resolves.toMatchObject({ loadBalancers: known(['web', 'net']) });
});

test('interfaces of Classic load balancers, distributions, lists and what is on are seen', async () => {
  const { session, ec2, cloudfront, config, hub } = account();
  ec2.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] });
  ec2.on(DescribeManagedPrefixListsCommand).resolves({
    PrefixLists: [
      {
        PrefixListId: 'pl-9',
        PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing',
        OwnerId: '111122223333',
      },
      { PrefixListId: 'pl-1', PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing', OwnerId: 'AWS' },
    ],
  });
  cloudfront.on(ListDistributionsCommand).resolves({
    DistributionList: {
      Marker: '',
      MaxItems: 100,
      IsTruncated: false,
      Quantity: 1,
      Items: [{ Id: 'E2EXAMPLE' } as never],
    },
  });
  config
    .on(DescribeConfigurationRecorderStatusCommand)
    .resolves({ ConfigurationRecordersStatus: [{ recording: true }] });
  hub.on(DescribeHubCommand).resolves({ HubArn: 'arn' });
  await expect(survey(session)).resolves.toMatchObject({
    balancerInterfaces: known(['eni-1']),
    distributions: known(['E2EXAMPLE']),
    recorder: known('recording'),
    securityHub: known('on'),
    prefixLists: known({ ipv4: 'pl-1', ipv6: null }),
  });
  config
    .on(DescribeConfigurationRecorderStatusCommand)
    .resolves({ ConfigurationRecordersStatus: [{ recording: false }] });
  await expect(survey(session)).resolves.toMatchObject({ recorder: known('stopped') });
});

test('every other Region that is enabled is looked into, and one that is closed is a gap of its own', async () => {
  const { session, asked, ec2, balancersElsewhere, interfacesElsewhere } = account();
  const regions = ['us-west-2', session.region, 'ap-south-1'];
  ec2.on(DescribeRegionsCommand).resolves({ Regions: regions.map((RegionName) => ({ RegionName })) });
  balancersElsewhere.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ LoadBalancerName: 'shop' }] });
  interfacesElsewhere
    .on(DescribeNetworkInterfacesCommand)
    .resolves({ NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] });
  await expect(survey(session)).resolves.toMatchObject({
    otherRegions: known([
      { region: 'ap-south-1', held: known(['shop', 'eni-1']) },
      { region: 'us-west-2', held: known(['shop', 'eni-1']) },
    ]),
  });
  expect(asked).toEqual(['ap-south-1', 'us-west-2']);
  expect(ec2.commandCalls(DescribeRegionsCommand)[0]?.args[0].input).toEqual({ AllRegions: false });
  const denied = { known: false, gap: { cause: 'access-denied' } };
  const isClosed = { otherRegions: { value: [{ held: denied }, { held: denied }] } };
  interfacesElsewhere.on(DescribeNetworkInterfacesCommand).rejects(refusedBy('AccessDeniedException'));
  await expect(survey(session)).resolves.toMatchObject(isClosed);
  interfacesElsewhere.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [] });
  balancersElsewhere.on(DescribeLoadBalancersCommand).rejects(refusedBy('AccessDeniedException'));
  await expect(survey(session)).resolves.toMatchObject(isClosed);
});

test('who may ask for the packs of an organization administers one', async () => {
  const { session, config } = account();
  config.on(DescribeOrganizationConformancePacksCommand).resolves({ OrganizationConformancePacks: [] });
  await expect(survey(session)).resolves.toMatchObject({ administers: known(true) });
  config.on(DescribeOrganizationConformancePacksCommand).rejects(refusedBy('NoAvailableOrganizationException'));
  await expect(survey(session)).resolves.toMatchObject({ administers: known(false) });
});

test('what is denied is a gap, never nothing', async () => {
  const { session, elbv2, ec2, cloudfront, config, hub } = account();
  for (const mock of [elbv2, ec2, cloudfront, config, hub]) {
    mock.reset();
    mock.rejects(refusedBy('AccessDeniedException'));
  }
  const seen = await survey(session);
  for (const fact of Object.values(seen) as readonly { readonly known: boolean }[])
    expect(fact).toMatchObject({
      known: false,
      gap: { cause: 'access-denied', detail: expect.stringContaining('allow ') as string },
    });
});

test('any other failure ends the survey', async () => {
  const { session, config } = account();
  config.on(DescribeOrganizationConformancePacksCommand).rejects(refusedBy('ValidationException'));
  await expect(survey(session)).rejects.toMatchObject({ code: 'E2001' });
});
