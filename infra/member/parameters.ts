import type { Stack } from 'aws-cdk-lib';
import { REMEDIATION_MODES } from '../../core/remediation-mode.js';
import { ALARMS } from '../setting-kinds.js';
import type { Settings } from '../settings.js';
import { sharedParameters, type SharedParameters } from '../shared-parameters.js';
import { TemplateParameters, type OptionalForm, type OptionalParameter } from '../template-parameters.js';

/** What may differ from account to account: each is a parameter of the template, and its default is the setting. */
export interface MemberParameters extends SharedParameters {
  readonly publishFindings: string;
  /** What runs of the fixer the account allows; never more than the settings do. */
  readonly remediationMode: string;
  readonly notificationEmail: OptionalParameter;
  readonly centralEventBusArn: OptionalParameter;
  readonly alarms: string;
  readonly flowLogGroupName: OptionalParameter;
  readonly directAttemptsAlarm: string;
  readonly inventory: InventoryParameters;
}

/** Where the functions find the inventory of the organization; without a bucket they know their own account only. */
export interface InventoryParameters {
  readonly bucketName: OptionalParameter;
  readonly bucketOwner: OptionalParameter;
  readonly bucketRegion: OptionalParameter;
  readonly maxAgeHours: string;
}

type OptionalSetting =
  | 'flowLogGroupName'
  | 'notificationEmail'
  | 'centralEventBusArn'
  | 'inventoryBucketName'
  | 'inventoryBucketOwner'
  | 'inventoryBucketRegion';

const OPTIONAL: Readonly<Record<OptionalSetting, OptionalForm>> = {
  flowLogGroupName: {
    says: 'Log group of VPC flow logs in which rejected direct attempts on load balancers are counted; it has to exist.',
    pattern: '[\\w./#-]{1,512}',
  },
  notificationEmail: {
    says: 'Who is told in this account of events and alarms, by e-mail.',
    pattern: '[^\\s@]+@[^\\s@]+',
  },
  centralEventBusArn: {
    says: 'Event bus to which events of this account are passed on.',
    pattern: 'arn:[\\w-]+:events:[a-z0-9-]+:\\d{12}:event-bus/.+',
  },
  inventoryBucketName: {
    says: 'Bucket in which the delegated administrator publishes the origins of other accounts; the planner reads it then.',
    pattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
  },
  inventoryBucketOwner: { says: 'Account that must own that bucket.', pattern: '\\d{12}' },
  inventoryBucketRegion: { says: 'Region of that bucket, where it is another one.', pattern: '[a-z0-9-]{9,20}' },
};

/** Adds every parameter of the member template. */
export function memberParameters(stack: Stack, settings: Settings): MemberParameters {
  const made = new TemplateParameters(stack);
  const optional = (name: OptionalSetting) => made.optional(name, settings[name], OPTIONAL[name]);
  return {
    ...sharedParameters(made, settings),
    publishFindings: made.add('publishFindings', {
      default: String(settings.publishFindings),
      allowedValues: ['true', 'false'],
      description: 'Whether findings are sent to Security Hub.',
    }).valueAsString,
    remediationMode: made.add('remediationMode', {
      default: settings.remediation,
      allowedValues: REMEDIATION_MODES.slice(0, REMEDIATION_MODES.indexOf(settings.remediation) + 1),
      description:
        'What runs of the fixer this account allows: none, approved ones, those that a person starts, or all. It can be stricter than the conformance pack, never looser.',
    }).valueAsString,
    notificationEmail: optional('notificationEmail'),
    centralEventBusArn: optional('centralEventBusArn'),
    alarms: made.add('alarms', {
      default: settings.alarms,
      allowedValues: [...ALARMS],
      description:
        'local adds alarms and a dashboard here, where somebody is told; central leaves them to the administrator.',
    }).valueAsString,
    flowLogGroupName: optional('flowLogGroupName'),
    directAttemptsAlarm: made.add('directAttemptsAlarm', {
      default: settings.directAttemptsAlarm,
      allowedValues: ['off', 'on'],
      description: 'Whether an alarm sounds for more direct attempts than usual, beside the other alarms.',
    }).valueAsString,
    inventory: {
      bucketName: optional('inventoryBucketName'),
      bucketOwner: optional('inventoryBucketOwner'),
      bucketRegion: optional('inventoryBucketRegion'),
      maxAgeHours: made.add('inventoryMaxAgeHours', {
        default: String(settings.inventoryMaxAgeHours),
        allowedPattern: '^([1-9]|[1-9]\\d|1[0-5]\\d|16[0-8])$',
        description: 'The age, in hours from 1 to 168, after which an inventory does not count.',
      }).valueAsString,
    },
  };
}
