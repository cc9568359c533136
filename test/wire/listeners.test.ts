import { createHmac } from 'node:crypto';
import type { Digest } from '../../core/model/header-value.js';
import { SecretText } from '../../core/model/header-value.js';
import { byPriority, endOf } from '../../core/model/listener.js';
import { hideHeaderValues } from '../../wire/hide-headers.js';
import { isListenerRule, ListenerItem, RuleItem, sealRule } from '../../wire/listeners.js';

const digest: Digest = (value) => createHmac('sha256', 'a key').update(value).digest('hex');
const literal = (text: string, from: 'value' | 'regex' = 'value') => ({
  kind: 'literal',
  value: new SecretText(text).seal(digest),
  from,
});
const LISTENER =
  'arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2';
const RULE = `${LISTENER.replace(':listener/', ':listener-rule/')}/9683b2d02a6cabee`;

const rule = (given: Readonly<Record<string, unknown>> = {}) =>
  sealRule(RuleItem.parse({ ruleArn: RULE, priority: '5', conditions: [], actions: [], ...given }), digest);
const header = (config: unknown, field = 'http-header') =>
  rule({ conditions: [{ field, httpHeaderConfig: config }] }).conditions?.[0];
const accepted = (values: unknown, regexValues?: unknown) => {
  const condition = header({ httpHeaderName: 'x-verify', values, regexValues });
  return condition?.kind === 'http-header' ? condition.accepted : condition?.kind;
};

it('a rule names its listener by its own ARN', () => {
  expect(rule()).toMatchObject({ arn: RULE, listenerArn: LISTENER, priority: '5' });
  expect(rule({ priority: 'default' }).priority).toBe('default');
  expect(rule({ isDefault: true, priority: undefined }).priority).toBe('default');
  expect(() => RuleItem.parse({ ruleArn: LISTENER })).toThrow('expected the ARN of a listener rule');
});

describe('the values of a condition on a header', () => {
  test.each([
    ['a text', ['open sesame'], undefined, [literal('open sesame')]],
    ['several', ['a', 'b'], undefined, [literal('a'), literal('b')]],
    ['* and ? stand for others', ['open*', 'o?en', '*'], undefined, Array(3).fill({ kind: 'wildcard' })],
    ['a backslash takes nothing from a wildcard', ['open\\*'], undefined, [{ kind: 'wildcard' }]],
    ['a regular expression of letters only', undefined, ['open-1'], [literal('open-1', 'regex')]],
    ['anchored', undefined, ['^open$'], [literal('open', 'regex')]],
    ['with marks that are escaped', undefined, ['^o\\.p\\$n$'], [literal('o.p$n', 'regex')]],
    [
      'one that asks for no character',
      undefined,
      ['.*', '^.+$', '', '^', '(.*)', '.{0,9}', '[\\s\\S]*', '\\w+'],
      Array(8).fill({ kind: 'wildcard' }),
    ],
    [
      'one of which nobody can tell',
      undefined,
      ['open|shut', 'o.en', '^open.*', '[a-z]+', 'x'.repeat(129), '(a+)+$'],
      Array(6).fill({ kind: 'regex' }),
    ],
    ['both kinds', ['open'], ['^shut$'], [literal('open'), literal('shut', 'regex')]],
    ['null for a list', ['open'], null, [literal('open')]],
  ])('%s', (_, values, regexValues, expected) => {
    expect(accepted(values, regexValues)).toEqual(expected);
  });

  it('hidden by collect they are what they were, and a regular expression nobody can tell', () => {
    const page = {
      Conditions: [{ Field: 'http-header', HttpHeaderConfig: { Values: ['open', 'o*'], RegexValues: ['x'] } }],
    };
    const hidden = hideHeaderValues(page, digest) as typeof page;
    const { Values, RegexValues } = hidden.Conditions[0]?.HttpHeaderConfig ?? {};
    const { exact: _, ...open } = new SecretText('open').seal(digest);
    expect(accepted(Values, RegexValues)).toEqual([
      { kind: 'literal', value: open, from: 'value' },
      { kind: 'wildcard' },
      { kind: 'regex' },
    ]);
  });
});

