import { GetDistributionCommand, ListDistributionsCommand, type CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readDistributions } from '../../../aws/read/distributions.js';
import { known } from '../../../core/fact.js';
import { ACCOUNT, dnsNameOf } from '../../support/builders.js';
import { distributionPage, summary } from '../support/cloudfront-pages.js';
import { awsError, testSession } from '../support/session.js';

const WEB = dnsNameOf('web');
const TEMPLATE = '{{tenant}}.example.com';

let session: ReturnType<typeof testSession>;
let cloudfront: AwsClientStub<CloudFrontClient>;

beforeEach(() => {
  session = testSession();
  cloudfront = mockClient(session.clients.cloudfront);
});

const lists = (...args: Parameters<typeof distributionPage>) =>
  cloudfront.on(ListDistributionsCommand).resolves(distributionPage(...args));

describe('the list', () => {
  test('gives each with its account and origins, disabled and staging ones too', async () => {
    const vpcOrigin = { VpcOriginConfig: { VpcOriginId: 'vo_1', OriginReadTimeout: 30 } };
    lists([
      summary('E1', WEB),
      summary('E2', 'in.example.com', { Enabled: false, Staging: true, origin: vpcOrigin }),
      summary('E3', 'b.s3.us-east-1.amazonaws.com', { origin: { S3OriginConfig: { OriginAccessIdentity: '' } } }),
    ]);
    const origin = { id: 'o', domainName: WEB, isS3: false, vpcOriginId: null };
    await expect(readDistributions(session)).resolves.toMatchObject(
      known([
        { id: 'E1', accountId: ACCOUNT, enabled: true, origins: [origin] },
        { id: 'E2', enabled: false, origins: [{ ...origin, domainName: 'in.example.com', vpcOriginId: 'vo_1' }] },
        { id: 'E3', origins: [{ isS3: true }] },
      ]),
    );
    expect(session.seen).toEqual([
      { accountId: ACCOUNT, region: null, command: 'list-distributions', page: expect.anything() },
    ]);
  });

  test('is read to its last page', async () => {
    lists([summary('E1', WEB)], { next: 'E1' });
    cloudfront
      .on(ListDistributionsCommand, { Marker: 'E1' })
      .resolves(distributionPage([summary('E2', WEB)], { next: 'E2' }))
      .on(ListDistributionsCommand, { Marker: 'E2' })
      .resolves(distributionPage([summary('E3', WEB)], { Marker: 'E2' }));
    await expect(readDistributions(session)).resolves.toMatchObject(known([{ id: 'E1' }, { id: 'E2' }, { id: 'E3' }]));
    expect(session.seen).toHaveLength(3);
  });

  test('may say how many there are on all pages together', async () => {
    lists([summary('E1', WEB)], { next: 'E1', Quantity: 3 });
    cloudfront
      .on(ListDistributionsCommand, { Marker: 'E1' })
      .resolves(distributionPage([summary('E2', WEB), summary('E3', WEB)], { Quantity: 3 }));
    await expect(readDistributions(session)).resolves.toMatchObject(known([{}, {}, {}]));
  });

  test('of an account without any is empty', async () => {
    lists([]);
    await expect(readDistributions(session)).resolves.toEqual(known([]));
  });

  test('is a gap where it is denied', async () => {
    cloudfront.on(ListDistributionsCommand).rejects(awsError('AccessDenied'));
    await expect(readDistributions(session)).resolves.toMatchObject({
      known: false,
      gap: {
        fact: 'distributions',
        cause: 'access-denied',
        detail: expect.stringContaining('allow cloudfront:ListDistributions'),
      },
    });
  });

  test('is a gap as a whole where a later page is denied', async () => {
    lists([summary('E1', WEB)], { next: 'E1' });
    cloudfront.on(ListDistributionsCommand, { Marker: 'E1' }).rejects(awsError('AccessDenied'));
    await expect(readDistributions(session)).resolves.toMatchObject({ known: false });
  });

  test('is an error where a later page is throttled', async () => {
    lists([summary('E1', WEB)], { next: 'E1' });
    cloudfront.on(ListDistributionsCommand, { Marker: 'E1' }).rejects(awsError('Throttling'));
    await expect(readDistributions(session)).rejects.toMatchObject({ code: 'E2001' });
  });

  const one = [summary('E1', WEB)];
  test.each<readonly [string, object]>([
    ['without a list', {}],
    ['that does not say whether it goes on', distributionPage(one, { IsTruncated: undefined })],
    ['that goes on and does not say where', distributionPage(one, { IsTruncated: true })],
    ['that goes on at an empty marker', distributionPage(one, { IsTruncated: true, NextMarker: '' })],
    ['with fewer items than it says', distributionPage(one, { Quantity: 2 })],
    ['with more items than it says', distributionPage(one, { Quantity: 0 })],
    ['that does not say how many items it has', distributionPage(one, { Quantity: undefined })],
    ['with items left out', distributionPage(one, { Items: undefined })],
    ['with a distribution without an id', distributionPage([{ ...one[0], Id: undefined }])],
    ['with a distribution without origins', distributionPage([{ ...one[0], Origins: undefined }])],
    ['with fewer origins than it says', distributionPage([summary('E1', WEB, { Origins: { Quantity: 1 } })])],
  ])('is an error %s', async (_, answer) => {
    cloudfront.on(ListDistributionsCommand).resolves(answer);
    await expect(readDistributions(session)).rejects.toMatchObject({ code: 'E2006' });
  });

  test('is an error where a page is one short of what all pages together say', async () => {
    lists([summary('E1', WEB)], { next: 'E1', Quantity: 3 });
    cloudfront
      .on(ListDistributionsCommand, { Marker: 'E1' })
      .resolves(distributionPage([summary('E2', WEB)], { Quantity: 3 }));
    await expect(readDistributions(session)).rejects.toMatchObject({ code: 'E2006' });
  });
});

