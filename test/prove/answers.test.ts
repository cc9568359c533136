import { OriginGuardError } from '../../core/errors.js';
import { missing } from '../../core/fact.js';
import { accepted, type RunState } from '../../core/proving.js';
import type { Question, QuestionId } from '../../prove/question.js';
import { QUESTIONS } from '../../prove/registry.js';
import { askAll } from '../../prove/run.js';
import { EMPTY, ended, failed, FakeSandbox, fakeWorld, refusal, ruleAt, RUN_ID, stepThat } from './fake-sandbox.js';

const questionOf = (id: QuestionId): Question => QUESTIONS.find((question) => question.id === id)!;

/** What one question learns in a world; nothing may be left of it. */
async function ask(id: QuestionId, does: FakeSandbox['does'] = {}, survey = EMPTY): Promise<string> {
  const sandbox = new FakeSandbox(does);
  const [answered] = await askAll(
    { sandbox, world: fakeWorld(), record: () => undefined },
    { questions: [questionOf(id)], survey, run: RUN_ID, isOver: () => false },
  );
  expect([...sandbox.stacks.keys()]).toEqual([]);
  return `${answered?.answer.kind ?? '?'}: ${answered?.answer.says ?? ''}`;
}

const runsAs = (...states: readonly RunState[]): FakeSandbox['does'] => {
  const left = [...states];
  return { run: async () => (left.length > 1 ? left.shift()! : left[0]!) };
};
const stackFails = (reason: string): FakeSandbox['does'] => ({
  stack: async () => ({ status: 'CREATE_FAILED', run: RUN_ID, outputs: {} }),
  firstFailure: async () => reason,
  // The stack stays in sight, so that only its removal ends it.
  deleteStack: async () => accepted(null),
});

describe('U1, findings of pack rules', () => {
  const plain = `origin-guard-prove-${RUN_ID}-u1-plain`;
  // What the plain rule is called is the output of the stack: the fake gives the name of the resource.
  const pack = 'origin-guard-prove-u1-conformance-pack-abc';

  it('yes: the finding of the pack rule is there', async () => {
    expect(await ask('U1', { findingTitles: async () => ['Plain', pack] })).toBe(
      'yes: the finding of the pack rule is there',
    );
  });
  it('no: only the one of the plain rule came', async () => {
    expect(await ask('U1', { findingTitles: async () => ['Plain'] })).toMatch(
      /^no: the finding of the plain rule is there/,
    );
  });
  it('not answered: neither came', async () => {
    expect(await ask('U1', { findingTitles: async () => [] })).toBe(
      'not-answered: the finding of the plain rule did not come either',
    );
    expect(plain).toContain(RUN_ID);
  });
  it('not answered: the rule had no result', async () => {
    expect(await ask('U1', { ruleStatus: async () => ({ invokedAt: null, evaluatedAt: null }) })).toMatch(
      /^not-answered: .*no result/,
    );
  });
});

describe('U2, a whole ARN', () => {
  it('yes: the function answered', async () => {
    expect(await ask('U2', runsAs(ended([stepThat('Ask', { outputs: { word: ['heard'] } })])))).toMatch(/^yes: /);
  });
  it('no: the step failed', async () => {
    expect(await ask('U2', runsAs(ended([failed('Ask', 'not a name')], { status: 'Failed' })))).toBe(
      'no: a whole ARN fails: Failed: not a name',
    );
  });
  it('not answered: a refusal that stays may be the role of the experiment', async () => {
    expect(await ask('U2', runsAs(ended([failed('Ask', 'AccessDeniedException')], { status: 'Failed' })))).toMatch(
      /^not-answered: the role of the experiment was refused/,
    );
  });
  it('yes: a refusal that passes is the role being new', async () => {
    const refused = ended([failed('Ask', 'AccessDeniedException')], { status: 'Failed' });
    const good = ended([stepThat('Ask', { outputs: { word: ['heard'] } })]);
    expect(await ask('U2', runsAs(refused, refused, good))).toMatch(/^yes: /);
  });
  it('not answered: the run does not end', async () => {
    expect(await ask('U2', runsAs(ended([], { status: 'InProgress' })))).toBe(
      'not-answered: the execution did not end in time',
    );
  });
  it('not answered: nobody may start it', async () => {
    expect(await ask('U2', { startRun: async () => refusal('AccessDeniedException') })).toBe(
      'not-answered: the execution was not taken: AccessDeniedException: no',
    );
  });
});

