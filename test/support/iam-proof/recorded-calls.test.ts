import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CALLS_FOLDER, callRecorder, callWatcher, readCalls } from './recorded-calls.js';

const HOME = { accountId: '111122223333', region: 'eu-central-1' };
let folder: string;
let env: Readonly<Record<string, string>>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'origin-guard-calls-'));
  env = { [CALLS_FOLDER]: folder };
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const RAW = { method: 'POST', path: '/', headers: {}, body: '' };
const called = (accessKeyId: string, input: unknown = {}) => ({
  service: 'config',
  operation: 'PutEvaluations',
  region: HOME.region,
  accessKeyId,
  input,
});

it('a call is a line in a file that is named like the test, with nothing of what it said', () => {
  callWatcher('OriginGuardRule', HOME, { env })(called('key', { ResultToken: 'a-secret' }), RAW);
  expect(readdirSync(folder)).toEqual(['recorded-calls.test.ts.jsonl']);
  expect(readFileSync(join(folder, 'recorded-calls.test.ts.jsonl'), 'utf8')).not.toMatch(/a-secret|key/);
  expect(readCalls(folder)).toEqual([
    {
      role: 'OriginGuardRule',
      home: HOME,
      step: null,
      asked: [{ action: 'config:PutEvaluations', resource: '*', context: { 'aws:RequestedRegion': HOME.region } }],
    },
  ]);
});

it('a call with the keys of somebody else is nobody’s', () => {
  const watch = callWatcher('OriginGuardPlanner', HOME, { only: 'planner', env });
  watch(called('somebody'), RAW);
  expect(readCalls(folder)).toEqual([]);
  watch(called('planner'), RAW);
  expect(readCalls(folder)).toHaveLength(1);
});

it('a call of a runbook has its step', () => {
  const call = { service: 'ssm', operation: 'PutParameter', region: HOME.region, path: '', input: { Name: '/a' } };
  callRecorder('OriginGuardRemediation', HOME, env)(call, 'Save');
  expect(readCalls(folder)).toMatchObject([{ step: 'Save', asked: [{ action: 'ssm:PutParameter' }] }]);
});

it('nobody writes where no folder is named', () => {
  callWatcher('OriginGuardRule', HOME, { env: {} })(called('key'), RAW);
  expect(readdirSync(folder)).toEqual([]);
});
