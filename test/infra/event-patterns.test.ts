import { EVENT_KINDS, eventPatterns } from '../../infra/monitoring/event-patterns.js';
import { NOTICES } from '../../infra/monitoring/notices.js';
import { matchesEvent, type Json } from './support/match-event.js';
import { apiCall, complianceChange, runEnded } from './support/sample-events.js';

const configRuleNames = ['origin-guard-alb-sg-cloudfront-only', 'origin-guard-alb-origin-authenticated'];
const PATTERNS = eventPatterns({ configRuleNames });

/** The kinds of rule that an event reaches. */
const reached = (event: Json) => EVENT_KINDS.filter((kind) => matchesEvent(PATTERNS[kind], event));

const group = 'sg-0123456789abcdef0';
const below = (kind: string, rest: string) => `${alb.replace('loadbalancer', kind)}${rest}`;
const alb = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/0123456789abcdef';

describe('a verdict of AWS Config', () => {
  it.each([
    ['COMPLIANT', 'NON_COMPLIANT', ['GuardedGroupOpened']],
    [null, 'NON_COMPLIANT', ['ComplianceChanged']],
    ['NOT_APPLICABLE', 'NON_COMPLIANT', ['ComplianceChanged']],
    ['NON_COMPLIANT', 'COMPLIANT', ['ComplianceChanged']],
    [null, 'COMPLIANT', ['ComplianceChanged']],
    ['COMPLIANT', 'NOT_APPLICABLE', ['ComplianceChanged']],
  ])('from %s to %s is %j', (from, to, kinds) => {
    expect(reached(complianceChange({ from, to }))).toEqual(kinds);
  });

  it.each(configRuleNames.flatMap((name) => [name, `${name}-conformance-pack-0a1b2c3d4`]))(
    'of the rule %s counts, with the suffix of a pack or without',
    (rule) => {
      expect(reached(complianceChange({ rule, from: 'COMPLIANT', to: 'NON_COMPLIANT' }))).toEqual([
        'GuardedGroupOpened',
      ]);
    },
  );

  it.each(['restricted-ssh', 'my-origin-guard-alb-sg-cloudfront-only', 'origin-guard-other'])(
    'of the rule %s is none of ours',
    (rule) => {
      expect(reached(complianceChange({ rule, from: 'COMPLIANT', to: 'NON_COMPLIANT' }))).toEqual([]);
    },
  );
});

describe('a change of the network', () => {
  it.each([
    ['ec2', 'AuthorizeSecurityGroupIngress', { requestParameters: { groupId: group } }],
    ['ec2', 'RevokeSecurityGroupIngress', { requestParameters: { groupId: group } }],
    ['ec2', 'ModifySecurityGroupRules', { requestParameters: { ModifySecurityGroupRulesRequest: { GroupId: group } } }],
    ['elasticloadbalancing', 'SetSecurityGroups', { requestParameters: { loadBalancerArn: alb } }],
    ['elasticloadbalancing', 'CreateListener', { requestParameters: { loadBalancerArn: alb } }],
    ['elasticloadbalancing', 'ModifyRule', { requestParameters: { ruleArn: 'arn:aws:x' } }],
    ['elasticloadbalancing', 'DeleteLoadBalancer', { requestParameters: { loadBalancerArn: alb } }],
    ['elasticloadbalancing', 'SetIpAddressType', { requestParameters: { loadBalancerArn: alb } }],
    ['elasticloadbalancing', 'SetSubnets', { requestParameters: { loadBalancerArn: alb } }],
    ['ec2', 'ModifyManagedPrefixList', {}],
    ['ec2', 'RestoreManagedPrefixListVersion', {}],
  ])('%s:%s', (service, name, detail) => {
    expect(reached(apiCall(service, name, detail))).toEqual(['NetworkChanged']);
  });

  it.each([
    ['ec2', 'AuthorizeSecurityGroupEgress', {}],
    ['ec2', 'DescribeSecurityGroups', {}],
    ['ec2', 'AuthorizeSecurityGroupIngress', { errorCode: 'Client.UnauthorizedOperation' }],
    ['elasticloadbalancing', 'DescribeListeners', {}],
  ])('not %s:%s %j', (service, name, detail) => {
    expect(reached(apiCall(service, name, detail))).toEqual([]);
  });

  describe('of named resources', () => {
    const { NetworkChanged } = eventPatterns({ configRuleNames, resources: [group, alb] });

    it.each([
      ['ec2', 'AuthorizeSecurityGroupIngress', { requestParameters: { groupId: group } }],
      [
        'ec2',
        'ModifySecurityGroupRules',
        { requestParameters: { ModifySecurityGroupRulesRequest: { GroupId: group } } },
      ],
      ['elasticloadbalancing', 'SetSecurityGroups', { requestParameters: { loadBalancerArn: alb } }],
      [
        'ec2',
        'AuthorizeSecurityGroupIngress',
        { responseElements: { securityGroupRuleSet: { items: [{ groupId: group }] } } },
      ],
      ['elasticloadbalancing', 'ModifyListener', { requestParameters: { listenerArn: below('listener', '/aaaa') } }],
      ['elasticloadbalancing', 'ModifyRule', { requestParameters: { ruleArn: below('listener-rule', '/aaaa/bbbb') } }],
      [
        'elasticloadbalancing',
        'SetRulePriorities',
        { requestParameters: { rulePriorities: [{ ruleArn: below('listener-rule', '/aaaa/bbbb'), priority: 1 }] } },
      ],
    ])('%s:%s', (service, name, detail) => {
      expect(matchesEvent(NetworkChanged, apiCall(service, name, detail))).toBe(true);
    });

    it.each([
      ['ec2', 'AuthorizeSecurityGroupIngress', { requestParameters: { groupId: 'sg-0ffff' } }],
      [
        'elasticloadbalancing',
        'ModifyListener',
        { requestParameters: { listenerArn: below('listener', '/aaaa').replace('shop', 'cart') } },
      ],
    ])('not of others: %s:%s', (service, name, detail) => {
      expect(matchesEvent(NetworkChanged, apiCall(service, name, detail))).toBe(false);
    });

    it('are no more than EventBridge takes', () => {
      const many = (count: number) => Array.from({ length: count }, (_, at) => `sg-0123456789abcde${String(at + 10)}`);
      expect(() => eventPatterns({ configRuleNames, resources: many(15) })).not.toThrow();
      expect(() => eventPatterns({ configRuleNames, resources: Array.from({ length: 6 }, () => alb) })).not.toThrow();
      expect(() => eventPatterns({ configRuleNames, resources: many(40) })).toThrow(
        /^noticedChanges makes an event pattern of \d+ characters; allowed: 2048, /,
      );
    });
  });
});

