import { GetServiceQuotaCommand } from '@aws-sdk/client-service-quotas';
import { GetParametersByPathCommand } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { CallCounter } from '../../aws/middleware/count-calls.js';
import { makePlanningClients, type PlanningSession } from '../../aws/planning-session.js';
import { readForPlans } from '../../aws/read-for-plans.js';
import { REGION } from '../support/builders.js';
import { awsError, CREDENTIALS, testSession } from './support/session.js';

function planningSession() {
  const planning = makePlanningClients({ region: REGION, credentials: CREDENTIALS, counter: new CallCounter() });
  const session = testSession();
  return { session: { ...session, planning } satisfies PlanningSession, seen: session.seen };
}

test('the quotas of each place are read, and the records of all groups at once', async () => {
  const { session, seen } = planningSession();
  const quotas = mockClient(session.planning.serviceQuotas);
  quotas.on(GetServiceQuotaCommand).resolves({ Quota: { QuotaCode: 'L-0EA8095F', Value: 60 } });
  const ssm = mockClient(session.planning.ssm);
  ssm
    .on(GetParametersByPathCommand)
    .resolves({ Parameters: [], NextToken: 'more' })
    .on(GetParametersByPathCommand, { NextToken: 'more' })
    .resolves({ Parameters: [] });
  expect(await readForPlans([session])).toEqual([]);
  expect(ssm.commandCalls(GetParametersByPathCommand).map(({ args: [{ input }] }) => input)).toMatchObject([
    { Path: '/origin-guard/rollback', Recursive: true },
    { Path: '/origin-guard/rollback', Recursive: true, NextToken: 'more' },
  ]);
  expect(seen.map(({ command, about }) => [command, about]).sort()).toEqual([
    ['get-parameters-by-path', undefined],
    ['get-parameters-by-path', undefined],
    ['get-service-quota', 'L-0EA8095F'],
    ['get-service-quota', 'L-2AFB9258'],
  ]);
});

test('what is denied is told, and what fails raises', async () => {
  const { session } = planningSession();
  const quotas = mockClient(session.planning.serviceQuotas);
  quotas.on(GetServiceQuotaCommand).rejects(awsError('AccessDeniedException'));
  const ssm = mockClient(session.planning.ssm);
  ssm.on(GetParametersByPathCommand).rejects(awsError('AccessDeniedException'));
  expect((await readForPlans([session])).map(({ fact, cause }) => [fact, cause])).toEqual([
    ['quota L-0EA8095F', 'access-denied'],
    ['quota L-2AFB9258', 'access-denied'],
    ['rollbackRecords', 'access-denied'],
  ]);
  ssm.on(GetParametersByPathCommand).rejects(awsError('ThrottlingException'));
  await expect(readForPlans([session])).rejects.toMatchObject({ code: 'E2001' });
});

test('no place makes no call', async () => {
  expect(await readForPlans([])).toEqual([]);
});
