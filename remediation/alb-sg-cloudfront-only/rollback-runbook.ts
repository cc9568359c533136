import type { AskStep, CallStep, Input, Output, Parameter, Runbook, Step } from '../runbook/steps.js';
import { rollbackEnds } from './rollback-ends.js';
import { STRATEGIES } from '../../core/plan.js';
import { RESTORE_SLOTS, type RestoreKind } from './result.js';
import {
  APPROVAL_PARAMETERS,
  asking,
  branch,
  DEFAULT_SETTINGS,
  flags,
  GROUP,
  lists,
  numbers,
  RECORD,
  saveRecord,
  texts,
  when,
  type RunbookSettings,
} from './step-builders.js';

export const ROLLBACK_DOCUMENT = 'OriginGuard-Rollback-v1';

const PARAMETERS: Readonly<Record<string, Parameter>> = {
  ...APPROVAL_PARAMETERS,
  RecordId: {
    type: 'String',
    says: 'The id of the run to undo. Nothing else says what is restored.',
    allowedPattern: '^[0-9a-zA-Z_-]{1,64}$',
  },
};

/** The kinds of rules to restore, in order, with the member of a permission that holds the source. */
const KINDS: readonly {
  readonly kind: RestoreKind;
  readonly word: string;
  readonly member: string;
  readonly key: string;
}[] = [
  { kind: 'cidrIpv4', word: 'Ipv4', member: 'IpRanges', key: 'CidrIp' },
  { kind: 'cidrIpv6', word: 'Ipv6', member: 'Ipv6Ranges', key: 'CidrIpv6' },
  { kind: 'prefixList', word: 'List', member: 'PrefixListIds', key: 'PrefixListId' },
  { kind: 'securityGroup', word: 'Group', member: 'UserIdGroupPairs', key: 'GroupId' },
];

/** The runbook that undoes one run from the record that it stored, and from nothing else. */
export function rollbackRunbook(settings: RunbookSettings = DEFAULT_SETTINGS): Runbook {
  const ask = asking(settings);
  return {
    name: ROLLBACK_DOCUMENT,
    says: 'Origin Guard: undoes one run of the fixer, by the id of the record that it stored.',
    assumeRole: settings.assumeRole,
    parameters: PARAMETERS,
    steps: [
      branch(
        'NeedApproval',
        'Asks a person only when told to.',
        [when('RequireApproval', 'true', 'Preview')],
        'PlanRollback',
      ),
      ask({
        name: 'Preview',
        says: 'Asks the planner what there is to undo, for the person who approves.',
        payload: question('plan'),
        outputs: texts('decision', 'reasonCode', 'summary'),
      }),
      decide('Preview', 'WorthAsking', { goOn: 'Approve', end: 'Done', refused: 'RefusedEarly' }),
      {
        kind: 'approve',
        name: 'Approve',
        says: 'Waits until a person approves, for a day at most.',
        topic: '{{NotificationTopicArn}}',
        message: '{{Preview.summary}}',
        approvers: '{{Approvers}}',
        timeoutSeconds: 86_400,
      },
      ask({
        name: 'PlanRollback',
        says: 'Asks the planner what is left to undo: an approval may take a day. It reads the record and the group, and changes nothing.',
        payload: question('plan'),
        outputs: planOutputs(),
      }),
      decide('PlanRollback', 'Decide', { goOn: firstOf(0), end: 'MarkUndone', refused: 'Refused' }),
      ...KINDS.flatMap((_, at) => restoring(at)),
      ...verifying(ask),
      ...rollbackEnds(),
    ],
    outputs: ['PlanRollback.decision', 'PlanRollback.reasonCode', 'PlanRollback.summary'],
    order: {
      guard: { asks: 'PlanRollback', branches: ['Decide'] },
      beforeRevoke: { asks: 'VerifyRestored', branches: ['RestoredOk', 'GroupsOk', 'AddedLeft'] },
    },
  };
}

/** Ends where everything is as it was, and fails where the record or the group does not allow it. */
const decide = (
  asked: string,
  name: string,
  { goOn, end, refused }: Readonly<Record<'goOn' | 'end' | 'refused', string>>,
): Step =>
  branch(
    name,
    'Ends here when everything is as it was; fails when the record or the group does not allow it.',
    [
      when(`${asked}.decision`, 'NOOP', end),
      ...STRATEGIES.map((strategy) => when(`${asked}.decision`, strategy, goOn)),
    ],
    refused,
  );

const question = (phase: 'plan' | 'rules' | 'groups'): AskStep['payload'] => ({
  mode: 'rollback',
  phase,
  securityGroupId: GROUP,
  recordId: RECORD,
});

const slotName = (word: string, at: number, field: string): string => `${word.toLowerCase()}${String(at + 1)}${field}`;

/** What the first question answers: what to restore, in as many scalars as there are slots. */
function planOutputs(): readonly Output[] {
  return [
    ...texts('decision', 'reasonCode', 'summary', 'loadBalancerArn', 'undoneJson'),
    ...lists('originalSecurityGroups'),
    ...numbers('groupsLeft'),
    ...KINDS.flatMap(({ kind, word }) => [
      { name: `restore${word}`, selector: `$.restoreCounts.${kind}`, type: 'Integer' } as const,
      ...Array.from({ length: RESTORE_SLOTS[kind] }, (_, at) => slotOutputs(kind, word, at)).flat(),
    ]),
  ];
}

