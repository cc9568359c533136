import { GetParametersByPathCommand, type Parameter, type SSMClient } from '@aws-sdk/client-ssm';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readRollbackRecords } from '../../../aws/read/rollback-records.js';
import { known } from '../../../core/fact.js';
import { groupId } from '../../support/builders.js';
import { planningSession } from '../support/planning-session.js';
import { awsError } from '../support/session.js';

const WEB = groupId('sg-0web');

const parameter = (id: string, day: number, overrides: Partial<Parameter> = {}): Parameter => ({
  Name: `/origin-guard/rollback/sg-0web/${id}`,
  Type: 'String',
  Value: `{"id":"${id}"}`,
  LastModifiedDate: new Date(Date.UTC(2026, 5, day)),
  ...overrides,
});

let session: ReturnType<typeof planningSession>;
let ssm: AwsClientStub<SSMClient>;

beforeEach(() => {
  session = planningSession();
  ssm = mockClient(session.planning.ssm);
});
const parameters = (...all: readonly Parameter[]) =>
  ssm.on(GetParametersByPathCommand).resolves({ Parameters: [...all] });

test('the records of a group come from every page, newest first', async () => {
  ssm
    .on(GetParametersByPathCommand)
    .resolves({ Parameters: [parameter('e1', 1), parameter('e3', 3)], NextToken: 'more' })
    .on(GetParametersByPathCommand, { NextToken: 'more' })
    .resolves({ Parameters: [parameter('e2', 2)] });
  await expect(readRollbackRecords(session, WEB)).resolves.toEqual(
    known([
      { id: 'e3', text: '{"id":"e3"}', savedAt: '2026-06-03T00:00:00.000Z' },
      { id: 'e2', text: '{"id":"e2"}', savedAt: '2026-06-02T00:00:00.000Z' },
      { id: 'e1', text: '{"id":"e1"}', savedAt: '2026-06-01T00:00:00.000Z' },
    ]),
  );
  const question = { Path: '/origin-guard/rollback/sg-0web', MaxResults: 10 };
  expect(ssm.calls().map(({ args: [{ input }] }) => input)).toEqual([question, { ...question, NextToken: 'more' }]);
});

test('a group that nobody fixed has none', async () => {
  parameters();
  await expect(readRollbackRecords(session, WEB)).resolves.toEqual(known([]));
});

test('a refusal is a gap, never no record', async () => {
  ssm.on(GetParametersByPathCommand).rejects(awsError('AccessDeniedException'));
  await expect(readRollbackRecords(session, WEB)).resolves.toMatchObject({
    known: false,
    gap: {
      fact: 'rollback records of sg-0web',
      cause: 'access-denied',
      detail: expect.stringContaining('allow ssm:GetParametersByPath') as string,
    },
  });
});

test('throttling is an error', async () => {
  ssm.on(GetParametersByPathCommand).rejects(awsError('ThrottlingException'));
  await expect(readRollbackRecords(session, WEB)).rejects.toMatchObject({ code: 'E2001' });
});

test.each([
  [{}, 'the answer has no Parameters'],
  [{ Parameters: [parameter('e1', 1, { Name: undefined })] }, 'parameter ?: name: '],
  [{ Parameters: [parameter('e1', 1, { Value: undefined })] }, 'sg-0web/e1: value: '],
  [{ Parameters: [parameter('e1', 1, { LastModifiedDate: undefined })] }, 'lastModifiedDate: expected a date'],
])('%j is an error', async (answer, detail) => {
  ssm.on(GetParametersByPathCommand).resolves(answer);
  await expect(readRollbackRecords(session, WEB)).rejects.toMatchObject({
    code: 'E2006',
    detail: expect.stringContaining(detail) as string,
  });
});
