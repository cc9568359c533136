import {
  ConfigServiceClient,
  GetComplianceDetailsByConfigRuleCommand,
  GetResourceConfigHistoryCommand,
  PutEvaluationsCommand,
  type ConfigurationItem,
} from '@aws-sdk/client-config-service';
import { mockClient } from 'aws-sdk-client-mock';
import { startBudget } from '../../../aws/budget.js';
import { configReporter, readIamActions, reportIamActions } from '../../../aws/report/config.js';
import { known } from '../../../core/fact.js';
import type { Evaluation } from '../../../core/reporting.js';
import { arnOf } from '../../support/builders.js';
import { awsError, testSession } from '../support/session.js';

const mock = mockClient(ConfigServiceClient);

beforeEach(() => {
  mock.reset();
});

const session = testSession();
const reporter = configReporter({ session, reporting: session });

const GROUP = 'AWS::EC2::SecurityGroup';
const evaluation = (resourceId: string, overrides: Partial<Evaluation> = {}): Evaluation => ({
  resourceType: GROUP,
  resourceId,
  compliance: 'NON_COMPLIANT',
  annotation: 'open to the world',
  orderingTimestamp: '2026-07-01T13:58:00.123+02:00',
  ...overrides,
});

describe('telling results', () => {
  it('sends each as AWS Config takes it, with the token', async () => {
    mock.on(PutEvaluationsCommand).resolves({ FailedEvaluations: [] });
    const two = [evaluation('sg-0a'), evaluation('sg-0b', { compliance: 'NOT_APPLICABLE' })];
    expect(await reporter.reportEvaluations(two, 'a token')).toEqual([]);
    expect(mock.commandCalls(PutEvaluationsCommand).map(({ args: [{ input }] }) => input)).toEqual([
      {
        Evaluations: [
          {
            ComplianceResourceType: GROUP,
            ComplianceResourceId: 'sg-0a',
            ComplianceType: 'NON_COMPLIANT',
            Annotation: 'open to the world',
            OrderingTimestamp: new Date('2026-07-01T11:58:00.123Z'),
          },
          expect.objectContaining({ ComplianceResourceId: 'sg-0b', ComplianceType: 'NOT_APPLICABLE' }),
        ],
        ResultToken: 'a token',
      },
    ]);
  });

  it.each([
    ['TESTMODE', true],
    ['testmode', undefined],
    ['a token', undefined],
  ])('with the token %s: TestMode is %s', async (token, testMode) => {
    mock.on(PutEvaluationsCommand).resolves({});
    expect(await reporter.reportEvaluations([evaluation('sg-0a')], token)).toEqual([]);
    const { ResultToken, TestMode } = mock.commandCalls(PutEvaluationsCommand)[0]!.args[0].input;
    expect([ResultToken, TestMode]).toEqual([token, testMode]);
  });

  it('answers with the resources whose result was refused', async () => {
    mock.on(PutEvaluationsCommand).resolves({
      FailedEvaluations: [
        {
          ComplianceResourceType: GROUP,
          ComplianceResourceId: 'sg-0b',
          ComplianceType: 'COMPLIANT',
          OrderingTimestamp: new Date(0),
        },
      ],
    });
    expect(await reporter.reportEvaluations([evaluation('sg-0a'), evaluation('sg-0b')], 'a token')).toEqual([
      { resourceType: GROUP, resourceId: 'sg-0b' },
    ]);
  });

  it.each([
    ['ThrottlingException', 'E2001', /telling AWS Config 1 results of account 111122223333 in us-east-1 failed: Thro/],
    ['InternalFailure', 'E2001', /failed: InternalFailure/],
    ['InvalidResultTokenException', 'E2002', /failed: InvalidResultTokenException/],
    ['ValidationException', 'E2002', /failed: ValidationException/],
    ['AccessDeniedException', 'E2002', /was denied; allow config:PutEvaluations$/],
    ['ExpiredTokenException', 'E2007', /failed: ExpiredTokenException/],
    ['BrokenAnswerError', 'E2006', /failed: BrokenAnswerError/],
  ])('%s is %s', async (name, code, detail) => {
    mock.on(PutEvaluationsCommand).rejects(awsError(name));
    const telling = reporter.reportEvaluations([evaluation('sg-0a')], 'a token');
    await expect(telling).rejects.toMatchObject({ code, detail: expect.stringMatching(detail) as string });
  });

  it('an answer whose refusals cannot be read is E2006', async () => {
    mock.on(PutEvaluationsCommand).resolves({ FailedEvaluations: [{} as never] });
    const telling = reporter.reportEvaluations([evaluation('sg-0a')], 'a token');
    await expect(telling).rejects.toMatchObject({
      code: 'E2006',
      detail: expect.stringContaining('a refused result: complianceResourceType') as string,
    });
  });

  it('takes its time from the session for reporting, reading from the other', async () => {
    const over = testSession({ budget: startBudget(0) });
    await new Promise((resolve) => setTimeout(resolve, 5));
    mock.on(PutEvaluationsCommand).resolves({});
    const late = configReporter({ session, reporting: over });
    await expect(late.reportEvaluations([evaluation('sg-0a')], 't')).rejects.toMatchObject({ code: 'E2005' });
    const early = configReporter({ session: over, reporting: session });
    expect(await early.reportEvaluations([evaluation('sg-0a')], 't')).toEqual([]);
    await expect(early.resultsOf('a-rule')).rejects.toMatchObject({ code: 'E2005' });
  });
});

