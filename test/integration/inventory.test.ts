import { GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import { CreateSecurityGroupCommand } from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { join } from 'node:path';
import { inventoryKey, parseInventory, renderInventory, type InventoryPlace } from '../../core/inventory.js';
import { callWatcher } from '../support/iam-proof/recorded-calls.js';
import { aggregatorStandIn } from '../support/proxy/aggregator-stand-in.js';
import { startProxy, type RecordingProxy } from '../support/proxy/recording-proxy.js';
import { startFunction, type Invoked, type RunningFunction } from '../support/run-function.js';
import { buildEnvironment, createDistribution, given, type Environment } from './support/article-environment.js';
import { clientsFor, DEFAULT_ACCOUNT, type Caller, type Clients } from './support/caller.js';
import { changeEvent, groupItem, RULE_NAME, scheduledEvent } from './support/config-event.js';
import { callerOf, startRig, type Rig } from './support/rule-rig.js';
import { nextRun, startRunbookRig, type RunbookRig } from './support/runbook-rig.js';
import { useMoto } from './support/world.js';

// One account has the distribution, another one the load balancer: neither sees the other's, and the inventory tells.

const world = useMoto();
const OWNER = '777788889999';
const BUCKET = 'org-inventories';
const AGGREGATOR_NAME = 'OriginGuard';
const HERE = { accountId: DEFAULT_ACCOUNT, region: 'us-east-1' } as InventoryPlace;
const SECRET = 'a-secret-header-value';
const ORG = { inventoryMode: 'ORG' };
const ACCESS = { INVENTORY_BUCKET: BUCKET };

const aggregator = aggregatorStandIn({ name: AGGREGATOR_NAME, pageSize: 1 });
let owner: Caller;
let there: Clients;
let proxy: RecordingProxy;
let inventory: RunningFunction;
let s3: S3Client;
let rig: Rig;
let environment: Environment;
let distributionId: string;

beforeEach(async () => {
  aggregator.forget();
  owner = await callerOf(world.moto, OWNER, 'us-east-1');
  there = clientsFor(world.moto, owner);
  const { region, ...credentials } = owner;
  s3 = new S3Client({ endpoint: world.moto.url, region, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  rig = await startRig(world.moto, { parameters: ORG });
  environment = await buildEnvironment(rig.clients, { originDomain: null });
  distributionId = await createDistribution(there, 'of-another-account', environment.dnsName, { 'x-origin': SECRET });
  const watch = callWatcher('OriginGuardInventory', { accountId: OWNER, region: 'us-east-1' });
  proxy = await startProxy({ behind: world.moto.url, standIns: [aggregator.standIn], watch });
  inventory = await startFunction({
    endpoint: proxy.url,
    caller: owner,
    accountId: OWNER,
    load: 'each-time',
    bundle: join(__dirname, '..', '..', 'dist', 'functions', 'inventory.js'),
  });
});

afterEach(async () => {
  await inventory.end();
  await proxy.stop();
  await rig.stop();
});

/** Has the aggregator hold what the two accounts have, as AWS Config would record it, secrets too. */
async function record(): Promise<void> {
  const { Distribution } = await there.cloudfront.send(new GetDistributionCommand({ Id: distributionId }));
  const config = given(Distribution?.DistributionConfig);
  const items = given(config.Origins?.Items).map((each) => ({
    id: each.Id,
    domainName: each.DomainName,
    customHeaders: { quantity: 1, items: [{ headerName: 'x-origin', headerValue: SECRET }] },
    customOriginConfig: {
      httpPort: each.CustomOriginConfig?.HTTPPort,
      httpsPort: each.CustomOriginConfig?.HTTPSPort,
      originProtocolPolicy: each.CustomOriginConfig?.OriginProtocolPolicy,
    },
  }));
  const { LoadBalancers = [] } = await rig.clients.elbv2.send(new DescribeLoadBalancersCommand({}));
  aggregator.hold(
    {
      accountId: OWNER,
      awsRegion: 'us-east-1',
      resourceType: 'AWS::CloudFront::Distribution',
      resourceId: distributionId,
      configuration: { distributionConfig: { enabled: config.Enabled, origins: { quantity: items.length, items } } },
    },
    ...LoadBalancers.map((each) => ({
      accountId: DEFAULT_ACCOUNT,
      awsRegion: 'us-east-1',
      resourceType: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      resourceId: given(each.LoadBalancerArn),
      configuration: { dNSName: each.DNSName, scheme: each.Scheme, type: each.Type },
    })),
  );
}

const run = (settings: Readonly<Record<string, string>> = {}): Promise<Invoked> =>
  inventory.invoke(
    { source: 'aws.events', 'detail-type': 'Scheduled Event' },
    { settings: { INVENTORY_BUCKET: BUCKET, AGGREGATOR_NAME, ...settings } },
  );

async function stored(at = HERE): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: inventoryKey(at) }));
  return given(await Body?.transformToString());
}

