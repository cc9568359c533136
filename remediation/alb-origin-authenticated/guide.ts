import type { AccountId, DistributionId, ListenerArn, LoadBalancerArn, Region } from '../../core/ids.js';
import type { Snippet } from '../../core/plan.js';
import type { GuideRefusalCode } from './refusals.js';

/** An origin that is the load balancer, and what its distribution adds for it under the name of the header. */
export interface Sender {
  readonly distributionId: DistributionId;
  readonly originId: string;
  /** The header as the distribution spells it now; more than one only by case. Empty where it adds none. */
  readonly spellings: readonly string[];
  /** Whether the guide gives it a value: it adds none, one that is no secret, or a rotation was asked for. */
  readonly changes: boolean;
}

/** A rule that is to be made beside one that forwards whoever asks: same conditions and the header, same actions. */
export interface Copy {
  readonly listenerArn: ListenerArn;
  readonly port: number | null;
  /** The rule that it stands beside. */
  readonly ofRuleArn: string;
  /** A number as text, or `default`. */
  readonly ofPriority: string;
  /** Free now, and in the right place: in front of the other, behind whatever is tried before that. */
  readonly priority: number;
}

/** A rule that asks for the header already. */
export interface Asker {
  readonly listenerArn: ListenerArn;
  readonly port: number | null;
  readonly ruleArn: string;
  readonly priority: string;
  /** The header as the rule spells it. */
  readonly spelling: string;
}

/** One thing that is to be changed or waited for. */
export type Change =
  | { readonly kind: 'make-secret'; readonly secretName: string; readonly keepsPrevious: boolean }
  /** The values that a rule accepts already, those that are sent, and the next one. */
  | { readonly kind: 'accept-beside'; readonly asker: Asker; readonly withNext: boolean }
  | { readonly kind: 'send-next'; readonly sender: Sender }
  | { readonly kind: 'wait-deployed'; readonly distributionId: DistributionId }
  | { readonly kind: 'accept-by-copy'; readonly copy: Copy }
  /** The default action answers 403 from here on. */
  | { readonly kind: 'close-default'; readonly copy: Copy }
  /** The rule answers 403 from here on. */
  | { readonly kind: 'close-rule'; readonly copy: Copy }
  /** Only the values that are sent. */
  | { readonly kind: 'accept-only-sent'; readonly asker: Asker };

export const STEP_NAMES = [
  'make-secret',
  'accept-next',
  'send',
  'wait',
  'accept',
  'watch',
  'close-default',
  'close-rules',
  'accept-only-sent',
] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** One step of the order. A person looks at what `watch` says before the next one. */
export interface GuideStep {
  readonly name: StepName;
  readonly title: string;
  /** Empty for a step that only looks. */
  readonly changes: readonly Change[];
  readonly watch: readonly string[];
  /** How to step back, in words; what can be taken back by commands is in the script. */
  readonly back: string;
}

/** A listener as it was seen: the script stops when it is another one by now. */
export interface SeenListener {
  readonly listenerArn: ListenerArn;
  readonly port: number | null;
  /** One line for each rule, in order: priority, ARN, action types, fields of the conditions. */
  readonly rules: readonly string[];
}

/** The safe order for one load balancer. No value of a header is in it, since none is known. */
export interface Order {
  readonly kind: 'order';
  readonly aim: 'introduce' | 'repair' | 'rotate';
  readonly because: string;
  readonly headerName: string;
  readonly secretName: string;
  readonly secretLength: number;
  readonly senders: readonly Sender[];
  readonly askers: readonly Asker[];
  readonly copies: readonly Copy[];
  readonly listeners: readonly SeenListener[];
  readonly steps: readonly GuideStep[];
  /** Other ways to the same end. */
  readonly alternatives: readonly string[];
  /** What may go wrong all the same, a line each. */
  readonly risks: readonly string[];
  readonly snippets: readonly Snippet[];
}

/** Why no order can be told, and what a person does next. */
export interface GuideRefusal {
  readonly kind: 'refuse';
  readonly code: GuideRefusalCode;
  readonly because: string;
  readonly nextStep: string;
  /** The listener rules and the numbers that would make room; only for `NO_FREE_PRIORITY`. */
  readonly renumber: readonly { readonly ruleArn: string; readonly priority: number }[];
}

/** What a person is told about one load balancer. Nothing in it changes anything. */
export type Guide =
  { readonly kind: 'nothing-to-do'; readonly because: string; readonly canRotate: boolean } | GuideRefusal | Order;

/** The guide for one load balancer, with where it is. */
export interface GuidedLoadBalancer {
  readonly loadBalancerArn: LoadBalancerArn;
  readonly name: string;
  readonly scope: { readonly accountId: AccountId | null; readonly region: Region | null };
  readonly guide: Guide;
}
