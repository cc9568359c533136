import { DISTRIBUTION_LINE } from '../monitoring/notices.js';

/** What the events of all accounts are counted as, each by a filter over the log of the central bus. */
export interface EventCount {
  readonly metric: string;
  readonly label: string;
  /** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
  readonly filter: string;
}

const VERDICT = '$.detail-type = "Config Rules Compliance Change"';
const RUN = '$.detail-type = "EC2 Automation Execution Status-change Notification"';
const CALL = '$.detail-type = "AWS API Call via CloudTrail"';

const newly = (word: string): string => `$.detail.newEvaluationResult.complianceType = "${word}"`;
const formerly = (word: string): string => `$.detail.oldEvaluationResult.complianceType = "${word}"`;

/** The counts, by name. */
export const EVENT_COUNTS = {
  opened: {
    metric: 'GroupsOpened',
    label: 'Opened',
    filter: `{ ${VERDICT} && ${newly('NON_COMPLIANT')} && ${formerly('COMPLIANT')} }`,
  },
  exposed: {
    metric: 'GroupsNonCompliant',
    label: 'Became non-compliant, opened or first seen',
    filter: `{ ${VERDICT} && ${newly('NON_COMPLIANT')} }`,
  },
  closed: {
    metric: 'GroupsClosed',
    label: 'Became compliant',
    filter: `{ ${VERDICT} && ${newly('COMPLIANT')} }`,
  },
  remediated: {
    metric: 'RemediationsSucceeded',
    label: 'Remediations',
    filter: `{ ${RUN} && $.detail.Status = "Success" }`,
  },
  failed: {
    metric: 'RemediationsFailed',
    label: 'Remediations failed',
    filter: `{ ${RUN} && $.detail.Status != "Success" }`,
  },
  network: {
    metric: 'NetworkChanges',
    label: 'Groups and load balancers changed',
    filter: `{ ${CALL} && ($.source = "aws.ec2" || $.source = "aws.elasticloadbalancing") }`,
  },
  distributions: {
    metric: 'DistributionChanges',
    label: 'Distributions changed',
    filter: `"${DISTRIBUTION_LINE}"`,
  },
  guard: {
    metric: 'GuardChanges',
    label: 'The guard itself changed',
    filter: `{ ${CALL} && ($.source = "aws.lambda" || $.source = "aws.ssm" || $.source = "aws.events") }`,
  },
} as const satisfies Readonly<Record<string, EventCount>>;
