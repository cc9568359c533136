import fc from 'fast-check';
import { known } from '../../../core/fact.js';
import type { Focus } from '../../../core/focus.js';
import { gatherAlbSgFacts } from '../../../rules/alb-sg-cloudfront-only/facts.js';
import { albSgCloudfrontOnly } from '../../../rules/alb-sg-cloudfront-only/rule.js';
import { groupsTouchedBy } from '../../../rules/alb-sg-cloudfront-only/touched.js';
import {
  albSgParams,
  arnOf,
  distribution,
  dnsNameOf,
  gap,
  groupId,
  hidden,
  HOME,
  loadBalancer,
  NOW,
  open,
  fromCidr,
  origin,
  securityGroup,
} from '../../support/builders.js';
import { fakePorts, type World } from '../../support/fake-ports.js';

const FRONTED = loadBalancer({ name: 'web', securityGroups: [groupId('sg-0front')] });
const PLAIN = loadBalancer({
  arn: arnOf('plain'),
  name: 'plain',
  dnsName: dnsNameOf('plain'),
  securityGroups: [groupId('sg-0plain')],
});
const groups = ['sg-0front', 'sg-0plain', 'sg-0idle'].map((id) =>
  securityGroup({ id: groupId(id), ingress: known([open(fromCidr('0.0.0.0/0'))]) }),
);
const distributions = [distribution({ origins: [origin({ domainName: FRONTED.dnsName })] })];
const WORLD: Partial<World> = { groups, loadBalancers: [FRONTED, PLAIN], distributions };

const named = (...ids: readonly string[]): Focus => ({ kind: 'named', ids: new Set(ids), at: HOME });
const inScope = (...ids: readonly string[]): Focus => ({ kind: 'in-scope', ids: new Set(ids), at: HOME });

async function judge(world: Partial<World>, focus: Focus) {
  const ports = fakePorts(world);
  const { facts, unread } = await gatherAlbSgFacts(ports, albSgParams(), NOW, focus);
  const verdicts = Object.fromEntries(
    facts.map((each) => [each.group.id, albSgCloudfrontOnly.decide(each, albSgParams()).kind] as const),
  );
  return { verdicts, calls: ports.calls, facts, unread };
}

describe('named groups', () => {
  it('a group that no load balancer uses costs one listing', async () => {
    const { verdicts, calls, facts } = await judge(WORLD, named('sg-0idle'));
    expect(verdicts).toEqual({ 'sg-0idle': 'not-applicable' });
    expect(calls).toEqual(['loadBalancers']);
    expect(facts[0]?.group.scope).toEqual(HOME);
  });

  it('a group behind CloudFront is read, and no other', async () => {
    const { verdicts, calls } = await judge(WORLD, named('sg-0front'));
    expect(verdicts).toEqual({ 'sg-0front': 'non-compliant' });
    expect(calls).toContain('securityGroups sg-0front');
    expect(calls.filter((call) => call.startsWith('tags '))).toEqual([]);
  });

  it('a group whose load balancer nothing links is asked for its tags only', async () => {
    const { verdicts, calls } = await judge(WORLD, named('sg-0plain'));
    expect(verdicts).toEqual({ 'sg-0plain': 'not-applicable' });
    expect(calls).toEqual(['loadBalancers', 'distributions', `otherEntrances ${PLAIN.arn}`, `tags ${PLAIN.arn}`]);
  });

  it('a load balancer that a tag declares is in scope', async () => {
    const declared = { ...PLAIN, tags: known({ 'origin-guard:fronted-by': 'cloudfront' }) };
    const { verdicts } = await judge({ ...WORLD, loadBalancers: [FRONTED, declared] }, named('sg-0plain'));
    expect(verdicts).toEqual({ 'sg-0plain': 'non-compliant' });
  });

  it('tags that IAM hides are a gap of a load balancer that nothing else links', async () => {
    const loadBalancers = [FRONTED, { ...PLAIN, tags: hidden('tags') }];
    const { verdicts } = await judge({ ...WORLD, loadBalancers }, named('sg-0plain', 'sg-0front'));
    expect(verdicts).toEqual({ 'sg-0plain': 'indeterminate', 'sg-0front': 'non-compliant' });
  });

  it('a group that is used and linked but does not come back is a gap, not a pass', async () => {
    const { verdicts } = await judge({ ...WORLD, groups: [] }, named('sg-0front'));
    expect(verdicts).toEqual({ 'sg-0front': 'indeterminate' });
  });

  it('hidden load balancers leave every group untold, but for an exemption', async () => {
    const exempt = securityGroup({ id: groupId('sg-0exempt'), tags: known({ 'origin-guard:exempt': 'a reason' }) });
    const world = {
      ...WORLD,
      groups: [...groups, exempt],
      loadBalancers: [],
      loadBalancerGap: () => gap('loadBalancers'),
    };
    const { verdicts } = await judge(world, named('sg-0idle', 'sg-0exempt'));
    expect(verdicts).toEqual({ 'sg-0idle': 'indeterminate', 'sg-0exempt': 'not-applicable' });
  });

  it('an id that is none is no group', async () => {
    expect((await judge(WORLD, named('not a group'))).verdicts).toEqual({});
  });
});

