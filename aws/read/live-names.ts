import { followName, joinLeads, type Lead } from '../../core/follow-names.js';
import type { Gap } from '../../core/fact.js';
import { groupBy } from '../../core/group-by.js';
import { isElbName, normalizeDomain } from '../../core/model/domain-name.js';
import type { NameResolver } from '../../core/ports.js';
import { CallCounter } from '../middleware/count-calls.js';
import type { Session } from '../session.js';
import type { DnsResolver } from './dns.js';
import { makeRoute53Client, recordsLookUp } from './route53.js';

export interface LiveNamesOptions {
  readonly dns: DnsResolver;
  /** Route 53 is asked once for each account. */
  readonly sessions: readonly Session[];
  /** Told of hosted zones that may not be read; DNS still answers for their names. */
  readonly onDenied: (gap: Gap) => void;
  /** @default - the calls to Route 53 are not counted */
  readonly counter?: CallCounter;
}

/**
 * Makes a resolver that asks Route 53 and DNS for every name on the way and follows what either says.
 *
 * Route 53 shows the load balancer behind an alias, which DNS hides behind a few of its addresses. It does not replace
 * DNS: a hosted zone that nobody delegates to, or one of two with the same name, is not what CloudFront asks. A failure
 * of DNS leaves no gap where a zone names a load balancer.
 */
export function liveNames({ dns, sessions, onDenied, counter = new CallCounter() }: LiveNamesOptions): NameResolver {
  const accounts = [...groupBy(sessions, ({ accountId }) => accountId).values()].flatMap((own) => own.slice(0, 1));
  const records = accounts.map((session) => {
    const { region, clients } = session;
    const client = makeRoute53Client({ region, credentials: clients.ec2.config.credentials, counter });
    return recordsLookUp(session, client, onDenied);
  });
  const lookUp = async (name: string): Promise<Lead> => {
    const [answer, ...zones] = await Promise.all([dns.lookUp(name), ...records.map((inZones) => inZones(name))]);
    const zone = joinLeads(zones);
    // Only a load balancer that a zone names outweighs DNS: an address may be one that nobody delegates to any more.
    return joinLeads([zone, zone.names.some(isElbName) ? { ...answer, failures: [] } : answer]);
  };
  return { resolve: (name) => followName(normalizeDomain(name), lookUp, 'its name is never looked up') };
}
