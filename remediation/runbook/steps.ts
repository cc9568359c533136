/** The types of outputs that runbooks of AWS's own hand from one step to the next. */
export const OUTPUT_TYPES = ['String', 'Integer', 'Boolean', 'StringList'] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];

/** One value that a step takes out of its answer. */
export interface Output {
  readonly name: string;
  /** JSONPath from the root of what a function returned, or of an API's answer. */
  readonly selector: string;
  readonly type: OutputType;
}

/** Anything a step is given: text, numbers and structures with references such as `{{Plan.decision}}` in them. */
export type Input = string | number | boolean | readonly Input[] | { readonly [key: string]: Input };

interface Named {
  readonly name: string;
  /** What the step does, for people, in one sentence. */
  readonly says: string;
}

/** How a step that does something goes on. */
export interface Going extends Named {
  /** @default - the next step in the document */
  readonly next?: string;
  /** Where a failure leads. @default - the run ends as failed */
  readonly onFailure?: string;
  /** Where a cancellation leads. @default - the run ends as cancelled */
  readonly onCancel?: string;
  readonly timeoutSeconds?: number;
  readonly maxAttempts?: number;
}

/** Asks the planner, which only reads. */
export interface AskStep extends Going {
  readonly kind: 'ask';
  readonly functionName: string;
  readonly payload: Readonly<Record<string, string>>;
  readonly outputs: readonly Output[];
}

/** Calls one operation of AWS. */
export interface CallStep extends Going {
  readonly kind: 'call';
  readonly service: 'ec2' | 'elbv2' | 'ssm';
  readonly api: string;
  readonly params: Readonly<Record<string, Input>>;
  readonly outputs: readonly Output[];
}

/** One way out of a branch. */
export interface Choice {
  readonly variable: string;
  readonly equals: string | number | boolean;
  readonly next: string;
}

export interface BranchStep extends Named {
  readonly kind: 'branch';
  readonly choices: readonly Choice[];
  /** Without it, a branch would fall through to whatever step comes next in the document. */
  readonly otherwise: string;
}

export interface ApproveStep extends Going {
  readonly kind: 'approve';
  readonly topic: string;
  readonly message: string;
  readonly approvers: string;
}

/** Ends the run as failed, with a message. */
export interface FailStep extends Named {
  readonly kind: 'fail';
  readonly message: string;
}

/** Ends the run as a success. */
export interface DoneStep extends Named {
  readonly kind: 'done';
}

/** Runs another runbook to its end. */
export interface RunStep extends Going {
  readonly kind: 'run';
  readonly document: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export type Step = AskStep | CallStep | BranchStep | ApproveStep | FailStep | DoneStep | RunStep;

export interface Parameter {
  readonly type: 'String' | 'StringList';
  readonly says: string;
  readonly default?: string | readonly string[];
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
}

/** A runbook of Systems Manager Automation as data; nothing in it is text that only the renderer understands. */
export interface Runbook {
  readonly name: string;
  readonly says: string;
  readonly assumeRole: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly steps: readonly Step[];
  /** `Plan.decision`: shown as the outputs of a run. */
  readonly outputs: readonly string[];
  /** What must have been asked, and found good, on every way to a write. */
  readonly order: {
    /** Before every write. */
    readonly guard: Gate;
    /** Before every removal of rules. */
    readonly beforeRevoke: Gate;
  };
}

/** A question, and the branches that let a run pass by what it answers. */
export interface Gate {
  readonly asks: string;
  /** Only their choices let a run pass, never their defaults. */
  readonly branches: readonly [string, ...string[]];
}

/** Whether a step may change something: every call but one that describes, gets or lists. */
export const isWriting = (step: Step): boolean => step.kind === 'call' && !/^(?:Describe|Get|List)/.test(step.api);

/** Every step that may come after another one. */
export interface Exits {
  /** After it has succeeded; of a branch, its choices. */
  readonly good: readonly string[];
  /** After it has failed or was cancelled; of a branch, its default. */
  readonly other: readonly string[];
}

/** Where a step may lead, whatever happens in it; the end of the run is no step. */
export function exitsOf({ steps }: Pick<Runbook, 'steps'>, at: number): Exits {
  const step = steps[at];
  switch (step?.kind) {
    case undefined:
    case 'fail':
    case 'done':
      return { good: [], other: [] };
    case 'branch':
      return { good: step.choices.map(({ next }) => next), other: [step.otherwise] };
    case 'ask':
    case 'call':
    case 'approve':
    case 'run':
      return { good: named(step.next ?? steps[at + 1]?.name), other: named(step.onFailure, step.onCancel) };
  }
}

const named = (...names: readonly (string | undefined)[]): readonly string[] => names.flatMap((name) => name ?? []);
