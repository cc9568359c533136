import { known, missing } from '../../../core/fact.js';
import { DEFAULT_PRIORITY, type ListenerRule } from '../../../core/model/listener.js';
import type { LoadBalancerArn } from '../../../core/ids.js';
import { guideLoadBalancer } from '../../../remediation/alb-origin-authenticated/gather-guide.js';
import { planGuide } from '../../../remediation/alb-origin-authenticated/plan-guide.js';
import { GUIDE_REFUSALS } from '../../../remediation/alb-origin-authenticated/refusals.js';
import { albOriginAuthenticated } from '../../../rules/alb-origin-authenticated/rule.js';
import { guideFor } from '../../support/guides.js';
import {
  adds,
  ANSWER,
  authFacts,
  authParams,
  byDefault,
  connects,
  FORWARD,
  HEADER,
  listening,
  onHeader,
  onPath,
  rule,
  SECRET,
  way,
  withRules,
} from '../../support/auth-builders.js';
import { fakePorts } from '../../support/fake-ports.js';
import {
  ACCOUNT,
  distributionId,
  gap,
  hidden,
  loadBalancer,
  NOW,
  OTHER_ACCOUNT,
  path,
} from '../../support/builders.js';

const onlyPath = (priority: string, more: Partial<ListenerRule> = {}): ListenerRule =>
  rule({ priority, conditions: [onPath], ...more });

const stepsOf = (...given: Parameters<typeof guideFor>): readonly string[] => {
  const guide = guideFor(...given);
  if (guide.kind !== 'order') throw new Error(`no order: ${JSON.stringify(guide)}`);
  return guide.steps.map(({ name }) => name);
};

describe('the order', () => {
  test('a default that forwards, and no header yet: secret, send, wait, accept, watch, close', () => {
    const facts = withRules([], { ways: [way({ headers: known([]) })] }, FORWARD);
    expect(stepsOf(facts)).toEqual(['make-secret', 'send', 'wait', 'accept', 'watch', 'close-default']);
  });

  test('a header that is named and sent already needs no secret', () => {
    const facts = withRules([onlyPath('10')], {}, FORWARD);
    expect(stepsOf(facts, { headerName: HEADER })).toEqual(['accept', 'watch', 'close-default', 'close-rules']);
  });

  test('a header that is sent, and that nobody named and no rule asks for, may be no secret', () => {
    const guide = guideFor(withRules([], {}, FORWARD));
    expect(guide).toMatchObject({ headerName: 'X-Origin-Verify', aim: 'introduce' });
    const other = guideFor(withRules([], { ways: [way({ headers: known([adds(SECRET, 'x-env')]) })] }, FORWARD));
    expect(other).toMatchObject({ headerName: 'X-Origin-Verify', senders: [{ spellings: [], changes: true }] });
  });

  test('an outage: what is sent is accepted first', () => {
    const facts = withRules([rule({ conditions: [onHeader(['made-up-value-of-nobody'])] })]);
    expect(guideFor(facts)).toMatchObject({ aim: 'repair' });
    expect(stepsOf(facts)).toEqual(['accept-next', 'watch', 'accept-only-sent']);
  });

  test('a weak value is rotated: the next one is accepted before it is sent', () => {
    const facts = withRules([rule({ conditions: [onHeader(['weak'])] })], {
      ways: [way({ headers: known([adds('weak')]) })],
    });
    expect(stepsOf(facts)).toEqual(['make-secret', 'accept-next', 'send', 'wait', 'watch', 'accept-only-sent']);
  });

  test('a wildcard is replaced by what is sent', () => {
    const facts = withRules([rule({ conditions: [onHeader([{ kind: 'wildcard' }])] })]);
    expect(stepsOf(facts)).toEqual(['accept-next', 'watch', 'accept-only-sent']);
  });

  test('compliant: nothing to do, and a rotation when it is asked for', () => {
    expect(guideFor(authFacts())).toEqual({
      kind: 'nothing-to-do',
      because: 'every request that is forwarded comes from its own distribution',
      canRotate: true,
    });
    expect(guideFor(authFacts(), {}, { rotate: true })).toMatchObject({ aim: 'rotate' });
    expect(stepsOf(authFacts(), {}, { rotate: true })).toEqual([
      'make-secret',
      'accept-next',
      'send',
      'wait',
      'watch',
      'accept-only-sent',
    ]);
  });

  test('several distributions, origins and listeners are each in it', () => {
    const second = way({
      path: path({ distributionId: distributionId('E2API'), originId: 'api' }),
      headers: known([]),
    });
    const guide = guideFor(
      authFacts({
        ways: [way({ headers: known([]) }), second],
        listeners: known([
          listening({ port: 80, rules: [], defaultActions: FORWARD }),
          listening({ rules: [], defaultActions: FORWARD }),
        ]),
      }),
    );
    expect(guide).toMatchObject({
      senders: [
        { distributionId: 'E1WEB', originId: 'web' },
        { distributionId: 'E2API', originId: 'api' },
      ],
      copies: [
        { port: 80, ofPriority: 'default', priority: 1 },
        { port: 443, ofPriority: 'default', priority: 1 },
      ],
      risks: expect.arrayContaining([expect.stringContaining('no origin connects to listener 80')]),
    });
  });
});

