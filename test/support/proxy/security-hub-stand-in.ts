import type { PageOptions } from './config-stand-in.js';
import { json, serviceError, type WholeAnswer } from './faults.js';
import type { Passing, StandIn } from './recording-proxy.js';

type Finding = Readonly<Record<string, unknown>>;

interface StringFilter {
  readonly Value: string;
  readonly Comparison: string;
}

interface MapFilter extends StringFilter {
  readonly Key: string;
}

type Filters = Readonly<Record<string, readonly (StringFilter | MapFilter)[]>>;

/** Where a filter looks in a finding; a list on the way means any of its elements. */
const LOOKS_AT: Readonly<Record<string, string>> = {
  ProductArn: 'ProductArn',
  AwsAccountId: 'AwsAccountId',
  Id: 'Id',
  GeneratorId: 'GeneratorId',
  Region: 'Region',
  Type: 'Types',
  Title: 'Title',
  RecordState: 'RecordState',
  WorkflowStatus: 'Workflow.Status',
  ComplianceStatus: 'Compliance.Status',
  ResourceType: 'Resources.Type',
  ResourceId: 'Resources.Id',
  ResourceRegion: 'Resources.Region',
  SeverityLabel: 'Severity.Label',
  ProductFields: 'ProductFields',
};

/** Source: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html */
const REQUIRED = [
  ...['AwsAccountId', 'CreatedAt', 'Description', 'GeneratorId', 'Id', 'ProductArn', 'Resources'],
  ...['SchemaVersion', 'Title', 'UpdatedAt'],
];
const LONGEST: Readonly<Record<string, number>> = { Description: 1024, GeneratorId: 512, Id: 512, Title: 256 };
const MAX_BYTES = 240 * 1024;

/**
 * What moto's Security Hub lacks: being off, filters, checks of what is imported, and the rule that an update must be
 * newer. The findings themselves are moto's.
 *
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 */
export const securityHubStandIn =
  ({ pageSize = 100 }: PageOptions = {}): StandIn =>
  (passing) => {
    if (passing.called.service !== 'securityhub') return null;
    switch (passing.called.operation) {
      case 'GetFindings':
        return getFindings(passing, pageSize);
      case 'BatchImportFindings':
        return importFindings(passing);
      default:
        return null;
    }
  };

async function getFindings(passing: Passing, pageSize: number): Promise<WholeAnswer> {
  const account = await hubOf(passing);
  if (account === null) return notSubscribed(passing);
  const input = passing.called.input as { Filters?: Filters; MaxResults?: number; NextToken?: string };
  const { Filters: filters = {}, MaxResults = 100, NextToken = '0' } = input;
  const unknown = Object.keys(filters).find((name) => !(name in LOOKS_AT));
  if (unknown !== undefined) return invalidInput(passing, `the stand-in knows no filter ${unknown}`);
  if (MaxResults < 1 || MaxResults > 100) return invalidInput(passing, `MaxResults ${String(MaxResults)}`);
  const size = Math.min(MaxResults, pageSize);
  const from = Number(NextToken);
  const found = (await everyFinding(passing)).map(withDefaults).filter((finding) => matches(finding, filters));
  return json(200, {
    Findings: found.slice(from, from + size),
    ...(from + size < found.length && { NextToken: String(from + size) }),
  });
}

async function importFindings(passing: Passing): Promise<WholeAnswer> {
  const { Findings = [] } = passing.called.input as { Findings?: readonly Finding[] };
  if (Findings.length === 0 || Findings.length > 100)
    return invalidInput(passing, `Findings: ${String(Findings.length)} items`);
  const account = await hubOf(passing);
  const held = account === null ? [] : await everyFinding(passing);
  const problems = Findings.map((finding) =>
    account === null
      ? { ErrorCode: 'InvalidAccess', ErrorMessage: 'Account is not subscribed to AWS Security Hub' }
      : problemOf(finding, account, passing.called.region),
  );
  const accepted = Findings.filter((_, index) => problems[index] === null);
  const news = accepted.filter((finding) => {
    const older = held.find(({ Id }) => Id === finding['Id']);
    return older === undefined || timeOf(older) < timeOf(finding);
  });
  if (news.length > 0) {
    const imported = await passing.forward({ body: JSON.stringify({ Findings: news }) });
    if (imported.status !== 200) return imported;
  }
  const FailedFindings = Findings.flatMap(({ Id }, index) => {
    const problem = problems[index];
    return problem === null || problem === undefined ? [] : [{ Id, ...problem }];
  });
  return json(200, { FailedCount: FailedFindings.length, SuccessCount: accepted.length, FailedFindings });
}

