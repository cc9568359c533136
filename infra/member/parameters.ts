import { Aws, CfnCondition, CfnParameter, Fn, type Stack } from 'aws-cdk-lib';
import { REMEDIATION_MODES } from '../../core/remediation-mode.js';
import { LOG_LEVELS, RETENTION_DAYS } from '../setting-kinds.js';
import type { Settings } from '../settings.js';

/** A parameter that may be left empty. */
export interface OptionalParameter {
  readonly value: string;
  readonly isSet: CfnCondition;
  /** The value, or nothing at all where it is empty. */
  readonly orNothing: string;
}

type OptionalSetting =
  | 'logKmsKeyArn'
  | 'permissionsBoundaryArn'
  | 'flowLogGroupName'
  | 'notificationEmail'
  | 'centralEventBusArn'
  | 'inventoryBucketName';

const OPTIONAL: Readonly<Record<OptionalSetting, { readonly says: string; readonly pattern: string }>> = {
  logKmsKeyArn: {
    says: 'KMS key, in this Region, that encrypts the log groups; its policy must let CloudWatch Logs use it.',
    pattern: 'arn:[\\w-]+:kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+',
  },
  permissionsBoundaryArn: {
    says: 'Permissions boundary of the roles.',
    pattern: 'arn:[\\w-]+:iam::(\\d{12}|aws):policy/.+',
  },
  flowLogGroupName: {
    says: 'Log group of VPC flow logs in which rejected direct attempts on load balancers are counted.',
    pattern: '[\\w./#-]{1,512}',
  },
  notificationEmail: { says: 'Who is told of alarms, by e-mail.', pattern: '[^\\s@]+@[^\\s@]+' },
  centralEventBusArn: {
    says: 'Event bus to which events of this account are passed on.',
    pattern: 'arn:[\\w-]+:events:[a-z0-9-]+:\\d{12}:event-bus/.+',
  },
  inventoryBucketName: {
    says: 'Bucket in which the delegated administrator publishes the origins of other accounts.',
    pattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
  },
};

const FLAG = ['true', 'false'];

/** What may differ from account to account: each is a parameter of the template, and its default is the setting. */
export class MemberParameters {
  readonly publishFindings: string;
  /** What runs of the fixer the account allows; never more than the settings do. */
  readonly remediationMode: string;
  readonly logLevel: string;
  readonly logRetentionDays: number;
  readonly metricsNamespace: string;
  readonly #optional = new Map<OptionalSetting, OptionalParameter>();

  constructor(
    private readonly stack: Stack,
    private readonly settings: Settings,
  ) {
    const { publishFindings, remediation, logLevel, logRetentionDays, metricsNamespace } = settings;
    this.publishFindings = this.#add('PublishFindings', {
      default: String(publishFindings),
      allowedValues: FLAG,
      description: 'Whether findings are sent to Security Hub.',
    }).valueAsString;
    this.remediationMode = this.#add('RemediationMode', {
      default: remediation,
      allowedValues: REMEDIATION_MODES.slice(0, REMEDIATION_MODES.indexOf(remediation) + 1),
      description:
        'What runs of the fixer this account allows: none, approved ones, those that a person starts, or all. It can be stricter than the conformance pack, never looser.',
    }).valueAsString;
    this.logLevel = this.#add('LogLevel', {
      default: logLevel,
      allowedValues: [...LOG_LEVELS],
      description: 'How much the functions log.',
    }).valueAsString;
    this.logRetentionDays = this.#add('LogRetentionDays', {
      type: 'Number',
      default: String(logRetentionDays),
      allowedValues: RETENTION_DAYS.map(String),
      description: 'How many days the logs of the functions are kept.',
    }).valueAsNumber;
    this.metricsNamespace = this.#add('MetricsNamespace', {
      default: metricsNamespace,
      allowedPattern: '^[\\w.\\-/#:]{1,255}$',
      description: 'CloudWatch namespace of the metrics that the functions write.',
    }).valueAsString;
  }

  /** A parameter that may be left empty; it stands in the template once somebody asks for it. */
  optional(name: OptionalSetting): OptionalParameter {
    const held = this.#optional.get(name);
    if (held !== undefined) return held;
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    const { says, pattern } = OPTIONAL[name];
    const value = this.#add(id, {
      default: this.settings[name] ?? '',
      allowedPattern: `^(${pattern})?$`,
      description: `${says} Empty for none.`,
    }).valueAsString;
    const isSet = new CfnCondition(this.stack, `Has${id}`, {
      expression: Fn.conditionNot(Fn.conditionEquals(value, '')),
    });
    const orNothing = Fn.conditionIf(isSet.logicalId, value, Aws.NO_VALUE).toString();
    const made = { value, isSet, orNothing };
    this.#optional.set(name, made);
    return made;
  }

  #add(
    id: string,
    { type = 'String', ...rest }: NonNullable<ConstructorParameters<typeof CfnParameter>[2]>,
  ): CfnParameter {
    return new CfnParameter(this.stack, id, { type, ...rest });
  }
}
