import type { Construct } from 'constructs';
import { Aws, CfnCondition, Fn, Stack, Token } from 'aws-cdk-lib';
import { addDashboard, type Graph } from './dashboard.js';
import { addDirectAttempts, addDirectAttemptsAlarm, DIRECT_ATTEMPTS } from './direct-attempts.js';
import { CLOUDFRONT_REGION, EVENT_KINDS, eventPatterns, type EventKind } from './event-patterns.js';
import { addEventRule, addEventsRole, busTarget, noticeTarget, type Destinations } from './event-rule.js';
import { addMemberAlarms, matches, ofFunction } from './member-alarms.js';
import { addNoticeTopic } from './notice-topic.js';
import { allOf, anyOf, listed, optional, whenIs, type OptionalText, type Switch } from './switch.js';

export interface MemberMonitoringProps {
  /** The names of our rules in AWS Config, without the suffix that a conformance pack adds. */
  readonly configRuleNames: readonly [string, ...string[]];
  /** The ids of our rules, by which metrics are kept. */
  readonly ruleIds: readonly [string, ...string[]];
  readonly ruleFunctionName: string;
  readonly plannerFunctionName: string;
  /** Who is told in this account. @default - nobody */
  readonly notificationEmail?: OptionalText;
  /** The ARN of the bus that takes this account's events. @default - none */
  readonly centralEventBusArn?: OptionalText;
  /** `local` adds the alarms and a dashboard here, where `notificationEmail` is told; `central` leaves them to the administrator. @default 'local' */
  readonly alarms?: string;
  /** The log group of VPC flow logs in the default format. It has to exist. @default - direct attempts are not counted */
  readonly flowLogGroupName?: OptionalText;
  /** @default 80 and 443 */
  readonly listenerPorts?: readonly number[];
  /** The addresses of the load balancers in the flow logs, such as `10.0.1.*`. @default - every address there */
  readonly loadBalancerAddresses?: readonly string[];
  /** `on` adds an alarm for more direct attempts than usual, where the other alarms are. @default 'off' */
  readonly directAttemptsAlarm?: string;
  /**
   * The groups (ids) and load balancers (ARNs) whose changes people are told; `every` for all in the account.
   * @default - changes go to the central bus only
   */
  readonly noticedChanges?: 'every' | readonly [string, ...string[]];
  /** @default 'OriginGuard' */
  readonly metricsNamespace?: string;
  /** The ARN of a key for the topic, whose policy lets CloudWatch and EventBridge use it. @default - a key of its own */
  readonly topicKeyArn?: string;
  /** @default - none */
  readonly permissionsBoundaryArn?: string;
}

const DESCRIPTIONS: Readonly<Record<EventKind, string>> = {
  GuardedGroupOpened: 'A resource that complied does not any more',
  ComplianceChanged: 'Any other change of a verdict',
  NetworkChanged: 'A security group, load balancer or listener was changed',
  DistributionStopped: 'A CloudFront distribution was disabled or deleted',
  DistributionChanged: 'A CloudFront distribution was changed; its origins may have been',
  RemediationFailed: 'A runbook of Origin Guard failed, timed out or was cancelled',
  RemediationSucceeded: 'A runbook of Origin Guard succeeded',
  GuardChanged: 'A function, runbook or event rule of Origin Guard was changed',
};

/**
 * Adds to one account and Region what watches the guard: event rules, and where somebody is to be told here, an encrypted
 * topic, alarms and a dashboard. Without an address and without a bus it adds no event rule.
 *
 * @example
 * ```ts
 * addMemberMonitoring(stack, {
 *   configRuleNames: ['origin-guard-alb-sg-cloudfront-only'],
 *   ruleIds: ['alb-sg-cloudfront-only'],
 *   ruleFunctionName: 'OriginGuardRule',
 *   plannerFunctionName: 'OriginGuardPlanner',
 *   notificationEmail: 'network@example.com',
 * });
 * ```
 */
export function addMemberMonitoring(scope: Construct, props: MemberMonitoringProps): void {
  const { metricsNamespace = 'OriginGuard' } = props;
  const email = optional(props.notificationEmail);
  const bus = optional(props.centralEventBusArn);
  const flowLogs = optional(props.flowLogGroupName);
  const alarmsHere = whenIs(scope, 'WantsLocalAlarms', props.alarms ?? 'local', 'local');
  const alarms = allOf(scope, 'HasLocalAlarms', [email.on, alarmsHere]);
  const topic = addNoticeTopic(scope, {
    on: email.on,
    name: 'OriginGuard-Notices',
    email: email.value,
    ...(props.topicKeyArn === undefined ? {} : { keyArn: props.topicKeyArn }),
  });
  addEvents(scope, props, {
    topic: topic === null ? null : { on: email.on, to: topic },
    bus: bus.on === false ? null : { on: bus.on, arn: bus.value },
  });
  addDirectAttempts(scope, {
    on: flowLogs.on,
    logGroupName: flowLogs.value,
    namespace: metricsNamespace,
    ...(props.listenerPorts === undefined ? {} : { listenerPorts: props.listenerPorts }),
    ...(props.loadBalancerAddresses === undefined ? {} : { addresses: props.loadBalancerAddresses }),
  });
  if (topic === null) return;
  const { topicArn } = topic;
  addMemberAlarms(scope, { ...props, on: alarms, topicArn, metricsNamespace });
  const wantsAttempts = whenIs(scope, 'WantsDirectAttemptsAlarm', props.directAttemptsAlarm ?? 'off', 'on');
  addDirectAttemptsAlarm(scope, {
    on: allOf(scope, 'HasDirectAttemptsAlarm', [alarms, flowLogs.on, wantsAttempts]),
    namespace: metricsNamespace,
    topicArn,
  });
  addDashboard(scope, {
    on: alarms,
    name: `OriginGuard-${Aws.REGION}`,
    text: TEXT,
    graphs: memberGraphs(props, metricsNamespace, flowLogs.on),
  });
}

