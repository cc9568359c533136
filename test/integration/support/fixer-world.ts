import { CreateDistributionCommand } from '@aws-sdk/client-cloudfront';
import {
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  type IpPermission,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  admit,
  awsPrefixList,
  buildEnvironment,
  CLOUDFRONT_LIST,
  given,
  httpFrom,
  type Environment,
} from './article-environment.js';
import { cliEnv, defaultCaller, type Clients } from './caller.js';
import { scan } from './scan.js';
import type { World } from './world.js';

/** TCP 443 from some source. */
export const httpsFrom = (source: Omit<IpPermission, 'IpProtocol' | 'FromPort' | 'ToPort'>): IpPermission => ({
  ...httpFrom(source),
  FromPort: 443,
  ToPort: 443,
});

const ANYWHERE = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

/** An environment with the id of CloudFront's prefix list. */
export type Fronted = Environment & { readonly list: string };

/** The article's environment, with both ports of an origin that are open to everybody, and both in use. */
export async function buildTwoPorts(clients: Clients, name = 'both-ports'): Promise<Fronted> {
  const built = await buildEnvironment(clients, {
    name,
    originDomain: null,
    ingress: [httpFrom(ANYWHERE), httpsFrom(ANYWHERE)],
  });
  await clients.elbv2.send(
    new CreateListenerCommand({
      LoadBalancerArn: built.loadBalancerArn,
      Port: 443,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
    }),
  );
  const { Distribution } = await clients.cloudfront.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: name,
        Comment: name,
        Enabled: true,
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id: name,
              DomainName: built.dnsName,
              CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'match-viewer' },
            },
          ],
        },
        DefaultCacheBehavior: { TargetOriginId: name, ViewerProtocolPolicy: 'allow-all' },
      },
    }),
  );
  const list = await awsPrefixList(clients, CLOUDFRONT_LIST);
  return { ...built, distributionId: given(Distribution?.Id), list };
}

/** One more load balancer with the same group, which no distribution has as its origin. */
export async function addUnfronted({ elbv2 }: Clients, built: Fronted): Promise<Fronted> {
  const { LoadBalancers } = await elbv2.send(
    new DescribeLoadBalancersCommand({ LoadBalancerArns: [built.loadBalancerArn] }),
  );
  const subnets = given(LoadBalancers?.[0]?.AvailabilityZones).map(({ SubnetId }) => given(SubnetId));
  const made = await elbv2.send(
    new CreateLoadBalancerCommand({
      Name: 'unfronted',
      Type: 'application',
      Subnets: subnets,
      SecurityGroups: [built.groupId],
    }),
  );
  return { ...built, loadBalancerArn: given(made.LoadBalancers?.[0]?.LoadBalancerArn) };
}

/** What `scan` says of groups, live. */
export async function verdictOf({ moto, folder }: World, ...groupIds: readonly string[]): Promise<readonly string[]> {
  const { of } = await scan(folder, [], cliEnv(moto, defaultCaller, folder));
  return groupIds.map((id) => of(id).verdict);
}

/** A group that admits another one, as targets admit their load balancer; its id. */
export async function addTarget(clients: Clients, { vpcId, groupId }: Environment): Promise<string> {
  const made = await clients.ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'target', Description: 'target', VpcId: vpcId }),
  );
  const id = given(made.GroupId);
  await admit(clients, id, httpFrom({ UserIdGroupPairs: [{ GroupId: groupId }] }));
  return id;
}

/** An interface of something else than a load balancer that has the group too. */
export async function addInstance({ ec2 }: Pick<Clients, 'ec2'>, { vpcId, groupId }: Environment): Promise<void> {
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }));
  const SubnetId = given(given(Subnets)[0]?.SubnetId);
  await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId, Groups: [groupId] }));
}

/** The groups that Origin Guard made and that are there. */
export async function madeGroups({ ec2 }: Pick<Clients, 'ec2'>): Promise<readonly string[]> {
  const { SecurityGroups = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'tag:origin-guard:managed', Values: ['true'] }] }),
  );
  return SecurityGroups.map(({ GroupId }) => given(GroupId)).sort();
}

/** The ingress rules of a group as they are. */
export async function rulesOf({ ec2 }: Pick<Clients, 'ec2'>, groupId: string): Promise<readonly SecurityGroupRule[]> {
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [groupId] }] }),
  );
  return SecurityGroupRules.filter(({ IsEgress }) => IsEgress !== true);
}
