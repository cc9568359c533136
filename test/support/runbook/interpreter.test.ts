import type { Doors, Payload } from './doors.js';
import { runDocument, start } from './interpreter.js';
import { InvalidParameters } from './parameters.js';
import { ask, call, doors, run, runbook } from './small-runbooks.js';
import { Fault } from './step-failure.js';

describe('the order of steps', () => {
  test('steps run one after the other', async () => {
    const made = doors();
    const result = await run([call('One'), call('Two')], made);
    expect(result).toMatchObject({ status: 'Success', message: '' });
    expect(made.names()).toEqual(['One', 'Two']);
  });

  test('nextStep jumps, and isEnd ends', async () => {
    const made = doors();
    await run([call('One', { nextStep: 'Three' }), call('Two'), call('Three', { isEnd: true }), call('Four')], made);
    expect(made.names()).toEqual(['One', 'Three']);
  });

  test('a failed step aborts the run', async () => {
    const made = doors();
    const result = await run([call('Bad'), call('Two')], made);
    expect(result).toMatchObject({ status: 'Failed', message: 'Bad was refused' });
    expect(made.names()).toEqual(['Bad']);
  });

  test('onFailure Continue goes on, and the run succeeds', async () => {
    const made = doors();
    expect((await run([call('Bad', { onFailure: 'Continue' }), call('Two')], made)).status).toBe('Success');
    expect(made.names()).toEqual(['Bad', 'Two']);
  });

  test('onFailure Continue follows nextStep', async () => {
    const made = doors();
    await run([call('Bad', { onFailure: 'Continue', nextStep: 'Three' }), call('Two'), call('Three')], made);
    expect(made.names()).toEqual(['Bad', 'Three']);
  });

  test('onFailure step:X goes there, and the run has failed all the same', async () => {
    const made = doors();
    const result = await run([call('Bad', { onFailure: 'step:Three' }), call('Two'), call('Three')], made);
    expect(result).toMatchObject({ status: 'Failed', message: 'Bad was refused' });
    expect(made.names()).toEqual(['Bad', 'Three']);
  });

  test('a failed step that is not critical does not fail the run', async () => {
    const result = await run([call('Bad', { onFailure: 'step:Two', isCritical: false }), call('Two')]);
    expect(result.status).toBe('Success');
    expect(result.steps.map(({ name, status }) => [name, status])).toEqual([
      ['Bad', 'Failed'],
      ['Two', 'Success'],
    ]);
  });

  test('a step that is the end ends the run even when it fails', async () => {
    const made = doors();
    await run([call('Bad', { isEnd: true, onFailure: 'step:Two' }), call('Two')], made);
    expect(made.names()).toEqual(['Bad']);
  });

  test('a step is tried maxAttempts times', async () => {
    const made = doors();
    const result = await run([call('Bad', { maxAttempts: 3 })], made);
    expect(made.names()).toEqual(['Bad', 'Bad', 'Bad']);
    expect(result.steps[0]).toMatchObject({ attempts: 3, status: 'Failed' });
  });

  test('a later attempt may succeed', async () => {
    const at = (_step: string, moment: string, attempt: number) => {
      if (moment === 'before' && attempt === 1) throw new Fault('error');
    };
    const result = await run([call('One', { maxAttempts: 2 })], doors(), { hooks: { at } });
    expect(result.steps[0]).toMatchObject({ attempts: 2, status: 'Success' });
  });

  test('a step that takes longer than its timeout has timed out, and its effect stands', async () => {
    let time = 0;
    const made = doors();
    const slow: Doors = { ...made.doors, callApi: async (...given) => ((time += 3_000), made.doors.callApi(...given)) };
    const options = { doors: slow, now: () => time };
    const result = await run([call('One', { timeoutSeconds: 2 })], made, options);
    expect(result).toMatchObject({ status: 'TimedOut' });
    expect(made.names()).toEqual(['One']);
    expect((await run([call('One', { timeoutSeconds: 3 })], made, options)).status).toBe('Success');
  });

  test('circles are refused', async () => {
    await expect(run([call('One', { nextStep: 'One' })])).rejects.toThrow('goes in circles');
  });
});

