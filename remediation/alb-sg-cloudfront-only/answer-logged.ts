import { OriginGuardError } from '../../core/errors.js';
import type { Log } from '../../core/reporting.js';
import { answerPlanner, type PlannerDeps } from './answer.js';
import { parsePlannerRequest, type PlannerRequest } from './request.js';
import type { PlanResult, VerifyResult } from './result.js';

/**
 * Answers the raw request of a runbook step and leaves one line in the log: what was asked, and what the answer was.
 *
 * Raises `E1013` for a request that is none, and what `answerPlanner` raises; the line then names the code.
 */
export async function answerLogged(event: unknown, deps: PlannerDeps, log: Log): Promise<PlanResult | VerifyResult> {
  let asked: Readonly<Record<string, string>> = {};
  try {
    const request = parsePlannerRequest(event);
    asked = fieldsOf(request);
    const answer = await answerPlanner(request, deps);
    log.info('answered', { ...asked, ...said(answer) });
    return answer;
  } catch (error) {
    log.error('the planner could not answer', {
      ...asked,
      code: error instanceof OriginGuardError ? error.code : 'unknown',
      detail: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
}

const fieldsOf = ({ mode, securityGroupId }: PlannerRequest): Readonly<Record<string, string>> => ({
  mode,
  resourceId: securityGroupId,
});

const said = (answer: PlanResult | VerifyResult): Readonly<Record<string, string>> =>
  'outcome' in answer
    ? { outcome: answer.outcome, detail: answer.detail }
    : { decision: answer.decision, reasonCode: answer.reasonCode, detail: answer.summary };
