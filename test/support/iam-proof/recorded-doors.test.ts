import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CALLS_FOLDER, readCalls } from './recorded-calls.js';
import { recordedDoors } from './recorded-doors.js';

const HOME = { accountId: '111122223333', region: 'eu-central-1' };
const BY = { executionId: 'run', step: 'Step' };
const before = { ...process.env };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'origin-guard-calls-'));
  process.env = { ...before, [CALLS_FOLDER]: folder };
});

afterEach(() => {
  process.env = before;
  rmSync(folder, { recursive: true });
});

const doors = () =>
  recordedDoors(
    {
      invokeLambda: () => Promise.resolve('answer'),
      callApi: () => Promise.reject(new Error('refused')),
      approve: () => Promise.resolve(true),
      documentNamed: (name) => ({ name }),
    },
    HOME,
    () => Promise.resolve({ team: 'shop' }),
  );
const asked = (): readonly string[] =>
  readCalls(folder).flatMap((call) => call.asked.map(({ action, resource }) => `${action} ${resource}`));

it('asking a function, and the answer comes through', async () => {
  expect(await doors().invokeLambda('OriginGuardPlanner', {}, BY)).toBe('answer');
  expect(asked()).toEqual([
    'lambda:InvokeFunction arn:aws:lambda:eu-central-1:111122223333:function:OriginGuardPlanner',
  ]);
});

it('a call that is refused was made all the same, with the tags of what it would have changed', async () => {
  await expect(doors().callApi('ec2', 'RevokeSecurityGroupIngress', { GroupId: 'sg-1' }, BY)).rejects.toThrow(
    'refused',
  );
  expect(readCalls(folder)).toMatchObject([
    { role: 'OriginGuardRemediation', step: 'Step', asked: [{ context: { 'aws:ResourceTag/team': 'shop' } }] },
  ]);
});

it('an approval tells its topic, and without one nobody', async () => {
  await doors().approve?.({ NotificationArn: '' }, BY);
  expect(asked()).toEqual([]);
  await doors().approve?.({ NotificationArn: 'arn:aws:sns:eu-central-1:111122223333:AutomationApprovals' }, BY);
  expect(asked()).toEqual(['sns:Publish arn:aws:sns:eu-central-1:111122223333:AutomationApprovals']);
});

it('another runbook is started, waited for, and handed the role', () => {
  expect(doors().documentNamed?.('OriginGuard-Rollback-v1')).toEqual({ name: 'OriginGuard-Rollback-v1' });
  expect(asked()).toEqual([
    'ssm:StartAutomationExecution arn:aws:ssm:eu-central-1:111122223333:document/OriginGuard-Rollback-v1',
    'ssm:StartAutomationExecution arn:aws:ssm:eu-central-1:111122223333:automation-definition/OriginGuard-Rollback-v1:$DEFAULT',
    'ssm:StartAutomationExecution arn:aws:ssm:eu-central-1:111122223333:automation-execution/of-another-run',
    'ssm:GetAutomationExecution arn:aws:ssm:eu-central-1:111122223333:automation-execution/of-another-run',
    'iam:PassRole arn:aws:iam::111122223333:role/OriginGuardRemediation-eu-central-1',
  ]);
});
