import type { Gap } from '../../core/fact.js';
import type { HeaderValue } from '../../core/model/header-value.js';
import type { AlbOriginFacts, Way } from './facts.js';
import { sameName, sentBy } from './judge-condition.js';
import {
  findingAt,
  isDeclaredByTag,
  judgeListener,
  type Clause,
  type ClosedRule,
  type Line,
  type Spot,
} from './judge-listener.js';
import type { AlbOriginParams } from './params.js';

const NOWHERE: Spot = { listenerArn: null, port: null, ruleArn: null, priority: null };

/** What was made of every rule of every listener, and of how CloudFront's own requests fare there. */
export function examine(facts: AlbOriginFacts, params: AlbOriginParams): readonly Line[] {
  if (params.wafChecksHeader === 'trust') return facts.ways.map((way) => judgeSent(way, params));
  const { listeners, ways, linkGaps } = facts;
  if (!listeners.known) return [{ at: NOWHERE, outcome: 'unknown', gap: listeners.gap }];
  const judged = listeners.value.map((each) => judgeListener(each, ways, params, linkGaps.length === 0));
  const closed = judged.flatMap((each) => each.closed);
  const refusals = judged.flatMap(({ lines }) =>
    lines.flatMap((line) => (line.outcome === 'refused' ? [line.finding] : [])),
  );
  return judged.flatMap((each) => [
    ...each.closed.flatMap((rule): readonly Line[] => {
      const line = settle(rule, closed, facts, params);
      // That CloudFront's own requests are refused there says the same, and whose they are.
      const isTold = refusals.some(
        ({ listenerArn, headerName, distributionId }) =>
          distributionId !== null && listenerArn === rule.at.listenerArn && sameName(headerName ?? '', rule.check.name),
      );
      return line.outcome === 'refused' && isTold ? [] : [line];
    }),
    ...each.lines,
  ]);
}

/**
 * Whether the values that a rule accepts are those that CloudFront sends.
 *
 * Beside each value that is sent and accepted, one more may be: a secret is rotated by accepting the next one first, and
 * the last one until every edge has the next.
 */
function settle(
  { at, check }: ClosedRule,
  closed: readonly ClosedRule[],
  { ways, linkGaps }: AlbOriginFacts,
  { headerName }: AlbOriginParams,
): Line {
  const allow = (clause: Clause): Line => ({ at, outcome: 'allowed', clause });
  if (check.unsent.length === 0) return allow('verifies-header');
  const alike = closed.filter((rule) => sameName(rule.check.name, check.name));
  const sent = distinct(alike.flatMap((rule) => rule.check.sent));
  const unsent = distinct(alike.flatMap((rule) => rule.check.unsent));
  if (unsent <= sent) return allow('rotation');
  if (headerName !== null && ways.some(isDeclaredByTag)) return allow('declared-header');
  const gap = hiddenSender(ways, linkGaps);
  if (gap !== null) return { at, outcome: 'unknown', gap };
  const isSent = ways.some((way) => sentBy(way, check.name).length > 0);
  const finding = findingAt(at, isSent ? 'header-value-mismatch' : 'no-header-sent', check.name);
  return { at, outcome: 'refused', finding };
}

const distinct = (values: readonly HeaderValue[]): number => new Set(values.map(({ digest }) => digest)).size;

/** Why somebody who was not seen may send a value, or `null` when everybody was. */
function hiddenSender(ways: readonly Way[], linkGaps: readonly Gap[]): Gap | null {
  const [unknown] = ways.flatMap(({ headers }) => (headers.known ? [] : [headers.gap]));
  return unknown ?? linkGaps[0] ?? null;
}

/** Where AWS WAF is trusted to check the header, CloudFront must send one that is worth checking. */
function judgeSent(way: Way, { headerName, minSecretLength }: AlbOriginParams): Line {
  if (isDeclaredByTag(way)) return { at: NOWHERE, outcome: 'allowed', clause: 'trusted-waf' };
  const { headers } = way;
  if (!headers.known) return { at: NOWHERE, outcome: 'unknown', gap: headers.gap };
  const own = headers.value.filter(({ name }) => headerName === null || sameName(name, headerName));
  if (own.some(({ value }) => value.length >= minSecretLength))
    return { at: NOWHERE, outcome: 'allowed', clause: 'trusted-waf' };
  const reason = own.length === 0 ? 'no-header-sent' : 'weak-header-value';
  return { at: NOWHERE, outcome: 'refused', finding: findingAt(NOWHERE, reason, own[0]?.name ?? headerName, way) };
}
