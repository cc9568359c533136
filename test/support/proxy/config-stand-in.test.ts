import {
  ConfigServiceClient,
  GetComplianceDetailsByConfigRuleCommand,
  GetResourceConfigHistoryCommand,
  PutEvaluationsCommand,
  type Evaluation,
} from '@aws-sdk/client-config-service';
import { configStandIn, type ConfigStandIn } from './config-stand-in.js';
import { startProxy, type RecordingProxy } from './recording-proxy.js';

const RULE = 'rule-conformance-pack-a1b2c3d4e';
const TYPE = 'AWS::EC2::SecurityGroup';

let config: ConfigStandIn;
let proxy: RecordingProxy;
let client: ConfigServiceClient;

beforeEach(async () => {
  config = configStandIn();
  // Nobody is behind: what is not answered here is an error.
  proxy = await startProxy({ behind: 'http://127.0.0.1:1', standIns: [config.standIn] });
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  client = new ConfigServiceClient({ endpoint: proxy.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});

afterEach(async () => {
  await proxy.stop();
});

const evaluation = (id: string, overrides: Partial<Evaluation> = {}): Evaluation => ({
  ComplianceResourceType: TYPE,
  ComplianceResourceId: id,
  ComplianceType: 'NON_COMPLIANT',
  OrderingTimestamp: new Date('2026-01-01T00:00:10.500Z'),
  ...overrides,
});

const put = (Evaluations: Evaluation[], ResultToken = config.tokenFor(RULE)) =>
  client.send(new PutEvaluationsCommand({ Evaluations, ResultToken }));

it('holds one result of a resource, tells of it in pages, and drops what is not applicable', async () => {
  const [many] = [Array.from({ length: 25 }, (_, at) => evaluation(`sg-${String(at).padStart(2, '0')}`))];
  expect((await put(many)).FailedEvaluations).toEqual([]);
  const ids: unknown[] = [];
  let NextToken: string | undefined;
  do {
    const asked = { ConfigRuleName: RULE, ComplianceTypes: ['NON_COMPLIANT' as const], NextToken };
    const page = await client.send(new GetComplianceDetailsByConfigRuleCommand(asked));
    expect(page.EvaluationResults!.length).toBeLessThanOrEqual(10);
    for (const { EvaluationResultIdentifier: found, ComplianceType } of page.EvaluationResults!)
      ids.push([found!.EvaluationResultQualifier!.ResourceId, ComplianceType]);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(ids).toEqual(many.map(({ ComplianceResourceId }) => [ComplianceResourceId, 'NON_COMPLIANT']));

  const gone = { ComplianceType: 'NOT_APPLICABLE' as const, OrderingTimestamp: new Date('2026-01-01T00:00:11Z') };
  await put(many.slice(1).map(({ ComplianceResourceId }) => evaluation(ComplianceResourceId!, gone)));
  expect(config.resultsOf(RULE)).toEqual([
    {
      resourceType: TYPE,
      resourceId: 'sg-00',
      compliance: 'NON_COMPLIANT',
      annotation: null,
      orderingTimestamp: Date.parse('2026-01-01T00:00:10.500Z') / 1_000,
    },
  ]);
  expect(config.put()).toHaveLength(49);
});

it('does not let an older result replace a newer one, even one that is not shown', async () => {
  const at = (second: number, ComplianceType: Evaluation['ComplianceType']) =>
    put([evaluation('sg-1', { ComplianceType, OrderingTimestamp: new Date(second * 1_000) })]);
  await at(20, 'NOT_APPLICABLE');
  await at(10, 'NON_COMPLIANT');
  expect(config.resultsOf(RULE)).toEqual([]);
  await at(30, 'COMPLIANT');
  expect(config.resultsOf(RULE)).toMatchObject([{ compliance: 'COMPLIANT' }]);
});

it('lists the results that it is told to refuse, and holds the others', async () => {
  config.refuse(['sg-1']);
  const { FailedEvaluations } = await put([evaluation('sg-1'), evaluation('sg-2')]);
  expect(FailedEvaluations?.map(({ ComplianceResourceId }) => ComplianceResourceId)).toEqual(['sg-1']);
  expect(config.resultsOf(RULE).map(({ resourceId }) => resourceId)).toEqual(['sg-2']);
});

it.each<[string, () => Promise<unknown>, string]>([
  ['a token of nobody', () => put([evaluation('sg-1')], 'other'), 'InvalidResultTokenException'],
  ['no result', () => put([]), 'InvalidParameterValueException'],
  ['101 results', () => put(Array.from({ length: 101 }, () => evaluation('sg-1'))), 'ValidationException'],
  ['a long annotation', () => put([evaluation('sg-1', { Annotation: 'x'.repeat(257) })]), 'ValidationException'],
  ['an empty annotation', () => put([evaluation('sg-1', { Annotation: '' })]), 'ValidationException'],
  [
    'a word that AWS Config does not take',
    () => put([evaluation('sg-1', { ComplianceType: 'INSUFFICIENT_DATA' })]),
    'InvalidParameterValueException',
  ],
  [
    'results of a rule of nobody',
    () => client.send(new GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName: 'other' })),
    'NoSuchConfigRuleException',
  ],
])('refuses %s', async (_, call, name) => {
  config.tokenFor(RULE);
  await expect(call()).rejects.toMatchObject({ name });
  expect(config.put()).toEqual([]);
});

it('tells the newest item that is not later than asked', async () => {
  const item = (second: number) => ({
    resourceType: TYPE,
    resourceId: 'sg-1',
    configurationItemCaptureTime: second,
    configuration: `{"second":${String(second)}}`,
  });
  for (const second of [10, 30, 20]) config.addHistory(item(second));
  const asked = { resourceType: TYPE, resourceId: 'sg-1', laterTime: new Date(25_000), limit: 1 } as const;
  const { configurationItems } = await client.send(new GetResourceConfigHistoryCommand(asked));
  expect(configurationItems?.map(({ configuration }) => configuration)).toEqual(['{"second":20}']);
});
