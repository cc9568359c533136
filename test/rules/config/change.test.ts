import { known } from '../../../core/fact.js';
import { arnOf, gap } from '../../support/builders.js';
import {
  CAPTURED_AT,
  DISTRIBUTION,
  distributionEvent,
  GROUP,
  groupEvent,
  itemEvent,
  LOAD_BALANCER,
  loadBalancerEvent,
  loadBalancerItem,
  oversizedEvent,
  RULE_NAME,
  TOKEN,
  withParameters,
} from './events.js';
import { answer } from './rig.js';
import { BLIND, DEAD_NAME, group, RULE, sg, WORLD } from './world.js';

describe('a group that changed', () => {
  it.each([
    ['sg-0open', 'NON_COMPLIANT', '0.0.0.0/0 on tcp 443 (world-ipv4)'],
    ['sg-0closed', 'COMPLIANT', 'every ingress rule admits only CloudFront or what the parameters allow'],
    ['sg-0plain', 'NOT_APPLICABLE', 'no distribution has a load balancer that uses the group as its origin'],
  ])('%s is %s', async (id, compliance, annotation) => {
    const { sent, effects, tokens, error } = await answer(groupEvent(id), { world: WORLD });
    expect(error).toBeNull();
    expect(sent).toEqual([
      { resourceType: GROUP, resourceId: id, compliance, annotation, orderingTimestamp: CAPTURED_AT },
    ]);
    expect(effects).toEqual(['ports cached-ok', 'report 1', 'publish 1']);
    expect(tokens).toEqual([TOKEN]);
  });

  it('that nothing uses costs one listing, and its findings are not looked at', async () => {
    const { told, published, reads } = await answer(groupEvent('sg-0idle'), { world: WORLD });
    expect([told, published, reads]).toEqual([['sg-0idle NOT_APPLICABLE'], [], ['loadBalancers']]);
  });

  it('that is exempt has its finding archived', async () => {
    const exempt = { ...group('sg-0open'), tags: known({ 'origin-guard:exempt': 'a reason' }) };
    const { told, published } = await answer(groupEvent('sg-0open'), { world: { ...WORLD, groups: [exempt] } });
    expect([told, published]).toEqual([['sg-0open NOT_APPLICABLE'], ['sg-0open not-applicable']]);
  });

  it('that is exempt, and on load balancers that are hidden, may be in use: its finding is archived', async () => {
    const exempt = { ...group('sg-0idle'), tags: known({ 'origin-guard:exempt': 'a reason' }) };
    const world = { ...WORLD, groups: [exempt], loadBalancers: [], loadBalancerGap: () => gap('loadBalancers') };
    const { told, published } = await answer(groupEvent('sg-0idle'), { world });
    expect([told, published]).toEqual([['sg-0idle NOT_APPLICABLE'], ['sg-0idle not-applicable']]);
  });

  it.each(['ResourceDeleted', 'ResourceDeletedNotRecorded', 'ResourceNotRecorded'])(
    'with the status %s is out of scope, and nothing is read',
    async (configurationItemStatus) => {
      const event = groupEvent('sg-0open', { configurationItemStatus, configuration: null });
      const { sent, published, effects } = await answer(event, { world: WORLD });
      expect(sent).toEqual([
        {
          resourceType: GROUP,
          resourceId: 'sg-0open',
          compliance: 'NOT_APPLICABLE',
          annotation: 'the resource is gone, or AWS Config no longer records it',
          orderingTimestamp: CAPTURED_AT,
        },
      ]);
      // What is no longer recorded may still stand open, so its finding stays.
      const gone = configurationItemStatus === 'ResourceNotRecorded' ? [] : ['sg-0open not-applicable'];
      expect([published, effects]).toEqual([gone, ['report 1', `publish ${String(gone.length)}`]]);
    },
  );

  it.each([
    ['a distribution', { ...WORLD, distributions: [] }],
    ['nothing at all of it', { ...WORLD, distributionGap: () => gap('distributions'), distributions: [] }],
  ])('is judged again, fresh, when what was kept lacks %s', async (_, kept) => {
    const { told, effects } = await answer(groupEvent('sg-0open'), { world: WORLD, kept });
    expect(told).toEqual(['sg-0open NON_COMPLIANT']);
    expect(effects.slice(0, 2)).toEqual(['ports cached-ok', 'ports fresh']);
  });

  it.each(['sg-0open', 'sg-0closed', 'sg-0idle'])(
    'is judged once when what was kept leaves no doubt: %s',
    async (id) => {
      const { effects } = await answer(groupEvent(id), { world: WORLD, kept: WORLD });
      expect(effects).toContain('ports cached-ok');
      expect(effects).not.toContain('ports fresh');
    },
  );

  it('that left the scope of the rule is out of scope, and nothing is read', async () => {
    const { sent, published, reads } = await answer(groupEvent('sg-0open', {}, { eventLeftScope: true }), {
      world: WORLD,
    });
    expect(sent).toMatchObject([
      {
        resourceId: 'sg-0open',
        compliance: 'NOT_APPLICABLE',
        annotation: 'the resource left the scope of the AWS Config rule',
      },
    ]);
    expect([published, reads]).toEqual([['sg-0open not-applicable'], []]);
  });

  it('whose id is none is no event of AWS Config', async () => {
    const { code, sent } = await answer(groupEvent('not-a-group'), { world: WORLD });
    expect([code, sent]).toEqual(['E1001', []]);
  });

  it('with evidence missing is not told, and the invocation fails', async () => {
    const { error, told, effects, tallies } = await answer(groupEvent('sg-0open'), { world: BLIND });
    expect([told, effects]).toEqual([[], ['ports cached-ok', 'publish 0']]);
    expect(error?.message).toBe(
      'E2003: verdicts withheld: 1, the first on AWS::EC2::SecurityGroup sg-0open (told: 0): distributions cannot be read',
    );
    expect(tallies).toEqual([[RULE, { judged: 1, nonCompliant: 0, indeterminate: 1, kept: 0, failed: 1 }]]);
  });

  it('with evidence missing is told where the operator chose so', async () => {
    const event = withParameters(groupEvent('sg-0open'), { onMissingEvidence: 'non-compliant' });
    const { error, told } = await answer(event, { world: BLIND });
    expect([error, told]).toEqual([null, ['sg-0open NON_COMPLIANT']]);
  });

  it('of which only a name could not be looked up keeps its result, and the invocation succeeds', async () => {
    const { error, told, published, tallies } = await answer(groupEvent('sg-0plain'), { world: DEAD_NAME });
    expect([error, told, published]).toEqual([null, [], []]);
    expect(tallies).toEqual([[RULE, { judged: 1, nonCompliant: 0, indeterminate: 0, kept: 1, failed: 0 }]]);
  });
});

