import { Aws, Fn } from 'aws-cdk-lib';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { make, type Switch } from './switch.js';

export interface NoticeTopicProps {
  readonly on: Switch;
  readonly name: string;
  /** Who is told. AWS asks that address to confirm. */
  readonly email: string;
  /** The ARN of a key whose policy lets CloudWatch and EventBridge use it. @default - a key of the topic's own */
  readonly keyArn?: string;
}

/** Where notices and alarms go. */
export interface NoticeTopic {
  readonly topicArn: string;
}

/** What the owner of a key may do with it: everything by name, so that no policy of ours says "anything". */
const OWNER_ACTIONS = [
  'CancelKeyDeletion',
  'CreateAlias',
  'CreateGrant',
  'Decrypt',
  'DeleteAlias',
  'DescribeKey',
  'DisableKey',
  'DisableKeyRotation',
  'EnableKey',
  'EnableKeyRotation',
  'GenerateDataKey',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'ListGrants',
  'ListKeyPolicies',
  'ListResourceTags',
  'PutKeyPolicy',
  'RevokeGrant',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateKeyDescription',
].map((action) => `kms:${action}`);

/** What a publisher to an encrypted topic needs. Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
const PUBLISH_KEY_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];

/**
 * Adds an encrypted topic that only alarms of this account and event rules may publish to.
 *
 * The key is the topic's own: the policy of `alias/aws/sns` cannot be changed, and lets neither alarms nor event rules in.
 *
 * @remarks Nothing narrows the statements for EventBridge to our own rules: AWS documents that the policy of a topic cannot
 * hold a condition for it, and that a role of ours in its place may fail with an encrypted topic. Somebody else's rule
 * that knows the ARN could add a notice; it can hold none back.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function addNoticeTopic(scope: Construct, { on, name, email, keyArn }: NoticeTopicProps): NoticeTopic | null {
  const alarms = { Service: 'cloudwatch.amazonaws.com' };
  const eventRules = { Service: 'events.amazonaws.com' };
  const ofThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
  const ownKey = make(
    keyArn === undefined && on,
    () =>
      new CfnKey(scope, 'NoticeKey', {
        description: 'Origin Guard: notices and alarms on their way through SNS',
        enableKeyRotation: true,
        pendingWindowInDays: 7,
        keyPolicy: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Owner',
              Effect: 'Allow',
              Principal: { AWS: Fn.sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root') },
              Action: OWNER_ACTIONS,
              Resource: '*',
            },
            {
              Sid: 'Alarms',
              Effect: 'Allow',
              Principal: alarms,
              Action: PUBLISH_KEY_ACTIONS,
              Resource: '*',
              Condition: ofThisAccount,
            },
            {
              Sid: 'EventRules',
              Effect: 'Allow',
              Principal: eventRules,
              Action: PUBLISH_KEY_ACTIONS,
              Resource: '*',
            },
          ],
        },
      }),
  );
  const key = keyArn ?? ownKey?.attrArn ?? '';
  const topic = make(
    on,
    () =>
      new CfnTopic(scope, 'NoticeTopic', {
        topicName: name,
        displayName: 'Origin Guard',
        kmsMasterKeyId: key,
      }),
  );
  if (topic === null) return null;
  make(
    on,
    () => new CfnSubscription(scope, 'NoticeEmail', { topicArn: topic.ref, protocol: 'email', endpoint: email }),
  );
  make(
    on,
    () =>
      new CfnTopicPolicy(scope, 'NoticeTopicPolicy', {
        topics: [topic.ref],
        policyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Alarms',
              Effect: 'Allow',
              Principal: alarms,
              Action: 'sns:Publish',
              Resource: topic.ref,
              Condition: {
                ...ofThisAccount,
                ArnLike: {
                  'aws:SourceArn': Fn.sub(
                    'arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:OriginGuard-*',
                  ),
                },
              },
            },
            {
              Sid: 'EventRules',
              Effect: 'Allow',
              Principal: eventRules,
              Action: 'sns:Publish',
              Resource: topic.ref,
            },
            {
              Sid: 'OnlyEncrypted',
              Effect: 'Deny',
              Principal: '*',
              Action: 'sns:Publish',
              Resource: topic.ref,
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      }),
  );
  return { topicArn: topic.ref };
}
