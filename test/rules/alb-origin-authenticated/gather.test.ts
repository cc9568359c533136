import { known, missing } from '../../../core/fact.js';
import type { Focus } from '../../../core/focus.js';
import { gatherAlbOriginFacts } from '../../../rules/alb-origin-authenticated/gather.js';
import { loadBalancersTouchedBy } from '../../../rules/alb-origin-authenticated/touched.js';
import { selectRules } from '../../../rules/registry.js';
import { adds, authParams, byDefault, connects, listenerArn, listening, rule } from '../../support/auth-builders.js';
import { arnOf, distribution, gap, HOME, loadBalancer, NOW, origin, vpcOriginId } from '../../support/builders.js';
import { fakePorts, type World } from '../../support/fake-ports.js';

const rules = [rule(), byDefault()];
const WEB = arnOf('web');
const seen: Partial<World> = {
  loadBalancers: [loadBalancer(), loadBalancer({ name: 'idle', dnsName: 'idle.example.com' })],
  distributions: [distribution({ origins: [origin({ customHeaders: [adds()], custom: connects() })] })],
  listening: { [WEB]: known([listening().listener]) },
  rules: { [listenerArn(443)]: known(rules) },
};

async function gather(world: Partial<World> = {}, focus?: Focus, given: Readonly<Record<string, string>> = {}) {
  const ports = fakePorts({ ...seen, ...world });
  const gathered = await gatherAlbOriginFacts(ports, authParams(given), NOW, focus);
  return {
    ...gathered,
    calls: ports.calls,
    of: (arn: string) => gathered.facts.find((each) => each.loadBalancer.arn === arn),
  };
}

const named = (...ids: readonly string[]): Focus => ({ kind: 'named', ids: new Set(ids), at: HOME });
const inScope = (...ids: readonly string[]): Focus => ({ kind: 'in-scope', ids: new Set(ids), at: HOME });

it('a load balancer with a path has its ways, listeners and rules', async () => {
  const { of } = await gather();
  expect(of(WEB)).toMatchObject({
    deleted: false,
    ways: [{ path: { distributionId: 'E1WEB' }, headers: known([adds()]), custom: connects(), vpcOriginGap: null }],
    listeners: known([{ listener: { port: 443 }, rules: known(rules) }]),
  });
});

it('of one without a path no listener is read, and every Application Load Balancer is judged once', async () => {
  const { facts, calls, of } = await gather({
    loadBalancers: [...seen.loadBalancers!, loadBalancer({ name: 'net', type: 'network' })],
  });
  expect(facts.map(({ loadBalancer: { name } }) => name)).toEqual(['web', 'idle']);
  expect(of(arnOf('idle'))?.listeners).toMatchObject({ known: false });
  expect(calls.filter((call) => call.startsWith('listeners '))).toEqual([`listeners ${WEB}`]);
});

it('an event on one costs a listing, its tags, the distributions, its listeners and a call for each listener', async () => {
  const { calls, facts } = await gather({}, named(WEB));
  expect(facts).toHaveLength(1);
  expect([...calls].filter((call) => !call.startsWith('otherEntrances')).sort()).toEqual([
    'distributions',
    'distributions',
    `listenerRules ${listenerArn(443)}`,
    `listeners ${WEB}`,
    'loadBalancers',
    `tags ${WEB}`,
  ]);
});

it('one that is named and gone is gone; where nobody could look, it was not seen', async () => {
  const gone = arnOf('gone');
  expect((await gather({}, named(gone))).of(gone)).toMatchObject({ deleted: true, sightGap: null });
  const hidden = await gather({ loadBalancers: [], loadBalancerGap: () => gap('loadBalancers') }, named(gone));
  expect(hidden.of(gone)).toMatchObject({ deleted: false, sightGap: { fact: 'loadBalancers' } });
});

it('one that is gone is of the type that its ARN says, and what is no ARN names nothing', async () => {
  const net = arnOf('net').replace(':loadbalancer/app/', ':loadbalancer/net/');
  const { facts } = await gather({}, named(net, 'no ARN'));
  expect(facts.map(({ loadBalancer: { name, type }, deleted }) => [name, type, deleted])).toEqual([
    ['net', 'network', true],
  ]);
});

it('a network load balancer is judged when it is named', async () => {
  const net = loadBalancer({ name: 'net', type: 'network' });
  const [only] = (await gather({ loadBalancers: [net] }, named(net.arn))).facts;
  expect(only?.loadBalancer.type).toBe('network');
});

it('a sweep has what is in scope and what is named, and says what it could not see', async () => {
  expect((await gather({}, inScope())).facts.map(({ loadBalancer: { name } }) => name)).toEqual(['web']);
  const idle = arnOf('idle');
  expect((await gather({}, inScope(idle))).facts).toHaveLength(2);
  expect((await gather({ loadBalancerGap: () => gap('loadBalancers') }, inScope())).unread).toEqual([
    gap('loadBalancers'),
  ]);
});