describe('a load balancer that changed', () => {
  it('its groups are judged, and those it had before', async () => {
    const event = loadBalancerEvent(arnOf('web'), ['sg-0open', 'sg-0closed'], ['sg-0idle']);
    const { told, published, effects } = await answer(event, { world: WORLD });
    expect(told).toEqual(['sg-0closed COMPLIANT', 'sg-0idle NOT_APPLICABLE', 'sg-0open NON_COMPLIANT']);
    expect(published).toEqual(['sg-0closed compliant', 'sg-0idle not-applicable', 'sg-0open non-compliant']);
    expect(effects).toEqual(['ports cached-ok', 'report 3', 'publish 3']);
  });

  it('without groups concerns nothing', async () => {
    const { error, effects, lines, tallies } = await answer(loadBalancerEvent(arnOf('net'), []), { world: WORLD });
    expect([error, effects]).toEqual([null, []]);
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'the event concerns nothing that the rule judges',
        ruleId: RULE,
        configRuleName: RULE_NAME,
        trigger: 'change',
        triggerType: LOAD_BALANCER,
        triggerId: arnOf('net'),
      },
    ]);
    expect(tallies).toEqual([]);
  });

  it('whose item says nothing at all is no event of AWS Config', async () => {
    const item = { ...loadBalancerItem(arnOf('web'), []), configuration: null };
    const { error, effects } = await answer(itemEvent(item), { world: WORLD });
    expect(error?.message).toBe('E1001: invokingEvent.configurationItem.configuration is missing or empty');
    expect(effects).toEqual([]);
  });

  it.each(['ResourceDeleted', 'ResourceNotRecorded'])('%s: everything in scope is judged again', async (status) => {
    const event = loadBalancerEvent(arnOf('gone'), [], [], { configurationItemStatus: status, configuration: null });
    const { told, effects } = await answer(event, { world: WORLD, results: [sg('sg-0idle')] });
    expect(told).toEqual(['sg-0closed COMPLIANT', 'sg-0idle NOT_APPLICABLE', 'sg-0open NON_COMPLIANT']);
    expect(effects).toEqual([`results ${RULE_NAME}`, `active ${RULE}`, 'ports fresh', 'report 3', 'publish 3']);
  });

  it('that left the scope of the rule is told to be out of scope itself, and nothing is read', async () => {
    const event = loadBalancerEvent(arnOf('web'), ['sg-0open'], [], {}, { eventLeftScope: true });
    const { sent, published, reads } = await answer(event, { world: WORLD });
    expect(sent).toMatchObject([
      { resourceType: LOAD_BALANCER, resourceId: arnOf('web'), compliance: 'NOT_APPLICABLE' },
    ]);
    expect([published, reads]).toEqual([[], []]);
  });

  it('that is gone and left the scope of the rule still takes its groups along', async () => {
    const gone = { configurationItemStatus: 'ResourceDeleted', configuration: null };
    const event = loadBalancerEvent(arnOf('gone'), [], [], gone, { eventLeftScope: true });
    const { told } = await answer(event, { world: WORLD, results: [sg('sg-0idle')] });
    expect(told).toContain('sg-0idle NOT_APPLICABLE');
  });
});

