import * as z from 'zod';
import { CLOUDFRONT_PREFIX_LIST_NAMES } from '../core/model/prefix-list.js';
import { sourceText, type IngressRule } from '../core/model/security-group.js';
import { FAMILIES, type Fix, type Grant, type Plan } from '../core/plan.js';
import type { RestsOn } from '../remediation/alb-sg-cloudfront-only/rests-on.js';
import { dedicatedIn } from './plan-groups.js';
import { decisionWord, STRATEGY_REASONS, type PlannedGroup } from './plan-words.js';
import { ScanPath } from './scan-result.js';

const SCHEMA_VERSION = '1';

const PlanGrant = z.strictObject({
  family: z.enum(FAMILIES),
  prefixListId: z.string(),
  prefixListName: z.string(),
  protocol: z.literal('tcp'),
  fromPort: z.int(),
  toPort: z.int(),
});

const PlanRule = z.strictObject({
  securityGroupRuleId: z.string().nullable().describe('null only for a rule that stays, and whose id was not seen'),
  protocol: z.string(),
  fromPort: z.int().nullable().describe('null, with toPort, for a protocol without ports'),
  toPort: z.int().nullable(),
  source: z.string(),
  description: z.string().nullable().describe('what people wrote beside the rule'),
});

const PlanCount = z.strictObject({ ipv4: z.int(), ipv6: z.int() });

/** The shape of `plan --format json`, from which `docs/schemas/plan-v1.json` is rendered. */
export const PlanDocument = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  decision: z.enum(['NOOP', 'EDIT', 'SPLIT', 'SWAP', 'REFUSE']),
  reasonCode: z
    .string()
    .nullable()
    .describe('why nothing is to do, or why it is refused; null for a plan that applies'),
  because: z.string().describe('what was found; for a plan that applies, why it goes this way'),
  nextStep: z.string().nullable().describe('what a person does next; only for REFUSE'),
  securityGroupId: z.string(),
  securityGroupName: z.string().nullable().describe('null when the input does not say'),
  accountId: z.string().nullable().describe('null when the input does not say'),
  region: z.string().nullable().describe('null when the input does not say'),
  vpcId: z.string().nullable().describe('null unless the plan applies'),
  paths: z.array(ScanPath),
  requiredPorts: z
    .array(z.strictObject({ family: z.enum(FAMILIES), port: z.int() }))
    .describe('the ports on which CloudFront must reach the load balancers at every moment'),
  add: z.array(PlanGrant).describe('rules to add to the group itself, before anything is removed'),
  remove: z.array(PlanRule).describe('rules to remove, in one call, by their ids'),
  keep: z.array(PlanRule).describe('sources that the rule refuses, and that stay for want of an option to remove them'),
  dedicatedGroups: z
    .array(
      z.strictObject({
        name: z.string(),
        securityGroupId: z.string().nullable().describe('the group of that name that is there; null for one to make'),
        ...PlanGrant.shape,
      }),
    )
    .describe('groups to attach'),
  loadBalancer: z
    .strictObject({
      arn: z.string(),
      securityGroups: z.array(z.string()).describe('its list of groups as it is now'),
    })
    .nullable()
    .describe('the load balancer whose list of groups changes; null when none does'),
  quota: z
    .strictObject({
      before: PlanCount,
      during: PlanCount.describe('while the new rules stand beside the old ones'),
      after: PlanCount,
      limit: z.int(),
      isAssumed: z.boolean().describe("whether the limit is AWS's default, because the account's own was not seen"),
    })
    .nullable()
    .describe('how many rules the group counts; null unless the plan applies'),
  owner: z
    .strictObject({
      kind: z.enum(['cloudformation', 'terraform', 'kubernetes', 'elastic-beanstalk', 'service-catalog']),
      name: z.string(),
    })
    .nullable()
    .describe('what made the group, as far as its tags say'),
  snippets: z
    .array(z.strictObject({ language: z.enum(['cloudformation', 'cdk', 'terraform', 'kubernetes']), code: z.string() }))
    .describe("code for the owner's source, without which the fix does not last"),
  risks: z.array(z.string()).describe('what may go wrong all the same'),
  fingerprint: z.string().nullable().describe('a digest of everything the plan rests on; null unless it applies'),
});

