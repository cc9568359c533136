import type { Gap } from '../../core/fact.js';
import {
  byPriority,
  DEFAULT_PRIORITY,
  endOf,
  listenerText,
  type Listener,
  type ListenerRule,
} from '../../core/model/listener.js';
import { originPorts } from '../../core/origin-ports.js';
import { originText } from '../../core/path.js';
import type { ListenerFacts, Way } from './facts.js';
import type { AuthenticationFinding, Reason } from './finding.js';
import { canSatisfy, judgeCondition, sameName, type Check, type HeaderCondition } from './judge-condition.js';
import type { AlbOriginParams } from './params.js';

/** Why a rule lets in nobody but the distribution. */
export const CLAUSES = {
  'does-not-forward': 'it does not forward',
  'verifies-header': 'it accepts only what CloudFront sends',
  rotation: 'beside what CloudFront sends it accepts a value for the rotation',
  'declared-header': 'it asks for the header that headerName names, and a tag declares who sends it',
  'verifies-certificate': 'the listener verifies the client certificate',
  'unused-listener': 'no origin connects to the listener (allowUnusedListeners = true)',
  reached: 'what CloudFront sends is accepted',
  'trusted-waf': 'AWS WAF is trusted to check the header (wafChecksHeader = trust)',
} as const;
export type Clause = keyof typeof CLAUSES;

/** Where a line is: a listener, and one of its rules. */
export type Spot = Pick<AuthenticationFinding, 'listenerArn' | 'port' | 'ruleArn' | 'priority'>;

/** What was made of one rule, or of the listener as one way reaches it. */
export type Line = { readonly at: Spot } & (
  | { readonly outcome: 'allowed'; readonly clause: Clause }
  | { readonly outcome: 'refused'; readonly finding: AuthenticationFinding }
  | { readonly outcome: 'unknown'; readonly gap: Gap }
);

/** A rule that lets in nobody who does not know a value; whether CloudFront sends it is told by all listeners together. */
export interface ClosedRule {
  readonly at: Spot;
  readonly check: Extract<Check, { readonly kind: 'closed' }>;
}

export interface ListenerJudgement {
  readonly lines: readonly Line[];
  readonly closed: readonly ClosedRule[];
}

/** Whether CloudFront connects to a listener by a way; `unknown` where its settings are not known. */
export function uses({ custom }: Way, { port }: Listener): 'yes' | 'no' | 'unknown' {
  if (custom === null || port === null) return 'unknown';
  return originPorts(custom).includes(port) ? 'yes' : 'no';
}

export const spotOf = ({ arn, port }: Listener, rule: Pick<ListenerRule, 'arn' | 'priority'> | null = null): Spot => ({
  listenerArn: arn,
  port,
  ruleArn: rule?.arn ?? null,
  priority: rule?.priority ?? null,
});

export const findingAt = (
  at: Spot,
  reason: Reason,
  headerName: string | null = null,
  way: Way | null = null,
): AuthenticationFinding => ({
  reason,
  ...at,
  headerName,
  distributionId: way?.path.distributionId ?? null,
  originId: way?.path.originId ?? null,
});

const allowed = (at: Spot, clause: Clause): Line => ({ at, outcome: 'allowed', clause });
const refused = (finding: AuthenticationFinding, at: Spot): Line => ({ at, outcome: 'refused', finding });
const unknown = (at: Spot, gap: Gap): Line => ({ at, outcome: 'unknown', gap });

const linesOnly = (...lines: readonly Line[]): ListenerJudgement => ({ lines, closed: [] });

