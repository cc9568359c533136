import { compareValues } from '../../core/model/header-value.js';
import { DEFAULT_PRIORITY, endOf, listenerText, type ListenerRule } from '../../core/model/listener.js';
import { originText } from '../../core/path.js';
import type { Way } from '../../rules/alb-origin-authenticated/facts.js';
import { sameName, sentBy, type HeaderCondition } from '../../rules/alb-origin-authenticated/judge-condition.js';
import { uses } from '../../rules/alb-origin-authenticated/judge-listener.js';
import type { Asker } from './guide.js';
import type { SeenRules } from './seen-rules.js';

/** What a rule asks of the header. */
export const conditionsOn = ({ conditions }: ListenerRule, headerName: string): readonly HeaderCondition[] =>
  (conditions ?? []).filter(
    (each): each is HeaderCondition => each.kind === 'http-header' && sameName(each.name, headerName),
  );

/** The rules of a listener that ask for the header. */
export const askersOf = ({ listener, rules }: SeenRules, headerName: string): readonly Asker[] =>
  rules.flatMap((rule) =>
    conditionsOn(rule, headerName).map(({ name }) => ({
      listenerArn: listener.arn,
      port: listener.port,
      ruleArn: rule.arn,
      priority: rule.priority,
      spelling: name,
    })),
  );

/** Whether a rule compares the header with a regular expression, one that is a plain text too. */
export const hasRegex = ({ rules }: SeenRules, headerName: string): boolean =>
  rules.some((rule) =>
    conditionsOn(rule, headerName).some(({ accepted }) =>
      accepted.some((each) => each.kind === 'regex' || (each.kind === 'literal' && each.from === 'regex')),
    ),
  );

/** Whether a rule accepts something that is not sent or no secret, or does not accept what is sent. */
export const isUntidy = (
  { rules }: SeenRules,
  ways: readonly Way[],
  headerName: string,
  minSecretLength: number,
): boolean =>
  rules.some((rule) =>
    conditionsOn(rule, headerName).some(
      (condition) =>
        ways.some((way) => accepts(condition, way) !== 'yes') ||
        condition.accepted.some(
          (each) =>
            each.kind !== 'literal' ||
            each.value.length < minSecretLength ||
            !ways.some((way) => sentBy(way, headerName).some((sent) => compareValues(each.value, sent) === 'same')),
        ),
    ),
  );

/** `maybe`: what a wildcard stands for is not known; it stands for nothing where no header is sent. */
function accepts({ name, accepted }: HeaderCondition, way: Way): 'yes' | 'no' | 'maybe' {
  const sent = sentBy(way, name);
  if (
    accepted.some(
      (each) => each.kind === 'literal' && sent.some((value) => compareValues(each.value, value) === 'same'),
    )
  )
    return 'yes';
  return sent.length > 0 && accepted.some(({ kind }) => kind !== 'literal') ? 'maybe' : 'no';
}

/**
 * Why one value for all would send requests elsewhere than now, in words, or `null`.
 *
 * A value is added to every rule that asks for the header, so on each listener every distribution must pass all of them
 * now, or none while nothing else forwards; where everything leads to the same targets, nothing can go astray.
 */
export function findMisrouting(
  listeners: readonly SeenRules[],
  ways: readonly Way[],
  headerName: string,
  open: ReadonlySet<string>,
): string | null {
  for (const { listener, rules } of listeners) {
    const asking = rules.filter((rule) => conditionsOn(rule, headerName).length > 0);
    if (asking.length === 0) continue;
    const where = listenerText(listener);
    const odd = asking.find((rule) => endOf(rule.actions) !== 'forwards' || conditionsOn(rule, headerName).length > 1);
    if (odd !== undefined)
      return `rule ${odd.priority} of ${where} asks for ${headerName} twice, or to answer by itself`;
    if (haveSameTargets(rules)) continue;
    const hasOther = rules.some(
      (rule) =>
        open.has(rule.arn) ||
        (!asking.includes(rule) && rule.priority !== DEFAULT_PRIORITY && endOf(rule.actions) === 'forwards'),
    );
    for (const way of ways.filter((each) => uses(each, listener) !== 'no')) {
      const passes = asking.map((rule) => passBy(rule, way, headerName));
      if (passes.every((each) => each === 'yes')) continue;
      if (!hasOther && (asking.length === 1 || passes.every((each) => each === 'no'))) continue;
      return `what CloudFront sends to ${originText(way.path)} does not pass every rule of ${where} that asks for ${headerName}, and the targets differ`;
    }
  }
  return null;
}

/** Every rule that asks has one such condition: what asks twice was refused before. */
const passBy = (rule: ListenerRule, way: Way, headerName: string): 'yes' | 'no' | 'maybe' =>
  conditionsOn(rule, headerName).map((each) => accepts(each, way))[0] ?? 'no';

function haveSameTargets(rules: readonly ListenerRule[]): boolean {
  if (rules.some((rule) => rule.priority !== DEFAULT_PRIORITY && endOf(rule.actions) !== 'forwards')) return false;
  const forwards = rules.filter(({ actions }) => endOf(actions) === 'forwards');
  const targets = forwards.map(({ actions }) =>
    JSON.stringify((actions ?? []).map(({ type, targetGroupArns }) => [type, targetGroupArns ?? null])),
  );
  return (
    new Set(targets).size <= 1 &&
    forwards.every(({ actions }) => (actions ?? []).some(({ targetGroupArns }) => targetGroupArns !== undefined))
  );
}
