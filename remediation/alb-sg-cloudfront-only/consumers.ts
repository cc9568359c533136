import { loadBalancerPath, type LoadBalancer } from '../../core/model/load-balancer.js';
import type { AttachedInterface } from '../../core/planning.js';
import { fronted, type PlanFacts } from './facts.js';

/**
 * Why the list of interfaces cannot be whole, or `null`: Elastic Load Balancing keeps an interface with the group for every
 * load balancer that has it, so a list without one lacks others perhaps.
 *
 * Source: https://repost.aws/knowledge-center/elb-find-load-balancer-ip
 */
export function interfaceUnseen(
  facts: Pick<PlanFacts, 'users' | 'ways'>,
  interfaces: readonly AttachedInterface[],
): string | null {
  const seen = new Set(interfaces.map(({ description }) => description));
  const lost = fronted(facts).find((user) => !seen.has(interfaceOf(user)));
  return lost === undefined
    ? null
    : `no network interface "${interfaceOf(lost)}" was seen, so the list of what uses the group is not whole; add the output of describe-network-interfaces, or try again when the load balancer is active`;
}

const interfaceOf = ({ arn }: LoadBalancer): string => `ELB ${loadBalancerPath(arn)}`;

/** What else than load balancers behind CloudFront uses the group, in words; empty when nothing does. */
export function foreignConsumers(facts: PlanFacts, interfaces: readonly AttachedInterface[]): readonly string[] {
  const own = fronted(facts);
  const others = facts.users.filter((user) => !own.includes(user));
  const descriptions = new Set(own.map(interfaceOf));
  const ofOthers = new Set(others.map(interfaceOf));
  return [
    ...others.map(({ name, type }: LoadBalancer) => `load balancer ${name} (${type}), which no distribution fronts`),
    ...interfaces
      .filter(({ description, isManaged }) => !descriptions.has(description) || isManaged === false)
      .filter(({ description }) => !ofOthers.has(description))
      .map(({ id, type, description }) => `network interface ${id} (${description === '' ? type : description})`),
  ];
}
