/** An event pattern as EventBridge takes it. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html */
export type EventPattern = Readonly<Record<string, unknown>>;

/** What happens that somebody may have to know, by the name of its rule. */
export const EVENT_KINDS = [
  'GuardedGroupOpened',
  'ComplianceChanged',
  'NetworkChanged',
  'DistributionStopped',
  'DistributionChanged',
  'RemediationFailed',
  'RemediationSucceeded',
  'GuardChanged',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** CloudTrail tells about CloudFront, which is global, in this Region only. */
export const CLOUDFRONT_REGION = 'us-east-1';

export interface PatternOptions {
  /** The names of our rules in AWS Config; a conformance pack adds a suffix to them. */
  readonly configRuleNames: readonly string[];
  /** Ids of groups and ARNs of load balancers that count as changed. @default - every one in the account */
  readonly resources?: readonly string[];
}

/** What every name of ours in AWS starts with. */
const OURS = [{ prefix: 'OriginGuard' }];

const NETWORK_CALLS = {
  ec2: [
    'AuthorizeSecurityGroupIngress',
    'ModifyManagedPrefixList',
    'ModifySecurityGroupRules',
    'RestoreManagedPrefixListVersion',
    'RevokeSecurityGroupIngress',
    'UpdateSecurityGroupRuleDescriptionsIngress',
  ],
  elasticloadbalancing: [
    'CreateListener',
    'CreateLoadBalancer',
    'CreateRule',
    'DeleteListener',
    'DeleteLoadBalancer',
    'DeleteRule',
    'ModifyListener',
    'ModifyRule',
    'SetIpAddressType',
    'SetRulePriorities',
    'SetSecurityGroups',
    'SetSubnets',
  ],
} as const;

/** Calls that CloudTrail recorded and AWS did not refuse. */
const calls = (services: readonly string[], detail: EventPattern): EventPattern => ({
  source: services.map((service) => `aws.${service}`),
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: {
    eventSource: services.map((service) => `${service}.amazonaws.com`),
    errorCode: [{ exists: false }],
    ...detail,
  },
});

/** Changes of the verdict on a resource. Only these carry both results. */
const verdicts = ({ configRuleNames }: PatternOptions, detail: EventPattern): EventPattern => ({
  source: ['aws.config'],
  'detail-type': ['Config Rules Compliance Change'],
  detail: {
    messageType: ['ComplianceChangeNotification'],
    configRuleName: configRuleNames.map((prefix) => ({ prefix })),
    ...detail,
  },
});

/** Runs of our runbooks that ended one of these ways. */
const runs = (states: readonly string[]): EventPattern => ({
  source: ['aws.ssm'],
  'detail-type': ['EC2 Automation Execution Status-change Notification'],
  detail: { Status: states, Definition: [{ prefix: 'OriginGuard-' }] },
});

const isCompliance = (word: unknown): EventPattern => ({ complianceType: [word] });

/**
 * Calls about some groups and load balancers. AWS spells the parameters of one of them its own way, and who names a group
 * by its name is answered with its id. A listener and a rule have the path of their load balancer in their ARNs.
 */
function among(resources: readonly string[]): EventPattern {
  const groups = resources.filter((each) => each.startsWith('sg-'));
  const arns = resources
    .filter((each) => !each.startsWith('sg-'))
    .map((arn) => ({ wildcard: `*/${arn.split('/').slice(1).join('/')}*` }));
  return {
    $or: [
      ...(groups.length === 0
        ? []
        : [
            { requestParameters: { groupId: groups } },
            { requestParameters: { ModifySecurityGroupRulesRequest: { GroupId: groups } } },
            { responseElements: { securityGroupRuleSet: { items: { groupId: groups } } } },
          ]),
      ...(arns.length === 0
        ? []
        : [
            { requestParameters: { loadBalancerArn: arns } },
            { requestParameters: { listenerArn: arns } },
            { requestParameters: { ruleArn: arns } },
            { requestParameters: { rulePriorities: { ruleArn: arns } } },
          ]),
    ],
  };
}

/** The longest pattern that EventBridge takes. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const MOST_CHARACTERS = 2_048;

function requireTaken(pattern: EventPattern): EventPattern {
  const characters = JSON.stringify(pattern).length;
  if (characters <= MOST_CHARACTERS) return pattern;
  throw new RangeError(
    `noticedChanges makes an event pattern of ${String(characters)} characters; allowed: ${String(MOST_CHARACTERS)}, which is about 15 groups or 6 load balancers, or "every"`,
  );
}

/** The pattern of each kind of event. CloudTrail may add the version of an API to a call's name, hence the prefixes. */
export const eventPatterns = (options: PatternOptions): Readonly<Record<EventKind, EventPattern>> => ({
  GuardedGroupOpened: verdicts(options, {
    oldEvaluationResult: isCompliance('COMPLIANT'),
    newEvaluationResult: isCompliance('NON_COMPLIANT'),
  }),
  // Every other change, so that no event comes twice.
  ComplianceChanged: verdicts(options, {
    $or: [
      { newEvaluationResult: isCompliance({ 'anything-but': ['NON_COMPLIANT'] }) },
      { oldEvaluationResult: isCompliance({ 'anything-but': ['COMPLIANT'] }) },
      { oldEvaluationResult: isCompliance({ exists: false }) },
    ],
  }),
  NetworkChanged: requireTaken(
    calls(Object.keys(NETWORK_CALLS), {
      eventName: Object.values(NETWORK_CALLS).flat(),
      ...(options.resources === undefined ? {} : among(options.resources)),
    }),
  ),
  DistributionStopped: calls(['cloudfront'], {
    $or: [
      { eventName: [{ prefix: 'DeleteDistribution' }] },
      {
        eventName: [{ prefix: 'UpdateDistribution' }],
        requestParameters: { distributionConfig: { enabled: [false] } },
      },
      { eventName: [{ prefix: 'UpdateDistributionTenant' }], requestParameters: { enabled: [false] } },
    ],
  }),
  DistributionChanged: calls(['cloudfront'], {
    $or: [
      {
        eventName: ['UpdateDistribution', { prefix: 'UpdateDistribution2' }],
        // CloudTrail leaves out the parameters of a large call.
        requestParameters: { distributionConfig: { enabled: [true, { exists: false }] } },
      },
      { eventName: [{ prefix: 'UpdateDistributionWithStagingConfig' }, { prefix: 'UpdateVpcOrigin' }] },
      { eventName: [{ prefix: 'DeleteVpcOrigin' }, { prefix: 'CreateDistributionTenant' }] },
      {
        eventName: [{ prefix: 'UpdateDistributionTenant' }],
        requestParameters: { enabled: [true, { exists: false }] },
      },
    ],
  }),
  RemediationFailed: runs(['Failed', 'TimedOut', 'Cancelled']),
  RemediationSucceeded: runs(['Success']),
  GuardChanged: {
    'detail-type': ['AWS API Call via CloudTrail'],
    source: ['aws.lambda', 'aws.ssm', 'aws.events'],
    detail: {
      errorCode: [{ exists: false }],
      // Our own deployment to an organization goes by this role.
      userIdentity: { arn: [{ 'anything-but': { wildcard: '*:assumed-role/stacksets-exec-*' } }] },
      $or: [
        {
          eventName: [
            { prefix: 'UpdateFunctionCode' },
            { prefix: 'UpdateFunctionConfiguration' },
            { prefix: 'DeleteFunction' },
            { prefix: 'PutFunctionConcurrency' },
            { prefix: 'AddPermission' },
            { prefix: 'RemovePermission' },
          ],
          requestParameters: { functionName: [{ prefix: 'OriginGuard' }, { wildcard: '*:function:OriginGuard*' }] },
        },
        {
          eventName: ['UpdateDocument', 'UpdateDocumentDefaultVersion', 'DeleteDocument', 'ModifyDocumentPermission'],
          requestParameters: { name: OURS },
        },
        {
          eventName: ['PutRule', 'DisableRule', 'DeleteRule'],
          requestParameters: { name: OURS },
        },
        { eventName: ['PutTargets', 'RemoveTargets'], requestParameters: { rule: OURS } },
      ],
    },
  },
});
