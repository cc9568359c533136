import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../cli/main.js';
import {
  ACCOUNT_ANSWERS,
  GROUP_ID,
  NO_DISTRIBUTIONS,
  NO_LOAD_BALANCERS,
  CARRIERS,
  NO_INTERFACES,
  PLANNING_ANSWERS,
  refused,
  refusedJson,
  SECRET,
  startLocalAccount,
  type LocalAccount,
} from '../support/local-account.js';

let account: LocalAccount;
let folder: string;
const before = { ...process.env };

beforeAll(async () => {
  account = await startLocalAccount();
});
afterAll(() => account.close());
beforeEach(() => {
  const { AWS_PROFILE: _, AWS_REGION: __, AWS_DEFAULT_REGION: ___, ...others } = before;
  process.env = { ...others, ...account.env };
  account.answers = ACCOUNT_ANSWERS;
  folder = mkdtempSync(join(tmpdir(), 'origin-guard-live-'));
});
afterEach(() => {
  process.env = { ...before };
  rmSync(folder, { recursive: true, force: true });
});

async function run(...argv: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) });
  const now = (): Date => new Date('2026-07-01T12:00:00Z');
  const code = await main(argv, { stdout: sink('stdout'), stderr: sink('stderr'), env: {}, now });
  return { code, ...written };
}

const files = (): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

it('scan reads a live account when nothing saved is named', async () => {
  const { code, stdout, stderr } = await run('scan', '--region', 'us-east-1', '--format', 'json');
  expect([code, stderr]).toEqual([1, '']);
  expect(JSON.parse(stdout)).toMatchObject({
    evaluations: [
      { resourceId: expect.stringContaining('loadbalancer/app/web'), verdict: 'COMPLIANT' },
      { resourceId: GROUP_ID, accountId: '111122223333', region: 'us-east-1', verdict: 'NON_COMPLIANT' },
    ],
  });
});

it('explain reads it too, and proposes nothing that was saved', async () => {
  const { code, stdout } = await run('explain', GROUP_ID, '--region', 'us-east-1');
  expect(code).toBe(1);
  expect(stdout).toContain('0.0.0.0/0 on tcp 80: refused');
});

describe('plan', () => {
  it('reads what a plan needs, beside what a scan does', async () => {
    account.answers = PLANNING_ANSWERS;
    const { code, stdout, stderr } = await run('plan', GROUP_ID, '--region', 'us-east-1', '--format', 'json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      decision: 'EDIT',
      accountId: '111122223333',
      add: [{ prefixListId: 'pl-3b927c52', fromPort: 80, toPort: 80 }],
      remove: [{ securityGroupRuleId: 'sgr-0a' }],
    });
  });

  it('what is denied is refused, with the permission to allow', async () => {
    account.answers = { ...PLANNING_ANSWERS, DescribeListeners: refused('AccessDenied') };
    const { code, stdout } = await run('plan', GROUP_ID, '--region', 'us-east-1', '--format', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      reasonCode: 'LOOKUP_FAILED',
      because: expect.stringContaining('allow elasticloadbalancing:DescribeListeners'),
    });
  });
});

