import type { Construct } from 'constructs';
import { addAlarm, DAY, FIVE_MINUTES, HOUR, type AlarmProps, type Counted } from './alarm.js';
import { eventRuleName } from './event-rule.js';
import type { EventKind } from './event-patterns.js';
import type { Switch } from './switch.js';

export interface MemberAlarmProps {
  readonly on: Switch;
  readonly topicArn: string;
  readonly metricsNamespace: string;
  readonly ruleIds: readonly [string, ...string[]];
  readonly ruleFunctionName: string;
  readonly plannerFunctionName: string;
}

/** How often an event rule matched. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
export const matches = (kind: EventKind): Counted => ({
  namespace: 'AWS/Events',
  name: 'TriggeredRules',
  dimensions: { RuleName: eventRuleName(kind) },
});

export const ofFunction = (name: string, functionName: string): Counted => ({
  namespace: 'AWS/Lambda',
  name,
  dimensions: { FunctionName: functionName },
});

/** Adds the alarms of one account and Region; the first one is the one to be woken by. */
export function addMemberAlarms(scope: Construct, props: MemberAlarmProps): void {
  const { on, topicArn } = props;
  for (const alarm of memberAlarms(props)) addAlarm(scope, { on, topicArn, ...alarm });
}

const memberAlarms = (props: MemberAlarmProps): readonly Omit<AlarmProps, 'on' | 'topicArn'>[] => {
  const { metricsNamespace, ruleIds, ruleFunctionName, plannerFunctionName } = props;
  const [first, ...others] = ruleIds.map((RuleId) => ({
    namespace: metricsNamespace,
    name: 'Indeterminate',
    dimensions: { RuleId },
  }));
  return [
    {
      name: 'GuardedGroupOpened',
      description:
        'A resource that was closed to everyone but CloudFront is open: its load balancer can be reached directly. ' +
        'The notice with the same time names the resource; run `origin-guard explain ID` to see who may enter, and CloudTrail to see who changed it. ' +
        'Unless somebody meant to, run the remediation in AWS Config or start OriginGuard-Remediate-v1.',
      sumOf: [matches('GuardedGroupOpened')],
      periodSeconds: FIVE_MINUTES,
      threshold: 1,
    },
    {
      name: 'RemediationFailed',
      description:
        'A run of a remediation or rollback runbook failed, timed out or was cancelled, so the resource may still be open. ' +
        'Open the run in Systems Manager, Automation: the outputs of its last step hold the reason and what was changed. ' +
        'A refusal names the next step for a person; OriginGuard-Rollback-v1 undoes what a run changed.',
      sumOf: [matches('RemediationFailed')],
      periodSeconds: FIVE_MINUTES,
      threshold: 1,
    },
    {
      name: 'VerdictsMissing',
      description:
        'On two of the last three days the rule could not tell for some resources whether they are open. ' +
        'They keep their last result in AWS Config, which may be wrong by now. ' +
        'The log of the function names each resource with E2003 and what could not be read, most often for want of a permission: allow it.',
      sumOf: [first ?? never(), ...others],
      periodSeconds: DAY,
      threshold: 1,
      periods: { of: 3, must: 2 },
    },
    {
      name: 'RuleFunctionFails',
      description:
        'The function of the rule failed three times within an hour: an event of AWS Config was lost after its retries, or is about to be. ' +
        'What changed meanwhile is not judged before the next sweep. ' +
        'Look up the code in the log (docs/errors.md); E2001 and E2005 usually pass, the others need somebody.',
      sumOf: [ofFunction('Errors', ruleFunctionName)],
      periodSeconds: HOUR,
      threshold: 3,
    },
    {
      name: 'RuleFunctionSilent',
      description:
        'The function of the rule has not run for two days, though AWS Config asks it once a day: nothing is being judged. ' +
        'See whether the conformance pack is deployed and the recorder of AWS Config is on in this account and Region. ' +
        'It also sounds between the deployment of this stack and that of the pack; then deploy the pack.',
      sumOf: [ofFunction('Invocations', ruleFunctionName)],
      periodSeconds: DAY,
      threshold: 1,
      below: true,
      periods: { of: 2, must: 2 },
      silence: 'breaching',
    },
    {
      name: 'PlannerFunctionFails',
      description:
        'The planner failed while a runbook asked it, so that run stopped before its next step. ' +
        'The record of the run is kept and nothing is undone by itself: open the run in Systems Manager, Automation, and see how far it came. ' +
        'The log of the function holds the code (docs/errors.md); start the runbook again once the cause is gone.',
      sumOf: [ofFunction('Errors', plannerFunctionName)],
      periodSeconds: HOUR,
      threshold: 1,
    },
  ];
};

function never(): never {
  throw new RangeError('no rule ids; allowed: at least one');
}
