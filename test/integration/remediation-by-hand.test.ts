import { awsPrefixList, buildEnvironment, CLOUDFRONT_LIST, FROM_ANYWHERE } from './support/article-environment.js';
import { cliEnv, defaultCaller } from './support/caller.js';
import { runCommand, type Outcome } from './support/command.js';
import { buildTwoPorts, madeGroups, verdictOf } from './support/fixer-world.js';
import { groupsOf, ingressOf, recordsOf } from './support/runbook-reads.js';
import { useRunbookRig } from './support/runbook-rig.js';
import { writeFiles } from './support/save.js';
import { originGuard } from './support/scan.js';
import { useMoto } from './support/world.js';

// `origin-guard plan --format aws-cli` of a live account, and what it prints run by the AWS CLI version 1.

const world = useMoto();
const rig = useRunbookRig(world);

/** Everything goes by the proxy, which answers what moto cannot. */
const env = () => cliEnv({ ...world.moto, url: rig.proxy.url }, defaultCaller, world.folder);

const plan = (groupId: string, ...more: readonly string[]): Promise<Outcome> =>
  originGuard(world.folder, ['plan', groupId, '--format', 'aws-cli', ...more], env());

async function run(script: string): Promise<Outcome> {
  await writeFiles(world.folder, { 'script.sh': script });
  return runCommand('sh', ['script.sh'], { cwd: world.folder, env: env() });
}

/** The way back: the comments at the end of a script, uncommented, and what it printed of the groups it made. */
const undo = (script: string, printed: string): string =>
  [
    'set -eu',
    ...printed.split('\n').filter((line) => /^GROUP_\d+=/.test(line)),
    ...script
      .slice(script.indexOf('# To undo'))
      .split('\n')
      .flatMap((line) => (line.startsWith('# aws ') ? [line.slice(2)] : [])),
  ].join('\n');

/** The calls of somebody that change something, records of the runbook included. */
const WRITES = /^(?!Describe|Get|List)/;
const writes = (): readonly string[] =>
  rig.proxy.recorded().flatMap(({ operation }) => (WRITES.test(operation) ? [operation] : []));

const BY_HAND = 'CloudFront only, by origin-guard plan';

test('the article’s group is fixed as the runbook fixes it, and given back', async () => {
  const built = await buildEnvironment(rig.clients, { ingress: [FROM_ANYWHERE] });
  await rig.addInterface(built);
  const { groupId } = built;
  const list = await awsPrefixList(rig.clients, CLOUDFRONT_LIST);

  const planned = await plan(groupId);
  expect(planned).toMatchObject({ code: 0, stderr: '' });
  expect(writes()).toEqual([]);
  const fixed = await run(planned.stdout);
  expect(fixed).toMatchObject({ code: 0, stderr: '' });
  expect(writes()).toEqual(['AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress']);
  expect(await ingressOf(rig, groupId)).toEqual([`80 ${list} ${BY_HAND}`]);
  expect(await recordsOf(rig, groupId)).toEqual({});
  expect(await verdictOf(world, groupId)).toEqual(['COMPLIANT']);

  const again = await plan(groupId);
  expect(again.code).toBe(0);
  expect(again.stdout).toMatch(/^# Nothing to do \(COMPLIANT\)/m);
  expect(again.stdout).not.toMatch(/^aws /m);

  expect(await run(undo(planned.stdout, fixed.stdout))).toMatchObject({ code: 0, stderr: '' });
  expect(await ingressOf(rig, groupId)).toEqual(['80 0.0.0.0/0', `80 ${list} ${BY_HAND}`]);
});

test('a group that does not hold both ports is split as the runbook splits it, and given back', async () => {
  const built = await buildTwoPorts(rig.clients);
  await rig.addInterface(built);
  const { groupId, loadBalancerArn, list } = built;

  const refused = await plan(groupId);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toMatch(/^# Refused \(QUOTA_NO_HEADROOM\)/m);
  expect(refused.stdout).not.toMatch(/^aws /m);

  const planned = await plan(groupId, '--allow-split');
  const split = await run(planned.stdout);
  expect(split).toMatchObject({ code: 0, stderr: '' });
  expect(writes()).toEqual([
    'CreateSecurityGroup',
    'AuthorizeSecurityGroupIngress',
    'SetSecurityGroups',
    'AuthorizeSecurityGroupIngress',
    'RevokeSecurityGroupIngress',
  ]);
  const [made = '', ...others] = await madeGroups(rig);
  expect(others).toEqual([]);
  expect(await groupsOf(rig, loadBalancerArn)).toEqual([groupId, made].sort());
  expect(await ingressOf(rig, groupId)).toEqual([`80 ${list} ${BY_HAND}`]);
  expect(await ingressOf(rig, made)).toEqual([`443 ${list} ${BY_HAND}`]);
  expect(await verdictOf(world, groupId, made)).toEqual(['COMPLIANT', 'COMPLIANT']);

  expect(await run(undo(planned.stdout, split.stdout))).toMatchObject({ code: 0, stderr: '' });
  expect(await groupsOf(rig, loadBalancerArn)).toEqual([groupId]);
  expect(await ingressOf(rig, groupId)).toEqual(['443 0.0.0.0/0', '80 0.0.0.0/0', `80 ${list} ${BY_HAND}`]);
  expect(await madeGroups(rig)).toEqual([]);
});
