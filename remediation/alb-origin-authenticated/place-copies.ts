import { DEFAULT_PRIORITY, type ListenerRule } from '../../core/model/listener.js';

/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html */
const LAST_PRIORITY = 50_000;

/**
 * A free priority for a copy of each of some rules of a listener, by ARN, or the ARN of the rule in front of which none is.
 *
 * A request that has the header must meet the copies in the order of their rules, and no sooner than what is tried before
 * them and stays: so each copy stands behind the last rule before its own that gets none, and before its own.
 */
export function placeCopies(
  rules: readonly ListenerRule[],
  copied: ReadonlySet<string>,
):
  | { readonly kind: 'placed'; readonly at: ReadonlyMap<string, number> }
  | { readonly kind: 'no-room'; readonly ruleArn: string } {
  const numbered = rules.filter(({ priority }) => priority !== DEFAULT_PRIORITY);
  const used = new Set(numbered.map(({ priority }) => Number(priority)));
  const at = new Map<string, number>();
  let below = LAST_PRIORITY + 1;
  const byDefault = rules.find(({ priority, arn }) => priority === DEFAULT_PRIORITY && copied.has(arn));
  if (byDefault !== undefined) {
    const last = Math.max(0, ...used);
    if (last >= LAST_PRIORITY) return { kind: 'no-room', ruleArn: byDefault.arn };
    at.set(byDefault.arn, last + 1);
  }
  const descending = [...numbered].sort((a, b) => Number(b.priority) - Number(a.priority));
  for (const [index, rule] of descending.entries()) {
    if (!copied.has(rule.arn)) {
      below = Number(rule.priority);
      continue;
    }
    const barrier = descending.slice(index + 1).find(({ arn }) => !copied.has(arn));
    const floor = barrier === undefined ? 0 : Number(barrier.priority);
    const free = lastFree(Math.min(below, Number(rule.priority)), floor, used);
    if (free === null) return { kind: 'no-room', ruleArn: rule.arn };
    at.set(rule.arn, free);
    below = free;
  }
  return { kind: 'placed', at };
}

/** The highest free number below `below` and above `floor`. */
function lastFree(below: number, floor: number, used: ReadonlySet<number>): number | null {
  for (let each = below - 1; each > floor; each -= 1) if (!used.has(each)) return each;
  return null;
}

/** Numbers, ten apart, that keep the order of the rules and leave room for a copy in front of each. */
export const renumbered = (
  rules: readonly ListenerRule[],
): readonly { readonly ruleArn: string; readonly priority: number }[] =>
  rules
    .filter(({ priority }) => priority !== DEFAULT_PRIORITY)
    .sort((a, b) => Number(a.priority) - Number(b.priority))
    .map(({ arn }, index) => ({ ruleArn: arn, priority: (index + 1) * 10 }));
