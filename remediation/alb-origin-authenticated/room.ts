import { listenerText, type ListenerRule } from '../../core/model/listener.js';
import type { AlbOriginFacts } from '../../rules/alb-origin-authenticated/facts.js';
import { sameName } from '../../rules/alb-origin-authenticated/judge-condition.js';
import type { SeenRules } from './seen-rules.js';

/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const VALUES_PER_RULE = 5;

const valuesIn = ({ conditions }: ListenerRule, without: string | null = null): number =>
  (conditions ?? []).reduce((sum, each) => {
    if (each.kind === 'http-header')
      return without !== null && sameName(each.name, without) ? sum : sum + each.accepted.length;
    return sum + (each.kind === 'other' ? (each.values ?? 1) : 1);
  }, 0);

/** The first rule that has no room for the values that it must accept, in words. */
export function findTight(
  listeners: readonly SeenRules[],
  open: ReadonlySet<string>,
  tidied: readonly string[],
  { ways }: AlbOriginFacts,
  headerName: string,
  isChanging: boolean,
): string | null {
  const sent = new Set(
    ways.flatMap(({ headers }) =>
      headers.known
        ? headers.value.filter(({ name }) => sameName(name, headerName)).map(({ value }) => value.digest)
        : [],
    ),
  );
  const most = sent.size + (isChanging ? 1 : 0);
  for (const { listener, rules } of listeners) {
    for (const rule of rules) {
      const needed = open.has(rule.arn)
        ? valuesIn(rule) + Math.max(1, most)
        : tidied.includes(rule.arn)
          ? valuesIn(rule, headerName) + valuesBeside(rule, headerName, sent) + (isChanging ? 1 : 0)
          : 0;
      if (needed > VALUES_PER_RULE)
        return `rule ${rule.priority} of ${listenerText(listener)} would have up to ${String(needed)} values`;
    }
  }
  return null;
}

/** How many values a rule accepts once those that are sent are beside its own. */
function valuesBeside({ conditions }: ListenerRule, headerName: string, sent: ReadonlySet<string>): number {
  const own = (conditions ?? []).flatMap((each) =>
    each.kind === 'http-header' && sameName(each.name, headerName) ? each.accepted : [],
  );
  const literals = new Set(own.flatMap((each) => (each.kind === 'literal' ? [each.value.digest] : [])));
  const others = own.filter(({ kind }) => kind !== 'literal').length;
  return new Set([...literals, ...sent]).size + others;
}
