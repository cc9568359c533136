import { Fn } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { CfnLogGroup, CfnMetricFilter, CfnResourcePolicy } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { addAlarm } from '../monitoring/alarm.js';
import { addDashboard } from '../monitoring/dashboard.js';
import { eventPatterns, type EventKind } from '../monitoring/event-patterns.js';
import { addEventRule, EVENTS_ROLE, noticeTarget } from '../monitoring/event-rule.js';
import { addNoticeTopic } from '../monitoring/notice-topic.js';
import { DISTRIBUTION_LOG } from '../monitoring/notices.js';
import { centralAlarms } from './central-alarms.js';
import { centralGraphs, centralText } from './central-graphs.js';
import { CENTRAL_NAMESPACE } from './central-namespace.js';
import { EVENT_COUNTS } from './event-counts.js';
import { ownArn } from './scheduled-function.js';

export interface CentralMonitoringProps {
  readonly organizationId: string;
  /** Who is told of the whole organization. */
  readonly notificationEmail: string;
  readonly configRuleNames: readonly [string, ...string[]];
  readonly packName: string;
  /** The functions of this stack whose errors count, by name. */
  readonly functionNames: readonly string[];
  /** The governed Regions beside this one, each with a pack and a keeper of its own. @default - none */
  readonly otherRegions?: readonly string[];
  /** The age after which no account relies on the inventory, in hours. @default - there is no inventory */
  readonly inventoryMaxAgeHours?: number;
  /**
   * Whether the accounts share their metrics with this one by CloudWatch cross-account observability. Then alarms and
   * graphs show verdicts that are missing, function errors and direct attempts too, which no event carries.
   *
   * @default false
   */
  readonly sharesMetrics?: boolean;
  readonly logRetentionDays: number;
  readonly logKmsKeyArn?: string;
  /** @default 'OriginGuard' */
  readonly metricsNamespace?: string;
  /** @default - a key of its own */
  readonly topicKeyArn?: string;
}

export const CENTRAL_BUS = 'origin-guard';

/** The source of events that hold the whole configuration of a distribution. */
const CLOUDFRONT = 'aws.cloudfront';

/** The name must start so, or EventBridge does not offer it; its own resource policy lets EventBridge write. */
const EVENT_LOG = '/aws/events/origin-guard';

/** What the administrator is told of one by one; the rest is on the dashboard and in the log. */
const TOLD: readonly EventKind[] = ['GuardedGroupOpened', 'RemediationFailed', 'DistributionStopped', 'GuardChanged'];

/**
 * Adds the central event bus, which takes the events of every account from the role of our member stack only; the log that
 * keeps them; notices, alarms and the administrator's dashboard.
 */
export function addCentralMonitoring(scope: Construct, props: CentralMonitoringProps): { readonly busArn: string } {
  const bus = addBus(scope, props.organizationId);
  const topic = addNoticeTopic(scope, {
    on: true,
    name: 'OriginGuard-OrganizationNotices',
    email: props.notificationEmail,
    ...(props.topicKeyArn === undefined ? {} : { keyArn: props.topicKeyArn }),
  });
  if (topic === null) throw new RangeError('the topic of the organization was not made');
  const patterns = eventPatterns({ configRuleNames: props.configRuleNames });
  for (const kind of TOLD) {
    addEventRule(scope, {
      on: true,
      kind,
      description: `Tells the administrator: ${kind}`,
      pattern: patterns[kind],
      eventBusName: bus.ref,
      targets: [noticeTarget(kind, topic.topicArn)],
    });
  }
  keepEvents(scope, bus, props);
  for (const alarm of centralAlarms(props)) addAlarm(scope, { on: true, topicArn: topic.topicArn, ...alarm });
  addDashboard(scope, {
    on: true,
    name: 'OriginGuard-Organization',
    text: centralText(props.sharesMetrics === true),
    graphs: centralGraphs(props),
  });
  return { busArn: bus.attrArn };
}

function addBus(scope: Construct, organizationId: string): CfnEventBus {
  const bus = new CfnEventBus(scope, 'CentralBus', {
    name: CENTRAL_BUS,
    description: 'Origin Guard: what happens to guarded resources in every account of the organization',
  });
  new CfnEventBusPolicy(scope, 'CentralBusPolicy', {
    eventBusName: bus.ref,
    statementId: 'MembersOfTheOrganization',
    statement: {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: bus.attrArn,
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': organizationId },
        ArnLike: { 'aws:PrincipalArn': `arn:*:iam::*:role/${EVENTS_ROLE}-*` },
      },
    },
  });
  return bus;
}

/**
 * Keeps every event in a log, and counts them there: one number over all accounts, at the price of a log line. Those of
 * CloudFront hold secrets, so of them only who did what is kept.
 */
function keepEvents(scope: Construct, bus: CfnEventBus, props: CentralMonitoringProps): void {
  const log = new CfnLogGroup(scope, 'EventLog', {
    logGroupName: EVENT_LOG,
    retentionInDays: props.logRetentionDays,
    ...(props.logKmsKeyArn === undefined ? {} : { kmsKeyId: props.logKmsKeyArn }),
  });
  const target = { Id: 'Log', Arn: ownArn('logs', `log-group:${EVENT_LOG}`) };
  const rules = [
    addEventRule(scope, {
      on: true,
      kind: 'EveryEvent',
      description: 'Keeps every event of the organization in a log, but for those about distributions',
      pattern: { source: [{ 'anything-but': [CLOUDFRONT] }] },
      eventBusName: bus.ref,
      targets: [target],
    }),
    addEventRule(scope, {
      on: true,
      kind: 'DistributionEvents',
      description: 'Keeps in a log who changed which distribution, and nothing of its configuration',
      pattern: { source: [CLOUDFRONT] },
      eventBusName: bus.ref,
      targets: [
        {
          ...target,
          InputTransformer: {
            InputPathsMap: DISTRIBUTION_LOG.inputPathsMap,
            InputTemplate: DISTRIBUTION_LOG.inputTemplate,
          },
        },
      ],
    }),
  ];
  for (const rule of rules) rule?.addResourceDependency(log);
  // As AWS documents it, without a condition: EventBridge is not said to name the account or rule when it makes a stream.
  // Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
  new CfnResourcePolicy(scope, 'EventLogPolicy', {
    policyName: 'OriginGuardEvents',
    policyDocument: Fn.sub(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'EventBridge',
            Effect: 'Allow',
            Principal: { Service: ['delivery.logs.amazonaws.com', 'events.amazonaws.com'] },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:${EVENT_LOG}:*`,
          },
        ],
      }),
    ),
  });
  for (const [id, { metric, filter }] of Object.entries(EVENT_COUNTS)) {
    const made = new CfnMetricFilter(scope, `Count${id.charAt(0).toUpperCase()}${id.slice(1)}`, {
      logGroupName: EVENT_LOG,
      filterPattern: filter,
      metricTransformations: [
        { metricNamespace: CENTRAL_NAMESPACE, metricName: metric, metricValue: '1', defaultValue: 0, unit: 'Count' },
      ],
    });
    made.addResourceDependency(log);
  }
}
