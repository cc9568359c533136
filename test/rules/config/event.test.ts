import { OriginGuardError } from '../../../core/errors.js';
import { parseConfigEvent, type ConfigRequest } from '../../../rules/config/event.js';
import { ACCOUNT, arnOf, REGION } from '../../support/builders.js';
import {
  CAPTURED_AT,
  DISTRIBUTION,
  distributionEvent,
  GROUP,
  groupEvent,
  itemEvent,
  loadBalancerEvent,
  loadBalancerItem,
  LOAD_BALANCER,
  NOTIFIED_AT,
  oversizedEvent,
  RULE_NAME,
  scheduledEvent,
  sealed,
  TOKEN,
  withParameters,
  type OpenEvent,
} from './events.js';

const OWN = { accountId: ACCOUNT, region: REGION };
const parse = (event: OpenEvent): ConfigRequest => parseConfigEvent(sealed(event), OWN);

function messageOf(event: unknown): string {
  try {
    parseConfigEvent(event, OWN);
  } catch (error) {
    if (error instanceof OriginGuardError) return error.message;
    throw error;
  }
  return 'no error';
}

const changeOf = (event: OpenEvent) => {
  const { trigger } = parse(event);
  if (trigger.kind === 'schedule') throw new RangeError('no change');
  return trigger.change;
};

describe('an event', () => {
  it('of a group that changed', () => {
    expect(parse(groupEvent('sg-0web'))).toEqual({
      trigger: {
        kind: 'change',
        change: {
          resourceType: GROUP,
          resourceId: 'sg-0web',
          gone: false,
          recorded: true,
          mentions: expect.any(Set) as Set<string>,
        },
      },
      configRuleName: RULE_NAME,
      inventoryMode: 'LOCAL',
      ruleParameters: { ruleId: 'alb-sg-cloudfront-only' },
      resultToken: TOKEN,
      leftScope: false,
      orderingTimestamp: CAPTURED_AT,
    });
  });

  it('of an item that is too large carries no mentions', () => {
    expect(parse(oversizedEvent(LOAD_BALANCER, arnOf('web')))).toMatchObject({
      trigger: {
        kind: 'oversized',
        change: { resourceType: LOAD_BALANCER, resourceId: arnOf('web'), gone: false, mentions: new Set() },
      },
      orderingTimestamp: CAPTURED_AT,
    });
  });

  it('of a schedule is ordered by the time of its notification', () => {
    expect(parse(scheduledEvent())).toMatchObject({ trigger: { kind: 'schedule' }, orderingTimestamp: NOTIFIED_AT });
  });

  it('of a distribution may be of the Region global, or of the home Region', () => {
    expect(changeOf(distributionEvent('E1WEB'))).toMatchObject({ resourceType: DISTRIBUTION, resourceId: 'E1WEB' });
    expect(changeOf(distributionEvent('E1WEB', { awsRegion: 'us-east-1' })).gone).toBe(false);
  });

  it('of a resource that left the scope of the rule says so', () => {
    expect(parse(groupEvent('sg-0web', {}, { eventLeftScope: true })).leftScope).toBe(true);
  });

  it.each([
    ['OK', false],
    ['ResourceDiscovered', false],
    ['ResourceNotRecorded', true],
    ['ResourceDeleted', true],
    ['ResourceDeletedNotRecorded', true],
  ])('with the status %s: gone is %s', (configurationItemStatus, gone) => {
    expect(changeOf(groupEvent('sg-0web', { configurationItemStatus })).gone).toBe(gone);
    expect(changeOf(oversizedEvent(GROUP, 'sg-0web', { configurationItemStatus })).gone).toBe(gone);
  });

  it('of a deleted resource has no configuration', () => {
    const { gone, mentions } = changeOf(
      groupEvent('sg-0web', { configurationItemStatus: 'ResourceDeleted', configuration: null, relationships: [] }),
    );
    expect([gone, mentions]).toEqual([true, new Set()]);
  });

  it('with an offset in its time is taken as it is', () => {
    const configurationItemCaptureTime = '2026-07-01T13:58:00+02:00';
    expect(parse(groupEvent('sg-0web', { configurationItemCaptureTime })).orderingTimestamp).toBe(
      configurationItemCaptureTime,
    );
  });
});