it('a distribution that changed: everything in scope is judged, and nothing is taken from before', async () => {
  for (const configurationItemStatus of ['OK', 'ResourceDeleted']) {
    const event = distributionEvent('E1WEB', { configurationItemStatus });
    const { sent, told, effects } = await answer(event, { world: WORLD });
    expect(told).toEqual(['sg-0closed COMPLIANT', 'sg-0open NON_COMPLIANT']);
    expect(new Set(sent.map(({ orderingTimestamp }) => orderingTimestamp))).toEqual(new Set([CAPTURED_AT]));
    expect(effects).toContain('ports fresh');
  }
});

it('a listener that changed has its load balancer judged, by the rule that looks at listeners', async () => {
  const listener = arnOf('web').replace(':loadbalancer/', ':listener/') + '/0123456789abcdef';
  const item = {
    ...loadBalancerItem(arnOf('web'), []),
    resourceType: 'AWS::ElasticLoadBalancingV2::Listener',
    resourceId: listener,
    configuration: { loadBalancerArn: arnOf('web'), port: 443, protocol: 'HTTPS' },
  };
  const event = withParameters(itemEvent(item), { ruleId: 'alb-origin-authenticated' });
  const { lines } = await answer(event, { world: WORLD });
  expect(lines.filter(({ message }) => message === 'judged')).toEqual([
    expect.objectContaining({ resourceType: LOAD_BALANCER, resourceId: arnOf('web') }),
  ]);
  expect((await answer(itemEvent(item), { world: WORLD })).told).toEqual([]);
});

it('a resource of a type that the rule does not know concerns nothing', async () => {
  const event = itemEvent({ ...loadBalancerItem('i-0abc', ['sg-0open']), resourceType: 'AWS::EC2::Instance' });
  const { error, effects } = await answer(event, { world: WORLD });
  expect([error, effects]).toEqual([null, []]);
});

describe('an item that is too large', () => {
  it('of a group is not fetched: the group is read live', async () => {
    const { told, effects } = await answer(oversizedEvent(GROUP, 'sg-0open'), { world: WORLD });
    expect([told, effects]).toEqual([['sg-0open NON_COMPLIANT'], ['ports cached-ok', 'report 1', 'publish 1']]);
  });

  it('of a group that is gone is out of scope, and nothing is read', async () => {
    const event = oversizedEvent(GROUP, 'sg-0open', { configurationItemStatus: 'ResourceDeleted' });
    const { told, reads } = await answer(event, { world: WORLD });
    expect([told, reads]).toEqual([['sg-0open NOT_APPLICABLE'], []]);
  });

  it('of a load balancer is fetched, since its groups are named in it', async () => {
    const { told, effects } = await answer(oversizedEvent(LOAD_BALANCER, arnOf('web')), {
      world: WORLD,
      item: { configuration: { securityGroups: ['sg-0open'] } },
    });
    expect(told).toEqual(['sg-0open NON_COMPLIANT']);
    expect(effects[0]).toBe(`item ${LOAD_BALANCER} ${arnOf('web')} ${CAPTURED_AT}`);
  });

  it('that cannot be fetched fails the invocation for want of evidence', async () => {
    const { error, effects } = await answer(oversizedEvent(LOAD_BALANCER, arnOf('web')), {
      world: WORLD,
      item: 'denied',
    });
    expect(error?.message).toBe('E2003: evidence beside the verdicts is missing (told: 0): item cannot be read');
    expect(effects.filter((effect) => effect.startsWith('report'))).toEqual([]);
  });

  it.each([
    [DISTRIBUTION, 'E1WEB', {}, 2],
    [LOAD_BALANCER, arnOf('gone'), { configurationItemStatus: 'ResourceDeleted' }, 2],
    ['AWS::EC2::Instance', 'i-0abc', {}, 0],
  ])('of %s is not fetched where it would not matter', async (type, id, overrides, sentCount) => {
    const { sent, effects } = await answer(oversizedEvent(type, id, overrides), { world: WORLD });
    expect(sent).toHaveLength(sentCount);
    expect(effects.filter((effect) => effect.startsWith('item'))).toEqual([]);
  });
});
