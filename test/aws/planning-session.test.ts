import { GetParametersByPathCommand } from '@aws-sdk/client-ssm';
import { CallCounter } from '../../aws/middleware/count-calls.js';
import { makePlanningClients } from '../../aws/planning-session.js';
import { REGION } from '../support/builders.js';
import { CREDENTIALS } from './support/session.js';

test('the clients of plans are bounded and counted like the others', async () => {
  const counter = new CallCounter();
  const { ssm, serviceQuotas } = makePlanningClients({ region: REGION, credentials: CREDENTIALS, counter });
  for (const client of [ssm, serviceQuotas]) {
    expect(await client.config.maxAttempts()).toBe(5);
    expect(client.config.retryMode).toBe('adaptive');
    expect(client.config.customUserAgent?.[0]?.[0]).toBe('origin-guard');
  }
  const abortSignal = AbortSignal.abort();
  await expect(ssm.send(new GetParametersByPathCommand({ Path: '/' }), { abortSignal })).rejects.toThrow();
  expect(counter.total).toBe(1);
});

test('the function of the rule loads none of them', async () => {
  const loaded: string[] = [];
  await jest.isolateModulesAsync(async () => {
    for (const name of ['@aws-sdk/client-ssm', '@aws-sdk/client-service-quotas'])
      jest.doMock(name, () => loaded.push(name));
    await import('../../functions/config-rule.js');
  });
  expect(loaded).toEqual([]);
});
