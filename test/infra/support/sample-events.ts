import type { Json } from './match-event.js';

const envelope = {
  version: '0',
  id: '3c1f5fa7-0000-4000-8000-000000000001',
  account: '111122223333',
  time: '2026-11-01T12:00:00Z',
  region: 'eu-central-1',
  resources: [],
};

interface Verdict {
  readonly rule?: string;
  readonly from?: string | null;
  readonly to: string;
}

/**
 * A change of a verdict, in the form that AWS Config sends for a rule of a conformance pack. `from: null` is the first one.
 * Source of the form: https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html
 */
export const complianceChange = ({ rule, from = null, to }: Verdict): Json => {
  const result = (complianceType: string) => ({
    evaluationResultIdentifier: {
      evaluationResultQualifier: {
        configRuleName: rule ?? 'origin-guard-alb-sg-cloudfront-only-conformance-pack-abcdefghi',
        resourceType: 'AWS::EC2::SecurityGroup',
        resourceId: 'sg-0123456789abcdef0',
      },
      orderingTimestamp: '2026-11-01T11:59:30Z',
    },
    complianceType,
    resultRecordedTime: '2026-11-01T12:00:00Z',
    configRuleInvokedTime: '2026-11-01T11:59:40Z',
    annotation: 'OPEN world-ipv4 443',
  });
  return {
    ...envelope,
    source: 'aws.config',
    'detail-type': 'Config Rules Compliance Change',
    detail: {
      resourceId: 'sg-0123456789abcdef0',
      awsRegion: 'eu-central-1',
      awsAccountId: '111122223333',
      configRuleName: rule ?? 'origin-guard-alb-sg-cloudfront-only-conformance-pack-abcdefghi',
      recordVersion: '1.0',
      configRuleARN:
        'arn:aws:config:eu-central-1:111122223333:config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-abcdef',
      messageType: 'ComplianceChangeNotification',
      newEvaluationResult: result(to),
      ...(from === null ? {} : { oldEvaluationResult: result(from) }),
      notificationCreationTime: '2026-11-01T12:00:01Z',
      resourceType: 'AWS::EC2::SecurityGroup',
    },
  };
};

/** A call as CloudTrail tells EventBridge about it. */
export const apiCall = (service: string, eventName: string, detail: Json = {}): Json => ({
  ...envelope,
  ...(service === 'cloudfront' ? { region: 'us-east-1' } : {}),
  source: `aws.${service}`,
  'detail-type': 'AWS API Call via CloudTrail',
  detail: {
    eventVersion: '1.11',
    userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/Developer/jo' },
    eventTime: '2026-11-01T12:00:00Z',
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: 'eu-central-1',
    requestParameters: null,
    responseElements: null,
    eventID: '11111111-2222-4333-8444-555555555555',
    ...detail,
  },
});

/** The end of a run. Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html */
export const runEnded = (Status: string, Definition = 'OriginGuard-Remediate-v1'): Json => ({
  ...envelope,
  source: 'aws.ssm',
  'detail-type': 'EC2 Automation Execution Status-change Notification',
  detail: {
    ExecutionId: '333ba70b-2333-48db-b17e-a5e69c6f4d1c',
    Definition,
    DefinitionVersion: '1',
    Status,
    StartTime: 'Nov 1, 2026 11:59:00 AM UTC',
    EndTime: 'Nov 1, 2026 12:00:00 PM UTC',
    Time: 1_793_534_400_000,
    ExecutedBy: 'arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForConfigRemediation/x',
  },
});
