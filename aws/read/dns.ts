import { Resolver } from 'node:dns/promises';
import pLimit from 'p-limit';
import { OriginGuardError } from '../../core/errors.js';
import { followName, lookupFailed, type Lead, type LookUp } from '../../core/follow-names.js';
import { normalizeDomain } from '../../core/model/domain-name.js';
import type { NameResolver } from '../../core/ports.js';

export interface DnsOptions {
  /**
   * Addresses of name servers, each with `:port` if it is not 53.
   *
   * @default - those of the operating system
   */
  readonly servers?: readonly string[];
  /** How long the first attempt at a server may take, in milliseconds; each further one may take twice as long. */
  readonly timeoutMs: number;
  /** How often each server is asked. */
  readonly tries: number;
  /** Ends every lookup with `E2005`. */
  readonly signal?: AbortSignal;
}

/** DNS, as a resolver of whole chains and of single steps. */
export interface DnsResolver extends NameResolver {
  readonly lookUp: LookUp;
}

/** Names that are looked up beside each other. */
const CONCURRENCY = 8;

/**
 * Makes a resolver that asks DNS; it keeps every answer, failures too, as long as it lives.
 *
 * Of each name on the way its CNAME, A and AAAA records are asked, beside each other. A name that has a CNAME leads
 * there and nowhere else. A name of which any question fails has a failure, whatever the other questions found, and no
 * question takes longer than `timeoutMs * 2 ** tries`. Raises `E2005` once the signal is given.
 */
export function dnsResolver(options: DnsOptions): DnsResolver {
  const { servers, timeoutMs, tries, signal } = options;
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (servers !== undefined) resolver.setServers(servers);
  signal?.addEventListener(
    'abort',
    () => {
      resolver.cancel();
    },
    { once: true },
  );
  const isOver = (): boolean => signal?.aborted === true;
  const limit = pLimit(CONCURRENCY);
  const held = new Map<string, Promise<Lead>>();

  const ask = async (name: string, question: (name: string) => Promise<readonly string[]>): Promise<Reply> => {
    if (isOver()) throw timeRanOut(name);
    try {
      const found = await withinTime(question(name), timeoutMs * 2 ** tries);
      return { kind: 'records', values: found };
    } catch (error) {
      if (isOver()) throw timeRanOut(name);
      const code = codeOf(error);
      if (code === null) throw error;
      return toReply(name, code);
    }
  };
  const lookUpNow = async (name: string): Promise<Lead> => {
    const [cname, a, aaaa] = await Promise.all([
      ask(name, (asked) => resolver.resolveCname(asked)),
      ask(name, (asked) => resolver.resolve4(asked)),
      ask(name, (asked) => resolver.resolve6(asked)),
    ]);
    return toLead(name, cname, [a, aaaa]);
  };
  const lookUp = (name: string): Promise<Lead> => {
    const looking = held.get(name) ?? limit(() => lookUpNow(name));
    held.set(name, looking);
    return looking;
  };
  return {
    lookUp,
    resolve: (name) => followName(normalizeDomain(name), lookUp, 'its name is never looked up'),
  };
}

type Reply =
  | { readonly kind: 'records'; readonly values: readonly string[] }
  | { readonly kind: 'no-such-name' }
  | { readonly kind: 'failed'; readonly failure: string };

/** A server that knows the name and has no such record answers with an empty list too. */
function toReply(name: string, code: string): Reply {
  switch (code) {
    case 'ENODATA':
      return { kind: 'records', values: [] };
    // A name that breaks the rules of DNS, such as one with an empty label, exists nowhere.
    case 'EBADNAME':
    case 'ENOTFOUND':
      return { kind: 'no-such-name' };
    default:
      return { kind: 'failed', failure: lookupFailed(name, code) };
  }
}

/**
 * What the answers to the three questions say together.
 *
 * The addresses beside a CNAME are those of the end of the chain, where the server followed it: they are asked for
 * there, so that nothing is said of a name of Elastic Load Balancing, which ends a chain. Node gives the name itself
 * where a server answers the question for a CNAME with other records.
 */
function toLead(name: string, cname: Reply, families: readonly Reply[]): Lead {
  const targets = valuesOf(cname)
    .map(normalizeDomain)
    .filter((target) => target !== name);
  if (targets.length > 0) return { status: 'found', names: targets, addresses: [], failures: [] };
  const replies = [cname, ...families];
  return {
    status: replies.every(({ kind }) => kind === 'no-such-name') ? 'no-such-name' : 'found',
    names: [],
    addresses: families.flatMap(valuesOf),
    failures: replies.flatMap((reply) => (reply.kind === 'failed' ? [reply.failure] : [])),
  };
}

const valuesOf = (reply: Reply): readonly string[] => (reply.kind === 'records' ? reply.values : []);

const codeOf = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;

const timeRanOut = (name: string): OriginGuardError =>
  new OriginGuardError('E2005', `the time ran out while looking up ${name}`);

/** Node's own time-outs grow with every attempt and server, and not alike in all versions (nodejs/node#65340). */
async function withinTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEOUT' }));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
