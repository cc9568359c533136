import { answerLogged } from '../../../remediation/alb-sg-cloudfront-only/answer-logged.js';
import type { PlannerDeps } from '../../../remediation/alb-sg-cloudfront-only/answer.js';
import { DEFAULT_OPTIONS } from '../../../remediation/alb-sg-cloudfront-only/options.js';
import type { Log } from '../../../core/reporting.js';
import { albSgParams, HOME, NOW } from '../../support/builders.js';
import { fakePorts } from '../../support/fake-ports.js';
import type { PlanningPorts } from '../../../core/planning.js';

function rig(ports: Partial<PlanningPorts> = {}) {
  const lines: unknown[] = [];
  const keep =
    (level: string): Log['info'] =>
    (message, fields) => {
      lines.push({ level, message, ...fields });
    };
  const log: Log = { info: keep('info'), warn: keep('warn'), error: keep('error') };
  const deps: PlannerDeps = {
    own: HOME,
    freshPorts: () => ({ ...fakePorts({ groups: [], loadBalancers: [] }), ...ports }) as PlanningPorts,
    params: albSgParams(),
    remediationMode: 'manual',
    settings: DEFAULT_OPTIONS,
    now: () => NOW,
    digest: (text) => text,
    sleep: () => Promise.resolve(),
  };
  return { lines, log, deps };
}

const PLAN = { mode: 'plan', securityGroupId: 'sg-0gone', executionId: 'run-1' };

it('a plan leaves one line: what was asked, and what was decided', async () => {
  const { lines, log, deps } = rig();
  const answer = await answerLogged(PLAN, deps, log);
  expect(answer).toMatchObject({ decision: 'REFUSE', reasonCode: 'GROUP_NOT_FOUND' });
  expect(lines).toEqual([
    {
      level: 'info',
      message: 'answered',
      mode: 'plan',
      resourceId: 'sg-0gone',
      decision: 'REFUSE',
      reasonCode: 'GROUP_NOT_FOUND',
      detail: expect.stringContaining('no group sg-0gone') as string,
    },
  ]);
});

it('a verifying mode leaves one line: what was asked, and the outcome', async () => {
  const { lines, log, deps } = rig();
  await answerLogged({ ...PLAN, mode: 'guard', fingerprint: 'a.b' }, deps, log);
  expect(lines).toMatchObject([{ level: 'info', mode: 'guard', outcome: 'STALE' }]);
});

it('a request that is none leaves a line with the code, and fails', async () => {
  const { lines, log, deps } = rig();
  await expect(answerLogged({ mode: 'delete' }, deps, log)).rejects.toMatchObject({ code: 'E1013' });
  expect(lines).toMatchObject([{ level: 'error', message: 'the planner could not answer', code: 'E1013' }]);
});

it.each([
  [new Error('broken'), 'broken'],
  ['broken', 'broken'],
])('a failure of our own leaves a line without a code of ours', async (failure, detail) => {
  const { lines, log, deps } = rig({ loadBalancers: jest.fn().mockRejectedValue(failure) });
  await expect(answerLogged(PLAN, deps, log)).rejects.toBe(failure);
  expect(lines).toMatchObject([{ level: 'error', mode: 'plan', code: 'unknown', detail }]);
});
