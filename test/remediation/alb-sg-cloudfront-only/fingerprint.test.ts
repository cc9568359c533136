import { createHash } from 'node:crypto';
import { known } from '../../../core/fact.js';
import type { Fix } from '../../../core/plan.js';
import type { PlanFacts } from '../../../remediation/alb-sg-cloudfront-only/facts.js';
import { fingerprintOf, revocationDigest } from '../../../remediation/alb-sg-cloudfront-only/fingerprint.js';
import {
  admitting,
  albSgFacts,
  arnOf,
  distributionId,
  fromCidr,
  groupId,
  loadBalancer,
  open,
  path,
  securityGroup,
} from '../../support/builders.js';
import { answers, behindTwo, connects, named, openTo, planFacts, way, world } from '../../support/plan-facts.js';
import { fix, grant, revocable, split } from '../../support/plans.js';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const print = (facts: PlanFacts = openTo([world()]), plan: Fix = fix()): string => fingerprintOf(plan, facts, digest);
const HEX = /^[0-9a-f]{64}\.[0-9a-f]{64}$/;

it('is two digests with a dot between, the second of the rules that go', () => {
  expect(print()).toMatch(HEX);
  expect(print().split('.')[1]).toBe(revocationDigest(fix(), digest));
});

describe('is another one when', () => {
  it.each<readonly [string, PlanFacts]>([
    [
      'another group',
      planFacts({ rule: albSgFacts({ group: securityGroup({ id: groupId('sg-0b'), ingress: known([world()]) }) }) }),
    ],
    ['a rule more', openTo([world(), world(80)])],
    ['a rule less', openTo([])],
    ['a rule is changed in place', openTo([{ ...world(), fromPort: 80 }])],
    ['a rule is described', openTo([{ ...world(), description: 'all' }])],
    ['a load balancer more', openTo([world()], { users: behindTwo().users })],
    [
      'a load balancer has another group',
      openTo([world()], { users: [loadBalancer({ securityGroups: ['sg-0web', 'sg-0b'].map((id) => groupId(id)) })] }),
    ],
    ['a load balancer speaks IPv6', openTo([world()], { users: [loadBalancer({ ipAddressType: 'dualstack' })] })],
    [
      'a listener more',
      openTo([world()], { asked: answers({ listeners: new Map([[arnOf('web'), known([443, 80, 8443])]]) }) }),
    ],
    ['an origin more', openTo([world()], { ways: [way(), way({ path: path({ originId: 'other' }) })] })],
    [
      'another distribution',
      openTo([world()], { ways: [way({ path: path({ distributionId: distributionId('E2') }) })] }),
    ],
    ['another link', openTo([world()], { ways: [way({ path: path({ linkedBy: 'resolved-name' }) })] })],
    ['another name', openTo([world()], { ways: [way({ path: path({ originDomain: 'origin.example.com' }) })] })],
    ['another protocol', openTo([world()], { ways: [way({ custom: connects({ protocolPolicy: 'http-only' }) })] })],
    ['another port', openTo([world()], { ways: [way({ custom: connects({ httpsPort: 8443 }) })] })],
    ['another family', openTo([world()], { ways: [way({ custom: connects({ ipAddressType: 'dualstack' }) })] })],
    ['an origin that does not say', openTo([world()], { ways: [way({ custom: null })] })],
  ])('there is %s', (_, facts) => {
    expect(print(facts)).not.toBe(print());
    expect(print(facts).split('.')[1]).toBe(print().split('.')[1]);
  });

  it.each<readonly [string, Fix]>([
    ['another strategy', fix({ strategy: 'SPLIT' })],
    ['another port that must stay', fix({ required: [{ family: 'ipv4', port: 80 }] })],
    ['another rule that comes', fix({ grants: [grant(80)] })],
    ['another group that is made', fix({ dedicated: split().dedicated })],
    ['another rule that stays', fix({ kept: [open(fromCidr('10.0.0.0/8'))] })],
  ])('the plan has %s', (_, plan) => {
    expect(print(openTo([world()]), plan)).not.toBe(print());
  });

  it.each<readonly [string, Fix]>([
    ['others', fix({ revoke: [revocable({ id: 'sgr-0other' })] })],
    ['one more', fix({ revoke: [revocable(), revocable({ id: 'sgr-0other' })] })],
    ['one that is changed in place', fix({ revoke: [revocable({ toPort: 444 })] })],
  ])('the rules that go are %s, and then the second digest is too', (_, plan) => {
    expect(print(openTo([world()]), plan).split('.')[1]).not.toBe(print().split('.')[1]);
  });
});

it('does not depend on the order in which AWS lists things', () => {
  const rules = [world(), world(80), named('net', open(fromCidr('10.0.0.0/8')))];
  const groups = ['sg-0web', 'sg-0b', 'sg-0c'].map((id) => groupId(id));
  const facts = (turn: <T>(list: readonly T[]) => readonly T[]): PlanFacts => {
    const two = behindTwo();
    const listeners = [[arnOf('web'), known(turn([80, 443]))] as const, [arnOf('shop'), known([443])] as const];
    return planFacts({
      rule: admitting(turn(rules)),
      users: turn(two.users.map((user) => ({ ...user, securityGroups: turn(groups) }))),
      ways: turn(two.ways),
      asked: answers({ listeners: new Map(turn(listeners)) }),
    });
  };
  expect(print(facts((list) => [...list].reverse()))).toBe(print(facts((list) => list)));
});

it('is the same while rules and listeners are unknown, which no plan applies to', () => {
  const facts = planFacts({
    rule: albSgFacts({
      group: securityGroup({ ingress: { known: false, gap: { fact: 'x', cause: 'stale', detail: 'x' } } }),
    }),
    asked: {},
  });
  expect(print(facts)).toMatch(HEX);
});
