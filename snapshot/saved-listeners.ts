import { compareText, known, missing, type Gap } from '../core/fact.js';
import { groupBy } from '../core/group-by.js';
import type { ListenerArn, LoadBalancerArn } from '../core/ids.js';
import type { ListenerReader } from '../core/ports.js';
import { hasDefaultRule } from '../wire/listeners.js';
import { loadBalancerPath } from '../core/model/load-balancer.js';
import type { BalancerPath, Collected } from './collected.js';
import type { Denials } from './denials.js';
import { unseen } from './not-seen.js';

/** The listeners and their rules, as far as they were saved to the last page. */
export function listenerReader(
  { listeners, listenerRules, ended }: Pick<Collected, 'listeners' | 'listenerRules' | 'ended'>,
  denials: Denials,
): ListenerReader {
  const named = groupBy([...listenerRules.keys()], balancerPartOf);
  /** A listener whose rules were saved, and which is not among those that were. */
  const unlisted = (arn: LoadBalancerArn): ListenerArn | undefined => {
    const listed = new Set(listeners.get(arn)?.map((listener) => listener.arn));
    return named.get(arn.replace(':loadbalancer/', ':listener/'))?.find((listener) => !listed.has(listener));
  };
  return {
    listeners: (arn) => {
      const isNone = !listeners.has(arn) && ended.has(loadBalancerPath(arn) as BalancerPath);
      const own = isNone ? [] : listeners.get(arn);
      const other = unlisted(arn);
      if (own !== undefined && (isNone || ended.has(arn)) && other === undefined)
        return Promise.resolve(known(distinct(own)));
      const fact = `listeners of ${arn}`;
      const gap =
        denials.anywhere(fact) ??
        (own === undefined || other === undefined
          ? unseen(fact, 'aws elbv2 describe-listeners', own !== undefined)
          : notWhole(fact, other));
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
  };
}

/** The ARN of a listener is that of its load balancer, under another word, with its own id behind. */
const balancerPartOf = (arn: ListenerArn): string => arn.slice(0, arn.lastIndexOf('/'));

const notWhole = (fact: string, listener: ListenerArn): Gap => ({
  fact,
  cause: 'incomplete',
  detail: `${fact} are not all in the input: the rules of ${listener} are, and that listener is not; add all that aws elbv2 describe-listeners prints`,
});

/** Descriptions that differ are two moments: either counts. The order of files does not matter. */
const distinct = <T>(items: readonly T[]): readonly T[] =>
  [...new Map(items.map((item) => [JSON.stringify(item), item] as const))]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, item]) => item);
