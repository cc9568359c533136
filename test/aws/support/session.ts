import { startBudget } from '../../../aws/budget.js';
import { makeClients } from '../../../aws/clients.js';
import { CallCounter } from '../../../aws/middleware/count-calls.js';
import type { SeenPage, Session } from '../../../aws/session.js';
import { ACCOUNT, REGION } from '../../support/builders.js';

export const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-secret' };

/** A session of the builders' account and Region whose clients are to be mocked; `seen` holds every page it recorded. */
export function testSession(overrides: Partial<Session> = {}): Session & { readonly seen: readonly SeenPage[] } {
  const seen: SeenPage[] = [];
  return {
    accountId: ACCOUNT,
    region: REGION,
    clients: makeClients({ region: REGION, credentials: CREDENTIALS, counter: new CallCounter() }),
    budget: startBudget(60_000),
    onPage: (page) => seen.push(page),
    ...overrides,
    seen,
  };
}

/** What the SDK raises for an error that AWS names. */
export const awsError = (name: string, message = `${name} by AWS`): Error =>
  Object.assign(new Error(message), { name });
