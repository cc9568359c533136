import type { Gap } from '../../core/fact.js';
import type { AccountId, DistributionId } from '../../core/ids.js';
import { DEFAULT_PRIORITY, listenerText, type Listener, type ListenerRule } from '../../core/model/listener.js';
import type { UnresolvedOrigin } from '../../core/path.js';
import type { Verdict } from '../../core/verdict.js';
import type { AlbOriginFacts, ListenerFacts } from '../../rules/alb-origin-authenticated/facts.js';
import type { AuthenticationFinding } from '../../rules/alb-origin-authenticated/finding.js';

/** Everything that a guide rests on; plain data, read at one time, without any header value. */
export interface GuideFacts {
  readonly rule: AlbOriginFacts;
  readonly verdict: Verdict<AuthenticationFinding>;
  /** Whose the distributions are; `null` where the input does not say. */
  readonly accounts: ReadonlyMap<DistributionId, AccountId | null>;
  readonly unresolvedOrigins: readonly UnresolvedOrigin[];
}

/** A listener of which everything is known. */
export interface SeenRules {
  readonly listener: ListenerFacts['listener'] & { readonly arn: NonNullable<ListenerFacts['listener']['arn']> };
  readonly rules: readonly ListenerRule[];
}

/** The listeners with their rules, as far as they are known in full; `gapsIn` says what is not. */
export const listenersIn = ({ listeners }: AlbOriginFacts): readonly SeenRules[] =>
  listeners.known
    ? listeners.value.flatMap(({ listener, rules }) =>
        listener.arn !== null && rules.known
          ? [{ listener: { ...listener, arn: listener.arn }, rules: rules.value }]
          : [],
      )
    : [];

export const isDefault = ({ priority }: ListenerRule): boolean => priority === DEFAULT_PRIORITY;

/** What must be seen before anything is closed: whoever was not seen would be cut off. */
export function gapsIn({ ways, linkGaps, listeners, loadBalancer }: AlbOriginFacts): readonly Gap[] {
  const gaps = [...linkGaps, ...ways.flatMap(({ headers }) => (headers.known ? [] : [headers.gap]))];
  if (!loadBalancer.tags.known && loadBalancer.tags.gap.cause !== 'not-seen') gaps.push(loadBalancer.tags.gap);
  if (!listeners.known) return [...gaps, listeners.gap];
  for (const { listener, rules } of listeners.value) {
    if (listener.mutualAuthentication === null) gaps.push(certificatesNotRead(listener));
    if (!rules.known) gaps.push(rules.gap);
    else if (!rules.value.some(isDefault)) gaps.push(incomplete(listenerText(listener), 'default'));
    else gaps.push(...rules.value.filter(isUnclear).map(({ arn, priority }) => incomplete(arn, priority)));
  }
  return gaps;
}

const isUnclear = ({ priority, conditions, actions }: ListenerRule): boolean =>
  !/^(?:\d+|default)$/.test(priority) ||
  conditions === null ||
  conditions.some(({ kind }) => kind === 'unreadable') ||
  actions === null;

const incomplete = (what: string, priority: string): Gap => ({
  fact: `rule ${priority} of ${what}`,
  cause: 'incomplete',
  detail: `rule ${priority} of ${what} cannot be read in full; add the output of aws elbv2 describe-rules`,
});

const certificatesNotRead = (listener: Listener): Gap => ({
  fact: `mutualAuthentication of ${listenerText(listener)}`,
  cause: 'incomplete',
  detail: `whether ${listenerText(listener)} verifies client certificates cannot be read; add the output of aws elbv2 describe-listeners`,
});
