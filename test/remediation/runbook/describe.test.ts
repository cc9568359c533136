import { describeRunbook } from '../../../remediation/runbook/describe.js';
import type { Step } from '../../../remediation/runbook/steps.js';
import { authorize, decide, done, failed, guard, look, revoke, runbook, seen } from './small-runbook.js';

const steps: readonly Step[] = [
  { kind: 'approve', name: 'Approve', says: 'Waits.', topic: 'topic', message: 'message', approvers: '{{Approvers}}' },
  { ...guard, maxAttempts: 3 },
  decide,
  { ...authorize, onFailure: 'Seen', onCancel: 'Seen' },
  seen,
  look,
  { ...revoke, next: 'Run' },
  { kind: 'run', name: 'Run', says: 'Runs.', document: 'Other', parameters: {}, next: 'Done' },
  failed,
  done,
];
const page = describeRunbook(
  runbook({
    steps,
    parameters: { Mode: { type: 'String', says: 'How.', default: 'KEEP', allowedValues: ['KEEP', 'ROLLBACK'] } },
  }),
);
const sectionOf = (name: string): string => page.slice(page.indexOf(`### ${name}\n`)).split('\n### ')[0] ?? '';

it.each([
  ['Approve', ['Waits.', 'asks `{{Approvers}}`, told by `topic`, to approve `message`', 'then: [Guard](#guard)']],
  [
    'Guard',
    [
      'invokes the function `Planner`',
      'takes from its answer: `outcome`, `port`',
      'if it fails 3 times: the run ends as failed',
    ],
  ],
  ['Decide', ['if `{{Guard.outcome}}` is `OK`: [Authorize](#authorize)', 'else: [Failed](#failed)']],
  [
    'Authorize',
    [
      '**Writes.** Adds.',
      'calls `ec2:AuthorizeSecurityGroupIngress`',
      'if it fails: [Seen](#seen)',
      'if it is cancelled: [Seen](#seen)',
    ],
  ],
  ['Run', ['starts the runbook `Other`', 'then: [Done](#done)']],
  ['Failed', ['ends the run as failed with `failed: {{Guard.outcome}}`']],
  ['Done', ['ends the run as a success']],
])('%s says what it does and where it leads', (name, lines) => {
  for (const line of lines) expect(sectionOf(name)).toContain(line);
});

it('parameters come with what is allowed', () => {
  expect(page).toContain('| `Mode` | `"KEEP"` | How. One of `KEEP`, `ROLLBACK`. |');
  expect(describeRunbook(runbook())).toContain('| `GroupId` | none | A group. |');
});

it('the head says what comes before every write, and before every removal', () => {
  expect(page).toContain('[Guard](#guard) has answered and [Decide](#decide) has let it pass');
  const two = runbook({ order: { ...runbook().order, guard: { asks: 'Guard', branches: ['Decide', 'Look'] } } });
  expect(describeRunbook(two)).toContain('[Decide](#decide) and [Look](#look) have let it pass');
});

it('an output that is called something else in the answer says where it comes from', () => {
  const outputs = [...guard.outputs, { name: 'source1', selector: '$.restore[0].source', type: 'String' as const }];
  expect(describeRunbook(runbook({ steps: [{ ...guard, outputs }] }))).toContain(
    '`rules`, `source1` (`$.restore[0].source`)',
  );
});

it('a document whose last step is no end names no step after it', () => {
  expect(describeRunbook(runbook({ steps: [guard] }))).not.toContain('then:');
});
