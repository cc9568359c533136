import type { EventKind } from './event-patterns.js';

/** What people are told about an event: the fields that the text takes, and the text. */
export interface Notice {
  readonly inputPathsMap: Readonly<Record<string, string>>;
  readonly inputTemplate: string;
}

const PLACE = { account: '$.account', region: '$.region', time: '$.time' };
const CALL = {
  ...PLACE,
  call: '$.detail.eventName',
  who: '$.detail.userIdentity.arn',
  event: '$.detail.eventID',
};
const VERDICT = {
  ...PLACE,
  rule: '$.detail.configRuleName',
  type: '$.detail.resourceType',
  resource: '$.detail.resourceId',
  verdict: '$.detail.newEvaluationResult.complianceType',
};
const RUN = { ...PLACE, run: '$.detail.ExecutionId', document: '$.detail.Definition', status: '$.detail.Status' };

/** How the log of the organization begins a line about a distribution; by it the lines are counted. */
export const DISTRIBUTION_LINE = 'Origin Guard: distribution';

/**
 * The line about a distribution: its event holds the whole configuration, and so the values of the headers by which an
 * origin knows CloudFront. A log takes a time and a text, and no object.
 *
 * Source: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_events_targets.LogGroupTargetInputOptions.html
 */
export const DISTRIBUTION_LOG: Notice = {
  inputPathsMap: { ...CALL, distribution: '$.detail.requestParameters.id' },
  inputTemplate:
    `{"timestamp":<time>,"message":"${DISTRIBUTION_LINE} <distribution> of account <account>: ` +
    '<call> by <who> in <region>, event <event> in CloudTrail"}',
};

/** The text is one JSON string: a target that is a topic takes nothing else that people can read. */
const notice = (paths: Readonly<Record<string, string>>, sentences: readonly string[]): Notice => {
  const text = sentences.join(' ');
  return {
    inputPathsMap: Object.fromEntries(Object.entries(paths).filter(([name]) => text.includes(`<${name}>`))),
    inputTemplate: JSON.stringify(text),
  };
};

/** What people are told about each kind of event: what happened, where, and what to do. */
export const NOTICES: Readonly<Record<EventKind, Notice>> = {
  GuardedGroupOpened: notice(VERDICT, [
    'Origin Guard: OPENED. <type> <resource> in account <account>, <region>, was closed to everyone but CloudFront and is not any more (<time>, rule <rule>).',
    'Run `origin-guard explain <resource>` in that account to see who may enter; CloudTrail names who changed it.',
    'Unless somebody meant to, run the remediation of that resource in AWS Config, or start OriginGuard-Remediate-v1.',
  ]),
  ComplianceChanged: notice(VERDICT, [
    'Origin Guard: <type> <resource> in account <account>, <region>, is now <verdict> (<time>, rule <rule>).',
    'NON_COMPLIANT: run `origin-guard explain <resource>` in that account, then `origin-guard plan <resource>`.',
    'COMPLIANT and NOT_APPLICABLE: nothing to do.',
  ]),
  NetworkChanged: notice(
    {
      ...CALL,
      group: '$.detail.requestParameters.groupId',
      balancer: '$.detail.requestParameters.loadBalancerArn',
    },
    [
      'Origin Guard: <call> by <who> in account <account>, <region> (<time>; group <group>, load balancer <balancer>).',
      'The rule judges the new state within minutes; if the change is nobody’s you know, look at event <event> in CloudTrail.',
    ],
  ),
  DistributionStopped: notice({ ...CALL, distribution: '$.detail.requestParameters.id' }, [
    'Origin Guard: distribution <distribution> of account <account> was disabled or deleted by <who> (<call>, <time>).',
    'Its load balancers leave the guard’s scope with the next sweep and nobody will tell when they are opened.',
    'If the distribution is to stay away, take the load balancers down too; if not, look at event <event> in CloudTrail and enable it again.',
  ]),
  DistributionChanged: notice({ ...CALL, distribution: '$.detail.requestParameters.id' }, [
    'Origin Guard: distribution <distribution> of account <account> was changed by <who> (<call>, <time>); its origins may have changed.',
    'Compare the origins with what you expect: a load balancer that is no origin any more is not guarded, and a new one is judged with the next sweep.',
  ]),
  RemediationFailed: notice(RUN, [
    'Origin Guard: run <run> of <document> ended <status> in account <account>, <region> (<time>).',
    'Open the run in Systems Manager, Automation: the outputs of its last step say what was refused or failed and whether anything was changed.',
    'A refusal names its reason and the next step (docs/refusals.md); OriginGuard-Rollback-v1 undoes what a run changed.',
  ]),
  RemediationSucceeded: notice(RUN, [
    'Origin Guard: run <run> of <document> ended <status> in account <account>, <region> (<time>).',
    'Nothing to do; watch the rejected direct attempts for a client that nobody knew of.',
  ]),
  GuardChanged: notice(CALL, [
    'Origin Guard: a part of the guard itself was changed in account <account>, <region>: <call> by <who> (<time>).',
    'If this was not your deployment, look at event <event> in CloudTrail and deploy the member stack again; its verdicts cannot be trusted until then.',
  ]),
};