describe('parameter defaults', () => {
  const described = (TenantConfig?: object) => ({
    Distribution: {
      Id: 'E1',
      ARN: 'arn:aws:cloudfront::111122223333:distribution/E1',
      DistributionConfig: {
        Enabled: true,
        Origins: { Quantity: 1, Items: [{ Id: 'o', DomainName: TEMPLATE }] },
        TenantConfig,
      },
    },
  });
  const parameter = (Name: string, DefaultValue?: string) => ({
    Name,
    Definition: { StringSchema: { Required: false, DefaultValue } },
  });
  const gets = (answer: object) => cloudfront.on(GetDistributionCommand).resolves(answer);

  test('are read once for a distribution with a placeholder, and for no other', async () => {
    lists([summary('E0', WEB), summary('E1', TEMPLATE)]);
    gets(described({ ParameterDefinitions: [parameter('tenant', 'web'), parameter('other')] }));
    await expect(readDistributions(session)).resolves.toMatchObject(
      known([
        { id: 'E0', parameterDefaults: { known: false, gap: { cause: 'not-seen' } } },
        { id: 'E1', parameterDefaults: known({ tenant: 'web' }) },
      ]),
    );
    expect(cloudfront.commandCalls(GetDistributionCommand).map(({ args: [{ input }] }) => input)).toEqual([
      { Id: 'E1' },
    ]);
    expect(session.seen.map(({ command, region }) => [command, region])).toEqual([
      ['list-distributions', null],
      ['get-distribution', null],
    ]);
  });

  test('are none where none are defined', async () => {
    lists([summary('E1', TEMPLATE)]);
    gets(described());
    const distributions = await readDistributions(session);
    expect(distributions.known && distributions.value.map((each) => each.parameterDefaults)).toEqual([known({})]);
  });

  test('are a gap of their distribution alone where they are denied', async () => {
    lists([summary('E1', TEMPLATE)]);
    cloudfront.on(GetDistributionCommand).rejects(awsError('AccessDenied'));
    await expect(readDistributions(session)).resolves.toMatchObject(
      known([
        {
          id: 'E1',
          parameterDefaults: {
            known: false,
            gap: {
              fact: 'parameter defaults of distribution E1',
              cause: 'access-denied',
              detail: expect.stringContaining('allow cloudfront:GetDistribution'),
            },
          },
        },
      ]),
    );
  });

  test('a distribution that was deleted meanwhile is left out', async () => {
    lists([summary('E1', TEMPLATE), summary('E2', WEB)]);
    cloudfront.on(GetDistributionCommand).rejects(awsError('NoSuchDistribution'));
    await expect(readDistributions(session)).resolves.toMatchObject(known([{ id: 'E2' }]));
  });

  test('are an error where they are throttled', async () => {
    lists([summary('E1', TEMPLATE)]);
    cloudfront.on(GetDistributionCommand).rejects(awsError('Throttling'));
    await expect(readDistributions(session)).rejects.toMatchObject({ code: 'E2001' });
  });

  test('are an error in an answer without the distribution', async () => {
    lists([summary('E1', TEMPLATE)]);
    gets({});
    await expect(readDistributions(session)).rejects.toMatchObject({ code: 'E2006' });
  });
});
