import { compareText, known, missing } from '../core/fact.js';
import type { ListenerReader } from '../core/ports.js';
import { hasDefaultRule } from '../wire/listeners.js';
import type { Collected } from './collected.js';
import type { Denials } from './denials.js';
import { unseen } from './not-seen.js';

/** The listeners and their rules, as far as they were saved to the last page. */
export const listenerReader = (
  { listeners, listenerRules, ended }: Pick<Collected, 'listeners' | 'listenerRules' | 'ended'>,
  denials: Denials,
): ListenerReader => ({
  listeners: (arn) => {
    const own = listeners.get(arn);
    if (own !== undefined && ended.has(arn)) return Promise.resolve(known(distinct(own)));
    const fact = `listeners of ${arn}`;
    const gap = denials.anywhere(fact) ?? unseen(fact, 'aws elbv2 describe-listeners', own !== undefined);
    return Promise.resolve(missing(gap));
  },
  listenerRules: (arn) => {
    const own = listenerRules.get(arn);
    // What was asked for by the ARNs of rules is a part of them, and may leave the default rule out.
    if (own !== undefined && ended.has(arn) && hasDefaultRule(own)) return Promise.resolve(known(distinct(own)));
    const fact = `rules of ${arn}`;
    const gap =
      denials.anywhere(fact) ?? unseen(fact, `aws elbv2 describe-rules --listener-arn ${arn}`, own !== undefined);
    return Promise.resolve(missing(gap));
  },
});

/** Descriptions that differ are two moments: either counts. The order of files does not matter. */
const distinct = <T>(items: readonly T[]): readonly T[] =>
  [...new Map(items.map((item) => [JSON.stringify(item), item] as const))]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, item]) => item);
