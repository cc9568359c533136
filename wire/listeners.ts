import * as z from 'zod/mini';
import { ListenerArn, LoadBalancerArn } from '../core/ids.js';
import { SecretText, type Digest } from '../core/model/header-value.js';
import {
  DEFAULT_PRIORITY,
  type AcceptedValue,
  type Listener,
  type ListenerAction,
  type ListenerRule,
  type MutualAuthentication,
  type RuleCondition,
} from '../core/model/listener.js';
import { HeaderName } from './custom-headers.js';
import { REGEX_HIDDEN, WILDCARD_HIDDEN } from './hide-headers.js';
import { isRecord } from './shared.js';

const textOf = (given: unknown): string | null => (typeof given === 'string' && given !== '' ? given : null);

const Action = z.object({
  type: z.string(),
  targetGroupArn: z.optional(z.unknown()),
  forwardConfig: z.optional(z.unknown()),
});
const Actions = z.array(Action);
const ForwardConfig = z.object({ targetGroups: z.array(z.object({ targetGroupArn: z.string() })) });

/** `null` for what is no list of actions: nobody can tell what becomes of a request then. */
function toActions(given: unknown): readonly ListenerAction[] | null {
  const actions = Actions.safeParse(given).data;
  if (actions === undefined) return null;
  return actions.map(({ type, targetGroupArn, forwardConfig }) => {
    const groups = ForwardConfig.safeParse(forwardConfig).data?.targetGroups.map((group) => group.targetGroupArn);
    const single = textOf(targetGroupArn);
    const targetGroupArns = groups ?? (single === null ? null : [single]);
    return { type, ...(targetGroupArns === null ? {} : { targetGroupArns }) };
  });
}

const MutualAuthenticationItem = z.object({
  mode: z.enum(['verify', 'passthrough', 'off']),
  trustStoreArn: z.optional(z.unknown()),
  trustStoreAssociationStatus: z.optional(z.unknown()),
});

const OFF: MutualAuthentication = { mode: 'off', trustStoreArn: null, isRemoved: false };

/** AWS leaves it out of listeners that do not ask for certificates. */
function toMutualAuthentication(given: unknown): MutualAuthentication | null {
  if (given === undefined || given === null) return OFF;
  const item = MutualAuthenticationItem.safeParse(given).data;
  if (item === undefined) return null;
  const { mode, trustStoreArn, trustStoreAssociationStatus: status } = item;
  return { mode, trustStoreArn: textOf(trustStoreArn), isRemoved: status === 'removed' };
}

/** A listener; what a verdict need not know of it may be unreadable, and is then `null`. */
export const ListenerItem = z.pipe(
  z.object(
    {
      loadBalancerArn: LoadBalancerArn,
      port: z.optional(z.nullable(z.int({ error: 'expected number' }))),
      listenerArn: z.optional(z.unknown()),
      protocol: z.optional(z.unknown()),
      mutualAuthentication: z.optional(z.unknown()),
      defaultActions: z.optional(z.unknown()),
    },
    { error: 'expected object' },
  ),
  z.transform(
    ({
      loadBalancerArn,
      port,
      listenerArn,
      protocol,
      mutualAuthentication,
      defaultActions,
    }): Listener & { readonly loadBalancerArn: LoadBalancerArn } => ({
      loadBalancerArn,
      arn: ListenerArn.safeParse(listenerArn).data ?? null,
      port: port ?? null,
      protocol: textOf(protocol),
      mutualAuthentication: toMutualAuthentication(mutualAuthentication),
      defaultActions: toActions(defaultActions),
    }),
  ),
);

/** A value that a condition accepts, as it was read: it is not sealed yet. */
type OpenValue =
  | { readonly kind: 'literal'; readonly value: SecretText; readonly from: 'value' | 'regex' }
  | Exclude<AcceptedValue, { readonly kind: 'literal' }>;
type OpenCondition =
  | { readonly kind: 'http-header'; readonly name: string; readonly accepted: readonly OpenValue[] }
  | Exclude<RuleCondition, { readonly kind: 'http-header' }>;

/** A rule as it was read. */
export type OpenRule = Omit<ListenerRule, 'conditions'> & { readonly conditions: readonly OpenCondition[] | null };

const ConditionItem = z.object({
  field: z.optional(z.nullable(z.string())),
  httpHeaderConfig: z.optional(z.unknown()),
});
const HeaderConfig = z.object({
  httpHeaderName: HeaderName,
  values: z.optional(z.nullable(z.array(z.string()))),
  regexValues: z.optional(z.nullable(z.array(z.string()))),
});

/** The conditions that AWS has and that do not look at headers. */
const OTHER_FIELDS: ReadonlySet<string> = new Set([
  'host-header',
  'http-request-method',
  'path-pattern',
  'query-string',
  'source-ip',
]);

/** The values of a condition: clients print some of them beside its settings once more. */
function countValues(given: unknown): number {
  if (!isRecord(given)) return 0;
  const settings = Object.entries(given).flatMap(([key, value]) =>
    key.endsWith('Config') && isRecord(value) ? [value] : [],
  );
  const countIn = (record: Readonly<Record<string, unknown>>): number =>
    [record['values'], record['regexValues']].reduce<number>(
      (sum, each) => sum + (Array.isArray(each) ? each.length : 0),
      0,
    );
  return Math.max(countIn(given), ...settings.map(countIn));
}

