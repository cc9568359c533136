import type { Gap } from '../../core/fact.js';
import type { AccountId, DistributionId } from '../../core/ids.js';
import { DEFAULT_PRIORITY, type ListenerRule } from '../../core/model/listener.js';
import type { UnresolvedOrigin } from '../../core/path.js';
import { scopeOfArn } from '../../core/ids.js';
import type { Verdict } from '../../core/verdict.js';
import type { AlbOriginFacts, ListenerFacts } from '../../rules/alb-origin-authenticated/facts.js';
import type { AuthenticationFinding } from '../../rules/alb-origin-authenticated/finding.js';
import { sameName } from '../../rules/alb-origin-authenticated/judge-condition.js';
import type { AlbOriginParams } from '../../rules/alb-origin-authenticated/params.js';
import { ownerOf } from '../alb-sg-cloudfront-only/owners.js';
import { askersOf, findMisrouting, hasRegex, isUntidy } from './askers.js';
import type { Copy, Guide, SeenListener } from './guide.js';
import { orderOf } from './order.js';
import { placeCopies, renumbered } from './place-copies.js';
import { GUIDE_REFUSALS, type GuideRefusalCode } from './refusals.js';
import { findTight } from './room.js';
import { sendersOf } from './senders.js';

/** Everything that a guide rests on; plain data, read at one time, without any header value. */
export interface GuideFacts {
  readonly rule: AlbOriginFacts;
  readonly verdict: Verdict<AuthenticationFinding>;
  /** Whose the distributions are; `null` where the input does not say. */
  readonly accounts: ReadonlyMap<DistributionId, AccountId | null>;
  readonly unresolvedOrigins: readonly UnresolvedOrigin[];
}

/** The name that the header gets where nobody named one. */
export const DEFAULT_HEADER = 'X-Origin-Verify';
/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const RULES_PER_LOAD_BALANCER = 100;

export const refuseGuide = (
  code: GuideRefusalCode,
  because: string,
  renumber: Extract<Guide, { readonly kind: 'refuse' }>['renumber'] = [],
): Extract<Guide, { readonly kind: 'refuse' }> => ({
  kind: 'refuse',
  code,
  because,
  nextStep: GUIDE_REFUSALS[code].nextStep,
  renumber,
});

/** The safe order in which the load balancer comes to know its own distribution; `rotate` asks for a new value too. */
export function planGuide(facts: GuideFacts, params: AlbOriginParams, { rotate }: { readonly rotate: boolean }): Guide {
  const { rule, verdict, accounts } = facts;
  const early = outOfScope(facts) ?? (rotate ? null : compliantAlready(facts));
  if (early !== null) return early;
  if (params.wafChecksHeader === 'trust')
    return refuseGuide(
      'WAF_CHECKS',
      `wafChecksHeader is trust, and CloudFront does not send a header that is a secret`,
    );
  const gaps = gapsIn(rule);
  if (gaps.length > 0) return lookupFailed(gaps);
  const place = scopeOfArn(rule.loadBalancer.arn);
  for (const { path } of rule.ways) {
    const owner = path.distributionId === null ? null : (accounts.get(path.distributionId) ?? null);
    if (owner !== null && owner !== place.accountId)
      return refuseGuide(
        'OTHER_ACCOUNT',
        `${path.distributionId ?? ''} belongs to account ${owner}, the load balancer to ${place.accountId ?? '?'}`,
      );
  }
  const owner = rule.loadBalancer.tags.known ? ownerOf(rule.loadBalancer.tags.value) : null;
  if (owner?.kind === 'kubernetes')
    return refuseGuide('CONTROLLER_MANAGED', `the cluster ${owner.name} manages the load balancer`);
  const findings = verdict.kind === 'non-compliant' ? verdict.findings : [];
  return planRules(facts, findings, params, rotate);
}

