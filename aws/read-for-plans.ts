import type { Gap } from '../core/fact.js';
import { QUOTAS, type QuotaName } from '../core/planning.js';
import type { PlanningSession } from './planning-session.js';
import { readQuota } from './read/quotas.js';
import { readEveryRollbackRecord } from './read/rollback-records.js';

/**
 * Reads what plans ask beside what a scan reads, for those who keep the pages, and tells what was denied.
 *
 * Nothing here asks about one group or VPC: a list that was saved stands for all there is.
 */
export async function readForPlans(sessions: readonly PlanningSession[]): Promise<readonly Gap[]> {
  const names = Object.keys(QUOTAS) as QuotaName[];
  const reads = sessions.flatMap((session) => [
    ...names.map((name) => readQuota(session, name)),
    readEveryRollbackRecord(session),
  ]);
  return (await Promise.all(reads)).flatMap((fact) => (fact.known ? [] : fact.gap));
}
