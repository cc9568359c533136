import { OriginGuardError } from '../core/errors.js';
import type { Fact, Gap } from '../core/fact.js';
import { scopeOfArn, type AccountId, type Region } from '../core/ids.js';
import type { Inventory } from '../core/inventory.js';
import type { Distribution } from '../core/model/distribution.js';
import type { PrefixList } from '../core/model/prefix-list.js';
import type { NameResolver, Ports } from '../core/ports.js';
import { startBudget, type Budget } from './budget.js';
import { makeClients, type Clients } from './clients.js';
import { InventorySource, type InventoryAccess, type InventoryMode } from './inventory-source.js';
import { livePorts } from './live-ports.js';
import { CallCounter } from './middleware/count-calls.js';
import { dnsResolver } from './read/dns.js';
import { readDistributions } from './read/distributions.js';
import { readPrefixLists } from './read/prefix-lists.js';
import { remember, type Remembered } from './remember.js';
import type { Session } from './session.js';

/** What the Lambda runtime tells a function about one invocation, as far as we use it. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly invokedFunctionArn: string;
  readonly getRemainingTimeInMillis: () => number;
}

export interface ContainerSettings {
  /** How long the distributions and prefix lists may be kept between invocations, in milliseconds. */
  readonly cacheMs: number;
  /** Why this runtime's clients cannot be relied on, or `null`. */
  readonly versionGap: Gap | null;
  readonly inventory: InventoryAccess;
}

/** Everything one invocation may use. */
export interface Invocation {
  readonly own: { readonly accountId: AccountId; readonly region: Region };
  readonly partition: string;
  /** For reading: it ends early enough to report what was read. */
  readonly session: Session;
  /** For reporting: it ends shortly before the invocation does. */
  readonly reporting: Session;
  /**
   * `fresh` reads the distributions, prefix lists and the inventory again, whatever is kept from before. Raises `E1011`
   * for `ORG` where nothing says where the inventory is.
   */
  readonly portsFor: (freshness: 'fresh' | 'cached-ok', inventoryMode: InventoryMode) => Ports;
  /** Whether something kept from an earlier invocation was read in this one. */
  readonly usedKept: () => boolean;
  readonly calls: CallCounter;
  readonly end: () => void;
}

/** What is left to the report when reading may take no longer, and what to the runtime, in milliseconds. */
const REPORT_MS = 3_000;
const MARGIN_MS = 500;

/** Keeps what outlives an invocation: clients, and what changes rarely. Nothing is read before it is asked for. */
export class LambdaContainer {
  readonly #settings: ContainerSettings;
  readonly #calls = new CallCounter();
  #home: { readonly region: Region; readonly clients: Clients } | undefined;
  #session: Session | undefined;
  #usedKept = false;
  readonly #source: InventorySource;
  readonly #distributions;
  readonly #prefixLists;
  readonly #inventory;

  constructor(settings: ContainerSettings) {
    this.#settings = settings;
    const forMs = settings.cacheMs;
    const isWorthKeeping = (fact: Fact<unknown>): boolean => fact.known;
    const now = (): number => Date.now();
    this.#distributions = remember<Fact<readonly Distribution[]>>({ forMs, now, isWorthKeeping }, () =>
      readDistributions(this.#current()),
    );
    this.#prefixLists = remember<Fact<readonly PrefixList[]>>({ forMs, now, isWorthKeeping }, () =>
      readPrefixLists(this.#current()),
    );
    this.#source = new InventorySource(settings.inventory, this.#calls);
    this.#inventory = remember<Fact<Inventory>>({ forMs, now, isWorthKeeping }, () =>
      this.#source.read(this.#current()),
    );
  }

  /** Starts one invocation. Raises `E1001` when the context does not say which function runs. */
  open({ invokedFunctionArn, getRemainingTimeInMillis }: InvocationContext): Invocation {
    const { accountId, region } = scopeOfArn(invokedFunctionArn);
    if (accountId === null || region === null) {
      throw new OriginGuardError(
        'E1001',
        `context.invokedFunctionArn is "${invokedFunctionArn}"; allowed: the ARN of a Lambda function`,
      );
    }
    const remaining = getRemainingTimeInMillis() - MARGIN_MS;
    const reading = startBudget(remaining - Math.min(REPORT_MS, remaining / 4));
    const reporting = startBudget(remaining);
    const session = this.#sessionAt(accountId, region, reading);
    this.#session = session;
    this.#calls.reset();
    this.#usedKept = false;
    const names = dnsResolver({ timeoutMs: 2_000, tries: 2, signal: reading.signal });
    return {
      own: { accountId, region },
      partition: invokedFunctionArn.split(':')[1] ?? 'aws',
      session,
      reporting: { ...session, budget: reporting },
      portsFor: (freshness, inventoryMode) => this.#ports(session, names, freshness, inventoryMode),
      usedKept: () => this.#usedKept,
      calls: this.#calls,
      end: () => {
        reading.end();
        reporting.end();
      },
    };
  }

  #ports(session: Session, names: NameResolver, freshness: 'fresh' | 'cached-ok', mode: InventoryMode): Ports {
    const how = freshness === 'fresh' ? 'refresh' : 'get';
    return livePorts({
      sessions: [session],
      names,
      versionGap: this.#settings.versionGap,
      // They never change a verdict, and would double the calls of the most frequent event.
      entrances: 'skip',
      distributions: () => this.#take(this.#distributions, how),
      prefixLists: () => this.#take(this.#prefixLists, how),
      ...this.#source.portOption(mode, () => this.#take(this.#inventory, how)),
    }).ports;
  }

  #take<T>(remembered: Remembered<T>, how: 'get' | 'refresh'): Promise<T> {
    this.#usedKept ||= how === 'get' && remembered.isKept();
    return remembered[how]();
  }

  #sessionAt(accountId: AccountId, region: Region, budget: Budget): Session {
    this.#home =
      this.#home?.region === region ? this.#home : { region, clients: makeClients({ region, counter: this.#calls }) };
    return { accountId, region, clients: this.#home.clients, budget };
  }

  #current(): Session {
    if (this.#session === undefined) throw new RangeError('no invocation has begun');
    return this.#session;
  }
}
