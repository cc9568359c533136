import {
  BatchImportFindingsCommand,
  GetFindingsCommand,
  SecurityHubClient,
  type AwsSecurityFinding,
  type AwsSecurityFindingFilters,
} from '@aws-sdk/client-securityhub';
import { defaultCaller, DEFAULT_ACCOUNT } from './support/caller.js';
import { startRig, type Rig } from './support/rule-rig.js';
import { useMoto } from './support/world.js';

const world = useMoto();

let rig: Rig;
let client: SecurityHubClient;

beforeEach(async () => {
  rig = await startRig(world.moto);
  const { region, ...credentials } = defaultCaller;
  client = new SecurityHubClient({ endpoint: rig.proxy.url, region, credentials, maxAttempts: 1 });
});

afterEach(async () => {
  await rig.stop();
});

const finding = (id: string, overrides: Partial<AwsSecurityFinding> = {}): AwsSecurityFinding => ({
  SchemaVersion: '2018-10-08',
  Id: id,
  ProductArn: `arn:aws:securityhub:us-east-1:${DEFAULT_ACCOUNT}:product/${DEFAULT_ACCOUNT}/default`,
  GeneratorId: 'origin-guard/some-rule',
  AwsAccountId: DEFAULT_ACCOUNT,
  Types: ['Software and Configuration Checks'],
  CreatedAt: '2026-01-01T00:00:00.000Z',
  UpdatedAt: '2026-01-01T00:00:00.000Z',
  Severity: { Label: 'HIGH' },
  Title: 'A title',
  Description: 'A description',
  Resources: [{ Type: 'AwsEc2SecurityGroup', Id: `arn:of:${id}` }],
  ...overrides,
});

const importAll = (...Findings: AwsSecurityFinding[]) => client.send(new BatchImportFindingsCommand({ Findings }));

async function idsBy(Filters: AwsSecurityFindingFilters, MaxResults = 100): Promise<unknown[]> {
  const ids: unknown[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new GetFindingsCommand({ Filters, MaxResults, NextToken }));
    ids.push(...page.Findings!.map(({ Id }) => Id));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return ids.sort();
}

const EQUALS = 'EQUALS';

it('finds what the filters say: fields joined by AND, values of one field by OR', async () => {
  await importAll(
    finding('a', { Compliance: { Status: 'FAILED' } }),
    finding('b', { RecordState: 'ARCHIVED' }),
    finding('c', { GeneratorId: 'origin-guard/other', ProductFields: { 'og/rule': 'x' } }),
  );
  expect(await idsBy({})).toEqual(['a', 'b', 'c']);
  expect(await idsBy({ RecordState: [{ Value: 'ACTIVE', Comparison: EQUALS }] })).toEqual(['a', 'c']);
  expect(await idsBy({ ComplianceStatus: [{ Value: 'FAILED', Comparison: EQUALS }] })).toEqual(['a']);
  const ids = ['a', 'b'].map((Value) => ({ Value, Comparison: 'EQUALS' as const }));
  expect(await idsBy({ Id: ids })).toEqual(['a', 'b']);
  expect(await idsBy({ Id: ids, RecordState: [{ Value: 'ACTIVE', Comparison: EQUALS }] })).toEqual(['a']);
  expect(await idsBy({ GeneratorId: [{ Value: 'origin-guard/', Comparison: 'PREFIX' }] })).toHaveLength(3);
  expect(await idsBy({ GeneratorId: [{ Value: 'origin-guard/other', Comparison: 'NOT_EQUALS' }] })).toHaveLength(2);
  expect(await idsBy({ ResourceId: [{ Value: 'arn:of:b', Comparison: EQUALS }] })).toEqual(['b']);
  expect(await idsBy({ ProductFields: [{ Key: 'og/rule', Value: 'x', Comparison: EQUALS }] })).toEqual(['c']);
  await expect(idsBy({ NoteText: [{ Value: 'x', Comparison: EQUALS }] })).rejects.toThrow('knows no filter NoteText');
});

it('goes through all pages', async () => {
  const many = Array.from({ length: 150 }, (_, at) => finding(`f-${String(at).padStart(3, '0')}`));
  await importAll(...many.slice(0, 100));
  await importAll(...many.slice(100));
  expect(await idsBy({}, 40)).toEqual(many.map(({ Id }) => Id));
});

it('ignores an update that is not newer, and takes one that is', async () => {
  await importAll(finding('a'));
  expect(await importAll(finding('a', { Title: 'Same time' }))).toMatchObject({ SuccessCount: 1, FailedCount: 0 });
  expect(await rig.findings()).toMatchObject([{ Title: 'A title' }]);
  await importAll(finding('a', { Title: 'Later', UpdatedAt: '2026-01-01T00:00:01.000Z' }));
  expect(await rig.findings()).toMatchObject([{ Title: 'Later' }]);
});

it.each<[string, Partial<AwsSecurityFinding>]>([
  ['without a description', { Description: undefined }],
  ['with a long title', { Title: 'x'.repeat(257) }],
  ['of another account', { AwsAccountId: '111122223333' }],
  ['of another product', { ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/config' }],
  ['without a resource', { Resources: [] }],
  ['that is too large', { UserDefinedFields: { x: 'x'.repeat(250_000) } }],
])('refuses a finding %s and keeps the others', async (_, overrides) => {
  const { FailedCount, FailedFindings } = await importAll(finding('bad', overrides), finding('good'));
  expect([FailedCount, FailedFindings?.map(({ Id }) => Id)]).toEqual([1, ['bad']]);
  expect((await rig.findings()).map(({ Id }) => Id)).toEqual(['good']);
});

it('answers as AWS documents it while Security Hub is off', async () => {
  await rig.switchSecurityHub('off');
  await expect(idsBy({})).rejects.toMatchObject({ name: 'InvalidAccessException' });
  const { FailedFindings } = await importAll(finding('a'));
  expect(FailedFindings).toMatchObject([{ Id: 'a', ErrorCode: 'InvalidAccess' }]);
  await rig.switchSecurityHub('on');
  expect(await idsBy({})).toEqual([]);
});

it('keeps the findings of two accounts apart', async () => {
  const other = await startRig(world.moto, { accountId: '444455556666' });
  await importAll(finding('a'));
  expect(await other.findings()).toEqual([]);
  expect(await rig.findings()).toHaveLength(1);
  await other.stop();
});
