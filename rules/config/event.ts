import * as z from 'zod/mini';
import { OriginGuardError } from '../../core/errors.js';
import type { Change } from '../../core/focus.js';
import { AccountId, type Region } from '../../core/ids.js';
import { jsonProblem } from '../../core/json-problem.js';
import '../../core/schema-messages.js';
import { mentionsOf } from './mentions.js';

/** Where a function runs. */
export interface Home {
  readonly accountId: AccountId;
  readonly region: Region;
}

/** What made AWS Config invoke the function. */
export type Trigger =
  | { readonly kind: 'change'; readonly change: Change }
  /** The item is too large for an event, so the change mentions nothing. */
  | { readonly kind: 'oversized'; readonly change: Change }
  | { readonly kind: 'schedule' };

/** An event of an AWS Config custom rule, checked. */
export interface ConfigRequest {
  readonly trigger: Trigger;
  readonly configRuleName: string;
  readonly ruleParameters: Readonly<Record<string, unknown>>;
  /** Whether distributions of other accounts count; the rule says which words the parameter may hold. */
  readonly inventoryMode: 'LOCAL' | 'ORG';
  readonly resultToken: string;
  /** Whether AWS Config says that the resource is no longer in the scope of the rule. */
  readonly leftScope: boolean;
  /** When AWS Config recorded the item, or made the schedule's notification; ISO 8601. Results are ordered by it. */
  readonly orderingTimestamp: string;
}

const text = (most = 2048) => {
  const expected = { error: `expected a text of 1 to ${most} characters` };
  return z.string(expected).check(z.minLength(1, expected), z.maxLength(most, expected));
};
const JsonText = z.string({ error: 'expected JSON in a text' });
const expectedObject = { error: 'expected a JSON object' };
const JsonObject = z.record(z.string(), z.unknown(), expectedObject);
const Instant = z.iso.datetime({ offset: true, error: 'expected an instant such as 2026-07-01T12:00:00.000Z' });

/** Source: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html */
const Envelope = z.object(
  {
    invokingEvent: JsonText,
    ruleParameters: z.nullish(JsonText),
    resultToken: text(65_536),
    eventLeftScope: z.boolean({ error: 'expected true or false' }),
    configRuleName: text(),
    accountId: AccountId,
  },
  { error: 'expected the event of an AWS Config rule' },
);

/** Whether a resource with this status is gone, or is no longer recorded. Source: API reference of ConfigurationItem. */
const IS_GONE = {
  OK: false,
  ResourceDiscovered: false,
  ResourceNotRecorded: true,
  ResourceDeleted: true,
  ResourceDeletedNotRecorded: true,
} as const;
const STATUSES = Object.keys(IS_GONE) as (keyof typeof IS_GONE)[];

/** What an item and the summary of one that is too large have in common; the lengths are those of PutEvaluations. */
const Summary = z.object(
  {
    resourceType: text(256),
    resourceId: text(768),
    awsAccountId: AccountId,
    awsRegion: text(),
    configurationItemStatus: z.enum(STATUSES, { error: `expected one of ${STATUSES.join(', ')}` }),
    configurationItemCaptureTime: Instant,
  },
  expectedObject,
);
type Summary = z.infer<typeof Summary>;

const Item = z.object(
  { ...Summary.shape, configuration: z.optional(z.unknown()), relationships: z.optional(z.unknown()) },
  expectedObject,
);

const MESSAGE_TYPES = [
  'ConfigurationItemChangeNotification',
  'OversizedConfigurationItemChangeNotification',
  'ScheduledNotification',
] as const;
const Message = z.object(
  { messageType: z.enum(MESSAGE_TYPES, { error: `expected one of ${MESSAGE_TYPES.join(', ')}` }) },
  expectedObject,
);
const ItemMessage = z.object({ configurationItem: Item, configurationItemDiff: z.optional(z.unknown()) });
const SummaryMessage = z.object({ configurationItemSummary: Summary });
const ScheduleMessage = z.object({ awsAccountId: AccountId, notificationCreationTime: Instant });

/**
 * The request that an event of AWS Config makes of the function that runs at `own`.
 *
 * Raises `E1001` naming the field that is not as AWS Config writes it, and `E1010` for another account or Region. The
 * message quotes that one field at most.
 */
