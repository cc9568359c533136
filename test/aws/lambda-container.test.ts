import { ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { DescribeManagedPrefixListsCommand } from '@aws-sdk/client-ec2';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { EC2Client } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import type { InventoryAccess } from '../../aws/inventory-source.js';
import { LambdaContainer, type InvocationContext } from '../../aws/lambda-container.js';
import { awsError } from './support/session.js';

const ARN = 'arn:aws:lambda:us-east-1:111122223333:function:origin-guard';
const AT = { accountId: '111122223333', region: 'us-east-1' } as never;

const context = (overrides: Partial<InvocationContext> = {}): InvocationContext => ({
  awsRequestId: 'r-1',
  invokedFunctionArn: ARN,
  getRemainingTimeInMillis: () => 60_000,
  ...overrides,
});

const cloudfront = mockClient(CloudFrontClient);
const ec2 = mockClient(EC2Client);
beforeEach(() => {
  cloudfront.reset();
  ec2.reset();
  cloudfront.on(ListDistributionsCommand).resolves({
    DistributionList: { Marker: '', MaxItems: 100, IsTruncated: false, Quantity: 0 },
  });
  ec2.on(DescribeManagedPrefixListsCommand).resolves({ PrefixLists: [] });
});

const ACCESS: InventoryAccess = { bucket: 'inventories', owner: null, region: null, maxAgeMs: 86_400_000 };

const container = (cacheMs = 180_000, inventory = ACCESS): LambdaContainer =>
  new LambdaContainer({ cacheMs, versionGap: null, inventory });
const listings = (): number => cloudfront.commandCalls(ListDistributionsCommand).length;

/** What the function does with the ports in one invocation. */
async function invoke(held: LambdaContainer, freshness: 'fresh' | 'cached-ok' = 'cached-ok') {
  const invocation = held.open(context());
  try {
    const ports = invocation.portsFor(freshness, 'LOCAL');
    const [seen] = await Promise.all([ports.distributions(), ports.distributions(), ports.cloudfrontPrefixLists(AT)]);
    return seen;
  } finally {
    invocation.end();
  }
}

it('the account, Region and partition are those of the function that was invoked', () => {
  const invocation = container().open(
    context({ invokedFunctionArn: 'arn:aws-cn:lambda:cn-north-1:444455556666:function:x' }),
  );
  expect(invocation).toMatchObject({ own: { accountId: '444455556666', region: 'cn-north-1' }, partition: 'aws-cn' });
  invocation.end();
});

it.each(['', 'function', 'arn:aws:lambda:us-east-1:1234:function:x'])(
  'an ARN "%s" is no function',
  (invokedFunctionArn) => {
    expect(() => container().open(context({ invokedFunctionArn }))).toThrow(expect.objectContaining({ code: 'E1001' }));
  },
);

it('distributions and prefix lists are kept from one invocation to the next', async () => {
  const held = container();
  await invoke(held);
  await invoke(held);
  expect(listings()).toBe(1);
  expect(ec2.commandCalls(DescribeManagedPrefixListsCommand)).toHaveLength(1);
});

it('a sweep reads them again, once, and what it read is kept', async () => {
  const held = container();
  await invoke(held);
  await invoke(held, 'fresh');
  await invoke(held);
  expect(listings()).toBe(2);
});

it('nothing is kept without a time to keep it', async () => {
  const held = container(0);
  await invoke(held);
  await invoke(held);
  expect(listings()).toBe(2);
});

it('says whether something kept was read', async () => {
  const held = container();
  const first = held.open(context());
  await first.portsFor('cached-ok', 'LOCAL').distributions();
  expect(first.usedKept()).toBe(false);
  first.end();
  const second = held.open(context());
  await second.portsFor('cached-ok', 'LOCAL').distributions();
  expect(second.usedKept()).toBe(true);
  second.end();
  const third = held.open(context());
  await third.portsFor('fresh', 'LOCAL').distributions();
  expect(third.usedKept()).toBe(false);
  third.end();
});

it('a denial is not kept', async () => {
  const held = container();
  cloudfront
    .on(ListDistributionsCommand)
    .rejectsOnce(awsError('AccessDenied'))
    .resolves({ DistributionList: { Marker: '', MaxItems: 100, IsTruncated: false, Quantity: 0 } });
  expect((await invoke(held)).gapAt(null)?.cause).toBe('access-denied');
  expect((await invoke(held)).gapAt(null)).toBeNull();
});

it('reading ends early enough to report, and reporting before the invocation does', async () => {
  const invocation = container().open(context({ getRemainingTimeInMillis: () => 1_500 }));
  const started = Date.now();
  const never = () => new Promise<never>(() => undefined);
  await expect(invocation.session.budget.run('reading', never)).rejects.toMatchObject({ code: 'E2005' });
  const read = Date.now() - started;
  expect(invocation.reporting.budget.signal.aborted).toBe(false);
  await expect(invocation.reporting.budget.run('reporting', never)).rejects.toMatchObject({ code: 'E2005' });
  const reported = Date.now() - started;
  expect(read).toBeLessThan(reported);
  expect(reported).toBeLessThan(1_500);
  invocation.end();
});

it('what an invocation left under way ends with it', async () => {
  const held = container();
  const invocation = held.open(context());
  const waiting = invocation.session.budget.run('reading', () => new Promise<never>(() => undefined));
  invocation.end();
  await expect(waiting).rejects.toMatchObject({ code: 'E2005' });
});
