import { DescribeManagedPrefixListsCommand } from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { CallCounter } from '../../../aws/middleware/count-calls.js';
import { localAws, reset, whole, type LocalAws } from '../support/local-aws.js';

const LISTS = '<R><prefixListSet/></R>';

describe('countCalls', () => {
  let aws: LocalAws;

  beforeAll(async () => {
    aws = await localAws();
  });
  afterAll(() => aws.close());

  test('counts a call that is retried as one call of two attempts', async () => {
    aws.answer(reset, whole(LISTS));
    await aws.clients.ec2.send(new DescribeManagedPrefixListsCommand({}));
    expect(aws.counter).toMatchObject({ total: 1, attempts: 2 });
  });

  test('counts a call that fails in the end', async () => {
    aws.answer(reset);
    await expect(aws.clients.ec2.send(new DescribeManagedPrefixListsCommand({}))).rejects.toThrow();
    expect(aws.counter).toMatchObject({ total: 1, attempts: 2 });
  });

  test('adds up over the clients, by operation in the order of their names', async () => {
    aws.answer(
      whole(LISTS),
      whole('<R><DescribeLoadBalancersResult><LoadBalancers/></DescribeLoadBalancersResult></R>'),
      whole(LISTS),
    );
    await aws.clients.ec2.send(new DescribeManagedPrefixListsCommand({}));
    await aws.clients.elbv2.send(new DescribeLoadBalancersCommand({}));
    await aws.clients.ec2.send(new DescribeManagedPrefixListsCommand({}));
    expect(Object.entries(aws.counter.byOperation)).toEqual([
      ['DescribeLoadBalancers', 1],
      ['DescribeManagedPrefixLists', 2],
    ]);
    expect(aws.counter).toMatchObject({ total: 3, attempts: 3 });
  });
});

describe('CallCounter', () => {
  test('starts from nothing, and again after a reset', () => {
    const counter = new CallCounter();
    expect(counter).toMatchObject({ total: 0, attempts: 0, byOperation: {} });
    counter.call('DescribeRegions');
    counter.attempt();
    counter.reset();
    expect(counter).toMatchObject({ total: 0, attempts: 0, byOperation: {} });
  });
});
