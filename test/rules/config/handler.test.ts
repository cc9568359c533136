import { OriginGuardError } from '../../../core/errors.js';
import { GROUP, groupEvent, RULE_NAME, scheduledEvent, TOKEN, withParameters } from './events.js';
import { answer } from './rig.js';
import { BLIND, RULE, sg, WORLD } from './world.js';

describe('what goes wrong while telling', () => {
  const publishFails = new OriginGuardError('E2004', 'Security Hub refused');

  it('results that AWS Config refused: findings are published, then it is raised', async () => {
    const { error, published } = await answer(scheduledEvent(), { world: WORLD, refused: ['sg-0open'] });
    expect(published).toHaveLength(2);
    expect(error?.message).toBe(
      'E2002: AWS Config refused 1 of 2 results, the first of AWS::EC2::SecurityGroup sg-0open',
    );
  });

  it('findings that Security Hub refused: AWS Config was told first', async () => {
    const { code, told, effects, tallies } = await answer(scheduledEvent(), { world: WORLD, publishFails });
    expect([code, told.length, effects.slice(-2)]).toEqual(['E2004', 2, ['report 2', 'publish 2']]);
    expect(tallies).toEqual([[RULE, { judged: 2, nonCompliant: 1, indeterminate: 0, kept: 0, failed: 1 }]]);
  });

  it('all at once: the first is raised, and each has its line', async () => {
    const { code, lines } = await answer(scheduledEvent(), {
      world: WORLD,
      results: 'denied',
      refused: ['sg-0open'],
      publishFails,
    });
    expect(code).toBe('E2002');
    expect(lines.flatMap(({ level, code: each }) => (level === 'error' ? [each] : [])).sort()).toEqual([
      'E2002',
      'E2003',
      'E2004',
    ]);
  });

  it('what nobody expected is our own fault', async () => {
    const { error } = await answer(groupEvent('sg-0open'), { world: WORLD, publishFails: new TypeError('x is not y') });
    expect(error?.message).toBe('E9001: TypeError: x is not y');
    expect(error?.cause).toBeInstanceOf(TypeError);
  });
});

describe('parameters', () => {
  it.each([
    [{ prots: 'all' }, 'E1002', /unknown parameter prots/],
    [{ ports: 'some' }, 'E1002', /parameter ports is "some"/],
    [{ ruleId: 'other' }, 'E1007', /no rule is called other/],
    [{ ruleId: 7 }, 'E1002', /parameter ruleId is not a text; allowed: alb-sg-cloudfront-only/],
    [{ inventoryMode: 'NONE' }, 'E1002', /parameter inventoryMode is "NONE" .*; allowed: LOCAL or ORG/],
    [{ inventoryMode: ['ORG', 'LOCAL'] }, 'E1002', /parameter inventoryMode is "ORG,LOCAL"/],
  ] as const)('%j is %s, before anything is read', async (parameters, code, message) => {
    const { error, effects, tallies } = await answer(withParameters(scheduledEvent(), parameters), { world: WORLD });
    expect([error?.code, error?.message]).toEqual([code, expect.stringMatching(message)]);
    expect(effects).toEqual([]);
    const isNamed = 'ruleId' in parameters;
    expect(tallies).toMatchObject([[isNamed ? 'unknown' : RULE, { judged: 0, failed: 1 }]]);
  });

  it('none: the default rule with its defaults', async () => {
    for (const parameters of [{}, { inventoryMode: 'LOCAL', ruleId: RULE }]) {
      const { told } = await answer(withParameters(groupEvent('sg-0open'), parameters), { world: WORLD });
      expect(told).toEqual(['sg-0open NON_COMPLIANT']);
    }
  });

  it.each([
    ['LOCAL', {}],
    ['LOCAL', { inventoryMode: 'LOCAL' }],
    ['ORG', { inventoryMode: 'ORG' }],
  ])('%s is what the ports are asked for under %j, by a change and by a sweep', async (mode, parameters) => {
    const ports = async (event: Parameters<typeof withParameters>[0]) =>
      (await answer(withParameters(event, parameters), { world: WORLD })).modes;
    expect(await ports(groupEvent('sg-0open'))).toEqual([mode]);
    expect(await ports(scheduledEvent())).toEqual([mode]);
  });

  it('ORG is kept where a verdict in doubt is judged again from a fresh look', async () => {
    const event = withParameters(groupEvent('sg-0open'), { inventoryMode: 'ORG' });
    const { modes, effects } = await answer(event, { world: WORLD, kept: BLIND });
    expect(modes).toEqual(['ORG', 'ORG']);
    expect(effects.slice(0, 2)).toEqual(['ports cached-ok', 'ports fresh']);
  });

  it('reach the rule', async () => {
    const event = withParameters(groupEvent('sg-0open'), { allowedCidrs: '0.0.0.0/0' });
    expect((await answer(event, { world: WORLD })).told).toEqual(['sg-0open COMPLIANT']);
  });
});

describe('the log', () => {
  it('a line for each verdict that is told, and one at the end', async () => {
    const { lines } = await answer(scheduledEvent(), {
      world: WORLD,
      results: [sg('sg-0plain')],
      active: [sg('sg-0idle')],
    });
    const judged = { level: 'info', message: 'judged', ruleId: RULE, resourceType: GROUP, outcome: 'told', code: null };
    expect(lines).toEqual([
      { ...judged, resourceId: 'sg-0closed', verdict: 'COMPLIANT' },
      { ...judged, resourceId: 'sg-0open', verdict: 'NON_COMPLIANT' },
      { ...judged, resourceId: 'sg-0plain', verdict: 'NOT_APPLICABLE' },
      {
        level: 'info',
        message: 'answered',
        ruleId: RULE,
        configRuleName: RULE_NAME,
        trigger: 'schedule',
        judged: 4,
        reported: 3,
        nonCompliant: 1,
        kept: 0,
        unresolvedOrigins: 0,
      },
    ]);
  });

  it('a verdict that lacks evidence has its code, and so has the end', async () => {
    const { lines } = await answer(groupEvent('sg-0open'), { world: BLIND });
    expect(lines).toMatchObject([
      { level: 'info', resourceId: 'sg-0open', verdict: 'INDETERMINATE', outcome: 'withheld', code: 'E2003' },
      { level: 'error', ruleId: RULE, code: 'E2003' },
    ]);
  });

  it('of an event that is none names its code, and no rule', async () => {
    const { lines, tallies } = await answer({ raw: { Records: [] } });
    expect(lines).toEqual([
      {
        level: 'error',
        message: 'invokingEvent is missing; expected JSON in a text',
        ruleId: 'unknown',
        code: 'E1001',
      },
    ]);
    expect(tallies).toMatchObject([['unknown', { failed: 1 }]]);
  });

  it('holds neither the token nor the item', async () => {
    const { lines } = await answer(groupEvent('sg-0open'), { world: WORLD });
    expect(JSON.stringify(lines)).not.toContain(TOKEN);
    expect(JSON.stringify(lines)).not.toContain('of the load balancer');
  });
});
