import {
  ACCOUNT,
  alb,
  albArn,
  detailed,
  distribution,
  distributionArn,
  GROUP,
  group,
  type Json,
  permission,
  prefixList,
} from '../support/saved-files.js';

/** The names as AWS Config writes them: with a small first letter. */
function small(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(small);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key.charAt(0).toLowerCase() + key.slice(1),
    small(inner),
  ]);
  return Object.fromEntries(entries) as Json;
}

/** An item as an AWS Config snapshot holds it. */
export const item = (
  resourceType: string,
  resourceId: string,
  configuration: Json | null,
  overrides: Json = {},
): Json => ({
  configurationItemVersion: '1.3',
  configurationItemCaptureTime: '2026-06-01T00:00:00.000Z',
  configurationStateId: 1_780_000_000_000,
  configurationItemStatus: 'OK',
  awsAccountId: ACCOUNT,
  awsRegion: 'us-east-1',
  resourceType,
  resourceId,
  tags: {},
  configuration: small(configuration),
  ...overrides,
});

export const groupItem = (permissions: readonly unknown[], overrides: Json = {}) =>
  item(
    'AWS::EC2::SecurityGroup',
    GROUP,
    { ...group(), IpPermissions: permissions, Tags: undefined },
    {
      ARN: `arn:aws:ec2:us-east-1:${ACCOUNT}:security-group/${GROUP}`,
      ...overrides,
    },
  );
export const albItem = (overrides: Json = {}) =>
  item('AWS::ElasticLoadBalancingV2::LoadBalancer', albArn(), alb(), { ARN: albArn(), ...overrides });
export const distributionItem = (overrides: Json = {}, config: Json = {}) =>
  item('AWS::CloudFront::Distribution', 'E1WEB', detailed(distribution(config)), {
    ARN: distributionArn('E1WEB'),
    awsRegion: 'global',
    ...overrides,
  });

export const snapshotOf = (...configurationItems: readonly Json[]): Json => ({
  fileVersion: '1.0',
  configSnapshotId: '77eaf575-2134-4cf9-a704-ac660d3a370e',
  configurationItems,
});

/** Everything as configuration items; the prefix lists of AWS, which Config does not record, as saved output. */
export const recorded = (...configurationItems: readonly Json[]) => ({
  'snapshot.json': snapshotOf(...configurationItems),
  'prefix-lists.json': { PrefixLists: [prefixList()] },
});

export const CLOSED = [permission()];