it('U3 is not asked, and says how', async () => {
  expect(await ask('U3')).toMatch(/^not-asked: needs an organization; in a member account, /);
});

describe('U4, an imported function', () => {
  it('yes: the pack was made', async () => {
    expect(await ask('U4')).toBe('yes: a pack of this account was made, and its rule has the function');
  });

  const fails = (message: string): FakeSandbox['does'] => ({
    createStack: async ({ name }) => (name.endsWith('-u4-pack') ? refusal('X', message) : accepted(null)),
  });
  it('no: the pack was refused for it', async () => {
    expect(await ask('U4', fails('Fn::ImportValue is no function of packs'))).toBe(
      'no: the pack was refused: X: Fn::ImportValue is no function of packs',
    );
  });
  it('not answered: the pack was refused for something else', async () => {
    expect(await ask('U4', fails('too many packs'))).toBe('not-answered: its stack was not made: X: too many packs');
  });
  it('not answered: whoever runs it may not make packs', async () => {
    expect(await ask('U4', fails('user is not authorized to perform: SourceIdentifier'))).toMatch(/^not-answered: /);
  });
});

describe('U5, errors of functions', () => {
  const answers = stepThat('Answers', { outputs: { present: ['here'] } });
  it('yes: both steps fail', async () => {
    expect(await ask('U5', runsAs(ended([answers, failed('Throws', 'thrown'), failed('Misses', 'no match')])))).toBe(
      'yes: a function that throws: Failed: thrown; a selector that finds nothing: Failed: no match',
    );
  });
  it('no: one of them succeeds, with what it gave', async () => {
    const misses = stepThat('Misses', { outputs: { absent: [''] } });
    expect(await ask('U5', runsAs(ended([answers, stepThat('Throws'), misses])))).toBe(
      'no: a function that throws: Success; a selector that finds nothing: Success, output [""]',
    );
  });
  it('not answered: the step that must succeed does not', async () => {
    expect(await ask('U5', runsAs(ended([failed('Answers', 'x'), failed('Throws', 'x')])))).toBe(
      'not-answered: the step that must succeed: Failed: x',
    );
  });
  it('not answered: a step was not reached', async () => {
    expect(await ask('U5', runsAs(ended([answers, failed('Throws', 'x')])))).toMatch(
      /^not-answered: .*was not reached/,
    );
  });
});

describe('U6, automatic remediation', () => {
  const does = (runs: number, exceptions: readonly string[]): FakeSandbox['does'] => ({
    runsOf: async () => Array.from({ length: runs }, () => 'Success'),
    exceptionsOf: async () => exceptions,
  });
  it.each([
    [2, ['failed twice'], 'yes: 2 runs in 20 minutes, with 2 attempts allowed, then an exception: failed twice'],
    [5, [], 'no: 5 runs in 20 minutes, with 2 attempts allowed, and no exception'],
    [2, [], 'not-answered: 2 runs in 20 minutes, with 2 attempts allowed, and no exception'],
    [0, ['x'], 'not-answered: 0 runs in 20 minutes, with 2 attempts allowed, and an exception'],
    [0, [], 'not-answered: 0 runs in 20 minutes, with 2 attempts allowed, and no exception'],
  ])('%d runs and exceptions %j', async (runs, exceptions, answer) => {
    expect(await ask('U6', does(runs, exceptions))).toBe(answer);
  });
});

describe('U7, a list of maps', () => {
  const good = ended([stepThat('Ask'), stepThat('Authorize')]);
  it('yes: the rule is there as it was meant', async () => {
    expect(await ask('U7', { ...runsAs(good), rulesOf: async () => [ruleAt('192.0.2.1/32')] })).toMatch(/^yes: /);
  });
  it('no: the call was refused, and nothing is there', async () => {
    const bad = ended([stepThat('Ask'), failed('Authorize', 'FromPort: expected an integer')], { status: 'Failed' });
    expect(await ask('U7', runsAs(bad))).toBe('no: step Authorize Failed: FromPort: expected an integer');
  });
  it.each([
    ['it succeeded and nothing is there', good, []],
    ['another rule is there', good, [ruleAt('192.0.2.1/32', { fromPort: 0 })]],
    [
      'it failed and something is there',
      ended([failed('Authorize', 'x')], { status: 'Failed' }),
      [ruleAt('192.0.2.1/32')],
    ],
    ['the role was refused', ended([failed('Authorize', 'UnauthorizedOperation')], { status: 'Failed' }), []],
  ])('not answered: %s', async (_, state, rules) => {
    expect(await ask('U7', { ...runsAs(state), rulesOf: async () => rules })).toMatch(/^not-answered: /);
  });
});