/** Judges every rule of one listener, and whether CloudFront's own requests get through. */
export function judgeListener(
  { listener, rules }: ListenerFacts,
  ways: readonly Way[],
  params: AlbOriginParams,
  canBeUnused: boolean,
): ListenerJudgement {
  const at = spotOf(listener);
  if (canBeUnused && params.allowUnusedListeners && ways.every((way) => uses(way, listener) === 'no'))
    return linesOnly(allowed(at, 'unused-listener'));
  if (verifiesCertificates(listener)) return linesOnly(...judgeCertificates(listener, ways));
  // It may verify them, and be closed however its rules are; or refuse CloudFront.
  if (listener.mutualAuthentication === null) return linesOnly(unknown(at, certificatesNotRead(at)));

  const byDefault = judgeDefault(listener, rules);
  if (!rules.known) return linesOnly(byDefault, unknown(at, rules.gap));
  const others = rules.value.filter(({ priority }) => priority !== DEFAULT_PRIORITY).sort(byPriority);
  const judged = others.map((rule) => judgeRule(spotOf(listener, rule), rule, ways, params));
  const forwarding = others.filter(({ actions }) => endOf(actions) !== 'answers');
  const isOpen = byDefault.outcome !== 'allowed';
  return {
    lines: [
      ...judged.flatMap((each) => ('outcome' in each ? [each] : [])),
      byDefault,
      ...(isOpen ? [] : judgeReach(listener, forwarding, ways, params)),
    ],
    closed: judged.flatMap((each) => ('check' in each ? [each] : [])),
  };
}

/** A trust store that is no longer shared verifies nothing that anybody can rely on. */
export const verifiesCertificates = ({ mutualAuthentication: asked }: Listener): boolean =>
  asked?.mode === 'verify' && asked.trustStoreArn !== null && !asked.isRemoved;

function judgeCertificates(listener: Listener, ways: readonly Way[]): readonly Line[] {
  const at = spotOf(listener);
  const reached = ways
    .filter((way) => !isDeclaredByTag(way) && uses(way, listener) !== 'no')
    .map((way): Line => {
      if (way.custom?.clientCertificateArn !== undefined) return allowed(at, 'reached');
      if (way.custom?.hidesCertificate === true) return unknown(at, certificateHidden(way));
      return uses(way, listener) === 'unknown'
        ? unknown(at, certificateNotSeen(way))
        : refused(findingAt(at, 'no-header-sent', null, way), at);
    });
  return [allowed(at, 'verifies-certificate'), ...reached];
}

const certificateNotSeen = ({ path }: Way): Gap => ({
  fact: `clientCertificate of ${originText(path)}`,
  cause: 'not-seen',
  detail: `whether CloudFront presents a client certificate to ${originText(path)} was not seen; add the output of aws cloudfront list-distributions`,
});

const certificateHidden = ({ path }: Way): Gap => ({
  fact: `clientCertificate of ${originText(path)}`,
  cause: 'incomplete',
  detail: `the client of CloudFront that read ${originText(path)} is too old to show a client certificate; run the function on a newer runtime, or with a layer of newer clients`,
});

const certificatesNotRead = (at: Spot): Gap => ({
  fact: `mutualAuthentication of ${at.listenerArn ?? listenerText(at)}`,
  cause: 'incomplete',
  detail: `whether ${listenerText(at)} verifies client certificates cannot be read, so it may be closed to everybody, CloudFront too; add the output of aws elbv2 describe-listeners`,
});

/** The default action as the listener has it, and as its default rule does: either counts. */
function judgeDefault(listener: Listener, rules: ListenerFacts['rules']): Line {
  const own = rules.known ? rules.value.filter(({ priority }) => priority === DEFAULT_PRIORITY) : [];
  const at: Spot = { ...spotOf(listener, own[0] ?? null), priority: DEFAULT_PRIORITY };
  const ends = [endOf(listener.defaultActions), ...own.map(({ actions }) => endOf(actions))];
  if (ends.includes('forwards')) return refused(findingAt(at, 'default-action-forwards'), at);
  return ends.includes('unknown') ? unknown(at, actionsNotUnderstood(at)) : allowed(at, 'does-not-forward');
}

const actionsNotUnderstood = (at: Spot): Gap => ({
  fact: `actions of rule ${String(at.priority)} of ${at.listenerArn ?? listenerText(at)}`,
  cause: 'incomplete',
  detail: `what becomes of a request by rule ${String(at.priority)} of ${listenerText(at)} cannot be told: its actions are missing, or of a type that this version does not know`,
});

