import { run } from '../../cli/main.js';

const { argv, exitCode } = process;

afterEach(() => {
  process.argv = argv;
  process.exitCode = exitCode;
  jest.restoreAllMocks();
});

/** Runs the process's own command line, and takes what it adds to the process away again. */
async function runProcess(...words: readonly string[]) {
  const known = process.stdout.listeners('error');
  let stdout = '';
  let stderr = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((stdout += String(text))));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((stderr += String(text))));
  process.argv = ['node', 'origin-guard', ...words];
  process.exitCode = undefined;
  run();
  const added = process.stdout.listeners('error').filter((each) => !known.includes(each));
  const isRunning = () => process.exitCode === undefined;
  for (let turn = 0; turn < 500 && isRunning(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const each of added) process.stdout.off('error', each as () => void);
  return { code: process.exitCode, stdout, stderr, onError: added[0] as (error: unknown) => void };
}

test('reads the arguments of the process, writes to its streams and leaves its exit code', async () => {
  expect(await runProcess('rules')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('alb-sg-cloudfront-only'),
  });
  const wrong = await runProcess('scan');
  expect([wrong.code, wrong.stdout]).toEqual([2, '']);
  expect(wrong.stderr).toContain('E1003');
});

test('uses the clock of the process', async () => {
  const ran = await runProcess('scan', '--from', 'examples/article-before', '--format', 'json');
  expect([ran.code, ran.stderr]).toEqual([1, '']);
});

test('a reader that closes the pipe early is no failure; any other error of the stream is', async () => {
  const { onError } = await runProcess('rules');
  expect(() => onError(Object.assign(new Error('closed'), { code: 'EPIPE' }))).not.toThrow();
  expect(() => onError(Object.assign(new Error('disk full'), { code: 'ENOSPC' }))).toThrow('disk full');
});
