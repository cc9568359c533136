import * as fc from 'fast-check';
import { known } from '../../../core/fact.js';
import { RuleItem, sealRule } from '../../../wire/listeners.js';
import { lowerFirstKeys } from '../../../wire/shared.js';
import type { Change, Order } from '../../../remediation/alb-origin-authenticated/guide.js';
import { planGuide } from '../../../remediation/alb-origin-authenticated/plan-guide.js';
import type { GuideFacts } from '../../../remediation/alb-origin-authenticated/seen-rules.js';
import type { AlbOriginFacts } from '../../../rules/alb-origin-authenticated/facts.js';
import { albOriginAuthenticated } from '../../../rules/alb-origin-authenticated/rule.js';
import {
  adds,
  authFacts,
  authParams,
  connects,
  digest,
  listening,
  listenerArn,
  ruleArn,
  way,
} from '../../support/auth-builders.js';
import { distributionId, path } from '../../support/builders.js';
import { forwards, type PlainCondition } from '../../support/request-simulator.js';

// A load balancer with values that can be seen, and what an order makes of it, change by change.

export const SECRET_HEADER = 'X-Origin-Verify';
export const OLD = 'made-up-value-old-0001';
export const OTHER = 'made-up-value-oth-0002';
export const NEXT_VALUE = 'made-up-value-new-0003';
const WEAK = 'weak';

export interface SimRule {
  readonly arn: string;
  readonly priority: string;
  readonly conditions: readonly PlainCondition[];
  /** A target group, or `null` for one that answers by itself. */
  readonly target: string | null;
}

export interface SimSender {
  readonly id: string;
  /** What it may send: while a distribution is being deployed, some edges send the old value. */
  readonly sends: readonly (string | null)[];
}

export interface Sim {
  readonly listeners: Readonly<Record<number, readonly SimRule[]>>;
  readonly senders: readonly SimSender[];
  readonly secret: string | null;
}

const header = (...Values: string[]): PlainCondition => ({
  Field: 'http-header',
  HttpHeaderConfig: { HttpHeaderName: SECRET_HEADER, Values },
});

const conditionsOf = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom(['/a*'], ['/b*'], ['/a/x'], ['*'], ['/a*', '/b*']) },
    { weight: 1, arbitrary: fc.constant(['/?']) },
  )
  .map((Values): PlainCondition => ({ Field: 'path-pattern', PathPatternConfig: { Values } }));

const asked = fc.constantFrom(header(OLD), header(OLD, OTHER), header('*'), header(WEAK, OLD), header(OTHER));

const sims: fc.Arbitrary<Sim> = fc
  .record({
    listeners: fc.dictionary(
      fc.constantFrom('80', '443'),
      fc
        .tuple(
          fc.array(
            fc.record({
              paths: conditionsOf,
              asked: fc.option(asked, { freq: 2 }),
              target: fc.constantFrom('tg-a', 'tg-b', 'tg-a', null),
            }),
            { maxLength: 4 },
          ),
          fc.constantFrom('tg-a', 'tg-c', null),
          fc.shuffledSubarray([1, 3, 5, 6, 7, 20, 21], { minLength: 4, maxLength: 4 }),
          fc.boolean(),
        )
        .map(([rules, byDefault, numbers, isSame]) => [
          ...rules.map(({ paths, asked: condition, target }, at) => ({
            priority: String(numbers[at]),
            conditions: condition === null ? [paths] : [paths, condition],
            target: isSame && target !== null ? 'tg-a' : target,
          })),
          { priority: 'default', conditions: [], target: isSame && byDefault !== null ? 'tg-a' : byDefault },
        ]),
      { minKeys: 1 },
    ),
    senders: fc.array(fc.constantFrom(null, null, OLD, OLD, OTHER, WEAK), { minLength: 1, maxLength: 2 }),
  })
  .map(({ listeners, senders }) => ({
    listeners: Object.fromEntries(
      Object.entries(listeners).map(([port, rules]) => [
        Number(port),
        rules.map((rule) => ({ ...rule, arn: ruleArn(Number(port), rule.priority) })),
      ]),
    ),
    senders: senders.map((value, at) => ({ id: `E${String(at)}`, sends: [value] })),
    secret: null,
  }));
export const guideWorlds = sims;

/** The facts that would be read of it. */
export function factsOf({ listeners, senders }: Sim): AlbOriginFacts {
  return authFacts({
    ways: senders.map(({ id, sends: [value] }) =>
      way({
        path: path({ distributionId: distributionId(id), originId: 'alb' }),
        headers: known(value === null || value === undefined ? [] : [adds(value, SECRET_HEADER)]),
        custom: connects({ protocolPolicy: 'match-viewer' }),
      }),
    ),
    listeners: known(
      Object.entries(listeners).map(([port, rules]) => {
        const actionsOf = (target: string | null) =>
          target === null ? [{ Type: 'fixed-response' }] : [{ Type: 'forward', TargetGroupArn: target }];
        const read = rules.map(({ arn, priority, conditions, target }) =>
          sealRule(
            RuleItem.parse(
              lowerFirstKeys({
                RuleArn: arn,
                Priority: priority,
                IsDefault: priority === 'default',
                Conditions: conditions,
                Actions: actionsOf(target),
              }),
            ),
            digest,
          ),
        );
        const byDefault = read.find(({ priority }) => priority === 'default');
        const { listener } = listening({ port: Number(port), defaultActions: byDefault?.actions ?? null });
        return { listener, rules: known(read) };
      }),
    ),
  });
}