function judgeRule(
  at: Spot,
  { actions, conditions }: ListenerRule,
  ways: readonly Way[],
  params: AlbOriginParams,
): Line | ClosedRule {
  const end = endOf(actions);
  if (end === 'answers') return allowed(at, 'does-not-forward');
  if (conditions === null) return unknown(at, conditionsNotRead(at));
  const checks = conditions.flatMap((condition): readonly Check[] =>
    condition.kind === 'http-header'
      ? [judgeCondition(condition, ways, params)]
      : condition.kind === 'unreadable'
        ? [{ kind: 'unknown', gap: conditionsNotRead(at) }]
        : [],
  );
  const closed = checks
    .filter((check) => check.kind === 'closed')
    .sort((a, b) => Number(a.sent.length === 0) - Number(b.sent.length === 0) || a.unsent.length - b.unsent.length);
  if (closed[0] !== undefined) return { at, check: closed[0] };
  const doubtful = checks.find((check) => check.kind === 'unknown');
  if (doubtful !== undefined) return unknown(at, doubtful.gap);
  if (end === 'unknown') return unknown(at, actionsNotUnderstood(at));
  const open = checks.filter((check) => check.kind === 'open');
  const mildest = open.find(({ reason }) => reason === 'weak-header-value') ?? open[0];
  return refused(findingAt(at, mildest?.reason ?? 'rule-forwards-without-header', mildest?.name ?? null), at);
}

const conditionsNotRead = (at: Spot): Gap => ({
  fact: `conditions of rule ${String(at.priority)} of ${at.listenerArn ?? listenerText(at)}`,
  cause: 'incomplete',
  detail: `the conditions of rule ${String(at.priority)} of ${listenerText(at)} cannot be read in full; add the output of aws elbv2 describe-rules of a newer client`,
});

/** A tag says that CloudFront comes, and nobody can see what it brings. */
export const isDeclaredByTag = ({ path }: Way): boolean => path.distributionId === null;

/** Whether CloudFront's own requests pass a rule that forwards, on each listener that it may use. */
function judgeReach(
  listener: Listener,
  forwarding: readonly ListenerRule[],
  ways: readonly Way[],
  params: AlbOriginParams,
): readonly Line[] {
  if (forwarding.length === 0) return [];
  return ways
    .filter((way) => !isDeclaredByTag(way) && uses(way, listener) !== 'no')
    .map((way): Line => reachOf(way, spotOf(listener), listener, forwarding, params));
}

function reachOf(
  way: Way,
  at: Spot,
  listener: Listener,
  forwarding: readonly ListenerRule[],
  params: AlbOriginParams,
): Line {
  const passes = forwarding.map((rule) => passesBy(rule, way, params));
  if (passes.includes('yes')) return allowed(at, 'reached');
  if (passes.includes('unknown')) return unknown(at, way.headers.known ? notComparable(at) : way.headers.gap);
  if (uses(way, listener) === 'unknown') return unknown(at, settingsNotSeen(way, at));
  const [first] = forwarding;
  const asked = first?.conditions?.find(
    (condition): condition is HeaderCondition =>
      condition.kind === 'http-header' && canSatisfy(condition, way, params) === 'no',
  );
  const name = asked?.name ?? null;
  const isSent = name !== null && way.headers.known && way.headers.value.some((each) => sameName(each.name, name));
  const spot = spotOf(listener, first ?? null);
  return refused(findingAt(spot, isSent ? 'header-value-mismatch' : 'no-header-sent', name, way), spot);
}

const settingsNotSeen = ({ path }: Way, at: Spot): Gap => ({
  fact: `settings of ${originText(path)}`,
  cause: 'unresolved',
  detail: `${listenerText(at)} would refuse what CloudFront sends to ${originText(path)}, and whether it connects there cannot be told`,
});

const notComparable = (at: Spot): Gap => ({
  fact: `header values of ${listenerText(at)}`,
  cause: 'unresolved',
  detail: `whether ${listenerText(at)} accepts what CloudFront sends cannot be told; save both sides in one run of collect`,
});

function passesBy({ conditions }: ListenerRule, way: Way, params: AlbOriginParams): 'yes' | 'no' | 'unknown' {
  if (conditions === null) return 'unknown';
  const all = conditions.map((condition) =>
    condition.kind === 'http-header'
      ? canSatisfy(condition, way, params)
      : condition.kind === 'unreadable'
        ? 'unknown'
        : 'yes',
  );
  return all.includes('no') ? 'no' : all.includes('unknown') ? 'unknown' : 'yes';
}