describe('collect', () => {
  it('saves what a scan looks at: scanning it gives the live result', async () => {
    const live = await run('scan', '--region', 'us-east-1', '--format', 'json');
    const { code, stdout, stderr } = await run('collect', '--region', 'us-east-1', '--out', folder);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`saved ${String(files().length)} files of 1 account and 1 Region in ${folder}\n`);
    expect(await run('scan', '--from', folder, '--format', 'json')).toEqual(live);
  });

  it('saves what a plan looks at: planning from it gives the live plan', async () => {
    account.answers = PLANNING_ANSWERS;
    const live = await run('plan', GROUP_ID, '--region', 'us-east-1', '--format', 'json');
    expect(await run('collect', '--region', 'us-east-1', '--out', folder)).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(live.stdout)).toMatchObject({ decision: 'EDIT' });
    expect(await run('plan', GROUP_ID, '--from', folder, '--format', 'json')).toEqual(live);
  });

  it('saves who else uses a group: planning from it refuses as the live plan does', async () => {
    const instance = `<item><networkInterfaceId>eni-0db</networkInterfaceId><interfaceType>interface</interfaceType><description/><vpcId>vpc-0other</vpcId><groupSet><item><groupId>${GROUP_ID}</groupId></item></groupSet></item>`;
    const list = CARRIERS.replace('<networkInterfaceSet>', `<networkInterfaceSet>${instance}`);
    const isOfAccelerators = (request: string): boolean => request.includes('global_accelerator_managed');
    account.answers = {
      ...PLANNING_ANSWERS,
      DescribeNetworkInterfaces: (request) => (isOfAccelerators(request) ? NO_INTERFACES : list),
    };
    const live = await run('plan', GROUP_ID, '--region', 'us-east-1', '--format', 'json');
    await run('collect', '--region', 'us-east-1', '--out', folder);
    expect(JSON.parse(live.stdout)).toMatchObject({ reasonCode: 'SHARED_SG' });
    expect(await run('plan', GROUP_ID, '--from', folder, '--format', 'json')).toEqual(live);
  });

  it('what only a plan needs and is denied is a warning, and the plan is refused', async () => {
    account.answers = { ...PLANNING_ANSWERS, GetParametersByPath: refusedJson };
    const { code, stderr } = await run('collect', '--region', 'us-east-1', '--out', folder);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(
        /^warning: reading rollback records of .* was denied; allow ssm:GetParametersByPath; scans do without it, plans from what is saved may be refused\n$/,
      ),
    ]);
    expect(await run('scan', '--from', folder)).toMatchObject({ code: 1, stderr: '' });
    const planned = await run('plan', GROUP_ID, '--from', folder, '--format', 'json');
    expect(JSON.parse(planned.stdout)).toMatchObject({
      reasonCode: 'LOOKUP_FAILED',
      because: expect.stringContaining('allow ssm:GetParametersByPath'),
    });
  });

  it('asks nothing for plans where no group is behind CloudFront', async () => {
    account.answers = { ...ACCOUNT_ANSWERS, ListDistributions: NO_DISTRIBUTIONS, GetParametersByPath: refusedJson };
    expect(await run('collect', '--region', 'us-east-1', '--out', folder)).toMatchObject({ code: 0, stderr: '' });
  });

  it('reads what any parameter may ask for later', async () => {
    await run('collect', '--region', 'us-east-1', '--out', folder);
    const { code, stderr } = await run('scan', '--from', folder, '--param', 'ports=listeners');
    expect([code, stderr]).toEqual([1, '']);
  });

  it('hides the values of secret headers, and keeps that there are some', async () => {
    await run('collect', '--region', 'us-east-1', '--out', folder);
    const texts = files().map((path) => readFileSync(path, 'utf8'));
    expect(texts.filter((text) => text.includes(SECRET))).toEqual([]);
    expect(texts.join('')).toContain(`hmac:`);
    expect(texts.join('')).toContain('X-Origin-Secret');
  });

  it('two runs give values that cannot be compared', async () => {
    const values: string[] = [];
    for (const name of ['a', 'b']) {
      await run('collect', '--region', 'us-east-1', '--out', join(folder, name));
      const path = join(folder, name, '111122223333/global/list-distributions-1.json');
      values.push(/hmac:[0-9a-f]+/.exec(readFileSync(path, 'utf8'))?.[0] ?? '');
    }
    expect(new Set(values).size).toBe(2);
  });

  it('writes into no folder that holds something', async () => {
    await run('collect', '--region', 'us-east-1', '--out', folder);
    const { code, stderr } = await run('collect', '--region', 'us-east-1', '--out', folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^origin-guard: E1012: /);
  });

  it.each([
    ['load balancers', { DescribeLoadBalancers: refused('AccessDenied') }],
    ['distributions', { ListDistributions: refused('AccessDenied') }],
    ['groups', { DescribeSecurityGroups: refused('UnauthorizedOperation') }],
    ['rules', { DescribeSecurityGroupRules: refused('UnauthorizedOperation') }],
    ['groups and rules', { DescribeSecurityGroups: refused('x'), DescribeSecurityGroupRules: refused('x') }],
    ['prefix lists', { DescribeManagedPrefixLists: refused('UnauthorizedOperation') }],
    ['interfaces', { DescribeNetworkInterfaces: refused('UnauthorizedOperation') }],
    [
      'tags, of a load balancer that nothing links',
      { DescribeTags: refused('AccessDenied'), ListDistributions: NO_DISTRIBUTIONS },
    ],
  ])('keeps that %s were denied: scanning it says what the live scan says', async (_, answers) => {
    account.answers = { ...ACCOUNT_ANSWERS, ...answers };
    for (const operation of ['DescribeSecurityGroups', 'DescribeSecurityGroupRules']) {
      const answer = account.answers[operation];
      if (typeof answer === 'object')
        account.answers = { ...account.answers, [operation]: refused('UnauthorizedOperation') };
    }
    const live = await run('scan', '--region', 'us-east-1', '--format', 'json');
    await run('collect', '--region', 'us-east-1', '--out', folder);
    const saved = await run('scan', '--from', folder, '--format', 'json');
    const withoutWarnings = ({ stderr, ...rest }: typeof live) => ({
      ...rest,
      stderr: stderr.replace(/^warning: .*\n/gm, ''),
    });
    expect(withoutWarnings(saved)).toEqual(withoutWarnings(live));
  });

  it('a read that is denied is told, and the exit code is 3', async () => {
    account.answers = {
      ...ACCOUNT_ANSWERS,
      DescribeLoadBalancers: refused('AccessDenied'),
      DescribeSecurityGroups: refused('UnauthorizedOperation'),
      DescribeSecurityGroupRules: refused('UnauthorizedOperation'),
    };
    const { code, stderr } = await run('collect', '--region', 'us-east-1', '--out', folder);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^gap: reading security groups? .*was denied; allow ec2:DescribeSecurityGroup/);
  });
});

