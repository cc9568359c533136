import {
  CreateDistributionCommand,
  GetDistributionConfigCommand,
  UpdateDistributionCommand,
  type DistributionConfig,
} from '@aws-sdk/client-cloudfront';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeManagedPrefixListsCommand,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
  type Tag,
} from '@aws-sdk/client-ec2';
import { CreateListenerCommand, CreateLoadBalancerCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clients } from './caller.js';

export const CLOUDFRONT_LIST = 'com.amazonaws.global.cloudfront.origin-facing';

export const FROM_ANYWHERE: IpPermission = httpFrom({ IpRanges: [{ CidrIp: '0.0.0.0/0' }] });

/** TCP 80 from some source. */
export function httpFrom(source: Omit<IpPermission, 'IpProtocol' | 'FromPort' | 'ToPort'>): IpPermission {
  return { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, ...source };
}

export interface EnvironmentOptions {
  readonly name?: string;
  /** What the load balancer's group admits; the article's mistake when not given. */
  readonly ingress?: readonly IpPermission[];
  readonly groupTags?: readonly Tag[];
  /** The origin's domain name: the load balancer's own DNS name when not given; `null` for no distribution at all. */
  readonly originDomain?: string | null;
}

export interface Environment {
  readonly vpcId: string;
  readonly groupId: string;
  /** The ids of the ingress rules, in the order in which they were asked for. */
  readonly ruleIds: readonly string[];
  readonly loadBalancerArn: string;
  readonly dnsName: string;
  readonly hostedZoneId: string;
  readonly distributionId: string | null;
}

/** Builds the article's environment: a group open to the world on a load balancer that is a distribution's origin. */
export async function buildEnvironment(clients: Clients, options: EnvironmentOptions = {}): Promise<Environment> {
  const { name = 'demo-sbx-alb', ingress = [FROM_ANYWHERE], groupTags = [], originDomain } = options;
  const { ec2, elbv2, region } = clients;
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.100.0.0/16' }));
  const vpcId = given(Vpc?.VpcId);
  const subnets: string[] = [];
  for (const [index, zone] of ['a', 'b'].entries()) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpcId,
        CidrBlock: `10.100.${String(index)}.0/24`,
        AvailabilityZone: `${region}${zone}`,
      }),
    );
    subnets.push(given(Subnet?.SubnetId));
  }
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: name,
      Description: name,
      VpcId: vpcId,
      ...(groupTags.length > 0 && { TagSpecifications: [{ ResourceType: 'security-group', Tags: [...groupTags] }] }),
    }),
  );
  const groupId = given(GroupId);
  const ruleIds: string[] = [];
  for (const permission of ingress) ruleIds.push(...(await admit(clients, groupId, permission)));
  const { LoadBalancers } = await elbv2.send(
    new CreateLoadBalancerCommand({
      Name: name,
      Type: 'application',
      Scheme: 'internet-facing',
      Subnets: subnets,
      SecurityGroups: [groupId],
    }),
  );
  const loadBalancer = given(LoadBalancers?.[0]);
  const loadBalancerArn = given(loadBalancer.LoadBalancerArn);
  const dnsName = given(loadBalancer.DNSName);
  await elbv2.send(
    new CreateListenerCommand({
      LoadBalancerArn: loadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }],
    }),
  );
  const distributionId =
    originDomain === null ? null : await createDistribution(clients, name, originDomain ?? dnsName);
  const hostedZoneId = given(loadBalancer.CanonicalHostedZoneId);
  return { vpcId, groupId, ruleIds, loadBalancerArn, dnsName, hostedZoneId, distributionId };
}

/** Creates an enabled distribution with one custom origin, which gets these headers; answers with its id. */
export async function createDistribution(
  { cloudfront }: Clients,
  name: string,
  domain: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const Items = Object.entries(headers).map(([HeaderName, HeaderValue]) => ({ HeaderName, HeaderValue }));
  const config: DistributionConfig = {
    CallerReference: `${name} ${domain}`,
    Comment: name,
    Enabled: true,
    Origins: {
      Quantity: 1,
      Items: [
        {
          Id: name,
          DomainName: domain,
          CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'http-only' },
          ...(Items.length > 0 && { CustomHeaders: { Quantity: Items.length, Items } }),
        },
      ],
    },
    DefaultCacheBehavior: { TargetOriginId: name, ViewerProtocolPolicy: 'redirect-to-https' },
  };
  const { Distribution } = await cloudfront.send(new CreateDistributionCommand({ DistributionConfig: config }));
  return given(Distribution?.Id);
}

/** Switches a distribution off; answers with the tag that deleting it asks for. */
export async function disableDistribution({ cloudfront }: Clients, id: string): Promise<string> {
  const { DistributionConfig, ETag } = await cloudfront.send(new GetDistributionConfigCommand({ Id: id }));
  const updated = await cloudfront.send(
    new UpdateDistributionCommand({
      Id: id,
      IfMatch: given(ETag),
      DistributionConfig: { ...given(DistributionConfig), Enabled: false },
    }),
  );
  return given(updated.ETag);
}

/** Adds ingress to a group; answers with the ids of the new rules. */
export async function admit({ ec2 }: Clients, groupId: string, permission: IpPermission): Promise<readonly string[]> {
  const { SecurityGroupRules } = await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: [permission] }),
  );
  return given(SecurityGroupRules).map(({ SecurityGroupRuleId }) => given(SecurityGroupRuleId));
}

export async function revoke({ ec2 }: Clients, groupId: string, ruleIds: readonly string[]): Promise<void> {
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: groupId, SecurityGroupRuleIds: [...ruleIds] }));
}

/** The id of one of AWS's own prefix lists in the Region, found by name as everybody must. */
export async function awsPrefixList({ ec2 }: Clients, name: string): Promise<string> {
  const { PrefixLists } = await ec2.send(
    new DescribeManagedPrefixListsCommand({
      Filters: [
        { Name: 'owner-id', Values: ['AWS'] },
        { Name: 'prefix-list-name', Values: [name] },
      ],
    }),
  );
  return given(PrefixLists?.[0]?.PrefixListId);
}

/** A value that AWS promises. */
export function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('AWS left out a value that it promises');
  return value;
}
