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
    organizationTargets: [],
    excludedAccounts: [],
    accountsWithoutPack: [],
    managementAccountHasMember: false,
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
    alarms: 'local',
    noticedChanges: [],
    listenerPorts: ['80', '443'],
    loadBalancerAddresses: [],
    directAttemptsAlarm: 'off',
    sharesMetrics: false,
    inventory: true,
    inventoryMaxAgeHours: 24,
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

it('what is about monitoring and the inventory is taken as text too', () => {
  const balancer = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/0123456789abcdef';
  expect(
    settingsOf({
      organizationTargets: 'r-abcd,ou-abcd-12345678',
      noticedChanges: `sg-0123456789abcdef0,${balancer}`,
      listenerPorts: '443, 8443',
      loadBalancerAddresses: '10.0.1.*,2001:db8::1',
      inventoryMaxAgeHours: '168',
      sharesMetrics: 'true',
    }),
  ).toMatchObject({
    organizationTargets: ['r-abcd', 'ou-abcd-12345678'],
    noticedChanges: ['sg-0123456789abcdef0', balancer],
    listenerPorts: ['443', '8443'],
    loadBalancerAddresses: ['10.0.1.*', '2001:db8::1'],
    inventoryMaxAgeHours: 168,
    sharesMetrics: true,
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

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1111aaaa-22bb-33cc-44dd-555555eeeeee';
const accounts = (most: number): readonly string[] =>
  Array.from({ length: most }, (_, at) => String(200_000_000_000 + at));

it('what AWS takes together is taken: as many accounts as fit, and keys in their own Region', () => {
  const { managementAccountId } = ORGANIZATION;
  for (const given of [
    { excludedAccounts: accounts(999) },
    { excludedAccounts: [...accounts(999), managementAccountId] },
    { excludedAccounts: accounts(1000), managementAccountHasMember: true },
    { logKmsKeyArn: KEY, topicKmsKeyArn: KEY },
    { inventoryBucketOwner: '777788889999', inventoryBucketRegion: 'us-east-1' },
  ])
    expect(problemOf({ ...ORGANIZATION, ...given })).toBe('it is taken');
  expect(problemOf({ logKmsKeyArn: KEY.replace('us-east-1', 'eu-west-1') })).toBe('it is taken');
});

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
  [
    'an address that a template would fill in',
    { notificationEmail: '${AWS::AccountId}@example.com' },
    'allowed: one e-mail address without $, { and }',
  ],
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
    'setting ruleParameters.port is "all"; no rule has this parameter; allowed: allowUnusedListeners, allowedCidrs,',
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
  [
    'an organization whose home Region is not guarded',
    { governedRegions: 'eu-west-1,eu-central-1' },
    'setting governedRegions is ["eu-west-1","eu-central-1"]; allowed: Regions with the home Region us-east-1 among them',
  ],
  [
    'a target that is an account',
    { organizationTargets: '111122223333' },
    'setting organizationTargets is "111122223333"; allowed: the id of a root such as r-abcd, or of an organizational unit',
  ],
  ['alarms elsewhere', { alarms: 'remote' }, 'setting alarms is "remote"; allowed: local, central'],
  ['an alarm that is half on', { directAttemptsAlarm: 'true' }, 'allowed: off, on'],
  [
    'changes of something else',
    { noticedChanges: ['vpc-0123456789abcdef0'] },
    'allowed: every, the id of a security group, or the ARN of an Application Load Balancer',
  ],
  [
    'every change and one of them',
    { noticedChanges: 'every,sg-0123456789abcdef0' },
    'setting noticedChanges is ["every","sg-0123456789abcdef0"]; allowed: every by itself, or groups and load balancers',
  ],
  ['a port beyond the last', { listenerPorts: [443, 65_536] }, 'allowed: a port from 1 to 65535'],
  [
    'an address with a mask',
    { loadBalancerAddresses: '10.0.1.0/24' },
    'allowed: an IPv4 or IPv6 address, with * for any',
  ],
  [
    'more filters than a log group takes',
    { loadBalancerAddresses: Array.from({ length: 11 }, (_, at) => `10.0.${String(at)}.*`) },
    'with 2 listenerPorts they make 22 metric filters; allowed: 20',
  ],
  ['an age of a fortnight', { inventoryMaxAgeHours: 336 }, 'allowed: whole hours from 1 to 168'],
  ['an age of nothing', { inventoryMaxAgeHours: '0' }, 'allowed: whole hours from 1 to 168'],
  [
    'a tag key that no policy of IAM takes',
    { exemptTagKey: 'été:例外' },
    'setting exemptTagKey is "été:例外"; allowed: a tag key of at most 100 letters of ASCII',
  ],
  [
    'a group of users as approver',
    { ...APPROVED, approvers: 'arn:aws:iam::111122223333:group/Ops' },
    'allowed: the ARN',
  ],
  ['a namespace of AWS', { metricsNamespace: 'AWS/EC2' }, 'setting metricsNamespace is "AWS/EC2"; allowed: 1 to 255'],
  [
    'one account too many beside the management account',
    { ...ORGANIZATION, excludedAccounts: accounts(1000) },
    'setting excludedAccounts is "1000 accounts"; allowed: 999, since the management account is excluded too',
  ],
  [
    'too many accounts in two lists',
    { ...ORGANIZATION, excludedAccounts: accounts(999), accountsWithoutPack: ['444455556666'] },
    'setting excludedAccounts is "1000 accounts"; allowed: 999',
  ],
  ['one account without its pack', { accountsWithoutPack: ['444455556666'] }, 'allowed only with organizationId'],
  [
    'a key that a governed Region does not have',
    { ...ORGANIZATION, governedRegions: 'us-east-1,eu-west-1', logKmsKeyArn: KEY },
    `setting logKmsKeyArn is "${KEY}"; allowed: none, since it does not exist in eu-west-1`,
  ],
  [
    'a key for notices outside the home Region',
    { ...ORGANIZATION, homeRegion: 'eu-west-1', topicKmsKeyArn: KEY },
    `setting topicKmsKeyArn is "${KEY}"; allowed: a key in the home Region eu-west-1`,
  ],
  [
    'the bucket of an inventory that there is not',
    { inventory: false, inventoryBucketName: 'acme-inventory' },
    'setting inventoryBucketName is "acme-inventory"; allowed only with inventory true',
  ],
  [
    'the owner of no bucket',
    { inventoryBucketOwner: '777788889999' },
    'setting inventoryBucketOwner is "777788889999"; allowed only with inventoryBucketName',
  ],
  ['the Region of no bucket', { inventoryBucketRegion: 'eu-west-1' }, 'allowed only with inventoryBucketName'],
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
  [
    'approval without an account in an organization whose id comes later',
    { ...APPROVED, organizationTargets: 'r-abcd' },
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
    const part = fc.stringMatching(/^[a-z0-9.:/${}<>"'\\-]{1,20}$/);
    const text = fc.oneof(
      fc.string(),
      part,
      fc.tuple(part, part).map((parts) => parts.join('@')),
    );
    fc.assert(
      fc.property(fc.constantFrom(...DEPLOYMENT_SETTING_NAMES), text, (name, value) => {
        if (name === 'ruleParameters' || problemOf({ [name]: value }) !== 'it is taken') return;
        expect(JSON.stringify(settingsOf({ [name]: value }))).not.toMatch(/\$\{|\{\{/);
      }),
      { numRuns: 3000 },
    );
  });
});
