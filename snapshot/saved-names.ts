import { groupBy } from '../core/group-by.js';
import { isElbName, normalizeDomain } from '../core/model/domain-name.js';
import type { NameAnswer, NameResolver } from '../core/ports.js';
import type { Collected } from './collected.js';

/** Follows names through saved Route 53 records and saved DNS answers; nothing is looked up. */
export function savedNames({ recordSets, resolutions }: Pick<Collected, 'recordSets' | 'resolutions'>): NameResolver {
  const records = groupBy(recordSets, ({ name }) => name);
  const answers = groupBy(resolutions, ({ name }) => name);

  const follow = (start: string): NameAnswer => {
    const names: string[] = [];
    const addresses = new Set<string>();
    const failures = new Set<string>();
    let answered = false;
    const seen = new Set([start]);
    const queue = [start];
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (name !== start) names.push(name);
      if (isElbName(name)) continue;
      const leads = [...(records.get(name) ?? wildcardOf(name, records)), ...(answers.get(name) ?? []).map(toRecord)];
      answered ||= leads.length > 0;
      for (const failed of (answers.get(name) ?? []).filter(({ status }) => status === 'failed')) {
        failures.add(`the lookup of ${name} failed${(failed.why ?? '') === '' ? '' : ` (${failed.why})`}`);
      }
      for (const address of leads.flatMap((lead) => lead.addresses)) addresses.add(address);
      for (const next of leads.flatMap((lead) => lead.names).filter((other) => !seen.has(other))) {
        seen.add(next);
        queue.push(next);
      }
    }
    if (!answered) return { kind: 'unanswered', why: 'no saved DNS answer or Route 53 record has its name' };
    const gone = names.length === 0 && addresses.size === 0 && failures.size === 0;
    if (gone && answers.get(start)?.some(({ status }) => status === 'no-such-name') === true)
      return { kind: 'no-such-name' };
    return {
      kind: 'answered',
      names: names.sort(),
      addresses: [...addresses].sort(),
      failure: [...failures].sort()[0] ?? null,
    };
  };
  return { resolve: (name) => Promise.resolve(follow(normalizeDomain(name))) };
}

interface Lead {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

const toRecord = ({
  cnames,
  addresses,
}: {
  readonly cnames: readonly string[];
  readonly addresses: readonly string[];
}): Lead => ({
  names: cnames,
  addresses,
});

/** A wildcard record answers for any name below it that has no record of its own (RFC 4592, the closest one). */
function wildcardOf(name: string, records: ReadonlyMap<string, readonly Lead[]>): readonly Lead[] {
  const labels = name.split('.');
  for (let cut = 1; cut < labels.length; cut += 1) {
    const found = records.get(`*.${labels.slice(cut).join('.')}`);
    if (found !== undefined) return found;
  }
  return [];
}
