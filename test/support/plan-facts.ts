import { known } from '../../core/fact.js';
import type { CustomOrigin } from '../../core/model/distribution.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import { sourceText, type IngressRule, type SecurityGroup } from '../../core/model/security-group.js';
import type { Plan } from '../../core/plan.js';
import { QUOTAS, type StoredRecord } from '../../core/planning.js';
import type { Ask } from '../../remediation/alb-sg-cloudfront-only/ask.js';
import type { AskedFacts, PlanFacts, Way } from '../../remediation/alb-sg-cloudfront-only/facts.js';
import { DEFAULT_OPTIONS, type PlanOptions } from '../../remediation/alb-sg-cloudfront-only/options.js';
import { decidePlan } from '../../remediation/alb-sg-cloudfront-only/plan.js';
import type { RollbackRecord } from '../../remediation/alb-sg-cloudfront-only/record.js';
import { dedicatedText, grantText, requiredText } from '../../remediation/alb-sg-cloudfront-only/to-text.js';
import { albSgCloudfrontOnly } from '../../rules/alb-sg-cloudfront-only/rule.js';
import type { AlbSgFacts } from '../../rules/alb-sg-cloudfront-only/facts.js';
import type { AlbSgParams } from '../../rules/alb-sg-cloudfront-only/params.js';
import {
  ACCOUNT,
  admitting,
  albSgFacts,
  albSgParams,
  arnOf,
  CLOUDFRONT_V4,
  fromCidr,
  fromList,
  ingress,
  loadBalancer,
  NOW,
  open,
  path,
  REGION,
  ruleId,
  securityGroup,
} from './builders.js';
import { balancerInterface } from './fake-planning.js';

// What a plan is made from. Every builder returns a compliant default: a case shows only what it is about.

/** A rule with the id by which it is removed. */
export const named = (
  id: string,
  rule: IngressRule,
): IngressRule & { readonly ruleId: NonNullable<IngressRule['ruleId']> } => ({
  ...rule,
  ruleId: ruleId(`sgr-0${id}`),
});

/** Everybody on one port; the id is `sgr-0` and the port. */
export const world = (port = 443): IngressRule => named(String(port), open(fromCidr('0.0.0.0/0'), 'tcp', port));
export const worldV6 = (port = 443): IngressRule => named(`${String(port)}v6`, open(fromCidr('::/0'), 'tcp', port));

/** CloudFront's IPv4 list on one port; the id is `sgr-0cf` and the port. */
export const cloudfront = (port = 443): IngressRule =>
  named(`cf${String(port)}`, open(fromList(CLOUDFRONT_V4), 'tcp', port));

/** How CloudFront connects: by HTTPS and IPv4. */
export const connects = (overrides: Partial<CustomOrigin> = {}): CustomOrigin => ({
  httpPort: 80,
  httpsPort: 443,
  protocolPolicy: 'https-only',
  ipAddressType: 'ipv4',
  ...overrides,
});

/** The way of `path`. */
export const way = (overrides: Partial<Way> = {}): Way => ({
  path: path(),
  custom: connects(),
  isVpcOrigin: false,
  ...overrides,
});

/** Answers to everything that a plan can ask: nothing stands in its way. */
export const answers = (overrides: Partial<AskedFacts> = {}): AskedFacts => ({
  listeners: new Map([[arnOf('web'), known([443, 80])]]),
  interfaces: known([balancerInterface()]),
  accelerators: known([]),
  forwarders: known([]),
  records: known([]),
  rulesQuota: known(QUOTAS['rules-per-group'].fallback),
  groupsQuota: known(QUOTAS['groups-per-interface'].fallback),
  references: known([]),
  openEgress: known(true),
  userTags: known([]),
  namesakes: known([]),
  closedNamesakes: known([]),
  ...overrides,
});

/** Everything about the group of `albSgFacts`, with the verdict of the rule itself. */
export const planFacts = (overrides: Partial<PlanFacts> = {}, params: AlbSgParams = albSgParams()): PlanFacts => {
  const rule = overrides.rule ?? albSgFacts();
  return {
    rule,
    verdict: albSgCloudfrontOnly.decide(rule, params),
    users: [loadBalancer()],
    ways: [way()],
    unresolvedOrigins: [],
    vpcOriginGaps: [],
    distributionGap: null,
    asked: answers(),
    ...overrides,
  };
};

