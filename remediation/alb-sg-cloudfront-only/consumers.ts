import { loadBalancerPath, type LoadBalancer } from '../../core/model/load-balancer.js';
import type { AttachedInterface } from '../../core/planning.js';
import { fronted, type PlanFacts } from './facts.js';

/** What else than load balancers behind CloudFront uses the group, in words; empty when nothing does. */
export function foreignConsumers(facts: PlanFacts, interfaces: readonly AttachedInterface[]): readonly string[] {
  const own = fronted(facts);
  const others = facts.users.filter((user) => !own.includes(user));
  const descriptions = new Set(own.map(({ arn }) => `ELB ${loadBalancerPath(arn)}`));
  const ofOthers = new Set(others.map(({ arn }) => `ELB ${loadBalancerPath(arn)}`));
  return [
    ...others.map(({ name, type }: LoadBalancer) => `load balancer ${name} (${type}), which no distribution fronts`),
    ...interfaces
      .filter(({ description, isManaged }) => !descriptions.has(description) || isManaged === false)
      .filter(({ description }) => !ofOthers.has(description))
      .map(({ id, type, description }) => `network interface ${id} (${description === '' ? type : description})`),
  ];
}
