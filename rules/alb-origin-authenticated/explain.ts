import type { Step } from '../../core/judgement.js';
import { fingerprint } from '../../core/model/header-value.js';
import { originText } from '../../core/path.js';
import type { Verdict } from '../../core/verdict.js';
import { EVIDENCE } from '../alb-sg-cloudfront-only/explain.js';
import type { AlbOriginFacts, Way } from './facts.js';
import { placeText, REASONS, type AuthenticationFinding } from './finding.js';
import { CLAUSES, type Line } from './judge-listener.js';

/** The way to a verdict in words: the paths with what CloudFront adds, then every listener and rule. */
export function explainLoadBalancer(
  facts: AlbOriginFacts,
  verdict: Verdict<AuthenticationFinding>,
  lines: readonly Line[] | 'vpc-origins',
): readonly Step[] {
  const { ways, linkGaps } = facts;
  const isJudged = ways.length > 0 && verdict.kind !== 'not-applicable';
  return [
    ...ways.flatMap(explainWay),
    ...(ways.length > 0 ? [] : linkGaps.map((gap): Step => ({ outcome: 'unknown', text: gap.detail }))),
    ...(verdict.kind === 'not-applicable' ? [{ outcome: 'info', text: verdict.because } as const] : []),
    ...(isJudged ? explainLines(lines, verdict) : []),
  ];
}

function explainLines(
  lines: readonly Line[] | 'vpc-origins',
  verdict: Verdict<AuthenticationFinding>,
): readonly Step[] {
  if (lines !== 'vpc-origins')
    return lines.length === 0 ? [{ outcome: 'allowed', text: 'it has no listener' }] : lines.map(explainLine);
  if (verdict.kind === 'indeterminate') return verdict.gaps.map(({ detail }) => ({ outcome: 'unknown', text: detail }));
  return [{ outcome: 'allowed', text: 'it is internal, and nothing but VPC origins leads to it [vpc-origin]' }];
}

function explainWay({ path, headers, custom }: Way): readonly Step[] {
  const from =
    path.distributionId === null
      ? 'CloudFront chooses the origin at run time and may choose it'
      : `it is ${originText(path)} (${String(path.originDomain)})`;
  const link: Step = { outcome: 'info', text: `${from}: ${EVIDENCE[path.linkedBy]} [${path.linkedBy}]` };
  if (!headers.known) return [link, { outcome: 'unknown', text: headers.gap.detail }];
  const added = headers.value.map(
    ({ name, value }) => `${name} (${String(value.length)} characters, fingerprint ${fingerprint(value)})`,
  );
  const certificate = custom?.clientCertificateArn === undefined ? '' : ', and it presents a client certificate';
  const what = added.length === 0 ? 'no header' : added.join(', ');
  return [link, { outcome: 'info', text: `${originText(path)}: CloudFront adds ${what}${certificate}` }];
}

function explainLine(line: Line): Step {
  const place = placeText(line.at);
  switch (line.outcome) {
    case 'allowed':
      return { outcome: 'allowed', text: `${place}: ${CLAUSES[line.clause]} [${line.clause}]` };
    case 'refused':
      return { outcome: 'refused', text: `${place}: ${REASONS[line.finding.reason].means} [${line.finding.reason}]` };
    case 'unknown':
      return { outcome: 'unknown', text: `${place}: cannot be told, ${line.gap.detail} [${line.gap.cause}]` };
  }
}
