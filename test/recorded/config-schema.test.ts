import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const recorded = resolve(__dirname, '..', '..', process.env['ORIGIN_GUARD_RECORDED'] ?? '');

const small = (path: string): string =>
  path
    .split('.')
    .map((key) => key.charAt(0).toLowerCase() + key.slice(1))
    .join('.');

/** The properties of a type as AWS publishes them, every name with a small first letter. */
function propertiesOf(type: string): ReadonlySet<string> {
  const file = join(recorded, 'config-schema', `${type.replaceAll('::', '-')}.properties.json`);
  return new Set(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object).map(small));
}

/** What the schemas in snapshot/ read of a configuration item, by the names they read it under. */
const READ: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::SecurityGroup': [
    'groupId',
    'groupName',
    'vpcId',
    'ownerId',
    ...[
      'ipProtocol',
      'fromPort',
      'toPort',
      'ipRanges',
      'ipv4Ranges.cidrIp',
      'ipv6Ranges.cidrIpv6',
      'prefixListIds.prefixListId',
      'userIdGroupPairs.groupId',
      'userIdGroupPairs.userId',
      'userIdGroupPairs.vpcId',
    ].map((key) => `ipPermissions.${key}`),
  ],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    ...['loadBalancerArn', 'loadBalancerName', 'dNSName', 'scheme', 'vpcId', 'type', 'securityGroups.value'],
  ],
  'AWS::ElasticLoadBalancingV2::Listener': ['loadBalancerArn', 'port'],
  'AWS::CloudFront::Distribution': [
    ...['id', 'arn', 'distributionConfig.enabled', 'distributionConfig.origins.quantity'],
    ...['id', 'domainName', 's3OriginConfig.originAccessIdentity'].map(
      (key) => `distributionConfig.origins.items.${key}`,
    ),
  ],
  'AWS::EC2::PrefixList': ['prefixListId', 'prefixListName', 'ownerId', 'entries.cidr'],
};

/** What stands beside the configuration. */
const BESIDE = [
  'accountId',
  'arn',
  'awsRegion',
  'configurationItemCaptureTime',
  'configurationItemStatus',
  'configurationStateId',
  'resourceId',
  'resourceType',
];

test.each(Object.entries(READ))('%s has the properties that we read', (type, paths) => {
  const properties = propertiesOf(type);
  expect(paths.filter((path) => !properties.has(`configuration.${path}`))).toEqual([]);
  expect(BESIDE.filter((path) => !properties.has(small(path)))).toEqual([]);
});

test('a name that AWS does not publish would be noticed', () => {
  expect(propertiesOf('AWS::EC2::SecurityGroup').has('configuration.securityGroupArn')).toBe(false);
});
