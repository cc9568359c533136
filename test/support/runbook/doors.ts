/** Who makes a call: a step of an execution, or a person. */
export interface Caller {
  readonly executionId: string;
  readonly step: string;
}

export type Payload = Readonly<Record<string, unknown>>;

/** Everything through which a runbook reaches the world. */
export interface Doors {
  invokeLambda(name: string, payload: Payload, by: Caller): Promise<unknown>;
  /** Service and operation as `aws:executeAwsApi` spells them: `elbv2`, `SetSecurityGroups`. */
  callApi(service: string, api: string, params: Payload, by: Caller): Promise<unknown>;
  /** Whether the approvers agree. @default - nobody is asked, and the step fails */
  approve?(inputs: Payload, by: Caller): Promise<boolean>;
  /** @default - no time passes */
  sleep?(seconds: number, by: Caller): Promise<void>;
  /** The runbook that `aws:executeAutomation` names, rendered or parsed, or `null`. @default - there is none */
  documentNamed?(name: string): object | null;
}

export interface Hooks {
  /** Called around every attempt of every step; may throw a `Fault`. A step of a nested run is `STEP/NESTED_STEP`. */
  at?(step: string, moment: 'before' | 'after', attempt: number): void | Promise<void>;
  /** Called before each step, when no call is under way; here a person may edit what is there. */
  between?(upcoming: string): void | Promise<void>;
}

export interface RunOptions {
  readonly doors: Doors;
  readonly executionId: string;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  /** What becomes of an output whose selector finds nothing: AWS documents neither. */
  readonly missingOutputs: 'fail' | 'empty';
  /** Whether an error of a function fails its step, or is an answer without the outputs: AWS does not document it. */
  readonly lambdaErrors: 'fail' | 'answer';
  readonly hooks: Hooks;
  /** The time in milliseconds; a step that took longer than its `timeoutSeconds` has timed out, its effect stands. */
  readonly now: () => number;
}

export const RUN_DEFAULTS: Omit<RunOptions, 'doors'> = {
  executionId: '11111111-2222-3333-4444-555555555555',
  region: 'us-east-1',
  accountId: '111122223333',
  partition: 'aws',
  missingOutputs: 'fail',
  lambdaErrors: 'fail',
  hooks: {},
  now: () => 0,
};
