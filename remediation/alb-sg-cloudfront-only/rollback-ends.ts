import type { Step } from '../runbook/steps.js';
import { fail, RECORD } from './step-builders.js';

/** The ends of the rollback: what happened, whether anything was changed, and what to do next. */
export function rollbackEnds(): readonly Step[] {
  return [
    fail(
      'Refused',
      'Fails: the record or the group does not allow it, and nothing was changed.',
      'REFUSED {{PlanRollback.reasonCode}}: {{PlanRollback.summary}}',
    ),
    fail(
      'RefusedEarly',
      'Fails before anybody is asked: the record or the group does not allow it, and nothing was changed.',
      'REFUSED {{Preview.reasonCode}}: {{Preview.summary}}',
    ),
    fail(
      'NotRestored',
      'Fails: some rules could not be put back; what is there stays.',
      `NOT RESTORED: {{VerifyRules.summary}}; look at the failed steps, then run this again with RecordId ${RECORD}`,
    ),
    fail(
      'NotBack',
      'Fails: not everything is back; what is there stays.',
      `NOT RESTORED: {{VerifyRestored.summary}}; look at the failed steps, then run this again with RecordId ${RECORD}`,
    ),
    fail(
      'NotSeen',
      'Fails: the planner did not answer; what is there stays.',
      `NOT RESTORED: the planner did not answer; look at the group, then run this again with RecordId ${RECORD}`,
    ),
    fail(
      'AddedStay',
      'Fails: everything is back, and rules that the run added may still be there.',
      `RESTORED, but the rules that the run added may still be there; run this again with RecordId ${RECORD}`,
    ),
    fail(
      'NotMarked',
      'Fails: everything is back, and the record does not say so.',
      `RESTORED, but the record could not be marked as undone; run this again with RecordId ${RECORD}`,
    ),
    { kind: 'done', name: 'Done', says: 'Ends the run as a success.' },
  ];
}