it('what the input does not say is a gap: headers, rules, a VPC origin, the ARN of a listener', async () => {
  const distributions = [distribution({ origins: [origin({ vpcOriginId: vpcOriginId('vo_1') })] })];
  const { of } = await gather({ distributions, rules: {} });
  expect(of(WEB)?.ways[0]).toMatchObject({
    headers: { gap: { fact: 'customHeaders of origin web of E1WEB' } },
    vpcOriginGap: { fact: 'vpcOrigin vo_1' },
    custom: null,
  });
  expect(of(WEB)?.listeners).toMatchObject({ value: [{ rules: { gap: { fact: `rules of ${listenerArn(443)}` } } }] });
  const nameless = known([{ ...listening().listener, arn: null }]);
  expect((await gather({ listening: { [WEB]: nameless } })).of(WEB)?.listeners).toMatchObject({
    value: [{ rules: { gap: { fact: `rules of ${WEB}`, cause: 'incomplete' } } }],
  });
});

it('an origin of the inventory that may be a VPC origin is a gap, unless the load balancer faces the internet', async () => {
  const distributions = [distribution({ origins: [origin({ mayBeVpcOrigin: true })] })];
  const of = async (scheme: string) =>
    (await gather({ distributions, loadBalancers: [loadBalancer({ scheme })] })).of(WEB);
  expect((await of('internal'))?.ways[0]?.vpcOriginGap).toMatchObject({
    fact: 'vpcOrigin of origin web of E1WEB',
    cause: 'not-recorded',
  });
  expect((await of('internet-facing'))?.ways[0]?.vpcOriginGap).toBeNull();
});

it('listeners that are hidden are a gap', async () => {
  const { of } = await gather({ listening: { [WEB]: missing(gap('listeners')) } });
  expect(of(WEB)?.listeners).toEqual(missing(gap('listeners')));
});

it('registered, it says who, where and what', async () => {
  const [registered] = selectRules(['alb-origin-authenticated']);
  const run = await registered?.prepare({})(fakePorts(seen), NOW);
  expect(
    run?.judgements.map(({ resourceId, name, verdict, isIdle }) => [resourceId, name, verdict.kind, isIdle]),
  ).toEqual([
    [arnOf('idle'), 'idle', 'not-applicable', false],
    [WEB, 'web', 'compliant', false],
  ]);
  expect(run?.judgements[1]).toMatchObject({
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    reasons: ['every request that is forwarded comes from its own distribution'],
  });
});

describe('what a change touches', () => {
  const change = (resourceType: string, resourceId: string, mentions: readonly string[] = [], gone = false) =>
    loadBalancersTouchedBy({ resourceType, resourceId, gone, recorded: true, mentions: new Set(mentions) });
  test.each([
    ['AWS::ElasticLoadBalancingV2::LoadBalancer', WEB, { kind: 'named', ids: [WEB] }],
    ['AWS::ElasticLoadBalancingV2::Listener', listenerArn(443), { kind: 'named', ids: [WEB] }],
    ['AWS::CloudFront::Distribution', 'E1WEB', { kind: 'in-scope' }],
    ['AWS::EC2::SecurityGroup', 'sg-0web', { kind: 'nothing' }],
  ])('%s', (type, id, touched) => expect(change(type, id)).toEqual(touched));

  it('a listener with an id of another form: what its item mentions, everything when it is gone', () => {
    const type = 'AWS::ElasticLoadBalancingV2::Listener';
    expect(change(type, 'listener', ['text', WEB])).toEqual({ kind: 'named', ids: [WEB] });
    expect(change(type, 'listener', [], true)).toEqual({ kind: 'in-scope' });
  });
});

describe('parameters', () => {
  it('have their defaults', () => {
    expect(authParams()).toMatchObject({
      headerName: null,
      minSecretLength: 16,
      allowUnusedListeners: false,
      wafChecksHeader: 'no',
    });
    expect(authParams({ headerName: 'X-Verify', minSecretLength: '32' })).toMatchObject({
      headerName: 'X-Verify',
      minSecretLength: 32,
    });
  });
  test.each([
    ['headerName', 'two words'],
    ['headerName', ''],
    ['headerName', 'x'.repeat(41)],
    ['minSecretLength', '0'],
    ['minSecretLength', '129'],
    ['minSecretLength', '1e1'],
    ['wafChecksHeader', 'yes'],
    ['ruleId', 'alb-sg-cloudfront-only'],
  ])('%s = "%s" is refused', (name, value) => expect(() => authParams({ [name]: value })).toThrow('E1002'));
});