const keys = async (): Promise<readonly string[]> =>
  ((await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))).Contents ?? []).map(({ Key }) => given(Key)).sort();

async function publish(): Promise<void> {
  await record();
  expect(await run()).toMatchObject({ ok: true, stderr: '' });
}

/** Changes the object of the account as if time had passed, or something had broken. */
async function alter(change: (text: string) => string): Promise<void> {
  const command = new PutObjectCommand({ Bucket: BUCKET, Key: inventoryKey(HERE), Body: change(await stored()) });
  await s3.send(command);
}

const judgeGroup = async (settings: Readonly<Record<string, string>> = ACCESS): Promise<Invoked> =>
  rig.invoke(changeEvent(rig.rule, await groupItem(rig.clients, environment.groupId)), { settings });

const results = (): readonly string[] => rig.config.resultsOf(RULE_NAME).map(({ compliance }) => compliance);
const NON_COMPLIANT = ['NON_COMPLIANT'];

describe('the inventory function', () => {
  it('writes what the account of the load balancer must know, and no secret', async () => {
    await publish();
    expect(await keys()).toEqual([inventoryKey(HERE)]);
    const text = await stored();
    expect(parseInventory(text, HERE)).toMatchObject({
      known: true,
      value: {
        loadBalancers: [environment.loadBalancerArn],
        origins: [
          {
            distributionId,
            accountId: OWNER,
            enabled: true,
            domainName: environment.dnsName,
            connection: { httpPort: 80, httpsPort: 443, protocolPolicy: 'http-only' },
            loadBalancerArns: [environment.loadBalancerArn],
          },
        ],
        unfollowed: [],
      },
    });
    expect(text).not.toContain(SECRET);
  });

  it('counts what it did, in lines without a secret', async () => {
    await record();
    const { lines } = await run();
    expect(lines).toMatchObject([
      { level: 'info', message: 'inventories written', written: 1, distributions: 1, loadBalancers: 1 },
      {
        InventoriesWritten: 1,
        CrossAccountOrigins: 1,
        UnresolvedOrigins: 0,
        UnfollowedReasons: 0,
        InventorySucceeded: 1,
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  it('empties the object of a place that has no load balancer any more', async () => {
    const gone = { accountId: OWNER, region: 'eu-west-1' } as InventoryPlace;
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: inventoryKey(gone), Body: 'old' }));
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'inventory/v1/readme.txt', Body: 'kept' }));
    await publish();
    expect(await keys()).toEqual([inventoryKey(HERE), inventoryKey(gone), 'inventory/v1/readme.txt'].sort());
    expect(parseInventory(await stored(gone), gone)).toMatchObject({
      known: true,
      value: { loadBalancers: [], origins: [] },
    });
  });

  it.each([
    ['a query that is denied', { operation: 'SelectAggregateResourceConfig', call: 2 }, 'E2008'],
    ['a query that is denied at its start', { operation: 'SelectAggregateResourceConfig' }, 'E2008'],
  ] as const)('%s: nothing is written', async (_, strike, code) => {
    await record();
    proxy.strike({ fault: { kind: 'denied' }, times: 'always', ...strike });
    const { ok, errorMessage } = await run();
    expect([ok, errorMessage]).toEqual([false, expect.stringContaining(`${code}: nothing was written`)]);
    expect(await keys()).toEqual([]);
  });

  it('an aggregator that does not exist, or a row in another form: nothing is written', async () => {
    await record();
    expect(await run({ AGGREGATOR_NAME: 'other' })).toMatchObject({
      errorMessage: expect.stringContaining('E2001') as string,
    });
    aggregator.hold({
      accountId: OWNER,
      awsRegion: 'us-east-1',
      resourceType: 'AWS::CloudFront::Distribution',
      resourceId: 'E0',
      configuration: { distributionConfig: { enabled: true, origins: { quantity: 1, items: { id: ['a'] } } } },
    });
    expect(await run()).toMatchObject({ errorMessage: expect.stringContaining('E2006') as string });
    expect(await keys()).toEqual([]);
  });

  it('a bucket that does not exist is named', async () => {
    await record();
    const { ok, errorMessage } = await run({ INVENTORY_BUCKET: 'nobodys-bucket' });
    expect([ok, errorMessage]).toEqual([false, expect.stringContaining('NoSuchBucket')]);
  });
});

