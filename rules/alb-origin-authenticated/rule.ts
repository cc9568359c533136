import type { Gap } from '../../core/fact.js';
import { defineRule } from '../../core/rule.js';
import { compliant, notApplicable, verdictFrom, type Verdict } from '../../core/verdict.js';
import { exemption } from '../alb-sg-cloudfront-only/exemption.js';
import { adviseLoadBalancer } from './advise.js';
import { examine } from './examine.js';
import { explainLoadBalancer } from './explain.js';
import type { AlbOriginFacts } from './facts.js';
import { bySeverity, describeFinding, REASONS, type AuthenticationFinding } from './finding.js';
import { params, RULE_ID, type AlbOriginParams } from './params.js';
import { REQUIREMENTS } from './requirements.js';

export const albOriginAuthenticated = defineRule<AlbOriginFacts, AuthenticationFinding>()({
  meta: {
    id: RULE_ID,
    title: 'Load balancers behind CloudFront know that a request came from their own distribution',
    description:
      "An Application Load Balancer that CloudFront fronts must tell its own distribution from anybody else's: by a secret header that its listener rules verify, by a client certificate, or by being internal behind VPC origins. CloudFront's prefix list admits the distributions of every AWS customer.",
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    severity: 'high',
    pass: 'every request that is forwarded comes from its own distribution',
    reasons: REASONS,
    requirements: REQUIREMENTS,
    guide: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html',
  },
  params,
  decide,
  describe: describeFinding,
  advise: (facts, values) => {
    const verdict = decide(facts, values);
    return verdict.kind === 'non-compliant' ? adviseLoadBalancer(verdict.findings) : [];
  },
  explain: (facts, values) =>
    explainLoadBalancer(
      facts,
      decide(facts, values),
      behindVpcOrigins(facts) === null ? examine(facts, values) : 'vpc-origins',
    ),
});

function decide(facts: AlbOriginFacts, values: AlbOriginParams): Verdict<AuthenticationFinding> {
  const early = outOfScope(facts, values) ?? behindVpcOrigins(facts);
  if (early !== null) return early;
  const findings: AuthenticationFinding[] = [];
  const gaps: Gap[] = [];
  for (const line of examine(facts, values)) {
    if (line.outcome === 'refused') findings.push(line.finding);
    if (line.outcome === 'unknown') gaps.push(line.gap);
  }
  const unread = findings.length === 0 ? null : withheldTags(facts);
  return unread === null ? verdictFrom(findings.sort(bySeverity), gaps) : verdictFrom([], [...gaps, unread]);
}

/** The gap of tags that were asked for and refused: they may hold an exemption. Saved data without tags is a choice. */
function withheldTags({ loadBalancer: { tags } }: AlbOriginFacts): Gap | null {
  return tags.known || tags.gap.cause === 'not-seen' ? null : tags.gap;
}

/** The verdict on a load balancer whose listeners need not be read, or `null` when they decide. */
function outOfScope(facts: AlbOriginFacts, { exemptTagKey }: AlbOriginParams): Verdict<never> | null {
  const { loadBalancer, deleted, sightGap, ways, linkGaps, now } = facts;
  if (deleted) return notApplicable('the load balancer is gone');
  if (loadBalancer.type !== 'application') return notApplicable('it is not an Application Load Balancer');
  if (sightGap !== null) return verdictFrom([], [sightGap]);
  const exempt = exemption(loadBalancer.tags, exemptTagKey, now);
  if (exempt !== null) return notApplicable(`exempt by its tag ${exemptTagKey}: ${exempt}`);
  if (ways.length > 0) return null;
  if (linkGaps.length > 0) return verdictFrom([], linkGaps);
  return notApplicable('no distribution has the load balancer as its origin');
}

/** Whether nothing but VPC origins leads to it, seen or not in full. */
const isBehindVpcOrigins = ({ ways }: AlbOriginFacts): boolean =>
  ways.length > 0 && ways.every(({ path, vpcOriginGap }) => path.linkedBy === 'vpc-origin' || vpcOriginGap !== null);

/**
 * The verdict where nothing but VPC origins leads to it: CloudFront connects from inside the VPC, and to an internal load
 * balancer nobody else's distribution can. `null` where the header decides after all.
 */
function behindVpcOrigins(facts: AlbOriginFacts): Verdict<never> | null {
  const { loadBalancer, ways } = facts;
  if (!isBehindVpcOrigins(facts)) return null;
  if (loadBalancer.scheme === null) return verdictFrom([], [schemeNotSeen(loadBalancer.arn)]);
  if (loadBalancer.scheme !== 'internal') return null;
  const gaps = ways.flatMap(({ vpcOriginGap }) => vpcOriginGap ?? []);
  return gaps.length === 0 ? compliant : verdictFrom([], gaps);
}

const schemeNotSeen = (arn: string): Gap => ({
  fact: `scheme of ${arn}`,
  cause: 'not-seen',
  detail: 'whether the load balancer is internal was not seen; add the output of aws elbv2 describe-load-balancers',
});
