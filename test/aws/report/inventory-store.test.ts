import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { startBudget } from '../../../aws/budget.js';
import { CallCounter } from '../../../aws/middleware/count-calls.js';
import { inventoryStore } from '../../../aws/report/inventory-store.js';
import { makeS3Client } from '../../../aws/s3.js';
import { ACCOUNT, OTHER_ACCOUNT, REGION } from '../../support/builders.js';
import { awsError, CREDENTIALS, testSession } from '../support/session.js';

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());

const AT = { accountId: OTHER_ACCOUNT, region: REGION };
const store = (overrides = {}) =>
  inventoryStore(
    testSession(overrides),
    makeS3Client({ region: REGION, credentials: CREDENTIALS, counter: new CallCounter() }),
    { name: 'inventories', owner: ACCOUNT },
  );

it('writes one object for a place, with a checksum, into the bucket of its owner', async () => {
  s3.on(PutObjectCommand).resolves({});
  await store().write(AT, '{}\n');
  expect(s3.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => input)).toEqual([
    {
      Bucket: 'inventories',
      Key: `inventory/v1/${OTHER_ACCOUNT}/us-east-1.json`,
      Body: '{}\n',
      ContentType: 'application/json',
      ChecksumAlgorithm: 'SHA256',
      ExpectedBucketOwner: ACCOUNT,
    },
  ]);
});

it.each([
  ['AccessDenied', 'E2008', /was denied; allow s3:PutObject$/],
  ['NoSuchBucket', 'E2008', /NoSuchBucket/],
  ['SlowDown', 'E2008', /SlowDown/],
  ['ExpiredToken', 'E2007', /ExpiredToken/],
])('%s raises %s with the object', async (name, code, message) => {
  s3.on(PutObjectCommand).rejects(awsError(name));
  const raised = store().write(AT, '{}');
  await expect(raised).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  await expect(raised).rejects.toThrow(`writing s3://inventories/inventory/v1/${OTHER_ACCOUNT}/us-east-1.json`);
});

it('ends with the time of the run', async () => {
  s3.on(PutObjectCommand).callsFake(() => new Promise(() => undefined));
  await expect(store({ budget: startBudget(20) }).write(AT, '{}')).rejects.toMatchObject({ code: 'E2005' });
});

it('lists the places of every page, and nothing else that is in the bucket', async () => {
  const keys = (...all: string[]) => all.map((Key) => ({ Key }));
  s3.on(ListObjectsV2Command)
    .resolvesOnce({
      Contents: keys(`inventory/v1/${ACCOUNT}/us-east-1.json`, 'inventory/v1/readme.txt'),
      NextContinuationToken: 'two',
    })
    .resolvesOnce({ Contents: [{}, ...keys(`inventory/v1/${OTHER_ACCOUNT}/eu-west-1.json`)] });
  expect(await store().places()).toEqual({
    known: true,
    value: [
      { accountId: ACCOUNT, region: 'us-east-1' },
      { accountId: OTHER_ACCOUNT, region: 'eu-west-1' },
    ],
  });
  const inputs = s3.commandCalls(ListObjectsV2Command).map(({ args: [{ input }] }) => input);
  expect(inputs.map(({ ContinuationToken }) => ContinuationToken)).toEqual([undefined, 'two']);
  expect(inputs[0]).toMatchObject({ Bucket: 'inventories', Prefix: 'inventory/v1/', ExpectedBucketOwner: ACCOUNT });
});

it('an empty bucket holds none', async () => {
  s3.on(ListObjectsV2Command).resolves({});
  expect(await store().places()).toEqual({ known: true, value: [] });
});

it('a denied list is a gap, and a throttled one raises', async () => {
  s3.on(ListObjectsV2Command).rejectsOnce(awsError('AccessDenied')).rejects(awsError('SlowDown'));
  expect(await store().places()).toMatchObject({ known: false, gap: { cause: 'access-denied' } });
  await expect(store().places()).rejects.toMatchObject({ code: 'E2001' });
});
