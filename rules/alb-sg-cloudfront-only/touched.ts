import type { Change, Touched } from '../../core/focus.js';
import { SecurityGroupId } from '../../core/ids.js';

/**
 * The security groups on which a change may alter the verdict.
 *
 * A load balancer names its groups, and those it had before, in its configuration item. One that is gone names none,
 * and a distribution names no group at all, so everything in scope is judged again.
 */
export function groupsTouchedBy({ resourceType, resourceId, gone, mentions }: Change): Touched {
  switch (resourceType) {
    case 'AWS::EC2::SecurityGroup':
      return { kind: 'named', ids: [resourceId] };
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return gone
        ? { kind: 'in-scope' }
        : { kind: 'named', ids: [...mentions].filter((text) => SecurityGroupId.safeParse(text).success) };
    case 'AWS::CloudFront::Distribution':
      return { kind: 'in-scope' };
    default:
      return { kind: 'nothing' };
  }
}
