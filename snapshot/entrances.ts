import type { LoadBalancerArn } from '../core/ids.js';
import type { LoadBalancer } from '../core/model/load-balancer.js';
import type { Collected } from './collected.js';

/** The network load balancers that forward to an Application Load Balancer, or may: AWS does not print the targets. */
export const balancersInFront = (
  { albTargets }: Pick<Collected, 'albTargets'>,
  { arn, vpcId }: Pick<LoadBalancer, 'arn' | 'vpcId'>,
): ReadonlySet<LoadBalancerArn> =>
  new Set(
    albTargets
      .filter(({ targets, vpcId: own }) => (targets === null ? vpcId !== null && own === vpcId : targets.includes(arn)))
      .flatMap(({ loadBalancerArns }) => loadBalancerArns),
  );
