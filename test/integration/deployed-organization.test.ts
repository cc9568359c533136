import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetBucketEncryptionCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inventoryKey, parseInventory, type InventoryPlace } from '../../core/inventory.js';
import { parseSettings } from '../../infra/settings.js';
import { callWatcher } from '../support/iam-proof/recorded-calls.js';
import { aggregatorStandIn } from '../support/proxy/aggregator-stand-in.js';
import { organizationPackStandIn } from '../support/proxy/organization-pack-stand-in.js';
import { startProxy, type RecordingProxy } from '../support/proxy/recording-proxy.js';
import { startFunction, type Invoked, type RunningFunction } from '../support/run-function.js';
import { buildEnvironment, given, type Environment } from './support/article-environment.js';
import { DEFAULT_ACCOUNT, type Caller } from './support/caller.js';
import { changeEvent, groupItem, RULE_NAME } from './support/config-event.js';
import { deployMember, renderMember, type Template } from './support/deployed-member.js';
import { deployOrganization, renderOrganization, type DeployedOrganization } from './support/deployed-organization.js';
import { callerOf, startRig, type Rig } from './support/rule-rig.js';
import { useMoto } from './support/world.js';

// The administrator's functions are loaded out of the template, and write to the bucket that it made. Aggregator and
// organization pack are stand-ins: moto has neither. Its CloudFormation also leaves out the policy of the bucket and that it
// is versioned and closed to the public; test/infra/organization.test.ts reads these in the template.

const world = useMoto();
const ADMINISTRATOR = '777788889999';
const HERE = { accountId: DEFAULT_ACCOUNT, region: 'us-east-1' } as InventoryPlace;
const DISTRIBUTION = 'E2EXAMPLE0001';
/** The bucket of which the proof of the policies knows. */
const BUCKET = 'org-inventories';
const settings = parseSettings({ 'origin-guard': { inventoryBucketName: BUCKET } });
const PARAMETERS = {
  OrganizationId: 'o-abcd123456',
  OrganizationTargets: 'r-abcd',
  ManagementAccountId: '999900001111',
  NotificationEmail: 'guard@example.com',
  MemberTemplateUrl: 'https://example.com/member.template.json',
};

let organization: Template;
let member: Template;
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'origin-guard-deployed-'));
  organization = renderOrganization(join(folder, 'organization'), settings);
  member = renderMember(join(folder, 'member'), settings);
  rmSync(folder, { recursive: true });
});

const aggregator = aggregatorStandIn({ name: 'OriginGuard' });
let administrator: Caller;
let deployed: DeployedOrganization;
let files: Record<string, string>;
let s3: S3Client;
let rig: Rig | undefined;
let proxy: RecordingProxy | undefined;
let running: RunningFunction | undefined;

beforeEach(async () => {
  aggregator.forget();
  administrator = await callerOf(world.moto, ADMINISTRATOR, 'us-east-1');
  files = {};
  deployed = await deployOrganization(world, organization, administrator, PARAMETERS);
  const { region, ...credentials } = administrator;
  s3 = new S3Client({ endpoint: world.moto.url, region, credentials, forcePathStyle: true });
});

afterEach(async () => {
  await running?.end();
  await proxy?.stop();
  await rig?.stop();
  running = undefined;
  proxy = undefined;
  rig = undefined;
});

/** Runs a function of the template once, told what moto made of the template. */
async function run(name: string, standIns: Parameters<typeof startProxy>[0]['standIns']): Promise<Invoked> {
  await running?.end();
  await proxy?.stop();
  const watch = callWatcher(name, { accountId: ADMINISTRATOR, region: 'us-east-1' });
  proxy = await startProxy({ behind: world.moto.url, standIns: standIns ?? [], watch });
  files[name] ??= deployed.fileOf(name);
  running = await startFunction({
    endpoint: proxy.url,
    caller: administrator,
    accountId: ADMINISTRATOR,
    load: 'each-time',
    bundle: files[name],
  });
  return running.invoke({ source: 'aws.events' }, { settings: await deployed.variablesOf(name) });
}

async function record({ clients }: Rig, { dnsName }: Environment): Promise<void> {
  const { LoadBalancers = [] } = await clients.elbv2.send(new DescribeLoadBalancersCommand({}));
  aggregator.hold(
    {
      accountId: ADMINISTRATOR,
      awsRegion: 'us-east-1',
      resourceType: 'AWS::CloudFront::Distribution',
      resourceId: DISTRIBUTION,
      configuration: {
        distributionConfig: { enabled: true, origins: { quantity: 1, items: [{ id: 'web', domainName: dnsName }] } },
      },
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

it('tells the functions where to write and what to care for, and encrypts the bucket', async () => {
  expect(await deployed.variablesOf('OriginGuardInventory')).toEqual({
    INVENTORY_BUCKET: BUCKET,
    AGGREGATOR_NAME: 'OriginGuard',
    METRICS_NAMESPACE: 'OriginGuard',
    LOG_LEVEL: 'info',
  });
  expect(await deployed.variablesOf('OriginGuardReconcile')).toEqual({
    PACK_NAME: 'OriginGuard',
    METRICS_NAMESPACE: 'OriginGuard',
    LOG_LEVEL: 'info',
  });
  const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket: BUCKET }));
  expect(ServerSideEncryptionConfiguration?.Rules).toMatchObject([
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
  ]);
});

it('what it publishes lets the member’s function, as deployed, find a distribution of another account', async () => {
  const there = await deployMember(world, member, {
    InventoryBucketName: given((await deployed.variablesOf('OriginGuardInventory'))['INVENTORY_BUCKET']),
    InventoryBucketOwner: ADMINISTRATOR,
    InventoryBucketRegion: 'us-east-1',
  });
  rig = await startRig(world.moto, {
    parameters: { inventoryMode: 'ORG' },
    bundle: there.fileOf('OriginGuardRule'),
  });
  const environment = await buildEnvironment(rig.clients, { originDomain: null });
  await record(rig, environment);

  await s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }));
  for (const _ of [1, 2])
    expect(await run('OriginGuardInventory', [aggregator.standIn])).toMatchObject({ ok: true, stderr: '' });
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: BUCKET }));
  expect(Versions.map(({ Key }) => Key)).toEqual([inventoryKey(HERE), inventoryKey(HERE)]);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: inventoryKey(HERE) }));
  expect(parseInventory(given(await Body?.transformToString()), HERE)).toMatchObject({
    known: true,
    value: { origins: [{ distributionId: DISTRIBUTION, accountId: ADMINISTRATOR }] },
  });

  const event = changeEvent(rig.rule, await groupItem(rig.clients, environment.groupId));
  const invoked = await rig.invoke(event, { settings: await there.variablesOf('OriginGuardRule') });
  expect(invoked).toMatchObject({ ok: true, errorMessage: null });
  expect(rig.config.resultsOf(RULE_NAME).map(({ compliance }) => compliance)).toEqual(['NON_COMPLIANT']);
});

it('puts a failed pack again with the template that the same deployment gave AWS Config', async () => {
  const packs = organizationPackStandIn('OriginGuard', '444455556666');
  expect(await run('OriginGuardReconcile', [packs.standIn])).toMatchObject({
    ok: true,
    errorMessage: null,
    result: { kind: 'put-again' },
  });
  const [body, ...others] = packs.put();
  expect(others).toEqual([]);
  const pack = JSON.parse(given(body)) as Template;
  expect(Object.values(pack.Resources).map(({ Type }) => Type)).toContain('AWS::Config::ConfigRule');
  expect(body).toContain(':iam::999900001111:role/OriginGuardRemediation-');
  expect(body).not.toContain('${');
});
