import { DEPLOYMENT_SETTING_NAMES, parseSettings, settingSchema, type Settings } from './settings.js';

/** What each setting means, in a sentence for whoever deploys. */
const MEANINGS: Readonly<Record<keyof Settings, string>> = {
  homeRegion:
    'The Region from which an organization is governed: of the StackSet, the inventory, the central bus, alarms and dashboard.',
  governedRegions: 'Where load balancers of an organization are guarded, the home Region among them.',
  organizationTargets:
    'The root, or the organizational units, whose accounts get the member stack. AWS Config puts the pack into every account: exclude those that are not below. Without it, a parameter of the template.',
  excludedAccounts: 'Accounts of the organization that get neither the member stack nor the pack.',
  accountsWithoutPack:
    'Accounts of the organization that get the member stack and not the pack: the step before an account is excluded that has both.',
  managementAccountId: 'The management account of the organization. Without it, a parameter of the template.',
  managementAccountHasMember:
    'Whether somebody deployed the member stack in the management account, which no StackSet reaches: the pack goes there too.',
  organizationId: 'The organization. Without it, a parameter of the template.',
  ruleParameters:
    'Parameters of the rules, as their pages list them. One name means the same in every rule that has it.',
  exemptTagKey: 'The tag that exempts a resource: for the rules, the planner and the role that writes.',
  remediation: 'What the fixer may do: nothing, runs that somebody approves, runs that a person starts, or all runs.',
  approvers: 'Who approves a run under `approved`.',
  approvalTopicName: 'The SNS topic that tells approvers, in every governed Region. It is yours: no stack makes it.',
  approvalTopicAccountId: 'The account that holds that topic. Without it, the account of the pack.',
  allowSplit: 'Whether a run may make and attach groups of its own for what does not fit the quota.',
  allowSwap: 'Whether a run may move a load balancer out of a group that something else uses too.',
  revokePrivateSources: 'Whether a run removes private ranges too.',
  revokeSecurityGroupSources: 'Whether a run removes sources that are groups too.',
  onVerifyError: 'Whether a run is undone when a complete look shows that CloudFront lost a port.',
  iacManaged: 'Whether groups that a template manages are fixed with a warning, or refused.',
  iacTagKeys: 'Keys of tags by which your templates mark what they manage.',
  portMerge: 'Whether rules are added for adjacent ports together, or as one range from the lowest to the highest.',
  quotaModel: 'Whether a prefix list counts against the quota of both address families, or of its own only.',
  publishFindings: 'Whether findings are sent to Security Hub.',
  logLevel: 'How much the functions log.',
  logRetentionDays: 'How many days logs are kept.',
  logKmsKeyArn: 'The key that encrypts the log groups. Without it, CloudWatch encrypts them with its own.',
  permissionsBoundaryArn: 'The permissions boundary of every role.',
  flowLogGroupName:
    'The log group of VPC flow logs in which rejected direct attempts are counted. It has to exist, in every account.',
  listenerPorts: 'The ports for which direct attempts are counted.',
  loadBalancerAddresses:
    'The addresses of load balancers in the flow logs, such as `10.0.1.*`. Without it, every address there.',
  directAttemptsAlarm: 'Whether an alarm sounds for more direct attempts than usual.',
  sharesMetrics:
    'Whether accounts share their metrics with the administrator by CloudWatch cross-account observability, which shows missing verdicts and direct attempts centrally.',
  notificationEmail: 'Who is told by e-mail: of the account, or in an organization of all of it.',
  topicKmsKeyArn: 'The key that encrypts the topic of notices. Without it, the topic has a key of its own.',
  alarms: 'Where alarms and the dashboard of one account are. In an organization they are central.',
  noticedChanges:
    'Groups and load balancers whose changes people are told of. Without it, changes go to the central bus only.',
  inventory: 'Whether the delegated administrator tells each account of the distributions of other accounts.',
  inventoryBucketName:
    'The bucket of the inventory. Without it, a name made of account and Region; a member that no StackSet deploys needs it.',
  inventoryBucketOwner: 'The account that must own that bucket, for a member that no StackSet deploys.',
  inventoryBucketRegion: 'Where that bucket is, for a member that no StackSet deploys.',
  inventoryMaxAgeHours: 'The age after which an inventory does not count.',
  centralEventBusArn: 'The event bus to which the events of an account are passed on. The StackSet names its own.',
  metricsNamespace: 'The CloudWatch namespace of the metrics.',
  packName: 'The name of the conformance pack.',
  managedRules: "Rules of AWS's own that the pack holds too.",
};

/** A setting as a page shows it. */
export interface SettingRow {
  readonly name: string;
  readonly fallback: string;
  readonly allowed: string;
  readonly means: string;
}

/** Every setting, in the order of the schema, with its default and what is allowed as a refusal says it. */
export function settingRows(): readonly SettingRow[] {
  const defaults: Readonly<Record<string, unknown>> = parseSettings({});
  return DEPLOYMENT_SETTING_NAMES.map((name) => ({
    name,
    fallback: shown(defaults[name]),
    allowed: allowedIn(name),
    means: MEANINGS[name],
  }));
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',');
  if (typeof value === 'object' || value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const A_LIST = 'a list, or a text with commas between';

/** What a setting refuses whatever it is: neither a number below zero nor a line feed is a value of any. */
function allowedIn(name: keyof Settings): string {
  const whole = refusal(name, -1);
  return whole === A_LIST ? `a list; each: ${refusal(name, ['\n'])}` : whole;
}

function refusal(name: keyof Settings, value: unknown): string {
  const message = settingSchema(name).safeParse(value).error?.issues[0]?.message ?? '';
  return message.replace(/^allowed: /, '');
}
