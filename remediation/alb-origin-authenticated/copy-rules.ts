import { listenerText } from '../../core/model/listener.js';
import type { Copy, GuideRefusal } from './guide.js';
import { placeCopies, renumbered } from './place-copies.js';
import { refuseGuide } from './refuse-guide.js';
import type { SeenRules } from './seen-rules.js';

/** The copies of the rules that are open, each at a number of its own, or why there are none. */
export function copiesOf(
  listeners: readonly SeenRules[],
  open: ReadonlySet<string>,
): GuideRefusal | { readonly kind: 'copies'; readonly copies: readonly Copy[] } {
  const copies: Copy[] = [];
  for (const { listener, rules } of listeners) {
    const secret = rules.find(
      ({ arn, actions }) => open.has(arn) && (actions ?? []).some(({ type }) => type === 'authenticate-oidc'),
    );
    if (secret !== undefined)
      return refuseGuide('CLIENT_SECRET', `rule ${secret.priority} of ${listenerText(listener)} has authenticate-oidc`);
    const placed = placeCopies(rules, open);
    if (placed.kind === 'no-room') {
      const at = rules.find(({ arn }) => arn === placed.ruleArn)?.priority ?? '';
      return refuseGuide(
        'NO_FREE_PRIORITY',
        `no free number for a copy of rule ${at} of ${listenerText(listener)}`,
        renumbered(rules),
      );
    }
    copies.push(
      ...rules.flatMap(({ arn, priority: ofPriority }): readonly Copy[] => {
        const priority = placed.at.get(arn);
        return priority === undefined
          ? []
          : [{ listenerArn: listener.arn, port: listener.port, ofRuleArn: arn, ofPriority, priority }];
      }),
    );
  }
  // In the order in which they are tried, so that no copy stands there without those before it.
  return {
    kind: 'copies',
    copies: copies.sort((a, b) => (a.listenerArn === b.listenerArn ? a.priority - b.priority : 0)),
  };
}