function outOfScope({ rule, verdict }: GuideFacts): Guide | null {
  const { loadBalancer, deleted, sightGap, ways } = rule;
  if (deleted) return refuseGuide('LOAD_BALANCER_NOT_FOUND', `no load balancer ${loadBalancer.arn} in what was read`);
  if (loadBalancer.type !== 'application')
    return refuseGuide('NOT_AN_ALB', `${loadBalancer.name} is a ${loadBalancer.type} load balancer`);
  if (sightGap !== null) return lookupFailed([sightGap]);
  if (verdict.kind === 'not-applicable')
    return refuseGuide(ways.length === 0 ? 'NOT_FRONTED' : 'EXEMPT', verdict.because);
  return verdict.kind === 'indeterminate' ? lookupFailed(verdict.gaps) : null;
}

const compliantAlready = ({ rule, verdict }: GuideFacts): Guide | null =>
  verdict.kind === 'compliant'
    ? {
        kind: 'nothing-to-do',
        because: 'every request that is forwarded comes from its own distribution',
        canRotate: listenersIn(rule).some(({ rules }) => headersAskedBy(rules).length > 0),
      }
    : null;

const lookupFailed = (gaps: readonly Gap[]): Guide =>
  refuseGuide('LOOKUP_FAILED', [...new Set(gaps.map(({ detail }) => detail))].join('; '));

/** A listener of which everything is known. */
export interface SeenRules {
  readonly listener: ListenerFacts['listener'] & { readonly arn: NonNullable<ListenerFacts['listener']['arn']> };
  readonly rules: readonly ListenerRule[];
}

/** The listeners with their rules, as far as they are known in full; `gapsIn` says what is not. */
const listenersIn = ({ listeners }: AlbOriginFacts): readonly SeenRules[] =>
  listeners.known
    ? listeners.value.flatMap(({ listener, rules }) =>
        listener.arn !== null && rules.known
          ? [{ listener: { ...listener, arn: listener.arn }, rules: rules.value }]
          : [],
      )
    : [];

/** What must be seen before anything is closed: whoever was not seen would be cut off. */
function gapsIn({ ways, linkGaps, listeners, loadBalancer }: AlbOriginFacts): readonly Gap[] {
  const gaps = [...linkGaps, ...ways.flatMap(({ headers }) => (headers.known ? [] : [headers.gap]))];
  if (!loadBalancer.tags.known && loadBalancer.tags.gap.cause !== 'not-seen') gaps.push(loadBalancer.tags.gap);
  if (!listeners.known) return [...gaps, listeners.gap];
  for (const { listener, rules } of listeners.value) {
    if (listener.mutualAuthentication === null) gaps.push(certificatesNotRead(listener.port));
    if (!rules.known) gaps.push(rules.gap);
    else if (!rules.value.some(isDefault)) gaps.push(incomplete(`listener ${String(listener.port ?? '?')}`, 'default'));
    else gaps.push(...rules.value.filter(isUnclear).map(({ arn, priority }) => incomplete(arn, priority)));
  }
  return gaps;
}

const isDefault = ({ priority }: ListenerRule): boolean => priority === DEFAULT_PRIORITY;

const isUnclear = ({ priority, conditions, actions }: ListenerRule): boolean =>
  !/^(?:\d+|default)$/.test(priority) ||
  conditions === null ||
  conditions.some(({ kind }) => kind === 'unreadable') ||
  actions === null;

const incomplete = (what: string, priority: string): Gap => ({
  fact: `rule ${priority} of ${what}`,
  cause: 'incomplete',
  detail: `rule ${priority} of ${what} cannot be read in full; add the output of aws elbv2 describe-rules`,
});

const certificatesNotRead = (port: number | null): Gap => ({
  fact: `mutualAuthentication of listener ${String(port ?? '?')}`,
  cause: 'incomplete',
  detail: `whether listener ${String(port ?? '?')} verifies client certificates cannot be read; add the output of aws elbv2 describe-listeners`,
});

