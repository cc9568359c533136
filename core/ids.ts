import * as z from 'zod/mini';

/** Ids are branded and minted only here, so that a bare string never passes for one. */
const id = <const Brand extends string>(brand: Brand, pattern: RegExp, allowed: string) =>
  z
    .string({ error: `expected ${allowed}` })
    .check(z.regex(pattern, { error: `expected ${allowed}` }))
    .brand<Brand>();

const ACCOUNT_ID = /^\d{12}$/;
export const AccountId = id('AccountId', ACCOUNT_ID, 'an account id of 12 digits');
export type AccountId = z.infer<typeof AccountId>;

const REGION = /^(?:[a-z]{2}|eusc)(-[a-z]+)+-\d{1,2}$/;
export const Region = id('Region', REGION, 'a Region such as us-east-1');
export type Region = z.infer<typeof Region>;

export const SecurityGroupId = id('SecurityGroupId', /^sg-[0-9a-z]+$/, 'a security group id such as sg-0abc1234');
export type SecurityGroupId = z.infer<typeof SecurityGroupId>;

export const SecurityGroupRuleId = id(
  'SecurityGroupRuleId',
  /^sgr-[0-9a-z]+$/,
  'a security group rule id such as sgr-0abc1234',
);
export type SecurityGroupRuleId = z.infer<typeof SecurityGroupRuleId>;

export const PrefixListId = id('PrefixListId', /^pl-[0-9a-z]+$/, 'a prefix list id such as pl-3b927c52');
export type PrefixListId = z.infer<typeof PrefixListId>;

export const LoadBalancerArn = id(
  'LoadBalancerArn',
  /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d+:loadbalancer\/.+$/,
  'the ARN of a load balancer',
);
export type LoadBalancerArn = z.infer<typeof LoadBalancerArn>;

export const ListenerArn = id(
  'ListenerArn',
  /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d+:listener\/.+$/,
  'the ARN of a listener',
);
export type ListenerArn = z.infer<typeof ListenerArn>;

export const DistributionId = id('DistributionId', /^[A-Za-z0-9-]+$/, 'a distribution id such as E2EXAMPLE');
export type DistributionId = z.infer<typeof DistributionId>;

export const VpcOriginId = id('VpcOriginId', /^[\w-]+$/, 'a VPC origin id such as vo_0abc');
export type VpcOriginId = z.infer<typeof VpcOriginId>;

/** The account id that a text is, or `null`. */
export const toAccountId = (text: unknown): AccountId | null => (isText(text, ACCOUNT_ID) ? (text as AccountId) : null);

/** The Region that a text names, or `null`. */
export const toRegion = (text: unknown): Region | null => (isText(text, REGION) ? (text as Region) : null);

const isText = (text: unknown, pattern: RegExp): text is string => typeof text === 'string' && pattern.test(text);

/** Where a resource lives. `null` means the input does not say. */
export interface Scope {
  readonly accountId: AccountId | null;
  readonly region: Region | null;
}

/** The account and Region named by an ARN; a part that is absent or malformed is `null`. */
export function scopeOfArn(arn: string): Scope {
  const [, , , region, accountId] = arn.split(':');
  return {
    accountId: toAccountId(accountId),
    region: toRegion(region),
  };
}
