import { ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { DescribeManagedPrefixListsCommand } from '@aws-sdk/client-ec2';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { EC2Client } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import type { InventoryAccess } from '../../aws/inventory-source.js';
import { LambdaContainer, type InvocationContext } from '../../aws/lambda-container.js';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { renderInventory } from '../../core/inventory.js';
import { ACCOUNT, arnOf, distributionId, dnsNameOf, OTHER_ACCOUNT, REGION } from '../support/builders.js';
import { distributionPage, summary } from './support/cloudfront-pages.js';
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

describe('the inventory', () => {
  const s3 = mockClient(S3Client);
  const inventory = (generatedAt = new Date().toISOString()): string =>
    renderInventory({
      schemaVersion: '1',
      generatedAt,
      accountId: ACCOUNT,
      region: REGION,
      loadBalancers: [arnOf('web')],
      origins: [
        {
          distributionId: distributionId('E2OTHER'),
          accountId: OTHER_ACCOUNT,
          enabled: true,
          originId: 'web',
          domainName: dnsNameOf('web'),
          connection: null,
          loadBalancerArns: [arnOf('web')],
        },
      ],
      unfollowed: [],
    });
  const holds = (text: string) =>
    s3.on(GetObjectCommand).resolves({ Body: { transformToString: () => Promise.resolve(text) } as never });
  const reads = (): number => s3.commandCalls(GetObjectCommand).length;
  beforeEach(() => {
    s3.reset();
    holds(inventory());
  });

  async function look(held: LambdaContainer, mode: 'LOCAL' | 'ORG', freshness: 'fresh' | 'cached-ok' = 'cached-ok') {
    const invocation = held.open(context());
    try {
      const ports = invocation.portsFor(freshness, mode);
      const [view] = await Promise.all([ports.distributions(), ports.distributions()]);
      return { ids: view.items.map(({ id }) => id), cause: view.gapAt(ACCOUNT)?.cause, kept: invocation.usedKept() };
    } finally {
      invocation.end();
    }
  }

  it('is not read where distributions of other accounts do not count', async () => {
    expect(await look(container(), 'LOCAL')).toEqual({ ids: [], cause: undefined, kept: false });
    expect(reads()).toBe(0);
  });

  it('is read once, and kept as long as the distributions are', async () => {
    const held = container();
    expect(await look(held, 'ORG')).toEqual({ ids: ['E2OTHER'], cause: undefined, kept: false });
    expect(await look(held, 'ORG')).toEqual({ ids: ['E2OTHER'], cause: undefined, kept: true });
    expect(reads()).toBe(1);
    expect(await look(held, 'ORG', 'fresh')).toMatchObject({ ids: ['E2OTHER'], kept: false });
    expect(reads()).toBe(2);
  });

  it('that is missing is a gap at every account, is not kept, and the distributions of the account are there', async () => {
    const held = container();
    cloudfront.on(ListDistributionsCommand).resolves(distributionPage([summary('E1', 'a.example.com')]));
    s3.on(GetObjectCommand).rejectsOnce(awsError('AccessDenied'));
    expect(await look(held, 'ORG')).toEqual({ ids: ['E1'], cause: 'access-denied', kept: false });
    holds(inventory());
    expect(await look(held, 'ORG')).toMatchObject({ ids: ['E1', 'E2OTHER'], cause: undefined });
  });

  it('that was kept grows old all the same', async () => {
    const held = container(180_000, { ...ACCESS, maxAgeMs: 60_000 });
    holds(inventory(new Date(Date.now() - 59_000).toISOString()));
    expect(await look(held, 'ORG')).toMatchObject({ ids: ['E2OTHER'], cause: undefined });
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 2_000);
    expect(await look(held, 'ORG')).toEqual({ ids: [], cause: 'stale', kept: true });
    jest.restoreAllMocks();
  });

  it('without a bucket raises E1011 before anything is read, and only where it is asked for', async () => {
    const held = container(0, { ...ACCESS, bucket: null });
    await expect(look(held, 'ORG')).rejects.toMatchObject({
      code: 'E1011',
      detail:
        'INVENTORY_BUCKET is not set, and the parameter inventoryMode is ORG; allowed: the name of the bucket of the inventories, or LOCAL as the parameter',
    });
    expect(listings()).toBe(0);
    expect(await look(held, 'LOCAL')).toMatchObject({ ids: [] });
  });

  it('is asked for in the Region of its bucket', async () => {
    const regions: string[] = [];
    s3.on(GetObjectCommand).callsFake(async (_, client: () => { config: { region: () => Promise<string> } }) => {
      regions.push(await client().config.region());
      return { Body: { transformToString: () => Promise.resolve(inventory()) } };
    });
    await look(container(0, { ...ACCESS, region: 'eu-west-1' as never }), 'ORG');
    await look(container(0), 'ORG');
    expect(regions).toEqual(['eu-west-1', 'us-east-1']);
  });
});
