import type { LoadBalancerArn } from '../core/ids.js';
import type { LoadBalancer } from '../core/model/load-balancer.js';
import type { Collected } from './collected.js';

/** Whether two things may be in one VPC: what does not say in which it is may be in any. */
export const isSameVpc = (a: string | null, b: string | null): boolean => a === null || b === null || a === b;

/**
 * The network load balancers that forward to an Application Load Balancer, or may: AWS does not print the targets.
 *
 * @param mayReach whether a target group in one VPC may reach a load balancer in another
 */
export const balancersInFront = (
  { albTargets }: Pick<Collected, 'albTargets'>,
  { arn, vpcId }: Pick<LoadBalancer, 'arn' | 'vpcId'>,
  mayReach: typeof isSameVpc,
): ReadonlySet<LoadBalancerArn> =>
  new Set(
    albTargets
      .filter(({ targets, vpcId: own }) => (targets === null ? mayReach(own, vpcId) : targets.includes(arn)))
      .flatMap(({ loadBalancerArns }) => loadBalancerArns),
  );
