import { DescribeSecurityGroupRulesCommand, type SecurityGroupRule } from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetParametersByPathCommand } from '@aws-sdk/client-ssm';
import { recordsPath } from '../../../core/planning.js';
import type { RunbookRig } from './runbook-rig.js';

/** The ingress rules of a group as texts: ports, source and what is written beside it. */
export async function ingressOf({ ec2 }: RunbookRig, groupId: string): Promise<readonly string[]> {
  const { SecurityGroupRules = [] } = await ec2.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [groupId] }] }),
  );
  return SecurityGroupRules.filter(({ IsEgress }) => IsEgress !== true)
    .map(textOf)
    .sort();
}

const textOf = ({ FromPort, CidrIpv4, PrefixListId, Description = '' }: SecurityGroupRule): string =>
  `${String(FromPort)} ${CidrIpv4 ?? PrefixListId ?? '?'} ${Description}`.trim();

/** The records of a group, by the id of their run. */
export async function recordsOf({ ssm }: RunbookRig, groupId: string): Promise<Readonly<Record<string, unknown>>> {
  const { Parameters = [] } = await ssm.send(
    new GetParametersByPathCommand({ Path: recordsPath(groupId), Recursive: true }),
  );
  return Object.fromEntries(
    Parameters.map(({ Name = '', Value = '' }) => {
      const { status } = JSON.parse(Value) as { readonly status: string };
      return [Name.split('/').at(-1) ?? '', status];
    }),
  );
}

/** The groups of a load balancer, in the order of the alphabet. */
export async function groupsOf({ clients: { elbv2 } }: RunbookRig, arn: string): Promise<readonly string[]> {
  const { LoadBalancers = [] } = await elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
  return [...(LoadBalancers[0]?.SecurityGroups ?? [])].sort();
}
