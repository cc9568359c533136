import type { Step } from '../runbook/steps.js';
import { ROLLBACK_DOCUMENT } from './rollback-runbook.js';
import { fail, GROUP, RUN } from './step-builders.js';

/** How a person undoes the run. */
export const UNDO = `to undo it, run ${ROLLBACK_DOCUMENT} with SecurityGroupId ${GROUP} and RecordId ${RUN}`;

/** The ends of the fixer: what happened, whether anything was removed, and what to do next. */
export function remediateEnds(): readonly Step[] {
  return [
    fail(
      'Refused',
      'Fails: the plan is refused, and nothing was changed.',
      'REFUSED {{Plan.reasonCode}}: {{Plan.summary}}',
    ),
    fail(
      'Stale',
      'Fails: something changed since the plan, and nothing was done.',
      'REFUSED {{Guard.outcome}}: {{Guard.detail}}; nothing was changed',
    ),
    fail(
      'NothingRemoved',
      'Fails: CloudFront was admitted perhaps, and nothing was removed.',
      `NOT FIXED {{VerifyAuthorized.outcome}}: {{VerifyAuthorized.detail}}; nothing was removed; ${UNDO}`,
    ),
    fail(
      'NothingRemovedCancelled',
      'Fails: somebody cancelled the run before anything was removed; what was added admits CloudFront only.',
      `NOT FIXED: cancelled, and nothing was removed; run it again; ${UNDO}`,
    ),
    fail(
      'NothingRemovedBlind',
      'Fails: it could not be seen whether CloudFront is admitted, and nothing was removed.',
      `NOT FIXED: the planner did not answer; nothing was removed; ${UNDO}`,
    ),
    fail(
      'NothingRemovedUnmarked',
      'Fails: the record could not be marked, and nothing was removed.',
      `NOT FIXED: the rollback record could not be written; nothing was removed; ${UNDO}`,
    ),
    fail(
      'NothingRevoked',
      'Fails: the rules that were to go are all still there.',
      `NOT FIXED {{Verify.outcome}}: {{Verify.detail}}; start a new run, or ${UNDO}`,
    ),
    fail(
      'Kept',
      'Fails: the outcome is not what was wanted, and what is there is kept.',
      `KEPT {{Verify.outcome}}: {{Verify.detail}}; ${UNDO}`,
    ),
    fail(
      'KeptBlind',
      'Fails: nobody could look at the outcome, and what is there is kept.',
      `KEPT: the planner did not answer; look at the group; ${UNDO}`,
    ),
    fail(
      'RolledBack',
      'Fails: the run was undone.',
      'ROLLED BACK {{Verify.outcome}}: {{Verify.detail}}; find out what else admitted CloudFront, then plan again',
    ),
    fail(
      'NotRolledBack',
      'Fails: the run could not be undone.',
      `KEPT {{Verify.outcome}}: {{Verify.detail}}; the rollback failed; ${UNDO}`,
    ),
    { kind: 'done', name: 'Done', says: 'Ends the run as a success.' },
  ];
}
