import type { CloudFrontLists } from '../core/proving.js';

export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: Json; readonly Export?: { readonly Name: string } }>>;
}

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly Properties: Readonly<Record<string, Json>>;
}

/** Where an experiment runs. */
export interface Setting {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly run: string;
  readonly lists: CloudFrontLists;
}

/** The name of everything that a run names itself. */
export const nameIn = (run: string, rest: string): string => `origin-guard-prove-${run}-${rest.toLowerCase()}`;

export const ref = (name: string): Json => ({ Ref: name });
export const arnOf = (name: string): Json => ({ 'Fn::GetAtt': [name, 'Arn'] });
export const output = (value: Json): Template['Outputs'][string] => ({ Value: value });

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: Json;
  readonly Condition?: Json;
}

const roleOf = (trust: Json, statements: readonly Statement[]): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
    Policies:
      statements.length === 0
        ? []
        : [
            {
              PolicyName: 'experiment',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
              },
            },
          ],
  },
});

/** A role that only automation executions of this account can take. */
export const runbookRole = ({ accountId }: Setting, statements: readonly Statement[]): Resource =>
  roleOf(
    {
      Effect: 'Allow',
      Principal: { Service: 'ssm.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
    },
    statements,
  );

/** A function with its code inline. Its role may write no log, so that no log group is left behind. */
export const functionWith = (
  name: string,
  code: string,
  statements: readonly Statement[] = [],
): Readonly<Record<string, Resource>> => ({
  [`${name}Role`]: roleOf(
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    statements,
  ),
  [name]: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 128,
      Timeout: 30,
      Role: arnOf(`${name}Role`),
      Code: { ZipFile: code },
    },
  },
});

/** A document of Systems Manager Automation. */
export const documentWith = (content: Readonly<Record<string, Json>>): Resource => ({
  Type: 'AWS::SSM::Document',
  Properties: { DocumentType: 'Automation', DocumentFormat: 'JSON', Content: { schemaVersion: '0.3', ...content } },
});

/** A network that leads nowhere: no subnet, no gateway. */
export const NETWORK: Resource = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.255.0.0/24' } };

/** A group that nothing uses, in the network called `Network`. */
export const groupWith = (ingress: readonly Json[] = [], tags: Readonly<Record<string, string>> = {}): Resource => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: {
    GroupDescription: 'Origin Guard prove: attached to nothing',
    VpcId: ref('Network'),
    SecurityGroupIngress: ingress,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  },
});

/** One block of the documentation range at port 443. */
export const FROM_DOCUMENTATION: Readonly<Record<string, Json>> = {
  IpProtocol: 'tcp',
  FromPort: 443,
  ToPort: 443,
  CidrIp: '192.0.2.1/32',
  Description: 'Origin Guard prove',
};

/** The ARN of everything of one kind in EC2, in this account and Region. */
export const ec2Arn = ({ partition, region, accountId }: Setting, kind: string): string =>
  `arn:${partition}:ec2:${region}:${accountId}:${kind}/*`;
