import { compareText } from '../../core/fact.js';
import type { Finding, ReasonMeta } from '../../core/rule.js';

/** Why a load balancer does not know its own distribution; most severe first. */
export const REASONS = {
  'default-action-forwards': {
    severity: 'high',
    means: 'The default action forwards, whoever sent the request.',
  },
  'rule-forwards-without-header': {
    severity: 'high',
    means: 'A rule forwards without a look at the header of the distribution.',
  },
  'wildcard-header-value': {
    severity: 'high',
    means: 'A rule accepts values of the header that nobody has to know.',
  },
  'header-value-mismatch': {
    severity: 'medium',
    means: 'A value that CloudFront sends is refused, which is an outage, or one that it does not send is accepted.',
  },
  'no-header-sent': {
    severity: 'medium',
    means: 'CloudFront does not send what the load balancer asks for: a header, or a client certificate.',
  },
  'weak-header-value': {
    severity: 'medium',
    means: 'A value of the header is so short that it can be guessed.',
  },
} as const satisfies Record<string, ReasonMeta>;
export type Reason = keyof typeof REASONS;

/** One place at which a load balancer does not know its own distribution. No value of a header is in it. */
export interface AuthenticationFinding extends Finding<Reason> {
  /** `null` with all of the place where it is about what CloudFront sends, and no listener is looked at. */
  readonly listenerArn: string | null;
  readonly port: number | null;
  /** `null` for the default action as the listener has it. */
  readonly ruleArn: string | null;
  /** A number as text, `default`, or `null` where it is about the whole listener. */
  readonly priority: string | null;
  readonly headerName: string | null;
  /** Whose requests would be refused, or are not told; `null` where it is about every request. */
  readonly distributionId: string | null;
  readonly originId: string | null;
}

const SEVERITY = Object.keys(REASONS);

/** A total, stable order of findings: most severe first, then by listener and rule. */
export const bySeverity = (a: AuthenticationFinding, b: AuthenticationFinding): number =>
  SEVERITY.indexOf(a.reason) - SEVERITY.indexOf(b.reason) ||
  (a.port ?? -1) - (b.port ?? -1) ||
  rank(a.priority) - rank(b.priority) ||
  compareText(keyOf(a), keyOf(b));

const rank = (priority: string | null): number => (/^\d+$/.test(priority ?? '') ? Number(priority) : 1e9);

const keyOf = ({ listenerArn, ruleArn, headerName, distributionId, originId }: AuthenticationFinding): string =>
  [listenerArn, ruleArn, headerName, distributionId, originId].map((part) => part ?? '').join('\u0000');

/** Where a finding is, in words: `listener 443, rule 10`; one without a place is about what CloudFront sends. */
export function placeText({
  port,
  listenerArn,
  priority,
}: Pick<AuthenticationFinding, 'port' | 'listenerArn' | 'priority'>): string {
  if (listenerArn === null && port === null && priority === null) return 'what CloudFront sends';
  const listener = `listener ${port === null ? (listenerArn ?? 'of an unknown port') : String(port)}`;
  if (priority === null) return listener;
  return priority === 'default' ? `${listener}, default action` : `${listener}, rule ${priority}`;
}

/** A finding in words, short enough for an annotation. */
export function describeFinding(finding: AuthenticationFinding): string {
  const { reason, headerName, distributionId } = finding;
  const header = headerName === null ? '' : `, header ${headerName}`;
  const from = distributionId === null ? '' : `, from ${distributionId}`;
  return `${placeText(finding)}${header}${from} (${reason})`;
}
