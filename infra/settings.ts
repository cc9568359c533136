import * as z from 'zod';
import { REMEDIATION_MODES } from '../core/remediation-mode.js';
import { checkTogether } from './settings-together.js';
import {
  AccountId,
  ALARMS,
  ApprovalTopicName,
  Approver,
  BusArn,
  BucketName,
  Email,
  ExemptTagKey,
  flag,
  FlowLogAddress,
  Hours,
  list,
  LOG_LEVELS,
  LogGroup,
  LogKeyArn,
  MANAGED_RULES,
  Namespace,
  NoticedChange,
  oneOf,
  OrganizationId,
  OrganizationTarget,
  PackName,
  PolicyArn,
  Port,
  record,
  Region,
  Retention,
  TagKey,
  TopicKeyArn,
} from './setting-kinds.js';
import { wrong } from './wrong-setting.js';

const SettingsSchema = z.strictObject({
  /** The Region from which an organization is governed: of the StackSet, the inventory, the central bus, alarms and dashboard. */
  homeRegion: Region.default('us-east-1'),
  /** Where load balancers are guarded, the home Region among them. @default - the home Region */
  governedRegions: list(Region, { most: 50 }).default([]),
  /** The root or the organizational units whose accounts get the member stack. @default - a parameter of the template */
  organizationTargets: list(OrganizationTarget, { most: 50 }).default([]),
  /** Accounts of the organization that get neither the member stack nor the pack. */
  excludedAccounts: list(AccountId, { most: 1000 }).default([]),
  /** Accounts that get the member stack only: what the pack imports can be taken away when the pack is gone. */
  accountsWithoutPack: list(AccountId, { most: 1000 }).default([]),
  /** @default - a parameter of the template */
  managementAccountId: AccountId.optional(),
  /** Whether somebody deployed the member stack in the management account, which no StackSet reaches: the pack goes there too. */
  managementAccountHasMember: flag().default(false),
  /** @default - a parameter of the template */
  organizationId: OrganizationId.optional(),
  /** The parameters of the rules, as in AWS Config: name and text. */
  ruleParameters: record().default({}),
  /** The tag that exempts a group: for the rules, the planner and the role that writes. */
  exemptTagKey: ExemptTagKey.default('origin-guard:exempt'),
  remediation: oneOf(REMEDIATION_MODES).default('manual'),
  /** Who approves under `approved`. */
  approvers: list(Approver, { most: 10 }).default([]),
  approvalTopicName: ApprovalTopicName.optional(),
  /** @default - the account of the stack that holds the pack */
  approvalTopicAccountId: AccountId.optional(),
  allowSplit: flag().default(false),
  allowSwap: flag().default(false),
  revokePrivateSources: flag().default(false),
  revokeSecurityGroupSources: flag().default(false),
  onVerifyError: oneOf(['KEEP', 'ROLLBACK']).default('KEEP'),
  iacManaged: oneOf(['WARN', 'REFUSE']).default('WARN'),
  iacTagKeys: list(TagKey, { most: 20 }).default([]),
  portMerge: oneOf(['ADJACENT', 'RANGE']).default('ADJACENT'),
  quotaModel: oneOf(['both', 'by-family']).default('both'),
  publishFindings: flag().default(true),
  logLevel: oneOf(LOG_LEVELS).default('info'),
  logRetentionDays: Retention.default(365),
  logKmsKeyArn: LogKeyArn.optional(),
  permissionsBoundaryArn: PolicyArn.optional(),
  /** Who is told: of the account, or in an organization of all of it. @default - nobody; a parameter of the organization's template */
  notificationEmail: Email.optional(),
  /** Encrypts the topic of notices; its policy lets CloudWatch and the roles of the events use it. @default - a key of its own */
  topicKmsKeyArn: TopicKeyArn.optional(),
  /** Where alarms and the dashboard of one account are; the StackSet always says `central`. */
  alarms: oneOf(ALARMS).default('local'),
  /** Groups and load balancers whose changes people are told, or `every`. @default - changes go to the central bus only */
  noticedChanges: list(NoticedChange, { most: 20 }).default([]),
  /** The log group of VPC flow logs in which rejected direct attempts are counted. */
  flowLogGroupName: LogGroup.optional(),
  /** The ports of listeners, for which direct attempts are counted. */
  listenerPorts: list(Port, { most: 20 }).default(['80', '443']),
  /** The addresses of load balancers in the flow logs, such as `10.0.1.*`. @default - every address there */
  loadBalancerAddresses: list(FlowLogAddress, { most: 20 }).default([]),
  /** Whether an alarm sounds for more direct attempts than usual. */
  directAttemptsAlarm: oneOf(['off', 'on']).default('off'),
  /** Whether the accounts share their metrics with the administrator by CloudWatch cross-account observability. */
  sharesMetrics: flag().default(false),
  /** Whether the delegated administrator publishes the origins of other accounts, and the rules count them. */
  inventory: flag().default(true),
  /** @default - made of the account and the Region of the administrator; a member that no StackSet deploys needs the name */
  inventoryBucketName: BucketName.optional(),
  /** The account that must own the bucket, for a member that no StackSet deploys. @default - not checked */
  inventoryBucketOwner: AccountId.optional(),
  /** Where the bucket is, for a member that no StackSet deploys. @default - in the Region of the member */
  inventoryBucketRegion: Region.optional(),
  /** The age after which an inventory does not count. */
  inventoryMaxAgeHours: Hours.default(24),
  centralEventBusArn: BusArn.optional(),
  metricsNamespace: Namespace.default('OriginGuard'),
  packName: PackName.default('OriginGuard'),
  /** Rules of AWS's own that complete the picture. */
  managedRules: list(z.enum(MANAGED_RULES, { error: `allowed: ${MANAGED_RULES.join(', ')}` }), {
    most: MANAGED_RULES.length,
  }).default([]),
});

