import { OriginGuardError, type ErrorCode } from '../../../core/errors.js';
import { known, missing, type Fact } from '../../../core/fact.js';
import type { Judgement } from '../../../core/judgement.js';
import type { Evaluation, ItemParts, Log, Reported } from '../../../core/reporting.js';
import type { Home } from '../../../rules/config/event.js';
import { answerConfigRule, type Counts } from '../../../rules/config/handler.js';
import { ACCOUNT, gap, NOW, REGION } from '../../support/builders.js';
import { fakePorts, type World } from '../../support/fake-ports.js';
import { sealed, type OpenEvent } from './events.js';

export interface RigOptions {
  /** @default - the account and Region of the builders */
  readonly own?: Home;
  readonly world?: Partial<World>;
  readonly results?: readonly Reported[] | 'denied' | OriginGuardError;
  readonly active?: readonly Reported[];
  readonly item?: ItemParts | 'denied';
  /** Ids whose result AWS Config refuses. */
  readonly refused?: readonly string[];
  /** The world as it was kept from an earlier event; nothing is kept when it is not given. */
  readonly kept?: Partial<World>;
  readonly publishFails?: Error;
  readonly readFails?: Error;
}

/** What one event did. */
export interface Answer {
  readonly error: OriginGuardError | null;
  readonly code: ErrorCode | null;
  /** Every evaluation sent, in order. */
  readonly sent: readonly Evaluation[];
  /** `id WORD` of every evaluation sent, in order of the ids. */
  readonly told: readonly string[];
  /** `id kind` of every judgement published, in order of the ids. */
  readonly published: readonly string[];
  readonly tokens: readonly string[];
  /** What the ports were asked. */
  readonly reads: readonly string[];
  /** Whether distributions of other accounts were asked for, in order. */
  readonly modes: readonly ('LOCAL' | 'ORG')[];
  /** Everything that was called, in order. */
  readonly effects: readonly string[];
  readonly tallies: readonly (readonly [string, Counts])[];
  readonly lines: readonly { readonly level: string; readonly message: string; readonly [field: string]: unknown }[];
}

/** Answers one event over a world of fakes; an error is part of the answer. */
export async function answer(event: OpenEvent | { readonly raw: unknown }, options: RigOptions = {}): Promise<Answer> {
  const fresh = fakePorts(options.world);
  const kept = options.kept === undefined ? fresh : fakePorts(options.kept);
  const effects: string[] = [];
  const modes: ('LOCAL' | 'ORG')[] = [];
  const sent: Evaluation[] = [];
  const tokens: string[] = [];
  const published: Judgement[] = [];
  const lines: { level: string; message: string }[] = [];
  const tallies: (readonly [string, Counts])[] = [];
  const { results = [], active = [], item = {}, refused = [] } = options;
  const at =
    (level: string): Log['info'] =>
    (message, fields = {}) => {
      lines.push({ level, message, ...fields });
    };
  const fails = async (failure: Error | undefined): Promise<void> => {
    if (failure !== undefined) throw failure;
  };
  let error: unknown = null;
  try {
    await answerConfigRule('raw' in event ? event.raw : sealed(event), {
      own: options.own ?? { accountId: ACCOUNT, region: REGION },
      portsFor: (freshness, inventoryMode) => {
        effects.push(`ports ${freshness}`);
        modes.push(inventoryMode);
        const ports = freshness === 'fresh' ? fresh : kept;
        return {
          ...ports,
          loadBalancers: async () => {
            await fails(options.readFails);
            return ports.loadBalancers();
          },
        };
      },
      usedKept: () => options.kept !== undefined,
      now: () => NOW,
      reporter: {
        reportEvaluations: async (evaluations, token) => {
          effects.push(`report ${String(evaluations.length)}`);
          tokens.push(token);
          sent.push(...evaluations);
          return evaluations.filter(({ resourceId }) => refused.includes(resourceId));
        },
      },
      results: {
        resultsOf: async (name): Promise<Fact<readonly Reported[]>> => {
          effects.push(`results ${name}`);
          if (results instanceof OriginGuardError) throw results;
          return results === 'denied' ? missing(gap('results')) : known(results);
        },
      },
      items: {
        configurationItem: async ({ resourceType, resourceId, capturedAt }) => {
          effects.push(`item ${resourceType} ${resourceId} ${capturedAt}`);
          return item === 'denied' ? missing(gap('item')) : known(item);
        },
      },
      findings: {
        activeOn: async (ruleId) => {
          effects.push(`active ${ruleId}`);
          return active;
        },
        publish: async (judgements) => {
          effects.push(`publish ${String(judgements.length)}`);
          await fails(options.publishFails);
          published.push(...judgements);
        },
      },
      log: { info: at('info'), warn: at('warn'), error: at('error') },
      tally: (ruleId, counts) => {
        tallies.push([ruleId, counts]);
      },
    });
  } catch (raised) {
    error = raised;
  }
  if (error !== null && !(error instanceof OriginGuardError)) throw error as Error;
  return {
    error,
    code: error?.code ?? null,
    sent,
    told: sent.map(({ resourceId, compliance }) => `${resourceId} ${compliance}`).sort(),
    published: published.map(({ resourceId, verdict }) => `${resourceId} ${verdict.kind}`).sort(),
    tokens,
    reads: fresh.calls,
    modes,
    effects,
    tallies,
    lines,
  };
}
