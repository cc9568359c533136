import { OriginGuardError } from '../core/errors.js';
import { compareText } from '../core/fact.js';
import { QUESTIONS } from './registry.js';
import type { Setting, Template } from './template.js';

/** What CloudFormation calls in the name of whoever makes a stack, by the type of the resource. */
const FOR_TYPE: Readonly<Record<string, readonly string[]>> = {
  'AWS::Config::ConfigRule': ['config:DeleteConfigRule', 'config:DescribeConfigRules', 'config:PutConfigRule'],
  'AWS::Config::ConformancePack': [
    'config:DeleteConformancePack',
    'config:DescribeConformancePackStatus',
    'config:DescribeConformancePacks',
    'config:PutConformancePack',
    'iam:CreateServiceLinkedRole',
  ],
  'AWS::EC2::SecurityGroup': [
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:CreateSecurityGroup',
    'ec2:CreateTags',
    'ec2:DeleteSecurityGroup',
    'ec2:DescribeSecurityGroups',
    'ec2:RevokeSecurityGroupIngress',
  ],
  'AWS::EC2::SecurityGroupIngress': [
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:DescribeSecurityGroupRules',
    'ec2:RevokeSecurityGroupIngress',
  ],
  'AWS::EC2::VPC': ['ec2:CreateTags', 'ec2:CreateVpc', 'ec2:DeleteVpc', 'ec2:DescribeVpcAttribute', 'ec2:DescribeVpcs'],
  'AWS::IAM::Role': [
    'iam:CreateRole',
    'iam:DeleteRole',
    'iam:DeleteRolePolicy',
    'iam:GetRole',
    'iam:GetRolePolicy',
    'iam:PassRole',
    'iam:PutRolePolicy',
    'iam:TagRole',
  ],
  'AWS::Lambda::Function': [
    'lambda:CreateFunction',
    'lambda:DeleteFunction',
    'lambda:GetFunction',
    'lambda:TagResource',
  ],
  'AWS::Lambda::Permission': ['lambda:AddPermission', 'lambda:GetPolicy', 'lambda:RemovePermission'],
  'AWS::SSM::Document': [
    'ssm:AddTagsToResource',
    'ssm:CreateDocument',
    'ssm:DeleteDocument',
    'ssm:DescribeDocument',
    'ssm:GetDocument',
    'ssm:ListTagsForResource',
  ],
};

/** By their names, where IAM can tell them apart; everything else is told apart by being a sandbox account. */
const NAMED: readonly (readonly [pattern: RegExp, resource: string])[] = [
  [/^cloudformation:/, 'arn:*:cloudformation:*:*:stack/origin-guard-prove-*'],
  [/^config:(?:Put|Delete)ConformancePack$/, 'arn:*:config:*:*:conformance-pack/origin-guard-prove-*'],
  [/^iam:CreateServiceLinkedRole$/, 'arn:*:iam::*:role/aws-service-role/*config*.amazonaws.com/*'],
  [/^iam:/, 'arn:*:iam::*:role/origin-guard-prove-*'],
  [/^lambda:/, 'arn:*:lambda:*:*:function:origin-guard-prove-*'],
  [/^ssm:(?:AddTags|Create|Delete)/, 'arn:*:ssm:*:*:document/origin-guard-prove-*'],
];

const ANY_SETTING: Setting = {
  accountId: '111122223333',
  region: 'us-east-1',
  partition: 'aws',
  run: '20000101-000000-0000',
  lists: { ipv4: 'pl-3b927c52', ipv6: 'pl-3b927c53' },
};

/** The templates of all experiments, as they are made in some account. */
export const templates = (setting: Setting = ANY_SETTING): readonly Template[] =>
  QUESTIONS.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'stack' ? step.template(setting) : [])));

interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string;
}

/** What whoever runs the kit must be allowed: its own calls, and what CloudFormation calls for them. */
export function policyFor(called: readonly string[]): {
  readonly Version: string;
  readonly Statement: readonly Statement[];
} {
  const types = new Set(templates().flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type)));
  const actions = [...new Set([...called, ...[...types].flatMap(actionsOf)])].sort(compareText);
  const byResource = new Map<string, string[]>();
  for (const action of actions) {
    const resource = NAMED.find(([pattern]) => pattern.test(action))?.[1] ?? '*';
    byResource.set(resource, [...(byResource.get(resource) ?? []), action]);
  }
  return {
    Version: '2012-10-17',
    Statement: [...byResource].map(([Resource, Action]) => ({ Effect: 'Allow', Action, Resource })),
  };
}

function actionsOf(type: string): readonly string[] {
  const actions = FOR_TYPE[type];
  if (actions !== undefined) return actions;
  throw new OriginGuardError('E9001', `nothing says what making a resource of type ${type} takes`);
}
