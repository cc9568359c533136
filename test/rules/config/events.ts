import type { Json } from './mutations.js';

// Modelled on the examples in AWS's documentation; every id is made up.
// https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html
// https://docs.aws.amazon.com/config/latest/developerguide/oversized-notification-example.html

export const RULE_NAME = 'alb-sg-cloudfront-only-conformance-pack-0abc12345';
export const TOKEN = 'eyJlbmNyeXB0ZWREYXRhIjpbMV19';
export const CAPTURED_AT = '2026-07-01T11:58:00.123Z';
export const NOTIFIED_AT = '2026-07-01T11:59:30.456Z';

export const GROUP = 'AWS::EC2::SecurityGroup';
export const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
export const DISTRIBUTION = 'AWS::CloudFront::Distribution';

type Fields = Readonly<Record<string, Json>>;

/** An event whose two JSON texts are still values, so that a test can change them. */
export interface OpenEvent {
  readonly outer: Fields;
  readonly invoking: Json;
  readonly parameters: Json;
}

/** The event as AWS Config sends it. */
export const sealed = ({ outer, invoking, parameters }: OpenEvent): Fields => ({
  ...outer,
  ...('invokingEvent' in outer ? { invokingEvent: JSON.stringify(invoking) } : {}),
  ...('ruleParameters' in outer ? { ruleParameters: JSON.stringify(parameters) } : {}),
});

const around = (invoking: Fields, overrides: Fields = {}): OpenEvent => ({
  outer: {
    version: '1.0',
    invokingEvent: '',
    ruleParameters: '',
    resultToken: TOKEN,
    eventLeftScope: false,
    executionRoleArn: 'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig',
    configRuleArn: 'arn:aws:config:us-east-1:111122223333:config-rule/config-rule-0abcde',
    configRuleName: RULE_NAME,
    configRuleId: 'config-rule-0abcde',
    accountId: '111122223333',
    ...overrides,
  },
  invoking,
  parameters: { ruleId: 'alb-sg-cloudfront-only' },
});

const summary = (resourceType: string, resourceId: string, overrides: Fields): Fields => ({
  configurationItemVersion: '1.3',
  configurationItemCaptureTime: CAPTURED_AT,
  configurationStateId: 1782907080123,
  awsAccountId: '111122223333',
  configurationItemStatus: 'OK',
  resourceType,
  resourceId,
  resourceName: null,
  ARN: `arn:aws:some:us-east-1:111122223333:${resourceId}`,
  awsRegion: 'us-east-1',
  availabilityZone: 'Not Applicable',
  configurationStateMd5Hash: '8f1ee69b287895a0f8bc5753eca68e96',
  resourceCreationTime: null,
  ...overrides,
});

/** The event of an item. */
export const itemEvent = (item: Fields, outer: Fields = {}, diff: Json = null): OpenEvent =>
  around(
    {
      configurationItemDiff: diff,
      configurationItem: { relatedEvents: [], supplementaryConfiguration: {}, tags: {}, ...item },
      notificationCreationTime: NOTIFIED_AT,
      messageType: 'ConfigurationItemChangeNotification',
      recordVersion: '1.3',
    },
    outer,
  );

export const groupItem = (resourceId: string, overrides: Fields = {}): Fields =>
  summary(GROUP, resourceId, {
    relationships: [
      { resourceId: 'vpc-0a1', resourceName: null, resourceType: 'AWS::EC2::VPC', name: 'Is contained in Vpc' },
    ],
    configuration: {
      description: 'of the load balancer',
      groupName: 'web',
      groupId: resourceId,
      ownerId: '111122223333',
      vpcId: 'vpc-0a1',
      ipPermissions: [
        {
          ipProtocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          ipv4Ranges: [{ cidrIp: '0.0.0.0/0' }],
          ipRanges: ['0.0.0.0/0'],
        },
      ],
      ipPermissionsEgress: [],
      tags: [],
    },
    ...overrides,
  });

export const groupEvent = (resourceId: string, overrides: Fields = {}, outer: Fields = {}): OpenEvent =>
  itemEvent(groupItem(resourceId, overrides), outer);

/** The item of a load balancer with these groups. */
export const loadBalancerItem = (arn: string, groups: readonly string[], overrides: Fields = {}): Fields =>
  summary(LOAD_BALANCER, arn, {
    relationships: groups.map((resourceId) => ({
      resourceId,
      resourceName: null,
      resourceType: GROUP,
      name: 'Is associated with SecurityGroup',
    })),
    configuration: {
      loadBalancerArn: arn,
      scheme: 'internet-facing',
      type: 'application',
      securityGroups: [...groups],
    },
    ...overrides,
  });

/** The event of a load balancer that had other groups before. */
export const loadBalancerEvent = (
  arn: string,
  groups: readonly string[],
  before: readonly string[] = [],
  overrides: Fields = {},
  outer: Fields = {},
): OpenEvent =>
  itemEvent(loadBalancerItem(arn, groups, overrides), outer, {
    changeType: 'UPDATE',
    changedProperties: Object.fromEntries(
      before.map((group, at) => [
        `Configuration.SecurityGroups.${String(at)}`,
        { previousValue: group, updatedValue: null, changeType: 'DELETE' },
      ]),
    ),
  });

/** The event of a distribution; AWS Config records it as of the Region `global`. */
export const distributionEvent = (id: string, overrides: Fields = {}): OpenEvent =>
  itemEvent(
    summary(DISTRIBUTION, id, {
      awsRegion: 'global',
      relationships: [],
      configuration: { id, distributionConfig: { enabled: true } },
      ...overrides,
    }),
  );

/** The event of an item that is too large for one. */
export const oversizedEvent = (resourceType: string, resourceId: string, overrides: Fields = {}): OpenEvent =>
  around({
    configurationItemSummary: { changeType: 'UPDATE', ...summary(resourceType, resourceId, overrides) },
    s3DeliverySummary: { s3BucketLocation: 'config-bucket/1.json', errorCode: null, errorMessage: null },
    notificationCreationTime: NOTIFIED_AT,
    messageType: 'OversizedConfigurationItemChangeNotification',
    recordVersion: '1.0',
  });

export const scheduledEvent = (outer: Fields = {}): OpenEvent =>
  around(
    {
      awsAccountId: '111122223333',
      notificationCreationTime: NOTIFIED_AT,
      messageType: 'ScheduledNotification',
      recordVersion: '1.0',
    },
    outer,
  );

/** The same event with other rule parameters. */
export const withParameters = (event: OpenEvent, parameters: Json): OpenEvent => ({ ...event, parameters });