describe('mentions', () => {
  it('the configuration, the relationships, and what changed', () => {
    const { mentions } = changeOf(loadBalancerEvent(arnOf('web'), ['sg-0a', 'sg-0b'], ['sg-0before']));
    expect([...mentions].filter((text) => text.startsWith('sg-')).sort()).toEqual(['sg-0a', 'sg-0b', 'sg-0before']);
  });

  it('a configuration that is JSON in a text', () => {
    const item = loadBalancerItem(arnOf('web'), ['sg-0a']);
    const configuration = JSON.stringify(item['configuration']);
    expect(changeOf(itemEvent({ ...item, configuration, relationships: [] })).mentions).toContain('sg-0a');
  });

  it('relationships alone, where the configuration is empty', () => {
    for (const configuration of [null, '', {}])
      expect(changeOf(itemEvent({ ...loadBalancerItem(arnOf('web'), ['sg-0a']), configuration })).mentions).toContain(
        'sg-0a',
      );
  });

  it('not the tags, nor the names of fields', () => {
    const { mentions } = changeOf(groupEvent('sg-0web', { tags: { a: 'sg-0tag' }, configuration: { 'sg-0key': 'x' } }));
    expect(mentions).not.toContain('sg-0tag');
    expect(mentions).not.toContain('sg-0key');
  });

  it('at any depth', () => {
    const depth = 50_000;
    const configuration = `${'['.repeat(depth)}"sg-0deep"${']'.repeat(depth)}`;
    expect(changeOf(groupEvent('sg-0web', { configuration })).mentions).toContain('sg-0deep');
  });
});

describe('rule parameters', () => {
  it.each([
    ['absent', undefined],
    ['null', null],
    ['empty', ''],
    ['blank', ' '],
  ])('%s: none', (_, ruleParameters) => {
    const { ruleParameters: __, ...event } = sealed(groupEvent('sg-0web'));
    const given = ruleParameters === undefined ? event : { ...event, ruleParameters };
    expect(parseConfigEvent(given, OWN).ruleParameters).toEqual({});
  });

  it('are taken as they are', () => {
    const { ruleParameters } = parse(withParameters(groupEvent('sg-0web'), { ports: 'all', other: 1 }));
    expect(ruleParameters).toEqual({ ports: 'all', other: 1 });
  });
});

