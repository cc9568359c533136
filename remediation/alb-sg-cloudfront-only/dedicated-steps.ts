import type { AskStep, CallStep, Step } from '../runbook/steps.js';
import { DEDICATED_SLOTS } from './result.js';
import { UNDO } from './remediate-ends.js';
import { authorize, branch, fail, lists, texts, when, type asking } from './step-builders.js';
import { MANAGED_TAG } from './verify.js';

const SUFFIXES = Array.from({ length: DEDICATED_SLOTS }, (_, at) => (at === 0 ? '' : String(at + 1)));

/** The steps that make groups, give them their rules and attach them to the load balancer; an edit passes them by. */
export function dedicatedSteps(ask: ReturnType<typeof asking>, ofPlan: AskStep['payload']): readonly Step[] {
  return [
    branch(
      'NeedsGroups',
      'An edit needs no group but the one that is fixed.',
      [when('Plan.decision', 'EDIT', 'AuthorizeNeeded')],
      'CreateDedicatedNeeded',
    ),
    ...SUFFIXES.flatMap((suffix, at) => creating(suffix, at)),
    question(ask, ofPlan, 'FindDedicated', 'find', 'Sees that the groups are there, and that they are our own.'),
    branch(
      'DedicatedFound',
      'Touches no group that Origin Guard did not make.',
      [
        when('FindDedicated.outcome', 'AUTHORIZE', 'AuthorizeDedicatedNeeded'),
        when('FindDedicated.outcome', 'OK', 'AuthorizeDedicatedNeeded'),
      ],
      'NotAttachedYet',
    ),
    ...SUFFIXES.flatMap((suffix, at) => admitting(suffix, at)),
    question(
      ask,
      ofPlan,
      'SwapTargets',
      'ready',
      'Sees that the groups admit CloudFront, and plans again: the approved plan must still hold.',
    ),
    branch(
      'TargetsOk',
      'Attaches nothing unless the groups are seen to admit CloudFront.',
      [when('SwapTargets.outcome', 'OK', 'SetSecurityGroups')],
      'NotAttached',
    ),
    branch(
      'AfterAttach',
      'A swap takes the old group away with the same call, and is done.',
      [when('Plan.decision', 'SWAP', 'Verify')],
      'AuthorizeNeeded',
    ),
    setGroups(),
    branch(
      'AttachCancelled',
      'A swap may be done all the same, and is looked at; a split ends here, before anything is removed.',
      [when('Plan.decision', 'SWAP', 'Verify')],
      'AttachedOnly',
    ),
    fail(
      'AttachedOnly',
      'Fails: the run was cancelled; groups may have been attached, and nothing was removed.',
      `CANCELLED: the load balancer may have its new groups; nothing was removed; start a new run, or ${UNDO}`,
    ),
    fail(
      'NotAttachedYet',
      'Fails: groups may have been made, and nothing else was changed.',
      'NOT FIXED {{FindDedicated.outcome}}: {{FindDedicated.detail}}; nothing was attached and nothing was removed; start a new run when that is put right (record {{automation:EXECUTION_ID}})',
    ),
    fail(
      'NotAttached',
      'Fails: groups were made, and nothing else was changed.',
      'NOT FIXED {{SwapTargets.outcome}}: {{SwapTargets.detail}}; nothing was attached and nothing was removed; start a new run when that is put right (record {{automation:EXECUTION_ID}})',
    ),
    fail(
      'NotAttachedBlind',
      'Fails: the planner did not answer; groups may have been made, and nothing else was changed.',
      'NOT FIXED: the planner did not answer; see its log; nothing was attached and nothing was removed; start a new run when that is put right (record {{automation:EXECUTION_ID}})',
    ),
  ];
}

const question = (
  ask: ReturnType<typeof asking>,
  ofPlan: AskStep['payload'],
  name: string,
  phase: 'find' | 'ready',
  says: string,
): AskStep =>
  ask({
    name,
    says,
    payload: { mode: 'swapTargets', phase, ...ofPlan },
    outputs: [
      ...texts('outcome', 'detail'),
      ...(phase === 'find'
        ? texts(...SUFFIXES.map((suffix) => `newGroupId${suffix}`))
        : lists('desiredSecurityGroups')),
    ],
    onFailure: 'NotAttachedBlind',
  });

/** Branches on how many groups there are to make, counting up: the last one asks nothing more. */
function isNeeded(prefix: string, suffix: string, at: number, otherwise: string): Step {
  const enough = Array.from({ length: DEDICATED_SLOTS - at }, (_, more) =>
    when('Plan.dedicatedCount', at + 1 + more, `${prefix}${suffix}`),
  );
  return branch(`${prefix}${suffix}Needed`, 'Goes on as long as there is another group.', enough, otherwise);
}

function creating(suffix: string, at: number): readonly Step[] {
  const following = SUFFIXES[at + 1];
  const next = following === undefined ? 'FindDedicated' : `CreateDedicated${following}Needed`;
  const create: CallStep = {
    kind: 'call',
    name: `CreateDedicated${suffix}`,
    says: 'Makes a group for what the load balancer is to admit. A failure goes on: the group may be there from an earlier run.',
    service: 'ec2',
    api: 'CreateSecurityGroup',
    params: {
      GroupName: `{{Plan.newGroupName${suffix}}}`,
      Description: 'Admits CloudFront to a load balancer; made by OriginGuard',
      VpcId: '{{Plan.vpcId}}',
      TagSpecifications: [
        { ResourceType: 'security-group', Tags: [{ Key: MANAGED_TAG.key, Value: MANAGED_TAG.value }] },
      ],
    },
    outputs: [],
    next,
    onFailure: next,
  };
  return [isNeeded('CreateDedicated', suffix, at, 'FindDedicated'), create];
}

function admitting(suffix: string, at: number): readonly Step[] {
  const following = SUFFIXES[at + 1];
  const next = following === undefined ? 'SwapTargets' : `AuthorizeDedicated${following}Needed`;
  return [
    isNeeded('AuthorizeDedicated', suffix, at, 'SwapTargets'),
    authorize(
      {
        name: `AuthorizeDedicated${suffix}`,
        says: "Admits CloudFront's prefix list to a group that was made.",
        next,
        onFailure: next,
      },
      `{{FindDedicated.newGroupId${suffix}}}`,
      { from: `newFromPort${suffix}`, to: `newToPort${suffix}`, list: `newPrefixListId${suffix}` },
    ),
  ];
}

/**
 * Replaces the whole list of groups in one call. A failure goes on to whoever verifies, since the list may be set all the
 * same; a person who cancels wants nothing removed after that.
 */
const setGroups = (): CallStep => ({
  kind: 'call',
  name: 'SetSecurityGroups',
  says: 'Gives the load balancer its new list of groups, in one call.',
  service: 'elbv2',
  api: 'SetSecurityGroups',
  params: { LoadBalancerArn: '{{Plan.loadBalancerArn}}', SecurityGroups: '{{SwapTargets.desiredSecurityGroups}}' },
  outputs: [],
  next: 'AfterAttach',
  onFailure: 'AfterAttach',
  onCancel: 'AttachCancelled',
});
