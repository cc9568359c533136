import { pascalCase, ruleName } from '../../infra/pack/pack-rules.js';
import { packParameterName, PACK_LIMITS, renderPack, renderPackText } from '../../infra/pack/render-pack.js';
import { MANAGED_RULES } from '../../infra/setting-kinds.js';
import { memberRunbooks } from '../../infra/member/runbooks.js';
import { REMEDIES } from '../../remediation/registry.js';
import { RULES, type RegisteredRule } from '../../rules/registry.js';
import { APPROVED, ofType, ORGANIZATION, settingsOf, templatesOf, type TemplateJson } from './support.js';

const packOf = (
  given: Readonly<Record<string, unknown>> = {},
  rules: readonly RegisteredRule[] = RULES,
): TemplateJson =>
  renderPack({ ...settingsOf(given), roleAccount: '${AWS::AccountId}' }, rules) as unknown as TemplateJson;

const remediationOf = (given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  packOf(given).Resources['AlbSgCloudfrontOnlyRemediation']!.Properties;

/** A second rule beside the first: the same parameters, nothing that fixes it. */
const second = (more: Partial<RegisteredRule> = {}): RegisteredRule => {
  const [first] = RULES as readonly [RegisteredRule];
  return { ...first, meta: { ...first.meta, id: 'second-rule' }, ...more };
};

/** What each rule takes the changes of. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  'alb-sg-cloudfront-only': [
    'AWS::EC2::SecurityGroup',
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    'AWS::CloudFront::Distribution',
  ],
  'alb-origin-authenticated': [
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    'AWS::ElasticLoadBalancingV2::Listener',
    'AWS::CloudFront::Distribution',
  ],
};

it.each(RULES.map((rule) => [rule.meta.id, rule] as const))(
  '%s is run on changes, on oversized items and daily',
  (id, rule) => {
    const inputs = Object.keys(rule.params).map((name) => [
      name,
      name === 'ruleId' ? id : { Ref: packParameterName(name) },
    ]);
    expect(packOf().Resources[pascalCase(id)]).toEqual({
      Type: 'AWS::Config::ConfigRule',
      Properties: {
        ConfigRuleName: `origin-guard-${id}`,
        Description: expect.any(String) as string,
        InputParameters: Object.fromEntries(inputs) as unknown,
        Scope: { ComplianceResourceTypes: SCOPES[id] },
        Source: {
          Owner: 'CUSTOM_LAMBDA',
          SourceIdentifier: { 'Fn::ImportValue': 'OriginGuard-RuleFunctionArn' },
          SourceDetails: [
            { EventSource: 'aws.config', MessageType: 'ConfigurationItemChangeNotification' },
            { EventSource: 'aws.config', MessageType: 'OversizedConfigurationItemChangeNotification' },
            {
              EventSource: 'aws.config',
              MessageType: 'ScheduledNotification',
              MaximumExecutionFrequency: 'TwentyFour_Hours',
            },
          ],
        },
      },
    });
  },
);

it.each(RULES.map((rule) => [rule.meta.id, rule] as const))(
  '%s is described by whole sentences, as many as AWS Config takes',
  (id, { meta }) => {
    const said = String(packOf().Resources[pascalCase(id)]?.Properties['Description']);
    expect(said.length).toBeLessThanOrEqual(256);
    expect(meta.description.startsWith(said)).toBe(true);
    expect(said).toMatch(/\.$/);
  },
);

it('the parameters are those of the rules, as texts with the defaults of the registry', () => {
  // Where two rules have a parameter of the same name, the words are those of the first.
  const wanted = [...RULES]
    .reverse()
    .flatMap(({ params }) => Object.entries(params))
    .filter(([name]) => name !== 'ruleId')
    .map(
      ([name, { fallback, summary }]) =>
        [packParameterName(name), { Type: 'String', Default: fallback, Description: summary }] as const,
    );
  expect(packOf().Parameters).toEqual(Object.fromEntries(wanted));
  expect(Object.values(packOf().Parameters).filter(({ Default }) => Default === '')).toEqual([]);
});

it('keeps within what AWS Config takes, with everything switched on', () => {
  const text = renderPackText({
    ...settingsOf({ ...APPROVED, allowSplit: true, managedRules: MANAGED_RULES }),
    roleAccount: '${AWS::AccountId}',
  });
  expect(Buffer.byteLength(text)).toBeLessThan(PACK_LIMITS.bytes);
  expect(Object.keys(packOf().Parameters).length).toBeLessThanOrEqual(60);
  for (const { meta } of RULES) expect(ruleName(meta.id).length).toBeLessThanOrEqual(38);
  expect(JSON.stringify(packOf())).not.toContain('""');
});

describe('a registry with another rule', () => {
  it('shares the parameters of the same name, and runs it under its own id', () => {
    const pack = packOf({}, [...RULES, second()]);
    expect(pack.Parameters).toEqual(packOf().Parameters);
    expect(pack.Resources['SecondRule']?.Properties['InputParameters']).toMatchObject({
      ruleId: 'second-rule',
      exemptTagKey: { Ref: 'ExemptTagKey' },
    });
  });

  it('that nothing fixes has no remediation', () => {
    expect(Object.keys(packOf({}, [second()]).Resources)).toEqual(['SecondRule']);
  });

  it('that means something else by a parameter stops the rendering', () => {
    const [first] = RULES as readonly [RegisteredRule];
    const params = { ...first.params, ports: { ...first.params['ports']!, fallback: 'listeners' } };
    expect(() => packOf({}, [first, second({ params })])).toThrow(
      'E9001: rule second-rule: parameter ports has another default than in the other rules',
    );
  });

  it('whose name is too long stops the rendering', () => {
    const { meta } = second();
    expect(() => packOf({}, [second({ meta: { ...meta, id: 'a'.repeat(26) } })])).toThrow(
      `E9001: the conformance pack has 39 characters in the name of rule ${'a'.repeat(26)}; allowed: 38`,
    );
  });
});

describe('the remediation', () => {
  it('off: there is none, and no role to name', () => {
    expect(JSON.stringify(packOf({ remediation: 'off' }))).not.toContain('OriginGuardRemediation');
    expect(Object.keys(packOf({ remediation: 'off' }).Resources).filter((id) => id.endsWith('Remediation'))).toEqual(
      [],
    );
  });

  it('manual: a person starts the fixer on one group, with nothing opted in to', () => {
    expect(remediationOf({})).toEqual({
      ConfigRuleName: 'origin-guard-alb-sg-cloudfront-only',
      ResourceType: 'AWS::EC2::SecurityGroup',
      TargetType: 'SSM_DOCUMENT',
      TargetId: 'OriginGuard-Remediate-v1',
      Automatic: false,
      MaximumAutomaticAttempts: 2,
      RetryAttemptSeconds: 3600,
      ExecutionControls: { SsmControls: { ConcurrentExecutionRatePercentage: 10, ErrorPercentage: 20 } },
      Parameters: {
        AutomationAssumeRole: {
          StaticValue: {
            Values: ['arn:${AWS::Partition}:iam::${AWS::AccountId}:role/OriginGuardRemediation-${AWS::Region}'],
          },
        },
        DryRun: { StaticValue: { Values: ['false'] } },
        StartedBy: { StaticValue: { Values: ['PERSON'] } },
        RevokePrivateSources: { StaticValue: { Values: ['false'] } },
        RevokeSecurityGroupSources: { StaticValue: { Values: ['false'] } },
        OnVerifyError: { StaticValue: { Values: ['KEEP'] } },
        SecurityGroupId: { ResourceValue: { Value: 'RESOURCE_ID' } },
      },
    });
  });

  it('automatic: AWS Config starts it, and says so', () => {
    expect(remediationOf({ remediation: 'automatic' })).toMatchObject({
      Automatic: true,
      Parameters: {
        StartedBy: { StaticValue: { Values: ['CONFIG'] } },
        DryRun: { StaticValue: { Values: ['false'] } },
      },
    });
  });

  it('approved: a person starts it, and somebody approves', () => {
    expect(remediationOf(APPROVED)).toMatchObject({
      Automatic: false,
      Parameters: {
        RequireApproval: { StaticValue: { Values: ['true'] } },
        Approvers: { StaticValue: { Values: APPROVED.approvers } },
        NotificationTopicArn: {
          StaticValue: { Values: ['arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:AutomationApprovals'] },
        },
      },
    });
  });

  it.each([{}, APPROVED, { remediation: 'automatic', allowSplit: true, allowSwap: true }])(
    'every parameter is one of the runbook, in values that AWS Config takes: %j',
    (given) => {
      const [fixer] = memberRunbooks(settingsOf(given));
      for (const [name, { StaticValue }] of Object.entries(
        remediationOf(given)['Parameters'] as Readonly<
          Record<string, { readonly StaticValue?: { readonly Values: readonly string[] } }>
        >,
      )) {
        const parameter = fixer?.parameters[name];
        expect([name, parameter === undefined]).toEqual([name, false]);
        for (const value of StaticValue?.Values ?? []) {
          expect(value.length).toBeLessThanOrEqual(256);
          if (parameter?.allowedValues !== undefined) expect(parameter.allowedValues).toContain(value);
        }
      }
    },
  );

  it('is there for every rule that a runbook fixes, and depends on its rule', () => {
    const fixed = RULES.filter(({ meta }) => REMEDIES[meta.id]?.kind === 'runbook').map(({ meta }) =>
      pascalCase(meta.id),
    );
    const found = Object.entries(packOf().Resources).filter(
      ([, { Type }]) => Type === 'AWS::Config::RemediationConfiguration',
    );
    expect(found.map(([id, { DependsOn }]) => [id, DependsOn])).toEqual(fixed.map((id) => [`${id}Remediation`, id]));
  });
});

it('has none of AWS’s own rules unless somebody asks for them', () => {
  expect(
    Object.values(packOf().Resources).filter(
      ({ Properties }) => (Properties['Source'] as { Owner?: string } | undefined)?.Owner === 'AWS',
    ),
  ).toEqual([]);
  expect(packOf().Conditions).toBeUndefined();
});

it('has them where AWS Config can run them: those of distributions in one Region', () => {
  const { Resources, Conditions } = packOf({ managedRules: MANAGED_RULES });
  const found = MANAGED_RULES.map((name) => Resources[pascalCase(name)]).map((each) => [
    (each?.Properties['Source'] as { readonly SourceIdentifier: string }).SourceIdentifier,
    each?.Condition,
  ]);
  expect(found).toEqual([
    ['CLOUDFRONT_ASSOCIATED_WITH_WAF', 'IsCloudFrontRegion'],
    ['CLOUDFRONT_VIEWER_POLICY_HTTPS', 'IsCloudFrontRegion'],
    ['ALB_HTTP_TO_HTTPS_REDIRECTION_CHECK', undefined],
    ['VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS', undefined],
  ]);
  expect(Conditions).toEqual({ IsCloudFrontRegion: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] } });
});

describe('the stacks that hold it', () => {
  const PARAMETERS = { ports: 'listeners', allowedCidrs: '203.0.113.0/24' };

  it('one account: CloudFormation writes the account into the text, and hands over what differs', () => {
    const { pack } = templatesOf({ ruleParameters: PARAMETERS });
    expect(Object.values(pack.Resources).map(({ Type, Properties }) => ({ Type, ...Properties }))).toEqual([
      expect.objectContaining({
        Type: 'AWS::Config::ConformancePack',
        ConformancePackName: 'OriginGuard',
        TemplateBody: {
          'Fn::Sub': renderPackText({
            ...settingsOf({ ruleParameters: PARAMETERS }),
            roleAccount: '${AWS::AccountId}',
          }),
        },
        ConformancePackInputParameters: [
          { ParameterName: 'AllowedCidrs', ParameterValue: '203.0.113.0/24' },
          { ParameterName: 'Ports', ParameterValue: 'listeners' },
        ],
      }),
    ]);
    expect(pack.Parameters).toBeUndefined();
  });

  it('an organization: the role is that of the management account, which AWS Config replaces', () => {
    const { organization } = templatesOf({ ...ORGANIZATION, excludedAccounts: ['111122223333', '444455556666'] });
    const [pack] = Object.values(organization.Resources).filter(
      ({ Type }) => Type === 'AWS::Config::OrganizationConformancePack',
    );
    expect(pack?.Properties).toMatchObject({
      OrganizationConformancePackName: 'OriginGuard',
      ExcludedAccounts: ['444455556666', { Ref: 'ManagementAccountId' }],
      ConformancePackInputParameters: [{ ParameterName: 'InventoryMode', ParameterValue: 'ORG' }],
    });
    const text = (pack?.Properties['TemplateBody'] as { readonly 'Fn::Sub': string })['Fn::Sub'];
    expect(text).toContain(
      'arn:${AWS::Partition}:iam::${ManagementAccountId}:role/OriginGuardRemediation-${AWS::Region}',
    );
    expect(organization.Parameters['ManagementAccountId']).toMatchObject({ Default: '111122223333' });
  });

  it('one account whose functions read an inventory counts it', () => {
    const inputs = (given: Readonly<Record<string, unknown>>) =>
      ofType(templatesOf(given).pack, 'AWS::Config::ConformancePack')[0]?.Properties['ConformancePackInputParameters'];
    expect(inputs({ inventoryBucketName: 'acme-inventory' })).toEqual([
      { ParameterName: 'InventoryMode', ParameterValue: 'ORG' },
    ]);
    expect(inputs({})).toEqual([]);
  });

  it('the text holds nothing for CloudFormation to fill in but these', () => {
    const text = renderPackText({ ...settingsOf(APPROVED), roleAccount: '${ManagementAccountId}' });
    expect(new Set(text.match(/\$\{[^}]*\}?/g))).toEqual(
      new Set(['${AWS::Partition}', '${ManagementAccountId}', '${AWS::Region}', '${AWS::AccountId}']),
    );
  });

  it('parameters that are too long together stop everything', () => {
    const ids = Array.from({ length: 40 }, (_, at) => `sg-0123456789abc${String(at).padStart(4, '0')}`).join(',');
    expect(() => templatesOf({ ruleParameters: { allowedSecurityGroupIds: ids } })).toThrow(
      /^E1014: setting ruleParameters: the parameters of rule alb-sg-cloudfront-only take \d+ characters as JSON; allowed: 1024$/,
    );
  });
});
