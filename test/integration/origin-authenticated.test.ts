import {
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteRuleCommand,
  DescribeListenersCommand,
  ModifyListenerCommand,
  type Action,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildEnvironment, createDistribution, given, type Environment } from './support/article-environment.js';
import { cliEnv, clientsFor, defaultCaller, type Clients } from './support/caller.js';
import { changeEvent, loadBalancerItem, RULE_NAME, scheduledEvent } from './support/config-event.js';
import { startRig, type Rig } from './support/rule-rig.js';
import { originGuard, scan } from './support/scan.js';
import { useMoto } from './support/world.js';

const world = useMoto();
const HEADER = 'X-Origin-Verify';
const SECRET = 'planted-secret-of-moto-4711';
const ANSWER: Action[] = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '403' } }];

interface Site extends Environment {
  readonly distributionId: string;
  readonly listenerArn: string;
  readonly forward: Action[];
}

/** The article's load balancer: its listener forwards to a target group, and CloudFront adds a header. */
async function buildSite(clients: Clients): Promise<Site> {
  const environment = await buildEnvironment(clients, { originDomain: null });
  const { vpcId, loadBalancerArn, dnsName } = environment;
  const distributionId = await createDistribution(clients, 'site', dnsName, { [HEADER]: SECRET });
  const { TargetGroups } = await clients.elbv2.send(
    new CreateTargetGroupCommand({ Name: 'site', Protocol: 'HTTP', Port: 80, VpcId: vpcId }),
  );
  const forward: Action[] = [{ Type: 'forward', TargetGroupArn: given(TargetGroups?.[0]?.TargetGroupArn) }];
  const { Listeners } = await clients.elbv2.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn }));
  const site = { ...environment, distributionId, listenerArn: given(Listeners?.[0]?.ListenerArn), forward };
  await byDefault(clients, site, forward);
  return site;
}

const byDefault = ({ elbv2 }: Clients, { listenerArn }: Site, actions: Action[]) =>
  elbv2.send(new ModifyListenerCommand({ ListenerArn: listenerArn, DefaultActions: actions }));

/** Adds a rule that forwards what has one of these values in the header; answers with its ARN. */
async function verify({ elbv2 }: Clients, { listenerArn, forward }: Site, values: string[]): Promise<string> {
  const { Rules } = await elbv2.send(
    new CreateRuleCommand({
      ListenerArn: listenerArn,
      Priority: 10,
      Conditions: [
        { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: HEADER.toLowerCase(), Values: values } },
      ],
      Actions: forward,
    }),
  );
  return given(Rules?.[0]?.RuleArn);
}

const clientsHere = (): Clients => clientsFor(world.moto, defaultCaller);
const env = () => ({
  ...cliEnv(world.moto, defaultCaller, world.folder),
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});

describe('on the command line', () => {
  const told = async (args: readonly string[]) => {
    const scanned = await scan(world.folder, [...args, '--rule', 'alb-origin-authenticated'], env());
    expect(JSON.stringify(scanned.result) + scanned.stderr).not.toContain(SECRET);
    return scanned;
  };

  it('from an open default to a verified header, live and as saved by collect', async () => {
    const clients = clientsHere();
    const site = await buildSite(clients);
    const { loadBalancerArn, listenerArn, distributionId } = site;
    const open = await told(['--region', 'us-east-1']);
    expect(open.of(loadBalancerArn)).toMatchObject({
      verdict: 'NON_COMPLIANT',
      paths: [{ distributionId, loadBalancerArn, linkedBy: 'dns-name' }],
      findings: [{ reason: 'default-action-forwards', listenerArn, port: 80, priority: 'default' }],
    });

    const ruleArn = await verify(clients, site, [SECRET.toUpperCase()]);
    await byDefault(clients, site, ANSWER);
    const closed = await told(['--region', 'us-east-1']);
    expect([closed.code, closed.of(loadBalancerArn).verdict]).toEqual([0, 'COMPLIANT']);

    const collected = await originGuard(world.folder, ['collect', '--region', 'us-east-1', '--out', 'saved'], env());
    expect([collected.code, collected.stderr]).toEqual([0, '']);
    const names = await readdir(join(world.folder, 'saved'), { recursive: true, withFileTypes: true });
    const files = names.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    const texts = await Promise.all(files.map((path) => readFile(path, 'utf8')));
    expect(texts.filter((text) => text.toLowerCase().includes(SECRET))).toEqual([]);
    expect((await told(['--from', 'saved'])).result).toEqual(closed.result);

    await clients.elbv2.send(new DeleteRuleCommand({ RuleArn: ruleArn }));
    await verify(clients, site, ['another-value-of-moto-0815']);
    const refused = await told(['--region', 'us-east-1']);
    expect(refused.of(loadBalancerArn).findings).toMatchObject([
      { reason: 'header-value-mismatch', listenerArn, priority: '10', headerName: 'x-origin-verify', distributionId },
    ]);
  });
});

describe('the function', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig(world.moto, { parameters: { ruleId: 'alb-origin-authenticated' } });
  });
  afterEach(async () => {
    await rig.stop();
  });

  it('judges a load balancer that changed in few calls, and every one in scope on a schedule', async () => {
    const site = await buildSite(rig.clients);
    const { loadBalancerArn } = site;
    const changed = async () => changeEvent(rig.rule, await loadBalancerItem(rig.clients, loadBalancerArn));
    const results = () => rig.config.resultsOf(RULE_NAME).map(({ resourceId, compliance }) => [resourceId, compliance]);

    rig.proxy.forget();
    const first = await rig.invoke(await changed());
    expect(first).toMatchObject({ ok: true, errorMessage: null, stderr: '' });
    expect(JSON.stringify(first)).not.toContain(SECRET);
    expect(results()).toEqual([[loadBalancerArn, 'NON_COMPLIANT']]);
    expect(rig.calls()).toMatchObject({
      DescribeListeners: 1,
      DescribeRules: 1,
      DescribeTags: 1,
      ListDistributions: 1,
    });
    const [finding] = await rig.findings();
    expect(finding).toMatchObject({
      Compliance: { Status: 'FAILED' },
      Resources: [{ Type: 'AwsElbv2LoadBalancer', Id: loadBalancerArn }, { Type: 'AwsCloudFrontDistribution' }],
    });
    expect(JSON.stringify(finding)).not.toContain(SECRET);

    await verify(rig.clients, site, [SECRET]);
    await byDefault(rig.clients, site, ANSWER);
    expect(await rig.invoke(scheduledEvent(rig.rule))).toMatchObject({ ok: true });
    expect(results()).toEqual([[loadBalancerArn, 'COMPLIANT']]);
    expect((await rig.findings())[0]).toMatchObject({ Compliance: { Status: 'PASSED' } });
  });
});
