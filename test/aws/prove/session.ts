import { CallCounter } from '../../../aws/middleware/count-calls.js';
import { toProvingSession, type ProvingSession } from '../../../aws/prove/session.js';
import { testSession } from '../support/session.js';

/** A session in which experiments can be made, whose clients are to be mocked. */
export const provingSession = (): ProvingSession => toProvingSession(testSession(), new CallCounter());

/** What the SDK raises when AWS refuses a request for a reason of the request. */
export const refusedBy = (name: string, message = `${name} by AWS`): Error =>
  Object.assign(new Error(message), { name, $fault: 'client' });