describe('U8, a role of another account', () => {
  it('yes: the pack was made', async () => {
    expect(await ask('U8')).toBe('yes: a pack of this account was made with it');
  });
  it.each([
    ['no: the pack was refused: AutomationAssumeRole must be yours', 'AutomationAssumeRole must be yours'],
    ['not-answered: its stack was not made: internal failure', 'internal failure'],
  ])('%s', async (answer, reason) => {
    const sandbox = stackFails(reason);
    let looks = 0;
    // Made once, found failed once, and gone after it was removed.
    sandbox.stack = async () => {
      looks += 1;
      return looks <= 2 ? { status: 'CREATE_FAILED', run: RUN_ID, outputs: {} } : null;
    };
    expect(await ask('U8', sandbox)).toBe(answer);
  });
});

describe('U9, the tag in a condition', () => {
  const one = [ruleAt('192.0.2.1/32')];
  const refused = (name: string) => failed(name, 'UnauthorizedOperation');
  const world = (state: RunState, left: readonly string[]): FakeSandbox['does'] => ({
    ...runsAs(state),
    rulesOf: async (group) => (left.includes(group) ? one : []),
  });
  const all = ['Open', 'Exempt', 'Later'];
  it('yes: only the exempt group was kept', async () => {
    const state = ended([stepThat('RevokeOpen'), refused('RevokeExempt'), stepThat('RevokeLater')]);
    expect(await ask('U9', world(state, ['Exempt']))).toMatch(/^yes: /);
  });
  it('no: the exempt group was edited', async () => {
    const state = ended([stepThat('RevokeOpen'), stepThat('RevokeExempt'), stepThat('RevokeLater')]);
    expect(await ask('U9', world(state, []))).toBe('no: the rule of an exempt group was removed too');
  });
  it('no: nothing can be edited, even later', async () => {
    expect(await ask('U9', world(ended([refused('RevokeOpen')], { status: 'Failed' }), all))).toMatch(
      /^no: the role is refused for a group without the tag too, several times over/,
    );
  });
  it.each([
    [
      'the refusal came while the role was still new',
      [stepThat('RevokeOpen'), refused('RevokeExempt'), refused('RevokeLater')],
      ['Exempt', 'Later'],
    ],
    ['the first failed for something else', [failed('RevokeOpen', 'Throttled')], all],
    [
      'the exempt one failed for something else',
      [stepThat('RevokeOpen'), failed('RevokeExempt', 'x'), stepThat('RevokeLater')],
      ['Exempt'],
    ],
    [
      'a removal changed nothing',
      [stepThat('RevokeOpen'), refused('RevokeExempt'), stepThat('RevokeLater')],
      ['Exempt', 'Open'],
    ],
  ])('not answered: %s', async (_, steps, left) => {
    expect(await ask('U9', world(ended(steps), left))).toMatch(/^not-answered: /);
  });
});

describe('U10, a skipped approval', () => {
  it('yes: the run succeeds', async () => {
    expect(await ask('U10', runsAs(ended([stepThat('NeedApproval'), stepThat('Done')])))).toBe(
      'yes: the run succeeded, and step Approve was not reached',
    );
  });
  it('no: the run is not taken', async () => {
    expect(
      await ask('U10', { startRun: async () => refusal('InvalidAutomationExecutionParametersException', 'Approvers') }),
    ).toMatch(/^no: the execution was not taken/);
  });
  it('no: the document is not taken', async () => {
    expect(
      await ask('U10', { createStack: async () => refusal('X', 'InvalidDocumentContent: NotificationArn is empty') }),
    ).toMatch(/^no: the document is refused/);
  });
  it('no: the run fails for it', async () => {
    expect(await ask('U10', runsAs(ended([], { status: 'Failed', failure: 'Approvers must not be empty' })))).toMatch(
      /^no: the run failed/,
    );
  });
  it.each([
    ['the run failed for something else', runsAs(ended([], { status: 'Failed', failure: 'internal' }))],
    [
      'nobody may start it',
      { startRun: async () => refusal('AccessDeniedException', 'not authorized to perform: Parameter') },
    ],
    ['the stack failed for something else', { createStack: async () => refusal('LimitExceededException') }],
  ])('not answered: %s', async (_, does) => {
    expect(await ask('U10', does)).toMatch(/^not-answered: /);
  });
});

