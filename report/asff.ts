import { annotationOf, clip, joinWithin } from '../core/annotation.js';
import type { AccountId, Region } from '../core/ids.js';
import type { Judgement } from '../core/judgement.js';
import { worstSeverity, type Framework, type RuleMeta, type Severity } from '../core/rule.js';
import type { FindingResource, HeldFinding, SecurityFinding, SeverityLabel } from '../core/security-finding.js';
import { pathText } from './text.js';

/** The account and Region in whose Security Hub a finding belongs. */
export interface HubPlace {
  readonly accountId: AccountId;
  readonly region: Region;
  /** The first part of its ARNs: `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

export interface AsffContext {
  readonly meta: RuleMeta;
  readonly at: HubPlace;
  /** The account that owns the distributions of the paths; `null` where that is not known, since it is part of their ARNs. */
  readonly distributionAccountId: AccountId | null;
  /** ISO 8601. */
  readonly now: string;
  /** What Security Hub holds of this finding. */
  readonly held: HeldFinding | null;
}

/** The longest texts and lists, in characters. Source: API reference of AwsSecurityFinding, Recommendation and Compliance. */
const TITLE = 256;
const DESCRIPTION = { subject: 180, reasons: 560, paths: 240 };
const REMEDIATION = 512;
const PRODUCT_FIELD = 2048;
const RESOURCES = 32;
const REQUIREMENTS = 32;

const NAME = 'Origin Guard';
/** Security Hub takes no empty text. */
const NONE = 'none';

/** Source: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-type-taxonomy.html */
const TYPES = ['Software and Configuration Checks/AWS Security Best Practices/Network Reachability'] as const;

const LABELS: Readonly<Record<Severity, SeverityLabel>> = {
  critical: 'CRITICAL',
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
};

const STATUS: Readonly<Record<Judgement['verdict']['kind'], SecurityFinding['Compliance']['Status']>> = {
  compliant: 'PASSED',
  'non-compliant': 'FAILED',
  'not-applicable': 'NOT_AVAILABLE',
  indeterminate: 'WARNING',
};

/**
 * How a requirement is cited, as AWS cites those of its own controls; for what AWS has no controls, in the same manner.
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html
 */
const CITED_AS: Readonly<Record<Framework, string>> = {
  'NIST SP 800-53 r5': 'NIST.800-53.r5 ',
  'PCI DSS v4.0.1': 'PCI DSS v4.0.1/',
  'CIS AWS Foundations Benchmark v5.0.0': 'CIS AWS Foundations Benchmark v5.0.0/',
  'HIPAA Security Rule': 'HIPAA ',
  'SOC 2': 'SOC 2 ',
};

/** The product under which an account reports its own findings. */
export const productArn = ({ partition, region, accountId }: HubPlace): string =>
  `arn:${partition}:securityhub:${region}:${accountId}:product/${accountId}/default`;

export const generatorId = (ruleId: string): string => `origin-guard/${ruleId}`;

/** The one finding of a rule on a resource, the same for ever. */
export const findingId = (ruleId: string, { accountId, region }: HubPlace, resourceId: string): string =>
  `${generatorId(ruleId)}/${accountId}/${region}/${resourceId}`;

/** One judgement as a finding in the AWS Security Finding Format; no text is longer than it may be, and no id is cut. */
export function toAsff(
  judgement: Judgement,
  { meta, at, distributionAccountId, now, held }: AsffContext,
): SecurityFinding {
  const { verdict, ruleId, resourceId } = judgement;
  const updatedAt = laterThan(held?.updatedAt, now);
  // Security Hub wants both times of a new finding to be the same.
  const createdAt = held?.createdAt ?? updatedAt;
  const severity = severityOf(judgement, meta);
  return {
    SchemaVersion: '2018-10-08',
    Id: findingId(ruleId, at, resourceId),
    ProductArn: productArn(at),
    ProductName: NAME,
    CompanyName: NAME,
    GeneratorId: generatorId(ruleId),
    AwsAccountId: at.accountId,
    Types: TYPES,
    FirstObservedAt: createdAt,
    LastObservedAt: updatedAt,
    CreatedAt: createdAt,
    UpdatedAt: updatedAt,
    Severity: severity,
    Title: clip(TITLE, `${resourceId}: ${meta.title}`),
    Description: describe(judgement),
    Remediation: { Recommendation: { Text: recommend(judgement), Url: meta.guide } },
    ProductFields: productFields(judgement),
    Resources: resourcesOf(judgement, at, distributionAccountId),
    Compliance: {
      Status: STATUS[verdict.kind],
      RelatedRequirements: meta.requirements
        .map(({ framework, id }) => `${CITED_AS[framework]}${id}`)
        .slice(0, REQUIREMENTS),
    },
    RecordState: verdict.kind === 'not-applicable' ? 'ARCHIVED' : 'ACTIVE',
    FindingProviderFields: { Severity: severity, Types: TYPES },
  };
}