describe('what cannot be read', () => {
  test.each([
    ['no values, as a client older than regular expressions gives', { httpHeaderName: 'x-verify' }],
    ['empty values', { httpHeaderName: 'x-verify', values: [] }],
    ['no name', { values: ['open'] }],
    ['an empty name', { httpHeaderName: '', values: ['open'] }],
    ['a name that no header has', { httpHeaderName: 'x-verify\u001b[31m\nCOMPLIANT', values: ['open'] }],
    ['values of another type', { httpHeaderName: 'x-verify', values: 'open' }],
    ['one value of another type', { httpHeaderName: 'x-verify', values: ['open', 1] }],
    ['nothing', undefined],
  ])('a condition: %s', (_, config) => {
    expect(header(config)).toEqual({ kind: 'unreadable', field: 'http-header' });
  });

  it('a condition of another field that has a header, or of a field that nobody knows', () => {
    expect(header({ httpHeaderName: 'x', values: ['y'] }, 'path-pattern')).toMatchObject({ kind: 'unreadable' });
    expect(header(undefined, 'http-cookie')).toEqual({ kind: 'unreadable', field: 'http-cookie' });
    expect(header(undefined, 'path-pattern')).toEqual({ kind: 'other', field: 'path-pattern' });
    expect(rule({ conditions: ['text'] }).conditions).toEqual([{ kind: 'unreadable', field: '' }]);
  });

  it('conditions and actions', () => {
    for (const damaged of [undefined, null, 'text', 7, {}]) {
      expect(rule({ conditions: damaged }).conditions).toBeNull();
      expect(rule({ actions: damaged }).actions).toBeNull();
    }
    expect(rule({ actions: [{ type: 1 }] }).actions).toBeNull();
  });

  it('how a listener treats certificates', () => {
    const listener = (mutualAuthentication: unknown) =>
      ListenerItem.parse({
        loadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188',
        mutualAuthentication,
      }).mutualAuthentication;
    expect(listener(undefined)).toEqual({ mode: 'off', trustStoreArn: null, isRemoved: false });
    expect(listener({ mode: 'verify', trustStoreArn: 'ts', trustStoreAssociationStatus: 'removed' })).toEqual({
      mode: 'verify',
      trustStoreArn: 'ts',
      isRemoved: true,
    });
    for (const damaged of ['verify', { mode: 'Verify' }, {}]) expect(listener(damaged)).toBeNull();
  });
});

describe('where actions lead', () => {
  const to = (...types: readonly string[]) => endOf(types.map((type) => ({ type })));
  test.each([
    [['forward'], 'forwards'],
    [['authenticate-oidc', 'forward'], 'forwards'],
    [['jwt-validation', 'forward'], 'forwards'],
    [['something-new', 'forward'], 'forwards'],
    [['redirect'], 'answers'],
    [['authenticate-cognito', 'fixed-response'], 'answers'],
    [['something-new', 'fixed-response'], 'unknown'],
    [['authenticate-cognito'], 'unknown'],
    [[], 'unknown'],
  ] as const)('%j: %s', (types, end) => expect(to(...types)).toBe(end));

  it('actions that were not read: unknown', () => expect(endOf(null)).toBe('unknown'));
});

it('rules are tried by their numbers, and the default last', () => {
  const order = ['default', '20', '3'].map((priority) => rule({ priority })).sort(byPriority);
  expect(order.map(({ priority }) => priority)).toEqual(['3', '20', 'default']);
});

test.each([
  [{ ruleArn: RULE }, true],
  [{ priority: '1', conditions: [], actions: [] }, true],
  [{ isDefault: true }, true],
  ['text', true],
  [{ name: 'of EventBridge', state: 'ENABLED' }, false],
  [{ iD: 'of S3', status: 'Enabled' }, false],
])('%j under Rules is ours: %s', (element, ours) => expect(isListenerRule(element)).toBe(ours));
