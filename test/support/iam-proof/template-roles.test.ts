import { deployedIn, rolesOf, type RolesTemplate } from './template-roles.js';

const HOME = { accountId: '111122223333', region: 'eu-central-1' };
const role = (statement: Readonly<Record<string, unknown>>): RolesTemplate => ({
  Parameters: { BucketName: { Default: 'held' } },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'made' } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: { 'Fn::Join': ['', ['Some-', { Ref: 'AWS::Region' }]] },
        AssumeRolePolicyDocument: { Statement: [] },
        Policies: [{ PolicyDocument: { Statement: [statement] } }],
      },
    },
  },
});
const resources = (Resource: unknown): readonly string[] => {
  const policy = rolesOf(role({ Sid: 'Only', Effect: 'Allow', Action: 'a:B', Resource }))
    .get('Some')
    ?.policy();
  return deployedIn(policy, HOME)?.Statement.flatMap((each) => each.Resource) ?? [];
};

it.each([
  ['*', '*'],
  [
    { 'Fn::Sub': 'arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}:y' },
    'arn:aws:x:eu-central-1:111122223333:y',
  ],
  [{ 'Fn::Sub': 'arn:aws:s3:::${BucketName}/*' }, 'arn:aws:s3:::held/*'],
  [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'arn:aws:s3:::made'],
  [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/*']] }, 'arn:aws:s3:::made/*'],
  [{ 'Fn::If': ['HasBucket', 'set', { Ref: 'AWS::NoValue' }] }, 'set'],
])('%j is %s in an account', (written, expected) => {
  expect(resources(written)).toEqual([expected]);
});

it.each([
  [{ 'Fn::GetAtt': ['Topic', 'TopicArn'] }, 'no ARN is known of Topic.TopicArn'],
  [{ 'Fn::ImportValue': 'x' }, 'a policy holds Fn::ImportValue'],
  [{ Ref: 'Topic' }, 'nothing here knows what Topic is'],
])('%j is an error: %s', (written, message) => {
  expect(() => resources(written)).toThrow(message);
});

it('what is not there is left out, and nobody asks for a policy that is never looked at', () => {
  expect(resources(['one', { Ref: 'AWS::NoValue' }])).toEqual(['one']);
  expect(rolesOf(role({ Resource: { Ref: 'Topic' } })).has('Some')).toBe(true);
});
