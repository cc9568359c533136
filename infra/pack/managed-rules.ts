import type { ManagedRule } from '../setting-kinds.js';

/** The one Region in which AWS Config records distributions. */
export const CLOUDFRONT_REGION = 'us-east-1';

/** A rule of AWS's own as the pack holds it. */
export interface ManagedRuleEntry {
  /** Source: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html */
  readonly identifier: string;
  readonly description: string;
  /** What triggers it; a rule that runs on a schedule has none. */
  readonly resourceTypes: readonly string[];
  /** Whether it judges distributions, which AWS Config records in one Region only. */
  readonly isGlobal: boolean;
}

export const MANAGED_RULE_ENTRIES: Readonly<Record<ManagedRule, ManagedRuleEntry>> = {
  'cloudfront-associated-with-waf': {
    identifier: 'CLOUDFRONT_ASSOCIATED_WITH_WAF',
    description: 'Distributions have a web ACL.',
    resourceTypes: ['AWS::CloudFront::Distribution'],
    isGlobal: true,
  },
  'cloudfront-viewer-policy-https': {
    identifier: 'CLOUDFRONT_VIEWER_POLICY_HTTPS',
    description: 'Distributions serve viewers over HTTPS only, or send them there.',
    resourceTypes: ['AWS::CloudFront::Distribution'],
    isGlobal: true,
  },
  'alb-http-to-https-redirection-check': {
    identifier: 'ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK',
    description: 'HTTP listeners of Application Load Balancers send callers to HTTPS.',
    resourceTypes: [],
    isGlobal: false,
  },
  'vpc-sg-open-only-to-authorized-ports': {
    identifier: 'VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS',
    description: 'Security groups are open to everybody on no port.',
    resourceTypes: ['AWS::EC2::SecurityGroup'],
    isGlobal: false,
  },
};