describe('the results of a rule', () => {
  const result = (ResourceId: string, ResourceType = GROUP) => ({
    EvaluationResultIdentifier: {
      EvaluationResultQualifier: { ConfigRuleName: 'a-rule', ResourceType, ResourceId },
      OrderingTimestamp: new Date(0),
    },
    ComplianceType: 'COMPLIANT' as const,
  });

  it('are read to the last page, by type and id', async () => {
    mock
      .on(GetComplianceDetailsByConfigRuleCommand)
      .resolvesOnce({ EvaluationResults: [result('sg-0a')], NextToken: 'more' })
      .resolvesOnce({ EvaluationResults: [], NextToken: 'still more' })
      .resolvesOnce({ EvaluationResults: [result('vpc-0a', 'AWS::EC2::VPC')] });
    expect(await reporter.resultsOf('a-rule')).toEqual(
      known([
        { resourceType: GROUP, resourceId: 'sg-0a' },
        { resourceType: 'AWS::EC2::VPC', resourceId: 'vpc-0a' },
      ]),
    );
    const asked = { ConfigRuleName: 'a-rule', ComplianceTypes: ['COMPLIANT', 'NON_COMPLIANT'], Limit: 100 };
    expect(mock.commandCalls(GetComplianceDetailsByConfigRuleCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { ...asked, NextToken: undefined },
      { ...asked, NextToken: 'more' },
      { ...asked, NextToken: 'still more' },
    ]);
  });

  it('of a rule that does not exist: none', async () => {
    mock.on(GetComplianceDetailsByConfigRuleCommand).rejects(awsError('NoSuchConfigRuleException'));
    expect(await reporter.resultsOf('a-rule')).toEqual(known([]));
  });

  it('denied: a gap', async () => {
    mock.on(GetComplianceDetailsByConfigRuleCommand).rejects(awsError('AccessDeniedException'));
    expect(await reporter.resultsOf('a-rule')).toEqual({
      known: false,
      gap: {
        fact: 'results',
        cause: 'access-denied',
        detail:
          'reading the results of the AWS Config rule a-rule of account 111122223333 in us-east-1 was denied; allow config:GetComplianceDetailsByConfigRule',
      },
    });
  });

  it('throttled on the second page: raised, and no part is returned', async () => {
    mock
      .on(GetComplianceDetailsByConfigRuleCommand)
      .resolvesOnce({ EvaluationResults: [result('sg-0a')], NextToken: 'more' })
      .rejectsOnce(awsError('ThrottlingException'));
    await expect(reporter.resultsOf('a-rule')).rejects.toMatchObject({ code: 'E2001' });
  });

  it.each([
    ['no list', {}],
    ['no resource', { EvaluationResults: [{}] }],
    ['no id', { EvaluationResults: [result('')] }],
  ])('malformed, %s: E2006', async (_, page) => {
    mock.on(GetComplianceDetailsByConfigRuleCommand).resolves(page);
    await expect(reporter.resultsOf('a-rule')).rejects.toMatchObject({ code: 'E2006' });
  });
});

