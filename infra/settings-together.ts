import { OriginGuardError } from '../core/errors.js';
import { parseParams } from '../core/params.js';
import { RULES } from '../rules/registry.js';
import { EVERY } from './setting-kinds.js';
import type { Settings } from './settings.js';
import { wrong } from './wrong-setting.js';

/** Parameters that another setting decides, with the name of that setting. */
const DECIDED: Readonly<Record<string, string>> = {
  exemptTagKey: 'exemptTagKey',
  inventoryMode: 'inventory',
  ruleId: 'nothing: the pack sets it for each rule',
};

/** Whether a rule counts the distributions of other accounts; a text, or what CloudFormation makes of it. */
export type InventoryMode = string;

/** The texts of all rule parameters that differ from what the rules fall back to, with what other settings decide. */
export const ruleTexts = (
  { ruleParameters, exemptTagKey }: Settings,
  inventoryMode: InventoryMode,
): Readonly<Record<string, string>> => ({ ...ruleParameters, exemptTagKey, inventoryMode });

/** The mode of an account by itself, whose functions read the bucket that the settings name. */
export const ownInventoryMode = ({ inventory, inventoryBucketName }: Settings): InventoryMode =>
  inventory && inventoryBucketName !== undefined ? 'ORG' : 'LOCAL';

/** Checks what no setting can say alone; raises `E1014`. */
export function checkTogether(settings: Settings): Settings {
  checkRuleParameters(settings);
  checkOrganization(settings);
  checkApproval(settings);
  checkMonitoring(settings);
  return settings;
}

/** A rule's own check has the last word on its parameters. */
function checkRuleParameters(settings: Settings): void {
  const { ruleParameters } = settings;
  const names = new Set(RULES.flatMap(({ params }) => Object.keys(params)));
  for (const [name, value] of Object.entries(ruleParameters)) {
    const decider = DECIDED[name];
    if (decider !== undefined) throw wrong(`ruleParameters.${name}`, value, `it is decided by ${decider}`);
    if (!names.has(name)) {
      throw wrong(
        `ruleParameters.${name}`,
        value,
        `no rule has this parameter; allowed: ${[...names].sort().join(', ')}`,
      );
    }
  }
  for (const { params } of RULES) {
    const own = Object.entries(ruleTexts(settings, 'LOCAL')).filter(([name]) => Object.hasOwn(params, name));
    try {
      parseParams(params, Object.fromEntries(own));
    } catch (error) {
      if (!(error instanceof OriginGuardError)) throw error;
      throw new OriginGuardError('E1014', `setting ruleParameters: ${error.detail}`, { cause: error });
    }
  }
}

function checkOrganization({
  organizationId,
  managementAccountId,
  excludedAccounts,
  homeRegion,
  governedRegions,
}: Settings): void {
  if (!governedRegions.includes(homeRegion)) {
    throw wrong('governedRegions', governedRegions, `allowed: Regions with the home Region ${homeRegion} among them`);
  }
  if (organizationId !== undefined && managementAccountId === undefined) {
    throw wrong('managementAccountId', undefined, 'allowed with organizationId: the id of the management account');
  }
  if (organizationId === undefined && managementAccountId !== undefined) {
    throw wrong('organizationId', undefined, 'allowed with managementAccountId: the id of the organization');
  }
  if (organizationId === undefined && excludedAccounts.length > 0) {
    throw wrong(
      'excludedAccounts',
      excludedAccounts,
      'allowed only with organizationId: one account has nothing to exclude',
    );
  }
}

function checkApproval({
  remediation,
  approvers,
  approvalTopicName,
  approvalTopicAccountId,
  organizationId,
}: Settings): void {
  if (remediation !== 'approved') return;
  if (approvers.length === 0)
    throw wrong('approvers', approvers, 'allowed under remediation approved: 1 to 10 principals');
  if (approvalTopicName === undefined) {
    throw wrong(
      'approvalTopicName',
      undefined,
      'allowed under remediation approved: a topic whose name starts with Automation',
    );
  }
  if (organizationId !== undefined && approvalTopicAccountId === undefined) {
    throw wrong(
      'approvalTopicAccountId',
      undefined,
      'allowed under remediation approved in an organization: the account that holds the topic',
    );
  }
}

/** The most metric filters of ours. A log group takes 100, and others may want some. Source: CloudWatch Logs quotas. */
export const MOST_FILTERS = 20;

function checkMonitoring({ noticedChanges, listenerPorts, loadBalancerAddresses }: Settings): void {
  if (noticedChanges.includes(EVERY) && noticedChanges.length > 1) {
    throw wrong('noticedChanges', noticedChanges, `allowed: ${EVERY} by itself, or groups and load balancers`);
  }
  const filters = listenerPorts.length * Math.max(loadBalancerAddresses.length, 1);
  if (filters > MOST_FILTERS) {
    throw wrong(
      'loadBalancerAddresses',
      loadBalancerAddresses,
      `with ${String(listenerPorts.length)} listenerPorts they make ${String(filters)} metric filters; allowed: ${String(MOST_FILTERS)}`,
    );
  }
}
