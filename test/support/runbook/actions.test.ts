import { UnsupportedDocument } from './document.js';
import type { Doors, Payload, RunOptions } from './doors.js';
import { ask, branch, call, doors, failing, faultAt, run, runbook, type Step } from './small-runbooks.js';

describe('branches', () => {
  const chosen = async (condition: Step, given: Payload) => {
    const made = doors({ Planner: given });
    const outputs = { text: ['$.text', 'String'], number: ['$.number', 'Integer'], yes: ['$.yes', 'Boolean'] } as const;
    await run(
      [
        ask('Plan', outputs),
        branch('Fork', [{ NextStep: 'Yes', ...condition }], 'Otherwise'),
        call('Yes', { isEnd: true }),
        call('Otherwise', { isEnd: true }),
      ],
      made,
    );
    return made.names()[1];
  };
  const given = { text: 'Edit', number: 5, yes: true };
  const is = (name: string, constant: unknown, output = 'text'): Step => ({
    Variable: `{{Plan.${output}}}`,
    [name]: constant,
  });

  test.each([
    ['StringEquals', is('StringEquals', 'Edit'), is('StringEquals', 'edit')],
    ['EqualsIgnoreCase', is('EqualsIgnoreCase', 'EDIT'), is('EqualsIgnoreCase', 'split')],
    ['StartsWith', is('StartsWith', 'Ed'), is('StartsWith', 'it')],
    ['EndsWith', is('EndsWith', 'it'), is('EndsWith', 'Ed')],
    ['Contains', is('Contains', 'di'), is('Contains', 'xx')],
    ['NumericEquals', is('NumericEquals', 5, 'number'), is('NumericEquals', 6, 'number')],
    ['NumericGreater', is('NumericGreater', 4, 'number'), is('NumericGreater', 5, 'number')],
    ['NumericLesser', is('NumericLesser', 6, 'number'), is('NumericLesser', 5, 'number')],
    ['NumericGreaterOrEquals', is('NumericGreaterOrEquals', 5, 'number'), is('NumericGreaterOrEquals', 6, 'number')],
    ['NumericLesserOrEquals', is('NumericLesserOrEquals', 5, 'number'), is('NumericLesserOrEquals', 4, 'number')],
    ['BooleanEquals', is('BooleanEquals', true, 'yes'), is('BooleanEquals', false, 'yes')],
    ['a value of another type', is('NumericEquals', 5, 'number'), is('StringEquals', '5', 'number')],
    ['Not', { Not: is('StringEquals', 'Split') }, { Not: is('StringEquals', 'Edit') }],
    [
      'And',
      { And: [is('StringEquals', 'Edit'), is('NumericEquals', 5, 'number')] },
      { And: [is('StringEquals', 'Edit'), is('NumericEquals', 6, 'number')] },
    ],
    [
      'Or',
      { Or: [is('StringEquals', 'Split'), is('NumericEquals', 5, 'number')] },
      { Or: [is('StringEquals', 'Split'), is('NumericEquals', 6, 'number')] },
    ],
  ])('%s holds, or the default is taken', async (_, holding, other) => {
    expect(await chosen(holding, given)).toBe('Yes');
    expect(await chosen(other, given)).toBe('Otherwise');
  });

  test('the first choice that holds is taken', async () => {
    const made = doors();
    const always = { Variable: 'a', StringEquals: 'a' };
    await run(
      [
        branch('Fork', [
          { NextStep: 'Two', ...always },
          { NextStep: 'Three', ...always },
        ]),
        call('Two', { isEnd: true }),
        call('Three'),
      ],
      made,
    );
    expect(made.names()).toEqual(['Two']);
  });

  test('without a default, a branch falls through to the next step', async () => {
    const made = doors();
    const never = { NextStep: 'Three', Variable: 'a', StringEquals: 'b' };
    await run([branch('Fork', [never]), call('Two', { isEnd: true }), call('Three')], made);
    expect(made.names()).toEqual(['Two']);
  });

  test('a comparison that AWS does not know is refused', async () => {
    await expect(chosen(is('EqualsNumeric', 5, 'number'), given)).rejects.toThrow(UnsupportedDocument);
  });
});

