import type { IngressRule } from '../../../core/model/security-group.js';
import { toIpPermissions } from '../../../remediation/alb-sg-cloudfront-only/ip-permissions.js';
import { CLOUDFRONT_V4, fromCidr, fromGroup, fromList, open, OTHER_ACCOUNT } from '../../support/builders.js';

it.each<readonly [string, IngressRule, object]>([
  [
    'an IPv4 range',
    open(fromCidr('0.0.0.0/0')),
    { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  ],
  [
    'an IPv6 range, with what people wrote beside it',
    { ...open(fromCidr('::/0'), 'udp', 53), description: 'names' },
    { IpProtocol: 'udp', FromPort: 53, ToPort: 53, Ipv6Ranges: [{ CidrIpv6: '::/0', Description: 'names' }] },
  ],
  [
    'a list',
    open(fromList(CLOUDFRONT_V4), 'tcp', 80, 81),
    { IpProtocol: 'tcp', FromPort: 80, ToPort: 81, PrefixListIds: [{ PrefixListId: CLOUDFRONT_V4 }] },
  ],
  [
    'a group, all traffic',
    open(fromGroup('sg-0app'), '-1', null),
    { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-0app' }] },
  ],
  [
    'a group of another account',
    open({ ...fromGroup('sg-0app'), accountId: OTHER_ACCOUNT } as IngressRule['source'], '-1', null),
    { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-0app', UserId: OTHER_ACCOUNT }] },
  ],
  [
    'ICMP, its type and code',
    open(fromCidr('10.0.0.0/8'), 'icmp', 8, -1),
    { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
  ],
])('%s', (_, rule, permission) => {
  expect(toIpPermissions([rule])).toEqual([permission]);
});

it('one permission for each rule, in their order', () => {
  const rules = [open(fromCidr('0.0.0.0/0'), 'tcp', 80), open(fromCidr('0.0.0.0/0'))];
  expect(toIpPermissions(rules).map(({ FromPort }) => FromPort)).toEqual([80, 443]);
});
