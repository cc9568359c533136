import { OriginGuardError } from '../../../core/errors.js';
import { hidden } from '../../support/builders.js';
import { NOTIFIED_AT, RULE_NAME, scheduledEvent } from './events.js';
import { answer } from './rig.js';
import { DEAD_NAME, group, RULE, sg, WORLD } from './world.js';

describe('a sweep', () => {
  it('tells what is in scope, ordered by the time of the notification, and nobody else', async () => {
    const { sent, told, published, effects, tallies } = await answer(scheduledEvent(), { world: WORLD });
    expect(told).toEqual(['sg-0closed COMPLIANT', 'sg-0open NON_COMPLIANT']);
    expect(published).toEqual(['sg-0closed compliant', 'sg-0open non-compliant']);
    expect(sent.map(({ orderingTimestamp }) => orderingTimestamp)).toEqual([NOTIFIED_AT, NOTIFIED_AT]);
    expect(effects).toEqual([`results ${RULE_NAME}`, `active ${RULE}`, 'ports fresh', 'report 2', 'publish 2']);
    expect(tallies).toEqual([[RULE, { judged: 2, nonCompliant: 1, indeterminate: 0, kept: 0, failed: 0 }]]);
  });

  it('of a place without anything in scope reports nothing and succeeds', async () => {
    const { error, effects } = await answer(scheduledEvent(), { world: { ...WORLD, loadBalancers: [] } });
    expect([error, effects]).toEqual([null, [`results ${RULE_NAME}`, `active ${RULE}`, 'ports fresh', 'publish 0']]);
  });

  it('takes results away from what is out of scope', async () => {
    const results = [sg('sg-0open'), sg('sg-0plain'), sg('sg-0deleted')];
    const { told, published } = await answer(scheduledEvent(), { world: WORLD, results });
    expect(told).toEqual([
      'sg-0closed COMPLIANT',
      'sg-0deleted NOT_APPLICABLE',
      'sg-0open NON_COMPLIANT',
      'sg-0plain NOT_APPLICABLE',
    ]);
    expect(published).toHaveLength(4);
  });

  it('archives the finding of what is out of scope without telling AWS Config, which holds no result', async () => {
    const { told, published } = await answer(scheduledEvent(), { world: WORLD, active: [sg('sg-0plain')] });
    expect(told).toEqual(['sg-0closed COMPLIANT', 'sg-0open NON_COMPLIANT']);
    expect(published).toEqual(['sg-0closed compliant', 'sg-0open non-compliant', 'sg-0plain not-applicable']);
  });

  it('takes results away from what is no resource of the rule, by type and id', async () => {
    const vpc = { resourceType: 'AWS::EC2::VPC', resourceId: 'sg-0open' };
    const { sent, published, error } = await answer(scheduledEvent(), {
      world: WORLD,
      results: [vpc, vpc, sg('no group'), sg('sg-0open'), sg('sg-0open')],
    });
    expect(error).toBeNull();
    expect(sent.filter(({ compliance }) => compliance === 'NOT_APPLICABLE')).toEqual([
      {
        ...vpc,
        compliance: 'NOT_APPLICABLE',
        annotation: `${RULE} judges no such resource`,
        orderingTimestamp: NOTIFIED_AT,
      },
      {
        ...sg('no group'),
        compliance: 'NOT_APPLICABLE',
        annotation: `${RULE} judges no such resource`,
        orderingTimestamp: NOTIFIED_AT,
      },
    ]);
    // Findings are of the rule's own type only.
    expect(published).toEqual(['no group not-applicable', 'sg-0closed compliant', 'sg-0open non-compliant']);
  });

  it('does not judge the namesake of a resource of another type', async () => {
    const results = [{ resourceType: 'AWS::EC2::VPC', resourceId: 'sg-0plain' }];
    const { tallies } = await answer(scheduledEvent(), { world: WORLD, results });
    expect(tallies).toMatchObject([[RULE, { judged: 2 }]]);
  });

  it('with hidden results tells what it judged, takes nothing away, and fails', async () => {
    const { error, told } = await answer(scheduledEvent(), {
      world: WORLD,
      results: 'denied',
      active: [sg('sg-0plain')],
    });
    expect(told).toEqual(['sg-0closed COMPLIANT', 'sg-0open NON_COMPLIANT']);
    expect(error?.message).toBe('E2003: evidence beside the verdicts is missing (told: 2): results cannot be read');
  });

  it('tells everything but what lacks evidence, and fails', async () => {
    const world = { ...WORLD, groups: [group('sg-0open'), group('sg-0closed', hidden('rules of sg-0closed'))] };
    const { error, told, published, tallies } = await answer(scheduledEvent(), {
      world,
      results: [sg('sg-0closed'), sg('sg-0idle')],
    });
    expect(told).toEqual(['sg-0idle NOT_APPLICABLE', 'sg-0open NON_COMPLIANT']);
    expect(published).toEqual(['sg-0idle not-applicable', 'sg-0open non-compliant']);
    expect(error?.message).toBe(
      'E2003: verdicts withheld: 1, the first on AWS::EC2::SecurityGroup sg-0closed (told: 2): rules of sg-0closed cannot be read',
    );
    expect(tallies).toEqual([[RULE, { judged: 3, nonCompliant: 1, indeterminate: 1, kept: 0, failed: 1 }]]);
  });

  it('leaves the results alone of what only a name kept from being judged', async () => {
    const { error, told, lines } = await answer(scheduledEvent(), { world: DEAD_NAME, results: [sg('sg-0plain')] });
    expect([error, told]).toEqual([null, ['sg-0closed COMPLIANT', 'sg-0open NON_COMPLIANT']]);
    expect(lines).toContainEqual(expect.objectContaining({ resourceId: 'sg-0plain', outcome: 'kept', code: null }));
  });

  it.each(['reads', 'results'])('of which the %s fail tells nothing to anybody', async (what) => {
    const failure = new OriginGuardError('E2001', 'AWS throttled');
    const { code, effects } = await answer(scheduledEvent(), {
      world: WORLD,
      ...(what === 'reads' ? { readFails: failure } : { results: failure }),
    });
    expect(code).toBe('E2001');
    expect(effects.filter((effect) => /^(report|publish)/.test(effect))).toEqual([]);
  });
});
