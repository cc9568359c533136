import { createHash } from 'node:crypto';
import { ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import {
  DescribeManagedPrefixListsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type LoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { GetParametersByPathCommand } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { planningPorts } from '../../aws/live-planning.js';
import { livePorts } from '../../aws/live-ports.js';
import { known, type Gap } from '../../core/fact.js';
import { Region, type Scope } from '../../core/ids.js';
import { CLOUDFRONT_PREFIX_LIST_NAMES } from '../../core/model/prefix-list.js';
import type { NameResolver } from '../../core/ports.js';
import { planGroup } from '../../remediation/alb-sg-cloudfront-only/gather-plan.js';
import { DEFAULT_OPTIONS } from '../../remediation/alb-sg-cloudfront-only/options.js';
import {
  ACCOUNT,
  albSgParams,
  arnOf,
  CLOUDFRONT_V4,
  dnsNameOf,
  gap,
  groupId,
  HOME,
  loadBalancer,
  NOW,
  OTHER_ACCOUNT,
  REGION,
  VPC,
} from '../support/builders.js';
import { described, NO_LIST, row, WEB } from './support/described-groups.js';
import { planningSession } from './support/planning-session.js';
import { awsError } from './support/session.js';

const names: NameResolver = { resolve: () => Promise.resolve({ kind: 'no-such-name' }) };

const balancer = (name: string, type: 'app' | 'net', scope: Scope = HOME): LoadBalancer => ({
  LoadBalancerArn: arnOf(name, scope, type),
  LoadBalancerName: name,
  DNSName: dnsNameOf(name),
  Type: type === 'app' ? 'application' : 'network',
  Scheme: 'internet-facing',
  VpcId: VPC,
  IpAddressType: 'ipv4',
  SecurityGroups: type === 'app' ? [WEB] : [],
});

/** An account whose group `sg-0web` is open to the world, on a load balancer behind CloudFront. */
function account(scope: { readonly accountId?: typeof ACCOUNT; readonly region?: Region } = {}) {
  const session = planningSession(scope);
  const { accountId, region } = session;
  const mocks = {
    ec2: mockClient(session.clients.ec2),
    elbv2: mockClient(session.clients.elbv2),
    cloudfront: mockClient(session.clients.cloudfront),
    ssm: mockClient(session.planning.ssm),
    quotas: mockClient(session.planning.serviceQuotas),
  };
  mocks.elbv2
    .on(DescribeLoadBalancersCommand)
    .resolves({ LoadBalancers: [balancer('web', 'app', { accountId, region })] });
  mocks.elbv2
    .on(DescribeListenersCommand)
    .resolves({ Listeners: [{ LoadBalancerArn: arnOf('web', { accountId, region }), Port: 443 }] });
  const origin = {
    Id: 'web',
    DomainName: dnsNameOf('web'),
    CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only', IpAddressType: 'ipv4' },
  };
  mocks.cloudfront.on(ListDistributionsCommand).resolves({
    DistributionList: {
      Marker: '',
      MaxItems: 100,
      IsTruncated: false,
      Quantity: 1,
      Items: [
        {
          Id: 'E1WEB',
          ARN: `arn:aws:cloudfront::${accountId}:distribution/E1WEB`,
          Enabled: true,
          Origins: { Quantity: 1, Items: [origin] },
        } as never,
      ],
    },
  });
  mocks.ec2.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [described(WEB, { OwnerId: accountId })] });
  mocks.ec2.on(DescribeSecurityGroupRulesCommand).resolves({
    SecurityGroupRules: [row(WEB, { ...NO_LIST, CidrIpv4: '0.0.0.0/0', GroupOwnerId: accountId })],
  });
  mocks.ec2.on(DescribeManagedPrefixListsCommand).resolves({
    PrefixLists: [{ PrefixListId: CLOUDFRONT_V4, PrefixListName: CLOUDFRONT_PREFIX_LIST_NAMES.ipv4, OwnerId: 'AWS' }],
  });
  mocks.ec2.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [] });
  mocks.ec2.on(DescribeNetworkInterfacesCommand, { Filters: [{ Name: 'group-id', Values: [WEB] }] }).resolves({
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-0web',
        InterfaceType: 'interface',
        Description: 'ELB app/web/50dc6c495c0c9188',
        RequesterManaged: true,
      },
    ],
  });
  mocks.ssm.on(GetParametersByPathCommand).resolves({ Parameters: [] });
  const calls = () =>
    Object.values<{ calls: () => readonly { readonly args: readonly [object] }[] }>(mocks)
      .flatMap((mock) => [...mock.calls()])
      .map(({ args: [command] }) => command.constructor.name.replace('Command', ''));
  return { session, ...mocks, calls };
}

