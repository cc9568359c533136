import { DEFAULT_REMEDIATE, remediateRunbook } from '../../remediation/alb-sg-cloudfront-only/runbook.js';
import { RUNBOOKS } from '../../remediation/registry.js';
import type { Runbook } from '../../remediation/runbook/steps.js';
import { isDedicated } from '../iam/remediation-policy.js';
import type { Settings } from '../settings.js';

/** The runbooks of the member template: those of the registry; a fixer that may not make groups has no steps that do. */
export function memberRunbooks(settings: Pick<Settings, 'allowSplit' | 'allowSwap'>): readonly Runbook[] {
  const fixer = remediateRunbook({ ...DEFAULT_REMEDIATE, dedicated: isDedicated(settings) });
  return RUNBOOKS.map((runbook) => (runbook.name === fixer.name ? fixer : runbook));
}
