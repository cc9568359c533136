import type { AttachedInterface } from '../../../core/planning.js';
import { foreignConsumers } from '../../../remediation/alb-sg-cloudfront-only/consumers.js';
import { loadBalancer } from '../../support/builders.js';
import { balancerInterface } from '../../support/fake-planning.js';
import { planFacts } from '../../support/plan-facts.js';

const consumers = (...interfaces: readonly AttachedInterface[]) => foreignConsumers(planFacts(), interfaces);

it('the interfaces of a load balancer behind CloudFront are its own, whether or not AWS says that it manages them', () => {
  expect(consumers(balancerInterface(), balancerInterface('web', { isManaged: null }))).toEqual([]);
});

it('nobody passes for a load balancer by what is written on an interface', () => {
  expect(consumers(balancerInterface('web', { isManaged: false }))).toEqual([
    'network interface eni-0web (ELB app/web/50dc6c495c0c9188)',
  ]);
});

it('every other interface is somebody else, named by what is written on it, else by its type', () => {
  expect(
    consumers(
      balancerInterface('db', { description: 'RDSNetworkInterface' }),
      balancerInterface('ga', { description: '', type: 'global_accelerator_managed' }),
      balancerInterface('old'),
    ),
  ).toEqual([
    'network interface eni-0db (RDSNetworkInterface)',
    'network interface eni-0ga (global_accelerator_managed)',
    'network interface eni-0old (ELB app/old/50dc6c495c0c9188)',
  ]);
});

it('a load balancer that no distribution fronts is named once, without its interfaces', () => {
  const users = [loadBalancer(), loadBalancer({ name: 'intranet' }), loadBalancer({ name: 'tcp', type: 'network' })];
  const interfaces = [
    balancerInterface(),
    balancerInterface('intranet'),
    balancerInterface('tcp', { description: 'ELB net/tcp/50dc6c495c0c9188', type: 'network_load_balancer' }),
  ];
  expect(foreignConsumers(planFacts({ users }), interfaces)).toEqual([
    'load balancer intranet (application), which no distribution fronts',
    'load balancer tcp (network), which no distribution fronts',
  ]);
});