type Opened = ReturnType<typeof account>;

function open([first, ...others]: readonly [Opened, ...Opened[]], versionGap: Gap | null = null) {
  const sessions = [first.session, ...others.map(({ session }) => session)] as const;
  const { ports, egressSeen } = livePorts({ sessions, names, versionGap: null, entrances: 'skip' });
  return planningPorts({ sessions, ports, egressSeen, versionGap });
}

const plan = (own: Opened, versionGap: Gap | null = null) =>
  planGroup(open([own], versionGap), WEB, HOME, {
    params: albSgParams(),
    options: DEFAULT_OPTIONS,
    now: NOW,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  });

describe('a plan for one group behind one load balancer', () => {
  test('takes nine calls', async () => {
    const own = account();
    expect((await plan(own)).plan).toMatchObject({
      kind: 'apply',
      strategy: 'EDIT',
      grants: [{ family: 'ipv4', fromPort: 443, toPort: 443 }],
      revoke: [{ ruleId: 'sgr-0web' }],
    });
    expect(own.calls().sort()).toEqual([
      'DescribeListeners',
      'DescribeLoadBalancers',
      'DescribeManagedPrefixLists',
      'DescribeNetworkInterfaces',
      'DescribeNetworkInterfaces',
      'DescribeSecurityGroupRules',
      'DescribeSecurityGroups',
      'GetParametersByPath',
      'ListDistributions',
    ]);
  });

  test('is refused where the client is too old to show how CloudFront connects', async () => {
    const versionGap = gap('distributions', 'incomplete', 'the client is too old');
    expect((await plan(account(), versionGap)).plan).toMatchObject({
      kind: 'refuse',
      code: 'LOOKUP_FAILED',
      because: expect.stringContaining('the client is too old'),
    });
  });
});

describe('what stands in front of a load balancer', () => {
  const NLB = arnOf('edge', HOME, 'net');
  const forwarding = (own: Opened, ...targets: readonly string[]) => {
    own.elbv2.on(DescribeLoadBalancersCommand).resolves({
      LoadBalancers: [balancer('web', 'app'), balancer('edge', 'net')],
    });
    const TargetGroupArn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/alb/1';
    own.elbv2.on(DescribeTargetGroupsCommand).resolves({
      TargetGroups: [{ TargetGroupArn, TargetType: 'alb', VpcId: VPC, LoadBalancerArns: [NLB] }],
    });
    own.elbv2.on(DescribeTargetHealthCommand).resolves({
      TargetHealthDescriptions: targets.map((Id) => ({ Target: { Id } })),
    });
  };

  test('is not asked where the VPC has no network load balancer', async () => {
    const own = account();
    expect(await open([own]).forwardersTo(loadBalancer())).toEqual(known([]));
    expect(own.calls()).toEqual(['DescribeLoadBalancers']);
  });

  test('is the network load balancers that have it as a target, and target groups are read once', async () => {
    const own = account();
    forwarding(own, arnOf('web'));
    const ports = open([own]);
    expect(await ports.forwardersTo(loadBalancer())).toEqual(known([NLB]));
    expect(await ports.forwardersTo(loadBalancer({ name: 'other' }))).toEqual(known([]));
    expect(own.elbv2.commandCalls(DescribeTargetGroupsCommand)).toHaveLength(1);
  });

  test.each([DescribeLoadBalancersCommand, DescribeTargetGroupsCommand])(
    'is a gap where %p is denied',
    async (denied) => {
      const own = account();
      forwarding(own, arnOf('web'));
      own.elbv2.on(denied).rejects(awsError('AccessDenied'));
      expect(await open([own]).forwardersTo(loadBalancer())).toMatchObject({
        known: false,
        gap: { cause: 'access-denied' },
      });
    },
  );
});

