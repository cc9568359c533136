import { parseDocument, UnsupportedDocument } from './document.js';
import type { Doors } from './doors.js';
import { runDocument, start } from './interpreter.js';
import { ask, branch, call, doors, faultAt, run, runbook } from './small-runbooks.js';
import { StepFailure } from './step-failure.js';

describe('faults', () => {
  const steps = [
    call('One', { onFailure: 'step:Mend', onCancel: 'step:Mend' }),
    call('Two', { isEnd: true }),
    call('Mend', { isEnd: true }),
  ];

  test.each([
    ['error', 'before', ['Mend'], 'Failed'],
    ['error', 'after', ['One', 'Mend'], 'Failed'],
    ['lost-answer', 'before', ['One', 'Mend'], 'Failed'],
    ['lost-answer', 'after', ['One', 'Mend'], 'Failed'],
    ['timeout', 'before', ['Mend'], 'TimedOut'],
    ['timeout', 'after', ['One', 'Mend'], 'TimedOut'],
    ['cancel', 'before', ['Mend'], 'Cancelled'],
    ['cancel', 'after', ['One', 'Mend'], 'Cancelled'],
    ['crash', 'before', [], 'Crashed'],
    ['crash', 'after', ['One'], 'Crashed'],
  ] as const)('%s %s a step: the calls are %j and the run is %s', async (kind, moment, calls, status) => {
    const made = doors();
    expect((await run(steps, made, faultAt('One', moment, kind))).status).toBe(status);
    expect(made.names()).toEqual(calls);
  });

  test('a cancelled step without onCancel ends the run, and is not tried again', async () => {
    const made = doors();
    const result = await run([call('One', { maxAttempts: 3 }), call('Two')], made, faultAt('One', 'after', 'cancel'));
    expect(result).toMatchObject({ status: 'Cancelled', message: 'fault: cancel' });
    expect(made.names()).toEqual(['One']);
  });

  test('a run that was cancelled stays cancelled, whatever happens afterwards', async () => {
    const result = await run(
      [call('One', { onCancel: 'step:Bad' }), call('Bad')],
      doors(),
      faultAt('One', 'before', 'cancel'),
    );
    expect(result.status).toBe('Cancelled');
    expect(result.steps.map(({ status }) => status)).toEqual(['Cancelled', 'Failed']);
  });

  test('a branch can fail too', async () => {
    const result = await run([branch('Fork', [], 'One'), call('One')], doors(), faultAt('Fork', 'before', 'error'));
    expect(result).toMatchObject({ status: 'Failed', message: 'fault: error' });
  });

  test('a door may say that it timed out', async () => {
    const made = doors();
    const slow: Doors = { ...made.doors, callApi: () => Promise.reject(new StepFailure('too slow', 'TimedOut')) };
    expect(await run([call('One')], made, { doors: slow })).toMatchObject({ status: 'TimedOut', message: 'too slow' });
  });
});

describe('step by step', () => {
  test('two runs are interleaved, and people act in between', async () => {
    const made = doors();
    const between = (upcoming: string) => void made.calls.push({ name: `person before ${upcoming}`, params: {} });
    const [one, two] = ['One', 'Two'].map((name) =>
      start(runbook([call(name), call(`${name}Again`)]), {}, { doors: made.doors, hooks: { between } }),
    );
    expect(await one!.next()).toMatchObject({ name: 'One', status: 'Success' });
    await two!.next();
    expect(() => one!.result()).toThrow(RangeError);
    await one!.next();
    expect(await one!.next()).toBeNull();
    expect(await one!.next()).toBeNull();
    expect(one!.result().status).toBe('Success');
    expect(made.names()).toEqual([
      'person before One',
      'One',
      'person before Two',
      'Two',
      'person before OneAgain',
      'OneAgain',
    ]);
  });
});

describe('documents that cannot be run', () => {
  test.each([
    ['of another schema', { ...runbook([call('One')]), schemaVersion: '2.2' }],
    ['with an action that is not known', runbook([{ name: 'One', action: 'aws:runCommand' }])],
    ['with a property that is not known', runbook([call('One', { onfailure: 'Abort' })])],
    ['with two steps of one name', runbook([call('One'), call('One')])],
    ['with a nextStep that is no step', runbook([call('One', { nextStep: 'None' })])],
    ['with an onFailure that is no step', runbook([call('One', { onFailure: 'step:None' })])],
    ['with a choice that leads nowhere', runbook([branch('Fork', [{ NextStep: 'None' }]), call('One')])],
    ['with a default that leads nowhere', runbook([branch('Fork', [], 'None')])],
    ['that goes on when it is cancelled', runbook([call('One', { onCancel: 'Continue' })])],
    [
      'that goes to sleep when it is cancelled',
      runbook([call('One', { onCancel: 'step:Done' }), { name: 'Done', action: 'aws:sleep' }]),
    ],
  ])('%s', (_, document) => {
    expect(() => start(document, {}, { doors: doors().doors })).toThrow(UnsupportedDocument);
  });

  test('with a parameter of a type that is not known', () => {
    const document = runbook([call('One')], { parameters: { Given: { type: 'AWS::EC2::VPC::Id' } } });
    expect(() => start(document, { Given: 'x' }, { doors: doors().doors })).toThrow('parameter Given has the type');
  });

  test('with a selector that is more than names and indexes', async () => {
    await expect(run([ask('Plan', { all: ['$..name', 'String'] })])).rejects.toThrow(UnsupportedDocument);
  });

  test('one that was parsed is not parsed again', async () => {
    const document = parseDocument(runbook([call('One')]));
    expect(parseDocument(document)).toBe(document);
    expect((await runDocument(document, {}, { doors: doors().doors })).status).toBe('Success');
  });
});
