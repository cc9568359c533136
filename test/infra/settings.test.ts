import * as fc from 'fast-check';
import { OriginGuardError } from '../../core/errors.js';
import { LOG_LEVELS, RETENTION_DAYS } from '../../infra/setting-kinds.js';
import { DEPLOYMENT_SETTING_NAMES, parseSettings } from '../../infra/settings.js';
import { LOG_LEVELS as FUNCTION_LOG_LEVELS } from '../../report/log-lines.js';
import { APPROVED, ORGANIZATION, settingsOf } from './support.js';

it('nothing has to be set: one account, a person starts every run, nothing is made or swapped', () => {
  expect(parseSettings({})).toEqual({
    homeRegion: 'us-east-1',
    governedRegions: ['us-east-1'],
    excludedAccounts: [],
    ruleParameters: {},
    exemptTagKey: 'origin-guard:exempt',
    remediation: 'manual',
    approvers: [],
    allowSplit: false,
    allowSwap: false,
    revokePrivateSources: false,
    revokeSecurityGroupSources: false,
    onVerifyError: 'KEEP',
    iacManaged: 'WARN',
    iacTagKeys: [],
    portMerge: 'ADJACENT',
    quotaModel: 'both',
    publishFindings: true,
    logLevel: 'info',
    logRetentionDays: 365,
    inventory: false,
    metricsNamespace: 'OriginGuard',
    packName: 'OriginGuard',
    managedRules: [],
  });
});

it('what is written behind -c is text, and wins over cdk.json', () => {
  const settings = parseSettings({
    'origin-guard': { remediation: 'off', allowSplit: true },
    'origin-guard:remediation': 'automatic',
    'origin-guard:governedRegions': 'eu-west-1, us-east-1',
    'origin-guard:publishFindings': 'false',
    'origin-guard:logRetentionDays': '90',
    'origin-guard:ruleParameters': '{"ports":"listeners"}',
    'origin-guard:managedRules': 'none',
    '@aws-cdk/core:anything': true,
  });
  expect(settings).toMatchObject({
    remediation: 'automatic',
    allowSplit: true,
    governedRegions: ['eu-west-1', 'us-east-1'],
    publishFindings: false,
    logRetentionDays: 90,
    ruleParameters: { ports: 'listeners' },
    managedRules: [],
  });
});

it('every log level that a function knows can be set', () => {
  expect(LOG_LEVELS).toEqual(FUNCTION_LOG_LEVELS);
});

const problemOf = (given: Readonly<Record<string, unknown>>): string => {
  try {
    settingsOf(given);
  } catch (error) {
    if (error instanceof OriginGuardError) return error.message;
    throw error;
  }
  return 'it is taken';
};

