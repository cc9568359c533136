import * as z from 'zod/mini';
import { AccountId, DistributionId, LoadBalancerArn, Region } from '../core/ids.js';

/** What the queries of the inventory ask of each resource; nothing else may be selected, least of all header values. */
const DISTRIBUTION_FIELDS = [
  'accountId',
  'resourceId',
  'configuration.distributionConfig.enabled',
  'configuration.distributionConfig.origins.quantity',
  'configuration.distributionConfig.origins.items.id',
  'configuration.distributionConfig.origins.items.domainName',
  'configuration.distributionConfig.origins.items.customOriginConfig.httpPort',
  'configuration.distributionConfig.origins.items.customOriginConfig.httpsPort',
  'configuration.distributionConfig.origins.items.customOriginConfig.originProtocolPolicy',
] as const;

const LOAD_BALANCER_FIELDS = [
  'accountId',
  'awsRegion',
  'resourceId',
  'configuration.dNSName',
  'configuration.scheme',
] as const;

const INTERFACE_FIELDS = [
  'accountId',
  'awsRegion',
  'resourceId',
  'configuration.description',
  'configuration.association.publicIp',
  'configuration.privateIpAddresses.association.publicIp',
  'configuration.ipv6Addresses.ipv6Address',
] as const;

const select = (fields: readonly string[], where: string): string => `SELECT ${fields.join(', ')} WHERE ${where}`;

/**
 * The queries to an AWS Config aggregator; paths as in its published schema.
 *
 * Source: https://github.com/awslabs/aws-config-resource-schema/tree/master/config/properties/resource-types and
 * https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html
 */
export const QUERIES = {
  distributions: select(DISTRIBUTION_FIELDS, "resourceType = 'AWS::CloudFront::Distribution'"),
  loadBalancers: select(
    LOAD_BALANCER_FIELDS,
    "resourceType = 'AWS::ElasticLoadBalancingV2::LoadBalancer' AND configuration.type = 'application'",
  ),
  interfaces: select(
    INTERFACE_FIELDS,
    "resourceType = 'AWS::EC2::NetworkInterface' AND configuration.description LIKE 'ELB app/%'",
  ),
} as const;

const OriginRow = z.object({
  id: z.string({ error: 'expected the id of an origin' }),
  domainName: z.string({ error: 'expected a domain name' }),
  customOriginConfig: z.optional(z.unknown()),
});

/**
 * A row of the query for distributions.
 *
 * No page of AWS says how a selection out of a list is written; the one form that is taken is the list itself with what
 * was selected of each element, as many as its quantity says. Any other form is refused, so that no origin gets lost.
 */
export const DistributionRow = z.object(
  {
    accountId: AccountId,
    resourceId: DistributionId,
    configuration: z.object(
      {
        distributionConfig: z.object(
          {
            enabled: z.boolean({ error: 'expected true or false' }),
            origins: z
              .object(
                {
                  quantity: z.number({ error: 'expected the number of origins' }),
                  items: z.array(OriginRow, { error: 'expected the list of origins' }),
                },
                { error: 'expected the origins' },
              )
              .check(
                z.refine(({ quantity, items }) => quantity > 0 && quantity === items.length, {
                  error: 'expected as many origins as their quantity says',
                }),
              ),
          },
          { error: 'expected the settings of a distribution' },
        ),
      },
      { error: 'expected the configuration of a distribution' },
    ),
  },
  { error: 'expected an object' },
);

export const LoadBalancerRow = z.object(
  {
    accountId: AccountId,
    awsRegion: Region,
    /** AWS Config knows a load balancer by its ARN. */
    resourceId: LoadBalancerArn,
    configuration: z.object(
      {
        dNSName: z.string({ error: 'expected a DNS name' }).check(z.minLength(1, { error: 'expected a DNS name' })),
        scheme: z.nullish(z.string()),
      },
      { error: 'expected the configuration of a load balancer' },
    ),
  },
  { error: 'expected an object' },
);

/** The configuration is an interface as EC2 describes it, with less of it. */
export const InterfaceRow = z.object(
  {
    accountId: AccountId,
    awsRegion: Region,
    resourceId: z.string({ error: 'expected the id of an interface' }),
    configuration: z.record(z.string(), z.unknown(), { error: 'expected the configuration of an interface' }),
  },
  { error: 'expected an object' },
);