describe('values', () => {
  test('a text that is one reference keeps its type, at any depth; a reference within a text becomes text', async () => {
    const made = doors({ Planner: { port: 443, ids: ['sgr-1', 'sgr-2'], yes: true, name: 'web' } });
    const outputs = {
      port: ['$.port', 'Integer'],
      ids: ['$.ids', 'StringList'],
      yes: ['$.yes', 'Boolean'],
      name: ['$.name', 'String'],
    } as const;
    const params = {
      Port: '{{Plan.port}}',
      Deep: [{ Ids: '{{ Plan.ids }}', Yes: '{{Plan.yes}}' }],
      Text: 'group {{Plan.name}} on {{Plan.port}}: {{Plan.ids}}',
      Fixed: 7,
      None: null,
    };
    await run([ask('Plan', outputs), call('One', {}, params)], made);
    expect(made.calls[1]?.params).toEqual({
      Port: 443,
      Deep: [{ Ids: ['sgr-1', 'sgr-2'], Yes: true }],
      Text: 'group web on 443: ["sgr-1","sgr-2"]',
      Fixed: 7,
      None: null,
    });
  });

  test('what is filled in is not looked at again', async () => {
    const made = doors({ Planner: { summary: '{{Plan.secret}}' } });
    await run(
      [ask('Plan', { summary: ['$.summary', 'String'] }), call('One', {}, { Text: 'x {{Plan.summary}}' })],
      made,
    );
    expect(made.calls[1]?.params).toEqual({ Text: 'x {{Plan.secret}}' });
  });

  test('the place and the execution can be named', async () => {
    const made = doors();
    const text = '{{global:REGION}} {{global:ACCOUNT_ID}} {{global:AWS_PARTITION}} {{automation:EXECUTION_ID}}';
    await run([call('One', {}, { Text: text })], made, { executionId: 'e-1' });
    expect(made.calls[0]?.params).toEqual({ Text: 'us-east-1 111122223333 aws e-1' });
  });

  test('selectors are relative to what the function returned, into lists too', async () => {
    const made = doors({ Planner: { restore: { cidrIpv4: [{ source: '203.0.113.0/24' }] } } });
    const result = await run(
      [
        ask('Plan', {
          source: ['$.restore.cidrIpv4[0].source', 'String'],
          all: ['$.restore.cidrIpv4', 'MapList'],
          map: ['$.restore', 'StringMap'],
        }),
      ],
      made,
    );
    expect(result.steps[0]?.outputs).toEqual({
      source: '203.0.113.0/24',
      all: [{ source: '203.0.113.0/24' }],
      map: { cidrIpv4: [{ source: '203.0.113.0/24' }] },
    });
  });

  test.each(['$.none', '$.list[3]', '$.list.length', '$.text[0]', '$.nothing', '$.toString'])(
    'the selector %s finds nothing: the step fails, or the output is empty, as is chosen',
    async (selector) => {
      const answers = { Planner: { list: [1], text: 'abc', nothing: null } };
      const steps = [ask('Plan', { none: [selector, 'String'] }), call('One', {}, { Text: '{{Plan.none}}' })];
      const strict = await run(steps, doors(answers));
      expect(strict).toMatchObject({ status: 'Failed', message: `output Plan.none: ${selector} finds nothing` });
      const lenient = doors(answers);
      expect((await run(steps, lenient, { missingOutputs: 'empty' })).status).toBe('Success');
      expect(lenient.calls[1]?.params).toEqual({ Text: '' });
    },
  );

  test('an output of another type than declared fails the step', async () => {
    const result = await run([ask('Plan', { port: ['$.port', 'Integer'] })], doors({ Planner: { port: '443' } }));
    expect(result.message).toBe('output Plan.port: $.port finds "443", which is no Integer');
  });

  test('a reference to what no step gave fails the step, or is empty, as is chosen', async () => {
    const steps = [call('One', {}, { Text: '{{Plan.none}}' })];
    expect((await run(steps)).message).toContain('unresolved reference {{Plan.none}}');
    const made = doors();
    await run(steps, made, { missingOutputs: 'empty' });
    expect(made.calls[0]?.params).toEqual({ Text: '' });
    expect((await run([call('One', {}, { Text: '{{None}}' })], made, { missingOutputs: 'empty' })).status).toBe(
      'Failed',
    );
  });

  test('the outputs of the document are those that steps gave', async () => {
    const steps = [ask('Plan', { port: ['$.port', 'Integer'] })];
    const document = runbook(steps, { outputs: ['Plan.port', 'Plan.none'] });
    const result = await runDocument(document, {}, { doors: doors({ Planner: { port: 443 } }).doors });
    expect(result.outputs).toEqual({ 'Plan.port': 443 });
  });

  test('an error of a function fails its step, or is an answer without outputs, as is chosen', async () => {
    const made = doors();
    const steps = [{ ...ask('Plan', { kind: ['$.errorType', 'String'] }), inputs: { FunctionName: 'BadPlanner' } }];
    expect((await run(steps, made)).message).toBe('BadPlanner was refused');
    expect((await run(steps, made, { lambdaErrors: 'answer' })).steps[0]?.outputs).toEqual({ kind: 'Error' });
  });

  test.each([
    ['FunctionName is a list', { FunctionName: ['x'] }, 'input FunctionName is ["x"]; expected a text'],
    ['InputPayload is a text', { FunctionName: 'x', InputPayload: 'y' }, 'input InputPayload is "y"; expected a map'],
  ])('%s: the step fails', async (_, inputs, message) => {
    expect((await run([{ ...ask('Plan', {}), inputs }])).message).toBe(message);
  });
});

