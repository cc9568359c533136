import { Aws, CfnDeletionPolicy, Fn, Validations } from 'aws-cdk-lib';
import { CfnConfigurationAggregator } from 'aws-cdk-lib/aws-config';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import {
  readIamActions as inventoryReads,
  reportIamActions as inventoryReports,
} from '../../aws/report/inventory-store.js';
import { iamActions as aggregatorReads } from '../../aws/read/aggregator.js';
import { INVENTORY_PREFIX } from '../../core/inventory.js';
import { acknowledgeWidths, addScheduledFunction, type FunctionOptions } from './scheduled-function.js';

export interface InventoryProps {
  readonly organizationId: string;
  /** @default - made of the account and the Region of the stack, `origin-guard-inventory-ACCOUNT-REGION` */
  readonly bucketName?: string;
  /** The age after which no account relies on its file, in hours. */
  readonly maxAgeHours: number;
  /** How long an older version of an account's file is kept. */
  readonly keptDays: number;
  /** The function's code; `INVENTORY_BUCKET` and `AGGREGATOR_NAME` are set for it. */
  readonly publish: FunctionOptions;
  readonly logRetentionDays: number;
  readonly logKmsKeyArn?: string;
  readonly permissionsBoundaryArn?: string;
}

export const INVENTORY_FUNCTION = 'OriginGuardInventory';
export const AGGREGATOR_NAME = 'OriginGuard';

/**
 * Adds the inventory of origins that cross accounts: an aggregator of AWS Config over the organization, a bucket in which
 * each account may read its own files, and the function that writes them.
 */
export function addInventory(scope: Construct, props: InventoryProps): { readonly bucketName: string } {
  const aggregator = addAggregator(scope, props.permissionsBoundaryArn);
  const bucket = new CfnBucket(scope, 'InventoryBucket', {
    bucketName: props.bucketName ?? Fn.sub('origin-guard-inventory-${AWS::AccountId}-${AWS::Region}'),
    bucketEncryption: {
      serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    },
    publicAccessBlockConfiguration: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
    versioningConfiguration: { status: 'Enabled' },
    lifecycleConfiguration: {
      rules: [
        {
          id: 'OlderVersions',
          status: 'Enabled',
          noncurrentVersionExpiration: { noncurrentDays: props.keptDays },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
        },
      ],
    },
  });
  // A bucket with files in it cannot be deleted, and the older versions are evidence.
  bucket.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
  bucket.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'the files name load balancers and no secret; who reads them is in CloudTrail data events where wanted',
  });
  new CfnBucketPolicy(scope, 'InventoryBucketPolicy', {
    bucket: bucket.ref,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OwnFiles',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: 's3:GetObject',
          // Filled in by IAM, not by CloudFormation: the account of whoever reads.
          Resource: `${bucket.attrArn}/${INVENTORY_PREFIX}\${aws:PrincipalAccount}/*`,
          Condition: { StringEquals: { 'aws:PrincipalOrgID': props.organizationId } },
        },
        {
          Sid: 'OnlyEncrypted',
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 's3:*',
          Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
  });
  addScheduledFunction(scope, {
    name: INVENTORY_FUNCTION,
    description: 'Origin Guard: tells each account which of its load balancers are origins in other accounts',
    schedule: 'rate(15 minutes)',
    timeoutSeconds: 600,
    memoryMb: 512,
    code: props.publish.code,
    environment: { INVENTORY_BUCKET: bucket.ref, AGGREGATOR_NAME, ...props.publish.environment },
    statements: [
      {
        Sid: 'AskAggregator',
        Effect: 'Allow',
        Action: aggregatorReads,
        Resource: aggregator.attrConfigurationAggregatorArn,
      },
      {
        Sid: 'ListFiles',
        Effect: 'Allow',
        Action: inventoryReads,
        Resource: bucket.attrArn,
        Condition: { StringEquals: { 's3:prefix': INVENTORY_PREFIX } },
      },
      {
        Sid: 'WriteFiles',
        Effect: 'Allow',
        Action: inventoryReports,
        Resource: `${bucket.attrArn}/${INVENTORY_PREFIX}*`,
      },
    ],
    whyAnyResource: 'it writes one file for each account and Region below one prefix of its own bucket',
    logRetentionDays: props.logRetentionDays,
    ...(props.logKmsKeyArn === undefined ? {} : { logKmsKeyArn: props.logKmsKeyArn }),
    ...(props.permissionsBoundaryArn === undefined ? {} : { permissionsBoundaryArn: props.permissionsBoundaryArn }),
  });
  return { bucketName: bucket.ref };
}

/**
 * Source of the actions: AWS managed policy AWSConfigRoleForOrganizations; none of them can be narrowed.
 *
 * @remarks AWS documents the account of the caller for roles of recorders, and shows roles of aggregators without it: if
 * AWS Config does not tell it here, a condition that asks for it would fail the whole stack.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/iamrole-permissions.html
 */
function addAggregator(scope: Construct, permissionsBoundaryArn: string | undefined): CfnConfigurationAggregator {
  const role = new CfnRole(scope, 'AggregatorRole', {
    roleName: `OriginGuardAggregator-${Aws.REGION}`,
    description: 'Origin Guard: AWS Config lists the accounts of the organization',
    assumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'config.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEqualsIfExists: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        },
      ],
    },
    policies: [
      {
        policyName: 'ListAccounts',
        policyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'ListAccounts',
              Effect: 'Allow',
              Action: [
                'organizations:DescribeOrganization',
                'organizations:ListAWSServiceAccessForOrganization',
                'organizations:ListAccounts',
                'organizations:ListDelegatedAdministrators',
              ],
              Resource: '*',
            },
          ],
        },
      },
    ],
    ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: permissionsBoundaryArn }),
  });
  acknowledgeWidths(role, [{ Resource: '*' }], 'AWS Organizations knows no resource for these reads');
  return new CfnConfigurationAggregator(scope, 'Aggregator', {
    configurationAggregatorName: AGGREGATOR_NAME,
    organizationAggregationSource: { allAwsRegions: true, roleArn: role.attrArn },
  });
}
