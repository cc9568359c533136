import type { Fact } from './fact.js';
import type { AccountId, Region } from './ids.js';

/** The key of the tag that everything carries that a run of the kit makes; the value is the id of the run. */
export const PROVE_TAG = 'origin-guard:prove';

/** What AWS answered to a call that is itself the experiment: a refusal is an answer too. */
export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: string; readonly message: string };

export const accepted = <T>(value: T): Reply<T> => ({ ok: true, value });

/** What must be known of an account before anything is made in it. */
export interface Survey {
  /** The names of all load balancers of the Region, of whatever type. */
  readonly loadBalancers: Fact<readonly string[]>;
  /** The ids of the network interfaces of load balancers, which shows Classic ones too. */
  readonly balancerInterfaces: Fact<readonly string[]>;
  /** The other Regions that the account has enabled. */
  readonly otherRegions: Fact<readonly OtherRegion[]>;
  /** The ids of all distributions of the account. */
  readonly distributions: Fact<readonly string[]>;
  /** Whether the account may administer AWS Config for an organization: the management account or a delegate. */
  readonly administers: Fact<boolean>;
  readonly recorder: Fact<'recording' | 'stopped' | 'none'>;
  readonly securityHub: Fact<'on' | 'off'>;
  /** CloudFront's own lists in the Region; `null` for one that it lacks. */
  readonly prefixLists: Fact<CloudFrontLists>;
}

export interface OtherRegion {
  readonly region: Region;
  /** The names of its load balancers, and the ids of their network interfaces. */
  readonly held: Fact<readonly string[]>;
}

export interface CloudFrontLists {
  readonly ipv4: string | null;
  readonly ipv6: string | null;
}

/** A stack to make. */
export interface StackOrder {
  readonly name: string;
  /** The template as JSON text. */
  readonly template: string;
  /** The id of the run, for the tag. */
  readonly run: string;
}

export interface StackState {
  /** As CloudFormation spells it: `CREATE_COMPLETE`. */
  readonly status: string;
  /** The value of the tag of the kit; `null` for a stack without it. */
  readonly run: string | null;
  readonly outputs: Readonly<Record<string, string>>;
}

/** One automation execution. */
export interface RunState {
  /** As Systems Manager spells it: `Success`, `Failed`, `InProgress`. */
  readonly status: string;
  readonly failure: string | null;
  readonly steps: readonly RunStep[];
}

export interface RunStep {
  readonly name: string;
  readonly status: string;
  readonly failure: string | null;
  readonly outputs: Readonly<Record<string, readonly string[]>>;
}

/** One ingress rule of a group. */
export interface SeenRule {
  readonly id: string;
  readonly protocol: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
  /** A CIDR block, or the id of a list or group. */
  readonly source: string;
  readonly description: string;
}

/** When AWS Config last asked a rule's function, and when that last gave a result; ISO 8601. */
export interface RuleStatus {
  readonly invokedAt: string | null;
  readonly evaluatedAt: string | null;
}

/**
 * What the kit may do in an account, one call of AWS or one listing each.
 *
 * What AWS refuses as an answer to an experiment comes back as a `Reply`; anything else that goes wrong is a coded error.
 */
export interface Sandbox {
  readonly accountId: AccountId;
  readonly region: Region;
  readonly partition: string;
  survey(): Promise<Survey>;
  createStack(order: StackOrder): Promise<Reply<null>>;
  /** `null` for a stack that does not exist, or exists no more. */
  stack(name: string): Promise<StackState | null>;
  /** Why the first resource of a stack failed, in AWS's words; `null` where none did. */
  firstFailure(name: string): Promise<string | null>;
  /** Asking for a stack that is gone is no refusal. */
  deleteStack(name: string): Promise<Reply<null>>;
  startRun(document: string, parameters: Readonly<Record<string, readonly string[]>>): Promise<Reply<string>>;
  run(id: string): Promise<RunState>;
  /** The states of all executions of a document, whoever started them. */
  runsOf(document: string): Promise<readonly string[]>;
  rulesOf(group: string): Promise<readonly SeenRule[]>;
  /** Admits each block to TCP port 443, all of them in one call. */
  admit(group: string, blocks: readonly string[]): Promise<Reply<null>>;
  /** The names of the rules of a conformance pack. */
  rulesOfPack(pack: string): Promise<readonly string[]>;
  ruleStatus(rule: string): Promise<RuleStatus>;
  evaluate(rule: string): Promise<Reply<null>>;
  /** What the remediation exceptions of a group say. */
  exceptionsOf(rule: string, group: string): Promise<readonly string[]>;
  /** The titles of the findings that AWS Config sent to Security Hub about a resource. */
  findingTitles(resourceArn: string): Promise<readonly string[]>;
}
