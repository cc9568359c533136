import type { Gap } from '../../core/fact.js';
import type { IngressRule } from '../../core/model/security-group.js';
import { defineRule } from '../../core/rule.js';
import { notApplicable, verdictFrom, type Verdict } from '../../core/verdict.js';
import { adviseGroup } from './advise.js';
import { exemption } from './exemption.js';
import { explainGroup } from './explain.js';
import type { AlbSgFacts } from './facts.js';
import { bySeverity, portsText, toFinding, type SourceFinding } from './finding.js';
import { judgeSource, REASONS, type SourceJudgement } from './judge-source.js';
import { params, RULE_ID, type AlbSgParams } from './params.js';
import { REQUIREMENTS } from './requirements.js';

export const albSgCloudfrontOnly = defineRule<AlbSgFacts, SourceFinding>()({
  meta: {
    id: RULE_ID,
    title: 'Security groups of load balancers behind CloudFront admit only CloudFront',
    description:
      'A security group of an Application Load Balancer that CloudFront fronts must admit only CloudFront: its AWS-managed prefix lists, or the group it manages for VPC origins.',
    resourceType: 'AWS::EC2::SecurityGroup',
    severity: 'high',
    pass: 'every ingress rule admits only CloudFront or what the parameters allow',
    reasons: REASONS,
    requirements: REQUIREMENTS,
    guide: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html',
  },
  params,
  decide,
  describe: ({ source, reason, ...rule }) => `${source} on ${portsText(rule)} (${reason})`,
  advise: (facts, values) =>
    decide(facts, values).kind === 'non-compliant' ? adviseGroup(facts, examine(facts, values)) : [],
  explain: (facts, values) => explainGroup(facts, decide(facts, values), examine(facts, values)),
});

/** Every ingress rule of a group with what was made of it; empty when the rules are not known. */
function examine(facts: AlbSgFacts, values: AlbSgParams): readonly (readonly [IngressRule, SourceJudgement])[] {
  const { ingress } = facts.group;
  return ingress.known ? ingress.value.map((rule) => [rule, judgeSource(rule, facts, values)] as const) : [];
}

function decide(facts: AlbSgFacts, values: AlbSgParams): Verdict<SourceFinding> {
  const { ingress } = facts.group;
  const early = outOfScope(facts, values);
  if (early !== null) return early;
  if (!ingress.known) return verdictFrom([], [ingress.gap]);

  const findings: SourceFinding[] = [];
  const gaps: Gap[] = [];
  for (const rule of ingress.value) {
    const judgement = judgeSource(rule, facts, values);
    if (judgement.outcome === 'refused') findings.push(toFinding(rule, judgement.reason));
    if (judgement.outcome === 'unknown') gaps.push(judgement.gap);
  }
  const unread = findings.length === 0 ? null : withheldTags(facts);
  return unread === null ? verdictFrom(findings.sort(bySeverity), gaps) : verdictFrom([], [...gaps, unread]);
}

/** The gap of tags that were asked for and refused: they may hold an exemption. Saved data without tags is a choice. */
function withheldTags({ group: { tags } }: AlbSgFacts): Gap | null {
  return tags.known || tags.gap.cause === 'not-seen' ? null : tags.gap;
}

/** The verdict on a group whose rules need not be read, or `null` when they decide. */
function outOfScope(facts: AlbSgFacts, { exemptTagKey }: AlbSgParams): Verdict<never> | null {
  const { group, attachedTo, attachmentGap, paths, linkGaps, now } = facts;
  if (group.deleted) return notApplicable('the group is deleted');
  const exempt = exemption(group.tags, exemptTagKey, now);
  if (exempt !== null) return notApplicable(`exempt by its tag ${exemptTagKey}: ${exempt}`);
  if (paths.length > 0) return null;
  const gaps = attachmentGap === null ? linkGaps : [attachmentGap, ...linkGaps];
  if (gaps.length > 0) return verdictFrom([], gaps);
  return notApplicable(
    attachedTo.length === 0
      ? 'no Application Load Balancer uses the group'
      : 'no distribution has a load balancer that uses the group as its origin',
  );
}