export function parseConfigEvent(event: unknown, own: Home): ConfigRequest {
  const { invokingEvent, ruleParameters, accountId, eventLeftScope, configRuleName, resultToken } = check(
    Envelope,
    event,
    '',
  );
  requireOwn('accountId', accountId, own.accountId);
  const invoked = parseInvokingEvent(parseJson(invokingEvent, 'invokingEvent'), own);
  const parameters =
    ruleParameters === undefined || ruleParameters === null || ruleParameters.trim() === ''
      ? {}
      : check(JsonObject, parseJson(ruleParameters, 'ruleParameters'), 'ruleParameters');
  return {
    ...invoked,
    configRuleName,
    ruleParameters: parameters,
    inventoryMode: parameters['inventoryMode'] === 'ORG' ? 'ORG' : 'LOCAL',
    resultToken,
    leftScope: eventLeftScope,
  };
}

const INVOKING = 'invokingEvent';

function parseInvokingEvent(message: unknown, own: Home): Pick<ConfigRequest, 'trigger' | 'orderingTimestamp'> {
  const { messageType } = check(Message, message, INVOKING);
  switch (messageType) {
    case 'ConfigurationItemChangeNotification': {
      const { configurationItem, configurationItemDiff } = check(ItemMessage, message, INVOKING);
      const { configuration, relationships, ...summary } = configurationItem;
      const at = `${INVOKING}.configurationItem`;
      requireHome(summary, at, own);
      const parts = { configuration: unwrapped(configuration, `${at}.configuration`), relationships };
      return {
        trigger: { kind: 'change', change: toChange(summary, mentionsOf(parts, configurationItemDiff)) },
        orderingTimestamp: summary.configurationItemCaptureTime,
      };
    }
    case 'OversizedConfigurationItemChangeNotification': {
      const { configurationItemSummary } = check(SummaryMessage, message, INVOKING);
      requireHome(configurationItemSummary, `${INVOKING}.configurationItemSummary`, own);
      return {
        trigger: { kind: 'oversized', change: toChange(configurationItemSummary, new Set()) },
        orderingTimestamp: configurationItemSummary.configurationItemCaptureTime,
      };
    }
    case 'ScheduledNotification': {
      const { awsAccountId, notificationCreationTime } = check(ScheduleMessage, message, INVOKING);
      requireOwn(`${INVOKING}.awsAccountId`, awsAccountId, own.accountId);
      return { trigger: { kind: 'schedule' }, orderingTimestamp: notificationCreationTime };
    }
  }
}

const toChange = (
  { resourceType, resourceId, configurationItemStatus }: Summary,
  mentions: ReadonlySet<string>,
): Change => ({
  resourceType,
  resourceId,
  gone: IS_GONE[configurationItemStatus],
  recorded: configurationItemStatus !== 'ResourceNotRecorded',
  mentions,
});

/** The API of AWS Config writes a configuration as JSON in a text, and so do some who replay its items. */
const unwrapped = (configuration: unknown, at: string): unknown =>
  typeof configuration === 'string' && configuration !== '' ? parseJson(configuration, at) : configuration;

/** AWS Config writes the Region of what has none, such as a distribution, as `global`. */
const GLOBAL = 'global';

function requireHome({ awsAccountId, awsRegion }: Summary, at: string, own: Home): void {
  requireOwn(`${at}.awsAccountId`, awsAccountId, own.accountId);
  if (awsRegion !== GLOBAL) requireOwn(`${at}.awsRegion`, awsRegion, own.region);
}

function requireOwn(field: string, given: string, own: string): void {
  if (given === own) return;
  throw new OriginGuardError('E1010', `${field} is ${shown(given)}; the function runs in ${own}`);
}

function parseJson(given: string, field: string): unknown {
  try {
    return JSON.parse(given) as unknown;
  } catch (error) {
    // Without its cause, whose message quotes the text.
    throw new OriginGuardError('E1001', `${field} is not JSON: ${jsonProblem(error as SyntaxError)}`);
  }
}

function check<S extends z.ZodMiniType>(schema: S, value: unknown, at: string): z.output<S> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = [at, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  throw new OriginGuardError(
    'E1001',
    `${field === '' ? 'the event' : field} is ${shown(issue?.input)}; ${issue?.message ?? 'not readable'}`,
  );
}

const LONGEST_QUOTE = 64;

/** A value in a message: what it is, and quoted only when it is short. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string' && value.length > LONGEST_QUOTE) return `a text of ${value.length} characters`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}
