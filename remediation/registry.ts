import { remediateRunbook } from './alb-sg-cloudfront-only/runbook.js';
import { rollbackRunbook } from './alb-sg-cloudfront-only/rollback-runbook.js';
import type { Runbook } from './runbook/steps.js';

/** How a rule's findings are put right. */
export type Remedy =
  /** A person does it, and `why` says what stands in the way of more. */
  | { readonly kind: 'by-hand'; readonly why: string }
  /** A runbook does it, refuses or is undone by another one; `why` says what it does. */
  | { readonly kind: 'runbook'; readonly why: string; readonly runbooks: readonly [Runbook, ...Runbook[]] };

/** Rule id to remedy; a rule without an automatic one says why. */
export const REMEDIES: Readonly<Record<string, Remedy>> = {
  'alb-sg-cloudfront-only': {
    kind: 'runbook',
    why: 'OriginGuard-Remediate-v1 admits the prefix list, sees it there, and only then removes the other sources; it refuses what it cannot do safely, and OriginGuard-Rollback-v1 undoes it. `origin-guard plan` shows what it would do.',
    runbooks: [remediateRunbook(), rollbackRunbook()],
  },
  'alb-origin-authenticated': {
    kind: 'by-hand',
    why: 'A person closes it step by step: CloudFront must send the header, and every edge must have it, before the load balancer asks for it. A wrong order refuses every visitor while the health of the targets stays green, and a secret would pass through the runbook. `origin-guard plan ALB_ARN` prints the order.',
  },
};

/** Every runbook, in registry order. */
export const RUNBOOKS: readonly Runbook[] = Object.values(REMEDIES).flatMap((remedy) =>
  remedy.kind === 'runbook' ? remedy.runbooks : [],
);