it.each<[string, Readonly<Record<string, unknown>>, string]>([
  [
    'an unknown name',
    { remedation: 'off' },
    'setting remedation is "off"; no setting has this name; allowed: homeRegion,',
  ],
  [
    'a Region that is none',
    { homeRegion: 'Virginia' },
    'setting homeRegion is "Virginia"; allowed: a Region such as us-east-1',
  ],
  [
    'a Region twice',
    { governedRegions: 'us-east-1,us-east-1' },
    'setting governedRegions is "us-east-1,us-east-1"; allowed: each value once',
  ],
  [
    'an account of 11 digits',
    { ...ORGANIZATION, excludedAccounts: ['11112222333'] },
    'setting excludedAccounts is ["11112222333"]; allowed: an account id of 12 digits, as text',
  ],
  [
    'an account as a number',
    { ...ORGANIZATION, excludedAccounts: [111122223333] },
    'setting excludedAccounts is [111122223333]; allowed: an account id of 12 digits, as text',
  ],
  [
    'a mode that is none',
    { remediation: 'auto' },
    'setting remediation is "auto"; allowed: off, approved, manual, automatic',
  ],
  ['a flag that is none', { allowSwap: 'yes' }, 'setting allowSwap is "yes"; allowed: true or false'],
  ['91 days', { logRetentionDays: 91 }, `setting logRetentionDays is 91; allowed: ${RETENTION_DAYS.join(', ')}`],
  [
    'an alias for a key',
    { logKmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:alias/logs' },
    'setting logKmsKeyArn is "arn:aws:kms:us-east-1:111122223333:alias/logs"; allowed: the ARN of a KMS key in the Region',
  ],
  [
    'a role for a boundary',
    { permissionsBoundaryArn: 'arn:aws:iam::111122223333:role/x' },
    'allowed: the ARN of a managed policy of the account',
  ],
  ['two addresses', { notificationEmail: 'a@example.com,b@example.com' }, 'allowed: one e-mail address'],
  ['a tag key of AWS', { exemptTagKey: 'aws:exempt' }, 'setting exemptTagKey is "aws:exempt"; allowed: a tag key'],
  [
    'an unknown managed rule',
    { managedRules: ['s3-bucket-public'] },
    'setting managedRules is ["s3-bucket-public"]; allowed: cloudfront-associated-with-waf,',
  ],
  [
    'a topic by any name',
    { ...APPROVED, approvalTopicName: 'Approvals' },
    'setting approvalTopicName is "Approvals"; allowed: the name of an SNS topic that starts with Automation',
  ],
  [
    'eleven approvers',
    { ...APPROVED, approvers: Array.from({ length: 11 }, (_, at) => `user${String(at)}`) },
    'allowed: at most 10 of them',
  ],
  [
    'parameters that are no JSON',
    { ruleParameters: 'ports=all' },
    'setting ruleParameters is "ports=all"; allowed: an object of name and text, or its JSON',
  ],
  [
    'an unknown parameter',
    { ruleParameters: { port: 'all' } },
    'setting ruleParameters.port is "all"; no rule has this parameter; allowed: allowedCidrs,',
  ],
  [
    'a parameter that the rule refuses',
    { ruleParameters: { allowedCidrs: '203.0.113.1/24' } },
    'setting ruleParameters: parameter allowedCidrs is "203.0.113.1/24" ("203.0.113.1/24": has host bits set; write the network itself)',
  ],
  [
    'the exempt tag as a parameter',
    { ruleParameters: { exemptTagKey: 'x' } },
    'setting ruleParameters.exemptTagKey is "x"; it is decided by exemptTagKey',
  ],
  [
    'the rule as a parameter',
    { ruleParameters: { ruleId: 'alb-sg-cloudfront-only' } },
    'it is decided by nothing: the pack sets it for each rule',
  ],
  [
    'an organization without its management account',
    { organizationId: 'o-abcd123456' },
    'setting managementAccountId is missing; allowed with organizationId',
  ],
  [
    'a management account without its organization',
    { managementAccountId: '111122223333' },
    'setting organizationId is missing; allowed with managementAccountId',
  ],
  ['excluded accounts of one account', { excludedAccounts: ['111122223333'] }, 'allowed only with organizationId'],
  ['an inventory of one account', { inventory: true }, 'setting inventory is true; allowed only with organizationId'],
  ['an inventory without a bucket', { ...ORGANIZATION, inventory: true }, 'setting inventoryBucketName is missing'],
  [
    'approval by nobody',
    { remediation: 'approved' },
    'setting approvers is []; allowed under remediation approved: 1 to 10 principals',
  ],
  [
    'approval without a topic',
    { remediation: 'approved', approvers: ['someone'] },
    'setting approvalTopicName is missing',
  ],
  [
    'approval in an organization without an account',
    { ...APPROVED, ...ORGANIZATION },
    'setting approvalTopicAccountId is missing',
  ],
])('%s stops everything', (_, given, problem) => {
  expect(problemOf(given)).toContain(problem);
  expect(problemOf(given)).toMatch(/^E1014: /);
});

it('the settings are an object', () => {
  expect(() => parseSettings({ 'origin-guard': ['off'] })).toThrow(
    'E1014: setting origin-guard is ["off"]; allowed: one object of setting and value',
  );
});

describe('whatever is written', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.string(),
    fc.constantFrom('none', 'true', '-1', '365', 'o-', '${AWS::Region}', '__proto__'),
  );

  it('settings are taken or refused by name, never half', () => {
    fc.assert(
      fc.property(fc.constantFrom(...DEPLOYMENT_SETTING_NAMES), anything, (name, value) => {
        const problem = problemOf({ [name]: value });
        expect(problem === 'it is taken' || /^E1014: setting \w+(?:\.\S*)?(?: is |: )/.test(problem)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('a name that no setting has is refused', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), anything, (name, value) => {
        fc.pre(!(DEPLOYMENT_SETTING_NAMES as readonly string[]).includes(name) && name !== '__proto__');
        expect(problemOf({ [name]: value })).toContain(`E1014: setting ${name} is `);
      }),
    );
  });

  it('a text that is taken holds nothing that a template would read as its own', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9@.:/${}<>"'\\-]{1,40}$/));
    fc.assert(
      fc.property(fc.constantFrom(...DEPLOYMENT_SETTING_NAMES), text, (name, value) => {
        if (name === 'ruleParameters' || problemOf({ [name]: value }) !== 'it is taken') return;
        expect(JSON.stringify(settingsOf({ [name]: value }))).not.toMatch(/\$\{|\{\{/);
      }),
      { numRuns: 3000 },
    );
  });
});
