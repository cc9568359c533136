import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Region } from '../../core/ids.js';
import { accepted, type Reply } from '../../core/proving.js';
import { clientSettings, equip, makeClients } from '../clients.js';
import { toCodedError } from '../failures.js';
import type { CallCounter } from '../middleware/count-calls.js';
import type { SendOptions } from '../read/pages.js';
import type { Session } from '../session.js';

/** A session in which experiments can be made. */
export interface ProvingSession extends Session {
  readonly proving: { readonly cloudFormation: CloudFormationClient; readonly ssm: SSMClient };
  /** The same account in another Region, to look at. */
  readonly sessionIn: (region: Region) => Session;
}

/** Adds the clients that only experiments need, with the settings of all others; nothing is sent before a command is. */
export function toProvingSession(session: Session, counter: CallCounter): ProvingSession {
  const { credentials } = session.clients.ec2.config;
  const settings = clientSettings({ region: session.region, credentials });
  const proving = { cloudFormation: new CloudFormationClient(settings), ssm: new SSMClient(settings) };
  for (const client of Object.values(proving) as readonly { readonly middlewareStack: unknown }[])
    equip(client, counter);
  return {
    ...session,
    proving,
    sessionIn: (region) => ({ ...session, region, clients: makeClients({ region, credentials, counter }) }),
  };
}

/**
 * Calls AWS; what it refuses for a reason of the request is an answer.
 *
 * Raises `E2001` when AWS throttled or failed, `E2005` when the time ran out, `E2007` for credentials that are no good.
 */
export async function replyTo<T>(
  { budget }: Session,
  doing: string,
  call: (options: SendOptions) => Promise<T>,
): Promise<Reply<T>> {
  try {
    return accepted(await budget.run(doing, () => call({ abortSignal: budget.signal })));
  } catch (error) {
    const coded = toCodedError(error, doing);
    if (coded.code !== 'E2001' || !isRefusal(error)) throw coded;
    return { ok: false, code: error.name, message: error.message };
  }
}

/** The same for a call of which no refusal is an answer. */
export async function valueOf<T>(
  { budget }: Session,
  doing: string,
  call: (options: SendOptions) => Promise<T>,
): Promise<T> {
  try {
    return await budget.run(doing, () => call({ abortSignal: budget.signal }));
  } catch (error) {
    throw toCodedError(error, doing);
  }
}

interface Refusal extends Error {
  readonly $fault: 'client';
}

/** Throttling says nothing of the request. */
const THROTTLED = /Throttl|RequestLimitExceeded|TooManyRequests|SlowDown/;

const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error && '$fault' in error && error.$fault === 'client' && !THROTTLED.test(error.name);
