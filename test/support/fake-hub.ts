import type { FindingStore } from '../../core/reporting.js';
import type { SecurityFinding } from '../../core/security-finding.js';

/** Security Hub as it is documented, for one account and Region. */
export interface FakeHub extends FindingStore {
  /** What it holds, by id. */
  readonly held: Map<string, SecurityFinding>;
  /** Every call that was made, in order. */
  readonly calls: ('findings' | readonly SecurityFinding[])[];
  /** Why it takes nothing; `null` while it is on. */
  off: string | null;
  /** Findings that it refuses, by id. */
  readonly refuses: Map<string, string>;
  /** What the next calls raise. */
  readonly fails: (Error | null)[];
}

/**
 * Takes findings, ignores those that are not newer, and finds them again.
 *
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 */
export function fakeHub(): FakeHub {
  const answer = <T>(make: () => T) => {
    const failure = hub.fails.shift();
    if (failure !== undefined && failure !== null) return Promise.reject(failure);
    return Promise.resolve(
      hub.off === null ? ({ isOn: true, value: make() } as const) : ({ isOn: false, why: hub.off } as const),
    );
  };
  const hub: FakeHub = {
    held: new Map(),
    calls: [],
    off: null,
    refuses: new Map(),
    fails: [],
    findings: ({ productArn, generatorId, ids }) => {
      hub.calls.push('findings');
      return answer(() =>
        [...hub.held.values()]
          .filter(
            (finding) =>
              finding.ProductArn === productArn &&
              finding.GeneratorId === generatorId &&
              (ids === 'every' || ids.includes(finding.Id)),
          )
          .map(({ Id, CreatedAt, UpdatedAt, RecordState }) => ({
            id: Id,
            createdAt: CreatedAt,
            updatedAt: UpdatedAt,
            recordState: RecordState,
          })),
      );
    },
    importFindings: (findings) => {
      hub.calls.push(findings);
      return answer(() => {
        for (const finding of findings) {
          const last = hub.held.get(finding.Id);
          const isNewer = last === undefined || Date.parse(last.UpdatedAt) < Date.parse(finding.UpdatedAt);
          if (isNewer && !hub.refuses.has(finding.Id)) hub.held.set(finding.Id, finding);
        }
        return findings.flatMap(({ Id }) => {
          const why = hub.refuses.get(Id);
          return why === undefined ? [] : [{ id: Id, why }];
        });
      });
    },
  };
  return hub;
}
