import * as z from 'zod/mini';
import { STARTERS, type RemediationMode, type Starter } from '../../core/remediation-mode.js';

/** How a run was started, as the steps that plan are told. */
export const Started = {
  startedBy: z._default(z.enum(STARTERS, { error: `allowed: ${STARTERS.join(', ')}` }), 'PERSON'),
  requireApproval: z._default(
    z.pipe(
      z.union([z.boolean(), z.enum(['true', 'false'])], { error: 'allowed: true or false' }),
      z.transform((given) => given === true || given === 'true'),
    ),
    false,
  ),
};

/** Why the mode of the account does not allow a run that was started so, or `null` when it does. */
export function refusedByMode(
  mode: RemediationMode,
  { startedBy, requireApproval }: { readonly startedBy: Starter; readonly requireApproval: boolean },
): string | null {
  switch (mode) {
    case 'off':
      return 'this account allows no run of the fixer (its mode is off)';
    case 'approved':
      return requireApproval
        ? null
        : 'this account allows only runs that somebody approves, and this one asks nobody (its mode is approved)';
    case 'manual':
      return startedBy === 'PERSON'
        ? null
        : 'this account allows only runs that a person starts, and AWS Config started this one (its mode is manual)';
    case 'automatic':
      return null;
  }
}
