import { STARTERS } from '../../core/remediation-mode.js';
import type { AskStep, Parameter, Runbook, Step } from '../runbook/steps.js';
import { dedicatedSteps } from './dedicated-steps.js';
import { remediateEnds } from './remediate-ends.js';
import { ROLLBACK_DOCUMENT } from './rollback-runbook.js';
import {
  APPROVAL_PARAMETERS,
  asking,
  authorize,
  branch,
  DEFAULT_SETTINGS,
  flags,
  GROUP,
  lists,
  numbers,
  RUN,
  saveRecord,
  texts,
  when,
  yesOrNo,
  type RunbookSettings,
} from './step-builders.js';

export const REMEDIATE_DOCUMENT = 'OriginGuard-Remediate-v1';

export interface RemediateSettings extends RunbookSettings {
  /** Whether the document holds the steps that make and attach groups, and its role may take them. */
  readonly dedicated: boolean;
}

export const DEFAULT_REMEDIATE: RemediateSettings = { ...DEFAULT_SETTINGS, dedicated: true };

/** What an operator opted in to, handed to every question that plans. */
const OPTIONS = {
  revokePrivateSources: '{{RevokePrivateSources}}',
  revokeSecurityGroupSources: '{{RevokeSecurityGroupSources}}',
};

/** How the run was started: the account's mode may not allow it. */
const STARTED = { startedBy: '{{StartedBy}}', requireApproval: '{{RequireApproval}}' };

const optionsOf = ({ dedicated }: RemediateSettings): Readonly<Record<string, string>> => ({
  ...OPTIONS,
  allowSplit: dedicated ? '{{AllowSplit}}' : 'false',
  allowSwap: dedicated ? '{{AllowSwap}}' : 'false',
});

/** The parts of the plan that a later question is told. */
const ofPlan = (settings: RemediateSettings): Readonly<Record<string, string>> => ({
  securityGroupId: GROUP,
  executionId: RUN,
  decision: '{{Plan.decision}}',
  fingerprint: '{{Plan.fingerprint}}',
  requiredPorts: '{{Plan.requiredPorts}}',
  grants: '{{Plan.grantsText}}',
  revokeRuleIds: '{{Plan.revokeRuleIdsText}}',
  loadBalancerArn: '{{Plan.loadBalancerArn}}',
  originalSecurityGroups: '{{Plan.originalSecurityGroupsText}}',
  dedicated: '{{Plan.dedicatedText}}',
  ...optionsOf(settings),
});

/**
 * The runbook that fixes one group: it plans, guards, writes down how to undo it, admits CloudFront, sees that, and only
 * then removes what the plan names.
 */
export function remediateRunbook(settings: RemediateSettings = DEFAULT_REMEDIATE): Runbook {
  const ask = asking(settings);
  return {
    name: REMEDIATE_DOCUMENT,
    says: 'Origin Guard: lets only CloudFront reach a load balancer that it fronts. Refuses with a reason, and can be undone.',
    assumeRole: settings.assumeRole,
    parameters: parametersOf(settings),
    steps: [
      ...planning(ask, settings),
      saveRecord('SaveRollback', 'Plan.rollbackJson', 'Writes down how to undo the run, before anything changes.', {}),
      ...(settings.dedicated ? dedicatedSteps(ask, ofPlan(settings)) : []),
      ...authorizing(),
      ...removing(ask, settings),
      ...remediateEnds(),
    ],
    outputs: ['Plan.decision', 'Plan.reasonCode', 'Plan.summary'],
    order: {
      guard: { asks: 'Guard', branches: ['GuardOk'] },
      beforeRevoke: { asks: 'VerifyAuthorized', branches: ['AuthorizedOk'] },
    },
  };
}

const parametersOf = ({ dedicated }: RemediateSettings): Readonly<Record<string, Parameter>> => ({
  ...APPROVAL_PARAMETERS,
  DryRun: yesOrNo('Whether to end after the plan.', 'true'),
  StartedBy: {
    type: 'String',
    says: 'CONFIG where AWS Config starts the run by itself; the conformance pack sets it.',
    default: STARTERS[0],
    allowedValues: STARTERS,
  },
  ...(dedicated
    ? {
        AllowSplit: yesOrNo('Whether a group may be made and attached for what does not fit the quota.', 'false'),
        AllowSwap: yesOrNo('Whether the load balancer may be moved out of a group that something else uses.', 'false'),
      }
    : {}),
  RevokePrivateSources: yesOrNo('Whether private ranges are removed too.', 'false'),
  RevokeSecurityGroupSources: yesOrNo('Whether sources that are groups are removed too.', 'false'),
  OnVerifyError: {
    type: 'String',
    says: 'ROLLBACK undoes the run when a complete look shows that CloudFront lost a port; KEEP never does.',
    default: 'KEEP',
    allowedValues: ['KEEP', 'ROLLBACK'],
  },
});

