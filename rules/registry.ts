import { OriginGuardError } from '../core/errors.js';
import { byPlace, type Judgement } from '../core/judgement.js';
import type { Gap } from '../core/fact.js';
import type { Change, Focus, Touched } from '../core/focus.js';
import { parseParams, type ParamSet, type ParamValues } from '../core/params.js';
import type { UnresolvedOrigin } from '../core/path.js';
import type { Ports } from '../core/ports.js';
import type { Finding, Rule, RuleMeta } from '../core/rule.js';
import type { OnMissingEvidence } from '../core/verdict.js';
import { JudgedResource, type Subject } from './judged-resource.js';
import { gatherAlbOriginFacts } from './alb-origin-authenticated/gather.js';
import { albOriginAuthenticated } from './alb-origin-authenticated/rule.js';
import { loadBalancersTouchedBy } from './alb-origin-authenticated/touched.js';
import { gatherAlbSgFacts } from './alb-sg-cloudfront-only/facts.js';
import { albSgCloudfrontOnly } from './alb-sg-cloudfront-only/rule.js';
import { groupsTouchedBy } from './alb-sg-cloudfront-only/touched.js';

/** What one rule made of the world. */
export interface RuleRun {
  readonly judgements: readonly Judgement[];
  readonly unresolvedOrigins: readonly UnresolvedOrigin[];
  /** Evidence without which what is in scope cannot all be told; no judgement may stand for it. */
  readonly unread: readonly Gap[];
}

/** A rule whose parameters are checked: it reads through the ports and judges what is in focus, else everything. */
export type ReadyRule = (ports: Ports, now: string, focus?: Focus) => Promise<RuleRun>;

/** A rule as the rest of the house sees it, with its types closed over. */
export interface RegisteredRule {
  readonly meta: RuleMeta;
  readonly params: ParamSet;
  /** Checks the parameters; raises `E1002`. */
  readonly prepare: (given: Readonly<Record<string, unknown>>) => ReadyRule;
  /** What a change that AWS Config reports asks of the rule. */
  readonly touchedBy: (change: Change) => Touched;
  /** Parameters under which the rule reads all it may ever ask for. */
  readonly widest: Readonly<Record<string, string>>;
}

interface Binding<Facts, Set extends ParamSet> {
  readonly gather: (
    ports: Ports,
    params: ParamValues<Set>,
    now: string,
    focus?: Focus,
  ) => Promise<{
    readonly facts: readonly Facts[];
    readonly unresolvedOrigins: readonly UnresolvedOrigin[];
    readonly unread: readonly Gap[];
  }>;
  readonly subjectOf: (facts: Facts) => Subject;
  readonly onMissingEvidence: (params: ParamValues<Set>) => OnMissingEvidence;
  readonly touchedBy: (change: Change) => Touched;
  readonly widest: Readonly<Record<string, string>>;
}

function register<Facts, Set extends ParamSet, F extends Finding>(
  rule: Rule<Facts, Set, F>,
  { gather, subjectOf, onMissingEvidence, touchedBy, widest }: Binding<Facts, Set>,
): RegisteredRule {
  const { meta } = rule;
  return {
    meta,
    params: rule.params,
    touchedBy,
    widest,
    prepare: (given) => {
      const params = parseParams(rule.params, given);
      return async (ports, now, focus) => {
        const { facts, unresolvedOrigins, unread } = await gather(ports, params, now, focus);
        const judgements = facts.map(
          (known) => new JudgedResource(rule, known, params, subjectOf(known), onMissingEvidence(params)),
        );
        return { judgements: judgements.sort(byPlace), unresolvedOrigins, unread };
      };
    },
  };
}

/** A documentation address (RFC 5737): with anything allowed at all, the entries of customers' lists count. */
const NO_CUSTOMER = '192.0.2.1/32';

/** The only list of rules; the pack, the pages and the command line are rendered from it. */
export const RULES: readonly RegisteredRule[] = [
  register(albSgCloudfrontOnly, {
    gather: gatherAlbSgFacts,
    subjectOf: ({ group, paths, attachedTo, attachmentGap }) => ({
      resourceId: group.id,
      name: group.name,
      scope: group.scope,
      paths,
      isIdle: attachedTo.length === 0 && attachmentGap === null,
    }),
    onMissingEvidence: ({ onMissingEvidence }) => onMissingEvidence,
    touchedBy: groupsTouchedBy,
    widest: {
      ports: 'listeners',
      includeDisabledDistributions: 'true',
      allowedCidrs: NO_CUSTOMER,
      resolveOrigins: 'dns',
      originHostnames: 'none',
    },
  }),
  register(albOriginAuthenticated, {
    gather: gatherAlbOriginFacts,
    subjectOf: ({ loadBalancer, deleted, ways }) => ({
      resourceId: loadBalancer.arn,
      name: loadBalancer.name,
      scope: loadBalancer.scope,
      paths: ways.map(({ path }) => path),
      isIdle: deleted,
    }),
    onMissingEvidence: ({ onMissingEvidence }) => onMissingEvidence,
    touchedBy: loadBalancersTouchedBy,
    widest: {
      includeDisabledDistributions: 'true',
      resolveOrigins: 'dns',
      originHostnames: 'none',
    },
  }),
];

/** The rule that the function in AWS runs when nobody names one. */
export const DEFAULT_RULE_ID = albSgCloudfrontOnly.meta.id;

/** The rules with these ids, in registry order; every rule when none is named. Raises `E1007`. */
export function selectRules(ids: readonly string[]): readonly RegisteredRule[] {
  const unknown = ids.find((id) => !RULES.some(({ meta }) => meta.id === id));
  if (unknown !== undefined) {
    throw new OriginGuardError(
      'E1007',
      `no rule is called ${unknown}; allowed: ${RULES.map(({ meta }) => meta.id).join(', ')}`,
    );
  }
  return ids.length === 0 ? RULES : RULES.filter(({ meta }) => ids.includes(meta.id));
}
