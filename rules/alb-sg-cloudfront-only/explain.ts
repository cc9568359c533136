import type { Step } from '../../core/judgement.js';
import { sourceText, type IngressRule } from '../../core/model/security-group.js';
import type { LinkedBy, Path } from '../../core/path.js';
import type { Verdict } from '../../core/verdict.js';
import type { AlbSgFacts } from './facts.js';
import { portsText, toFinding, type SourceFinding } from './finding.js';
import { CLAUSES, REASONS, type SourceJudgement } from './judge-source.js';

/** How a link is known, in words. */
export const EVIDENCE: Readonly<Record<LinkedBy, string>> = {
  'vpc-origin': 'its VPC origin leads to the ARN of the load balancer',
  'dns-name': "the origin's domain name is the DNS name of the load balancer",
  declared: 'somebody declared it, by originHostnames or by the tag origin-guard:fronted-by',
  'resolved-name': "the origin's domain name leads to the DNS name of the load balancer",
  'resolved-address': "the origin's address is one of the load balancer's network interfaces",
};

/** The way to a verdict in words: attachment, paths, then every ingress rule with the clause that settled it. */
export function explainGroup(
  facts: AlbSgFacts,
  verdict: Verdict<SourceFinding>,
  judged: readonly (readonly [IngressRule, SourceJudgement])[],
): readonly Step[] {
  const inScope = facts.paths.length > 0 && verdict.kind !== 'not-applicable';
  return [
    ...explainAttachment(facts),
    ...facts.paths.map((path) => explainPath(path, facts)),
    ...(facts.paths.length > 0 ? [] : facts.linkGaps.map((gap): Step => ({ outcome: 'unknown', text: gap.detail }))),
    ...(verdict.kind === 'not-applicable' ? [{ outcome: 'info', text: verdict.because } as const] : []),
    ...(inScope ? explainRules(facts, judged) : []),
  ];
}

function explainAttachment({ group, attachedTo, attachmentGap }: AlbSgFacts): readonly Step[] {
  if (group.deleted) return [];
  const users: Step[] = attachedTo.map(({ name, arn }) => ({
    outcome: 'info',
    text: `load balancer ${name} uses the group (${arn})`,
  }));
  return attachmentGap === null ? users : [...users, { outcome: 'unknown', text: attachmentGap.detail }];
}

function explainPath(
  { distributionId, originId, originDomain, linkedBy, loadBalancerArn, otherEntrances }: Path,
  { attachedTo }: AlbSgFacts,
): Step {
  const name = attachedTo.find(({ arn }) => arn === loadBalancerArn)?.name ?? loadBalancerArn;
  const entrances = otherEntrances
    .map(({ kind, id }) => `; another way in that bypasses CloudFront: ${kind} ${id}`)
    .join('');
  const from =
    distributionId === null
      ? 'CloudFront chooses the origin at run time and may choose'
      : `distribution ${distributionId} has origin ${originId ?? ''} (${originDomain ?? ''}), which is`;
  return { outcome: 'info', text: `${from} load balancer ${name}: ${EVIDENCE[linkedBy]} [${linkedBy}]${entrances}` };
}

function explainRules(
  { group }: AlbSgFacts,
  judged: readonly (readonly [IngressRule, SourceJudgement])[],
): readonly Step[] {
  if (!group.ingress.known) return [{ outcome: 'unknown', text: group.ingress.gap.detail }];
  if (judged.length === 0) return [{ outcome: 'allowed', text: 'the group has no ingress rule, so it admits nobody' }];
  return judged.map(([rule, judgement]) => ({
    outcome: judgement.outcome,
    text: `${ruleText(rule)}: ${clauseText(judgement)}`,
  }));
}

function ruleText(rule: IngressRule): string {
  const id = rule.ruleId === null ? '' : `${rule.ruleId} `;
  return `${id}${sourceText(rule.source)} on ${protocolText(rule)}`;
}

function protocolText(rule: IngressRule): string {
  if (rule.protocol !== 'icmp' && rule.protocol !== 'icmpv6') return portsText(toFinding(rule, 'public-cidr'));
  return `${rule.protocol} type ${String(rule.fromPort)} code ${String(rule.toPort)}`;
}

function clauseText(judgement: SourceJudgement): string {
  switch (judgement.outcome) {
    case 'allowed':
      return `allowed, ${CLAUSES[judgement.clause]} [${judgement.clause}]`;
    case 'refused':
      return `refused, ${REASONS[judgement.reason].means} [${judgement.reason}]`;
    case 'unknown':
      return `cannot be told, ${judgement.gap.detail} [${judgement.gap.cause}]`;
  }
}
