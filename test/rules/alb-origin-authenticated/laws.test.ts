import * as fc from 'fast-check';
import { known, type Fact } from '../../../core/fact.js';
import type { Listener, ListenerRule } from '../../../core/model/listener.js';
import type { Verdict } from '../../../core/verdict.js';
import type { AlbOriginFacts, ListenerFacts } from '../../../rules/alb-origin-authenticated/facts.js';
import { albOriginAuthenticated } from '../../../rules/alb-origin-authenticated/rule.js';
import { adds, authParams, HEADER } from '../../support/auth-builders.js';
import { hidden } from '../../support/builders.js';
import { propertyRuns } from '../../support/property-runs.js';
import { factsOf, isOpen, isOutage, plainWorlds, STRONG } from './worlds.js';

type Decide = (facts: AlbOriginFacts) => Verdict<unknown>['kind'];

const decide: Decide = (facts) => albOriginAuthenticated.decide(facts, authParams()).kind;

/** How a decision fares over many worlds: the first in which it passes what is open or an outage. */
function firstWrong(judge: Decide, numRuns: number) {
  return fc.check(
    fc.property(plainWorlds, (world) => judge(factsOf(world)) !== 'compliant' || !(isOpen(world) || isOutage(world))),
    { numRuns, seed: 20260701 },
  );
}

describe('a load balancer that forwards what a stranger sends, or refuses what CloudFront sends', () => {
  it('is never compliant', () => {
    const { failed, counterexample } = firstWrong(decide, propertyRuns(1500));
    expect([failed, JSON.stringify(counterexample)]).toEqual([false, 'null']);
  });

  it('and many a world is compliant, many are open, many are an outage', () => {
    const worlds = fc.sample(plainWorlds, { numRuns: 800, seed: 20260701 });
    expect(worlds.filter((world) => decide(factsOf(world)) === 'compliant').length).toBeGreaterThan(20);
    expect(worlds.filter(isOpen).length).toBeGreaterThan(150);
    expect(worlds.filter((world) => isOutage(world) && !isOpen(world)).length).toBeGreaterThan(20);
  });
});

