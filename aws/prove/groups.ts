import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  type DescribeSecurityGroupRulesCommandOutput,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { accepted, type Reply, type SeenRule } from '../../core/proving.js';
import { listOf } from '../read/pages.js';
import { wholeList } from './lists.js';
import { replyTo, type ProvingSession } from './session.js';

/** Everything these calls take. */
export const iamActions = ['ec2:AuthorizeSecurityGroupIngress', 'ec2:DescribeSecurityGroupRules'] as const;

/** The ingress rules of a group. */
export async function readRules(session: ProvingSession, group: string): Promise<readonly SeenRule[]> {
  const pages = await wholeList<DescribeSecurityGroupRulesCommandOutput>(session, {
    fact: `rules of ${group}`,
    what: `the rules of ${group}`,
    action: 'ec2:DescribeSecurityGroupRules',
    command: 'describe-security-group-rules',
    page: (NextToken, options) =>
      session.clients.ec2.send(
        new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [group] }], NextToken }),
        options,
      ),
    next: ({ NextToken }) => NextToken,
  });
  return pages
    .flatMap((page) => listOf(page.SecurityGroupRules, 'SecurityGroupRules'))
    .filter(({ IsEgress }) => IsEgress !== true)
    .map(toRule);
}

const toRule = (rule: SecurityGroupRule): SeenRule => ({
  id: rule.SecurityGroupRuleId ?? '',
  protocol: rule.IpProtocol ?? '',
  fromPort: rule.FromPort ?? null,
  toPort: rule.ToPort ?? null,
  source: rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId ?? '',
  description: rule.Description ?? '',
});

/** Admits blocks to TCP port 443 of a group, in one call. */
export async function admit(session: ProvingSession, group: string, blocks: readonly string[]): Promise<Reply<null>> {
  const isIpv6 = (block: string): boolean => block.includes(':');
  const reply = await replyTo(session, `adding rules to ${group}`, (options) =>
    session.clients.ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: group,
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: 443,
            ToPort: 443,
            IpRanges: blocks.filter((block) => !isIpv6(block)).map((CidrIp) => ({ CidrIp })),
            Ipv6Ranges: blocks.filter(isIpv6).map((CidrIpv6) => ({ CidrIpv6 })),
          },
        ],
      }),
      options,
    ),
  );
  return reply.ok ? accepted(null) : reply;
}
