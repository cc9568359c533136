import { loadBalancerPath } from '../../../core/model/load-balancer.js';
import { arnOf } from '../../support/builders.js';

it('the path of a load balancer is what network interfaces repeat', () => {
  expect(loadBalancerPath(arnOf('web'))).toBe('app/web/50dc6c495c0c9188');
});
