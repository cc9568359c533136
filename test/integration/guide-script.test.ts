import { GetDistributionConfigCommand } from '@aws-sdk/client-cloudfront';
import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
  type Action,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  awsPrefixList,
  buildEnvironment,
  CLOUDFRONT_LIST,
  createDistribution,
  given,
  httpFrom,
} from './support/article-environment.js';
import { aws, cliEnv, clientsFor, defaultCaller } from './support/caller.js';
import { runCommand } from './support/command.js';
import { BOTH_RULES, originGuard, scan } from './support/scan.js';
import { useMoto } from './support/world.js';

jest.setTimeout(540_000);
const world = useMoto();
const HEADER = 'X-Origin-Verify';
const ACCOUNT_TEXT = '123456789012';

const clientsHere = () => clientsFor(world.moto, defaultCaller);
const env = () => ({
  ...cliEnv(world.moto, defaultCaller, world.folder),
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});

/** A site of the prefix-list kind: closed but for CloudFront, and open to every distribution there is. */
async function buildSite(headers: Readonly<Record<string, string>> = {}) {
  const clients = clientsHere();
  const { elbv2 } = clients;
  // The distribution is deployed at once: the waiter of the AWS CLI sleeps for a minute.
  await fetch(`${world.moto.url}/moto-api/state-manager/set-transition`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model_name: 'cloudfront::distribution', transition: { progression: 'immediate' } }),
  });
  const prefixListId = await awsPrefixList(clients, CLOUDFRONT_LIST);
  const ingress = [httpFrom({ PrefixListIds: [{ PrefixListId: prefixListId }] })];
  const { vpcId, groupId, loadBalancerArn, dnsName } = await buildEnvironment(clients, { originDomain: null, ingress });
  const distributionId = await createDistribution(clients, 'site', dnsName, headers);
  const targets = async (Name: string): Promise<Action[]> => {
    const made = await elbv2.send(new CreateTargetGroupCommand({ Name, Protocol: 'HTTP', Port: 80, VpcId: vpcId }));
    return [{ Type: 'forward', TargetGroupArn: given(made.TargetGroups?.[0]?.TargetGroupArn) }];
  };
  const [web, api] = [await targets('web'), await targets('api')];
  const { Listeners } = await elbv2.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn }));
  const listenerArn = given(Listeners?.[0]?.ListenerArn);
  await elbv2.send(new ModifyListenerCommand({ ListenerArn: listenerArn, DefaultActions: web }));
  const add = (Priority: number, Values: string[], Actions: Action[]) =>
    elbv2.send(
      new CreateRuleCommand({
        ListenerArn: listenerArn,
        Priority,
        Conditions: [
          { Field: 'path-pattern', PathPatternConfig: { Values } },
          { Field: 'host-header', HostHeaderConfig: { Values: ['www.example.com'] } },
        ],
        Actions,
      }),
    );
  await add(10, ['/old/*'], [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', Path: '/new' } }]);
  await add(20, ['/api/*', '/v1/*'], api);
  return { loadBalancerArn, listenerArn, distributionId, groupId };
}

type Site = Awaited<ReturnType<typeof buildSite>>;

/** Writes the script that `plan` prints, and gives a way to run it. */
async function planned(arn: string, ...more: readonly string[]) {
  const file = 'plan.sh';
  const live = ['--region', 'us-east-1'];
  const made = await originGuard(
    world.folder,
    ['plan', arn, ...live, ...more, '--format', 'aws-cli', '--output', file],
    env(),
  );
  expect(made).toMatchObject({ code: 0, stderr: '' });
  return (...args: readonly string[]) =>
    runCommand('bash', [file, ...args], {
      cwd: world.folder,
      env: { ...env(), TMPDIR: world.folder },
      timeout: 300_000,
    });
}

/** What can be seen of the listener and the distribution, with values and without what AWS picks. */
async function stateOf({ listenerArn, distributionId }: Site) {
  const { elbv2, cloudfront } = clientsHere();
  const { Rules = [] } = await elbv2.send(new DescribeRulesCommand({ ListenerArn: listenerArn }));
  const { DistributionConfig } = await cloudfront.send(new GetDistributionConfigCommand({ Id: distributionId }));
  return {
    rules: Rules.map(({ Priority, Conditions, Actions }) => ({ Priority, Conditions, Actions })).sort(
      (a, b) => Number(a.Priority) - Number(b.Priority),
    ),
    headers: DistributionConfig?.Origins?.Items?.[0]?.CustomHeaders?.Items ?? [],
    domain: DistributionConfig?.Origins?.Items?.[0]?.DomainName,
    behavior: DistributionConfig?.DefaultCacheBehavior,
  };
}

const sentValue = async (site: Site): Promise<string> =>
  given((await stateOf(site)).headers.find(({ HeaderName }) => HeaderName === HEADER)?.HeaderValue);

const verdicts = async ({ loadBalancerArn, groupId }: Site) => {
  const scanned = await scan(world.folder, ['--region', 'us-east-1', ...BOTH_RULES], env());
  return [scanned.of(groupId).verdict, scanned.of(loadBalancerArn).verdict];
};

test('step by step, both layers become compliant, and back again everything is as it was', async () => {
  const site = await buildSite({ 'X-Env': 'production' });
  const before = await stateOf(site);
  expect(await verdicts(site)).toEqual(['COMPLIANT', 'NON_COMPLIANT']);
  const run = await planned(site.loadBalancerArn);
  const listed = await run();
  const count = listed.stdout.trim().split('\n').length;
  expect([listed.code, count]).toEqual([0, 7]);

  const states = [before];
  let said = listed.stdout;
  for (let step = 1; step <= count; step += 1) {
    const done = await run(String(step));
    expect([step, done.code, done.stderr]).toEqual([step, 0, '']);
    said += done.stdout;
    states.push(await stateOf(site));
  }
  expect(await verdicts(site)).toEqual(['COMPLIANT', 'COMPLIANT']);
  const value = await sentValue(site);
  expect(value).toMatch(/^[A-Za-z0-9]{64}$/);
  expect(said).not.toContain(value);
  expect((await readdir(world.folder)).sort()).toEqual(['plan.sh']);
  const after = await stateOf(site);
  expect(after.behavior).toEqual(before.behavior);
  expect(after.headers.map(({ HeaderName }) => HeaderName)).toEqual(['X-Env', HEADER]);

  for (let step = count; step >= 1; step -= 1) {
    const back = await run('back', String(step));
    expect([step, back.code, back.stderr]).toEqual([step, 0, '']);
    expect(await stateOf(site)).toEqual(states[step - 1]);
  }
});

test('all at once, then a rotation: the old value is refused at the end, and its step back accepts it again', async () => {
  const site = await buildSite();
  expect(await (await planned(site.loadBalancerArn))('all')).toMatchObject({ code: 0, stderr: '' });
  const old = await sentValue(site);
  const { code, stdout } = await originGuard(
    world.folder,
    ['plan', site.loadBalancerArn, '--region', 'us-east-1'],
    env(),
  );
  expect([code, stdout]).toEqual([0, expect.stringContaining('NOOP')]);
  expect(stdout).toContain('--rotate');

  const run = await planned(site.loadBalancerArn, '--rotate');
  const accepted = async (): Promise<readonly string[]> => {
    const { rules } = await stateOf(site);
    return [
      ...new Set(
        rules.flatMap(({ Conditions = [] }) =>
          Conditions.flatMap(({ HttpHeaderConfig }) => HttpHeaderConfig?.Values ?? []),
        ),
      ),
    ];
  };
  const count = (await run()).stdout.trim().split('\n').length;
  expect(count).toBe(6);
  for (let step = 1; step <= count; step += 1)
    expect([step, await run(String(step))]).toEqual([step, expect.objectContaining({ code: 0, stderr: '' })]);
  const value = await sentValue(site);
  expect(value).not.toBe(old);
  expect(await accepted()).toEqual([value]);
  expect(await verdicts(site)).toEqual(['COMPLIANT', 'COMPLIANT']);

  expect(await run('back', String(count))).toMatchObject({ code: 0, stderr: '' });
  expect((await accepted()).toSorted()).toEqual([old, value].toSorted());
  for (let step = count - 1; step >= 1; step -= 1)
    expect([step, await run('back', String(step))]).toEqual([step, expect.objectContaining({ code: 0, stderr: '' })]);
  expect([await sentValue(site), await accepted()]).toEqual([old, [old]]);
});

test('a step out of turn, other rules and another account stop it before anything is changed', async () => {
  const site = await buildSite();
  const before = await stateOf(site);
  const run = await planned(site.loadBalancerArn);
  for (const step of ['2', '4', '5', '6', '7']) {
    const { code, stderr } = await run(step);
    expect([step, code]).toEqual([step, expect.any(Number)]);
    expect(code).not.toBe(0);
    expect(stderr).not.toBe('');
    expect(await stateOf(site)).toEqual(before);
  }
  await aws(world.moto, defaultCaller, world.folder, [
    ...['elbv2', 'create-rule', '--listener-arn', site.listenerArn, '--priority', '5'],
    ...[
      '--conditions',
      'Field=path-pattern,Values=/new',
      '--actions',
      'Type=fixed-response,FixedResponseConfig={StatusCode=200}',
    ],
  ]);
  const changed = await run('1');
  expect([changed.code, changed.stderr]).toEqual([1, expect.stringContaining('stopped: the rules of listener 80')]);

  const script = join(world.folder, 'plan.sh');
  const text = await import('node:fs/promises').then(({ readFile }) => readFile(script, 'utf8'));
  await writeFile(script, text.replaceAll(ACCOUNT_TEXT, '999999999999'));
  const other = await run('1');
  expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('the account of these credentials')]);
});