/** The same for a group with other rules. */
export const openTo = (
  rules: readonly IngressRule[],
  overrides: Partial<PlanFacts> = {},
  params: AlbSgParams = albSgParams(),
): PlanFacts => planFacts({ rule: admitting(rules), ...overrides }, params);

/** Open to everybody on HTTPS, in a group about which something else is said. */
export const openGroup = (group: Partial<SecurityGroup>, rule: Partial<AlbSgFacts> = {}): PlanFacts =>
  planFacts({ rule: albSgFacts({ ...rule, group: securityGroup({ ingress: known([world()]), ...group }) }) });

/** Two load balancers behind CloudFront on one group. */
export const behindTwo = (second: Partial<LoadBalancer> = {}): Pick<PlanFacts, 'users' | 'ways' | 'asked'> => ({
  users: [loadBalancer(), loadBalancer({ name: 'shop', ...second })],
  ways: [way(), way({ path: path({ loadBalancerArn: arnOf('shop') }) })],
  asked: answers({
    listeners: new Map([
      [arnOf('web'), known([443, 80])],
      [arnOf('shop'), known([443])],
    ]),
    interfaces: known([balancerInterface(), balancerInterface('shop')]),
  }),
});

export const options = (overrides: Partial<PlanOptions> = {}): PlanOptions => ({ ...DEFAULT_OPTIONS, ...overrides });

/** The plan for facts that answer everything it asks. */
export function planOf(
  facts: PlanFacts,
  given: Partial<PlanOptions> = {},
  params: AlbSgParams = albSgParams(),
): Plan | Ask {
  return decidePlan(facts, params, options(given));
}

/** A plan in texts, so that a table shows the whole of it. */
export function inTexts(plan: Plan | Ask): unknown {
  switch (plan.kind) {
    case 'ask':
      return { ask: plan.what.join(' ') };
    case 'nothing-to-do':
      return { nothing: plan.code };
    case 'refuse':
      return { refuse: plan.code };
    case 'apply': {
      const { before, during, after, limit, isAssumed } = plan.quota;
      const counts = [before, during, after].map(({ ipv4, ipv6 }) => `${String(ipv4)}+${String(ipv6)}`);
      return {
        strategy: plan.strategy,
        required: plan.required.map(requiredText),
        grants: plan.grants.map(grantText),
        revoke: plan.revoke.map((rule) => rule.ruleId),
        kept: plan.kept.map(({ source }) => sourceText(source)),
        dedicated: plan.dedicated.map(dedicatedText),
        groups: plan.loadBalancer?.securityGroups ?? null,
        quota: `${counts.join(' > ')} of ${String(limit)}${isAssumed ? ' (assumed)' : ''}`,
      };
    }
  }
}

/** The record of a run that replaced the world on HTTPS by CloudFront's list in `sg-0web`. */
export const record = (overrides: Partial<RollbackRecord> = {}): RollbackRecord => ({
  v: 1,
  group: 'sg-0web',
  account: ACCOUNT,
  region: REGION,
  execution: 'run-1',
  at: NOW,
  strategy: 'EDIT',
  status: 'APPLIED',
  removed: [{ k: 'cidrIpv4', p: 'tcp', f: 443, t: 443, s: '0.0.0.0/0' }],
  left: [],
  added: [`ipv4:${CLOUDFRONT_V4}:443-443`],
  ...overrides,
});

export const stored = (
  given: Partial<RollbackRecord> = {},
  { id = given.execution ?? 'run-1', savedAt = NOW }: Partial<Pick<StoredRecord, 'id' | 'savedAt'>> = {},
): StoredRecord => ({ id, text: JSON.stringify(record(given)), savedAt });

/** The rule that the run `run-1` of `record` added. */
export const addedRule = (overrides: Partial<IngressRule> = {}): IngressRule =>
  named('new', ingress({ description: 'OriginGuard run-1', ...overrides }));
