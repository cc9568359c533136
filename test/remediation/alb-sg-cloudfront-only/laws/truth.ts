import type { LoadBalancerArn } from '../../../../core/ids.js';
import { declaresCloudfront } from '../../../../core/link-origins.js';
import type { IngressRule } from '../../../../core/model/security-group.js';
import { FAMILIES, type Family } from '../../../../core/plan.js';
import { CLOUDFRONT_V4, CLOUDFRONT_V6 } from '../../../support/builders.js';
import { names } from '../../../support/runbook/fake-ec2.js';
import { reaches } from '../../../support/runbook/fake-network.js';
import type { FakeLoadBalancer, FakeState } from '../../../support/runbook/fake-state.js';
import { EDGE, HEALTH_CHECKS, LISTS, OFFICE, TARGET } from './cast.js';
import type { LawWorld } from './world.js';

// What is so in a world, worked out from what the world was made of and never from what the planner says.

/** Where CloudFront comes in by now: `ARN ipv4/443 13.124.199.0/24`, for every port of every load balancer it uses. */
export function entriesOf(world: LawWorld, state: FakeState): ReadonlySet<string> {
  const { groups, loadBalancers } = state;
  const seen = SEEN.get(groups) ?? new WeakMap<FakeState['loadBalancers'], ReadonlySet<string>>();
  const known = seen.get(loadBalancers);
  if (known !== undefined) return known;
  const entries = new Set<string>();
  for (const { arn, family, port } of usesOf(world, state))
    for (const block of EDGE[family])
      if (reaches(state, world.account, block, arn, port)) entries.add(`${arn} ${family}/${String(port)} ${block}`);
  SEEN.set(groups, seen.set(loadBalancers, entries));
  return entries;
}

/** What is frozen is looked at once. */
const SEEN = new WeakMap<FakeState['groups'], WeakMap<FakeState['loadBalancers'], ReadonlySet<string>>>();

interface Use {
  readonly arn: LoadBalancerArn;
  readonly family: Family;
  readonly port: number;
}

/** The ports that CloudFront uses in truth: those of the origins, met with the listeners and addresses there are. */
export function usesOf(world: LawWorld, { loadBalancers }: FakeState): readonly Use[] {
  return loadBalancers.flatMap((user) => {
    const ways = world.distributions
      .flatMap(({ origins }) => origins)
      .filter(({ vpcOriginId }) => vpcOriginId === null)
      .filter(({ domainName }) => domainName === user.dnsName || world.leadsTo[domainName] === user.arn);
    // A tag says that distributions use it which nobody here sees.
    const declared = user.tags.known && declaresCloudfront(user.tags.value) ? [{ custom: undefined }] : [];
    return [...ways, ...declared].flatMap(({ custom }) => {
      const ports =
        custom === undefined
          ? user.listenerPorts
          : [
              ...(custom.protocolPolicy === 'https-only' ? [] : [custom.httpPort]),
              ...(custom.protocolPolicy === 'http-only' ? [] : [custom.httpsPort]),
            ].filter((port) => user.listenerPorts.includes(port));
      return FAMILIES.filter(
        (family) => answers(user, family) && [null, 'dualstack', family].includes(custom?.ipAddressType ?? null),
      ).flatMap((family) => ports.map((port) => ({ arn: user.arn, family, port })));
    });
  });
}

const answers = ({ ipAddressType }: FakeLoadBalancer, family: Family): boolean =>
  family === 'ipv4'
    ? ipAddressType !== 'dualstack-without-public-ipv4'
    : ipAddressType === 'dualstack' || ipAddressType === 'dualstack-without-public-ipv4';

/** What uses the group and is no load balancer behind CloudFront. */
export function strangersTo(world: LawWorld, { loadBalancers, interfaces }: FakeState): readonly string[] {
  const leads = world.distributions
    .flatMap(({ origins }) => origins)
    .map(({ domainName }) => world.leadsTo[domainName] ?? domainName);
  const isFronted = ({ arn, dnsName, tags }: FakeLoadBalancer): boolean =>
    leads.includes(arn) ||
    leads.includes(dnsName) ||
    (tags.known && Object.hasOwn(tags.value, 'origin-guard:fronted-by'));
  return [
    ...loadBalancers.filter((each) => each.securityGroups.includes(TARGET) && !isFronted(each)).map(({ name }) => name),
    ...interfaces.filter(({ groups }) => groups.includes(TARGET)).map(({ id }) => id),
  ];
}

/** What comes to the load balancer past CloudFront with the addresses of its clients, which a fix would shut out. */
export function pastCloudfront(world: LawWorld, { loadBalancers, interfaces }: FakeState): readonly string[] {
  const users = loadBalancers.filter(({ securityGroups }) => securityGroups.includes(TARGET));
  return [
    ...interfaces.filter(({ type }) => type === 'global_accelerator_managed').map(({ id }) => id),
    ...users.flatMap(({ arn }) => world.surroundings.forwarders[arn] ?? []),
  ];
}

/** Whose rules name the group: whoever leaves it is cut off from them. */
export const namersOf = (world: LawWorld, { groups }: FakeState): readonly string[] => [
  ...groups.filter((group) => names(group, TARGET)).map(({ id }) => id),
  ...(world.surroundings.peers[TARGET] ?? []).map(({ by }) => by),
];

/** Why a rule must not go, or must stay, whatever a planner says. */
export type Kind = 'cloudfront' | 'allowed' | 'public' | 'private' | 'group' | 'health-checks' | 'unknown';

/** What a source is, by the parameters of the world. */
export function kindOf(world: LawWorld, { source, protocol, fromPort, toPort }: IngressRule): Kind {
  if ((protocol === 'icmp' && fromPort === 3 && toPort === 4) || (protocol === 'icmpv6' && fromPort === 2))
    return 'allowed';
  const { allowedCidrs, allowedSecurityGroupIds } = world.params;
  switch (source.kind) {
    case 'cidr':
      if (allowedCidrs.covers(source.cidr)) return 'allowed';
      return /^(?:10\.|192\.168\.|fd)/.test(source.cidr.text) ? 'private' : 'public';
    case 'prefix-list':
      if (source.prefixListId === CLOUDFRONT_V4 || source.prefixListId === CLOUDFRONT_V6) return 'cloudfront';
      if (source.prefixListId === OFFICE && !allowedCidrs.isEmpty) return 'allowed';
      if (source.prefixListId === HEALTH_CHECKS) return 'health-checks';
      return LISTS.some(({ id }) => id === source.prefixListId) ? 'public' : 'unknown';
    case 'security-group':
      return allowedSecurityGroupIds.has('*') || allowedSecurityGroupIds.has(source.groupId) ? 'allowed' : 'group';
  }
}

/** Whether an operator who chose these options wants a rule gone. */
export function mayGo(world: LawWorld, rule: IngressRule): boolean {
  const { revokePrivateSources, revokeSecurityGroupSources } = world.optIns;
  const kind = kindOf(world, rule);
  return (
    kind === 'public' ||
    (kind === 'private' && revokePrivateSources) ||
    (kind === 'group' && revokeSecurityGroupSources)
  );
}
