import { clip } from '../core/annotation.js';
import { OriginGuardError } from '../core/errors.js';
import type { Judgement } from '../core/judgement.js';
import type { FindingPublisher, FindingStore, HubAnswer, Log, RefusedFinding } from '../core/reporting.js';
import type { RuleMeta } from '../core/rule.js';
import type { HeldFinding, SecurityFinding } from '../core/security-finding.js';
import { RULES } from '../rules/registry.js';
import { findingId, generatorId, productArn, toAsff, type HubPlace } from './asff.js';

/** What is remembered between the publishers of one process. */
export interface Said {
  /** Whether it was noted that Security Hub is off. */
  securityHubIsOff: boolean;
}

export interface PublisherOptions {
  readonly store: FindingStore;
  readonly own: HubPlace;
  /** The instant as ISO 8601. */
  readonly now: () => string;
  readonly log: Log;
  /** When false, nothing is asked and nothing is sent. */
  readonly enabled: boolean;
  /** @default - this publisher notes by itself, once, that Security Hub is off */
  readonly said?: Said;
  /** @default - every registered rule */
  readonly rules?: readonly { readonly meta: RuleMeta }[];
}

/**
 * How much one call takes: 100 findings of 240 KB. A whole batch may weigh 6 MB, but ours are held to what one finding may.
 * Source: https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 */
const BATCH_COUNT = 100;
const BATCH_BYTES = 240_000;
const ENVELOPE = '{"Findings":[]}'.length;

const WORDS_OF_AWS = 200;

/** Keeps the findings of one account and Region as the verdicts are. */
export function findingPublisher(options: PublisherOptions): FindingPublisher {
  return new Publisher(options);
}

class Publisher implements FindingPublisher {
  readonly #options: PublisherOptions;
  readonly #said: Said;
  #isOff: boolean;
  /** What Security Hub holds of a rule, by id, once all of it was read. */
  readonly #held = new Map<string, ReadonlyMap<string, HeldFinding>>();
  /** Why active findings could not be read: not told before the report to AWS Config was sent. */
  #postponed: { readonly error: unknown } | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#said = options.said ?? { securityHubIsOff: false };
    this.#isOff = !options.enabled;
  }

  readonly activeOn: FindingPublisher['activeOn'] = async (ruleId) => {
    if (this.#isOff) return [];
    const { resourceType } = this.#metaOf(ruleId);
    const prefix = findingId(ruleId, this.#options.own, '');
    try {
      const held = await this.#read(ruleId, 'every');
      this.#held.set(ruleId, held);
      return [...held.values()]
        .filter(({ recordState }) => recordState === 'ACTIVE')
        .map(({ id }) => ({ resourceType, resourceId: id.slice(prefix.length) }));
    } catch (error) {
      this.#postponed ??= { error };
      return [];
    }
  };

  readonly publish: FindingPublisher['publish'] = async (judgements) => {
    await this.#publish(judgements);
    const postponed = this.#postponed;
    this.#postponed = undefined;
    if (postponed !== undefined) throw postponed.error;
  };

  async #publish(judgements: readonly Judgement[]): Promise<void> {
    // What could not be judged keeps the finding it has.
    const told = judgements.filter(({ verdict }) => verdict.kind !== 'indeterminate');
    const findings: SecurityFinding[] = [];
    for (const ruleId of new Set(told.map((judgement) => judgement.ruleId))) {
      if (this.#isOff) return;
      findings.push(
        ...(await this.#render(
          ruleId,
          told.filter((judgement) => judgement.ruleId === ruleId),
        )),
      );
    }
    const refused: RefusedFinding[] = [];
    for (const batch of inBatches(findings)) {
      if (this.#isOff) break;
      refused.push(...(this.#take(await this.#options.store.importFindings(batch)) ?? []));
    }
    const [first] = refused;
    if (first === undefined) return;
    throw new OriginGuardError(
      'E2004',
      `Security Hub refused ${String(refused.length)} of ${String(findings.length)} findings; ` +
        `the first is ${first.id}: ${clip(WORDS_OF_AWS, first.why)}`,
    );
  }

  /** The findings that must be sent for these judgements of one rule. */
  async #render(ruleId: string, judgements: readonly Judgement[]): Promise<readonly SecurityFinding[]> {
    const { own, now } = this.#options;
    const meta = this.#metaOf(ruleId);
    const idOf = ({ resourceId }: Judgement): string => findingId(ruleId, own, resourceId);
    const known = this.#held.get(ruleId) ?? (await this.#read(ruleId, judgements.map(idOf)));
    const at = now();
    return judgements.flatMap((judgement) => {
      const held = known.get(idOf(judgement)) ?? null;
      if (judgement.verdict.kind === 'not-applicable' && held?.recordState !== 'ACTIVE') return [];
      return [toAsff(judgement, { meta, at: own, distributionAccountId: own.accountId, now: at, held })];
    });
  }

  async #read(ruleId: string, ids: readonly string[] | 'every'): Promise<ReadonlyMap<string, HeldFinding>> {
    const { store, own } = this.#options;
    const answer = await store.findings({ productArn: productArn(own), generatorId: generatorId(ruleId), ids });
    const prefix = findingId(ruleId, own, '');
    const held = (this.#take(answer) ?? []).filter(({ id }) => id.startsWith(prefix));
    return new Map(held.map((finding) => [finding.id, finding]));
  }

  /** What was answered, or `null` where Security Hub is off: then nothing more is asked. */
  #take<T>(answer: HubAnswer<T>): T | null {
    if (answer.isOn) return answer.value;
    this.#isOff = true;
    if (!this.#said.securityHubIsOff) {
      this.#said.securityHubIsOff = true;
      this.#options.log.info('Security Hub takes no findings here, so none are published', {
        why: clip(WORDS_OF_AWS, answer.why),
      });
    }
    return null;
  }

  #metaOf(ruleId: string): RuleMeta {
    const found = (this.#options.rules ?? RULES).find(({ meta }) => meta.id === ruleId);
    if (found === undefined)
      throw new OriginGuardError('E9001', `a judgement is of rule ${ruleId}, which is not registered`);
    return found.meta;
  }
}

/** The findings in the fewest calls that their number and their weight allow, in order. */
function inBatches(findings: readonly SecurityFinding[]): readonly (readonly SecurityFinding[])[] {
  const encoder = new TextEncoder();
  const batches: SecurityFinding[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const finding of findings) {
    const weight = encoder.encode(JSON.stringify(finding)).length + ','.length;
    const last = batches.at(-1);
    if (last === undefined || last.length === BATCH_COUNT || bytes + weight > BATCH_BYTES) {
      batches.push([finding]);
      bytes = ENVELOPE + weight;
    } else {
      last.push(finding);
      bytes += weight;
    }
  }
  return batches;
}
