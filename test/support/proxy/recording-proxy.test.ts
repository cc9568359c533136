import { CloudFrontClient, GetDistributionConfigCommand, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service';
import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fault } from './faults.js';
import { json } from './faults.js';
import { startProxy, type RecordingProxy, type StandIn } from './recording-proxy.js';

const ANSWER = '<Whole><member>0123456789</member></Whole>';

let server: Server;
let behind: string;
let served: string[];
let proxy: RecordingProxy;

beforeEach(async () => {
  served = [];
  server = createServer((incoming, response) => {
    incoming.resume().once('end', () => {
      served.push(`${String(incoming.method)} ${String(incoming.url)}`);
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(ANSWER);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  behind = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  proxy = await startProxy({ behind });
});

afterEach(async () => {
  await proxy.stop();
  server.closeAllConnections();
  server.close();
});

const ask = (path = '/') =>
  fetch(`${proxy.url}${path}`, { method: 'POST', body: 'Action=DescribeVpcs', headers: FORM });
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const settings = () => ({
  endpoint: proxy.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  maxAttempts: 1,
});

const CALLS: readonly (readonly [string, string, () => Promise<unknown>])[] = [
  ['ec2', 'DescribeSecurityGroups', () => new EC2Client(settings()).send(new DescribeSecurityGroupsCommand())],
  [
    'elasticloadbalancing',
    'DescribeLoadBalancers',
    () => new ElasticLoadBalancingV2Client(settings()).send(new DescribeLoadBalancersCommand({ PageSize: 5 })),
  ],
  [
    'cloudfront',
    'ListDistributions',
    () => new CloudFrontClient(settings()).send(new ListDistributionsCommand({ Marker: 'E1' })),
  ],
  [
    'cloudfront',
    'GetDistributionConfig',
    () => new CloudFrontClient(settings()).send(new GetDistributionConfigCommand({ Id: 'E1' })),
  ],
  [
    'config',
    'PutEvaluations',
    () => new ConfigServiceClient(settings()).send(new PutEvaluationsCommand({ ResultToken: 'token' })),
  ],
  [
    'securityhub',
    'GetFindings',
    () => new SecurityHubClient(settings()).send(new GetFindingsCommand({ MaxResults: 5 })),
  ],
];

const nameOf = async (call: () => Promise<unknown>): Promise<unknown> =>
  call().then(
    () => 'no error',
    (error: unknown) => (error as { name: unknown }).name,
  );

it('records what was asked, of whom and by whom, in the order of arrival', async () => {
  for (const [, , call] of CALLS) await nameOf(call);
  expect(proxy.recorded().map(({ order, service, operation }) => [order, service, operation])).toEqual(
    CALLS.map(([service, operation], index) => [index + 1, service, operation]),
  );
  for (const { status, region, accessKeyId, fault, userAgent } of proxy.recorded()) {
    expect([status, region, accessKeyId, fault]).toEqual([200, 'us-east-1', 'AKIDEXAMPLE', null]);
    expect(userAgent).toContain('aws-sdk-js');
  }
  expect(proxy.recorded()[1]?.input).toMatchObject({ Action: 'DescribeLoadBalancers', PageSize: '5' });
  expect(proxy.recorded()[4]?.input).toEqual({ ResultToken: 'token' });
  expect(served).toHaveLength(CALLS.length);
  expect(served[2]).toBe('GET /2020-05-31/distribution?Marker=E1');
});

it.each<[Fault['kind'], readonly string[]]>([
  [
    'throttled',
    [
      'RequestLimitExceeded',
      'Throttling',
      'Throttling',
      'Throttling',
      'ThrottlingException',
      'TooManyRequestsException',
    ],
  ],
  [
    'denied',
    [
      'UnauthorizedOperation',
      'AccessDenied',
      'AccessDenied',
      'AccessDenied',
      'AccessDeniedException',
      'AccessDeniedException',
    ],
  ],
  [
    'failed',
    [
      'InternalError',
      'InternalFailure',
      'InternalFailure',
      'InternalFailure',
      'InternalServerException',
      'InternalException',
    ],
  ],
])('speaks as each service does when a call is %s, and asks nobody', async (kind, names) => {
  proxy.strike({ fault: { kind } as Fault, times: 'always' });
  const found: unknown[] = [];
  for (const [, , call] of CALLS) found.push(await nameOf(call));
  expect(found).toEqual(names);
  expect(served).toEqual([]);
});

const RESULTS: readonly (readonly [Fault, boolean, (answer: Promise<Response>) => Promise<void>])[] = [
  [{ kind: 'unavailable' }, false, async (answer) => expect((await answer).status).toBe(503)],
  [{ kind: 'empty' }, false, async (answer) => expect(await (await answer).text()).toBe('')],
  [{ kind: 'html' }, false, async (answer) => expect(await (await answer).text()).toMatch(/^<html>/)],
  [{ kind: 'reset' }, false, async (answer) => expect(answer).rejects.toThrow('fetch failed')],
  [{ kind: 'reset-in-body' }, true, async (answer) => expect((await answer).text()).rejects.toThrow('terminated')],
  [{ kind: 'cut' }, true, async (answer) => expect(await (await answer).text()).toBe(ANSWER.slice(0, 21))],
  [
    { kind: 'cut-short-of-length' },
    true,
    async (answer) => expect((await answer).text()).rejects.toThrow('terminated'),
  ],
  [{ kind: 'slow', milliseconds: 80 }, true, async (answer) => expect(await (await answer).text()).toBe(ANSWER)],
];

it.each(RESULTS)('%j: AWS acts on the request: %s', async (fault, isServed, expectation) => {
  proxy.strike({ fault, times: 'once' });
  const started = Date.now();
  await expectation(ask());
  if (fault.kind === 'slow') expect(Date.now() - started).toBeGreaterThanOrEqual(75);
  expect(served).toHaveLength(isServed ? 1 : 0);
  expect(proxy.recorded().map((each) => each.fault)).toEqual([fault.kind]);
  expect(await (await ask()).text()).toBe(ANSWER);
});

it('cuts JSON where an object ends', async () => {
  const value = { items: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }], next: 'token' };
  const other = await startProxy({ behind, standIns: [() => json(200, value)] });
  other.strike({ fault: { kind: 'cut' }, times: 'once' });
  expect(await (await fetch(other.url)).text()).toBe('{"items":[{"id":1},{"id":2}');
  expect(await (await fetch(other.url)).json()).toEqual(value);
  await other.stop();
});

it('stays silent until the caller gives up', async () => {
  proxy.strike({ fault: { kind: 'silent' }, times: 'once' });
  const answer = fetch(proxy.url, { signal: AbortSignal.timeout(100) });
  await expect(answer).rejects.toThrow('timeout');
  expect(served).toEqual([]);
  expect(proxy.recorded()[0]?.status).toBeNull();
});

it('strikes the call that was meant, once or from then on', async () => {
  const statuses = async (): Promise<number[]> => {
    const found: number[] = [];
    for (let count = 0; count < 4; count += 1) found.push((await ask()).status);
    return found;
  };
  proxy.strike({ operation: 'DescribeVpcs', call: 2, times: 'once', fault: { kind: 'unavailable' } });
  proxy.strike({ operation: 'DescribeSubnets', times: 'always', fault: { kind: 'unavailable' } });
  expect(await statuses()).toEqual([200, 503, 200, 200]);
  expect(proxy.allStruck()).toBe(false);
  proxy.forget();
  proxy.strike({ call: 3, times: 'always', fault: { kind: 'unavailable' } });
  expect(await statuses()).toEqual([200, 200, 503, 503]);
  expect(proxy.allStruck()).toBe(true);
  expect(proxy.recorded().map(({ order }) => order)).toEqual([1, 2, 3, 4]);
});

it('strikes one Region and leaves the others alone', async () => {
  proxy.strike({ region: 'eu-west-1', times: 'always', fault: { kind: 'denied' } });
  const inRegion = (region: string) =>
    nameOf(() => new EC2Client({ ...settings(), region }).send(new DescribeSecurityGroupsCommand()));
  expect([await inRegion('eu-west-1'), await inRegion('us-east-1')]).toEqual(['UnauthorizedOperation', 'no error']);
});

it('lets the first stand-in answer that can, which may ask the server behind', async () => {
  const standIns: StandIn[] = [
    ({ path }) => (path === '/own' ? json(200, { own: true }) : null),
    async ({ path, forward }) => (path === '/asks' ? forward({ path: '/other', method: 'GET' }) : null),
    ({ path }) => {
      if (path === '/broken') throw new Error('broken');
      return null;
    },
  ];
  const other = await startProxy({ behind, standIns });
  const text = async (path: string): Promise<string> => (await fetch(`${other.url}${path}`)).text();
  expect(await text('/own')).toBe('{"own":true}');
  expect(served).toEqual([]);
  expect(await text('/asks')).toBe(ANSWER);
  expect(await text('/rest')).toBe(ANSWER);
  expect(served).toEqual(['GET /other', 'GET /rest']);
  expect(await text('/broken')).toContain("the test's proxy failed: Error: broken");
  await other.stop();
});
