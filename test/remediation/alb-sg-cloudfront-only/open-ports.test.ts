import { known, missing } from '../../../core/fact.js';
import type { LoadBalancer } from '../../../core/model/load-balancer.js';
import { DEFAULT_OPTIONS } from '../../../remediation/alb-sg-cloudfront-only/options.js';
import { decidePlan } from '../../../remediation/alb-sg-cloudfront-only/plan.js';
import type { AskedFacts, PlanFacts } from '../../../remediation/alb-sg-cloudfront-only/facts.js';
import { albSgParams, gap, hidden, loadBalancer } from '../../support/builders.js';
import { answers, connects, openTo, planOf, way, world, worldV6 } from '../../support/plan-facts.js';

const declared = known([{ team: 'shop' }, { 'origin-guard:fronted-by': 'CloudFront' }]);
const { userTags: _tags, ...withoutTags } = answers();
const both = (asked: AskedFacts): PlanFacts => openTo([world(80), world(443)], { asked });

describe('a port is open that no origin seen uses', () => {
  const decided = (facts: PlanFacts) => decidePlan(facts, albSgParams(), DEFAULT_OPTIONS);

  it('so the tags of the load balancers are asked for', () => {
    expect(decided(both(withoutTags))).toEqual({ kind: 'ask', what: ['userTags'], names: [] });
  });

  it('and it is closed when none of them says that there are other distributions', () => {
    expect(planOf(both(answers({ userTags: known([{ team: 'shop' }]) })))).toMatchObject({
      required: [{ family: 'ipv4', port: 443 }],
      revoke: [{ ruleId: 'sgr-0443' }, { ruleId: 'sgr-080' }],
    });
  });

  it('and it stays open when one of them says so', () => {
    expect(planOf(both(answers({ userTags: declared })), { allowSplit: true })).toMatchObject({
      required: [
        { family: 'ipv4', port: 80 },
        { family: 'ipv4', port: 443 },
      ],
    });
  });

  it('and nothing is decided when AWS does not show them', () => {
    expect(planOf(both(answers({ userTags: hidden('user tags') })))).toMatchObject({
      code: 'LOOKUP_FAILED',
      because: expect.stringContaining('user tags') as string,
    });
  });

  it('and saved data without them is refused', () => {
    const unsaved = missing(gap('tags', 'not-seen'));
    expect(planOf(both(answers({ userTags: unsaved })))).toMatchObject({ kind: 'refuse', code: 'LOOKUP_FAILED' });
  });

  it('else nobody asks: every open port is one that CloudFront uses', () => {
    expect(decided(openTo([world(443)], { asked: withoutTags })).kind).toBe('apply');
    const closed = { ...withoutTags, listeners: new Map([[loadBalancer().arn, known([443])]]) };
    expect(decided(both(closed)).kind).toBe('apply');
  });
});

describe('a load balancer whose address type nobody saw', () => {
  const { ipAddressType: _type, ...unseen } = loadBalancer();
  const of = (user: LoadBalancer, ipAddressType: 'ipv4' | 'ipv6' | 'dualstack', rules = [world(), worldV6()]) =>
    planOf(openTo(rules, { users: [user], ways: [way({ custom: connects({ ipAddressType }) })] }));

  it.each(['dualstack', 'ipv6'] as const)('is not closed to IPv6 while CloudFront comes by %s', (ipAddressType) => {
    expect(of(unseen, ipAddressType)).toMatchObject({
      code: 'LOOKUP_FAILED',
      because: expect.stringContaining('the IpAddressType of load balancer web was not seen') as string,
    });
  });

  it('is not closed to IPv6 while an origin that nobody could resolve may come by it', () => {
    const facts = openTo([worldV6(), world()], {
      users: [unseen],
      unresolvedOrigins: [connects({ ipAddressType: 'ipv6' })],
    });
    expect(planOf(facts)).toMatchObject({ code: 'LOOKUP_FAILED' });
    expect(planOf({ ...facts, unresolvedOrigins: [connects()] }, { allowSplit: true })).toMatchObject({
      kind: 'apply',
    });
  });

  it('is closed where CloudFront comes by IPv4 alone, or nothing of IPv6 goes, or it is known after all', () => {
    expect(of(unseen, 'ipv4')).toMatchObject({ kind: 'apply' });
    expect(of(unseen, 'dualstack', [world()])).toMatchObject({ kind: 'apply' });
    expect(of(loadBalancer({ ipAddressType: 'ipv4' }), 'dualstack')).toMatchObject({ kind: 'apply' });
  });
});
