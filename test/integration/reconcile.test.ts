import { join } from 'node:path';
import { callWatcher } from '../support/iam-proof/recorded-calls.js';
import { organizationPackStandIn, type OrganizationPackStandIn } from '../support/proxy/organization-pack-stand-in.js';
import { startProxy, type RecordingProxy } from '../support/proxy/recording-proxy.js';
import { startFunction, type Invoked, type RunningFunction } from '../support/run-function.js';
import { DEFAULT_ACCOUNT, defaultCaller } from './support/caller.js';

// The bundle of the function that cares for the organization's pack; nothing here is moto's, which has no such packs.

const TEMPLATE = '{"Resources":{}}';
let packs: OrganizationPackStandIn;
let proxy: RecordingProxy;
let reconcile: RunningFunction;

beforeEach(async () => {
  packs = organizationPackStandIn('OriginGuard', '444455556666');
  const watch = callWatcher('OriginGuardReconcile', { accountId: DEFAULT_ACCOUNT, region: 'us-east-1' });
  proxy = await startProxy({ behind: 'http://127.0.0.1:9', standIns: [packs.standIn], watch });
  reconcile = await startFunction({
    endpoint: proxy.url,
    caller: defaultCaller,
    accountId: DEFAULT_ACCOUNT,
    load: 'each-time',
    bundle: join(__dirname, '..', '..', 'dist', 'functions', 'reconcile.js'),
  });
});

afterEach(async () => {
  await reconcile.end();
  await proxy.stop();
});

const run = (PACK_NAME: string): Promise<Invoked> =>
  reconcile.invoke({ source: 'aws.events' }, { settings: { PACK_NAME, PACK_TEMPLATE: TEMPLATE } });

it('puts a pack again that failed in an account, with the template that its deployment gave it', async () => {
  expect(await run('OriginGuard')).toMatchObject({ ok: true, errorMessage: null, result: { kind: 'put-again' } });
  expect(packs.put()).toEqual([TEMPLATE]);
});

it('leaves the packs of others alone', async () => {
  expect(await run('OfAnother')).toMatchObject({ ok: true, result: { kind: 'leave', reason: 'no-pack' } });
  expect(packs.put()).toEqual([]);
  expect(proxy.recorded().map(({ operation }) => operation)).toEqual(['DescribeOrganizationConformancePacks']);
});
