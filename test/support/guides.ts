import { AccountId } from '../../core/ids.js';
import type { Guide } from '../../remediation/alb-origin-authenticated/guide.js';
import { planGuide } from '../../remediation/alb-origin-authenticated/plan-guide.js';
import type { AlbOriginFacts } from '../../rules/alb-origin-authenticated/facts.js';
import { albOriginAuthenticated } from '../../rules/alb-origin-authenticated/rule.js';
import { authParams } from './auth-builders.js';
import { distributionId } from './builders.js';

interface Given {
  readonly rotate?: boolean;
  /** By distribution. */
  readonly accounts?: Readonly<Record<string, string>>;
}

/** The guide for facts, with the verdict of the rule itself. */
export function guideFor(
  rule: AlbOriginFacts,
  given: Readonly<Record<string, string>> = {},
  { rotate = false, accounts = {} }: Given = {},
): Guide {
  const params = authParams(given);
  const verdict = albOriginAuthenticated.decide(rule, params);
  const owners = new Map(
    Object.entries(accounts).map(([id, account]) => [distributionId(id), AccountId.parse(account)] as const),
  );
  return planGuide({ rule, verdict, accounts: owners, unresolvedOrigins: [] }, params, { rotate });
}