function problemOf(finding: Finding, account: string, region: string): object | null {
  const wrong = (ErrorMessage: string, ErrorCode = 'InvalidInput'): object => ({ ErrorCode, ErrorMessage });
  const absent = REQUIRED.find((name) => finding[name] === undefined || finding[name] === '');
  if (absent !== undefined) return wrong(`${absent} is required`);
  const long = Object.keys(LONGEST).find((name) => String(finding[name]).length > (LONGEST[name] ?? 0));
  if (long !== undefined) return wrong(`${long} is too long`);
  const providers = finding['FindingProviderFields'] as Finding | undefined;
  if ((finding['Severity'] ?? providers?.['Severity']) === undefined) return wrong('Severity is required');
  if ((finding['Types'] ?? providers?.['Types']) === undefined) return wrong('Types is required');
  if (!Array.isArray(finding['Resources']) || finding['Resources'].length === 0) return wrong('Resources is empty');
  if (finding['Resources'].length > 32) return wrong('Resources has more than 32 elements');
  if (finding['SchemaVersion'] !== '2018-10-08') return wrong('SchemaVersion');
  if (Number.isNaN(timeOf(finding))) return wrong('UpdatedAt is no timestamp');
  if (finding['AwsAccountId'] !== account) return wrong('the account is not the caller', 'InvalidAccess');
  if (finding['ProductArn'] !== `arn:aws:securityhub:${region}:${account}:product/${account}/default`)
    return wrong('the product is not enabled', 'InvalidAccess');
  return Buffer.byteLength(JSON.stringify(finding)) > MAX_BYTES ? wrong('larger than 240 KB') : null;
}

const timeOf = (finding: Finding): number => Date.parse(String(finding['UpdatedAt']));

/** The account whose Security Hub the caller has, or `null` where it is off. */
async function hubOf({ forward }: Passing): Promise<string | null> {
  const { status, body } = await forward({ method: 'GET', path: '/accounts', body: '' });
  if (status !== 200) return null;
  return (JSON.parse(body.toString('utf8')) as { HubArn: string }).HubArn.split(':')[4] ?? null;
}

async function everyFinding({ forward }: Passing): Promise<readonly Finding[]> {
  const all: Finding[] = [];
  let NextToken: string | undefined;
  do {
    const asked = JSON.stringify({ MaxResults: 100, ...(NextToken !== undefined && { NextToken }) });
    const { body } = await forward({ method: 'POST', path: '/findings', body: asked });
    const page = JSON.parse(body.toString('utf8')) as { Findings: readonly Finding[]; NextToken?: string | null };
    all.push(...page.Findings);
    NextToken = page.NextToken ?? undefined;
  } while (NextToken !== undefined);
  return all;
}

/** Security Hub gives every finding a record state and a workflow. */
const withDefaults = (finding: Finding): Finding => ({
  RecordState: 'ACTIVE',
  Workflow: { Status: 'NEW' },
  ...finding,
});

/** Fields are joined by AND; positive filters on one field by OR, negative ones by AND. */
const matches = (finding: Finding, filters: Filters): boolean =>
  Object.entries(filters).every(([name, wanted]) => {
    const negative = wanted.filter(({ Comparison }) => Comparison.includes('NOT_'));
    const positive = wanted.filter(({ Comparison }) => !Comparison.includes('NOT_'));
    const holds = (filter: StringFilter | MapFilter): boolean => {
      const at = (LOOKS_AT[name] ?? name).split('.');
      return textsAt(finding, 'Key' in filter ? [...at, filter.Key] : at).some((text) => compare(text, filter));
    };
    return (positive.length === 0 || positive.some(holds)) && !negative.some(holds);
  });

/** Source: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_StringFilter.html */
function compare(text: string, { Comparison, Value }: StringFilter): boolean {
  switch (Comparison.replace('NOT_', '')) {
    case 'PREFIX':
    case 'PREFIX_EQUALS':
      return text.startsWith(Value);
    case 'CONTAINS':
      return text.includes(Value);
    default:
      return text === Value;
  }
}

function textsAt(value: unknown, [key, ...rest]: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => textsAt(each, key === undefined ? [] : [key, ...rest]));
  if (key === undefined) return typeof value === 'string' ? [value] : [];
  // A key of a map may have dots in it; nothing else that is looked for has.
  return value !== null && typeof value === 'object' ? textsAt((value as Finding)[key], rest) : [];
}

const notSubscribed = ({ called }: Passing): WholeAnswer =>
  serviceError(called, {
    status: 401,
    code: 'InvalidAccessException',
    message: 'Account is not subscribed to AWS Security Hub',
  });

const invalidInput = ({ called }: Passing, message: string): WholeAnswer =>
  serviceError(called, { status: 400, code: 'InvalidInputException', message });
