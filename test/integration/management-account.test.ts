import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderScpText } from '../../infra/organization/scp.js';
import { venvFolder } from './support/command.js';
import { startMoto, type MotoServer } from './support/moto-server.js';

/** A run of the script is a dozen commands of the AWS CLI, each of which takes seconds on a busy machine. */
jest.setTimeout(300_000);

const SCRIPT = join(__dirname, '../../infra/management-account/set-up.sh');
const folder = mkdtempSync(join(tmpdir(), 'origin-guard-'));
const called = join(folder, 'called');
const stackSets = join(folder, 'stack-sets-are-on');

/**
 * The AWS CLI, before moto: it notes every call that changes something, and answers for the trusted access of StackSets,
 * which moto does not know; nor does moto let these services have administrators, so it is told of two others.
 * `REFUSE` names an operation that is denied.
 */
const SHIM = `#!/usr/bin/env bash
case "$2" in describe-*|list-*|get-*) ;; *) echo "$*" >> ${called} ;; esac
if [[ "$2" == "$REFUSE" ]]; then echo 'AccessDeniedException' >&2; exit 254; fi
if [[ "$1 $2" == 'cloudformation activate-organizations-access' ]]; then touch ${stackSets}; exit 0; fi
if [[ "$1 $2" == 'cloudformation describe-organizations-access' ]]; then
  [[ -e ${stackSets} ]] && echo ENABLED || echo DISABLED
  exit 0
fi
args=("$@")
if [[ "$2" == *delegated* ]]; then
  args=("\${args[@]/#member.org.stacksets.cloudformation.amazonaws.com/ssm.amazonaws.com}")
  args=("\${args[@]/#config.amazonaws.com/macie.amazonaws.com}")
fi
exec ${join(venvFolder(), 'aws')} "\${args[@]}"
`;

let moto: MotoServer;
let admin = '';
let root = '';

const environment = () => ({
  PATH: `${folder}:${process.env['PATH'] ?? ''}`,
  AWS_ENDPOINT_URL: moto.url,
  AWS_ACCESS_KEY_ID: 'testing',
  AWS_SECRET_ACCESS_KEY: 'testing',
  AWS_DEFAULT_REGION: 'us-east-1',
});

