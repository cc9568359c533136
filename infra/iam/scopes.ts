import { OriginGuardError } from '../../core/errors.js';
import { ROLLBACK_PATH } from '../names.js';
import { globalArn, IN_THIS_REGION, ownArn, type Statement } from './statement.js';

/** How far actions that belong together are allowed. */
interface Scope extends Pick<Statement, 'Sid' | 'Resource' | 'Condition'> {
  readonly actions: readonly string[];
}

/** Everything, since AWS lets nobody name resources for these actions; at least in this Region only. */
const REGIONAL = { Resource: ['*'], Condition: IN_THIS_REGION } as const;

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
  },
  {
    Sid: 'Ec2PrefixListEntries',
    actions: ['ec2:GetManagedPrefixListEntries'],
    // Lists of AWS's own, and those that other accounts share, carry another account's id.
    Resource: ['arn:${AWS::Partition}:ec2:${AWS::Region}:*:prefix-list/*'],
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
    // CloudFront is global, so no Region narrows it either.
    actions: ['cloudfront:ListDistributions', 'cloudfront:ListDistributionTenants', 'cloudfront:ListVpcOrigins'],
    Resource: ['*'],
  },
  {
    Sid: 'CloudFrontGet',
    actions: ['cloudfront:GetDistribution', 'cloudfront:GetDistributionConfig', 'cloudfront:GetDistributionTenant'],
    Resource: [globalArn('cloudfront', 'distribution/*'), globalArn('cloudfront', 'distribution-tenant/*')],
  },
  {
    Sid: 'CloudFrontVpcOrigins',
    actions: ['cloudfront:GetVpcOrigin'],
    // Another account may share one, which then carries that account's id.
    Resource: ['arn:${AWS::Partition}:cloudfront::*:vpcorigin/*'],
  },
  {
    Sid: 'ConfigResults',
    actions: ['config:GetComplianceDetailsByConfigRule'],
    // A rule of a pack is `config-rule/aws-service-rule/config-conforms.amazonaws.com/config-rule-ID`; nobody knows the id before.
    Resource: [ownArn('config', 'config-rule/*')],
  },
  { Sid: 'ConfigItems', actions: ['config:GetResourceConfigHistory'], ...REGIONAL },
  { Sid: 'ConfigReport', actions: ['config:PutEvaluations'], ...REGIONAL },
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
  },
  {
    Sid: 'RollbackRecords',
    actions: ['ssm:GetParametersByPath'],
    Resource: [ownArn('ssm', `parameter${ROLLBACK_PATH}/*`)],
  },
];

/** The statements that allow these actions, and nothing else. Raises `E9001` for an action whose scope nobody has set. */
export function statementsFor(actions: readonly string[]): readonly Statement[] {
  const wanted = new Set(actions);
  const statements = SCOPES.flatMap(({ actions: scoped, Sid, Resource, Condition }): readonly Statement[] => {
    const Action = scoped.filter((action) => wanted.delete(action));
    if (Action.length === 0) return [];
    return [{ Sid, Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) }];
  });
  const [unknown] = wanted;
  if (unknown !== undefined) {
    throw new OriginGuardError('E9001', `the action ${unknown} of an adapter has no scope in infra/iam/scopes.ts`);
  }
  return statements;
}
