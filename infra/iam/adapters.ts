import { iamActions as distributions } from '../../aws/read/distributions.js';
import { iamActions as groupReferences } from '../../aws/read/group-references.js';
import { iamActions as groupUses } from '../../aws/read/group-uses.js';
import { iamActions as inventory } from '../../aws/read/inventory.js';
import { iamActions as listeners } from '../../aws/read/listeners.js';
import { iamActions as loadBalancers } from '../../aws/read/load-balancers.js';
import { iamActions as networkInterfaces } from '../../aws/read/network-interfaces.js';
import { iamActions as prefixLists } from '../../aws/read/prefix-lists.js';
import { iamActions as quotas } from '../../aws/read/quotas.js';
import { iamActions as rollbackRecords } from '../../aws/read/rollback-records.js';
import { iamActions as securityGroups } from '../../aws/read/security-groups.js';
import { iamActions as targetGroups } from '../../aws/read/target-groups.js';
import { iamActions as tenants } from '../../aws/read/tenants.js';
import { iamActions as vpcOrigins } from '../../aws/read/vpc-origins.js';
import { readIamActions as configReads, reportIamActions as configReports } from '../../aws/report/config.js';
import { readIamActions as hubReads, reportIamActions as hubReports } from '../../aws/report/security-hub.js';

/** What judging takes, by the file in `aws/` that asks. Names are resolved by DNS, which no permission covers. */
const JUDGING = {
  'read/distributions': distributions,
  'read/inventory': inventory,
  'read/listeners': listeners,
  'read/load-balancers': loadBalancers,
  'read/network-interfaces': networkInterfaces,
  'read/prefix-lists': prefixLists,
  'read/security-groups': securityGroups,
  'read/tenants': tenants,
  'read/vpc-origins': vpcOrigins,
} as const;

/** What the function of the AWS Config rule asks and tells. */
export const RULE_ADAPTERS: Readonly<Record<string, readonly string[]>> = {
  ...JUDGING,
  'report/config': [...configReads, ...configReports],
  'report/security-hub': [...hubReads, ...hubReports],
};

/** What the planner asks; it tells nobody anything. A plan rests on the ports of listeners, never on their rules. */
export const PLANNER_ADAPTERS: Readonly<Record<string, readonly string[]>> = {
  ...JUDGING,
  'read/listeners': listeners.filter((action) => action !== 'elasticloadbalancing:DescribeRules'),
  'read/group-references': groupReferences,
  'read/group-uses': groupUses,
  'read/quotas': quotas,
  'read/rollback-records': rollbackRecords,
  'read/target-groups': targetGroups,
};

/** Adapters whose code a function carries and never runs, with the reason. */
export const CARRIED_ONLY: Readonly<Record<string, string>> = {
  'OriginGuardRule read/target-groups':
    'the function skips other entrances, which never change a verdict (aws/lambda-container.ts)',
};
