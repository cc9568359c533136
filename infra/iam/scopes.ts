import { OriginGuardError } from '../../core/errors.js';
import { INVENTORY_PREFIX } from '../../core/inventory.js';
import { INVENTORY_BUCKET_PARAMETER, ROLLBACK_PATH } from '../names.js';
import { globalArn, IN_THIS_REGION, ownArn, type Grant } from './statement.js';

/** How far actions that belong together are allowed. */
interface Scope extends Pick<Grant, 'Sid' | 'Resource' | 'Condition' | 'because' | 'onlyWith'> {
  readonly actions: readonly string[];
}

const REGIONAL = {
  Resource: ['*'],
  Condition: IN_THIS_REGION,
  because: 'AWS lets nobody name resources for these actions; they are allowed in this Region only',
} as const;

/**
 * How far each action of an adapter is allowed. One that is not here stops the rendering, so that nobody widens a role
 * by reading something new.
 *
 * `*` stands only where the service authorization reference lists no resource for the action.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const SCOPES: readonly Scope[] = [
  {
    Sid: 'Ec2Describe',
    actions: [
      'ec2:DescribeManagedPrefixLists',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroupRules',
      'ec2:DescribeSecurityGroups',
    ],
    ...REGIONAL,
  },
  {
    Sid: 'Ec2References',
    actions: ['ec2:DescribeSecurityGroupReferences'],
    Resource: [ownArn('ec2', 'security-group/*')],
    because: 'any group of the account may have to be fixed',
  },
  {
    Sid: 'Ec2PrefixListEntries',
    actions: ['ec2:GetManagedPrefixListEntries'],
    Resource: ['arn:${AWS::Partition}:ec2:${AWS::Region}:*:prefix-list/*'],
    because: "lists of AWS's own, and those that other accounts share, carry another account's id",
  },
  {
    Sid: 'LoadBalancers',
    actions: [
      'elasticloadbalancing:DescribeListenerAttributes',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTags',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
      'elasticloadbalancing:DescribeTrustStores',
    ],
    ...REGIONAL,
  },
  {
    Sid: 'CloudFrontList',
    actions: ['cloudfront:ListDistributions', 'cloudfront:ListDistributionTenants', 'cloudfront:ListVpcOrigins'],
    Resource: ['*'],
    because: 'AWS lets nobody name resources for these actions, and CloudFront has no Region',
  },
  {
    Sid: 'CloudFrontGet',
    actions: ['cloudfront:GetDistribution', 'cloudfront:GetDistributionConfig', 'cloudfront:GetDistributionTenant'],
    Resource: [globalArn('cloudfront', 'distribution/*'), globalArn('cloudfront', 'distribution-tenant/*')],
    because: 'any distribution of the account may front a load balancer',
  },
  {
    Sid: 'CloudFrontVpcOrigins',
    actions: ['cloudfront:GetVpcOrigin'],
    Resource: ['arn:${AWS::Partition}:cloudfront::*:vpcorigin/*'],
    because: "a VPC origin that another account shares carries that account's id",
  },
  {
    Sid: 'ConfigResults',
    actions: ['config:GetComplianceDetailsByConfigRule'],
    Resource: [ownArn('config', 'config-rule/*')],
    because: 'a conformance pack gives its rules ids that nobody knows before',
  },
  { Sid: 'ConfigItems', actions: ['config:GetResourceConfigHistory'], ...REGIONAL },
  { Sid: 'ConfigReport', actions: ['config:PutEvaluations'], ...REGIONAL },
  {
    Sid: 'Inventory',
    actions: ['s3:GetObject'],
    Resource: [
      `arn:\${AWS::Partition}:s3:::\${${INVENTORY_BUCKET_PARAMETER}}/${INVENTORY_PREFIX}\${AWS::AccountId}/\${AWS::Region}.json`,
    ],
    onlyWith: INVENTORY_BUCKET_PARAMETER,
  },
  {
    Sid: 'SecurityHubFindings',
    actions: ['securityhub:GetFindings'],
    Resource: [ownArn('securityhub', 'hub/default')],
  },
  {
    Sid: 'SecurityHubReport',
    actions: ['securityhub:BatchImportFindings'],
    Resource: [ownArn('securityhub', 'product/${AWS::AccountId}/default')],
  },
  {
    Sid: 'Quotas',
    actions: ['servicequotas:GetServiceQuota'],
    Resource: [ownArn('servicequotas', 'vpc/*')],
    because: 'the quotas of VPCs',
  },
  {
    Sid: 'RollbackRecords',
    actions: ['ssm:GetParametersByPath'],
    Resource: [ownArn('ssm', `parameter${ROLLBACK_PATH}/*`)],
    because: 'the records of every group lie below this path',
  },
];

/** The statements that allow these actions, and nothing else. Raises `E9001` for an action whose scope nobody has set. */
export function statementsFor(actions: readonly string[]): readonly Grant[] {
  const wanted = new Set(actions);
  const statements = SCOPES.flatMap(({ actions: scoped, ...scope }): readonly Grant[] => {
    const Action = scoped.filter((action) => wanted.delete(action));
    if (Action.length === 0) return [];
    const { Sid, ...rest } = scope;
    return [{ Sid, Effect: 'Allow', Action, ...rest }];
  });
  const [unknown] = wanted;
  if (unknown !== undefined) {
    throw new OriginGuardError('E9001', `the action ${unknown} of an adapter has no scope in infra/iam/scopes.ts`);
  }
  return statements;
}
