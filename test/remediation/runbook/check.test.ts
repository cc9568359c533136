import { checkRunbook } from '../../../remediation/runbook/check.js';
import type { Runbook, Step } from '../../../remediation/runbook/steps.js';
import { authorize, decide, done, failed, guard, look, replacing, revoke, runbook, seen } from './small-runbook.js';

it('nothing is wrong with a runbook that guards, looks and ends', () => {
  expect(checkRunbook(runbook())).toEqual([]);
});

const more = (...steps: readonly Step[]): Runbook => runbook({ steps: [...runbook().steps, ...steps] });

it.each<readonly [string, Runbook, string]>([
  [
    'a reference to nothing',
    replacing({ ...authorize, params: { GroupId: '{{Nothing}}' } }),
    'step Authorize uses {{Nothing}}, which nothing declares',
  ],
  [
    'a reference to an output that the step does not declare',
    replacing({ ...authorize, params: { GroupId: '{{Guard.nothing}}' } }),
    'step Authorize uses {{Guard.nothing}}, which nothing declares',
  ],
  [
    'a number where a text belongs',
    replacing({ ...authorize, params: { GroupId: '{{Guard.port}}' } }),
    'step Authorize uses {{Guard.port}}, a Integer, where String belongs',
  ],
  [
    'a text where a number belongs',
    replacing({ ...authorize, params: { IpPermissions: [{ ToPort: '{{Guard.outcome}}' }] } }),
    'step Authorize uses {{Guard.outcome}}, a String, where Integer belongs',
  ],
  [
    'a text where a list belongs',
    replacing({ ...revoke, params: { SecurityGroupRuleIds: '{{Guard.outcome}}' } }),
    'step Revoke uses {{Guard.outcome}}, a String, where StringList belongs',
  ],
  [
    'a list inside a text',
    replacing({ ...failed, message: 'failed: {{Guard.rules}}' }),
    'step Failed uses {{Guard.rules}}, a StringList, inside a text',
  ],
  [
    'a choice that compares a text with true',
    replacing({ ...decide, choices: [{ variable: '{{Guard.outcome}}', equals: true, next: 'Authorize' }] }),
    'step Decide uses {{Guard.outcome}}, a String, where Boolean belongs',
  ],
  [
    'a choice that compares a flag with a number',
    replacing({ ...decide, choices: [{ variable: '{{Guard.isNeeded}}', equals: 1, next: 'Authorize' }] }),
    'step Decide uses {{Guard.isNeeded}}, a Boolean, where Integer belongs',
  ],
  [
    'an output of a step that may not have run',
    replacing({ ...failed, message: '{{Seen.outcome}}' }),
    'step Failed uses {{Seen.outcome}}, but may run without an answer of step Seen',
  ],
  [
    'a step that goes nowhere',
    replacing({ ...authorize, next: 'Nowhere' }),
    'step Authorize goes to Nowhere, which is no step',
  ],
  [
    'a failure that leads nowhere',
    replacing({ ...authorize, onFailure: 'Nowhere' }),
    'step Authorize goes to Nowhere, which is no step',
  ],
  [
    'a cancellation that leads nowhere',
    replacing({ ...authorize, onCancel: 'Nowhere' }),
    'step Authorize goes to Nowhere, which is no step',
  ],
  [
    'a branch that leads nowhere',
    replacing({ ...decide, otherwise: 'Nowhere' }),
    'step Decide goes to Nowhere, which is no step',
  ],
  ['two steps of one name', more(done), 'two steps are called Done'],
  ['a step that no way leads to', more({ ...done, name: 'Lost' }), 'no way leads to step Lost'],
  ['a way in a circle', replacing({ ...seen, onFailure: 'Authorize' }), 'step Authorize may lead to itself'],
  [
    'a last step that is no end',
    runbook({ steps: [guard, decide, failed, authorize] }),
    'step Authorize is the last, and no end',
  ],
  [
    'an output of a question that may have failed',
    runbook({
      steps: [
        ...runbook().steps.map((step) => (step === seen ? { ...seen, onFailure: 'Blind' } : step)),
        { ...failed, name: 'Blind', message: '{{Seen.outcome}}' },
      ],
    }),
    'step Blind uses {{Seen.outcome}}, but may run without an answer of step Seen',
  ],
  [
    'an output of the very step that uses it',
    replacing({ ...guard, payload: { outcome: '{{Guard.outcome}}' } }),
    'step Guard uses {{Guard.outcome}}, but may run without an answer of step Guard',
  ],
  [
    'braces that are no reference',
    replacing({ ...failed, message: 'failed: {{Guard-outcome}}' }),
    'step Failed holds braces that are no reference: failed: {{Guard-outcome}}',
  ],
  [
    'braces that nothing closes',
    replacing({ ...failed, message: 'failed: {{Guard.outcome' }),
    'step Failed holds braces that are no reference: failed: {{Guard.outcome',
  ],
  [
    'a role of which nothing is known before a step runs',
    runbook({ assumeRole: 'arn:aws:iam::{{Guard.outcome}}:role/small' }),
    'the role uses {{Guard.outcome}}, which nothing declares',
  ],
  [
    'a role with braces that are no reference',
    runbook({ assumeRole: '{{ role' }),
    'the role holds braces that are no reference: {{ role',
  ],
  [
    'a write before the guard',
    runbook({ steps: [{ ...authorize, name: 'Early', params: {} }, ...runbook().steps] }),
    'step Early writes, and may run without Guard',
  ],
  [
    'a write that a failure of the guard leads to',
    replacing({ ...guard, onFailure: 'Authorize' }),
    'step Authorize writes, and may run without Guard',
  ],
  [
    'a write that does not wait for what the guard says',
    replacing({ ...guard, next: 'Authorize' }),
    'step Authorize writes, and may run without Decide',
  ],
  [
    'a write to which the default of the branch on the guard leads',
    replacing({ ...decide, otherwise: 'Authorize' }),
    'step Authorize writes, and may run without Decide',
  ],
  [
    'a removal that does not wait for the look',
    replacing({ ...authorize, onFailure: 'Revoke' }),
    'step Revoke revokes, and may run without Seen',
  ],
  [
    'a removal to which the default of the branch on the look leads',
    replacing({ ...look, otherwise: 'Revoke' }),
    'step Revoke revokes, and may run without Look',
  ],
  [
    'a gate that looks at something else than what was asked',
    replacing({ ...look, choices: [{ variable: '{{Guard.outcome}}', equals: 'OK', next: 'Revoke' }] }),
    'gate Look chooses by {{Guard.outcome}}, and not by what Seen answers',
  ],
  [
    'a gate that is no branch',
    runbook({ order: { ...runbook().order, guard: { asks: 'Guard', branches: ['Seen'] } } }),
    'gate Seen is no branch',
  ],
  [
    'a gate that is not there',
    runbook({ order: { ...runbook().order, guard: { asks: 'Nobody', branches: ['Decide'] } } }),
    'step Authorize writes, and may run without Nobody',
  ],
  ['an output that is none of a step', runbook({ outputs: ['GroupId'] }), 'output GroupId is no output of a step'],
  [
    'an output of a type that no runbook of AWS takes as an input',
    replacing({
      ...guard,
      outputs: [...guard.outputs, { name: 'map', selector: '$.map', type: 'MapList' as never }],
    }),
    'output map of step Guard is a MapList; allowed: String, Integer, Boolean, StringList',
  ],
  [
    'more parameters than AWS Config hands over',
    runbook({
      parameters: {
        ...runbook().parameters,
        ...Object.fromEntries(
          Array.from({ length: 25 }, (_, at) => [`P${String(at)}`, { type: 'String', says: '' }] as const),
        ),
      },
    }),
    '26 parameters; allowed: 25',
  ],
])('%s is found', (_, broken, problem) => {
  expect(checkRunbook(broken)).toContain(problem);
});

it('approvals, other runbooks and parameters may be used where their type fits', () => {
  const steps: readonly Step[] = [
    {
      kind: 'approve',
      name: 'Approve',
      says: 'Waits.',
      topic: '{{GroupId}}',
      message: 'of {{GroupId}}',
      approvers: '{{Approvers}}',
    },
    {
      kind: 'run',
      name: 'Run',
      says: 'Runs.',
      document: 'Other',
      parameters: { RecordId: '{{automation:EXECUTION_ID}}' },
    },
    guard,
    decide,
    { ...authorize, params: { SecurityGroups: ['{{GroupId}}'], Overwrite: true, nothing: [] } },
    seen,
    { ...look, choices: [{ variable: '{{Seen.outcome}}', equals: 'OK', next: 'Done' }] },
    done,
    failed,
  ];
  const parameters: Runbook['parameters'] = {
    GroupId: { type: 'String', says: '' },
    Approvers: { type: 'StringList', says: '' },
  };
  expect(checkRunbook(runbook({ steps, parameters }))).toEqual([]);
});

it('a runbook without steps has no gates either', () => {
  expect(checkRunbook(runbook({ steps: [], outputs: [] }))).toEqual([
    'gate Decide is no branch',
    'gate Look is no branch',
  ]);
});