type Asking = ReturnType<typeof asking>;

function planning(ask: Asking, settings: RemediateSettings): readonly Step[] {
  const strategies = settings.dedicated ? ['EDIT', 'SPLIT', 'SWAP'] : ['EDIT'];
  return [
    planStep(ask, settings),
    branch(
      'Decide',
      'Ends here when there is nothing to do or this is a dry run; fails when the plan is refused.',
      [
        when('Plan.decision', 'NOOP', 'Done'),
        when('DryRun', 'true', 'Done'),
        when('Plan.decision', 'REFUSE', 'Refused'),
        ...strategies.map((strategy) => when('Plan.decision', strategy, 'NeedApproval')),
      ],
      'Refused',
    ),
    branch('NeedApproval', 'Asks a person only when told to.', [when('RequireApproval', 'true', 'Approve')], 'Guard'),
    {
      kind: 'approve',
      name: 'Approve',
      says: 'Waits until a person approves the plan, for a day at most.',
      topic: '{{NotificationTopicArn}}',
      message: '{{Plan.summary}}',
      approvers: '{{Approvers}}',
      timeoutSeconds: 86_400,
    },
    ask({
      name: 'Guard',
      says: 'Plans again: the approved plan must still hold to the letter.',
      payload: {
        mode: 'guard',
        securityGroupId: GROUP,
        executionId: RUN,
        fingerprint: '{{Plan.fingerprint}}',
        ...optionsOf(settings),
        ...STARTED,
      },
      outputs: texts('outcome', 'detail'),
    }),
    branch(
      'GuardOk',
      'Goes on only if nothing has changed since the plan.',
      [when('Guard.outcome', 'OK', 'SaveRollback'), when('Guard.outcome', 'ALREADY_OK', 'Done')],
      'Stale',
    ),
  ];
}

function planStep(ask: Asking, settings: RemediateSettings): AskStep {
  const outputs = [
    ...texts('decision', 'reasonCode', 'summary', 'fingerprint', 'prefixListId', 'prefixListIdV6', 'requiredPorts'),
    ...texts('grantsText', 'revokeRuleIdsText', 'rollbackJson', 'revokingJson', 'appliedJson'),
    ...flags('authorizeNeeded', 'authorize2Needed', 'authorizeV6Needed', 'authorizeV62Needed'),
    ...numbers('fromPort', 'toPort', 'from2', 'to2', 'fromV6', 'toV6', 'from2V6', 'to2V6'),
    ...lists('revokeRuleIds'),
    ...texts('loadBalancerArn', 'originalSecurityGroupsText', 'dedicatedText'),
  ];
  const dedicated = [
    ...texts('vpcId'),
    ...numbers('dedicatedCount'),
    ...['', '2', '3', '4'].flatMap((at) => [
      ...texts(`newGroupName${at}`, `newPrefixListId${at}`),
      ...numbers(`newFromPort${at}`, `newToPort${at}`),
    ]),
  ];
  return ask({
    name: 'Plan',
    says: 'Asks the planner what to do; it reads and changes nothing.',
    payload: { mode: 'plan', securityGroupId: GROUP, executionId: RUN, ...optionsOf(settings), ...STARTED },
    outputs: settings.dedicated ? [...outputs, ...dedicated] : outputs,
  });
}

interface Authorization {
  readonly name: string;
  readonly needed: string;
  readonly from: string;
  readonly to: string;
  readonly list: string;
}

const AUTHORIZATIONS: readonly Authorization[] = [
  { name: 'Authorize', needed: 'authorizeNeeded', from: 'fromPort', to: 'toPort', list: 'prefixListId' },
  { name: 'Authorize2', needed: 'authorize2Needed', from: 'from2', to: 'to2', list: 'prefixListId' },
  { name: 'AuthorizeV6', needed: 'authorizeV6Needed', from: 'fromV6', to: 'toV6', list: 'prefixListIdV6' },
  { name: 'AuthorizeV62', needed: 'authorizeV62Needed', from: 'from2V6', to: 'to2V6', list: 'prefixListIdV6' },
];

