import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { known } from '../../core/fact.js';
import { AccountId, Region, type Scope } from '../../core/ids.js';
import { distribution, fromCidr, groupId, loadBalancer, open, origin, securityGroup } from '../support/builders.js';
import { answer } from '../rules/config/rig.js';

// An event that AWS Config gave to others; the project did not write it. See ../shared/recorded/README.md.
const recorded = resolve(__dirname, '..', '..', process.env['ORIGIN_GUARD_RECORDED'] ?? '');
const raw: unknown = JSON.parse(readFileSync(join(recorded, 'events', 'config-rule-security-group.json'), 'utf8'));

const own = { accountId: AccountId.parse('123456789012'), region: Region.parse('eu-west-1') };
const id = groupId('sg-e2fb6999');

/** The group as the event shows it, behind CloudFront. */
const worldAt = (scope: Scope) => {
  const balancer = loadBalancer({ scope, securityGroups: [id] });
  return {
    groups: [securityGroup({ id, scope, ingress: known([open(fromCidr('0.0.0.0/0'), 'tcp', 22)]) })],
    loadBalancers: [balancer],
    distributions: [distribution({ accountId: own.accountId, origins: [origin({ domainName: balancer.dnsName })] })],
  };
};

test('the recorded event of a security group is judged', async () => {
  const { sent, error } = await answer({ raw }, { own, world: worldAt(own) });
  expect(error).toBeNull();
  expect(sent).toEqual([
    {
      resourceType: 'AWS::EC2::SecurityGroup',
      resourceId: 'sg-e2fb6999',
      compliance: 'NON_COMPLIANT',
      annotation: '0.0.0.0/0 on tcp 22 (world-ipv4)',
      orderingTimestamp: '2017-11-27T14:26:11.300Z',
    },
  ]);
});

test('the recorded event is refused by a function of another account or Region', async () => {
  const elsewhere = { ...own, region: Region.parse('us-east-1') };
  for (const other of [elsewhere, { ...own, accountId: AccountId.parse('111122223333') }]) {
    const { code, sent } = await answer({ raw }, { own: other, world: worldAt(own) });
    expect([code, sent]).toEqual(['E1010', []]);
  }
});
