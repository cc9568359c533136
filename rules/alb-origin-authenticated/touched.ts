import type { Change, Touched } from '../../core/focus.js';
import { LoadBalancerArn } from '../../core/ids.js';

/**
 * The load balancers on which a change may alter the verdict.
 *
 * A listener names its load balancer in its configuration item, and one that is gone in its own ARN only; a distribution
 * names none, so everything in scope is judged again.
 */
export function loadBalancersTouchedBy({ resourceType, resourceId, gone, mentions }: Change): Touched {
  switch (resourceType) {
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return { kind: 'named', ids: [resourceId] };
    case 'AWS::ElasticLoadBalancingV2::Listener': {
      const own = balancerOfListener(resourceId);
      if (own !== null) return { kind: 'named', ids: [own] };
      return gone ? { kind: 'in-scope' } : { kind: 'named', ids: [...mentions].filter(isBalancer) };
    }
    case 'AWS::CloudFront::Distribution':
      return { kind: 'in-scope' };
    default:
      return { kind: 'nothing' };
  }
}

const isBalancer = (text: string): boolean => LoadBalancerArn.safeParse(text).success;

/** `...:listener/app/NAME/HASH/ID` is of `...:loadbalancer/app/NAME/HASH`. */
function balancerOfListener(arn: string): string | null {
  const text = arn.replace(/^(arn:.+):listener\/(.+)\/[^/]+$/, '$1:loadbalancer/$2');
  return isBalancer(text) ? text : null;
}
