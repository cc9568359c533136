import { CallCounter } from '../../../aws/middleware/count-calls.js';
import { makePlanningClients, type PlanningSession } from '../../../aws/planning-session.js';
import type { Session } from '../../../aws/session.js';
import { CREDENTIALS, testSession } from './session.js';

/** A session in which plans can be made, whose clients are to be mocked. */
export function planningSession(
  overrides: Partial<Session> = {},
): PlanningSession & Pick<ReturnType<typeof testSession>, 'seen'> {
  const session = testSession(overrides);
  const { region } = session;
  return {
    ...session,
    planning: makePlanningClients({ region, credentials: CREDENTIALS, counter: new CallCounter() }),
  };
}
