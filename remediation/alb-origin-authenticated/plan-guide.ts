import { scopeOfArn } from '../../core/ids.js';
import { listenerText } from '../../core/model/listener.js';
import { originText } from '../../core/path.js';
import type { AuthenticationFinding } from '../../rules/alb-origin-authenticated/finding.js';
import type { AlbOriginParams } from '../../rules/alb-origin-authenticated/params.js';
import { ownerOf } from '../alb-sg-cloudfront-only/owners.js';
import { askersOf, findMisrouting, hasRegex, isUntidy } from './askers.js';
import { copiesOf } from './copy-rules.js';
import type { Guide, SeenListener } from './guide.js';
import { headerFor, headersAskedBy } from './name-header.js';
import { openedBy } from './open-rules.js';
import { orderOf } from './order.js';
import { lookupFailed, refuseGuide } from './refuse-guide.js';
import { findTight } from './room.js';
import { gapsIn, isDefault, listenersIn, type GuideFacts, type SeenRules } from './seen-rules.js';
import { sendersOf } from './senders.js';

/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const RULES_PER_LOAD_BALANCER = 100;

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
  const { accountId } = scopeOfArn(rule.loadBalancer.arn);
  const [foreign] = rule.ways.flatMap(({ path: { distributionId } }) => {
    const ofIt = distributionId === null ? null : (accounts.get(distributionId) ?? null);
    return ofIt === null || ofIt === accountId ? [] : [`${String(distributionId)} belongs to account ${ofIt}`];
  });
  if (foreign !== undefined)
    return refuseGuide('OTHER_ACCOUNT', `${foreign}, the load balancer to ${String(accountId)}`);
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
      `${listenerText(certificate)} verifies certificates, and CloudFront presents none to ${originText(certificate)}`,
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
    return refuseGuide('REGEX_VALUE', `a rule of ${listenerText(regex.listener)} compares ${headerName} so`);

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
