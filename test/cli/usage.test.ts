import { version } from '../../package.json';
import { params } from '../../rules/alb-sg-cloudfront-only/params.js';
import { compliantFiles, filesWith, OPEN, run, verdictOn, writeFiles, type Ran } from '../support/saved-files.js';

const scanned = (...options: readonly string[]): Promise<Ran> =>
  run(['scan', '--from', writeFiles(compliantFiles()), ...options]);

/** Exit 2, no result, and one line that says all of this. */
function refused(ran: Ran, ...said: readonly string[]): void {
  expect([ran.code, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).toMatch(/^origin-guard: E1\d{3}: [^\n]+\n$/);
  for (const text of said) expect(ran.stderr).toContain(text);
}

describe('commands', () => {
  test.each<readonly [string, readonly string[], string]>([
    ['no command', [], 'no command given'],
    ['an unknown command', ['scna'], "unknown command 'scna'"],
    ['an unknown option', ['scan', '--form', 'x'], "unknown option '--form'"],
    ['an option without its value', ['scan', '--from'], "option '--from <path>' argument missing"],
    ['a stray argument', ['scan', 'here'], "too many arguments for 'scan'"],
    ['explain without an id', ['explain'], "missing required argument 'id'"],
    ['an unknown format', ['scan', '--format', 'xml'], 'Allowed choices are table, json'],
    ['an unknown format of rules', ['rules', '--format', 'yaml'], 'Allowed choices are table, json'],
  ])('%s is wrong use', async (_name, argv, said) => {
    refused(await run(argv), 'E1003', said, 'see origin-guard --help');
  });

  test.each([[[]], [['scan']], [['explain']], [['plan']], [['rules']]])(
    '--help of %j has an example and goes to standard output',
    async (command) => {
      const ran = await run([...command, '--help']);
      expect([ran.code, ran.stderr]).toEqual([0, '']);
      expect(ran.stdout).toMatch(new RegExp(`Example:\\n  origin-guard ${command[0] ?? 'scan'}`));
    },
  );

  test('the help lists the commands and the exit codes', async () => {
    const { stdout } = await run(['--help']);
    for (const word of ['scan', 'explain', 'plan', 'rules', 'Exit codes']) expect(stdout).toContain(word);
  });

  test('the examples of the help run', async () => {
    for (const command of ['scan', 'explain', 'plan', 'rules']) {
      const example = /Example:\n {2}origin-guard (.*)\n/.exec((await run([command, '--help'])).stdout)?.[1] ?? '';
      expect((await run(example.split(' '))).code).toBeLessThan(2);
    }
  });

  test('--version is that of the package', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('--account, --region, --cloudfront-prefix-list, --rule', () => {
  test.each([
    ['--account', '12345678912', 'an account id of 12 digits'],
    ['--account', 'prod', 'an account id of 12 digits'],
    ['--region', 'us-east', 'a Region such as us-east-1'],
    ['--region', 'all', 'a Region such as us-east-1'],
    ['--cloudfront-prefix-list', '3b927c52', 'a prefix list id such as pl-3b927c52'],
  ])('%s %s is refused', async (flag, value, allowed) => {
    refused(await scanned(flag, value), 'E1003', `${flag} is "${value}"`, `expected ${allowed}`);
  });

  test('an unknown rule is refused, and the known ones are named', async () => {
    refused(await scanned('--rule', 'alb-open'), 'E1007', 'alb-open', 'alb-sg-cloudfront-only');
  });

  test('--rule limits what is judged', async () => {
    expect((await scanned('--rule', 'alb-sg-cloudfront-only')).code).toBe(0);
  });
});

describe('rule parameters', () => {
  test.each([
    ['ports=https', 'all or listeners'],
    ['ports=', 'all or listeners'],
    ['ports=ALL', 'all or listeners'],
    ['allowedCidrs=10.0.0.0', 'CIDRs such as 203.0.113.0/24'],
    ['allowedCidrs=10.0.0.1/8', 'write the network itself'],
    ['allowedCidrs=10.0.0.0/8,,', 'CIDRs such as'],
    ['allowedCidrs=', 'CIDRs such as'],
    ['allowedPrefixListIds=office', 'prefix list ids such as pl-0abc1234'],
    ['allowedSecurityGroupIds=bastion', 'security group ids such as sg-0abc1234, or *'],
    ['originHostnames=www.example.com', 'pairs name=alb-dns-name'],
    ['originHostnames=www.example.com=a.example=b.example', 'pairs name=alb-dns-name'],
    ['resolveOrigins=yes', 'dns or off'],
    ['includeDisabledDistributions=yes', 'true or false'],
    ['exemptTagKey=aws:exempt', 'a tag key'],
    ['onMissingEvidence=ignore', 'fail or non-compliant'],
    ['inventoryMode=org', 'LOCAL or ORG'],
    ['ruleId=other', 'alb-sg-cloudfront-only'],
  ])('%s is refused with the name, the value and what is allowed', async (text, allowed) => {
    const [name = '', ...value] = text.split('=');
    refused(await scanned('--param', text), 'E1002', `parameter ${name} is "${value.join('=')}"`, allowed);
  });

  test('ORG is refused, with how to see the distributions of other accounts here', async () => {
    refused(await scanned('--param', 'inventoryMode=ORG'), 'E1002', 'parameter inventoryMode is "ORG"', '--role-arn');
  });

  test('every parameter of the rule has a bad value above', () => {
    expect(Object.keys(params)).toHaveLength(11);
  });

  test('the default of every parameter may be written', async () => {
    const all = Object.entries(params).flatMap(([name, { fallback }]) => ['--param', `${name}=${fallback}`]);
    expect((await scanned(...all)).code).toBe(0);
  });

  test('an unknown parameter is refused, and the known ones are named', async () => {
    refused(await scanned('--param', 'port=all'), 'E1002', 'unknown parameter port;', 'allowedCidrs, ');
    refused(await scanned('--param', '__proto__=all'), 'E1002', 'unknown parameter __proto__;');
  });

  test.each(['ports', '=all', ''])('--param "%s" is no parameter', async (text) => {
    refused(await scanned('--param', text), 'E1003', `--param is "${text}"; allowed: name=value`);
  });

  test('parameters are checked before the input is read', async () => {
    refused(await run(['scan', '--from', '/nowhere', '--param', 'ports=x']), 'E1002');
  });

  test('they reach the rule', async () => {
    const files = filesWith([OPEN]);
    expect(await verdictOn(files, '--param', 'allowedCidrs=0.0.0.0/0')).toBe('COMPLIANT');
    expect(await verdictOn(files, '--param', 'exemptTagKey=our:exempt')).toBe('NON_COMPLIANT world-ipv4');
  });

  test('onMissingEvidence = non-compliant turns what cannot be told into a failure', async () => {
    const { 'distributions.json': _, ...files } = compliantFiles();
    expect(await verdictOn(files, '--param', 'onMissingEvidence=non-compliant')).toBe('NON_COMPLIANT not-seen');
  });
});

describe('--params', () => {
  const withParams = (content: unknown, ...more: readonly string[]) =>
    scanned(
      ...['--rule', 'alb-sg-cloudfront-only', '--params', `${writeFiles({ 'params.json': content })}/params.json`],
      ...more,
    );

  test('reads texts, lists, switches', async () => {
    const given = {
      allowedCidrs: ['10.0.0.0/8', '192.0.2.0/24'],
      includeDisabledDistributions: true,
      ports: 'all',
      allowedPrefixListIds: [],
    };
    expect((await withParams(given)).code).toBe(0);
    expect(
      await verdictOn(
        filesWith([OPEN]),
        '--params',
        `${writeFiles({ 'p.json': { allowedCidrs: ['0.0.0.0/0'] } })}/p.json`,
      ),
    ).toBe('COMPLIANT');
  });

  test('--param comes before it', async () => {
    refused(await withParams({ ports: 'bad' }), 'parameter ports is "bad"');
    expect((await withParams({ ports: 'bad' }, '--param', 'ports=all')).code).toBe(0);
  });

  test.each<readonly [unknown, string, string]>([
    ['{"ports":', 'E1004', 'cannot read the parameters in'],
    ['hello\nworld', 'E1004', 'cannot read the parameters in'],
    [[1], 'E1005', 'must be one JSON object'],
    ['null', 'E1005', 'must be one JSON object'],
    [{ ports: null }, 'E1002', 'parameter ports is null; allowed: all or listeners'],
    [{ ports: { a: 1 } }, 'E1002', 'parameter ports is {"a":1}; allowed: all or listeners'],
    [{ allowedCidrs: [1] }, 'E1002', 'parameter allowedCidrs is [1]; allowed: CIDRs'],
    [{ ports: 443 }, 'E1002', 'parameter ports is "443"'],
    [{ prots: 'all' }, 'E1002', 'unknown parameter prots'],
  ])('%j is refused', async (content, code, said) => {
    refused(await withParams(content), code, said);
  });

  test('a file that is not there is refused', async () => {
    refused(await scanned('--params', '/nowhere/params.json'), 'E1004', '/nowhere/params.json');
  });
});
