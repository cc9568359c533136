import {
  GetDistributionTenantCommand,
  ListDistributionTenantsCommand,
  type CloudFrontClient,
} from '@aws-sdk/client-cloudfront';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readTenants } from '../../../aws/read/tenants.js';
import { known } from '../../../core/fact.js';
import { distributionId } from '../../support/builders.js';
import { awsError, testSession } from '../support/session.js';

const DISTRIBUTION = distributionId('E1');
const of = { AssociationFilter: { DistributionId: DISTRIBUTION } };

const listed = (id: string, overrides: object = {}) => ({ Id: id, DistributionId: 'E1', Enabled: true, ...overrides });
const list = (ids: readonly string[], NextMarker?: string) => ({
  DistributionTenantList: ids.map((id) => listed(id)) as never,
  ...(NextMarker === undefined ? {} : { NextMarker }),
});
const detailed = (id: string, overrides: object = {}) => ({
  DistributionTenant: {
    ...listed(id),
    Parameters: [{ Name: 'tenant', Value: id.replace('dt_', '') }],
    ...overrides,
  } as never,
});

let session: ReturnType<typeof testSession>;
let cloudfront: AwsClientStub<CloudFrontClient>;

beforeEach(() => {
  session = testSession();
  cloudfront = mockClient(session.clients.cloudfront);
});

const details = (id: string) => cloudfront.on(GetDistributionTenantCommand, { Identifier: id });

test('gives the tenants of all pages with their parameters', async () => {
  cloudfront
    .on(ListDistributionTenantsCommand, of)
    .resolves(list(['dt_a'], 'more'))
    .on(ListDistributionTenantsCommand, { ...of, Marker: 'more' })
    .resolves(list(['dt_b']));
  details('dt_a').resolves(detailed('dt_a'));
  details('dt_b').resolves(detailed('dt_b', { Enabled: false, Parameters: undefined }));
  await expect(readTenants(session, DISTRIBUTION)).resolves.toEqual(
    known([
      { id: 'dt_a', distributionId: 'E1', enabled: true, parameters: known({ tenant: 'a' }) },
      { id: 'dt_b', distributionId: 'E1', enabled: true, parameters: known({}) },
    ]),
  );
  expect(session.seen.map(({ command, region }) => [command, region])).toEqual([
    ['list-distribution-tenants', null],
    ['list-distribution-tenants', null],
    ['get-distribution-tenant', null],
    ['get-distribution-tenant', null],
  ]);
});

test.each([
  [false, false, false],
  [false, true, true],
  [true, false, true],
])('a tenant that is enabled by the list (%s) or its details (%s) is enabled: %s', async (first, second, enabled) => {
  cloudfront
    .on(ListDistributionTenantsCommand, of)
    .resolves({ DistributionTenantList: [listed('dt_a', { Enabled: first })] as never });
  details('dt_a').resolves(detailed('dt_a', { Enabled: second }));
  await expect(readTenants(session, DISTRIBUTION)).resolves.toMatchObject(known([{ enabled }]));
});

test.each([[{ DistributionTenantList: [] }], [{}]])(
  '%j is no tenant at all, and is saved as an empty list',
  async (answer) => {
    cloudfront.on(ListDistributionTenantsCommand, of).resolves(answer);
    await expect(readTenants(session, DISTRIBUTION)).resolves.toEqual(known([]));
    expect(session.seen.map(({ page }) => page)).toEqual([{ DistributionTenantList: [] }]);
  },
);

test('a list that is denied is a gap', async () => {
  cloudfront.on(ListDistributionTenantsCommand).rejects(awsError('AccessDenied'));
  await expect(readTenants(session, DISTRIBUTION)).resolves.toMatchObject({
    known: false,
    gap: {
      fact: 'distributionTenants of E1',
      cause: 'access-denied',
      detail: expect.stringContaining('allow cloudfront:ListDistributionTenants'),
    },
  });
});

test('details that are denied are a gap of their tenant alone', async () => {
  cloudfront.on(ListDistributionTenantsCommand, of).resolves(list(['dt_a', 'dt_b']));
  details('dt_a').rejects(awsError('AccessDenied'));
  details('dt_b').resolves(detailed('dt_b'));
  await expect(readTenants(session, DISTRIBUTION)).resolves.toMatchObject(
    known([
      {
        id: 'dt_a',
        enabled: true,
        parameters: {
          known: false,
          gap: {
            fact: 'parameters of tenant dt_a',
            cause: 'access-denied',
            detail: expect.stringContaining('allow cloudfront:GetDistributionTenant'),
          },
        },
      },
      { id: 'dt_b', parameters: known({ tenant: 'b' }) },
    ]),
  );
});

test('a tenant that was deleted meanwhile is left out', async () => {
  cloudfront.on(ListDistributionTenantsCommand, of).resolves(list(['dt_a', 'dt_b']));
  details('dt_a').rejects(awsError('EntityNotFound'));
  details('dt_b').resolves(detailed('dt_b'));
  await expect(readTenants(session, DISTRIBUTION)).resolves.toMatchObject(known([{ id: 'dt_b' }]));
});

test('a page that is throttled is an error', async () => {
  cloudfront
    .on(ListDistributionTenantsCommand, of)
    .resolves(list(['dt_a'], 'more'))
    .on(ListDistributionTenantsCommand, { ...of, Marker: 'more' })
    .rejects(awsError('Throttling'));
  await expect(readTenants(session, DISTRIBUTION)).rejects.toMatchObject({ code: 'E2001' });
});

test.each<readonly [string, object]>([
  ['a tenant without an id', { list: { DistributionTenantList: [{ DistributionId: 'E1' }] } }],
  ['details without the tenant', { details: {} }],
  ['a parameter without a value', { details: detailed('dt_a', { Parameters: [{ Name: 'tenant' }] }) }],
])('%s is an error', async (_, answers: { readonly list?: object; readonly details?: object }) => {
  cloudfront.on(ListDistributionTenantsCommand).resolves(answers.list ?? list(['dt_a']));
  cloudfront.on(GetDistributionTenantCommand).resolves(answers.details ?? detailed('dt_a'));
  await expect(readTenants(session, DISTRIBUTION)).rejects.toMatchObject({ code: 'E2006' });
});

describe('of many tenants', () => {
  const ids = Array.from({ length: 40 }, (_, at) => `dt_${String(at)}`);

  test('a few are read beside each other', async () => {
    let atOnce = 0;
    let most = 0;
    cloudfront.on(ListDistributionTenantsCommand).resolves(list(ids));
    cloudfront.on(GetDistributionTenantCommand).callsFake(async ({ Identifier }: { readonly Identifier: string }) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise(setImmediate);
      atOnce -= 1;
      return detailed(Identifier);
    });
    const tenants = await readTenants(session, DISTRIBUTION);
    expect(tenants.known && tenants.value.map(({ id }) => id)).toEqual(ids);
    expect(most).toBe(4);
  });

  test('none is read any more once one has failed', async () => {
    cloudfront.on(ListDistributionTenantsCommand).resolves(list(ids));
    cloudfront.on(GetDistributionTenantCommand).rejects(awsError('Throttling'));
    await expect(readTenants(session, DISTRIBUTION)).rejects.toMatchObject({ code: 'E2001' });
    const asked = cloudfront.commandCalls(GetDistributionTenantCommand).length;
    await new Promise(setImmediate);
    expect(cloudfront.commandCalls(GetDistributionTenantCommand).length).toBeLessThan(10);
    expect(cloudfront.commandCalls(GetDistributionTenantCommand)).toHaveLength(asked);
  });
});