const headersAskedBy = (rules: readonly ListenerRule[]): readonly string[] =>
  rules.flatMap(({ conditions }) =>
    (conditions ?? []).flatMap((each) => (each.kind === 'http-header' ? [each.name] : [])),
  );

function planRules(
  facts: GuideFacts,
  findings: readonly AuthenticationFinding[],
  params: AlbOriginParams,
  rotate: boolean,
): Guide {
  const { rule } = facts;
  const certificate = findings.find(
    ({ reason, headerName, listenerArn }) => reason === 'no-header-sent' && headerName === null && listenerArn !== null,
  );
  if (certificate !== undefined)
    return refuseGuide(
      'CLIENT_CERTIFICATE',
      `listener ${String(certificate.port ?? '?')} verifies certificates, and ${certificate.distributionId ?? 'CloudFront'} presents none for ${certificate.originId ?? 'its origin'}`,
    );
  const listeners = listenersIn(rule);
  const named = headerFor(listeners, facts, findings, params);
  if (named.kind === 'refuse') return named;
  const { headerName } = named;
  const askers = listeners.flatMap((each) => askersOf(each, headerName));
  if (rotate && askers.length === 0)
    return refuseGuide(
      'NOTHING_TO_ROTATE',
      `no rule asks for ${params.headerName ?? 'a header that CloudFront sends'}`,
    );
  const senders = sendersOf(rule.ways, headerName, params.minSecretLength, rotate);
  const isChanging = senders.some(({ changes }) => changes);

  const openRules = new Set(findings.flatMap((finding) => openedBy(finding, headerName, listeners)));
  const misrouting = findMisrouting(listeners, rule.ways, headerName, openRules);
  if (misrouting !== null) return refuseGuide('ROUTES_BY_HEADER', misrouting);
  const tidied =
    isChanging || listeners.some((each) => isUntidy(each, rule.ways, headerName, params.minSecretLength)) ? askers : [];
  const regex = listeners.find((each) => tidied.length > 0 && hasRegex(each, headerName));
  if (regex !== undefined)
    return refuseGuide(
      'REGEX_VALUE',
      `a rule of listener ${String(regex.listener.port ?? '?')} compares ${headerName} so`,
    );

  const copies = copiesOf(listeners, openRules);
  if (copies.kind === 'refuse') return copies;
  const tight = findTight(
    listeners,
    openRules,
    tidied.map(({ ruleArn }) => ruleArn),
    rule,
    headerName,
    isChanging,
  );
  if (tight !== null) return refuseGuide('CONDITION_LIMIT', tight);
  const count =
    listeners.flatMap(({ rules }) => rules.filter((each) => !isDefault(each))).length + copies.copies.length;
  if (count > RULES_PER_LOAD_BALANCER)
    return refuseGuide(
      'RULE_QUOTA',
      `there would be ${String(count)} rules; allowed: ${String(RULES_PER_LOAD_BALANCER)}`,
    );
  return orderOf({
    facts,
    params,
    headerName,
    senders,
    askers: tidied,
    copies: copies.copies,
    listeners: listeners.map(seenListener),
    aim: findings.length === 0 ? 'rotate' : isBroken(findings) ? 'repair' : rotate ? 'rotate' : 'introduce',
  });
}

/** Whether CloudFront's own requests are refused at this moment. */
const isBroken = (findings: readonly AuthenticationFinding[]): boolean =>
  findings.some(
    ({ reason, distributionId, listenerArn }) =>
      distributionId !== null &&
      listenerArn !== null &&
      (reason === 'header-value-mismatch' || reason === 'no-header-sent'),
  );

