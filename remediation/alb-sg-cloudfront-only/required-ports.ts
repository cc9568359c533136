import { FAMILIES, type Family, type RequiredPort } from '../../core/plan.js';
import type { LoadBalancerArn } from '../../core/ids.js';
import type { CustomOrigin } from '../../core/model/distribution.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import { originPorts, settingsBy } from '../../core/origin-ports.js';
import { fronted, type PlanFacts, type Way } from './facts.js';

/**
 * Every port on which CloudFront may come to the load balancers in scope, by address family, met with what they listen on.
 *
 * An origin whose settings are not known, and any origin that nobody could resolve, may use every listener.
 */
export function portsCloudfrontUses(
  facts: Pick<PlanFacts, 'users' | 'ways' | 'unresolvedOrigins'>,
  listeners: ReadonlyMap<LoadBalancerArn, readonly number[]>,
): readonly RequiredPort[] {
  const used = fronted(facts).flatMap((user) => portsOf(user, facts, listeners.get(user.arn) ?? []));
  return uniquePorts(used);
}

function portsOf(
  user: LoadBalancer,
  { ways, unresolvedOrigins }: Pick<PlanFacts, 'ways' | 'unresolvedOrigins'>,
  listening: readonly number[],
): readonly RequiredPort[] {
  const own = ways.filter(({ path }) => path.loadBalancerArn === user.arn);
  const custom = own.map(settingsOf);
  return [
    ...custom.flatMap((origin) => {
      const ports = origin === null ? listening : originPorts(origin).filter((port) => listening.includes(port));
      return onPorts(user, origin, ports);
    }),
    ...unresolvedOrigins.flatMap((origin) => onPorts(user, origin, listening)),
  ];
}

const onPorts = (user: LoadBalancer, origin: CustomOrigin | null, ports: readonly number[]): readonly RequiredPort[] =>
  familiesOf(user, origin).flatMap((family) => ports.map((port) => ({ family, port })));

const settingsOf = ({ path, custom }: Way): CustomOrigin | null => settingsBy(path.linkedBy, custom);

/**
 * The address families by which an origin reaches a load balancer: CloudFront uses IPv6 only where the origin says so,
 * and a load balancer answers only by the families it has.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-enable-ipv6.html
 */
function familiesOf({ ipAddressType }: LoadBalancer, origin: CustomOrigin | null): readonly Family[] {
  const answers: Readonly<Record<Family, boolean>> = {
    ipv4: ipAddressType !== 'dualstack-without-public-ipv4',
    ipv6: ipAddressType?.startsWith('dualstack') === true,
  };
  const comes = (family: Family): boolean => [null, 'dualstack', family].includes(origin?.ipAddressType ?? null);
  return FAMILIES.filter((family) => answers[family] && comes(family));
}

/** A load balancer of which nobody saw by which families it answers, though CloudFront may come by IPv6. */
export const withUnknownFamilies = ({
  users,
  ways,
  unresolvedOrigins,
}: Pick<PlanFacts, 'users' | 'ways' | 'unresolvedOrigins'>): LoadBalancer | undefined =>
  fronted({ users, ways }).find(
    ({ arn, ipAddressType }) =>
      ipAddressType === undefined &&
      [...ways.filter(({ path }) => path.loadBalancerArn === arn).map(settingsOf), ...unresolvedOrigins].some(
        (origin) => origin?.ipAddressType !== 'ipv4',
      ),
  );

/** The ports once each: IPv4 first, ascending. */
function uniquePorts(ports: readonly RequiredPort[]): readonly RequiredPort[] {
  return FAMILIES.flatMap((family) =>
    [...new Set(ports.filter((each) => each.family === family).map(({ port }) => port))]
      .sort((a, b) => a - b)
      .map((port) => ({ family, port })),
  );
}