describe('U12, an evaluation on demand', () => {
  const [before, after] = ['2026-11-29T16:00:00.000Z', '2026-11-29T16:10:00.000Z'];
  it('yes: the function is asked again', async () => {
    let asked = false;
    const does: FakeSandbox['does'] = {
      evaluate: async () => {
        asked = true;
        return accepted(null);
      },
      ruleStatus: async () => ({ invokedAt: asked ? after : before, evaluatedAt: before }),
    };
    expect(await ask('U12', does)).toBe('yes: it was taken, and the function was asked again');
  });
  it('no: the rule may not be asked', async () => {
    expect(
      await ask('U12', { evaluate: async () => refusal('InvalidParameterValueException', 'service-linked') }),
    ).toBe('no: it was refused: InvalidParameterValueException: service-linked');
  });
  it.each([
    ['it is not seen to be asked again', { ruleStatus: async () => ({ invokedAt: before, evaluatedAt: before }) }],
    ['it is always too soon', { evaluate: async () => refusal('LimitExceededException') }],
    ['whoever runs it may not ask', { evaluate: async () => refusal('AccessDeniedException') }],
  ])('not answered: %s', async (_, does) => {
    expect(await ask('U12', does)).toMatch(/^not-answered: /);
  });
});

describe('a question is not asked', () => {
  it.each<[QuestionId, Partial<typeof EMPTY>, string]>([
    [
      'U12',
      { recorder: { known: true, value: 'none' } },
      'AWS Config has no recorder in this Region, and none is turned on here',
    ],
    [
      'U12',
      { recorder: { known: true, value: 'stopped' } },
      'the recorder of AWS Config is stopped in this Region, and is not started here',
    ],
    [
      'U1',
      { securityHub: { known: true, value: 'off' } },
      'Security Hub is off in this Region, and is not turned on here',
    ],
    [
      'U1',
      { securityHub: missing({ fact: 'x', cause: 'access-denied', detail: 'allow securityhub:DescribeHub' }) },
      'allow securityhub:DescribeHub',
    ],
    [
      'U11',
      { prefixLists: { known: true, value: { ipv4: null, ipv6: null } } },
      "the Region has no prefix list of CloudFront's for IPv4",
    ],
  ])('%s where %j', async (id, survey, why) => {
    expect(await ask(id, {}, { ...EMPTY, ...survey })).toBe(`not-asked: ${why}`);
  });
});

describe('what goes wrong', () => {
  it('not answered: AWS fails in the middle, and what was made is removed', async () => {
    const fails = async () => Promise.reject(new OriginGuardError('E2001', 'reading failed'));
    expect(await ask('U7', { rulesOf: fails })).toBe('not-answered: E2001: reading failed');
  });

  it('waits for the rule of a new pack to show, and does not take one of several', async () => {
    let looks = 0;
    const late = async () => ((looks += 1) < 3 ? [] : ['r']);
    expect(await ask('U6', { rulesOfPack: late })).toMatch(/^yes: /);
    expect(await ask('U6', { rulesOfPack: async () => ['r', 's'] })).toMatch(/^not-answered: E2006: .* has 2 rules/);
  });

  it('a fault of ours is no answer', async () => {
    const broken: Question = { ...questionOf('U7'), answer: (seen) => seen.of('room', 'nothing') as never };
    const work = { sandbox: new FakeSandbox(), world: fakeWorld(), record: () => undefined };
    const asking = askAll(work, { questions: [broken], survey: EMPTY, run: RUN_ID, isOver: () => false });
    await expect(asking).rejects.toMatchObject({ code: 'E9001' });
  });

  it('nothing more is begun when the time is over', async () => {
    const sandbox = new FakeSandbox();
    const answered = await askAll(
      { sandbox, world: fakeWorld(), record: () => undefined },
      { questions: [questionOf('U7')], survey: EMPTY, run: RUN_ID, isOver: () => true },
    );
    expect(answered.map(({ answer }) => answer)).toEqual([
      { kind: 'not-answered', says: 'the run ended before it was asked' },
    ]);
    expect(sandbox.calls).toEqual([]);
  });
});
