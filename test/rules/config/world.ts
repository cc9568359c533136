import { known } from '../../../core/fact.js';
import type { SecurityGroup } from '../../../core/model/security-group.js';
import type { Reported } from '../../../core/reporting.js';
import {
  arnOf,
  distribution,
  dnsNameOf,
  fromCidr,
  gap,
  groupId,
  loadBalancer,
  open,
  origin,
  securityGroup,
} from '../../support/builders.js';
import type { World } from '../../support/fake-ports.js';
import { GROUP } from './events.js';

export const RULE = 'alb-sg-cloudfront-only';
const FROM_ANYWHERE = known([open(fromCidr('0.0.0.0/0'))]);

const balancer = (name: string, ...groups: readonly string[]) =>
  loadBalancer({ name, arn: arnOf(name), dnsName: dnsNameOf(name), securityGroups: groups.map(groupId) });

/** A group that is open to the world, unless something else is given. */
export const group = (id: string, ingress: SecurityGroup['ingress'] = FROM_ANYWHERE) =>
  securityGroup({ id: groupId(id), ingress });

/** `sg-0open` and `sg-0closed` are behind CloudFront, `sg-0plain` is on a load balancer that is not, `sg-0idle` on none. */
export const WORLD: Partial<World> = {
  groups: [group('sg-0open'), group('sg-0closed', securityGroup().ingress), group('sg-0plain'), group('sg-0idle')],
  loadBalancers: [balancer('web', 'sg-0open', 'sg-0closed'), balancer('plain', 'sg-0plain')],
  distributions: [distribution({ origins: [origin({ domainName: dnsNameOf('web') })] })],
};
/** A result or a finding on a group. */
export const sg = (resourceId: string): Reported => ({ resourceType: GROUP, resourceId });
/** The same, with the distributions hidden. */
export const BLIND: Partial<World> = { ...WORLD, distributions: [], distributionGap: () => gap('distributions') };
/** The same, with an origin whose name cannot be looked up. */
export const DEAD_NAME: Partial<World> = {
  ...WORLD,
  distributions: [
    ...(WORLD.distributions ?? []),
    distribution({ origins: [origin({ domainName: 'app.example.com' })] }),
  ],
  names: { 'app.example.com': { kind: 'answered', names: [], addresses: [], failure: 'SERVFAIL' } },
};
