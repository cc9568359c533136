import {
  BatchImportFindingsCommand,
  GetFindingsCommand,
  SecurityHubClient,
  type AwsSecurityFinding,
} from '@aws-sdk/client-securityhub';
import { mockClient } from 'aws-sdk-client-mock';
import { readIamActions, reportIamActions, securityHubStore } from '../../../aws/report/security-hub.js';
import { toAsff } from '../../../report/asff.js';
import { ACCOUNT, NOW, OTHER_ACCOUNT, path, REGION } from '../../support/builders.js';
import { openJudgement, registered } from '../../support/judgements.js';
import { awsError, CREDENTIALS, testSession } from '../support/session.js';

const mock = mockClient(SecurityHubClient);
const session = testSession();
const store = securityHubStore({ reporting: session });

beforeEach(() => mock.reset());
afterAll(() => {
  session.budget.end();
});

const productArn = `arn:aws:securityhub:${REGION}:${ACCOUNT}:product/${ACCOUNT}/default`;
const generatorId = 'origin-guard/some-rule';
const at = { productArn, generatorId };

const element = (Id: string, overrides: Partial<AwsSecurityFinding> = {}): AwsSecurityFinding =>
  ({
    Id,
    ProductArn: productArn,
    GeneratorId: generatorId,
    AwsAccountId: ACCOUNT,
    CreatedAt: '2026-01-01T00:00:00Z',
    UpdatedAt: '2026-06-01T00:00:00Z',
    RecordState: 'ACTIVE',
    ...overrides,
  }) as AwsSecurityFinding;

const held = (id: string, recordState = 'ACTIVE') => ({
  id,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-06-01T00:00:00Z',
  recordState,
});

const findings = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    toAsff(
      { ...openJudgement(`sg-0${String(index)}`), paths: [path()] },
      {
        meta: registered().meta,
        at: { accountId: ACCOUNT, region: REGION, partition: 'aws' },
        distributionAccountId: ACCOUNT,
        now: NOW,
        held: null,
      },
    ),
  );

const questions = () => mock.commandCalls(GetFindingsCommand).map((call) => call.args[0].input);

const failure = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return { none: await work };
  } catch (error) {
    return error;
  }
};

it('names what it may call', () => {
  expect(readIamActions).toEqual(['securityhub:GetFindings']);
  expect(reportIamActions).toEqual(['securityhub:BatchImportFindings']);
});

