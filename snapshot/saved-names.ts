import { followName, joinLeads, lookupFailed, type Lead } from '../core/follow-names.js';
import { groupBy } from '../core/group-by.js';
import { normalizeDomain } from '../core/model/domain-name.js';
import type { NameResolver } from '../core/ports.js';
import type { RecordSetItem, ResolutionItem } from '../wire/names.js';
import type { Collected } from './collected.js';

/** Follows names through saved Route 53 records and saved DNS answers; nothing is looked up. */
export function savedNames({ recordSets, resolutions }: Pick<Collected, 'recordSets' | 'resolutions'>): NameResolver {
  const records = groupBy(recordSets, ({ name }) => name);
  const answers = groupBy(resolutions, ({ name }) => name);
  let existing: ReadonlySet<string> | undefined;
  const wildcardFor = (name: string): readonly RecordSetItem[] => {
    existing ??= new Set([...records.keys()].flatMap(withAncestors));
    return wildcardOf(name, records, existing);
  };

  const lookUp = (name: string): Lead =>
    joinLeads([
      ...(records.get(name) ?? wildcardFor(name)).map(ofRecord),
      ...(answers.get(name) ?? []).map(ofResolution),
    ]);
  return {
    resolve: (given) => {
      const name = normalizeDomain(given);
      return followName(name, lookUp, whyUnanswered(answers.get(name) ?? []));
    },
  };
}

const ofRecord = ({ names, addresses }: RecordSetItem): Lead => ({ status: 'found', names, addresses, failures: [] });

const ofResolution = ({ name, status, cnames, addresses, why, failure }: ResolutionItem): Lead => ({
  status: status === 'unanswered' ? 'unknown' : status === 'no-such-name' ? 'no-such-name' : 'found',
  names: cnames,
  addresses,
  failures: status === 'failed' ? [failure ?? lookupFailed(name, why ?? '')] : [],
});

const whyUnanswered = (answers: readonly ResolutionItem[]): string =>
  answers.flatMap(({ status, why }) => (status === 'unanswered' ? (why ?? []) : [])).sort()[0] ??
  'no saved DNS answer or Route 53 record has its name';

const withAncestors = (name: string): readonly string[] => {
  const labels = name.split('.');
  return labels.map((_, cut) => labels.slice(cut).join('.'));
};

/**
 * A wildcard record answers for any name below it that has no record of its own; where several could, the closest
 * ancestor that exists decides, and one without a wildcard answers nothing (RFC 4592, section 2.2.1).
 */
function wildcardOf(
  name: string,
  records: ReadonlyMap<string, readonly RecordSetItem[]>,
  existing: ReadonlySet<string>,
): readonly RecordSetItem[] {
  const encloser = withAncestors(name).find((ancestor) => existing.has(ancestor));
  return encloser === undefined || encloser === name ? [] : (records.get(`*.${encloser}`) ?? []);
}