describe('other actions', () => {
  test('the failing script fails with its message', async () => {
    expect(await run([failing('Refused', 'QUOTA_NO_HEADROOM')])).toMatchObject({
      status: 'Failed',
      message: 'REFUSED: QUOTA_NO_HEADROOM',
    });
  });

  test.each([
    ['does something else', 'def f(e, c):\n  return 1\n'],
    ['holds a reference', "def f(e, c):\n  raise Exception('{{Plan.summary}}')\n"],
    ['computes its message', 'def f(e, c):\n  raise Exception(str(e))\n'],
  ])('a script that %s is refused', async (_, script) => {
    const step = failing('Refused', 'x');
    const inputs = { ...(step['inputs'] as Payload), Script: script };
    await expect(run([{ ...step, inputs }])).rejects.toThrow(UnsupportedDocument);
  });

  test.each([
    ['agree', true, 'Success'],
    ['reject', false, 'Failed'],
  ])('approvers %s', async (_, agree, status) => {
    const made = doors();
    const asked: Payload[] = [];
    const withApprovers: Doors = { ...made.doors, approve: async (inputs) => (asked.push(inputs), agree) };
    const step = { name: 'Approve', action: 'aws:approve', inputs: { Message: 'plan', Approvers: ['arn:a'] } };
    expect((await run([step], made, { doors: withApprovers })).status).toBe(status);
    expect(asked).toEqual([{ Message: 'plan', Approvers: ['arn:a'] }]);
  });

  test('without approvers nothing is approved', async () => {
    expect((await run([{ name: 'Approve', action: 'aws:approve' }])).message).toBe('the approval was rejected');
  });

  test('a sleep lasts as long as it says', async () => {
    const made = doors();
    await run([{ name: 'Done', action: 'aws:sleep', inputs: { Duration: 'PT1M1S' } }], made);
    expect(made.calls).toEqual([{ name: 'sleep', params: { seconds: 61 } }]);
  });

  describe('a nested run', () => {
    const inner = (steps: readonly Step[]) => runbook(steps, { parameters: { Given: { type: 'String' } } });
    const nest = (more: Step = {}, given: Payload = { Given: '{{automation:EXECUTION_ID}}' }): Step => ({
      name: 'Rollback',
      action: 'aws:executeAutomation',
      inputs: { DocumentName: 'Inner', RuntimeParameters: given },
      ...more,
    });
    const runNested = (
      steps: readonly Step[],
      outer: readonly Step[],
      options: Partial<RunOptions> = {},
      made = doors(),
    ) => {
      const documentNamed = (name: string) => (name === 'Inner' ? inner(steps) : null);
      return run(outer, made, { ...options, doors: { ...made.doors, documentNamed } });
    };

    test('gets its parameters, and an execution id of its own', async () => {
      const made = doors();
      const text = { Text: '{{Given}} {{automation:EXECUTION_ID}}' };
      const result = await runNested([call('One', {}, text)], [nest()], { executionId: 'e-1' }, made);
      expect(made.calls[0]?.params).toEqual({ Text: 'e-1 e-1-1' });
      expect(result.steps.map(({ name }) => name)).toEqual(['Rollback/One', 'Rollback']);
    });

    test('that fails fails its step', async () => {
      const result = await runNested([call('Bad')], [nest({ onFailure: 'step:Two' }), call('One'), call('Two')]);
      expect(result).toMatchObject({ status: 'Failed', message: 'Bad was refused' });
      expect(result.steps.map(({ name }) => name)).toEqual(['Rollback/Bad', 'Rollback', 'Two']);
    });

    test('that cannot start fails its step', async () => {
      expect((await runNested([call('One')], [nest({}, {})])).message).toBe('parameter Given is missing');
      expect((await run([nest()])).message).toBe('there is no document Inner');
    });

    test.each([
      ['cancel', 'Cancelled'],
      ['crash', 'Crashed'],
    ] as const)('%s ends both runs', async (kind, status) => {
      const made = doors();
      const options = faultAt('Rollback/One', 'before', kind);
      expect((await runNested([call('One')], [nest(), call('Two')], options, made)).status).toBe(status);
      expect(made.names()).toEqual([]);
    });
  });
});