/** Adds the event rules, each only where one of its targets exists. */
function addEvents(scope: Construct, props: MemberMonitoringProps, to: Destinations): void {
  const isTold = to.topic?.on ?? false;
  const hasBus = to.bus?.on ?? false;
  const on = anyOf(scope, 'HasEventTargets', [isTold, hasBus]);
  if (on === false) return;
  const role =
    to.bus === null
      ? null
      : addEventsRole(scope, {
          bus: to.bus,
          ...(props.permissionsBoundaryArn === undefined
            ? {}
            : { permissionsBoundaryArn: props.permissionsBoundaryArn }),
        });
  const patterns = eventPatterns({
    configRuleNames: props.configRuleNames,
    ...(typeof props.noticedChanges === 'object' ? { resources: props.noticedChanges } : {}),
  });
  const overall = allOf(scope, 'TellsOfDistributions', [on, isHere(scope)]);
  for (const kind of EVENT_KINDS) {
    const isNoticedHere = isTold !== false && isNoticed(kind, props);
    addEventRule(scope, {
      on: kind.startsWith('Distribution') ? overall : isNoticedHere ? on : hasBus,
      kind,
      description: DESCRIPTIONS[kind],
      pattern: patterns[kind],
      targets: [
        ...listed(isNoticedHere && isTold, noticeTarget(kind, to.topic?.to.topicArn ?? '')),
        // A rule that goes to the bus only is there only with the bus.
        ...listed(isNoticedHere ? hasBus : hasBus !== false, busTarget(to.bus?.arn ?? '', role?.attrArn ?? '')),
      ],
    });
  }
}

const isNoticed = (kind: EventKind, { noticedChanges }: MemberMonitoringProps): boolean =>
  kind !== 'NetworkChanged' || noticedChanges !== undefined;

/** On in the one Region where CloudTrail tells about CloudFront. */
function isHere(scope: Construct): Switch {
  const { region } = Stack.of(scope);
  return Token.isUnresolved(region)
    ? new CfnCondition(scope, 'IsCloudFrontRegion', { expression: Fn.conditionEquals(Aws.REGION, CLOUDFRONT_REGION) })
    : region === CLOUDFRONT_REGION;
}

const TEXT = [
  '## Origin Guard in this account and Region',
  '**Opened** is the number to be woken by. **Verdicts missing** and **function errors** mean that the guard does not see.',
  'Rejected direct attempts next to remediations: attempts that begin with a remediation are a client that nobody knew of.',
].join('\n\n');

function memberGraphs(props: MemberMonitoringProps, namespace: string, hasFlowLogs: Switch): readonly Graph[] {
  const { ruleIds, ruleFunctionName, plannerFunctionName } = props;
  const perRule = (name: string) =>
    ruleIds.map((RuleId) => ({ namespace, name, dimensions: { RuleId }, label: `${name} ${RuleId}` }));
  const attempts =
    hasFlowLogs === false ? [] : [{ namespace, name: DIRECT_ATTEMPTS, label: 'Direct attempts, rejected' }];
  return [
    { title: 'Judged non-compliant', lines: perRule('NonCompliant') },
    {
      title: 'Opened, and other changes of verdicts',
      lines: [
        { ...matches('GuardedGroupOpened'), label: 'Opened' },
        { ...matches('ComplianceChanged'), label: 'Other changes' },
      ],
    },
    {
      title: 'Direct attempts next to remediations',
      lines: [
        ...attempts,
        { ...matches('RemediationSucceeded'), label: 'Remediations' },
        { ...matches('RemediationFailed'), label: 'Remediations failed' },
      ],
    },
    { title: 'Verdicts missing', lines: [...perRule('Indeterminate'), ...perRule('Kept')] },
    {
      title: 'Function errors',
      lines: [
        { ...ofFunction('Errors', ruleFunctionName), label: 'Rule' },
        { ...ofFunction('Errors', plannerFunctionName), label: 'Planner' },
        ...perRule('Failed'),
      ],
    },
    {
      title: 'Changes',
      lines: [
        ...(isNoticed('NetworkChanged', props)
          ? [{ ...matches('NetworkChanged'), label: 'Groups and load balancers' }]
          : []),
        { ...matches('DistributionStopped'), label: 'Distributions disabled or deleted' },
        { ...matches('DistributionChanged'), label: 'Distributions changed' },
        { ...matches('GuardChanged'), label: 'The guard itself' },
      ],
    },
  ];
}
