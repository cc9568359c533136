import { known } from '../../core/fact.js';
import type { Judgement } from '../../core/judgement.js';
import { RULES, type RegisteredRule } from '../../rules/registry.js';
import { distribution, fromCidr, gap, hidden, NOW, open, securityGroup } from './builders.js';
import { fakePorts, type World } from './fake-ports.js';

export const RULE_ID = 'alb-sg-cloudfront-only';

export function registered(id: string = RULE_ID): RegisteredRule {
  const rule = RULES.find(({ meta }) => meta.id === id);
  if (rule === undefined) throw new RangeError(`no rule ${id}`);
  return rule;
}

/** What the rule says about a world; the builders' world is compliant. */
export async function judge(
  world: Partial<World> = {},
  given: Readonly<Record<string, string>> = {},
): Promise<readonly Judgement[]> {
  return (await registered().prepare(given)(fakePorts(world), NOW)).judgements;
}

/** The one judgement of each verdict that the rule itself reaches. */
export const JUDGE = {
  compliant: () => judge(),
  'non-compliant': () => judge({ groups: [securityGroup({ ingress: known([open(fromCidr('0.0.0.0/0'))]) })] }),
  'not-applicable': () => judge({ distributions: [distribution({ origins: [] })] }),
  indeterminate: () => judge({ groups: [securityGroup({ ingress: hidden('rules') })] }),
} as const satisfies Record<Judgement['verdict']['kind'], () => Promise<readonly Judgement[]>>;

/** A judgement in plain data; compliant, unless overridden. */
export const judgement = (overrides: Partial<Judgement> = {}): Judgement => ({
  ruleId: RULE_ID,
  resourceType: 'AWS::EC2::SecurityGroup',
  resourceId: 'sg-0web',
  name: 'web',
  scope: securityGroup().scope,
  verdict: { kind: 'compliant' },
  reasons: ['all is well'],
  paths: [],
  advise: () => [],
  explain: () => [],
  ...overrides,
});

/** One that says the resource is open, for this reason and on these sources. */
export const openJudgement = (
  resourceId: string,
  sources: readonly string[] = ['0.0.0.0/0'],
  reason = 'world-ipv4',
): Judgement =>
  judgement({
    resourceId,
    verdict: {
      kind: 'non-compliant',
      findings: sources.map((source) => ({ reason, source })),
      gaps: [],
    },
    reasons: sources.map((source) => `${source} on tcp 443 (${reason})`),
    advise: () => sources.map((source) => `remove ${source}`),
  });

export const outOfScope = (resourceId: string): Judgement =>
  judgement({
    resourceId,
    verdict: { kind: 'not-applicable', because: 'nothing uses it' },
    reasons: ['nothing uses it'],
  });

export const unseen = (resourceId: string): Judgement =>
  judgement({
    resourceId,
    verdict: { kind: 'indeterminate', gaps: [gap('rules')] },
    reasons: ['rules cannot be read'],
  });