describe('E1001 names the field', () => {
  const event = sealed(groupEvent('sg-0web'));
  const item = (overrides: Record<string, null | number | string>): unknown => sealed(groupEvent('sg-0web', overrides));
  const invoking = (value: unknown) => ({ ...event, invokingEvent: JSON.stringify(value) });

  const damaged: readonly (readonly [unknown, string])[] = [
    [null, 'the event is null; expected the event of an AWS Config rule'],
    [undefined, 'the event is missing; expected the event of an AWS Config rule'],
    ['text', 'the event is "text"; expected the event of an AWS Config rule'],
    [[event], 'the event is a list; expected the event of an AWS Config rule'],
    [{ Records: [] }, 'invokingEvent is missing; expected JSON in a text'],
    [{ ...event, invokingEvent: {} }, 'invokingEvent is an object; expected JSON in a text'],
    [{ ...event, accountId: 111122223333 }, 'accountId is 111122223333; expected an account id of 12 digits'],
    [{ ...event, accountId: '1' }, 'accountId is "1"; expected an account id of 12 digits'],
    [{ ...event, resultToken: '' }, 'resultToken is ""; expected a text of 1 to 65536 characters'],
    [{ ...event, eventLeftScope: 'false' }, 'eventLeftScope is "false"; expected true or false'],
    [{ ...event, configRuleName: null }, 'configRuleName is null; expected a text of 1 to 2048 characters'],
    [{ ...event, ruleParameters: {} }, 'ruleParameters is an object; expected JSON in a text'],
    [{ ...event, ruleParameters: '[]' }, 'ruleParameters is a list; expected a JSON object'],
    [{ ...event, ruleParameters: 'null' }, 'ruleParameters is null; expected a JSON object'],
    [invoking('text'), 'invokingEvent is "text"; expected a JSON object'],
    [
      invoking({ messageType: 'ConfigurationSnapshotDeliveryCompleted' }),
      'invokingEvent.messageType is "ConfigurationSnapshotDeliveryCompleted"; expected one of ConfigurationItemChangeNotification, OversizedConfigurationItemChangeNotification, ScheduledNotification',
    ],
    [
      invoking({ messageType: 'ConfigurationItemChangeNotification' }),
      'invokingEvent.configurationItem is missing; expected a JSON object',
    ],
    [
      invoking({ messageType: 'OversizedConfigurationItemChangeNotification', configurationItemSummary: 3 }),
      'invokingEvent.configurationItemSummary is 3; expected a JSON object',
    ],
    [
      invoking({ messageType: 'ScheduledNotification', awsAccountId: '111122223333' }),
      'invokingEvent.notificationCreationTime is missing; expected an instant such as 2026-07-01T12:00:00.000Z',
    ],
    [
      item({ resourceId: 7 }),
      'invokingEvent.configurationItem.resourceId is 7; expected a text of 1 to 768 characters',
    ],
    [
      item({ resourceId: 'x'.repeat(769) }),
      'invokingEvent.configurationItem.resourceId is a text of 769 characters; expected a text of 1 to 768 characters',
    ],
    [
      item({ configurationItemStatus: 'Gone' }),
      'invokingEvent.configurationItem.configurationItemStatus is "Gone"; expected one of OK, ResourceDiscovered, ResourceNotRecorded, ResourceDeleted, ResourceDeletedNotRecorded',
    ],
    [
      item({ configurationItemStatus: 'toString' }),
      'invokingEvent.configurationItem.configurationItemStatus is "toString"; expected one of OK, ResourceDiscovered, ResourceNotRecorded, ResourceDeleted, ResourceDeletedNotRecorded',
    ],
    ...['yesterday', '2026-13-01T00:00:00Z', '2026-07-01', '1782907080'].map((at): [unknown, string] => [
      item({ configurationItemCaptureTime: at }),
      `invokingEvent.configurationItem.configurationItemCaptureTime is "${at}"; expected an instant such as 2026-07-01T12:00:00.000Z`,
    ]),
  ];
  it.each(damaged.map(([given, message]) => ({ given, message })))('$message', ({ given, message }) => {
    expect(messageOf(given)).toBe(`E1001: ${message}`);
  });

  it.each([
    ['invokingEvent', { ...event, invokingEvent: '{"secret": hunter2' }],
    ['ruleParameters', { ...event, ruleParameters: '{"secret": hunter2' }],
    ['invokingEvent.configurationItem.configuration', item({ configuration: '{"secret": hunter2' })],
  ])('%s that is not JSON is not quoted, nor is it the cause', (field, given) => {
    expect(messageOf(given)).toMatch(new RegExp(`^E1001: ${field} is not JSON: \\w`));
    expect(messageOf(given)).not.toContain('hunter2');
    expect(() => parseConfigEvent(given, OWN)).toThrow(expect.not.objectContaining({ cause: expect.anything() }));
  });
});

describe('E1010', () => {
  const OTHER = '444455556666';
  it.each<[string, OpenEvent]>([
    ['accountId', groupEvent('sg-0web', {}, { accountId: OTHER })],
    ['accountId', scheduledEvent({ accountId: OTHER })],
    ['invokingEvent.configurationItem.awsAccountId', groupEvent('sg-0web', { awsAccountId: OTHER })],
    ['invokingEvent.configurationItemSummary.awsAccountId', oversizedEvent(GROUP, 'sg-0web', { awsAccountId: OTHER })],
    ['invokingEvent.awsAccountId', withAccount(scheduledEvent(), OTHER)],
  ])('another account in %s', (field, event) => {
    expect(messageOf(sealed(event))).toBe(`E1010: ${field} is "${OTHER}"; the function runs in 111122223333`);
  });

  it.each<[string, OpenEvent]>([
    ['configurationItem', groupEvent('sg-0web', { awsRegion: 'eu-west-1' })],
    ['configurationItemSummary', oversizedEvent(GROUP, 'sg-0web', { awsRegion: 'eu-west-1' })],
  ])('another Region in the %s', (item, event) => {
    expect(messageOf(sealed(event))).toBe(
      `E1010: invokingEvent.${item}.awsRegion is "eu-west-1"; the function runs in us-east-1`,
    );
  });
});

function withAccount(event: OpenEvent, awsAccountId: string): OpenEvent {
  return { ...event, invoking: { ...(event.invoking as object), awsAccountId } };
}
