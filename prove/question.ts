import type { RunState } from '../core/proving.js';
import type { Answer } from './answer.js';
import type { Estimate } from './estimate.js';
import type { Seen } from './observations.js';
import type { Setting, Template } from './template.js';

/** What an account must have already; the kit turns nothing on. */
export type Need = 'organization' | 'recorder' | 'security-hub' | 'ipv4-list';

export const QUESTION_IDS = ['U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'U7', 'U8', 'U9', 'U10', 'U11', 'U12'] as const;
export type QuestionId = (typeof QUESTION_IDS)[number];

interface Saving {
  /** The name under which what was seen is kept. */
  readonly saves: string;
  /** What the step does, for people. */
  readonly says: string;
}

/** One thing to do or to look at. Values written as `main.Group` are outputs of a stack made before. */
export type Step = Saving &
  (
    | { readonly kind: 'stack'; readonly template: (setting: Setting) => Template }
    | {
        readonly kind: 'run';
        readonly document: string;
        readonly parameters: Readonly<Record<string, string>>;
        /** Starts anew, a little later, while this holds: what was just granted takes a while to count. */
        readonly again?: (state: RunState) => boolean;
      }
    | { readonly kind: 'rules'; readonly group: string }
    | { readonly kind: 'room'; readonly group: string; readonly family: Family }
    /** Waits until the function of the pack's only rule has given a result. */
    | { readonly kind: 'evaluated'; readonly pack: string }
    | { readonly kind: 'evaluate'; readonly pack: string }
    | { readonly kind: 'remediations'; readonly pack: string; readonly document: string; readonly group: string }
    | { readonly kind: 'findings'; readonly group: string; readonly titles: readonly string[] }
  );

export type Family = 'ipv4' | 'ipv6';

/** One thing that only an account can tell, and the experiment that asks it. */
export interface Question {
  readonly id: QuestionId;
  readonly asks: string;
  readonly needs: readonly Need[];
  /** In order; empty for a question that one account cannot answer any part of. */
  readonly steps: readonly Step[];
  /** What the answer leaves open, and how to ask that; `null` when it leaves nothing open. */
  readonly open: string | null;
  /** What Origin Guard does without the answer, or with the worse one. */
  readonly fallback: string;
  readonly estimate: Estimate;
  /** Called when every step was taken. Doubt is not an answer. */
  readonly answer: (seen: Seen) => Answer;
  /** What the failure of a stack tells; `null` when it tells nothing. @default - it tells nothing */
  readonly onStackFailure?: (reason: string) => Answer | null;
}
