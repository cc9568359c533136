import { GetServiceQuotaCommand, type GetServiceQuotaCommandOutput } from '@aws-sdk/client-service-quotas';
import { OriginGuardError } from '../../core/errors.js';
import { known, type Fact } from '../../core/fact.js';
import { QUOTAS, type QuotaName } from '../../core/planning.js';
import { isCausedBy } from '../failures.js';
import type { PlanningSession } from '../planning-session.js';
import { readOne } from './pages.js';

/** Everything this reader may call. */
export const iamActions = ['servicequotas:GetServiceQuota'] as const;

/** The quota that applies to the account; AWS's default for an account that never had another one. */
export async function readQuota(session: PlanningSession, name: QuotaName): Promise<Fact<number>> {
  const { code, fallback } = QUOTAS[name];
  try {
    const page = await readOne<GetServiceQuotaCommandOutput>(session, {
      fact: `quota ${code}`,
      what: `the quota ${code}`,
      action: iamActions[0],
      command: 'get-service-quota',
      about: code,
      page: (_, options) =>
        session.planning.serviceQuotas.send(
          new GetServiceQuotaCommand({ ServiceCode: 'vpc', QuotaCode: code }),
          options,
        ),
    });
    return page.known ? known(valueOf(page.value, code)) : page;
  } catch (error) {
    if (isCausedBy(error, 'NoSuchResourceException')) return known(fallback);
    throw error;
  }
}

function valueOf({ Quota }: GetServiceQuotaCommandOutput, code: string): number {
  if (typeof Quota?.Value === 'number') return Quota.Value;
  throw new OriginGuardError('E2006', `the answer has no value of the quota ${code}`);
}