describe('the egress of a group', () => {
  test('costs no call once the group was described', async () => {
    const own = account();
    const ports = open([own]);
    await ports.securityGroups(new Set([WEB]));
    const calls = own.calls().length;
    expect(await ports.hasOpenEgress(WEB, HOME)).toEqual(known(true));
    expect(own.calls()).toHaveLength(calls);
  });

  test('is asked for else', async () => {
    const own = account();
    own.ec2
      .on(DescribeSecurityGroupsCommand)
      .resolves({ SecurityGroups: [described(WEB, { IpPermissionsEgress: [] })] });
    expect(await open([own]).hasOpenEgress(WEB, HOME)).toEqual(known(false));
    expect(own.calls()).toEqual(['DescribeSecurityGroups']);
  });

  test('that a description leaves out is not taken for closed', async () => {
    const own = account();
    const { IpPermissionsEgress: _, ...silent } = described(WEB);
    const whole: SecurityGroup = described(WEB);
    own.ec2
      .on(DescribeSecurityGroupsCommand)
      .resolvesOnce({ SecurityGroups: [silent] })
      .resolves({ SecurityGroups: [whole] });
    const ports = open([own]);
    await ports.securityGroups(new Set([WEB]));
    expect(await ports.hasOpenEgress(WEB, HOME)).toEqual(known(true));
  });
});

describe('groups by their names', () => {
  const NAMED = {
    Filters: [
      { Name: 'group-name', Values: ['origin-guard-x'] },
      { Name: 'vpc-id', Values: [VPC] },
    ],
  };

  test('have their rules, with ids', async () => {
    const own = account();
    own.ec2.on(DescribeSecurityGroupsCommand, NAMED).resolves({ SecurityGroups: [described(WEB)] });
    expect(await open([own]).groupsNamed(['origin-guard-x'], VPC, HOME)).toMatchObject(
      known([{ id: WEB, ownerId: ACCOUNT, ingress: known([{ ruleId: 'sgr-0web' }]) }]),
    );
  });

  test('that nobody carries take one call', async () => {
    const own = account();
    own.ec2.on(DescribeSecurityGroupsCommand, NAMED).resolves({ SecurityGroups: [] });
    expect(await open([own]).groupsNamed(['origin-guard-x'], VPC, HOME)).toEqual(known([]));
    expect(own.calls()).toEqual(['DescribeSecurityGroups']);
  });

  test('are a gap where that is denied', async () => {
    const own = account();
    own.ec2.on(DescribeSecurityGroupsCommand).rejects(awsError('UnauthorizedOperation'));
    expect(await open([own]).groupsNamed(['origin-guard-x'], VPC, HOME)).toMatchObject({
      known: false,
      gap: { cause: 'access-denied' },
    });
  });
});

describe('several accounts and Regions', () => {
  const WEST = Region.parse('eu-west-1');

  test('each is asked about its own', async () => {
    const own = account();
    const other = account({ accountId: OTHER_ACCOUNT, region: WEST });
    other.quotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 200 } });
    other.ssm.on(GetParametersByPathCommand).resolves({
      Parameters: [{ Name: '/origin-guard/rollback/sg-0web/e1', Value: '{}', LastModifiedDate: new Date(0) }],
    });
    const at: Scope = { accountId: OTHER_ACCOUNT, region: WEST };
    const ports = open([own, other]);
    expect(await ports.quota('rules-per-group', at)).toEqual(known(200));
    expect(await ports.rollbackRecords(WEB, at)).toMatchObject(known([{ id: 'e1' }]));
    expect(await ports.interfacesOf(WEB, at)).toMatchObject(known([{ id: 'eni-0web' }]));
    expect(await ports.acceleratorsIn(VPC, at)).toEqual(known([]));
    expect(own.calls()).toEqual([]);
  });

  test('one quota, one VPC and the listeners of one load balancer are asked for once', async () => {
    const own = account();
    own.quotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 60 } });
    const ports = open([own]);
    for (let time = 0; time < 2; time += 1) {
      await ports.quota('rules-per-group', HOME);
      await ports.quota('groups-per-interface', HOME);
      await ports.acceleratorsIn(VPC, HOME);
      await ports.listenerPorts(arnOf('web'));
    }
    expect(own.calls().sort()).toEqual([
      'DescribeListeners',
      'DescribeNetworkInterfaces',
      'GetServiceQuota',
      'GetServiceQuota',
    ]);
  });

  test('a place that was not opened is a fault of ours', async () => {
    const ports = open([account()]);
    expect(() => ports.interfacesOf(groupId('sg-0web'), { accountId: OTHER_ACCOUNT, region: REGION })).toThrow(
      RangeError,
    );
  });
});
