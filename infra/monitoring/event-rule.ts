import { Aws, Fn, type IResolvable } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type EventKind, type EventPattern } from './event-patterns.js';
import { NOTICES } from './notices.js';
import type { NoticeTopic } from './notice-topic.js';
import { make, type Switch } from './switch.js';

/** The start of the name of the role by which events travel; a central bus lets in roles of this name only. */
export const EVENTS_ROLE = 'OriginGuardEvents';

export const eventRuleName = (kind: EventRuleProps['kind']): string => `OriginGuard-${kind}`;

/** Where events go, while it exists. */
export interface Destinations {
  readonly topic: { readonly on: Switch; readonly to: NoticeTopic } | null;
  readonly bus: { readonly on: Switch; readonly arn: string } | null;
}

export interface EventsRoleProps {
  readonly bus: NonNullable<Destinations['bus']>;
  readonly permissionsBoundaryArn?: string;
}

/** Adds the role by which EventBridge puts events on the central bus, and nothing else. */
export const addEventsRole = (scope: Construct, { bus, permissionsBoundaryArn }: EventsRoleProps): CfnRole | null =>
  make(bus.on, () => {
    const forward = { Sid: 'Forward', Effect: 'Allow', Action: 'events:PutEvents', Resource: bus.arn };
    return new CfnRole(scope, 'EventsRole', {
      roleName: `${EVENTS_ROLE}-${Aws.REGION}`,
      description: 'Origin Guard: EventBridge passes events on to the central event bus',
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
              ArnLike: {
                'aws:SourceArn': Fn.sub(
                  'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/OriginGuard-*',
                ),
              },
            },
          },
        ],
      },
      policies: [{ policyName: 'Tell', policyDocument: { Version: '2012-10-17', Statement: [forward] } }],
      ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: permissionsBoundaryArn }),
    });
  });

export interface EventRuleProps {
  readonly on: Switch;
  readonly kind: EventKind | 'EveryEvent' | 'DistributionEvents';
  readonly description: string;
  readonly pattern: EventPattern;
  /** @default - the default bus of the account */
  readonly eventBusName?: string;
  readonly targets: readonly (Target | IResolvable)[];
}

/** A target as the template spells it: inside a condition nothing translates the names of the CDK. */
export interface Target {
  readonly Id: string;
  readonly Arn: string;
  /** For a bus only: the own policies of a topic and of a log group let EventBridge in. */
  readonly RoleArn?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

export const addEventRule = (scope: Construct, props: EventRuleProps): CfnRule | null =>
  make(props.on, () => {
    const rule = new CfnRule(scope, `${props.kind}Rule`, {
      name: eventRuleName(props.kind),
      description: props.description,
      eventPattern: props.pattern,
      state: 'ENABLED',
      ...(props.eventBusName === undefined ? {} : { eventBusName: props.eventBusName }),
    });
    rule.addPropertyOverride('Targets', props.targets);
    return rule;
  });

/**
 * The target that tells people, in words. It has no role: AWS says that delivery to an encrypted topic may fail with one.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export const noticeTarget = (kind: EventKind, topicArn: string): Target => ({
  Id: 'Notice',
  Arn: topicArn,
  InputTransformer: {
    InputPathsMap: NOTICES[kind].inputPathsMap,
    InputTemplate: NOTICES[kind].inputTemplate,
  },
});

/** The target that passes the event on as it is. */
export const busTarget = (busArn: string, roleArn: string): Target => ({
  Id: 'CentralBus',
  Arn: busArn,
  RoleArn: roleArn,
});