describe('where copies stand', () => {
  const prioritiesOf = (...rules: readonly ListenerRule[]) => {
    const guide = guideFor(withRules(rules, {}, FORWARD), { headerName: HEADER });
    return guide.kind === 'order' ? guide.copies.map(({ ofPriority, priority }) => [ofPriority, priority]) : guide;
  };

  test('in front of their own rule, behind a redirect, and the one of the default action last', () => {
    expect(prioritiesOf(onlyPath('10', { actions: ANSWER }), onlyPath('20'), onlyPath('21'))).toEqual([
      ['20', 18],
      ['21', 19],
      [DEFAULT_PRIORITY, 22],
    ]);
  });

  test('without room it is refused, with numbers that make room', () => {
    expect(prioritiesOf(onlyPath('1'), onlyPath('2'))).toMatchObject({
      code: 'NO_FREE_PRIORITY',
      renumber: [{ priority: 10 }, { priority: 20 }],
    });
  });
});

const many = (count: number): readonly ListenerRule[] =>
  Array.from({ length: count }, (_, at) => onlyPath(String((at + 1) * 10)));

const REFUSED: readonly (readonly [keyof typeof GUIDE_REFUSALS, Parameters<typeof guideFor>])[] = [
  ['LOAD_BALANCER_NOT_FOUND', [authFacts({ deleted: true })]],
  ['NOT_AN_ALB', [authFacts({ loadBalancer: loadBalancer({ type: 'network' }) })]],
  ['EXEMPT', [authFacts({ loadBalancer: loadBalancer({ tags: known({ 'origin-guard:exempt': 'partner' }) }) })]],
  ['NOT_FRONTED', [authFacts({ ways: [] })]],
  ['LOOKUP_FAILED', [authFacts({ listeners: missing(gap('listeners')) })]],
  ['LOOKUP_FAILED', [withRules([], { linkGaps: [gap('distributions')] }, FORWARD)]],
  ['LOOKUP_FAILED', [withRules([onlyPath('10', { conditions: null })], {}, FORWARD)]],
  [
    'LOOKUP_FAILED',
    [
      authFacts({
        listeners: known([listening({ rules: [], defaultActions: FORWARD, listener: { mutualAuthentication: null } })]),
      }),
    ],
  ],
  ['OTHER_ACCOUNT', [withRules([], {}, FORWARD), {}, { accounts: { E1WEB: OTHER_ACCOUNT } }]],
  [
    'CONTROLLER_MANAGED',
    [withRules([], { loadBalancer: loadBalancer({ tags: known({ 'elbv2.k8s.aws/cluster': 'prod' }) }) }, FORWARD)],
  ],
  ['WAF_CHECKS', [withRules([], { ways: [way({ headers: known([]) })] }, FORWARD), { wafChecksHeader: 'trust' }]],
  [
    'CLIENT_CERTIFICATE',
    [
      authFacts({
        listeners: known([
          listening({ listener: { mutualAuthentication: { mode: 'verify', trustStoreArn: 'ts', isRemoved: false } } }),
        ]),
      }),
    ],
  ],
  [
    'SEVERAL_HEADERS',
    [
      withRules(
        [rule(), rule({ priority: '20', conditions: [onHeader([SECRET], 'x-env')] })],
        { ways: [way({ headers: known([adds(), adds(SECRET, 'x-env')]) })] },
        FORWARD,
      ),
    ],
  ],
  [
    'ROUTES_BY_HEADER',
    [
      withRules(
        [rule({ actions: [{ type: 'forward', targetGroupArns: ['api'] }] })],
        { ways: [way({ headers: known([]) })] },
        FORWARD,
      ),
      { headerName: HEADER },
    ],
  ],
  [
    'REGEX_VALUE',
    [
      withRules([rule({ conditions: [onHeader([{ kind: 'regex' }, 'weak'])] })], {
        ways: [way({ headers: known([adds('weak')]) })],
      }),
    ],
  ],
  ['CLIENT_SECRET', [withRules([], {}, [{ type: 'authenticate-oidc' }, ...FORWARD]), { headerName: HEADER }]],
  ['NO_FREE_PRIORITY', [withRules([onlyPath('1')], {}, FORWARD)]],
  ['NO_FREE_PRIORITY', [withRules([onlyPath('50000')], {}, FORWARD)]],
  [
    'CONDITION_LIMIT',
    [withRules([onlyPath('10', { conditions: [{ kind: 'other', field: 'path-pattern', values: 5 }] })], {}, FORWARD)],
  ],
  ['RULE_QUOTA', [withRules(many(50), {}, FORWARD)]],
  ['NOTHING_TO_ROTATE', [withRules([], {}, FORWARD), {}, { rotate: true }]],
];