describe('the item that was too large for an event', () => {
  const summary = {
    resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    resourceId: arnOf('web'),
    capturedAt: '2026-07-01T11:58:00.123Z',
  };
  const item = (overrides: Partial<ConfigurationItem> = {}): ConfigurationItem => ({
    version: '1.3',
    accountId: '111122223333',
    configurationItemCaptureTime: new Date(summary.capturedAt),
    configurationItemStatus: 'OK',
    arn: arnOf('web'),
    configuration: '{"securityGroups":["sg-0a"]}',
    relationships: [{ resourceType: GROUP, resourceId: 'sg-0a', relationshipName: 'Is associated with SecurityGroup' }],
    ...overrides,
  });
  const gapOf = async (): Promise<unknown> => {
    const fact = await reporter.configurationItem(summary);
    return fact.known ? fact.value : [fact.gap.cause, fact.gap.detail];
  };

  it('is the newest one up to its time, with its configuration as a value', async () => {
    mock.on(GetResourceConfigHistoryCommand).resolves({ configurationItems: [item()], nextToken: 'older ones' });
    expect(await reporter.configurationItem(summary)).toEqual(
      known({
        configuration: { securityGroups: ['sg-0a'] },
        relationships: item().relationships!.map((each) => ({ ...each })),
      }),
    );
    expect(mock.commandCalls(GetResourceConfigHistoryCommand).map(({ args: [{ input }] }) => input)).toEqual([
      {
        resourceType: summary.resourceType,
        resourceId: summary.resourceId,
        earlierTime: new Date('2026-07-01T11:57:59.123Z'),
        laterTime: new Date(summary.capturedAt),
        limit: 1,
        nextToken: undefined,
      },
    ]);
  });

  it('may be behind a page that is empty', async () => {
    mock
      .on(GetResourceConfigHistoryCommand)
      .resolvesOnce({ configurationItems: [], nextToken: 'further back' })
      .resolvesOnce({ configurationItems: [item()] });
    expect(await gapOf()).toMatchObject({ configuration: { securityGroups: ['sg-0a'] } });
  });

  it.each<[string, () => unknown]>([
    ['is not there', () => mock.on(GetResourceConfigHistoryCommand).resolves({ configurationItems: [] })],
    [
      'is of a resource that AWS Config does not know',
      () => mock.on(GetResourceConfigHistoryCommand).rejects(awsError('ResourceNotDiscoveredException')),
    ],
  ])('that %s is a gap', async (_, arrange) => {
    arrange();
    expect(await gapOf()).toEqual([
      'not-recorded',
      `the configuration item of ${arnOf('web')} from ${summary.capturedAt} is not in the history of AWS Config, or not yet`,
    ]);
  });

  it('denied is a gap', async () => {
    mock.on(GetResourceConfigHistoryCommand).rejects(awsError('AccessDeniedException'));
    expect(await gapOf()).toEqual([
      'access-denied',
      expect.stringMatching(/was denied; allow config:GetResourceConfigHistory$/),
    ]);
  });

  it('throttled is raised', async () => {
    mock.on(GetResourceConfigHistoryCommand).rejects(awsError('ThrottlingException'));
    await expect(reporter.configurationItem(summary)).rejects.toMatchObject({ code: 'E2001' });
  });

  it.each<[string, object]>([
    ['no list', {}],
    ['no configuration', { configurationItems: [item({ configuration: undefined })] }],
    ['a configuration that is not JSON', { configurationItems: [item({ configuration: '{"secret": hunter2' })] }],
  ])('malformed, %s: E2006', async (_, page) => {
    mock.on(GetResourceConfigHistoryCommand).resolves(page);
    const reading = reporter.configurationItem(summary);
    await expect(reading).rejects.toMatchObject({
      code: 'E2006',
      message: expect.not.stringContaining('hunter2') as string,
    });
  });
});

it('every action that it may need is named', () => {
  expect([...readIamActions, ...reportIamActions]).toEqual([
    'config:GetComplianceDetailsByConfigRule',
    'config:GetResourceConfigHistory',
    'config:PutEvaluations',
  ]);
});

it('a rule name that is too long to ask by is a gap, and nothing is asked', async () => {
  const name = 'a'.repeat(65);
  expect(await reporter.resultsOf(name)).toMatchObject({
    known: false,
    gap: {
      fact: 'results',
      cause: 'incomplete',
      detail: expect.stringContaining('has 65 characters, allowed: 64') as string,
    },
  });
  expect(mock.calls()).toHaveLength(0);
  mock.on(GetComplianceDetailsByConfigRuleCommand).resolves({ EvaluationResults: [] });
  expect(await reporter.resultsOf('a'.repeat(64))).toEqual(known([]));
});