export function guideOf(sim: Sim, rotate: boolean) {
  const rule = factsOf(sim);
  const params = authParams({ headerName: SECRET_HEADER });
  const verdict = albOriginAuthenticated.decide(rule, params);
  const facts: GuideFacts = { rule, verdict, accounts: new Map(), unresolvedOrigins: [] };
  return { verdict, guide: planGuide(facts, params, { rotate }) };
}

/** Whether it is compliant by the rule's own verdict. */
export const verdictOf = (sim: Sim): string =>
  albOriginAuthenticated.decide(factsOf(sim), authParams({ headerName: SECRET_HEADER })).kind;

const isOnHeader = ({ Field }: PlainCondition): boolean => Field === 'http-header';

const sentNow = ({ senders }: Sim): string[] => [...new Set(senders.flatMap(({ sends }) => sends.at(-1) ?? []))].sort();

const onRule = (sim: Sim, arn: string, change: (rule: SimRule) => SimRule): Sim => ({
  ...sim,
  listeners: Object.fromEntries(
    Object.entries(sim.listeners).map(([port, rules]) => [
      port,
      rules.map((rule) => (rule.arn === arn ? change(rule) : rule)),
    ]),
  ),
});

/** Does one change as the script does it: what is accepted is read from what is sent at that moment. */
export function apply(sim: Sim, change: Change): Sim {
  switch (change.kind) {
    case 'make-secret':
      return { ...sim, secret: NEXT_VALUE };
    case 'accept-beside':
    case 'accept-only-sent':
      return onRule(sim, change.asker.ruleArn, (rule) => {
        const own = rule.conditions.flatMap((each) =>
          each.Field === 'http-header' ? (each.HttpHeaderConfig.Values ?? []) : [],
        );
        const next = change.kind === 'accept-beside' && change.withNext ? [sim.secret ?? ''] : [];
        const wanted = change.kind === 'accept-beside' ? [...own, ...sentNow(sim), ...next] : sentNow(sim);
        return {
          ...rule,
          conditions: [...rule.conditions.filter((each) => !isOnHeader(each)), header(...new Set(wanted))],
        };
      });
    case 'send-next':
      return {
        ...sim,
        senders: sim.senders.map((each) =>
          each.id === change.sender.distributionId ? { ...each, sends: [...each.sends, sim.secret] } : each,
        ),
      };
    case 'wait-deployed':
      return {
        ...sim,
        senders: sim.senders.map((each) =>
          each.id === change.distributionId ? { ...each, sends: each.sends.slice(-1) } : each,
        ),
      };
    case 'accept-by-copy': {
      const { copy } = change;
      return {
        ...sim,
        listeners: Object.fromEntries(
          Object.entries(sim.listeners).map(([port, rules]) => {
            const source = rules.find(({ arn }) => arn === copy.ofRuleArn);
            if (source === undefined || listenerArn(Number(port)) !== copy.listenerArn) return [port, rules];
            const made = {
              arn: `${copy.ofRuleArn}-copy`,
              priority: String(copy.priority),
              conditions: [...source.conditions, header(...sentNow(sim))],
              target: source.target,
            };
            if (rules.some(({ priority }) => priority === made.priority))
              throw new Error(`priority ${made.priority} is in use`);
            return [port, [...rules, made]];
          }),
        ),
      };
    }
    case 'close-default':
    case 'close-rule':
      return onRule(sim, change.copy.ofRuleArn, (rule) => ({ ...rule, target: null }));
  }
}

export const PATHS = ['/', '/a', '/a/x', '/b', '/c'] as const;

/** Where a request ends up: a target group, or `null`. Rules in their order, by the request simulator of the rule. */
export function targetOf(rules: readonly SimRule[], requestPath: string, value: string | null): string | null {
  const headers: Record<string, string> = value === null ? {} : { [SECRET_HEADER.toLowerCase()]: value };
  const request = { path: requestPath, headers, hasCertificate: false };
  const rank = ({ priority }: SimRule): number => (priority === 'default' ? Number.MAX_SAFE_INTEGER : Number(priority));
  const matches = ({ conditions: Conditions }: SimRule): boolean =>
    forwards(
      {
        port: 80,
        mode: 'off',
        rules: [{ Priority: '1', Conditions, Actions: [{ Type: 'forward' }] }],
        defaultActions: [],
      },
      request,
    );
  return [...rules].sort((a, b) => rank(a) - rank(b)).find(matches)?.target ?? null;
}

/** Where the requests of every distribution end up, for all that it may send at this moment. */
export const reached = ({ listeners, senders }: Sim): ReadonlyMap<string, ReadonlySet<string | null>> =>
  new Map(
    Object.entries(listeners).flatMap(([port, rules]) =>
      senders.flatMap(({ id, sends }) =>
        PATHS.map(
          (each) => [`${port} ${id} ${each}`, new Set(sends.map((value) => targetOf(rules, each, value)))] as const,
        ),
      ),
    ),
  );

/** Where requests of strangers end up. */
export const strangers = ({ listeners }: Sim, value: string | null = null): readonly (string | null)[] =>
  Object.values(listeners).flatMap((rules) => PATHS.map((each) => targetOf(rules, each, value)));

/** Every state that an order goes through. */
export function* statesOf(
  sim: Sim,
  { steps }: Pick<Order, 'steps'>,
): Generator<{ readonly step: string; readonly sim: Sim }> {
  let now = sim;
  yield { step: 'before', sim: now };
  for (const { name, changes } of steps)
    for (const change of changes) {
      now = apply(now, change);
      yield { step: name, sim: now };
    }
}
