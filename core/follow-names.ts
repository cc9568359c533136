import { isElbName, isS3Name } from './model/domain-name.js';
import type { NameAnswer } from './ports.js';

/** What one look at a name gave: where it leads on to, and what could not be seen of it. */
export interface Lead {
  /** `unknown` when nobody who was asked has the name, which does not prove that it is gone. */
  readonly status: 'found' | 'no-such-name' | 'unknown';
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  /** The lookups that failed, in words; what was found beside them counts. */
  readonly failures: readonly string[];
}

/** One look at a name; the name is normalized already, and so must be the names that it gives. */
export type LookUp = (name: string) => Promise<Lead> | Lead;

/** Nobody who was asked has the name. */
export const UNKNOWN = { status: 'unknown', names: [], addresses: [], failures: [] } as const satisfies Lead;

/** A failed lookup in words. */
export const lookupFailed = (name: string, why: string): string =>
  `the lookup of ${name} failed${why === '' ? '' : ` (${why})`}`;

/** What several looks at one name gave together. */
export const joinLeads = (leads: readonly Lead[]): Lead => ({
  status:
    (['no-such-name', 'found'] as const).find((status) => leads.some((lead) => lead.status === status)) ?? 'unknown',
  names: leads.flatMap(({ names }) => names),
  addresses: leads.flatMap(({ addresses }) => addresses),
  failures: leads.flatMap(({ failures }) => failures),
});

/** More steps than any resolver takes from one name to the next; whoever owns a name could make its chain endless. */
const MAX_STEPS = 50;

/**
 * Follows a name from one name to the next, along every branch, to all the names and addresses it leads to.
 *
 * Names of Elastic Load Balancing and Amazon S3 end a branch: they are matched as names and never looked up.
 * `unanswered` says why, when nobody has any of the names.
 */
export async function followName(start: string, lookUp: LookUp, unanswered: string): Promise<NameAnswer> {
  const seen = new Set([start]);
  const leads: Lead[] = [];
  let startIsGone = false;
  for (let ahead = [start], step = 0; ahead.length > 0; step += 1) {
    if (step > MAX_STEPS) {
      leads.push({ ...UNKNOWN, failures: [lookupFailed(start, `no end after ${String(MAX_STEPS)} names`)] });
      break;
    }
    const looks = await Promise.all(ahead.filter((name) => !endsBranch(name)).map(async (name) => lookUp(name)));
    if (step === 0) startIsGone = looks.some(({ status }) => status === 'no-such-name');
    leads.push(...looks);
    ahead = [...new Set(looks.flatMap(({ names }) => names))].filter((name) => !seen.has(name));
    for (const name of ahead) seen.add(name);
  }
  if (leads.every(({ status }) => status === 'unknown')) return { kind: 'unanswered', why: unanswered };

  const { addresses, failures } = joinLeads(leads);
  const names = [...seen].filter((name) => name !== start);
  if (startIsGone && names.length === 0 && addresses.length === 0 && failures.length === 0)
    return { kind: 'no-such-name' };
  return {
    kind: 'answered',
    names: names.sort(),
    addresses: [...new Set(addresses)].sort(),
    failure: [...failures].sort()[0] ?? null,
  };
}

const endsBranch = (name: string): boolean => isElbName(name) || isS3Name(name);
