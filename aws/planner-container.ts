import { OriginGuardError } from '../core/errors.js';
import type { Gap } from '../core/fact.js';
import { scopeOfArn, type AccountId, type Region } from '../core/ids.js';
import type { PlanningPorts } from '../core/planning.js';
import { startBudget } from './budget.js';
import { makeClients, type Clients } from './clients.js';
import { InventorySource, type InventoryAccess, type InventoryMode } from './inventory-source.js';
import type { InvocationContext } from './lambda-container.js';
import { planningPorts } from './live-planning.js';
import { livePorts } from './live-ports.js';
import { CallCounter } from './middleware/count-calls.js';
import { makePlanningClients, type PlanningClients, type PlanningSession } from './planning-session.js';
import { dnsResolver } from './read/dns.js';

export interface PlannerContainerSettings {
  /** Why this runtime's clients cannot be relied on for verdicts, or `null`. */
  readonly versionGap: Gap | null;
  /** Why they cannot be relied on for plans, or `null`. */
  readonly planningGap: Gap | null;
  readonly inventory: InventoryAccess;
}

/** Everything one question to the planner may use; all of it reads. */
export interface PlannerInvocation {
  readonly own: { readonly accountId: AccountId; readonly region: Region };
  /**
   * Ports that remember nothing: each look at AWS is a new one. Raises `E1011` for `ORG` where nothing says where the
   * inventory is.
   */
  readonly freshPorts: (inventoryMode: InventoryMode) => PlanningPorts;
  readonly calls: CallCounter;
  readonly end: () => void;
}

/** What is left to the runtime when reading may take no longer, in milliseconds. */
const MARGIN_MS = 1_000;

/** Keeps the clients of the planner between invocations, and nothing else: a plan never rests on an earlier look. */
export class PlannerContainer {
  readonly #settings: PlannerContainerSettings;
  readonly #calls = new CallCounter();
  readonly #source: InventorySource;
  #home: { readonly region: Region; readonly clients: Clients; readonly planning: PlanningClients } | undefined;

  constructor(settings: PlannerContainerSettings) {
    this.#settings = settings;
    this.#source = new InventorySource(settings.inventory, this.#calls);
  }

  /** Starts one invocation. Raises `E1013` when the context does not say which function runs. */
  open({ invokedFunctionArn, getRemainingTimeInMillis }: InvocationContext): PlannerInvocation {
    const { accountId, region } = scopeOfArn(invokedFunctionArn);
    if (accountId === null || region === null) {
      throw new OriginGuardError(
        'E1013',
        `context.invokedFunctionArn is "${invokedFunctionArn}"; allowed: the ARN of a Lambda function`,
      );
    }
    const budget = startBudget(getRemainingTimeInMillis() - MARGIN_MS);
    const { clients, planning } = this.#clientsAt(region);
    const session: PlanningSession = { accountId, region, clients, planning, budget };
    const names = dnsResolver({ timeoutMs: 2_000, tries: 2, signal: budget.signal });
    this.#calls.reset();
    return {
      own: { accountId, region },
      freshPorts: (inventoryMode) => {
        const { versionGap, planningGap } = this.#settings;
        const { ports, egressSeen } = livePorts({
          sessions: [session],
          names,
          versionGap,
          entrances: 'skip',
          ...this.#source.portOption(inventoryMode, () => this.#source.read(session)),
        });
        return planningPorts({ sessions: [session], ports, egressSeen, versionGap: planningGap });
      },
      calls: this.#calls,
      end: () => {
        budget.end();
      },
    };
  }

  #clientsAt(region: Region): { readonly clients: Clients; readonly planning: PlanningClients } {
    const options = { region, counter: this.#calls };
    this.#home =
      this.#home?.region === region
        ? this.#home
        : { region, clients: makeClients(options), planning: makePlanningClients(options) };
    return this.#home;
  }
}