const slotOutputs = (kind: RestoreKind, word: string, at: number): readonly Output[] =>
  (
    [
      ['protocol', 'String'],
      ['fromPort', 'Integer'],
      ['toPort', 'Integer'],
      ['source', 'String'],
      ['description', 'String'],
    ] as const
  ).map(([field, type]) => ({
    name: slotName(word, at, field),
    selector: `$.restore.${kind}[${String(at)}].${field}`,
    type,
  }));

/** The step at which the rules of one kind begin; after the last kind comes the look at all of them. */
function firstOf(at: number): string {
  const kind = KINDS[at];
  return kind === undefined ? 'VerifyRules' : `Restore${kind.word}`;
}

/** Jumps into a row of steps by how many rules there are; each restores one and goes on to the one below it. */
function restoring(at: number): readonly Step[] {
  const [{ kind, word } = { kind: 'cidrIpv4', word: '' } as const] = KINDS.slice(at);
  const slots = Array.from({ length: RESTORE_SLOTS[kind] }, (_, index) => RESTORE_SLOTS[kind] - 1 - index);
  return [
    branch(
      `Restore${word}`,
      'Goes to as many of the next steps as there are rules of this kind.',
      slots.map((index) => when(`PlanRollback.restore${word}`, index + 1, `Restore${word}${String(index + 1)}`)),
      firstOf(at + 1),
    ),
    ...slots.map((index) => restoreStep(at, index)),
  ];
}

/** Puts one rule back. A failure goes on: the rule may be there already, and the look afterwards sees what is missing. */
function restoreStep(at: number, index: number): CallStep {
  const [{ word, member, key } = { word: '', member: '', key: '' }] = KINDS.slice(at);
  const of = (field: string): string => `{{PlanRollback.${slotName(word, index, field)}}}`;
  const permission: Input = {
    IpProtocol: of('protocol'),
    FromPort: of('fromPort'),
    ToPort: of('toPort'),
    [member]: [{ [key]: of('source'), Description: of('description') }],
  };
  const next = index === 0 ? firstOf(at + 1) : `Restore${word}${String(index)}`;
  return {
    kind: 'call',
    name: `Restore${word}${String(index + 1)}`,
    says: 'Puts one rule back.',
    service: 'ec2',
    api: 'AuthorizeSecurityGroupIngress',
    params: { GroupId: GROUP, IpPermissions: [permission] },
    outputs: [],
    next,
    onFailure: next,
  };
}

function verifying(ask: ReturnType<typeof asking>): readonly Step[] {
  return [
    ask({
      name: 'VerifyRules',
      says: 'Sees that every rule of the record is there.',
      payload: question('rules'),
      outputs: [...texts('summary'), ...numbers('restoreLeft'), ...texts('decision')],
      onFailure: 'NotSeen',
    }),
    branch(
      'RulesOk',
      'Gives no groups back before the rules are seen.',
      [when('VerifyRules.decision', 'REFUSE', 'NotRestored'), when('VerifyRules.restoreLeft', 0, 'GroupsLeft')],
      'NotRestored',
    ),
    branch(
      'GroupsLeft',
      'Skips a list of groups that is as it was.',
      [when('PlanRollback.groupsLeft', 1, 'SetSecurityGroups')],
      'VerifyRestored',
    ),
    {
      kind: 'call',
      name: 'SetSecurityGroups',
      says: 'Gives the load balancer its original list of groups back, in one call.',
      service: 'elbv2',
      api: 'SetSecurityGroups',
      params: {
        LoadBalancerArn: '{{PlanRollback.loadBalancerArn}}',
        SecurityGroups: '{{PlanRollback.originalSecurityGroups}}',
      },
      outputs: [],
      next: 'VerifyRestored',
      onFailure: 'VerifyRestored',
    },
    ask({
      name: 'VerifyRestored',
      says: 'Sees that the rules and the list of groups are as they were.',
      payload: question('groups'),
      outputs: [
        ...texts('decision', 'summary'),
        ...numbers('restoreLeft', 'groupsLeft'),
        ...flags('revokeNeeded'),
        ...lists('revokeRuleIds'),
      ],
      onFailure: 'NotSeen',
    }),
    branch(
      'RestoredOk',
      'Removes nothing before everything is seen to be back.',
      [
        when('VerifyRestored.decision', 'NOOP', 'MarkUndone'),
        when('VerifyRestored.decision', 'REFUSE', 'NotBack'),
        when('VerifyRestored.restoreLeft', 0, 'GroupsOk'),
      ],
      'NotBack',
    ),
    branch(
      'GroupsOk',
      'Removes nothing before the list of groups is back.',
      [when('VerifyRestored.groupsLeft', 0, 'AddedLeft')],
      'NotBack',
    ),
    branch(
      'AddedLeft',
      'Ends here when the run added nothing.',
      [when('VerifyRestored.revokeNeeded', true, 'RemoveAdded')],
      'MarkUndone',
    ),
    {
      kind: 'call',
      name: 'RemoveAdded',
      says: 'Removes the rules that the run added, by their ids.',
      service: 'ec2',
      api: 'RevokeSecurityGroupIngress',
      params: { GroupId: GROUP, SecurityGroupRuleIds: '{{VerifyRestored.revokeRuleIds}}' },
      outputs: [],
      next: 'MarkUndone',
      onFailure: 'AddedStay',
    },
    saveRecord(
      'MarkUndone',
      'PlanRollback.undoneJson',
      'Marks the record: it serves once, and never opens again what a person closes later.',
      { next: 'Done', onFailure: 'NotMarked' },
      RECORD,
    ),
  ];
}