describe('findings', () => {
  it('every one of a generator, page by page', async () => {
    mock
      .on(GetFindingsCommand, { NextToken: undefined })
      .resolves({ Findings: [element('a')], NextToken: 'second' })
      .on(GetFindingsCommand, { NextToken: 'second' })
      .resolves({ Findings: [element('b', { RecordState: 'ARCHIVED' })] });
    expect(await store.findings({ ...at, ids: 'every' })).toEqual({
      isOn: true,
      value: [held('a'), held('b', 'ARCHIVED')],
    });
    expect(questions()).toHaveLength(2);
    expect(questions()[0]).toEqual({
      Filters: {
        ProductArn: [{ Value: productArn, Comparison: 'EQUALS' }],
        GeneratorId: [{ Value: generatorId, Comparison: 'EQUALS' }],
      },
      MaxResults: 100,
      NextToken: undefined,
    });
  });

  it('those with up to 20 ids, asked for by id and each id once', async () => {
    mock.on(GetFindingsCommand).resolves({ Findings: [element('a')] });
    const ids = Array.from({ length: 20 }, (_, index) => `id-${String(index)}`);
    await store.findings({ ...at, ids: [...ids, 'id-0'] });
    expect(questions()[0]?.Filters?.Id).toEqual(ids.map((Value) => ({ Value, Comparison: 'EQUALS' })));
  });

  it('those with more ids, picked from every one of the generator: a filter takes 20 values', async () => {
    const ids = Array.from({ length: 21 }, (_, index) => `id-${String(index)}`);
    mock.on(GetFindingsCommand).resolves({ Findings: [element('id-20'), element('other')] });
    expect(await store.findings({ ...at, ids })).toEqual({ isOn: true, value: [held('id-20')] });
    expect(questions()).toHaveLength(1);
    expect(questions()[0]?.Filters).not.toHaveProperty('Id');
  });

  it('no ids: nothing is asked', async () => {
    expect(await store.findings({ ...at, ids: [] })).toEqual({ isOn: true, value: [] });
    expect(questions()).toEqual([]);
  });

  it('nobody else’s, even if the filters were ignored', async () => {
    mock.on(GetFindingsCommand).resolves({
      Findings: [
        element('a'),
        element('of another account', { AwsAccountId: OTHER_ACCOUNT }),
        element('of another rule', { GeneratorId: 'origin-guard/other' }),
        element('of another product', { ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/config' }),
        element('not asked for'),
      ],
    });
    const ids = ['a', 'of another account', 'of another rule', 'of another product'];
    expect(await store.findings({ ...at, ids })).toEqual({ isOn: true, value: [held('a')] });
  });

  it('one without a record state is active', async () => {
    const { RecordState: _, ...rest } = element('a');
    mock.on(GetFindingsCommand).resolves({ Findings: [rest] });
    expect(await store.findings({ ...at, ids: ['a'] })).toEqual({ isOn: true, value: [held('a')] });
  });

  it('denied: E2004 with the action to allow', async () => {
    mock.on(GetFindingsCommand).rejects(awsError('AccessDeniedException'));
    expect(await failure(store.findings({ ...at, ids: 'every' }))).toMatchObject({
      code: 'E2004',
      detail: expect.stringMatching(/findings of Security Hub.*denied; allow securityhub:GetFindings/) as string,
    });
  });

  it('throttled: E2001', async () => {
    mock.on(GetFindingsCommand).rejects(awsError('TooManyRequestsException'));
    expect(await failure(store.findings({ ...at, ids: 'every' }))).toMatchObject({ code: 'E2001' });
  });

  it.each([
    ['no list', { Findings: undefined }, 'the answer has no Findings'],
    ['a finding without a time', { Findings: [{ ...element('a'), CreatedAt: undefined }] }, 'a finding: createdAt: '],
    ['an unknown record state', { Findings: [{ ...element('a'), RecordState: 'LOST' }] }, 'a finding: recordState: '],
  ])('malformed, %s: E2006', async (_, page, words) => {
    mock.on(GetFindingsCommand).resolves(page as never);
    expect(await failure(store.findings({ ...at, ids: 'every' }))).toMatchObject({
      code: 'E2006',
      detail: expect.stringContaining(words) as string,
    });
  });

  it('switched off: a value with AWS’s words', async () => {
    const words = 'Account 111122223333 is not subscribed to AWS Security Hub';
    mock.on(GetFindingsCommand).rejects(awsError('InvalidAccessException', words));
    expect(await store.findings({ ...at, ids: 'every' })).toEqual({
      isOn: false,
      why: `reading the findings of Security Hub of account ${ACCOUNT} in ${REGION} failed: InvalidAccessException: ${words}`,
    });
  });
});

describe('importFindings', () => {
  const answers = (FailedFindings: { Id: string; ErrorCode: string; ErrorMessage: string }[], SuccessCount = 0) =>
    mock.on(BatchImportFindingsCommand).resolves({ FailedCount: FailedFindings.length, SuccessCount, FailedFindings });

  it('sends them in one call', async () => {
    mock.on(BatchImportFindingsCommand).resolves({ FailedCount: 0, SuccessCount: 3 });
    const batch = findings(3);
    expect(await store.importFindings(batch)).toEqual({ isOn: true, value: [] });
    const calls = mock.commandCalls(BatchImportFindingsCommand);
    expect(calls.map((call) => call.args[0].input)).toEqual([{ Findings: batch }]);
  });

  it('answers with what was refused', async () => {
    answers([{ Id: 'x', ErrorCode: 'InvalidInput', ErrorMessage: 'Title is too long' }], 1);
    expect(await store.importFindings(findings(2))).toEqual({
      isOn: true,
      value: [{ id: 'x', why: 'InvalidInput: Title is too long' }],
    });
  });

  it('every finding refused for want of access: switched off, as AWS documents it', async () => {
    const refused = { ErrorCode: 'InvalidAccess', ErrorMessage: 'Account is not subscribed to AWS Security Hub' };
    answers(['a', 'b'].map((Id) => ({ Id, ...refused })));
    expect(await store.importFindings(findings(2))).toEqual({
      isOn: false,
      why: 'InvalidAccess: Account is not subscribed to AWS Security Hub',
    });
  });

  it('some findings refused for want of access, or all for another reason: refused, not switched off', async () => {
    answers([{ Id: 'a', ErrorCode: 'InvalidAccess', ErrorMessage: 'no' }], 1);
    expect(await store.importFindings(findings(2))).toMatchObject({ isOn: true, value: [{ id: 'a' }] });
    answers(['a', 'b'].map((Id) => ({ Id, ErrorCode: 'InvalidInput', ErrorMessage: 'no' })));
    expect(await store.importFindings(findings(2))).toMatchObject({ isOn: true, value: [{ id: 'a' }, { id: 'b' }] });
  });

  it('the whole call refused as switched off', async () => {
    mock.on(BatchImportFindingsCommand).rejects(awsError('InvalidAccessException', 'not subscribed'));
    expect(await store.importFindings(findings(1))).toEqual({
      isOn: false,
      why: expect.stringMatching(/^sending findings .* failed: InvalidAccessException: not subscribed$/) as string,
    });
  });

  it.each([
    ['AccessDeniedException', 'E2004', /^sending findings .* was denied; allow securityhub:BatchImportFindings$/],
    ['InvalidInputException', 'E2004', /^sending findings .* failed: InvalidInputException/],
    ['LimitExceededException', 'E2001', /LimitExceededException/],
    ['TooManyRequestsException', 'E2001', /TooManyRequestsException/],
    ['InternalException', 'E2001', /InternalException/],
    ['ExpiredTokenException', 'E2007', /ExpiredTokenException/],
    ['BrokenAnswerError', 'E2006', /BrokenAnswerError/],
  ])('%s: %s', async (name, code, detail) => {
    mock.on(BatchImportFindingsCommand).rejects(awsError(name));
    expect(await failure(store.importFindings(findings(2)))).toMatchObject({
      code,
      detail: expect.stringMatching(detail) as string,
    });
  });

  it('malformed, fewer refusals than were counted: E2006', async () => {
    mock.on(BatchImportFindingsCommand).resolves({ FailedCount: 2, SuccessCount: 0, FailedFindings: [] });
    expect(await failure(store.importFindings(findings(2)))).toMatchObject({ code: 'E2006' });
    mock.on(BatchImportFindingsCommand).resolves({});
    expect(await failure(store.importFindings(findings(2)))).toMatchObject({ code: 'E2006' });
  });

  it('the time that is left is that of the reporting', async () => {
    const late = testSession();
    late.budget.end();
    const over = { ...late.budget, run: () => Promise.reject(new Error('no time')) };
    const error = await failure(securityHubStore({ reporting: { ...late, budget: over } }).importFindings(findings(1)));
    expect(error).toMatchObject({ detail: expect.stringContaining('no time') as string });
    expect(mock.calls()).toHaveLength(0);
  });
});

it('every field of a finding is one that the API’s own model has, and is sent as it is', async () => {
  mock.restore();
  const bodies: unknown[] = [];
  const client = new SecurityHubClient({
    region: REGION,
    credentials: CREDENTIALS,
    requestHandler: {
      handle: ({ body }: { readonly body: Uint8Array }) => {
        bodies.push(JSON.parse(new TextDecoder().decode(body)));
        return Promise.reject(awsError('Stop'));
      },
    } as never,
    maxAttempts: 1,
  });
  const [finding] = findings(1);
  const Findings = [{ ...finding, NoSuchField: 'dropped' }] as object[] as AwsSecurityFinding[];
  await failure(client.send(new BatchImportFindingsCommand({ Findings })));
  expect(bodies).toEqual([{ Findings: [finding] }]);
});

it('a look that gets no answer ends long before the time to report does', async () => {
  jest.useFakeTimers();
  try {
    mock.on(GetFindingsCommand).callsFake(() => new Promise(() => undefined));
    const reporting = testSession();
    const looking = securityHubStore({ reporting }).findings({ ...at, ids: 'every' });
    const failed = expect(looking).rejects.toMatchObject({ code: 'E2005' });
    await jest.advanceTimersByTimeAsync(6_000);
    await failed;
    expect(reporting.budget.signal.aborted).toBe(false);
    reporting.budget.end();
  } finally {
    jest.useRealTimers();
  }
});
