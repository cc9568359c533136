import type { WholeAnswer } from './faults.js';
import type { StandIn } from './recording-proxy.js';

/** What moto's CloudFront cannot hold. */
export interface RareOrigins {
  /** Where the one tenant's origin is. */
  readonly tenantDomain: string;
  /** The load balancer behind the one VPC origin. */
  readonly loadBalancerArn: string;
}

export const TENANT_DISTRIBUTION = 'ETENANTS0001';
export const VPC_DISTRIBUTION = 'EVPCORIGIN01';

const CUSTOM = `<CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort>
  <OriginProtocolPolicy>http-only</OriginProtocolPolicy></CustomOriginConfig>`;

const origins = (domain: string, how: string): string => `<Enabled>true</Enabled><Origins><Quantity>1</Quantity><Items>
  <Origin><Id>only</Id><DomainName>${domain}</DomainName>${how}</Origin></Items></Origins>`;

/**
 * Answers for CloudFront: a distribution whose origin waits for the parameters of its one tenant, and one with a VPC
 * origin that another account shares, which is why no list has it.
 */
export function rareOriginsStandIn({ tenantDomain, loadBalancerArn }: RareOrigins): StandIn {
  const ofTenants = origins('{{host}}', CUSTOM);
  const ofVpc = origins(
    'internal.example.com',
    '<VpcOriginConfig><VpcOriginId>vo_0123456789abcdef</VpcOriginId></VpcOriginConfig>',
  );
  const tenant = (more: string): string => `<Id>dt_0123456789abcdef</Id>
    <DistributionId>${TENANT_DISTRIBUTION}</DistributionId><Enabled>true</Enabled>${more}`;
  const answers: Readonly<Record<string, string>> = {
    ListDistributions: `<DistributionList><IsTruncated>false</IsTruncated><Quantity>2</Quantity><Items>
      <DistributionSummary><Id>${TENANT_DISTRIBUTION}</Id>${ofTenants}</DistributionSummary>
      <DistributionSummary><Id>${VPC_DISTRIBUTION}</Id>${ofVpc}</DistributionSummary></Items></DistributionList>`,
    GetDistribution: `<Distribution><Id>${TENANT_DISTRIBUTION}</Id><DistributionConfig>${ofTenants}<TenantConfig>
      <ParameterDefinitions><member><Name>host</Name></member></ParameterDefinitions></TenantConfig>
      </DistributionConfig></Distribution>`,
    ListDistributionTenants: `<ListDistributionTenantsResult><DistributionTenantList><DistributionTenantSummary>
      ${tenant('')}</DistributionTenantSummary></DistributionTenantList></ListDistributionTenantsResult>`,
    GetDistributionTenant: `<DistributionTenant>${tenant(
      `<Parameters><member><Name>host</Name><Value>${tenantDomain}</Value></member></Parameters>`,
    )}</DistributionTenant>`,
    ListVpcOrigins: `<VpcOriginList><IsTruncated>false</IsTruncated><Quantity>0</Quantity></VpcOriginList>`,
    GetVpcOrigin: `<VpcOrigin><Id>vo_0123456789abcdef</Id><VpcOriginEndpointConfig><Arn>${loadBalancerArn}</Arn>
      </VpcOriginEndpointConfig></VpcOrigin>`,
  };
  return ({ called: { service, operation } }) =>
    service === 'cloudfront' && answers[operation] !== undefined ? xml(answers[operation]) : null;
}

const xml = (body: string): WholeAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body: Buffer.from(`<?xml version="1.0"?>${body}`),
});