function aws(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(join(venvFolder(), 'aws'), [...args, '--output', 'text'], {
    env: environment(),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

function setUp(args: readonly string[], { input = '', refuse = '' } = {}) {
  writeFileSync(called, '');
  const { status, stdout, stderr } = spawnSync('bash', [SCRIPT, ...args], {
    env: { ...environment(), REFUSE: refuse },
    encoding: 'utf8',
    input,
  });
  return { status, stdout, stderr, changes: readFileSync(called, 'utf8').split('\n').filter(Boolean) };
}

beforeAll(async () => {
  writeFileSync(join(folder, 'aws'), SHIM);
  chmodSync(join(folder, 'aws'), 0o755);
  writeFileSync(
    join(folder, 'scp.json'),
    renderScpText({ breakGlassRoles: [], exemptionRoles: [], tagKeys: ['origin-guard:*'] }),
  );
  moto = await startMoto();
  aws('organizations', 'create-organization', '--feature-set', 'ALL');
  admin = aws(
    ...['organizations', 'create-account', '--email', 'guard@example.com', '--account-name', 'guard'],
    ...['--query', 'CreateAccountStatus.AccountId'],
  );
  root = aws('organizations', 'list-roots', '--query', 'Roots[0].Id');
});
afterAll(() => moto.stop());

const SERVICES = [
  'config-multiaccountsetup.amazonaws.com',
  'config.amazonaws.com',
  'member.org.stacksets.cloudformation.amazonaws.com',
];
/** The services of which the account is the administrator, as moto was told. */
const administered = () =>
  spawnSync(
    join(venvFolder(), 'aws'),
    ['organizations', 'list-delegated-services-for-account', '--account-id', admin],
    { env: environment(), encoding: 'utf8' },
  ).stdout.match(/[\w.-]+\.amazonaws\.com/g);
const withPolicy = () => ['--admin', admin, '--scp', join(folder, 'scp.json'), '--target', root];
const targets = () => {
  const id = aws(
    ...['organizations', 'list-policies', '--filter', 'SERVICE_CONTROL_POLICY'],
    ...['--query', "Policies[?Name=='OriginGuard'].Id"],
  );
  return id === ''
    ? null
    : aws('organizations', 'list-targets-for-policy', '--policy-id', id, '--query', 'Targets[].TargetId');
};

it('says what it will do, and does nothing without a yes', () => {
  const { status, stdout, stderr, changes } = setUp(withPolicy(), { input: 'no\n' });
  expect(status).toBe(2);
  expect(stderr).toContain('nothing was changed');
  expect(stdout).toContain('  - turn on trusted access of StackSets\n');
  for (const service of SERVICES) {
    expect(stdout).toContain(`  - make ${admin} the delegated administrator of ${service}\n`);
  }
  expect(stdout).toContain('  - turn on trusted access of config-multiaccountsetup.amazonaws.com\n');
  expect(stdout).toContain(`  - attach it to ${root}\n`);
  expect(changes).toEqual([]);
  expect(existsSync(stackSets)).toBe(false);
});

it('stops where it cannot see what is there', () => {
  const { status, stderr, changes } = setUp([...withPolicy(), '--yes'], {
    refuse: 'list-aws-service-access-for-organization',
  });
  expect(status).toBe(2);
  expect(stderr).toContain('"aws organizations list-aws-service-access-for-organization" failed');
  expect(changes).toEqual([]);
});

it('does it once it is agreed to', () => {
  const { status, stderr } = setUp(withPolicy(), { input: 'yes\n' });
  expect({ status, stderr: stderr.replace(/^Go on\? Type yes: $/, '') }).toEqual({ status: 0, stderr: '' });
  expect(existsSync(stackSets)).toBe(true);
  expect(administered()?.sort()).toEqual([
    'config-multiaccountsetup.amazonaws.com',
    'macie.amazonaws.com',
    'ssm.amazonaws.com',
  ]);
  expect(targets()).toBe(root);
});

it('has nothing to do the second time', () => {
  expect(setUp([...withPolicy(), '--yes'])).toEqual({
    status: 0,
    stdout: 'Nothing to do: everything is as it should be.\n',
    stderr: '',
    changes: [],
  });
});

it('puts a changed policy in the place of the old one', () => {
  writeFileSync(
    join(folder, 'scp.json'),
    renderScpText({
      breakGlassRoles: ['arn:*:iam::*:role/BreakGlass'],
      exemptionRoles: [],
      tagKeys: ['origin-guard:*'],
    }),
  );
  const { status, changes } = setUp([...withPolicy(), '--yes']);
  expect(status).toBe(0);
  expect(changes).toEqual([expect.stringMatching(/^organizations update-policy --policy-id p-\w+ --content file:/)]);
});

it('takes back what it did, and leaves trusted access', () => {
  const { status, changes } = setUp(['--admin', admin, '--undo', '--yes']);
  expect(status).toBe(0);
  expect(changes.map((line) => line.split(' ')[1])).toEqual([
    'detach-policy',
    'delete-policy',
    ...SERVICES.map(() => 'deregister-delegated-administrator'),
  ]);
  expect(administered()).toBeNull();
  expect(targets()).toBeNull();
  expect(existsSync(stackSets)).toBe(true);
});

it.each([
  [['--admin', '123'], '--admin is "123"; allowed: an account id of 12 digits'],
  [['--admin', '111122223333', '--scp', 'x'], '--scp and --target go together'],
  [['--admin', '111122223333', '--scp', '/no/file', '--target', 'r-abcd'], '--scp is "/no/file"; allowed: a file'],
  [['--admin', '111122223333', '--target', 'x; rm'], '--target is "x; rm"; allowed: a root'],
  [['--admin'], '--admin needs a value'],
  [['--force'], '--force is no option'],
])('%j is refused before AWS is asked', (args, words) => {
  const { status, stderr, changes } = setUp(args);
  expect({ status, changes }).toEqual({ status: 2, changes: [] });
  expect(stderr).toContain(words);
});