/** Admits CloudFront to the group itself. A failure goes on: the rule may be there already, and the verifier sees it. */
function authorizing(): readonly Step[] {
  return AUTHORIZATIONS.flatMap(({ name, needed, ...rest }, at) => {
    const following = AUTHORIZATIONS[at + 1];
    const next = following === undefined ? 'MarkRevoking' : `${following.name}Needed`;
    return [
      branch(`${name}Needed`, 'Skips a rule that is there already.', [when(`Plan.${needed}`, true, name)], next),
      authorize({ name, says: "Admits CloudFront's prefix list to the group.", next, onFailure: next }, GROUP, rest),
    ];
  });
}

/** The steps that take the mark off the record, each with the end that it leads to. */
const UNMARKS = [
  ['Unmark', 'NothingRemoved'],
  ['UnmarkBlind', 'NothingRemovedBlind'],
  ['UnmarkCancelled', 'NothingRemovedCancelled'],
  ['UnmarkDone', 'Done'],
] as const;

function removing(ask: Asking, settings: RemediateSettings): readonly Step[] {
  return [
    // Before the last look, not after it: nothing may come between that and the removal.
    saveRecord(
      'MarkRevoking',
      'Plan.revokingJson',
      'Marks the record: from here on, what the plan names may be gone. Without the mark a rollback puts nothing back.',
      { next: 'VerifyAuthorized', onFailure: 'NothingRemovedUnmarked', onCancel: 'UnmarkCancelled' },
    ),
    ask({
      name: 'VerifyAuthorized',
      says: 'Sees that CloudFront is admitted to every port it needs, and that nothing else has changed: the last look before the rules go.',
      payload: { mode: 'verifyAuthorized', ...ofPlan(settings) },
      outputs: texts('outcome', 'detail'),
      onFailure: 'UnmarkBlind',
      onCancel: 'UnmarkCancelled',
    }),
    branch(
      'AuthorizedOk',
      'Removes nothing unless CloudFront is seen to be admitted.',
      [when('VerifyAuthorized.outcome', 'OK', 'Revoke'), when('VerifyAuthorized.outcome', 'ALREADY_OK', 'UnmarkDone')],
      'Unmark',
    ),
    ...UNMARKS.map(([name, next]) =>
      saveRecord(name, 'Plan.rollbackJson', 'Takes the mark off the record again: nothing was removed.', {
        next,
        onFailure: next,
      }),
    ),
    {
      kind: 'call',
      name: 'Revoke',
      says: 'Removes the rules that the plan names, all of them in one call or none, by their ids.',
      service: 'ec2',
      api: 'RevokeSecurityGroupIngress',
      params: { GroupId: GROUP, SecurityGroupRuleIds: '{{Plan.revokeRuleIds}}' },
      outputs: [],
      next: 'Verify',
      onFailure: 'Verify',
      onCancel: 'Verify',
    },
    ask({
      name: 'Verify',
      says: 'Looks at what became of it, with the rule itself.',
      payload: { mode: 'verify', ...ofPlan(settings) },
      outputs: texts('outcome', 'detail'),
      timeoutSeconds: 240,
      onFailure: 'KeptBlind',
    }),
    branch(
      'VerifyOk',
      'Rolls nothing back on doubt: only a complete look that shows a lost port leads there.',
      [
        when('Verify.outcome', 'OK', 'MarkApplied'),
        when('Verify.outcome', 'ROLLBACK', 'RollbackWanted'),
        when('Verify.outcome', 'NOTHING_REVOKED', 'NothingRevoked'),
      ],
      'Kept',
    ),
    // The group is fixed either way; only the count of flaps would miss this run.
    saveRecord('MarkApplied', 'Plan.appliedJson', 'Marks the record as applied.', { next: 'Done', onFailure: 'Done' }),
    branch(
      'RollbackWanted',
      'Undoes the run only when told to.',
      [when('OnVerifyError', 'ROLLBACK', 'Rollback')],
      'Kept',
    ),
    {
      kind: 'run',
      name: 'Rollback',
      says: 'Undoes this run from its record.',
      document: ROLLBACK_DOCUMENT,
      parameters: { SecurityGroupId: GROUP, RecordId: RUN },
      next: 'RolledBack',
      onFailure: 'NotRolledBack',
    },
  ];
}
