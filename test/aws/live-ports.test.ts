import { GetVpcOriginCommand, ListDistributionsCommand, ListVpcOriginsCommand } from '@aws-sdk/client-cloudfront';
import {
  DescribeManagedPrefixListsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { livePorts } from '../../aws/live-ports.js';
import { Region, type AccountId } from '../../core/ids.js';
import type { NameResolver } from '../../core/ports.js';
import { RULES } from '../../rules/registry.js';
import {
  ACCOUNT,
  arnOf,
  distribution,
  dnsNameOf,
  gap,
  groupId,
  listId,
  NOW,
  origin,
  OTHER_ACCOUNT,
  REGION,
  vpcOriginId,
} from '../support/builders.js';
import { awsError, testSession } from './support/session.js';

const GROUP = 'sg-0web';
const denied = awsError('AccessDenied');
const names: NameResolver = { resolve: () => Promise.resolve({ kind: 'no-such-name' }) };

interface Given {
  readonly accountId?: AccountId;
  readonly region?: Region;
  readonly group?: string;
  readonly loadBalancers?: readonly string[];
  readonly origins?: readonly string[];
}

/** A session of an account whose SDK clients answer: one group open to the world on every load balancer. */
function account({ accountId = ACCOUNT, region = REGION, group = GROUP, loadBalancers = [], origins = [] }: Given) {
  const session = testSession({ accountId, region });
  const ec2 = mockClient(session.clients.ec2);
  const elbv2 = mockClient(session.clients.elbv2);
  const cloudfront = mockClient(session.clients.cloudfront);
  elbv2.on(DescribeLoadBalancersCommand).resolves({
    LoadBalancers: loadBalancers.map((name) => ({
      LoadBalancerArn: arnOf(name, { accountId, region }),
      LoadBalancerName: name,
      DNSName: dnsNameOf(name),
      Type: 'application',
      VpcId: 'vpc-0a1',
      SecurityGroups: [group],
    })),
  });
  elbv2.on(DescribeTagsCommand).callsFake(({ ResourceArns }: { readonly ResourceArns: readonly string[] }) => ({
    TagDescriptions: ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags: [] })),
  }));
  elbv2.on(DescribeListenersCommand).resolves({ Listeners: [{ LoadBalancerArn: arnOf('web'), Port: 443 }] });
  cloudfront.on(ListDistributionsCommand).resolves({
    DistributionList: {
      Marker: '',
      MaxItems: 100,
      IsTruncated: false,
      Quantity: origins.length === 0 ? 0 : 1,
      ...(origins.length > 0 && {
        Items: [
          {
            Id: 'E1',
            ARN: `arn:aws:cloudfront::${accountId}:distribution/E1`,
            Enabled: true,
            Origins: {
              Quantity: origins.length,
              Items: origins.map((DomainName, at) => ({ Id: String(at), DomainName })),
            },
          } as never,
        ],
      }),
    },
  });
  ec2.on(DescribeSecurityGroupsCommand).resolves({
    SecurityGroups: [{ GroupId: group, GroupName: 'web', VpcId: 'vpc-0a1', OwnerId: accountId, IpPermissions: [] }],
  });
  ec2.on(DescribeSecurityGroupRulesCommand).resolves({
    SecurityGroupRules: [
      {
        SecurityGroupRuleId: 'sgr-1',
        GroupId: group,
        IsEgress: false,
        IpProtocol: 'tcp',
        FromPort: 80,
        ToPort: 80,
        CidrIpv4: '0.0.0.0/0',
      },
    ],
  });
  ec2.on(DescribeManagedPrefixListsCommand).resolves({
    PrefixLists: [
      { PrefixListId: 'pl-0cf', PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing', OwnerId: 'AWS' },
    ],
  });
  ec2.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [] });
  return { session, ec2, elbv2, cloudfront };
}

type Opened = ReturnType<typeof account>;

function open(first: Opened, ...others: readonly Opened[]) {
  return livePorts({
    sessions: [first.session, ...others.map(({ session }) => session)],
    names,
    versionGap: null,
    entrances: 'read',
  });
}

async function scan({ ports }: Pick<ReturnType<typeof open>, 'ports'>) {
  const run = await RULES[0]?.prepare({})(ports, NOW);
  return (run?.judgements ?? []).map(
    ({ scope, verdict }) => `${scope.accountId ?? ''} ${scope.region ?? ''} ${verdict.kind}`,
  );
}

