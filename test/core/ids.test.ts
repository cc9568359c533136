import {
  AccountId,
  DistributionId,
  LoadBalancerArn,
  PrefixListId,
  Region,
  scopeOfArn,
  SecurityGroupId,
  SecurityGroupRuleId,
  VpcOriginId,
} from '../../core/ids.js';
import { arnOf } from '../support/builders.js';

const KINDS = {
  AccountId,
  DistributionId,
  LoadBalancerArn,
  PrefixListId,
  Region,
  SecurityGroupId,
  SecurityGroupRuleId,
  VpcOriginId,
} as const;

const GOOD: Readonly<Record<keyof typeof KINDS, readonly string[]>> = {
  AccountId: ['000000000000', '111122223333'],
  DistributionId: ['E2EXAMPLE', 'e-1'],
  LoadBalancerArn: [
    arnOf('web'),
    'arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:111122223333:loadbalancer/net/a/1',
    'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/classic',
  ],
  PrefixListId: ['pl-3b927c52', 'pl-0a'],
  Region: ['us-east-1', 'ap-southeast-10', 'us-gov-west-1', 'eusc-de-east-1', 'us-iso-east-1'],
  SecurityGroupId: ['sg-0a', 'sg-903004f8'],
  SecurityGroupRuleId: ['sgr-0a'],
  VpcOriginId: ['vo_0aB-c'],
};

const BAD: Readonly<Record<keyof typeof KINDS, readonly unknown[]>> = {
  AccountId: ['11112222333', '1111222233334', '11112222333x', 'x111122223333', '111122223333\n', 111122223333, null],
  DistributionId: ['', 'E_1', 'E 1', ' E1', 'E1\n', 1],
  LoadBalancerArn: [
    'web',
    'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/',
    'arn:aws:elasticloadbalancing:us-east-1::loadbalancer/app/a/1',
    'arn:aws:ec2:us-east-1:111122223333:loadbalancer/app/a/1',
    ` ${arnOf('web')}`,
    'arn::elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/a/1',
    'arn:aws:elasticloadbalancing::111122223333:loadbalancer/app/a/1',
    'arn:aws:elasticloadbalancing:us-east-1:me:loadbalancer/app/a/1',
    'arn:a/b:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/a/1',
    'arn:aws:elasticloadbalancing:us/east:111122223333:loadbalancer/app/a/1',
  ],
  PrefixListId: ['pl-', 'sg-0a', 'pl-0A', 'xpl-0a', 'pl-0a b', ''],
  Region: [
    'us-east',
    'us-east-',
    'useast-1',
    'us-east-123',
    'US-EAST-1',
    'us-east-1a',
    'global',
    'us-1',
    'u-east-1',
    'xus-east-1',
    '',
  ],
  SecurityGroupId: ['sg-', 'sgr-0a', 'sg-0A', 'asg-0a', 'sg-0a,sg-0b', ''],
  SecurityGroupRuleId: ['sgr-', 'sg-0a', 'sgr-0A', 'xsgr-0a', 'sgr-0a ', ''],
  VpcOriginId: ['', 'vo 0a', 'vo:0a', ':vo', 7],
};

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('%s', (kind) => {
  it.each(GOOD[kind].map((text) => [text]))('accepts %s', (text) => expect(KINDS[kind].parse(text)).toBe(text));

  it.each(BAD[kind].map((text) => [text]))('refuses %j and says what it expects', (text) => {
    const result = KINDS[kind].safeParse(text);
    expect(result.success).toBe(false);
    expect(result.error?.issues.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^expected (an?|the) \w+/),
    ]);
  });
});

it.each([
  ['AccountId', 'expected an account id of 12 digits'],
  ['DistributionId', 'expected a distribution id such as E2EXAMPLE'],
  ['LoadBalancerArn', 'expected the ARN of a load balancer'],
  ['PrefixListId', 'expected a prefix list id such as pl-3b927c52'],
  ['Region', 'expected a Region such as us-east-1'],
  ['SecurityGroupId', 'expected a security group id such as sg-0abc1234'],
  ['SecurityGroupRuleId', 'expected a security group rule id such as sgr-0abc1234'],
  ['VpcOriginId', 'expected a VPC origin id such as vo_0abc'],
] as const)('%s says %s', (kind, message) =>
  expect(KINDS[kind].safeParse('?').error?.issues[0]?.message).toBe(message),
);

it.each([
  [arnOf('web'), '111122223333', 'us-east-1'],
  ['arn:aws:cloudfront::111122223333:distribution/E1', '111122223333', null],
  ['arn:aws:ec2:us-east-1:aws:prefix-list/pl-0a', null, 'us-east-1'],
  ['arn:aws:ec2:global:1:x', null, null],
  ['web', null, null],
])('the place of %s', (arn, accountId, region) => expect(scopeOfArn(arn)).toEqual({ accountId, region }));
