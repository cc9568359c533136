/** Something to which the proof would object, and why it may stand. */
type Exceptions = Readonly<Record<string, string>>;

const RUNTIME = 'the Lambda runtime writes what a function prints; no call of the SDK does';
const BEHIND = 'AWS Config asks this with the permissions of whoever puts an organization’s pack; no call of ours does';

/** `ROLE ACTION`: granted, and used by no call of ours. */
export const USED_BY_AWS: Exceptions = {
  'OriginGuardInventory logs:CreateLogStream': RUNTIME,
  'OriginGuardInventory logs:PutLogEvents': RUNTIME,
  'OriginGuardPlanner logs:CreateLogStream': RUNTIME,
  'OriginGuardPlanner logs:PutLogEvents': RUNTIME,
  'OriginGuardReconcile logs:CreateLogStream': RUNTIME,
  'OriginGuardReconcile logs:PutLogEvents': RUNTIME,
  'OriginGuardReconcile organizations:DescribeOrganization': BEHIND,
  'OriginGuardReconcile organizations:ListDelegatedAdministrators': BEHIND,
  'OriginGuardRule logs:CreateLogStream': RUNTIME,
  'OriginGuardRule logs:PutLogEvents': RUNTIME,
};

/** `ROLE SID`: a statement that no call of ours needs, because it holds nothing but the actions above. */
export const STATEMENTS_OF_AWS: Exceptions = {
  'OriginGuardInventory Log': RUNTIME,
  'OriginGuardPlanner Logs': RUNTIME,
  'OriginGuardReconcile Log': RUNTIME,
  'OriginGuardRule Logs': RUNTIME,
};

/** `ROLE ACTION RESOURCE`: a call that a test makes to see it fail, which the policy must deny. */
export const MEANT_TO_FAIL: Exceptions = {
  'OriginGuardInventory config:SelectAggregateResourceConfig arn:aws:config:us-east-1:777788889999:config-aggregator/config-aggregator-other':
    'inventory.test.ts names an aggregator that does not exist',
  'OriginGuardInventory s3:ListBucket arn:aws:s3:::nobodys-bucket':
    'inventory.test.ts names a bucket that does not exist',
};

/** `ROLE ACTION`: calls that runs make only where a setting wants it, which the policies of other settings deny. */
export const ONLY_WITH_A_SETTING: Exceptions = {
  'OriginGuardPlanner s3:GetObject': 'inventoryBucketName',
  'OriginGuardRemediation ec2:CreateSecurityGroup': 'allowSplit or allowSwap',
  'OriginGuardRemediation ec2:CreateTags': 'allowSplit or allowSwap',
  'OriginGuardRemediation elasticloadbalancing:SetSecurityGroups': 'allowSplit or allowSwap',
  'OriginGuardRemediation sns:Publish': 'remediation approved',
  'OriginGuardRule s3:GetObject': 'inventoryBucketName',
};

/** Roles that a service of AWS's takes for itself: no call of theirs is ours, so no run of ours can show what they need. */
export const ROLES_OF_AWS: Exceptions = {
  OriginGuardEvents: 'Amazon EventBridge passes events to the central bus; infra/monitoring/event-rule.ts',
  OriginGuardAggregator: 'AWS Config lists the accounts of the organization; infra/organization/inventory.ts',
};