describe('one account', () => {
  it('is judged from its own answers', async () => {
    const own = account({ loadBalancers: ['web'], origins: [dnsNameOf('web')] });
    const live = open(own);
    expect(await scan(live)).toEqual([`${ACCOUNT} us-east-1 non-compliant`]);
    expect(live.blindSpots()).toEqual([]);
    expect(own.elbv2.commandCalls(DescribeLoadBalancersCommand)).toHaveLength(1);
    expect(own.ec2.commandCalls(DescribeManagedPrefixListsCommand)).toHaveLength(1);
  });

  it('that hides its groups is a blind spot, not an empty account', async () => {
    const own = account({ loadBalancers: ['web'] });
    own.ec2.on(DescribeSecurityGroupsCommand).rejects(awsError('UnauthorizedOperation'));
    own.ec2.on(DescribeSecurityGroupRulesCommand).rejects(awsError('UnauthorizedOperation'));
    const live = open(own);
    expect(await scan(live)).toEqual([]);
    expect(live.blindSpots().map(({ fact, cause }) => [fact, cause])).toEqual([['securityGroups', 'access-denied']]);
  });

  it('that hides its load balancers leaves its groups untold', async () => {
    const own = account({});
    own.elbv2.on(DescribeLoadBalancersCommand).rejects(denied);
    expect(await scan(open(own))).toEqual([`${ACCOUNT} us-east-1 indeterminate`]);
  });

  it('that hides other ways in says so, and is judged', async () => {
    const own = account({ loadBalancers: ['web'], origins: [dnsNameOf('web')] });
    own.ec2.on(DescribeNetworkInterfacesCommand).rejects(awsError('UnauthorizedOperation'));
    const live = open(own);
    expect(await scan(live)).toEqual([`${ACCOUNT} us-east-1 non-compliant`]);
    expect(live.blindSpots().map(({ fact }) => fact)).toEqual(['networkInterfaces']);
  });

  it('a client that is too old leaves untold what nothing links, and asks no newer question', async () => {
    const own = account({ loadBalancers: ['web', 'plain'], origins: [dnsNameOf('elsewhere')] });
    const versionGap = gap('distributions', 'incomplete');
    const { ports } = livePorts({ sessions: [own.session], names, versionGap, entrances: 'skip' });
    expect(await scan({ ports })).toEqual([`${ACCOUNT} us-east-1 indeterminate`]);
    const asked = { ...distribution(), accountId: ACCOUNT };
    expect(await ports.tenantsOf(asked)).toEqual({ known: false, gap: versionGap });
    expect(await ports.vpcOrigin({ ...origin(), vpcOriginId: vpcOriginId('vo_1') }, asked)).toEqual({
      known: false,
      gap: versionGap,
    });
    expect(own.cloudfront.commandCalls(ListVpcOriginsCommand)).toEqual([]);
  });
});

describe('several accounts and Regions', () => {
  it('a distribution of one fronts the load balancer of another', async () => {
    const edge = account({ origins: [dnsNameOf('web')] });
    const web = account({ accountId: OTHER_ACCOUNT, group: 'sg-0other', loadBalancers: ['web'] });
    expect(await scan(open(edge, web))).toEqual([
      `${ACCOUNT} us-east-1 not-applicable`,
      `${OTHER_ACCOUNT} us-east-1 non-compliant`,
    ]);
  });

  it('hidden distributions of one leave untold what nothing else links in any', async () => {
    const edge = account({ loadBalancers: ['plain'] });
    edge.cloudfront.on(ListDistributionsCommand).rejects(denied);
    const web = account({ accountId: OTHER_ACCOUNT, group: 'sg-0other', loadBalancers: ['web'] });
    expect(await scan(open(edge, web))).toEqual([
      `${ACCOUNT} us-east-1 indeterminate`,
      `${OTHER_ACCOUNT} us-east-1 indeterminate`,
    ]);
  });

  it('CloudFront is asked once for an account, however many Regions are read', async () => {
    const east = account({ loadBalancers: ['web'], origins: [dnsNameOf('web')] });
    const west = account({ region: Region.parse('eu-west-1'), group: 'sg-0west', origins: ['unused.example.com'] });
    const judged = await scan(open(east, west));
    expect(judged).toEqual([`${ACCOUNT} eu-west-1 not-applicable`, `${ACCOUNT} us-east-1 non-compliant`]);
    expect(west.cloudfront.commandCalls(ListDistributionsCommand)).toEqual([]);
  });

  it('a place that was not opened is a gap', async () => {
    const { ports } = open(account({}));
    const seen = await ports.loadBalancers();
    expect(seen.gapAt({ accountId: OTHER_ACCOUNT, region: REGION })?.cause).toBe('not-seen');
  });
});

