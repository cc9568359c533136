import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openAccounts, type AccountsOptions } from '../../aws/accounts.js';
import { startBudget } from '../../aws/budget.js';
import { CallCounter } from '../../aws/middleware/count-calls.js';
import { Region } from '../../core/ids.js';

const US_EAST_1 = Region.parse('us-east-1');
const EU_WEST_1 = Region.parse('eu-west-1');

/** Answers of STS and EC2, by the operation that the form names. */
const XML: Record<string, (form: URLSearchParams) => { readonly status?: number; readonly body: string }> = {
  GetCallerIdentity: () => ({
    body: '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
  }),
  AssumeRole: (form) =>
    form.get('RoleArn')?.includes('closed') === true
      ? {
          status: 403,
          body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform sts:AssumeRole</Message></Error></ErrorResponse>',
        }
      : {
          body: '<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>role-secret</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>',
        },
  DescribeRegions: () => ({
    body: '<DescribeRegionsResponse><regionInfo><item><regionName>us-east-1</regionName></item><item><regionName>eu-west-1</regionName></item></regionInfo></DescribeRegionsResponse>',
  }),
};

let server: Server;
let asked: string[] = [];
const before = { ...process.env };

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const form = new URLSearchParams(text);
      const action = form.get('Action') ?? '';
      asked.push(action);
      const { status = 200, body } = XML[action]?.(form) ?? { status: 500, body: '<Error/>' };
      response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  asked = [];
  const { AWS_PROFILE: _, AWS_REGION: __, AWS_DEFAULT_REGION: ___, ...others } = before;
  process.env = { ...others };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'test-secret',
    AWS_CONFIG_FILE: '/nonexistent/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
});
afterEach(() => {
  process.env = { ...before };
});

async function open(options: Partial<AccountsOptions> = {}) {
  const budget = startBudget(20_000);
  try {
    const sessions = await openAccounts({
      roleArns: [],
      regions: [US_EAST_1],
      budget,
      counter: new CallCounter(),
      ...options,
    });
    return sessions.map(({ accountId, region }) => `${accountId} ${region}`);
  } finally {
    budget.end();
  }
}

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error as Error).message,
  );

it('the account is that of the credentials, the Regions are those named', async () => {
  expect(await open({ regions: [US_EAST_1, EU_WEST_1] })).toEqual(['111122223333 us-east-1', '111122223333 eu-west-1']);
});

it('a role opens one further account, and its credentials are asked for once', async () => {
  const roleArns = ['arn:aws:iam::444455556666:role/reader'];
  expect(await open({ roleArns, regions: [US_EAST_1, EU_WEST_1] })).toEqual([
    '111122223333 us-east-1',
    '111122223333 eu-west-1',
    '444455556666 us-east-1',
    '444455556666 eu-west-1',
  ]);
  expect(asked.filter((action) => action === 'AssumeRole')).toHaveLength(1);
});

it('all is every Region that the account has enabled, in order', async () => {
  process.env['AWS_REGION'] = 'us-east-1';
  expect(await open({ regions: 'all' })).toEqual(['111122223333 eu-west-1', '111122223333 us-east-1']);
});

it('without a Region, that of the environment counts, also as the AWS CLI spells it', async () => {
  process.env['AWS_DEFAULT_REGION'] = 'eu-west-1';
  expect(await open({ regions: [] })).toEqual(['111122223333 eu-west-1']);
});

it('no Region anywhere is wrong use', async () => {
  expect(await codeOf(open({ regions: [] }))).toMatch(/^E1003: no Region is named; give --region/);
  expect(asked).toEqual([]);
});

it.each([
  ['no role', 'reader', /^E1003: --role-arn is "reader"; allowed: /],
  ['a role in the own account', 'arn:aws:iam::111122223333:role/x', /^E1003: .* account 111122223333 is read already/],
  [
    'a role that may not be assumed',
    'arn:aws:iam::444455556666:role/closed',
    /^E2007: assuming the role .*closed failed: AccessDenied/,
  ],
])('%s', async (_, roleArn, message) => {
  expect(await codeOf(open({ roleArns: [roleArn] }))).toMatch(message);
});

it('no credentials at all is said as such, without a secret', async () => {
  delete process.env['AWS_ACCESS_KEY_ID'];
  delete process.env['AWS_SECRET_ACCESS_KEY'];
  const message = await codeOf(open());
  expect(message).toMatch(/^E2007: asking whose credentials these are failed: CredentialsProviderError/);
});

it('Regions that may not be listed are named with the permission', async () => {
  process.env['AWS_REGION'] = 'us-east-1';
  const held = XML['DescribeRegions'];
  XML['DescribeRegions'] = () => ({
    status: 403,
    body: '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>',
  });
  try {
    expect(await codeOf(open({ regions: 'all' }))).toMatch(
      /^E2003: .* was denied; allow ec2:DescribeRegions, or name the Regions/,
    );
  } finally {
    if (held !== undefined) XML['DescribeRegions'] = held;
  }
});
