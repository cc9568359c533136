import type { IngressRule } from '../../core/model/security-group.js';
import { defineRule } from '../../core/rule.js';
import { adviseGroup } from './advise.js';
import { decide } from './decide.js';
import { explainGroup } from './explain.js';
import type { AlbSgFacts } from './facts.js';
import { portsText, type SourceFinding } from './finding.js';
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