test.each(REFUSED)('refused in words: %s', (code, given) => {
  const guide = guideFor(...given);
  expect(guide).toMatchObject({ kind: 'refuse', code, nextStep: GUIDE_REFUSALS[code].nextStep });
  expect(guide.because).toMatch(/\S/);
});

test('every refusal has a case', () => {
  expect([...new Set(REFUSED.map(([code]) => code))].sort()).toEqual(Object.keys(GUIDE_REFUSALS).sort());
});

test.each([
  ['loadBalancers', authFacts({ ways: [], sightGap: gap('loadBalancers') })],
  ['tags', authFacts({ loadBalancer: loadBalancer({ tags: hidden('tags') }) })],
  ['rules', authFacts({ listeners: known([{ ...listening({ defaultActions: FORWARD }), rules: hidden('rules') }]) })],
  [
    'listeners',
    authFacts({
      loadBalancer: loadBalancer({ scheme: 'internal' }),
      ways: [way({ path: path({ linkedBy: 'vpc-origin' }) })],
      listeners: hidden('listeners'),
    }),
  ],
])('without sight of the %s nobody is told to change anything', (fact, facts) => {
  expect(guideFor(facts, {}, { rotate: true })).toMatchObject({
    kind: 'refuse',
    code: 'LOOKUP_FAILED',
    because: expect.stringContaining(gap(fact).detail) as string,
  });
});

test('a listener that may verify certificates is not closed beside one that is open', () => {
  const unread = listening({ port: 8443, listener: { mutualAuthentication: null } });
  const facts = authFacts({ listeners: known([listening({ rules: [], defaultActions: FORWARD }), unread]) });
  expect(guideFor(facts)).toMatchObject({
    code: 'LOOKUP_FAILED',
    because:
      'whether listener 8443 verifies client certificates cannot be read; add the output of aws elbv2 describe-listeners',
  });
});

test('the account of the load balancer itself is no other one', () => {
  expect(guideFor(withRules([], {}, FORWARD), {}, { accounts: { E1WEB: ACCOUNT } }).kind).toBe('order');
});

test('who is declared by a tag sends nothing that an order could change', () => {
  const declared = way({
    path: path({ distributionId: null, originId: null, originDomain: null, linkedBy: 'declared' }),
    custom: null,
  });
  const guide = guideFor(withRules([], { ways: [way({ headers: known([]) }), declared] }, FORWARD));
  expect(guide).toMatchObject({ senders: [{ distributionId: 'E1WEB', originId: 'web' }] });
});

test('a header that a rule asks for and a finding is about is the one, though nobody sends it', () => {
  const facts = withRules([rule({ conditions: [onHeader([SECRET], 'X-Ours')] })], {
    ways: [way({ headers: known([]) })],
  });
  expect(guideFor(facts)).toMatchObject({ headerName: 'X-Ours', aim: 'repair' });
});

test('an origin that nobody could resolve is a risk that the order names', () => {
  const facts = withRules([], { ways: [way({ headers: known([]) })] }, FORWARD);
  const verdict = albOriginAuthenticated.decide(facts, authParams());
  const unresolved = {
    distributionId: distributionId('E9OLD'),
    originId: 'old',
    domain: 'old.example.com',
    why: 'no answer',
  };
  const given = { rule: facts, verdict, accounts: new Map(), unresolvedOrigins: [unresolved] };
  expect(planGuide(given, authParams(), { rotate: false })).toMatchObject({
    risks: expect.arrayContaining([
      'nobody could resolve origin old of E9OLD (old.example.com): if it leads here, it must send X-Origin-Verify too before anything is closed',
    ]) as string[],
  });
});

test('a text that is no ARN names no load balancer', async () => {
  const settings = { params: authParams(), rotate: false, now: NOW };
  const { guide } = await guideLoadBalancer(fakePorts(), 'web' as LoadBalancerArn, settings);
  expect(guide).toMatchObject({ code: 'LOAD_BALANCER_NOT_FOUND', because: 'no load balancer web in what was read' });
});

test('a rule that makes its default out of nothing is no reason to go on', () => {
  const blind = { ...listening({ rules: [], defaultActions: FORWARD }), rules: known([] as readonly ListenerRule[]) };
  expect(guideFor(authFacts({ listeners: known([blind]), ways: [way({ custom: connects() })] }))).toMatchObject({
    code: 'LOOKUP_FAILED',
  });
  expect(byDefault().priority).toBe(DEFAULT_PRIORITY);
});