/** Everything that somebody who deploys chooses. */
export type Settings = z.output<typeof SettingsSchema>;

/** The names of the settings, as they are written in the context of the CDK behind `origin-guard:`. */
export const DEPLOYMENT_SETTING_NAMES = Object.keys(SettingsSchema.shape) as readonly (keyof Settings)[];

/** What a person who deploys writes before the name of a setting: `-c origin-guard:remediation=off`. */
export const CONTEXT_KEY = 'origin-guard';

/**
 * Reads the settings from the context of the CDK; raises `E1014` with the name of the first wrong one, its value and
 * what is allowed.
 *
 * @example
 * ```ts
 * parseSettings({ 'origin-guard': { remediation: 'manual' }, 'origin-guard:governedRegions': 'eu-west-1,us-east-1' });
 * ```
 */
export function parseSettings(context: Readonly<Record<string, unknown>>): Settings {
  const given = settingsIn(context);
  const parsed = SettingsSchema.safeParse(given);
  if (parsed.success) return checkTogether(withHome(parsed.data));
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    throw wrong(
      issue.keys[0] ?? '?',
      given[issue.keys[0] ?? ''],
      `no setting has this name; allowed: ${DEPLOYMENT_SETTING_NAMES.join(', ')}`,
    );
  }
  const name = String(issue?.path[0] ?? CONTEXT_KEY);
  throw wrong(name, given[name], issue?.message ?? 'it is not valid');
}

const withHome = (settings: Settings): Settings =>
  settings.governedRegions.length > 0 ? settings : { ...settings, governedRegions: [settings.homeRegion] };

/** The object under `origin-guard`, and over it every key that starts with `origin-guard:`. */
function settingsIn(context: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const whole = context[CONTEXT_KEY] ?? {};
  if (typeof whole !== 'object' || Array.isArray(whole)) {
    throw wrong(CONTEXT_KEY, whole, 'allowed: one object of setting and value');
  }
  const prefix = `${CONTEXT_KEY}:`;
  const single = Object.entries(context).flatMap(([key, value]) =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
  );
  return Object.fromEntries([...Object.entries(whole), ...single]);
}

/** What one setting takes: a wrong value is refused in words that begin with `allowed: `. */
export const settingSchema = (name: keyof Settings): z.ZodType => SettingsSchema.shape[name];