type PlanDocument = z.infer<typeof PlanDocument>;

/** The plan in the form of the JSON result. */
export function toPlanDocument(planned: PlannedGroup): PlanDocument {
  const { securityGroupId, name, scope, plan, paths, fingerprint, restsOn } = planned;
  return {
    schemaVersion: SCHEMA_VERSION,
    decision: decisionWord(plan),
    reasonCode: plan.kind === 'apply' ? null : plan.code,
    because: plan.kind === 'apply' ? STRATEGY_REASONS[plan.strategy] : plan.because,
    nextStep: plan.kind === 'refuse' ? plan.nextStep : null,
    securityGroupId,
    securityGroupName: name,
    accountId: scope.accountId,
    region: scope.region,
    vpcId: plan.kind === 'apply' ? plan.vpcId : null,
    paths: paths.map((path) => ({ ...path, otherEntrances: path.otherEntrances.map((entrance) => ({ ...entrance })) })),
    ...changesOf(plan, restsOn),
    owner: plan.kind === 'nothing-to-do' || plan.owner === null ? null : { ...plan.owner },
    snippets: plan.kind === 'nothing-to-do' ? [] : plan.snippets.map((snippet) => ({ ...snippet })),
    risks: plan.kind === 'apply' ? [...plan.risks] : [],
    fingerprint,
  };
}

type Changes = Pick<
  PlanDocument,
  'requiredPorts' | 'add' | 'remove' | 'keep' | 'dedicatedGroups' | 'loadBalancer' | 'quota'
>;

const NO_CHANGE: Changes = {
  requiredPorts: [],
  add: [],
  remove: [],
  keep: [],
  dedicatedGroups: [],
  loadBalancer: null,
  quota: null,
};

const changesOf = (plan: Plan, seen: RestsOn): Changes =>
  plan.kind === 'apply' ? changesOfFix(plan, seen) : NO_CHANGE;

function changesOfFix(fix: Fix, seen: RestsOn): Changes {
  const { required, grants, revoke, kept, loadBalancer, quota } = fix;
  return {
    requiredPorts: required.map(({ family, port }) => ({ family, port })),
    add: grants.map(toPlanGrant),
    remove: revoke.map(toPlanRule),
    keep: kept.map(toPlanRule),
    dedicatedGroups: dedicatedIn(fix, seen).map(({ name, grant, found }) => ({
      name,
      securityGroupId: found?.id ?? null,
      ...toPlanGrant(grant),
    })),
    loadBalancer:
      loadBalancer === null ? null : { arn: loadBalancer.arn, securityGroups: [...loadBalancer.securityGroups] },
    quota: {
      before: { ...quota.before },
      during: { ...quota.during },
      after: { ...quota.after },
      limit: quota.limit,
      isAssumed: quota.isAssumed,
    },
  };
}

const toPlanGrant = ({ family, prefixListId, fromPort, toPort }: Grant): z.infer<typeof PlanGrant> => ({
  family,
  prefixListId,
  prefixListName: CLOUDFRONT_PREFIX_LIST_NAMES[family],
  protocol: 'tcp',
  fromPort,
  toPort,
});

const toPlanRule = (rule: IngressRule): z.infer<typeof PlanRule> => ({
  securityGroupRuleId: rule.ruleId,
  protocol: rule.protocol,
  fromPort: rule.fromPort,
  toPort: rule.toPort,
  source: sourceText(rule.source),
  description: rule.description ?? null,
});

/** The plan as JSON text that ends with a line feed. */
export const renderPlanJson = (planned: PlannedGroup): string =>
  `${JSON.stringify(toPlanDocument(planned), null, 2)}\n`;
