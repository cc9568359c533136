import { notApplicable } from '../../core/verdict.js';
import type { Scope } from '../../core/ids.js';
import type { Reported } from '../../core/reporting.js';
import type { Definite } from './evaluation.js';

/** The judgement on a resource that is not to be judged (any more), made without a look at it. */
export const retire = (
  { resourceType, resourceId }: Reported,
  { ruleId, scope, because }: { readonly ruleId: string; readonly scope: Scope; readonly because: string },
): Definite => ({
  ruleId,
  resourceType,
  resourceId,
  name: null,
  scope,
  verdict: notApplicable(because),
  reasons: [because],
  paths: [],
  advise: () => [],
  explain: () => [{ outcome: 'info', text: because }],
});