describe('a distribution', () => {
  const config = (enabled: boolean) => ({ requestParameters: { id: 'E2EXAMPLE', distributionConfig: { enabled } } });

  it.each([
    ['DeleteDistribution', { requestParameters: { id: 'E2EXAMPLE' } }, ['DistributionStopped']],
    ['DeleteDistribution2020_05_31', {}, ['DistributionStopped']],
    ['DeleteDistributionTenant', {}, ['DistributionStopped']],
    ['UpdateDistribution', config(false), ['DistributionStopped']],
    ['UpdateDistribution2020_05_31', config(false), ['DistributionStopped']],
    ['UpdateDistribution', config(true), ['DistributionChanged']],
    ['UpdateDistribution', { requestParameters: null }, ['DistributionChanged']],
    ['UpdateDistribution2020_05_31', config(true), ['DistributionChanged']],
    ['UpdateDistributionWithStagingConfig', {}, ['DistributionChanged']],
    ['UpdateDistributionTenant', { requestParameters: { enabled: false } }, ['DistributionStopped']],
    ['UpdateDistributionTenant', { requestParameters: { id: 'dt_1' } }, ['DistributionChanged']],
    ['UpdateVpcOrigin', {}, ['DistributionChanged']],
    ['CreateInvalidation', {}, []],
    ['DeleteDistribution', { errorCode: 'DistributionNotDisabled' }, []],
  ])('%s %j is %j', (name, detail, kinds) => {
    expect(reached(apiCall('cloudfront', name, detail))).toEqual(kinds);
  });
});

describe('a run of a runbook', () => {
  it.each([
    ['Failed', ['RemediationFailed']],
    ['TimedOut', ['RemediationFailed']],
    ['Cancelled', ['RemediationFailed']],
    ['Success', ['RemediationSucceeded']],
    ['InProgress', []],
  ])('that is %s is %j', (status, kinds) => {
    expect(reached(runEnded(status))).toEqual(kinds);
  });

  it('of the rollback counts, of others not', () => {
    expect(reached(runEnded('Failed', 'OriginGuard-Rollback-v1'))).toEqual(['RemediationFailed']);
    expect(reached(runEnded('Failed', 'AWS-RestartEC2Instance'))).toEqual([]);
  });
});

describe('the guard itself', () => {
  it.each([
    ['lambda', 'UpdateFunctionCode20150331v2', { requestParameters: { functionName: 'OriginGuardRule' } }],
    [
      'lambda',
      'UpdateFunctionConfiguration20150331v2',
      { requestParameters: { functionName: 'arn:aws:lambda:eu-central-1:111122223333:function:OriginGuardRule' } },
    ],
    ['ssm', 'UpdateDocument', { requestParameters: { name: 'OriginGuard-Remediate-v1' } }],
    ['events', 'DisableRule', { requestParameters: { name: 'OriginGuard-GuardedGroupOpened' } }],
    ['events', 'RemoveTargets', { requestParameters: { rule: 'OriginGuard-GuardedGroupOpened' } }],
  ])('%s:%s', (service, name, detail) => {
    expect(reached(apiCall(service, name, detail))).toEqual(['GuardChanged']);
  });

  it('not another function, and not the deployment of a StackSet', () => {
    const requestParameters = { functionName: 'shop' };
    expect(reached(apiCall('lambda', 'UpdateFunctionCode20150331v2', { requestParameters }))).toEqual([]);
    const userIdentity = { arn: 'arn:aws:sts::111122223333:assumed-role/stacksets-exec-0123456789abcdef/x' };
    const ours = { userIdentity, requestParameters: { functionName: 'OriginGuardRule' } };
    expect(reached(apiCall('lambda', 'UpdateFunctionCode20150331v2', ours))).toEqual([]);
  });
});

describe.each(EVENT_KINDS)('the notice of %s', (kind) => {
  const { inputPathsMap, inputTemplate } = NOTICES[kind];

  it('is one JSON text of at most 8,192 characters, of two sentences at least', () => {
    const text = JSON.parse(inputTemplate) as string;
    expect(text).toMatch(/^Origin Guard: .+[.;] .+\.$/);
    expect(text.length).toBeLessThan(8_192);
  });

  it('takes the fields that it names and no others', () => {
    const taken = [...inputTemplate.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect([...new Set(taken)].sort()).toEqual(Object.keys(inputPathsMap).sort());
  });
});

it('patterns stay below the 4,096 characters of EventBridge', () => {
  for (const kind of EVENT_KINDS) expect(JSON.stringify(PATTERNS[kind]).length).toBeLessThan(4_096);
});
