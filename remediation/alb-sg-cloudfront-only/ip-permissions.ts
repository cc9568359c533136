import { sourceText, type IngressRule } from '../../core/model/security-group.js';

/** One rule as EC2 takes it in `IpPermissions`. */
export type IpPermission = Readonly<Record<string, unknown>>;

/**
 * Rules as `AuthorizeSecurityGroupIngress` takes them, one permission each, with what people wrote beside them.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
 */
export const toIpPermissions = (rules: readonly IngressRule[]): readonly IpPermission[] => rules.map(toIpPermission);

function toIpPermission(rule: IngressRule): IpPermission {
  const { protocol, fromPort, toPort, description } = rule;
  const source = {
    [SOURCE_KEYS[keyOf(rule)]]: sourceText(rule.source),
    ...(rule.source.kind === 'security-group' && rule.source.accountId !== null
      ? { UserId: rule.source.accountId }
      : {}),
    ...(description === undefined ? {} : { Description: description }),
  };
  return {
    IpProtocol: protocol,
    ...(fromPort === null ? {} : { FromPort: fromPort }),
    ...(toPort === null ? {} : { ToPort: toPort }),
    [keyOf(rule)]: [source],
  };
}

const SOURCE_KEYS = {
  IpRanges: 'CidrIp',
  Ipv6Ranges: 'CidrIpv6',
  PrefixListIds: 'PrefixListId',
  UserIdGroupPairs: 'GroupId',
} as const;

function keyOf({ source }: IngressRule): keyof typeof SOURCE_KEYS {
  switch (source.kind) {
    case 'cidr':
      return source.cidr.family === 4 ? 'IpRanges' : 'Ipv6Ranges';
    case 'prefix-list':
      return 'PrefixListIds';
    case 'security-group':
      return 'UserIdGroupPairs';
  }
}