/**
 * The time of an update: now, or just after the last one where clocks differ.
 *
 * Security Hub ignores an update that is not newer than what it holds.
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 */
function laterThan(last: string | undefined, now: string): string {
  const next = last === undefined ? Number.NaN : Date.parse(last) + 1;
  return next > Date.parse(now) ? new Date(next).toISOString() : now;
}

function severityOf({ verdict }: Judgement, meta: RuleMeta): SecurityFinding['Severity'] {
  if (verdict.kind !== 'non-compliant') return { Label: 'INFORMATIONAL' };
  // Only gaps: nobody knows how bad it is, and somebody must look.
  const worst = worstSeverity(verdict.findings, meta) ?? 'medium';
  return { Label: LABELS[worst], Original: worst };
}

function describe(judgement: Judgement): string {
  const { resourceId, name, reasons, paths } = judgement;
  const called = plain(name ?? '');
  const subject = clip(DESCRIPTION.subject, called === '' ? resourceId : `${resourceId} (${called})`);
  const why = `${subject}: ${join(DESCRIPTION.reasons, reasons)}.`;
  return paths.length === 0 ? why : `${why} The way from CloudFront: ${join(DESCRIPTION.paths, pathLines(judgement))}.`;
}

function recommend(judgement: Judgement): string {
  const { verdict, reasons } = judgement;
  if (verdict.kind === 'compliant' || verdict.kind === 'not-applicable') return 'There is nothing to do.';
  const advice = judgement.advise();
  return advice.length > 0
    ? join(REMEDIATION, advice)
    : join(REMEDIATION, ['first let the rule read what is missing', ...reasons]);
}

/** A field is never left out, so that none keeps what it said of an earlier verdict. */
function productFields(judgement: Judgement): SecurityFinding['ProductFields'] {
  const findings = judgement.verdict.kind === 'non-compliant' ? judgement.verdict.findings : [];
  const sources = findings.flatMap((finding) =>
    'source' in finding && typeof finding.source === 'string' ? [finding.source] : [],
  );
  return {
    'origin-guard/RuleId': judgement.ruleId,
    'origin-guard/Reasons': join(PRODUCT_FIELD, [...new Set(findings.map(({ reason }) => reason))]),
    'origin-guard/Sources': join(PRODUCT_FIELD, [...new Set(sources)]),
    'origin-guard/Paths': join(PRODUCT_FIELD, pathLines(judgement)),
    'origin-guard/Annotation': plain(annotationOf(judgement.reasons)) || NONE,
  };
}

const pathLines = ({ paths }: Judgement): readonly string[] => [
  ...new Set(paths.map((path) => `${pathText(path)} (${path.linkedBy})`)),
];

/** The parts on one line. */
const join = (limit: number, parts: readonly string[]): string =>
  joinWithin(
    limit,
    parts.map(plain).filter((part) => part !== ''),
  ) || NONE;

const plain = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();

/** Every resource of a finding, the judged one first; beyond what Security Hub takes, the paths in the text tell more. */
function resourcesOf(
  { resourceType, resourceId, scope, paths }: Judgement,
  at: HubPlace,
  distributionAccountId: AccountId | null,
): readonly FindingResource[] {
  const { partition, region } = at;
  const regional = (Type: string, Id: string): FindingResource => ({ Type, Id, Partition: partition, Region: region });
  const judged =
    resourceType === 'AWS::EC2::SecurityGroup'
      ? regional(
          'AwsEc2SecurityGroup',
          `arn:${partition}:ec2:${region}:${scope.accountId ?? at.accountId}:security-group/${resourceId}`,
        )
      : regional(
          resourceType === 'AWS::ElasticLoadBalancingV2::LoadBalancer' ? 'AwsElbv2LoadBalancer' : 'Other',
          resourceId,
        );
  const others = paths.flatMap(({ loadBalancerArn, distributionId }): readonly FindingResource[] => [
    regional('AwsElbv2LoadBalancer', loadBalancerArn),
    ...(distributionId === null
      ? []
      : [
          {
            Type: 'AwsCloudFrontDistribution',
            Id:
              distributionAccountId === null
                ? distributionId
                : `arn:${partition}:cloudfront::${distributionAccountId}:distribution/${distributionId}`,
            Partition: partition,
          },
        ]),
  ]);
  return [...new Map([judged, ...others].map((resource) => [resource.Id, resource])).values()].slice(0, RESOURCES);
}
