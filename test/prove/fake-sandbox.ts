import { known } from '../../core/fact.js';
import { AccountId, Region } from '../../core/ids.js';
import {
  accepted,
  type Reply,
  type RuleStatus,
  type RunState,
  type RunStep,
  type Sandbox,
  type SeenRule,
  type StackOrder,
  type StackState,
  type Survey,
} from '../../core/proving.js';
import type { World } from '../../prove/world.js';
import type { Json, Template } from '../../prove/template.js';

export const RUN_ID = '20261129-163300-4f2a';
export const ACCOUNT = '111122223333';

/** An empty account in which everything is on. */
export const EMPTY: Survey = {
  loadBalancers: known([]),
  balancerInterfaces: known([]),
  otherRegions: known([]),
  distributions: known([]),
  administers: known(false),
  recorder: known('recording'),
  securityHub: known('on'),
  prefixLists: known({ ipv4: 'pl-3b927c52', ipv6: 'pl-0ab' }),
};

export const refusal = (code: string, message = 'no'): Reply<never> => ({ ok: false, code, message });

export const stepThat = (name: string, more: Partial<RunStep> = {}): RunStep => ({
  name,
  status: 'Success',
  failure: null,
  outputs: {},
  ...more,
});

export const failed = (name: string, failure: string): RunStep => stepThat(name, { status: 'Failed', failure });

export const ended = (steps: readonly RunStep[], more: Partial<RunState> = {}): RunState => ({
  status: 'Success',
  failure: null,
  steps,
  ...more,
});

export const ruleAt = (source: string, more: Partial<SeenRule> = {}): SeenRule => ({
  id: 'sgr-0a',
  protocol: 'tcp',
  fromPort: 443,
  toPort: 443,
  source,
  description: '',
  ...more,
});

interface FakeStack extends StackState {
  readonly template: Template;
}

/** The end of a process at some call. */
export class Crash extends Error {}

/** An account that does what a test says, and otherwise what would be the best answer to each question. */
export class FakeSandbox implements Sandbox {
  readonly accountId = AccountId.parse(ACCOUNT);
  readonly region = Region.parse('eu-west-1');
  readonly partition = 'aws';
  readonly stacks = new Map<string, FakeStack>();
  readonly calls: string[] = [];
  /** The number of the call before which, or after which, the process ends. */
  crash: { readonly at: number; readonly when: 'before' | 'after' } | null = null;
  readonly does: Partial<Omit<Sandbox, 'accountId' | 'region' | 'partition'>>;

  constructor(does: FakeSandbox['does'] = {}) {
    this.does = does;
  }

  async #call<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    const at = this.calls.length;
    if (this.crash?.at === at && this.crash.when === 'before') throw new Crash(name);
    this.calls.push(name);
    const value = await work();
    if (this.crash?.at === at) throw new Crash(name);
    return value;
  }

  survey(): Promise<Survey> {
    return this.#call('survey', () => this.does.survey?.() ?? EMPTY);
  }

  createStack(order: StackOrder): Promise<Reply<null>> {
    return this.#call(`create ${order.name}`, async () => {
      const reply = (await this.does.createStack?.(order)) ?? accepted(null);
      const template = JSON.parse(order.template) as Template;
      if (reply.ok)
        this.stacks.set(order.name, {
          status: 'CREATE_COMPLETE',
          run: order.run,
          outputs: outputsOf(template),
          template,
        });
      return reply;
    });
  }

  stack(name: string): Promise<StackState | null> {
    return this.#call(`look ${name}`, async () => (await this.does.stack?.(name)) ?? this.stacks.get(name) ?? null);
  }

  firstFailure(name: string): Promise<string | null> {
    return this.#call(`why ${name}`, () => this.does.firstFailure?.(name) ?? null);
  }

  deleteStack(name: string): Promise<Reply<null>> {
    return this.#call(`delete ${name}`, async () => {
      const reply = (await this.does.deleteStack?.(name)) ?? accepted(null);
      if (reply.ok) this.stacks.delete(name);
      return reply;
    });
  }

  startRun(document: string, parameters: Readonly<Record<string, readonly string[]>>): Promise<Reply<string>> {
    return this.#call(`start ${document}`, () => this.does.startRun?.(document, parameters) ?? accepted('run-1'));
  }

  run(id: string): Promise<RunState> {
    return this.#call(`run ${id}`, () => this.does.run?.(id) ?? ended([stepThat('Done')]));
  }

  runsOf(document: string): Promise<readonly string[]> {
    return this.#call(`runs of ${document}`, () => this.does.runsOf?.(document) ?? ['Success', 'Success']);
  }

  rulesOf(group: string): Promise<readonly SeenRule[]> {
    return this.#call(`rules of ${group}`, () => this.does.rulesOf?.(group) ?? []);
  }

  admit(group: string, blocks: readonly string[]): Promise<Reply<null>> {
    return this.#call(`admit ${group}`, () => this.does.admit?.(group, blocks) ?? accepted(null));
  }

  rulesOfPack(pack: string): Promise<readonly string[]> {
    return this.#call(`rules of ${pack}`, () => this.does.rulesOfPack?.(pack) ?? [`rule-of-${pack}`]);
  }

  ruleStatus(rule: string): Promise<RuleStatus> {
    return this.#call(
      `status of ${rule}`,
      () =>
        this.does.ruleStatus?.(rule) ?? {
          invokedAt: '2026-11-29T16:00:00.000Z',
          evaluatedAt: '2026-11-29T16:00:01.000Z',
        },
    );
  }

  evaluate(rule: string): Promise<Reply<null>> {
    return this.#call(`evaluate ${rule}`, () => this.does.evaluate?.(rule) ?? accepted(null));
  }

  exceptionsOf(rule: string, group: string): Promise<readonly string[]> {
    return this.#call(`exceptions of ${rule}`, () => this.does.exceptionsOf?.(rule, group) ?? ['put by AWS Config']);
  }

  findingTitles(resourceArn: string): Promise<readonly string[]> {
    return this.#call(`findings of ${resourceArn}`, () => this.does.findingTitles?.(resourceArn) ?? []);
  }
}

function outputsOf({ Outputs }: Template): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(Outputs).map(([name, { Value }]) => [name, textOf(Value)]));
}

/** `Ref` of a thing is its name here, and every attribute too. */
function textOf(value: Json): string {
  if (typeof value === 'string') return value;
  const names = Object.values(value as Readonly<Record<string, string | readonly string[]>>).flat();
  return names[0] ?? '';
}

/** A clock that only moves while somebody waits. */
export function fakeWorld(): World & { readonly said: string[]; readonly waited: () => number } {
  let at = 0;
  const said: string[] = [];
  return {
    now: () => at,
    sleep: async (milliseconds) => {
      at += milliseconds;
    },
    say: (line) => said.push(line),
    said,
    waited: () => at,
  };
}
