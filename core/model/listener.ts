import { known, type Fact } from '../fact.js';
import type { ListenerArn } from '../ids.js';
import type { HeaderValue } from './header-value.js';

/** What a rule of a listener does with a request, as AWS calls it: `forward`, `fixed-response`. */
export interface ListenerAction {
  readonly type: string;
  /** Where a `forward` leads, whatever the weights. @default - it is no `forward`, or the input does not say */
  readonly targetGroupArns?: readonly string[];
}

/** One value that a condition on a header accepts. */
export type AcceptedValue =
  /** `regex`: a regular expression that is nothing but the text itself. */
  | { readonly kind: 'literal'; readonly value: HeaderValue; readonly from: 'value' | 'regex' }
  /** One that accepts more than one value: it has `*` or `?`, or is a regular expression that asks for no character. */
  | { readonly kind: 'wildcard' }
  /** A regular expression of which nobody can tell what it accepts. */
  | { readonly kind: 'regex' };

/** What a rule asks of a request; all its conditions must hold. */
export type RuleCondition =
  | {
      readonly kind: 'http-header';
      /** As written; names compare without regard to case. */
      readonly name: string;
      /** One of these is enough. */
      readonly accepted: readonly AcceptedValue[];
    }
  /** One on something else, such as the path. */
  | {
      readonly kind: 'other';
      readonly field: string;
      /** How many values it has, which a rule may not have many of. @default - the input does not say */
      readonly values?: number;
    }
  /** One that may be on a header, and cannot be read. */
  | { readonly kind: 'unreadable'; readonly field: string };

/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Rule.html */
export interface ListenerRule {
  readonly arn: string;
  readonly listenerArn: ListenerArn;
  /** A number as text, or `default`. */
  readonly priority: string;
  /** `null` when they cannot be read. */
  readonly conditions: readonly RuleCondition[] | null;
  /** `null` when they cannot be read. */
  readonly actions: readonly ListenerAction[] | null;
}

/** How a listener treats the certificates of clients. */
export interface MutualAuthentication {
  readonly mode: 'verify' | 'passthrough' | 'off';
  readonly trustStoreArn: string | null;
  /** Whether the trust store was shared with the load balancer's account and is not any more. */
  readonly isRemoved: boolean;
}

/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html */
export interface Listener {
  /** `null` when the input does not say; then nobody can tell which rules are its own. */
  readonly arn: ListenerArn | null;
  readonly port: number | null;
  readonly protocol: string | null;
  /** `null` when it cannot be read; absent is `off`. */
  readonly mutualAuthentication: MutualAuthentication | null;
  /** `null` when they cannot be read. */
  readonly defaultActions: readonly ListenerAction[] | null;
}

export const DEFAULT_PRIORITY = 'default';

/** Actions that let a request through to the next one, or not at all; none of them looks at where it came from. */
const GATES: ReadonlySet<string> = new Set(['authenticate-cognito', 'authenticate-oidc', 'jwt-validation']);
const ANSWERS: ReadonlySet<string> = new Set(['redirect', 'fixed-response']);

/**
 * Whether actions lead a request to a target. What is not understood is `unknown`.
 *
 * A target group of weight 0 counts: the weight may change, and its requests must not.
 */
export function endOf(actions: readonly ListenerAction[] | null): 'forwards' | 'answers' | 'unknown' {
  const types = (actions ?? []).map(({ type }) => type.toLowerCase());
  if (types.includes('forward')) return 'forwards';
  if (!types.every((type) => GATES.has(type) || ANSWERS.has(type))) return 'unknown';
  return types.some((type) => ANSWERS.has(type)) ? 'answers' : 'unknown';
}

/** The order in which a load balancer tries rules; the default comes last. */
export const byPriority = (a: ListenerRule, b: ListenerRule): number => rank(a) - rank(b);

const rank = ({ priority }: ListenerRule): number =>
  /^\d+$/.test(priority) ? Number(priority) : Number.MAX_SAFE_INTEGER;

/** The ports on which listeners listen, once each and ascending. */
export function portsOf(listeners: Fact<readonly Listener[]>): Fact<readonly number[]> {
  if (!listeners.known) return listeners;
  const ports = listeners.value.flatMap(({ port }) => port ?? []);
  return known([...new Set(ports)].sort((a, b) => a - b));
}

/** A listener in words: `listener 443`. */
export const listenerText = ({ port }: Pick<Listener, 'port'>): string => `listener ${String(port ?? '?')}`;