describe('mistakes that the law finds', () => {
  const listeners =
    (change: (each: ListenerFacts) => ListenerFacts) =>
    (facts: AlbOriginFacts): AlbOriginFacts => ({
      ...facts,
      listeners: facts.listeners.known ? known(facts.listeners.value.map(change)) : facts.listeners,
    });
  const rules = (change: (own: readonly ListenerRule[]) => readonly ListenerRule[]) =>
    listeners((each) => ({ ...each, rules: each.rules.known ? known(change(each.rules.value)) : each.rules }));
  const eachRule = (change: (rule: ListenerRule) => ListenerRule) => rules((own) => own.map(change));
  const accepted = (
    change: (
      all: Extract<NonNullable<ListenerRule['conditions']>[number], { kind: 'http-header' }>['accepted'],
    ) => typeof all,
  ) =>
    eachRule((rule) => ({
      ...rule,
      conditions:
        rule.conditions?.map((each) =>
          each.kind === 'http-header' ? { ...each, accepted: change(each.accepted) } : each,
        ) ?? null,
    }));
  const listener = (change: (each: Listener) => Partial<Listener>) =>
    listeners((each) => ({ ...each, listener: { ...each.listener, ...change(each.listener) } }));
  const sending =
    (values: readonly string[]) =>
    (facts: AlbOriginFacts): AlbOriginFacts => ({
      ...facts,
      ways: facts.ways.map((each) => ({ ...each, headers: known(values.map((value) => adds(value))) })),
    });
  const answers = [{ type: 'fixed-response' }];
  const after =
    (change: (facts: AlbOriginFacts) => AlbOriginFacts): Decide =>
    (facts) =>
      decide(change(facts));
  const withParams =
    (given: Readonly<Record<string, string>>): Decide =>
    (facts) =>
      albOriginAuthenticated.decide(facts, authParams(given)).kind;
  const isDefault = ({ priority }: ListenerRule): boolean => priority === 'default';

  const mutants: Readonly<Record<string, Decide>> = {
    'the default action is not looked at': (facts) =>
      decide(
        eachRule((rule) => (isDefault(rule) ? { ...rule, actions: answers } : rule))(
          listener(() => ({ defaultActions: answers }))(facts),
        ),
      ),
    'only the first rule is looked at': after(
      rules((own) => [...own.filter((rule) => !isDefault(rule)).slice(0, 1), ...own.filter(isDefault)]),
    ),
    'one rule that verifies is enough': after(
      rules((own) =>
        own.filter((rule) => isDefault(rule) || rule.conditions?.some(({ kind }) => kind === 'http-header')),
      ),
    ),
    'wildcards are passed over': after(accepted((all) => all.filter(({ kind }) => kind !== 'wildcard'))),
    'regular expressions are passed over': after(accepted((all) => all.filter(({ kind }) => kind !== 'regex'))),
    'only the first value is looked at': after(accepted((all) => all.slice(0, 1))),
    'any length will do': withParams({ minSecretLength: '1' }),
    'any header will do': after(
      eachRule((rule) => ({
        ...rule,
        conditions:
          rule.conditions?.map((each) => (each.kind === 'http-header' ? { ...each, name: HEADER } : each)) ?? null,
      })),
    ),
    'any long value counts as sent': after(sending(STRONG)),
    'users who log in are enough': after(
      eachRule((rule) =>
        rule.actions?.[0]?.type.startsWith('authenticate') === true ? { ...rule, actions: answers } : rule,
      ),
    ),
    'a token is enough': after(
      eachRule((rule) => (rule.actions?.[0]?.type === 'jwt-validation' ? { ...rule, actions: answers } : rule)),
    ),
    'a certificate that is passed through is enough': after(
      listener(({ mutualAuthentication: asked }) => ({
        mutualAuthentication: asked?.mode === 'passthrough' ? { ...asked, mode: 'verify' } : asked,
      })),
    ),
    'a listener that no origin uses does not count': withParams({ allowUnusedListeners: 'true' }),
    'AWS WAF is always trusted': withParams({ wafChecksHeader: 'trust' }),
    'the first listener stands for all': (facts) =>
      decide({
        ...facts,
        listeners: facts.listeners.known ? known(facts.listeners.value.slice(0, 1)) : facts.listeners,
      }),
    'values that nobody sends are passed over': after((facts) => {
      const sent = new Set(
        facts.ways.flatMap(({ headers }) => (headers.known ? headers.value.map(({ value }) => value.digest) : [])),
      );
      return accepted((all) => {
        const kept = all.filter((each) => each.kind !== 'literal' || sent.has(each.value.digest));
        return kept.length === 0 ? all : kept;
      })(facts);
    }),
    'whether CloudFront gets through is not looked at': after((facts) => ({ ...facts, ways: facts.ways.slice(0, 1) })),
    'the origin is taken to have a certificate': after((facts) => ({
      ...facts,
      ways: facts.ways.map((each) => ({
        ...each,
        custom: each.custom === null ? null : { ...each.custom, clientCertificateArn: 'arn' },
      })),
    })),
  };

  it.each(Object.entries(mutants))('%s', (_, mutant) => {
    expect(firstWrong(mutant, 20_000).failed).toBe(true);
  });
});

describe('hiding evidence never makes a pass', () => {
  const gapOr = <T>(isHidden: boolean, fact: Fact<T>, what: string): Fact<T> => (isHidden ? hidden(what) : fact);
  it('of listeners, rules, conditions, actions, headers or settings', () => {
    fc.assert(
      fc.property(plainWorlds, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (world, hide) => {
        const facts = factsOf(world);
        fc.pre(facts.listeners.known && decide(facts) !== 'compliant');
        const all = facts.listeners.known ? facts.listeners.value : [];
        const seen = all.map((each, at): ListenerFacts => ({
          listener: {
            ...each.listener,
            ...(hide[0] === true && at === 0 ? { defaultActions: null } : {}),
            ...(hide[1] === true && at === 0 ? { port: null } : {}),
            ...(hide[2] === true && at === 0 ? { mutualAuthentication: null } : {}),
          },
          rules: gapOr(hide[3] === true && at === 0, each.rules, 'rules'),
        }));
        const less: AlbOriginFacts = {
          ...facts,
          listeners: gapOr(hide[4] === true, known(seen), 'listeners'),
          ways: facts.ways.map((each, at) => ({
            ...each,
            headers: gapOr(hide[5] === true && at === 0, each.headers, 'headers'),
            custom: hide[6] === true && at === 0 ? null : each.custom,
          })),
        };
        expect(decide(less)).not.toBe('compliant');
      }),
      { numRuns: propertyRuns(1500), seed: 20260702 },
    );
  });
});
