import { askedOf, type MadeCall } from './asked-of.js';

const HOME = { accountId: '111122223333', region: 'eu-central-1' };
const HERE = { 'aws:RequestedRegion': 'eu-central-1' };
const group = 'arn:aws:ec2:eu-central-1:111122223333:security-group/sg-0abc';
const made = (service: string, operation: string, input: unknown = {}, more: Partial<MadeCall> = {}) =>
  askedOf({ service, operation, region: HOME.region, path: '', input, ...more }, HOME);
/** Actions and resources, without the context. */
const asked = (...call: Parameters<typeof made>) =>
  made(...call).map(({ action, resource }) => `${action} ${resource}`);

it('an action is named as its operation, and * stands where nobody can name a resource', () => {
  expect(made('ec2', 'DescribeSecurityGroups', { 'GroupId.1': 'sg-0abc' })).toEqual([
    { action: 'ec2:DescribeSecurityGroups', resource: '*', context: HERE },
  ]);
});

it.each([
  ['elbv2', 'DescribeRules', {}, '', ['elasticloadbalancing:DescribeRules *']],
  [
    'lambda',
    'Invoke',
    { FunctionName: 'F' },
    '',
    ['lambda:InvokeFunction arn:aws:lambda:eu-central-1:111122223333:function:F'],
  ],
  ['s3', 'GET /b/a/1.json', '', '/b/a/1.json?x-id=GetObject', ['s3:GetObject arn:aws:s3:::b/a/1.json']],
  ['s3', 'PUT /b/a%201', '', '/b/a%201', ['s3:PutObject arn:aws:s3:::b/a 1']],
  ['s3', 'GET /b', '', '/b?list-type=2&prefix=a%2F', ['s3:ListBucket arn:aws:s3:::b']],
] as const)('%s %s is %j', (service, operation, input, path, expected) => {
  expect(asked(service, operation, input, { path })).toEqual(expected);
});

it('what cannot be named is an error, and no silence', () => {
  expect(() => made('s3', 'DELETE /b/k', '', { path: '/b/k' })).toThrow('which action of Amazon S3 DELETE /b/k needs');
  expect(() => made('cloudfront', 'GET /2020-05-31/new')).toThrow(
    'which operation of cloudfront GET /2020-05-31/new is',
  );
});

it.each([
  [
    'cloudfront',
    'GetDistribution',
    {},
    '/2020-05-31/distribution/E1',
    'arn:aws:cloudfront::111122223333:distribution/E1',
  ],
  ['cloudfront', 'GetVpcOrigin', {}, '/2020-05-31/vpc-origin/vo_1', 'arn:aws:cloudfront::111122223333:vpcorigin/vo_1'],
  ['ec2', 'GetManagedPrefixListEntries', { PrefixListId: 'pl-1' }, '', 'arn:aws:ec2:eu-central-1:aws:prefix-list/pl-1'],
  ['securityhub', 'GetFindings', {}, '', 'arn:aws:securityhub:eu-central-1:111122223333:hub/default'],
  [
    'servicequotas',
    'GetServiceQuota',
    { ServiceCode: 'vpc', QuotaCode: 'L-1' },
    '',
    'arn:aws:servicequotas:eu-central-1:111122223333:vpc/L-1',
  ],
  ['ssm', 'GetParametersByPath', { Path: '/a/b/' }, '', 'arn:aws:ssm:eu-central-1:111122223333:parameter/a/b'],
  ['elbv2', 'SetSecurityGroups', { LoadBalancerArn: 'arn:lb' }, '', 'arn:lb'],
] as const)('%s %s is asked of its own resource', (service, operation, input, path, resource) => {
  expect(made(service, operation, input, { path }).map((each) => each.resource)).toEqual([resource]);
});

it('a change brings the tags of what it changes', () => {
  const resourceTags = { team: 'shop' };
  expect(made('ec2', 'RevokeSecurityGroupIngress', { GroupId: 'sg-0abc' }, { resourceTags })).toEqual([
    {
      action: 'ec2:RevokeSecurityGroupIngress',
      resource: group,
      context: { ...HERE, 'aws:ResourceTag/team': 'shop' },
    },
  ]);
});

it('a group that is made with tags takes its VPC, itself, and the right to tag what is new', () => {
  const TagSpecifications = [{ ResourceType: 'security-group', Tags: [{ Key: 'k', Value: 'v' }] }];
  const questions = made('ec2', 'CreateSecurityGroup', { VpcId: 'vpc-1', TagSpecifications });
  expect(questions.map(({ action, resource }) => [action, resource.split(':').at(-1)])).toEqual([
    ['ec2:CreateSecurityGroup', 'vpc/vpc-1'],
    ['ec2:CreateSecurityGroup', 'security-group/sg-0new'],
    ['ec2:CreateTags', 'security-group/sg-0new'],
  ]);
  expect(questions.at(-1)?.context).toEqual({
    ...HERE,
    'aws:RequestTag/k': 'v',
    'ec2:CreateAction': 'CreateSecurityGroup',
  });
});

it('findings are asked for each product once', () => {
  const Findings = [{ ProductArn: 'arn:p' }, { ProductArn: 'arn:p' }, { ProductArn: 'arn:q' }];
  expect(asked('securityhub', 'BatchImportFindings', { Findings })).toEqual([
    'securityhub:BatchImportFindings arn:p',
    'securityhub:BatchImportFindings arn:q',
  ]);
});
