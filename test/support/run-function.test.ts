import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFunction, type FunctionOptions, type Invoked, type InvokeOptions } from './run-function.js';

const FUNCTION = `
let count = 0;
exports.handler = async (event, context) => {
  count += 1;
  process.stdout.write(JSON.stringify({ level: 'info', event }) + '\\n');
  console.error('warned');
  if (event.do === 'throw') throw Object.assign(new RangeError('out of range'));
  if (event.do === 'throw-nothing') throw undefined;
  if (event.do === 'exit') process.exit(7);
  if (event.do === 'wait') await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (event.do === 'env') return Object.keys(process.env).filter((name) => !name.startsWith('AWS_')).sort();
  console.log('plain words');
  const { invokedFunctionArn, awsRequestId, functionName } = context;
  return { count, invokedFunctionArn, functionName, awsRequestId, left: context.getRemainingTimeInMillis() };
};
`;

let folder: string;
let options: FunctionOptions;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'origin-guard-function-'));
  const bundle = join(folder, 'function.js');
  await writeFile(bundle, FUNCTION);
  const caller = { region: 'eu-west-1', accessKeyId: 'testing', secretAccessKey: 'testing' };
  options = { bundle, caller, accountId: '123456789012', endpoint: 'http://127.0.0.1:1', load: 'once' };
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** One event for a process of its own, and how that ended. */
async function run(event: unknown, invoke?: InvokeOptions): Promise<Invoked & { readonly exit: number | null }> {
  const running = await startFunction(options);
  const invoked = await running.invoke(event, invoke);
  return { ...invoked, exit: await running.end() };
}

it('answers with what the function returned and wrote, in the context that Lambda gives', async () => {
  const invoked = await run({ some: 'event' }, { budgetMs: 5_000 });
  expect(invoked).toMatchObject({ ok: true, errorType: null, errorMessage: null, stderr: 'warned\n', exit: 0 });
  expect(invoked.lines).toEqual([{ level: 'info', event: { some: 'event' } }, 'plain words']);
  expect(invoked.result).toMatchObject({
    count: 1,
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:origin-guard-rule',
    functionName: 'origin-guard-rule',
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const { left } = invoked.result as { left: number };
  expect(left).toBeGreaterThan(4_000);
  expect(left).toBeLessThanOrEqual(5_000);
});

it('tells how the function failed', async () => {
  const thrown = await run({ do: 'throw' });
  expect(thrown).toMatchObject({ ok: false, errorType: 'RangeError', errorMessage: 'out of range', exit: 0 });
  const nothing = await run({ do: 'throw-nothing' });
  expect(nothing).toMatchObject({ ok: false, errorType: 'undefined' });
  const gone = await run({ do: 'exit' });
  expect(gone).toMatchObject({ ok: false, errorType: 'Runtime.ExitError', exit: 7 });
});

it('ends a function whose time is over, as Lambda does', async () => {
  const late = await run({ do: 'wait' }, { budgetMs: 200 });
  expect(late).toMatchObject({ ok: false, errorType: 'Sandbox.Timedout', exit: null });
  expect(late.milliseconds).toBeLessThan(2_000);
  expect(late.lines).toEqual([{ level: 'info', event: { do: 'wait' } }]);
});

it('keeps a process warm from one event to the next, and their lines apart', async () => {
  const running = await startFunction(options);
  const [first, second] = [await running.invoke({ at: 1 }), await running.invoke({ at: 2 })];
  expect([first.result, second.result]).toMatchObject([{ count: 1 }, { count: 2 }]);
  expect(second.lines[0]).toEqual({ level: 'info', event: { at: 2 } });
  expect(await running.end()).toBe(0);
  expect(await running.invoke({ at: 3 })).toMatchObject({ ok: false, errorType: 'Runtime.ExitError' });
});

it('loads the function anew for each event when it is told to', async () => {
  const running = await startFunction({ ...options, load: 'each-time' });
  const results = [await running.invoke({}), await running.invoke({})].map(({ result }) => result);
  expect(results).toMatchObject([{ count: 1 }, { count: 1 }]);
  expect(await running.end()).toBe(0);
});

it('hands on the settings and nothing of the environment of the tests', async () => {
  process.env['ORIGIN_GUARD_SECRET_OF_THE_TEST'] = 'x';
  const { result } = await run({ do: 'env' }, { settings: { LOG_LEVEL: 'info' } });
  delete process.env['ORIGIN_GUARD_SECRET_OF_THE_TEST'];
  expect(result).toEqual(['LOG_LEVEL', 'PATH']);
});

it('says why a bundle cannot be loaded', async () => {
  await writeFile(join(folder, 'function.js'), 'throw new Error("not today");');
  await expect(startFunction(options)).rejects.toThrow('not today');
});