describe('what is denied', () => {
  it('load balancers: every group is untold, and the exit code is 3', async () => {
    account.answers = { ...ACCOUNT_ANSWERS, DescribeLoadBalancers: refused('AccessDenied') };
    const { code, stdout } = await run('scan', '--region', 'us-east-1', '--format', 'json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      evaluations: [{ verdict: 'INDETERMINATE', gaps: [{ cause: 'access-denied', fact: 'loadBalancers' }] }],
    });
  });

  it('groups: a line on standard error, and the exit code is 3', async () => {
    account.answers = {
      ...ACCOUNT_ANSWERS,
      DescribeLoadBalancers: NO_LOAD_BALANCERS,
      DescribeSecurityGroups: refused('UnauthorizedOperation'),
      DescribeSecurityGroupRules: refused('UnauthorizedOperation'),
    };
    const { code, stderr } = await run('scan', '--region', 'us-east-1');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^gap: .* of account 111122223333 in us-east-1 was denied/);
  });
});

it.each([
  ['a Region that is none', ['scan', '--region', 'nowhere'], /^origin-guard: E1003: --region is "nowhere"; allowed: /],
  [
    'no Region',
    ['scan'],
    /^origin-guard: E1003: no Region is named; give --region, or read saved data with --from PATH/,
  ],
  [
    'an option for saved data',
    ['scan', '--region', 'us-east-1', '--account', '111122223333'],
    /^origin-guard: E1003: --account is for saved data/,
  ],
  [
    'an option for live accounts',
    ['scan', '--from', 'x', '--profile', 'p'],
    /^origin-guard: E1003: --profile and --role-arn are for live accounts/,
  ],
  [
    'a profile that does not exist',
    ['scan', '--region', 'us-east-1', '--profile', 'nobody'],
    /^origin-guard: E2007: .*nobody/,
  ],
  ['collect without a folder', ['collect', '--region', 'us-east-1'], /^origin-guard: E1003: .*--out/],
])('%s is refused in one line', async (_, argv, message) => {
  const { code, stdout, stderr } = await run(...argv);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd()).not.toContain('\n');
});

it('an answer that is none of AWS ends the scan, with nothing told', async () => {
  account.answers = { ...ACCOUNT_ANSWERS, DescribeLoadBalancers: '<html><body>Sign in</body></html>' };
  const { code, stdout, stderr } = await run('scan', '--region', 'us-east-1');
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^origin-guard: E2006: reading load balancers of account 111122223333 in us-east-1 failed/);
}, 60_000);