describe('what is in scope', () => {
  it('groups with a path are judged, and those named; the others are left alone', async () => {
    const { verdicts } = await judge(WORLD, inScope('sg-0idle'));
    expect(verdicts).toEqual({ 'sg-0front': 'non-compliant', 'sg-0idle': 'not-applicable' });
  });

  it('groups that nothing connects with CloudFront are not read', async () => {
    const { calls } = await judge(WORLD, inScope('sg-0gone'));
    expect(calls).toContain('securityGroups sg-0front');
    expect(calls).toContain(`tags ${PLAIN.arn}`);
  });

  it('hidden distributions leave every group of a load balancer untold', async () => {
    const { verdicts } = await judge(
      { ...WORLD, distributions: [], distributionGap: () => gap('distributions') },
      inScope(),
    );
    expect(verdicts).toEqual({ 'sg-0front': 'indeterminate', 'sg-0plain': 'indeterminate' });
  });

  it('hidden load balancers are evidence that is missing, also where no group stands for it', async () => {
    const world = { ...WORLD, loadBalancers: [], loadBalancerGap: () => gap('loadBalancers') };
    const { verdicts, unread } = await judge(world, inScope());
    expect([verdicts, unread]).toEqual([{}, [gap('loadBalancers')]]);
    expect((await judge(world, named('sg-0idle'))).unread).toEqual([]);
    expect((await judge(WORLD, inScope())).unread).toEqual([]);
  });

  it('an account without load balancers reads nothing else', async () => {
    const { verdicts, calls } = await judge({ ...WORLD, loadBalancers: [] }, inScope('sg-0idle'));
    expect(verdicts).toEqual({ 'sg-0idle': 'not-applicable' });
    expect(calls).toEqual(['loadBalancers']);
  });
});

it('a focus never changes a verdict', async () => {
  const ids = groups.map(({ id }) => id);
  const everything = (await judge(WORLD, { kind: 'everything' })).verdicts;
  await fc.assert(
    fc.asyncProperty(fc.subarray(ids, { minLength: 1 }), fc.boolean(), async (some, scope) => {
      const { verdicts } = await judge(WORLD, scope ? inScope(...some) : named(...some));
      for (const [id, kind] of Object.entries(verdicts)) expect(kind).toBe(everything[id]);
      expect(Object.keys(verdicts)).toEqual(expect.arrayContaining(some));
    }),
  );
});

describe('a change asks for', () => {
  const change = {
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    resourceId: FRONTED.arn,
    gone: false,
    recorded: true,
    mentions: new Set(['sg-0front', 'subnet-0a', 'vpc-0a', 'sg-0before']),
  };

  it.each([
    ['the group itself', { resourceType: 'AWS::EC2::SecurityGroup', resourceId: 'sg-0a' }, ['sg-0a']],
    ['the groups that a load balancer has and had', {}, ['sg-0front', 'sg-0before']],
    ['nothing of a load balancer without groups', { mentions: new Set(['vpc-0a']) }, []],
  ])('%s', (_, given, ids) => {
    expect(groupsTouchedBy({ ...change, ...given })).toEqual({ kind: 'named', ids });
  });

  it.each([
    ['a load balancer that is gone', { gone: true }],
    ['a distribution', { resourceType: 'AWS::CloudFront::Distribution', resourceId: 'E2EXAMPLE' }],
  ])('everything in scope: %s', (_, given) => {
    expect(groupsTouchedBy({ ...change, ...given })).toEqual({ kind: 'in-scope' });
  });

  it('nothing: a resource the rule does not know', () => {
    expect(groupsTouchedBy({ ...change, resourceType: 'AWS::EC2::Instance' })).toEqual({ kind: 'nothing' });
  });
});
