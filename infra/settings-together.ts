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
  checkKeys(settings);
  checkInventory(settings);
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

function checkOrganization(settings: Settings): void {
  const { organizationId, managementAccountId, homeRegion, governedRegions } = settings;
  if (!governedRegions.includes(homeRegion)) {
    throw wrong('governedRegions', governedRegions, `allowed: Regions with the home Region ${homeRegion} among them`);
  }
  if (organizationId !== undefined && managementAccountId === undefined) {
    throw wrong('managementAccountId', undefined, 'allowed with organizationId: the id of the management account');
  }
  if (organizationId === undefined && managementAccountId !== undefined) {
    throw wrong('organizationId', undefined, 'allowed with managementAccountId: the id of the organization');
  }
  for (const name of ['excludedAccounts', 'accountsWithoutPack'] as const) {
    if (organizationId !== undefined || settings[name].length === 0) continue;
    throw wrong(name, settings[name], 'allowed only with organizationId: one account has nothing to exclude');
  }
  checkExcluded(settings);
}

/** What AWS Config takes, of which the management account is one. Source: API reference of PutOrganizationConformancePack */
const MOST_EXCLUDED = 1000;

function checkExcluded(settings: Settings): void {
  const { excludedAccounts, accountsWithoutPack, managementAccountId, managementAccountHasMember } = settings;
  const named = new Set([...excludedAccounts, ...accountsWithoutPack]);
  const added = managementAccountHasMember || named.has(managementAccountId ?? '') ? 0 : 1;
  if (named.size + added <= MOST_EXCLUDED) return;
  throw wrong(
    'excludedAccounts',
    `${String(named.size)} accounts`,
    `allowed: ${String(MOST_EXCLUDED - added)}, since the management account is excluded too`,
  );
}

/** Whether the settings are those of an organization, also where its id is a parameter of the template. */
const isOfOrganization = ({ organizationId, organizationTargets, governedRegions }: Settings): boolean =>
  organizationId !== undefined || organizationTargets.length > 0 || governedRegions.length > 1;

/** A key is of one Region, and in an organization the settings are those of every governed Region. */
function checkKeys(settings: Settings): void {
  if (!isOfOrganization(settings)) return;
  const { governedRegions, homeRegion, logKmsKeyArn, topicKmsKeyArn } = settings;
  const regionOf = (key: string): string => key.split(':')[3] ?? '';
  const outside = logKmsKeyArn === undefined ? [] : governedRegions.filter((each) => each !== regionOf(logKmsKeyArn));
  if (outside.length > 0) {
    throw wrong('logKmsKeyArn', logKmsKeyArn, `allowed: none, since it does not exist in ${outside.join(', ')}`);
  }
  if (topicKmsKeyArn !== undefined && regionOf(topicKmsKeyArn) !== homeRegion) {
    throw wrong('topicKmsKeyArn', topicKmsKeyArn, `allowed: a key in the home Region ${homeRegion}`);
  }
}

/** The functions go by the name of the bucket alone: the planner would look for an inventory that nobody writes. */
function checkInventory(settings: Settings): void {
  const { inventory, inventoryBucketName } = settings;
  if (!inventory && inventoryBucketName !== undefined) {
    throw wrong('inventoryBucketName', inventoryBucketName, 'allowed only with inventory true');
  }
  for (const name of ['inventoryBucketOwner', 'inventoryBucketRegion'] as const) {
    if (settings[name] !== undefined && inventoryBucketName === undefined && !isOfOrganization(settings)) {
      throw wrong(name, settings[name], 'allowed only with inventoryBucketName');
    }
  }
}

function checkApproval(settings: Settings): void {
  const { remediation, approvers, approvalTopicName, approvalTopicAccountId } = settings;
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
  // The pack is filled in by the administrator, and the role by each member: they would name two topics.
  if (isOfOrganization(settings) && approvalTopicAccountId === undefined) {
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
