import type { Fact } from '../fact.js';
import type { LoadBalancerArn, Scope, SecurityGroupId } from '../ids.js';

export interface LoadBalancer {
  readonly arn: LoadBalancerArn;
  readonly name: string;
  readonly dnsName: string;
  readonly type: 'application' | 'network' | 'gateway';
  readonly scheme: string | null;
  /** `ipv4`, `dualstack` or `dualstack-without-public-ipv4`. @default - not said, which the API does of older ones: `ipv4` */
  readonly ipAddressType?: string;
  readonly vpcId: string | null;
  readonly scope: Scope;
  readonly securityGroups: readonly SecurityGroupId[];
  readonly tags: Fact<Readonly<Record<string, string>>>;
}

/** A way into a load balancer that bypasses CloudFront by design. */
export interface Entrance {
  readonly kind: 'global-accelerator' | 'network-load-balancer';
  /** The network interface or load balancer that shows it. */
  readonly id: string;
}

/** `app/NAME/HASH`, the part of the ARN that AWS repeats in the description of network interfaces. */
export const loadBalancerPath = (arn: string): string =>
  arn.slice(arn.indexOf(':loadbalancer/') + ':loadbalancer/'.length);