describe('the rule', () => {
  it('finds what fronts the load balancer from another account', async () => {
    await publish();
    expect(await judgeGroup()).toMatchObject({ ok: true, errorMessage: null });
    expect(results()).toEqual(NON_COMPLIANT);
    const [finding] = await rig.findings();
    expect(JSON.stringify(finding)).toContain(distributionId);
  });

  it('under LOCAL does not', async () => {
    await publish();
    const local = { ...rig.rule, parameters: { inventoryMode: 'LOCAL' } };
    const event = changeEvent(local, await groupItem(rig.clients, environment.groupId));
    expect(await rig.invoke(event, { settings: ACCESS })).toMatchObject({ ok: true });
    expect(rig.config.put().map(({ compliance }) => compliance)).toEqual(['NOT_APPLICABLE']);
  });

  it('keeps a result, and says why, while the inventory is gone, stale or damaged; a fresh one retires it', async () => {
    await publish();
    await judgeGroup();
    const good = await stored();
    const put = rig.config.put().length;
    const old = new Date(Date.now() - 24 * 3_600_000 - 60_000).toISOString();
    for (const [change, why] of [
      [(text: string) => text.replace(/"generatedAt": "[^"]+"/, `"generatedAt": "${old}"`), 'older than 24 hours'],
      [(text: string) => text.slice(0, text.length / 2), 'cannot be read: it is not JSON'],
      [(text: string) => text.replace(HERE.accountId, OWNER), `it is that of account ${OWNER}`],
    ] as const) {
      await alter(change);
      for (const invoked of [await judgeGroup(), await rig.invoke(scheduledEvent(rig.rule), { settings: ACCESS })]) {
        expect([invoked.ok, invoked.errorMessage]).toEqual([
          false,
          expect.stringContaining('E2003: verdicts withheld: 1'),
        ]);
        expect(invoked.errorMessage).toContain(why);
      }
      await alter(() => good);
    }
    await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: inventoryKey(HERE) }));
    expect((await judgeGroup()).errorMessage).toContain('there is no inventory of origins');
    expect([results(), rig.config.put().length]).toEqual([NON_COMPLIANT, put]);

    const parsed = parseInventory(good, HERE);
    if (!parsed.known) throw new Error(parsed.gap.detail);
    const Body = renderInventory({ ...parsed.value, origins: [] });
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: inventoryKey(HERE), Body }));
    expect(await rig.invoke(scheduledEvent(rig.rule), { settings: ACCESS })).toMatchObject({ ok: true });
    expect(results()).toEqual([]);
  });

  it('needs no inventory where there is no load balancer, for which none is written', async () => {
    const empty = await startRig(world.moto, { region: 'eu-west-1', parameters: ORG });
    try {
      const { GroupId } = await empty.clients.ec2.send(
        new CreateSecurityGroupCommand({ GroupName: 'lonely', Description: 'of nobody' }),
      );
      for (const event of [
        scheduledEvent(empty.rule),
        changeEvent(empty.rule, await groupItem(empty.clients, given(GroupId))),
      ])
        expect(await empty.invoke(event, { settings: ACCESS })).toMatchObject({ ok: true, errorMessage: null });
      expect(empty.config.put().map(({ compliance }) => compliance)).toEqual(['NOT_APPLICABLE']);
    } finally {
      await empty.stop();
    }
  });

  it('without a bucket fails before it reports anything', async () => {
    expect(await judgeGroup({})).toMatchObject({
      ok: false,
      errorMessage: expect.stringContaining('E1011: INVENTORY_BUCKET is not set') as string,
    });
    expect(rig.config.put()).toEqual([]);
  });

  it('reads the object once for an event', async () => {
    await publish();
    rig.proxy.forget();
    await judgeGroup();
    const s3Calls = rig.proxy.recorded().filter(({ service }) => service === 's3');
    expect(s3Calls.map(({ operation }) => operation)).toEqual([`GET /${BUCKET}/${inventoryKey(HERE)}`]);
  });
});

describe('the planner', () => {
  let planner: RunbookRig;
  const ask = async (settings: Readonly<Record<string, string>>) => {
    planner = await startRunbookRig(world, settings);
    await planner.addInterface(environment);
    const question = { mode: 'plan', securityGroupId: environment.groupId, executionId: nextRun() };
    const { decision, reasonCode, requiredPorts } = await planner.ask(question);
    return { decision, reasonCode, requiredPorts };
  };
  afterEach(() => planner.stop());
  const RULE_PARAMETERS = JSON.stringify(ORG);

  it('keeps the port open by which a distribution of another account comes', async () => {
    await publish();
    expect(await ask({ ...ACCESS, RULE_PARAMETERS })).toMatchObject({ decision: 'EDIT', requiredPorts: 'ipv4/80' });
  });

  it('refuses while the inventory is gone', async () => {
    expect(await ask({ ...ACCESS, RULE_PARAMETERS })).toMatchObject({
      decision: 'REFUSE',
      reasonCode: 'LOOKUP_FAILED',
    });
  });

  it('under LOCAL sees no distribution, and leaves the group alone', async () => {
    await publish();
    expect(await ask(ACCESS)).toMatchObject({ decision: 'REFUSE', reasonCode: 'NOT_FRONTED' });
  });
});
