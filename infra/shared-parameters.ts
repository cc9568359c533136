import { LOG_LEVELS, RETENTION_DAYS } from './setting-kinds.js';
import type { Settings } from './settings.js';
import type { OptionalForm, OptionalParameter, TemplateParameters } from './template-parameters.js';

/** What every stack with a function lets an account choose; the default of each is the setting. */
export interface SharedParameters {
  readonly logLevel: string;
  readonly logRetentionDays: number;
  readonly metricsNamespace: string;
  readonly logKmsKeyArn: OptionalParameter;
  readonly permissionsBoundaryArn: OptionalParameter;
}

const LOG_KEY: OptionalForm = {
  says: 'KMS key, in this Region, that encrypts the log groups; its policy must let CloudWatch Logs use it.',
  pattern: 'arn:[\\w-]+:kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+',
};
const BOUNDARY: OptionalForm = {
  says: 'Permissions boundary of the roles.',
  pattern: 'arn:[\\w-]+:iam::(\\d{12}|aws):policy/.+',
};

/** Adds the parameters about logs, metrics and roles. */
export const sharedParameters = (parameters: TemplateParameters, settings: Settings): SharedParameters => ({
  logLevel: parameters.add('logLevel', {
    default: settings.logLevel,
    allowedValues: [...LOG_LEVELS],
    description: 'How much the functions log.',
  }).valueAsString,
  logRetentionDays: parameters.add('logRetentionDays', {
    type: 'Number',
    default: String(settings.logRetentionDays),
    allowedValues: RETENTION_DAYS.map(String),
    description: 'How many days the logs of the functions are kept.',
  }).valueAsNumber,
  metricsNamespace: parameters.add('metricsNamespace', {
    default: settings.metricsNamespace,
    allowedPattern: '^(?!AWS/)[\\w.\\-/#:]{1,255}$',
    description: 'CloudWatch namespace of the metrics that the functions write.',
  }).valueAsString,
  logKmsKeyArn: parameters.optional('logKmsKeyArn', settings.logKmsKeyArn, LOG_KEY),
  permissionsBoundaryArn: parameters.optional('permissionsBoundaryArn', settings.permissionsBoundaryArn, BOUNDARY),
});
