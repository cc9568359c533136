import { DistributionItem } from '../../wire/cloudfront.js';
import { PrefixListItem, SecurityGroupRuleItem } from '../../wire/ec2.js';
import { LoadBalancerItem } from '../../wire/elbv2.js';
import { lowerFirstKeys } from '../../wire/shared.js';
import { arnOf, CLOUDFRONT_V4, dnsNameOf } from '../support/builders.js';

// What a plan reads beside a verdict, which needs none of it: where it is not said, the item is taken all the same.

describe('how CloudFront connects to an origin', () => {
  const customOf = (settings: unknown) =>
    DistributionItem.parse(
      lowerFirstKeys({
        Id: 'E1WEB',
        Enabled: true,
        Origins: { Quantity: 1, Items: [{ Id: 'web', DomainName: dnsNameOf('web'), CustomOriginConfig: settings }] },
      }),
    ).origins[0]?.custom;
  const SETTINGS = { HTTPPort: 80, HTTPSPort: 8443, OriginProtocolPolicy: 'https-only', IpAddressType: 'dualstack' };
  const EXPECTED = { httpPort: 80, httpsPort: 8443, protocolPolicy: 'https-only', ipAddressType: 'dualstack' };

  test('is read as the API writes it, and as AWS Config does', () => {
    expect(customOf(SETTINGS)).toEqual(EXPECTED);
    const { HTTPPort: httpPort, HTTPSPort: httpsPort, ...rest } = SETTINGS;
    expect(customOf({ httpPort, httpsPort, ...rest })).toEqual(EXPECTED);
  });

  test('is by families that are not known where nothing is said', () => {
    expect(customOf({ ...SETTINGS, IpAddressType: undefined })).toEqual({ ...EXPECTED, ipAddressType: null });
  });

  test.each([
    ['nothing', undefined],
    ['no port for HTTP', { ...SETTINGS, HTTPPort: undefined }],
    ['no port for HTTPS', { ...SETTINGS, HTTPSPort: undefined }],
    ['a policy that is none', { ...SETTINGS, OriginProtocolPolicy: 'any' }],
    ['an address type of the future', { ...SETTINGS, IpAddressType: 'ipv8' }],
  ])('is not known from %s', (_, settings) => {
    expect(customOf(settings)).toBeUndefined();
  });
});

describe('the address type of a load balancer', () => {
  const item = (more: object) =>
    LoadBalancerItem.parse(
      lowerFirstKeys({ LoadBalancerArn: arnOf('web'), DNSName: dnsNameOf('web'), SecurityGroups: [], ...more }),
    );

  test('is as AWS writes it, of whatever kind', () => {
    expect(item({ IpAddressType: 'dualstack-without-public-ipv4' })).toMatchObject({
      ipAddressType: 'dualstack-without-public-ipv4',
    });
  });

  test('is absent where it is not said', () => {
    expect(item({})).not.toHaveProperty('ipAddressType');
    expect(item({ IpAddressType: '' })).not.toHaveProperty('ipAddressType');
  });
});

describe('the description of a rule', () => {
  const ruleOf = (more: object) =>
    SecurityGroupRuleItem.parse(
      lowerFirstKeys({
        SecurityGroupRuleId: 'sgr-1',
        GroupId: 'sg-0web',
        IsEgress: false,
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
        CidrIpv4: '0.0.0.0/0',
        ...more,
      }),
    ).rule;

  test('is kept', () => {
    expect(ruleOf({ Description: 'the office' })).toMatchObject({ description: 'the office' });
  });

  test.each([{}, { Description: null }, { Description: '' }])('is absent from %j', (more) => {
    expect(ruleOf(more)).not.toHaveProperty('description');
  });
});

test.each([20, undefined, null])('a prefix list holds %p entries at most', (maxEntries) => {
  const list = { PrefixListId: CLOUDFRONT_V4, PrefixListName: 'office', MaxEntries: maxEntries };
  expect(PrefixListItem.parse(lowerFirstKeys(list)).maxEntries).toBe(maxEntries);
});