describe('what is asked for only when needed', () => {
  const ARN = arnOf('web');

  it('a VPC origin is taken from the list, and asked for by itself only when no list has it', async () => {
    const own = account({});
    own.cloudfront.on(ListVpcOriginsCommand).resolves({
      VpcOriginList: {
        Marker: '',
        MaxItems: 100,
        IsTruncated: false,
        Quantity: 1,
        Items: [
          {
            Id: 'vo_listed',
            Name: 'n',
            Status: 'Deployed',
            CreatedTime: new Date(0),
            LastModifiedTime: new Date(0),
            Arn: 'arn:aws:cloudfront::1:vpcorigin/vo_listed',
            AccountId: ACCOUNT,
            OriginEndpointArn: ARN,
          },
        ],
      },
    });
    own.cloudfront.on(GetVpcOriginCommand).rejects(awsError('EntityNotFound'));
    const { ports } = open(own);
    const of = (id: string) =>
      ports.vpcOrigin({ ...origin(), vpcOriginId: vpcOriginId(id) }, { ...distribution(), accountId: ACCOUNT });
    expect(await of('vo_listed')).toMatchObject({ known: true, value: { endpointArn: ARN } });
    expect(own.cloudfront.commandCalls(GetVpcOriginCommand)).toEqual([]);
    expect(await of('vo_other')).toMatchObject({ known: false, gap: { cause: 'unresolved' } });
    expect(own.cloudfront.commandCalls(ListVpcOriginsCommand)).toHaveLength(1);
  });

  it('a prefix list that the account cannot see is a gap, and the lists are read once', async () => {
    const own = account({});
    const { ports } = open(own);
    const at = { accountId: ACCOUNT, region: REGION };
    const lists = await ports.prefixLists(new Set([listId('pl-0cf'), listId('pl-0gone')]), at, 'with-entries');
    expect(lists.get(listId('pl-0cf'))).toMatchObject({ known: true, value: { ownerId: 'AWS' } });
    expect(lists.get(listId('pl-0gone'))).toMatchObject({ known: false, gap: { cause: 'unresolved' } });
    expect((await ports.cloudfrontPrefixLists(at)).map(({ id }) => id)).toEqual(['pl-0cf']);
    expect(own.ec2.commandCalls(DescribeManagedPrefixListsCommand)).toHaveLength(1);
  });

  it('a group that was described with those that cite it costs no further call', async () => {
    const own = account({});
    const { ports } = open(own);
    await ports.securityGroups(new Set([groupId(GROUP)]));
    const calls = own.ec2.commandCalls(DescribeSecurityGroupsCommand).length;
    const cited = await ports.citedGroups(new Set([groupId(GROUP)]), { accountId: ACCOUNT, region: REGION });
    expect(cited.get(groupId(GROUP))).toEqual({ known: true, value: { name: 'web', vpcId: 'vpc-0a1' } });
    expect(own.ec2.commandCalls(DescribeSecurityGroupsCommand)).toHaveLength(calls);
    const gone = await ports.citedGroups(new Set([groupId('sg-0gone')]), { accountId: ACCOUNT, region: REGION });
    expect(gone.get(groupId('sg-0gone'))).toEqual({ known: true, value: null });
  });

  it('addresses and other ways in come from one listing of interfaces', async () => {
    const own = account({ loadBalancers: ['web'] });
    own.ec2.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: [
        {
          NetworkInterfaceId: 'eni-1',
          Description: 'ELB app/web/50dc6c495c0c9188',
          InterfaceType: 'interface',
          VpcId: 'vpc-0a1',
          Association: { PublicIp: '198.51.100.7' },
        },
        {
          NetworkInterfaceId: 'eni-2',
          Description: 'accelerator',
          InterfaceType: 'global_accelerator_managed',
          VpcId: 'vpc-0a1',
        },
      ],
    });
    const { ports } = open(own);
    const [web] = (await ports.loadBalancers()).items;
    if (web === undefined) throw new RangeError('no load balancer');
    expect(await ports.publicAddresses(web)).toEqual({ known: true, value: ['198.51.100.7'] });
    expect(await ports.otherEntrances(web)).toEqual([{ kind: 'global-accelerator', id: 'eni-2' }]);
    expect(await ports.listenerPorts(web.arn)).toEqual({ known: true, value: [443] });
    expect(own.ec2.commandCalls(DescribeNetworkInterfacesCommand)).toHaveLength(1);
  });
});