describe('parameters', () => {
  const withParameters = (parameters: Payload): Payload =>
    runbook([call('One', {}, { Got: '{{Given}}' })], { parameters });
  const started = async (parameters: Payload, given: Payload) => {
    const made = doors();
    await runDocument(withParameters(parameters), given, { doors: made.doors });
    return made.calls[0]?.params['Got'];
  };

  test('a default stands in, and a value given wins', async () => {
    const parameters = { Given: { type: 'String', default: 'true', allowedValues: ['true', 'false'] } };
    expect(await started(parameters, {})).toBe('true');
    expect(await started(parameters, { Given: 'false' })).toBe('false');
  });

  test.each([
    ['is missing', { type: 'String' }, {}, 'parameter Given is missing'],
    ['is of another type', { type: 'StringList' }, { Given: 'a' }, 'parameter Given is no StringList'],
    ['is not allowed', { type: 'String', allowedValues: ['a'] }, { Given: 'b' }, 'allowed: a'],
    ['does not fit the pattern', { type: 'String', allowedPattern: '^sg-' }, { Given: 'b' }, 'allowed: ^sg-'],
    ['is not known', { type: 'String', default: '' }, { Other: 'b' }, 'there is no parameter Other'],
  ])('a parameter that %s: the run does not start', async (_, parameter, given, message) => {
    const begun = () => start(withParameters({ Given: parameter }), given, { doors: doors().doors });
    expect(begun).toThrow(InvalidParameters);
    expect(begun).toThrow(message);
  });

  test('each item of a list is checked', async () => {
    const parameters = { Given: { type: 'StringList', allowedPattern: '^arn:', default: [] } };
    expect(await started(parameters, { Given: ['arn:a'] })).toEqual(['arn:a']);
    await expect(started(parameters, { Given: ['arn:a', 'b'] })).rejects.toThrow(InvalidParameters);
  });
});