/** The header that is named, or the one that the rules ask for, or a new one. */
function headerFor(
  listeners: readonly SeenRules[],
  { rule }: GuideFacts,
  findings: readonly AuthenticationFinding[],
  { headerName }: AlbOriginParams,
): Extract<Guide, { readonly kind: 'refuse' }> | { readonly kind: 'named'; readonly headerName: string } {
  if (headerName !== null) return { kind: 'named', headerName };
  const sent = rule.ways.flatMap(({ headers }) => (headers.known ? headers.value.map(({ name }) => name) : []));
  const asked = listeners
    .flatMap(({ rules }) => headersAskedBy(rules))
    .filter(
      (name) =>
        sent.some((each) => sameName(each, name)) || findings.some((each) => sameName(each.headerName ?? '', name)),
    );
  const names = [...new Map(asked.map((name) => [name.toLowerCase(), name] as const)).values()];
  if (names.length > 1) return refuseGuide('SEVERAL_HEADERS', `the rules ask for ${names.join(', ')}`);
  return { kind: 'named', headerName: names[0] ?? DEFAULT_HEADER };
}

/** The rule that a finding says forwards to whoever asks; one that asks for the header itself is put right in its place. */
function openedBy(
  finding: AuthenticationFinding,
  headerName: string,
  listeners: readonly SeenRules[],
): readonly string[] {
  switch (finding.reason) {
    case 'default-action-forwards': {
      const seen = listeners.find(({ listener }) => listener.arn === finding.listenerArn);
      return (seen?.rules ?? []).filter(isDefault).map(({ arn }) => arn);
    }
    case 'rule-forwards-without-header':
    case 'wildcard-header-value':
    case 'weak-header-value': {
      const isAsker = listeners.some(({ rules }) =>
        rules.some(
          ({ arn, conditions }) =>
            arn === finding.ruleArn &&
            (conditions ?? []).some((each) => each.kind === 'http-header' && sameName(each.name, headerName)),
        ),
      );
      return isAsker || finding.ruleArn === null ? [] : [finding.ruleArn];
    }
    case 'header-value-mismatch':
    case 'no-header-sent':
      return [];
  }
}

function copiesOf(
  listeners: readonly SeenRules[],
  open: ReadonlySet<string>,
): Extract<Guide, { readonly kind: 'refuse' }> | { readonly kind: 'copies'; readonly copies: readonly Copy[] } {
  const copies: Copy[] = [];
  for (const { listener, rules } of listeners) {
    const secret = rules.find(
      ({ arn, actions }) => open.has(arn) && (actions ?? []).some(({ type }) => type === 'authenticate-oidc'),
    );
    if (secret !== undefined)
      return refuseGuide(
        'CLIENT_SECRET',
        `rule ${secret.priority} of listener ${String(listener.port ?? '?')} has authenticate-oidc`,
      );
    const placed = placeCopies(rules, open);
    if (placed.kind === 'no-room') {
      const at = rules.find(({ arn }) => arn === placed.ruleArn)?.priority ?? '';
      return refuseGuide(
        'NO_FREE_PRIORITY',
        `no free number for a copy of rule ${at} of listener ${String(listener.port ?? '?')}`,
        renumbered(rules),
      );
    }
    copies.push(
      ...rules.flatMap(({ arn, priority: ofPriority }): readonly Copy[] => {
        const priority = placed.at.get(arn);
        return priority === undefined
          ? []
          : [{ listenerArn: listener.arn, port: listener.port, ofRuleArn: arn, ofPriority, priority }];
      }),
    );
  }
  // In the order in which they are tried, so that no copy stands there without those before it.
  return {
    kind: 'copies',
    copies: copies.sort((a, b) => (a.listenerArn === b.listenerArn ? a.priority - b.priority : 0)),
  };
}

const seenListener = ({ listener, rules }: SeenRules): SeenListener => ({
  listenerArn: listener.arn,
  port: listener.port,
  rules: rules
    .map(({ priority, arn, actions, conditions }) =>
      [
        priority,
        arn,
        (actions ?? []).map(({ type }) => type).join(',') || '-',
        (conditions ?? []).map((each) => (each.kind === 'http-header' ? each.kind : each.field)).join(',') || '-',
      ].join(' '),
    )
    .sort(),
});
