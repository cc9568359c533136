import { QUOTAS, type QuotaName } from '../../../core/planning.js';
import { ACCOUNT, NOW, prefixList, prefixListV6, VPC } from '../builders.js';
import type { Caller, Payload } from './doors.js';
import { EC2_OPERATIONS } from './fake-ec2.js';
import { ELBV2_OPERATIONS, SSM_OPERATIONS } from './fake-elbv2-ssm.js';
import { reaches, type Counting, type ListBook, type Source } from './fake-network.js';
import type { Operation, Setting } from './fake-operation.js';
import { AwsError, deepFreeze, fakeGroup, fakeLoadBalancer, type FakeState } from './fake-state.js';

/** How one account and Region begin, and by which rules they live. */
export interface FakeAccount extends ListBook {
  readonly state: Partial<FakeState>;
  readonly counting: Counting;
  readonly quotas: Readonly<Record<QuotaName, number>>;
  readonly defaultVpcs: readonly string[];
  readonly accountId: string;
  /** How many reads a write stays hidden from; what traffic can do, and what a write finds, changes at once. */
  readonly lag: number;
  /** When it begins, ISO 8601; each write takes a second. */
  readonly begins: string;
}

/** One write that took effect. */
export interface Change {
  readonly by: Caller;
  /** `ec2`, `elbv2` and `ssm` as callers spell them; `person` for what somebody did beside the runbook. */
  readonly service: string;
  readonly api: string;
  readonly params: Payload;
  readonly before: FakeState;
  readonly after: FakeState;
}

export interface FakeAws {
  readonly account: FakeAccount;
  /** Does what an API operation does; raises `AwsError` when AWS would refuse it. The door of a runbook. */
  callApi(service: string, api: string, params: Payload, by: Caller): Promise<Payload>;
  /** What there is, in truth; frozen. */
  state(): FakeState;
  /** What the next reader sees, which may be old; frozen. Each call counts as one read. */
  read(): FakeState;
  /** Whether all of a source can reach a port of a load balancer by the rules of its groups, in truth. */
  reaches(source: Source, loadBalancerArn: string, port: number): boolean;
  /** Every write that took effect, in order. */
  changes(): readonly Change[];
  /** Somebody changes something beside the runbook, with the rights of an administrator. */
  edit(change: (state: FakeState) => FakeState, what?: string): void;
  /** Lets time pass; what is hidden from readers stays hidden. */
  elapse(seconds: number): void;
  /** Lets everything that was written so far be seen. */
  settle(): void;
  /** Whether the next reader sees what there is in truth. */
  isSettled(): boolean;
  /** The time in milliseconds since 1970. */
  now(): number;
}

const OPERATIONS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  ec2: EC2_OPERATIONS,
  elbv2: ELBV2_OPERATIONS,
  ssm: SSM_OPERATIONS,
};

const PERSON: Caller = { executionId: '', step: 'person' };

/**
 * An account with one group that the load balancer `web` uses, unless overridden.
 *
 * It follows what AWS documents, as far as we read it; nothing that holds here has been seen on AWS.
 */
export function fakeAws(overrides: Partial<FakeAccount> = {}): FakeAws {
  const account: FakeAccount = {
    state: {},
    lists: [prefixList(), prefixListV6()],
    weights: {},
    counting: 'both',
    quotas: {
      'rules-per-group': QUOTAS['rules-per-group'].fallback,
      'groups-per-interface': QUOTAS['groups-per-interface'].fallback,
    },
    defaultVpcs: [],
    accountId: ACCOUNT,
    lag: 0,
    begins: NOW,
    ...overrides,
  };
  return new Fake(account);
}

interface Version {
  readonly state: FakeState;
  /** The number of the first read that sees it. */
  readonly visibleAt: number;
}

class Fake implements FakeAws {
  #versions: readonly Version[];
  #changes: readonly Change[] = [];
  #reads = 0;
  #ids = 0;
  #now: number;

  constructor(readonly account: FakeAccount) {
    const begin = { groups: [fakeGroup()], loadBalancers: [fakeLoadBalancer()], interfaces: [], parameters: [] };
    this.#versions = [{ state: deepFreeze({ ...begin, ...account.state }), visibleAt: 0 }];
    this.#now = Date.parse(account.begins);
  }

  async callApi(service: string, api: string, params: Payload, by: Caller): Promise<Payload> {
    const operation = OPERATIONS[service]?.[api];
    if (operation === undefined) throw new AwsError('InvalidAction', `the fake knows no ${service}:${api}`);
    const isRead = /^(?:Describe|Get|List)/.test(api);
    const { state, answer } = operation(isRead ? this.read() : this.state(), params, this.#setting());
    if (!isRead) this.#write(state, { by, service, api, params });
    return answer;
  }

  state(): FakeState {
    return this.#versions.at(-1)!.state;
  }

  read(): FakeState {
    const seen = this.#versions.findLastIndex(({ visibleAt }) => visibleAt <= this.#reads);
    this.#reads += 1;
    this.#versions = this.#versions.slice(seen);
    return this.#versions[0]!.state;
  }

  reaches(source: Source, loadBalancerArn: string, port: number): boolean {
    return reaches(this.state(), this.account, source, loadBalancerArn, port);
  }

  changes(): readonly Change[] {
    return this.#changes;
  }

  edit(change: (state: FakeState) => FakeState, what = 'edit'): void {
    this.#write(change(this.state()), { by: PERSON, service: 'person', api: what, params: {} });
  }

  elapse(seconds: number): void {
    this.#now += seconds * 1000;
  }

  settle(): void {
    this.#versions = [{ state: this.state(), visibleAt: this.#reads }];
  }

  isSettled(): boolean {
    return this.#versions.at(-1)!.visibleAt <= this.#reads;
  }

  now(): number {
    return this.#now;
  }

  #write(state: FakeState, what: Omit<Change, 'before' | 'after'>): void {
    const before = this.state();
    const after = deepFreeze(state);
    this.#now += 1000;
    this.#versions = [...this.#versions, { state: after, visibleAt: this.#reads + this.account.lag }];
    this.#changes = [...this.#changes, { ...what, before, after }];
  }

  #setting(): Setting {
    const { account } = this;
    const { groups, loadBalancers } = this.state();
    return {
      ...account,
      book: account,
      vpcs: [VPC, ...groups.map(({ vpcId }) => vpcId), ...loadBalancers.map(({ vpcId }) => vpcId ?? VPC)],
      now: new Date(this.#now).toISOString(),
      newId: (prefix) => {
        this.#ids += 1;
        return `${prefix}0f${this.#ids.toString(16).padStart(15, '0')}`;
      },
    };
  }
}
