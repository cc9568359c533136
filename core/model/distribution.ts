import type { Fact } from '../fact.js';
import type { AccountId, DistributionId, VpcOriginId } from '../ids.js';
import type { HeaderValue } from './header-value.js';

/**
 * How CloudFront connects to a custom origin.
 * Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CustomOriginConfig.html
 */
export interface CustomOrigin {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly protocolPolicy: 'http-only' | 'https-only' | 'match-viewer';
  /** `null` when the input does not say: clients older than IPv6 origins leave it out. */
  readonly ipAddressType: 'ipv4' | 'ipv6' | 'dualstack' | null;
  /** The client certificate that CloudFront presents. @default - none, unless `hidesCertificate` */
  readonly clientCertificateArn?: string;
  /** Set when the client that read it is too old to show a certificate. */
  readonly hidesCertificate?: true;
}

/** A header that CloudFront adds to every request to an origin, in place of one that a viewer sent. */
export interface CustomHeader {
  /** As written; names compare without regard to case. */
  readonly name: string;
  readonly value: HeaderValue;
}

export interface Origin {
  readonly id: string;
  /** As CloudFront has it; may hold `{{parameter}}` in a multi-tenant distribution. */
  readonly domainName: string;
  readonly isS3: boolean;
  readonly vpcOriginId: VpcOriginId | null;
  /** Set where nobody can tell whether it is a VPC origin, as in the inventory. @default - `vpcOriginId` tells */
  readonly mayBeVpcOrigin?: true;
  /** @default - not a custom origin, or the input does not say how CloudFront connects to it */
  readonly custom?: CustomOrigin;
  /** @default - the input does not say which headers CloudFront adds */
  readonly customHeaders?: readonly CustomHeader[];
}

export interface Distribution {
  readonly id: DistributionId;
  readonly accountId: AccountId | null;
  readonly enabled: boolean;
  readonly origins: readonly Origin[];
  /** Default values of the parameters of a multi-tenant distribution; `ListDistributions` does not carry them. */
  readonly parameterDefaults: Fact<Readonly<Record<string, string>>>;
}

export interface DistributionTenant {
  readonly id: string;
  readonly distributionId: DistributionId;
  readonly enabled: boolean;
  /** `ListDistributionTenants` does not carry them; `GetDistributionTenant` does. */
  readonly parameters: Fact<Readonly<Record<string, string>>>;
}

/**
 * Where CloudFront sends the requests of a VPC origin: the ARN of a load balancer or an instance.
 * Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_VpcOriginEndpointConfig.html
 */
export interface VpcOrigin {
  readonly id: VpcOriginId;
  readonly endpointArn: string;
}
