import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  type DescribeTagsCommandOutput,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer as DescribedBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient, type AwsClientStub } from 'aws-sdk-client-mock';
import { readLoadBalancers, readTags } from '../../../aws/read/load-balancers.js';
import { known } from '../../../core/fact.js';
import { arnOf, dnsNameOf, loadBalancer, REGION, VPC } from '../../support/builders.js';
import { awsError, testSession } from '../support/session.js';

const WEB = arnOf('web');

const described = (overrides: Partial<DescribedBalancer> = {}): DescribedBalancer => ({
  LoadBalancerArn: WEB,
  LoadBalancerName: 'web',
  DNSName: dnsNameOf('web'),
  Scheme: 'internet-facing',
  VpcId: VPC,
  Type: 'application',
  SecurityGroups: ['sg-0web'],
  State: { Code: 'active' },
  ...overrides,
});

let session: ReturnType<typeof testSession>;
let elbv2: AwsClientStub<ElasticLoadBalancingV2Client>;

beforeEach(() => {
  session = testSession();
  elbv2 = mockClient(session.clients.elbv2);
});

describe('readLoadBalancers', () => {
  const balancers = (...all: readonly DescribedBalancer[]) =>
    elbv2.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [...all] });

  test('gives each with its place, the tags unread', async () => {
    balancers(described());
    await expect(readLoadBalancers(session)).resolves.toEqual(
      known([
        loadBalancer({
          tags: { known: false, gap: { fact: 'tags', cause: 'not-seen', detail: 'the tags were not read' } },
        }),
      ]),
    );
    expect(elbv2.calls().map(({ args: [{ input }] }) => input)).toEqual([{ PageSize: 400 }]);
  });

  test('gives those of every type', async () => {
    balancers(
      described(),
      { LoadBalancerArn: arnOf('tcp', undefined, 'net'), Type: 'network' },
      { LoadBalancerArn: arnOf('inspect', undefined, 'gwy'), Type: 'gateway' },
    );
    await expect(readLoadBalancers(session)).resolves.toMatchObject(
      known([{ type: 'application' }, { type: 'network', securityGroups: [] }, { type: 'gateway' }]),
    );
  });

  test('reads every page', async () => {
    elbv2
      .on(DescribeLoadBalancersCommand)
      .resolves({ LoadBalancers: [described()], NextMarker: 'more' })
      .on(DescribeLoadBalancersCommand, { Marker: 'more', PageSize: 400 })
      .resolves({ LoadBalancers: [described({ LoadBalancerArn: arnOf('api'), LoadBalancerName: 'api' })] });
    await expect(readLoadBalancers(session)).resolves.toMatchObject(known([{ name: 'web' }, { name: 'api' }]));
    expect(session.seen.map(({ command, region }) => [command, region])).toEqual([
      ['describe-load-balancers', REGION],
      ['describe-load-balancers', REGION],
    ]);
  });

  test('a Region without load balancers has none', async () => {
    balancers();
    await expect(readLoadBalancers(session)).resolves.toEqual(known([]));
  });

  test('a refusal is a gap', async () => {
    elbv2.on(DescribeLoadBalancersCommand).rejects(awsError('AccessDenied'));
    await expect(readLoadBalancers(session)).resolves.toMatchObject({
      known: false,
      gap: {
        fact: 'loadBalancers',
        cause: 'access-denied',
        detail: expect.stringContaining('allow elasticloadbalancing:DescribeLoadBalancers'),
      },
    });
  });

  test('throttling of a later page is an error', async () => {
    elbv2
      .on(DescribeLoadBalancersCommand)
      .resolves({ LoadBalancers: [described()], NextMarker: 'more' })
      .on(DescribeLoadBalancersCommand, { Marker: 'more' })
      .rejects(awsError('Throttling'));
    await expect(readLoadBalancers(session)).rejects.toMatchObject({ code: 'E2001' });
  });

  test.each([
    [{ LoadBalancers: [described({ LoadBalancerArn: 'web' })] }],
    [{ LoadBalancers: [described({ SecurityGroups: undefined })] }],
    [{ LoadBalancers: [described({ DNSName: undefined })] }],
    [{}],
  ])('%j is an error', async (answer) => {
    elbv2.on(DescribeLoadBalancersCommand).resolves(answer);
    await expect(readLoadBalancers(session)).rejects.toMatchObject({ code: 'E2006' });
  });
});

describe('readTags', () => {
  const untagged = (count: number) =>
    Array.from({ length: count }, (_, at) => {
      const name = `lb-${String(at)}`;
      return loadBalancer({ name, arn: arnOf(name), tags: { known: false, gap: expect.anything() as never } });
    });

  test('reads the tags of 20 load balancers a call, and leaves their order', async () => {
    elbv2.on(DescribeTagsCommand).callsFake(({ ResourceArns }: { readonly ResourceArns: readonly string[] }) => ({
      TagDescriptions: ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags: [{ Key: 'arn', Value: ResourceArn }] })),
    }));
    const given = untagged(41);
    const tagged = await readTags(session, given);
    expect(tagged).toEqual(given.map((each) => ({ ...each, tags: known({ arn: each.arn }) })));
    const sizes = elbv2.commandCalls(DescribeTagsCommand).map(({ args: [{ input }] }) => input.ResourceArns?.length);
    expect(sizes).toEqual([20, 20, 1]);
  });

  test('no load balancers make no call', async () => {
    await expect(readTags(session, [])).resolves.toEqual([]);
    expect(elbv2.calls()).toHaveLength(0);
  });

  test('a batch that is denied leaves a gap on its own load balancers only', async () => {
    const given = untagged(21);
    elbv2
      .on(DescribeTagsCommand)
      .rejects(awsError('AccessDenied'))
      .on(DescribeTagsCommand, { ResourceArns: [given[20]!.arn] })
      .resolves({ TagDescriptions: [{ ResourceArn: given[20]!.arn, Tags: [] }] });
    const tagged = await readTags(session, given);
    expect(tagged.slice(0, 20).map(({ tags }) => tags)).toEqual(
      Array.from({ length: 20 }, () => ({
        known: false,
        gap: expect.objectContaining({
          cause: 'access-denied',
          detail: expect.stringContaining('allow elasticloadbalancing:DescribeTags'),
        }),
      })),
    );
    expect(tagged[20]?.tags).toEqual(known({}));
  });

  test('throttling is an error', async () => {
    elbv2.on(DescribeTagsCommand).rejects(awsError('Throttling'));
    await expect(readTags(session, untagged(1))).rejects.toMatchObject({ code: 'E2001' });
  });

  test.each([[{}], [{ TagDescriptions: [{}] }], [{ TagDescriptions: [{ ResourceArn: WEB, Tags: [{ Value: 'x' }] }] }]])(
    '%j is an error',
    async (answer) => {
      elbv2.on(DescribeTagsCommand).resolves(answer as DescribeTagsCommandOutput);
      await expect(readTags(session, untagged(1))).rejects.toMatchObject({ code: 'E2006' });
    },
  );

  test('a load balancer that the answer passes over has tags that were not read', async () => {
    elbv2.on(DescribeTagsCommand).resolves({ TagDescriptions: [] });
    const [tagged] = await readTags(session, untagged(1));
    expect(tagged?.tags).toMatchObject({ known: false, gap: { cause: 'incomplete' } });
  });
});