function toCondition(given: unknown): OpenCondition {
  const item = ConditionItem.safeParse(given).data;
  const field = item?.field ?? '';
  const config = item?.httpHeaderConfig ?? null;
  if (config === null && OTHER_FIELDS.has(field)) {
    const values = countValues(given);
    return { kind: 'other', field, ...(values === 0 ? {} : { values }) };
  }
  const header = HeaderConfig.safeParse(config).data;
  const accepted = [...(header?.values ?? []).map(toValue), ...(header?.regexValues ?? []).map(toRegexValue)];
  // Clients that are older than regular expressions leave them out of an answer: a condition always has a value.
  if (header === undefined || field !== 'http-header' || accepted.length === 0) return { kind: 'unreadable', field };
  return { kind: 'http-header', name: header.httpHeaderName, accepted };
}

/**
 * `*` and `?` stand for other characters; nothing says that they can be escaped in the value of a header.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
const toValue = (text: string): OpenValue =>
  text.startsWith(WILDCARD_HIDDEN) || /[*?]/.test(text)
    ? { kind: 'wildcard' }
    : { kind: 'literal', value: new SecretText(text), from: 'value' };

const LONGEST_REGEX = 128;
/** Asks for no character in particular, so that many a value will do. */
const ASKS_FOR_NOTHING = /^(?:[.^$*+?()|]|\{\d{0,4}(?:,\d{0,4})?\}|\[\\s\\S\]|\[\^?\]|\\[sSwWdD])*$/;
/** Nothing but the text itself, anchored or not: whoever matches it must know it. */
const LITERAL = /^\^?((?:[\w-]|\\[^\w\s])+)\$?$/;

/** Regular expressions are looked at, and never run. */
function toRegexValue(text: string): OpenValue {
  if (text === REGEX_HIDDEN || text.length > LONGEST_REGEX) return { kind: 'regex' };
  if (ASKS_FOR_NOTHING.test(text)) return { kind: 'wildcard' };
  const [, literal] = LITERAL.exec(text) ?? [];
  if (literal === undefined) return { kind: 'regex' };
  return { kind: 'literal', value: new SecretText(literal.replaceAll(/\\(.)/g, '$1')), from: 'regex' };
}

const RULE_ARN = /^(arn:[\w-]+:elasticloadbalancing:[\w-]+:\d+):listener-rule\/(.+)\/[^/]+$/;

/** The listener of a rule; the API does not print it otherwise. */
function listenerOf(ruleArn: string): ListenerArn {
  const [, prefix = '', path = ''] = RULE_ARN.exec(ruleArn) ?? [];
  return ListenerArn.parse(`${prefix}:listener/${path}`);
}

const EXPECTED_ARN = 'expected the ARN of a listener rule';

/** A rule of a listener; conditions and actions that cannot be read are `null`, and shown in no error. */
export const RuleItem = z.pipe(
  z.object(
    {
      ruleArn: z.string({ error: EXPECTED_ARN }).check(z.regex(RULE_ARN, { error: EXPECTED_ARN })),
      priority: z.optional(z.unknown()),
      isDefault: z.optional(z.unknown()),
      conditions: z.optional(z.unknown()),
      actions: z.optional(z.unknown()),
    },
    { error: 'expected object' },
  ),
  z.transform(({ ruleArn: arn, priority, isDefault, conditions, actions }): OpenRule => ({
    arn,
    listenerArn: listenerOf(arn),
    priority: isDefault === true ? DEFAULT_PRIORITY : (textOf(priority) ?? ''),
    conditions: Array.isArray(conditions) ? conditions.map(toCondition) : null,
    actions: toActions(actions),
  })),
);

/** The rule with the values of its conditions sealed; from here on nobody can show them. */
export function sealRule({ conditions, ...rule }: OpenRule, digest: Digest): ListenerRule {
  const seal = (condition: OpenCondition): RuleCondition =>
    condition.kind === 'http-header'
      ? { ...condition, accepted: condition.accepted.map((each) => sealValue(each, digest)) }
      : condition;
  return { ...rule, conditions: conditions?.map(seal) ?? null };
}

const sealValue = (each: OpenValue, digest: Digest): AcceptedValue =>
  each.kind === 'literal' ? { ...each, value: each.value.seal(digest) } : each;

/** Whether an element under the key `Rules`, which other services use too, is a rule of a listener. */
export const isListenerRule = (element: unknown): boolean =>
  !isRecord(element) ||
  ['ruleArn', 'isDefault'].some((key) => key in element) ||
  ['conditions', 'actions'].every((key) => key in element);

/** Whether rules of a listener are all there: each has a default rule. */
export const hasDefaultRule = (rules: readonly Pick<ListenerRule, 'priority'>[]): boolean =>
  rules.some(({ priority }) => priority === DEFAULT_PRIORITY);
