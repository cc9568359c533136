import { createHmac } from 'node:crypto';
import { known } from '../../core/fact.js';
import { ListenerArn } from '../../core/ids.js';
import type { CustomHeader, CustomOrigin } from '../../core/model/distribution.js';
import { SecretText, type Digest, type HeaderValue } from '../../core/model/header-value.js';
import type {
  AcceptedValue,
  Listener,
  ListenerAction,
  ListenerRule,
  RuleCondition,
} from '../../core/model/listener.js';
import { parseParams } from '../../core/params.js';
import type { AlbOriginFacts, ListenerFacts, Way } from '../../rules/alb-origin-authenticated/facts.js';
import { params, type AlbOriginParams } from '../../rules/alb-origin-authenticated/params.js';
import { arnOf, loadBalancer, NOW, path } from './builders.js';

// Every builder returns a compliant default: a case shows only what it is about.

/** Seals the values of one test run. */
export const digest: Digest = (value) => createHmac('sha256', 'the key of the tests').update(value).digest('hex');
export const sealed = (text: string, by: Digest = digest): HeaderValue => new SecretText(text).seal(by);

/** A value that is long enough, and the next one in a rotation. */
export const SECRET = 'made-up-value-one-0001';
export const NEXT = 'made-up-value-two-0002';
export const HEADER = 'x-origin-verify';

export const adds = (value: string = SECRET, name: string = HEADER): CustomHeader => ({ name, value: sealed(value) });

export const literal = (value: string, from: 'value' | 'regex' = 'value'): AcceptedValue => ({
  kind: 'literal',
  value: sealed(value),
  from,
});

/** A condition on the header; texts are literal values. */
export const onHeader = (
  accepted: readonly (string | AcceptedValue)[] = [SECRET],
  name: string = HEADER,
): RuleCondition => ({
  kind: 'http-header',
  name,
  accepted: accepted.map((each) => (typeof each === 'string' ? literal(each) : each)),
});

export const onPath: RuleCondition = { kind: 'other', field: 'path-pattern' };

export const FORWARD: readonly ListenerAction[] = [{ type: 'forward', targetGroupArns: ['tg'] }];
export const ANSWER: readonly ListenerAction[] = [{ type: 'fixed-response' }];

export const listenerArn = (port: number, name = 'web'): ListenerArn =>
  ListenerArn.parse(`${arnOf(name).replace(':loadbalancer/', ':listener/')}/${String(port)}`);
export const ruleArn = (port: number, id: string): string =>
  `${listenerArn(port).replace(':listener/', ':listener-rule/')}/${id}`;

export const rule = (overrides: Partial<ListenerRule> & { readonly port?: number } = {}): ListenerRule => {
  const { port = 443, ...rest } = overrides;
  const priority = rest.priority ?? '10';
  return {
    arn: ruleArn(port, priority),
    listenerArn: listenerArn(port),
    priority,
    conditions: [onHeader()],
    actions: FORWARD,
    ...rest,
  };
};

export const byDefault = (actions: readonly ListenerAction[] | null = ANSWER, port = 443): ListenerRule =>
  rule({ port, priority: 'default', conditions: [], actions });

/** HTTPS on 443: one rule verifies the header and forwards, the default answers. */
export const listening = (
  overrides: {
    readonly port?: number;
    readonly rules?: readonly ListenerRule[];
    readonly defaultActions?: readonly ListenerAction[] | null;
    readonly listener?: Partial<Listener>;
  } = {},
): ListenerFacts => {
  const { port = 443, defaultActions = ANSWER, listener = {} } = overrides;
  return {
    listener: {
      arn: listenerArn(port),
      port,
      protocol: port === 80 ? 'HTTP' : 'HTTPS',
      mutualAuthentication: { mode: 'off', trustStoreArn: null, isRemoved: false },
      defaultActions,
      ...listener,
    },
    rules: known([...(overrides.rules ?? [rule({ port })]), byDefault(defaultActions, port)]),
  };
};

export const connects = (overrides: Partial<CustomOrigin> = {}): CustomOrigin => ({
  httpPort: 80,
  httpsPort: 443,
  protocolPolicy: 'https-only',
  ipAddressType: null,
  ...overrides,
});

/** From the distribution `E1WEB`, which adds the header. */
export const way = (overrides: Partial<Way> = {}): Way => ({
  path: path(),
  headers: known([adds()]),
  custom: connects(),
  vpcOriginGap: null,
  ...overrides,
});

/** A load balancer with one listener, which verifies the header of its one distribution. */
export const authFacts = (overrides: Partial<AlbOriginFacts> = {}): AlbOriginFacts => ({
  loadBalancer: loadBalancer(),
  deleted: false,
  sightGap: null,
  ways: [way()],
  linkGaps: [],
  listeners: known([listening()]),
  now: NOW,
  ...overrides,
});

/** The same with other rules on its one listener. */
export const withRules = (
  rules: readonly ListenerRule[],
  overrides: Partial<AlbOriginFacts> = {},
  defaultActions: readonly ListenerAction[] | null = ANSWER,
): AlbOriginFacts => authFacts({ listeners: known([listening({ rules, defaultActions })]), ...overrides });

export const authParams = (given: Readonly<Record<string, unknown>> = {}): AlbOriginParams =>
  parseParams(params, given);
