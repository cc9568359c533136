import type { MotoWorld } from './moto-world.js';

export const CONFIG_RULE_NAME = 'alb-sg-cloudfront-only-conformance-pack-a1b2c3d4e';

type Place = Pick<MotoWorld, 'accountId' | 'region' | 'vpcId'>;

export const functionArn = ({ accountId, region }: Place): string =>
  `arn:aws:lambda:${region}:${accountId}:function:origin-guard-rule`;

/** The event of a schedule. */
export const scheduledEvent = (place: Place): object =>
  event(place, {
    awsAccountId: place.accountId,
    notificationCreationTime: new Date().toISOString(),
    messageType: 'ScheduledNotification',
    recordVersion: '1.0',
  });

/** The event of a security group that changed. */
export const changedGroupEvent = (place: Place, groupId: string): object =>
  event(place, {
    configurationItemDiff: null,
    configurationItem: {
      configurationItemVersion: '1.3',
      configurationItemCaptureTime: new Date().toISOString(),
      configurationItemStatus: 'OK',
      configurationStateId: Date.now(),
      awsAccountId: place.accountId,
      awsRegion: place.region,
      resourceType: 'AWS::EC2::SecurityGroup',
      resourceId: groupId,
      resourceName: 'group',
      ARN: `arn:aws:ec2:${place.region}:${place.accountId}:security-group/${groupId}`,
      configuration: { groupId, groupName: 'group', ownerId: place.accountId, vpcId: place.vpcId, ipPermissions: [] },
      supplementaryConfiguration: {},
      relationships: [],
      tags: {},
    },
    notificationCreationTime: new Date().toISOString(),
    messageType: 'ConfigurationItemChangeNotification',
    recordVersion: '1.3',
  });

const event = ({ accountId, region }: Place, invokingEvent: object): object => ({
  version: '1.0',
  invokingEvent: JSON.stringify(invokingEvent),
  ruleParameters: '{}',
  resultToken: 'a token of AWS Config',
  eventLeftScope: false,
  executionRoleArn: `arn:aws:iam::${accountId}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
  configRuleArn: `arn:aws:config:${region}:${accountId}:config-rule/config-rule-a1b2c3`,
  configRuleName: CONFIG_RULE_NAME,
  configRuleId: 'config-rule-a1b2c3',
  accountId,
});
