import type { Scope } from './ids.js';

/** Which resources one run is about. */
export type Focus =
  /** Every resource the ports can see; each gets a verdict. */
  | { readonly kind: 'everything' }
  /** These resources of one place and no other, whatever they turn out to be. */
  | { readonly kind: 'named'; readonly ids: ReadonlySet<string>; readonly at: Scope }
  /** The resources of one place that are in scope now, and those named: they had a result before. */
  | { readonly kind: 'in-scope'; readonly ids: ReadonlySet<string>; readonly at: Scope };

export const EVERYTHING = { kind: 'everything' } as const satisfies Focus;

/** A resource of which AWS Config says that it changed. */
export interface Change {
  /** As AWS Config spells it. */
  readonly resourceType: string;
  readonly resourceId: string;
  /** Whether the resource is gone, or is no longer recorded. */
  readonly gone: boolean;
  /** Whether AWS Config still records it; what it no longer records may well be there. */
  readonly recorded: boolean;
  /** Every text in the item and in what changed of it: ids of other resources are among them. */
  readonly mentions: ReadonlySet<string>;
}

/** What a change asks of a rule: nothing, a verdict on some resources, or on everything in scope. */
export type Touched =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'named'; readonly ids: readonly string[] }
  | { readonly kind: 'in-scope' };
