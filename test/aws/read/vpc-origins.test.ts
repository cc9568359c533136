import { GetVpcOriginCommand, ListVpcOriginsCommand, type CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readVpcOrigin, readVpcOrigins } from '../../../aws/read/vpc-origins.js';
import { known } from '../../../core/fact.js';
import { arnOf, vpcOriginId } from '../../support/builders.js';
import { listOfItems } from '../support/cloudfront-pages.js';
import { awsError, testSession } from '../support/session.js';

const ID = vpcOriginId('vo_1');
const origin = (id: string, name: string) => ({
  Id: id,
  Name: name,
  Status: 'Deployed',
  Arn: `arn:aws:cloudfront::111122223333:vpcorigin/${id}`,
  OriginEndpointArn: arnOf(name),
});

let session: ReturnType<typeof testSession>;
let cloudfront: AwsClientStub<CloudFrontClient>;

beforeEach(() => {
  session = testSession();
  cloudfront = mockClient(session.clients.cloudfront);
});

describe('readVpcOrigins', () => {
  const page = (...args: Parameters<typeof listOfItems>) => ({ VpcOriginList: listOfItems(...args) });

  test('gives all pages by id', async () => {
    cloudfront
      .on(ListVpcOriginsCommand)
      .resolves(page([origin('vo_1', 'web')], { next: 'vo_1' }))
      .on(ListVpcOriginsCommand, { Marker: 'vo_1' })
      .resolves(page([{ ...origin('vo_2', 'api'), AccountId: '444455556666' }]));
    await expect(readVpcOrigins(session)).resolves.toEqual(
      known(
        new Map([
          ['vo_1', { id: 'vo_1', endpointArn: arnOf('web') }],
          ['vo_2', { id: 'vo_2', endpointArn: arnOf('api') }],
        ]),
      ),
    );
    expect(session.seen.map(({ command, region }) => [command, region])).toEqual([
      ['list-vpc-origins', null],
      ['list-vpc-origins', null],
    ]);
  });

  test('gives none of an account without any', async () => {
    cloudfront.on(ListVpcOriginsCommand).resolves(page([]));
    await expect(readVpcOrigins(session)).resolves.toEqual(known(new Map()));
  });

  test('gives a gap where it is denied', async () => {
    cloudfront.on(ListVpcOriginsCommand).rejects(awsError('AccessDenied'));
    await expect(readVpcOrigins(session)).resolves.toMatchObject({
      known: false,
      gap: { fact: 'vpcOrigins', cause: 'access-denied', detail: expect.stringContaining('cloudfront:ListVpcOrigins') },
    });
  });

  test('raises an error where a later page is throttled', async () => {
    cloudfront
      .on(ListVpcOriginsCommand)
      .resolves(page([origin('vo_1', 'web')], { next: 'vo_1' }))
      .on(ListVpcOriginsCommand, { Marker: 'vo_1' })
      .rejects(awsError('Throttling'));
    await expect(readVpcOrigins(session)).rejects.toMatchObject({ code: 'E2001' });
  });

  test.each<readonly [string, object]>([
    ['without a list', {}],
    ['that goes on and does not say where', page([origin('vo_1', 'web')], { IsTruncated: true })],
    ['with fewer items than it says', page([origin('vo_1', 'web')], { Quantity: 2 })],
    ['with a VPC origin that leads nowhere', page([{ ...origin('vo_1', 'web'), OriginEndpointArn: undefined }])],
  ])('raises an error for an answer %s', async (_, answer) => {
    cloudfront.on(ListVpcOriginsCommand).resolves(answer);
    await expect(readVpcOrigins(session)).rejects.toMatchObject({ code: 'E2006' });
  });
});

describe('readVpcOrigin', () => {
  test('gives where one leads', async () => {
    cloudfront.on(GetVpcOriginCommand, { Id: ID }).resolves({
      VpcOrigin: { Id: ID, Arn: 'arn', VpcOriginEndpointConfig: { Name: 'web', Arn: arnOf('web') } } as never,
    });
    await expect(readVpcOrigin(session, ID)).resolves.toEqual(known({ id: ID, endpointArn: arnOf('web') }));
    expect(session.seen.map(({ command, region }) => [command, region])).toEqual([['get-vpc-origin', null]]);
  });

  test('gives a gap for one that the account does not see', async () => {
    cloudfront.on(GetVpcOriginCommand).rejects(awsError('EntityNotFound'));
    await expect(readVpcOrigin(session, ID)).resolves.toMatchObject({
      known: false,
      gap: { fact: 'vpcOrigin vo_1', cause: 'unresolved' },
    });
  });

  test('gives a gap where it is denied', async () => {
    cloudfront.on(GetVpcOriginCommand).rejects(awsError('AccessDenied'));
    await expect(readVpcOrigin(session, ID)).resolves.toMatchObject({
      known: false,
      gap: {
        fact: 'vpcOrigin vo_1',
        cause: 'access-denied',
        detail: expect.stringContaining('cloudfront:GetVpcOrigin'),
      },
    });
  });

  test('raises an error where it is throttled', async () => {
    cloudfront.on(GetVpcOriginCommand).rejects(awsError('Throttling'));
    await expect(readVpcOrigin(session, ID)).rejects.toMatchObject({ code: 'E2001' });
  });

  test.each<readonly [string, object]>([
    ['without the VPC origin', {}],
    ['without where it leads', { VpcOrigin: { Id: ID, Arn: 'arn' } }],
  ])('raises an error for an answer %s', async (_, answer) => {
    cloudfront.on(GetVpcOriginCommand).resolves(answer);
    await expect(readVpcOrigin(session, ID)).rejects.toMatchObject({ code: 'E2006' });
  });
});
