import { GetServiceQuotaCommand, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readQuota } from '../../../aws/read/quotas.js';
import { known } from '../../../core/fact.js';
import { planningSession } from '../support/planning-session.js';
import { awsError } from '../support/session.js';

let session: ReturnType<typeof planningSession>;
let quotas: AwsClientStub<ServiceQuotasClient>;

beforeEach(() => {
  session = planningSession();
  quotas = mockClient(session.planning.serviceQuotas);
});

test.each([
  ['rules-per-group', 'L-0EA8095F'],
  ['groups-per-interface', 'L-2AFB9258'],
] as const)('%s is what applies to the account', async (name, QuotaCode) => {
  quotas.on(GetServiceQuotaCommand).resolves({ Quota: { QuotaCode, Value: 17 } });
  await expect(readQuota(session, name)).resolves.toEqual(known(17));
  expect(quotas.calls().map(({ args: [{ input }] }) => input)).toEqual([{ ServiceCode: 'vpc', QuotaCode }]);
  expect(session.seen).toMatchObject([{ command: 'get-service-quota', about: QuotaCode }]);
});

test.each([
  ['rules-per-group', 60],
  ['groups-per-interface', 5],
] as const)('%s is the default of AWS, %d, for an account that never had another', async (name, fallback) => {
  quotas.on(GetServiceQuotaCommand).rejects(awsError('NoSuchResourceException'));
  await expect(readQuota(session, name)).resolves.toEqual(known(fallback));
});

test('a refusal is a gap, never the default', async () => {
  quotas.on(GetServiceQuotaCommand).rejects(awsError('AccessDeniedException'));
  await expect(readQuota(session, 'rules-per-group')).resolves.toMatchObject({
    known: false,
    gap: {
      fact: 'quota L-0EA8095F',
      cause: 'access-denied',
      detail: expect.stringContaining('allow servicequotas:GetServiceQuota') as string,
    },
  });
});

test('throttling is an error', async () => {
  quotas.on(GetServiceQuotaCommand).rejects(awsError('TooManyRequestsException'));
  await expect(readQuota(session, 'rules-per-group')).rejects.toMatchObject({ code: 'E2001' });
});

test.each([{}, { Quota: {} }])('%j is an error', async (answer) => {
  quotas.on(GetServiceQuotaCommand).resolves(answer);
  await expect(readQuota(session, 'rules-per-group')).rejects.toMatchObject({
    code: 'E2006',
    detail: 'the answer has no value of the quota L-0EA8095F',
  });
});
