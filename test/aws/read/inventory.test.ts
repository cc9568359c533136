import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { readInventory } from '../../../aws/read/inventory.js';
import { makeS3Client } from '../../../aws/s3.js';
import { CallCounter } from '../../../aws/middleware/count-calls.js';
import { startBudget } from '../../../aws/budget.js';
import { renderInventory, type Inventory } from '../../../core/inventory.js';
import { ACCOUNT, arnOf, OTHER_ACCOUNT, REGION } from '../../support/builders.js';
import { awsError, CREDENTIALS, testSession } from '../support/session.js';

const s3 = mockClient(S3Client);
beforeEach(() => s3.reset());

const INVENTORY: Inventory = {
  schemaVersion: '1',
  generatedAt: '2026-07-01T11:00:00.000Z',
  accountId: ACCOUNT,
  region: REGION,
  loadBalancers: [arnOf('web')],
  origins: [],
  unfollowed: [],
};

const client = () => makeS3Client({ region: REGION, credentials: CREDENTIALS, counter: new CallCounter() });
const read = (overrides = {}, owner: typeof ACCOUNT | null = OTHER_ACCOUNT) =>
  readInventory(testSession(overrides), client(), { name: 'inventories', owner });

const holds = (text: string) =>
  s3.on(GetObjectCommand).resolves({ Body: { transformToString: () => Promise.resolve(text) } as never });

it('the object of the own account and Region is read, from the bucket of its owner', async () => {
  holds(renderInventory(INVENTORY));
  expect(await read()).toEqual({ known: true, value: INVENTORY });
  expect(s3.commandCalls(GetObjectCommand).map(({ args: [{ input }] }) => input)).toEqual([
    { Bucket: 'inventories', Key: `inventory/v1/${ACCOUNT}/${REGION}.json`, ExpectedBucketOwner: OTHER_ACCOUNT },
  ]);
});

it('an owner that is not named is not checked', async () => {
  holds(renderInventory(INVENTORY));
  await read({}, null);
  expect(s3.commandCalls(GetObjectCommand)[0]?.args[0].input).not.toHaveProperty('ExpectedBucketOwner');
});

it.each(['NoSuchKey', 'NoSuchBucket'])('%s: it was not seen', async (name) => {
  s3.on(GetObjectCommand).rejects(awsError(name));
  expect(await read()).toEqual({
    known: false,
    gap: {
      fact: 'inventory',
      cause: 'not-seen',
      detail: `there is no inventory of origins for account ${ACCOUNT} in us-east-1: s3://inventories/inventory/v1/${ACCOUNT}/us-east-1.json is not there; see why its function does not write it`,
    },
  });
});

it('a denial is a gap, which says that the object may not be there', async () => {
  s3.on(GetObjectCommand).rejects(awsError('AccessDenied'));
  expect(await read()).toMatchObject({
    known: false,
    gap: {
      fact: 'inventory',
      cause: 'access-denied',
      detail: expect.stringMatching(/\(or it is not there, which S3 denies alike\).* was denied; allow s3:GetObject$/),
    },
  });
});

it.each([
  ['nothing', ''],
  ['half of it', renderInventory(INVENTORY).slice(0, 60)],
  ['that of another account', renderInventory({ ...INVENTORY, accountId: OTHER_ACCOUNT, loadBalancers: [] })],
])('an object that holds %s is a gap', async (_, text) => {
  holds(text);
  expect(await read()).toMatchObject({ known: false, gap: { fact: 'inventory', cause: 'incomplete' } });
});

it('an answer without a body is a gap', async () => {
  s3.on(GetObjectCommand).resolves({});
  expect(await read()).toMatchObject({ known: false, gap: { cause: 'incomplete' } });
});

it.each([
  ['SlowDown', 'E2001'],
  ['InternalError', 'E2001'],
  ['PermanentRedirect', 'E2001'],
  ['ExpiredToken', 'E2007'],
])('%s is no gap: it raises %s', async (name, code) => {
  s3.on(GetObjectCommand).rejects(awsError(name));
  await expect(read()).rejects.toMatchObject({ code });
});

it('a body that breaks off raises', async () => {
  const broken = { transformToString: () => Promise.reject(awsError('ECONNRESET', 'aborted')) };
  s3.on(GetObjectCommand).resolves({ Body: broken as never });
  await expect(read()).rejects.toMatchObject({ code: 'E2001' });
});

it('ends with the time of the run', async () => {
  s3.on(GetObjectCommand).callsFake(() => new Promise(() => undefined));
  await expect(read({ budget: startBudget(20) })).rejects.toMatchObject({ code: 'E2005' });
});
