import { createHmac } from 'node:crypto';
import { known } from '../../../core/fact.js';
import type { Listener, ListenerAction, ListenerRule } from '../../../core/model/listener.js';
import type { AlbOriginFacts } from '../../../rules/alb-origin-authenticated/facts.js';
import { albOriginAuthenticated } from '../../../rules/alb-origin-authenticated/rule.js';
import {
  adds,
  ANSWER,
  authFacts,
  authParams,
  connects,
  FORWARD,
  HEADER,
  listening,
  literal,
  NEXT,
  onHeader,
  onPath,
  rule,
  SECRET,
  sealed,
  way,
  withRules,
} from '../../support/auth-builders.js';
import { arnOf, distributionId, gap, hidden, loadBalancer, path } from '../../support/builders.js';
import { testRule } from '../../support/test-rule.js';

const OTHER_SECRET = 'made-up-of-the-other-3';
const declared = way({
  path: path({ distributionId: null, originId: null, originDomain: null, linkedBy: 'declared' }),
  headers: hidden('customHeaders'),
  custom: null,
});
const shop = way({
  path: path({ distributionId: distributionId('E2SHOP'), originId: 'shop' }),
  headers: known([adds(OTHER_SECRET)]),
});
const verify = { mutualAuthentication: { mode: 'verify', trustStoreArn: 'ts', isRemoved: false } } as const;
const certified = way({ headers: known([]), custom: connects({ clientCertificateArn: 'arn:aws:acm:…' }) });
const vpcWay = way({ path: path({ linkedBy: 'vpc-origin' }), headers: known([]), custom: null });
const internal = loadBalancer({ scheme: 'internal' });
const elsewhere = (value: string) =>
  sealed(value, (text) => createHmac('sha256', 'another run').update(text).digest('hex'));

testRule(albOriginAuthenticated, {
  compliant: [
    { name: 'every rule that forwards verifies the header, the default answers', facts: authFacts() },
    { name: 'no listener', facts: authFacts({ listeners: known([]) }) },
    {
      name: 'names of headers and their values compare without regard to case',
      facts: withRules([rule({ conditions: [onHeader([SECRET.toUpperCase()], 'X-ORIGIN-Verify')] })]),
    },
    {
      name: 'other conditions beside the header, in any order',
      facts: withRules([rule({ conditions: [onPath, onHeader(), onHeader(['prod'], 'x-env')] })]),
    },
    {
      name: 'two headers that must both be there: one that verifies is enough',
      facts: withRules(
        [rule({ conditions: [onHeader([{ kind: 'wildcard' }], 'x-viewer'), onHeader([SECRET], 'x-second')] })],
        {
          ways: [way({ headers: known([adds(), adds(SECRET, 'x-second')]) })],
        },
      ),
    },
    {
      name: 'a rotation: the next value beside the one that is sent, in one condition',
      facts: withRules([rule({ conditions: [onHeader([SECRET, NEXT])] })]),
    },
    {
      name: 'a rotation: the next value in a rule of its own',
      facts: withRules([rule(), rule({ priority: '11', conditions: [onHeader([NEXT])] })]),
    },
    {
      name: 'two distributions, each with a value of its own, in one condition',
      facts: withRules([rule({ conditions: [onHeader([SECRET, OTHER_SECRET])] })], { ways: [way(), shop] }),
    },
    {
      name: 'two distributions, each with a rule of its own',
      facts: withRules([rule(), rule({ priority: '11', conditions: [onPath, onHeader([OTHER_SECRET])] })], {
        ways: [way(), shop],
      }),
    },
    {
      name: 'a regular expression that is nothing but the value',
      facts: withRules([rule({ conditions: [onHeader([literal(SECRET, 'regex')])] })]),
    },
    {
      name: 'redirects and fixed responses need no header',
      facts: withRules([
        rule(),
        rule({ priority: '1', conditions: [onPath], actions: [{ type: 'redirect' }] }),
        rule({ priority: '2', conditions: null, actions: ANSWER }),
      ]),
    },
    {
      name: 'a listener that redirects, beside the one that CloudFront uses',
      facts: authFacts({
        listeners: known([listening(), listening({ port: 80, rules: [], defaultActions: [{ type: 'redirect' }] })]),
      }),
    },
    {
      name: 'a listener that no origin uses, where that is allowed',
      facts: authFacts({
        listeners: known([listening(), listening({ port: 8443, rules: [], defaultActions: FORWARD })]),
      }),
      params: { allowUnusedListeners: 'true' },
    },
    {
      name: 'the listener verifies the client certificate that the origin presents',
      facts: authFacts({
        ways: [certified],
        listeners: known([listening({ rules: [], defaultActions: FORWARD, listener: verify })]),
      }),
    },
    {
      name: 'nothing but a VPC origin leads to an internal load balancer; its listeners are not looked at',
      facts: authFacts({ loadBalancer: internal, ways: [vpcWay], listeners: hidden('listeners') }),
    },
    {
      name: 'declared by its tag, with the header named',
      facts: authFacts({ ways: [declared] }),
      params: { headerName: HEADER },
    },
    {
      name: 'AWS WAF is trusted, and CloudFront sends a long value',
      facts: authFacts({ listeners: known([listening({ rules: [], defaultActions: FORWARD })]) }),
      params: { wafChecksHeader: 'trust' },
    },
    {
      name: 'AWS WAF is trusted, and a tag declares who sends',
      facts: authFacts({ ways: [declared], listeners: hidden('listeners') }),
      params: { wafChecksHeader: 'trust' },
    },
    {
      name: 'a shorter value, where the parameter says so',
      facts: withRules([rule({ conditions: [onHeader(['short'])] })], {
        ways: [way({ headers: known([adds('short')]) })],
      }),
      params: { minSecretLength: '5' },
    },
  ],
  nonCompliant: [
    {
      name: 'the default action forwards',
      facts: withRules([], {}, FORWARD),
      reasons: ['default-action-forwards'],
      findings: [
        {
          reason: 'default-action-forwards',
          listenerArn: listening().listener.arn,
          port: 443,
          ruleArn: expect.stringContaining('/default') as string,
          priority: 'default',
          headerName: null,
          distributionId: null,
          originId: null,
        },
      ],
    },
    {
      name: 'the default action forwards beside a rule that verifies',
      facts: withRules([rule()], {}, FORWARD),
      reasons: ['default-action-forwards'],
    },
    {
      name: 'the default action authenticates users first',
      facts: withRules([], {}, [{ type: 'authenticate-oidc' }, ...FORWARD]),
      reasons: ['default-action-forwards'],
    },
    {
      name: 'a rule forwards by its path only',
      facts: withRules([rule(), rule({ priority: '20', conditions: [onPath] })]),
      reasons: ['rule-forwards-without-header'],
      findings: [
        {
          reason: 'rule-forwards-without-header',
          listenerArn: listening().listener.arn,
          port: 443,
          ruleArn: rule({ priority: '20' }).arn,
          priority: '20',
          headerName: null,
          distributionId: null,
          originId: null,
        },
      ],
    },
    {
      name: 'a rule that checks a token of the viewer first',
      facts: withRules([rule({ conditions: [onPath], actions: [{ type: 'jwt-validation' }, ...FORWARD] })]),
      reasons: ['rule-forwards-without-header'],
    },
    {
      name: 'a rule on a header that anybody may send',
      facts: withRules([
        rule(),
        rule({ priority: '20', conditions: [onHeader([{ kind: 'wildcard' }], 'user-agent')] }),
      ]),
      reasons: ['rule-forwards-without-header'],
    },
    {
      name: 'any value of the header will do, beside the right one',
      facts: withRules([rule({ conditions: [onHeader([SECRET, { kind: 'wildcard' }])] })]),
      reasons: ['wildcard-header-value'],
    },
    {
      name: 'a value that can be guessed',
      facts: withRules([rule({ conditions: [onHeader(['prod'])] })], {
        ways: [way({ headers: known([adds('prod')]) })],
      }),
      reasons: ['weak-header-value'],
    },
    {
      name: 'CloudFront sends another value: an outage',
      facts: withRules([rule({ conditions: [onHeader([NEXT])] })]),
      reasons: ['header-value-mismatch'],
      findings: [
        {
          reason: 'header-value-mismatch',
          listenerArn: listening().listener.arn,
          port: 443,
          ruleArn: rule().arn,
          priority: '10',
          headerName: HEADER,
          distributionId: 'E1WEB',
          originId: 'web',
        },
      ],
    },
    {
      name: 'one of two distributions is refused',
      facts: authFacts({ ways: [way(), shop] }),
      reasons: ['header-value-mismatch'],
    },
    {
      name: 'two values beside the one that is sent are a key too many',
      facts: withRules([rule({ conditions: [onHeader([SECRET, NEXT, OTHER_SECRET])] })]),
      reasons: ['header-value-mismatch'],
    },
    {
      name: 'CloudFront sends no header',
      facts: authFacts({ ways: [way({ headers: known([]) })] }),
      reasons: ['no-header-sent'],
    },
    {
      name: 'CloudFront sends another header than the one that the parameter names',
      facts: authFacts({}),
      params: { headerName: 'x-other' },
      reasons: ['rule-forwards-without-header'],
    },
    {
      name: 'a listener that no origin uses forwards',
      facts: authFacts({
        listeners: known([listening(), listening({ port: 8443, rules: [], defaultActions: FORWARD })]),
      }),
      reasons: ['default-action-forwards'],
    },
    {
      name: 'the listener asks for a certificate that the origin does not present',
      facts: authFacts({ listeners: known([listening({ listener: verify })]) }),
      reasons: ['no-header-sent'],
    },
    ...(['passthrough', 'off'] as const).map((mode) => ({
      name: `a certificate is not verified: ${mode}`,
      facts: authFacts({
        ways: [certified],
        listeners: known([
          listening({
            rules: [],
            defaultActions: FORWARD,
            listener: { mutualAuthentication: { mode, trustStoreArn: 'ts', isRemoved: false } },
          }),
        ]),
      }),
      reasons: ['default-action-forwards' as const],
    })),
    {
      name: 'a trust store that is shared no more',
      facts: authFacts({
        ways: [certified],
        listeners: known([
          listening({
            rules: [],
            defaultActions: FORWARD,
            listener: { mutualAuthentication: { mode: 'verify', trustStoreArn: 'ts', isRemoved: true } },
          }),
        ]),
      }),
      reasons: ['default-action-forwards'],
    },
    {
      name: 'a VPC origin leads to a load balancer that faces the internet',
      facts: withRules([], { ways: [vpcWay] }, FORWARD),
      reasons: ['default-action-forwards'],
    },
    {
      name: 'AWS WAF is trusted, and CloudFront sends nothing',
      facts: authFacts({ ways: [way({ headers: known([]) })] }),
      params: { wafChecksHeader: 'trust' },
      reasons: ['no-header-sent'],
    },
    {
      name: 'AWS WAF is trusted, and CloudFront sends a value that can be guessed',
      facts: authFacts({ ways: [way({ headers: known([adds('prod')]) })] }),
      params: { wafChecksHeader: 'trust' },
      reasons: ['weak-header-value'],
    },
    {
      name: 'what is open is told though other rules were not seen',
      facts: authFacts({
        listeners: known([{ ...listening({ defaultActions: FORWARD }), rules: hidden('rules of the listener') }]),
      }),
      reasons: ['default-action-forwards'],
      gaps: ['rules of the listener'],
    },
  ],
  notApplicable: [
    { name: 'gone', facts: authFacts({ deleted: true }), because: 'the load balancer is gone' },
    {
      name: 'a network load balancer',
      facts: authFacts({ loadBalancer: loadBalancer({ type: 'network' }) }),
      because: 'it is not an Application Load Balancer',
    },
    {
      name: 'exempt by its tag',
      facts: withRules(
        [],
        { loadBalancer: loadBalancer({ tags: known({ 'origin-guard:exempt': 'a test' }) }) },
        FORWARD,
      ),
      because: 'exempt by its tag origin-guard:exempt: a test',
    },
    {
      name: 'no distribution',
      facts: authFacts({ ways: [] }),
      because: 'no distribution has the load balancer as its origin',
    },
  ],
  indeterminate: [
    { name: 'listeners hidden by IAM', facts: authFacts({ listeners: hidden('listeners') }), gaps: ['listeners'] },
    {
      name: 'rules hidden by IAM',
      facts: authFacts({ listeners: known([{ ...listening(), rules: hidden('rules') }]) }),
      gaps: ['rules'],
    },
    {
      name: 'the load balancer was not seen, nor its place',
      facts: authFacts({ sightGap: gap('loadBalancers'), ways: [] }),
      gaps: ['loadBalancers'],
    },
    {
      name: 'no way seen, and distributions hidden',
      facts: authFacts({ ways: [], linkGaps: [gap('distributions')] }),
      gaps: ['distributions'],
    },
    {
      name: 'the headers that CloudFront adds were not seen',
      facts: authFacts({ ways: [way({ headers: hidden('customHeaders') })] }),
      gaps: ['customHeaders'],
    },
    {
      name: 'declared by its tag: nobody sees what is sent',
      facts: authFacts({ ways: [declared] }),
      gaps: ['customHeaders'],
    },
    {
      name: 'a value that nobody is seen to send, while a distribution may be hidden',
      facts: withRules([rule({ conditions: [onHeader([SECRET, NEXT, OTHER_SECRET])] })], {
        linkGaps: [gap('distributions')],
      }),
      gaps: ['distributions'],
    },
    {
      name: 'a regular expression that is more than a value',
      facts: withRules([rule({ conditions: [onHeader([{ kind: 'regex' }])] })]),
      gaps: ['header values of listener 443', `values of header ${HEADER}`],
    },
    {
      name: 'a regular expression that differs from the value by case',
      facts: withRules([rule({ conditions: [onHeader([literal(SECRET.toUpperCase(), 'regex')])] })]),
      gaps: ['header values of listener 443', `values of header ${HEADER}`],
    },
    {
      name: 'values that were hidden in two runs',
      facts: withRules([rule()], { ways: [way({ headers: known([{ name: HEADER, value: elsewhere(SECRET) }]) })] }),
      gaps: ['header values of listener 443', `values of header ${HEADER}`],
    },
    {
      name: 'conditions that cannot be read',
      facts: withRules([rule({ conditions: null })]),
      gaps: [`conditions of rule 10 of ${listening().listener.arn ?? ''}`, 'header values of listener 443'],
    },
    {
      name: 'a listener that may ask for certificates',
      facts: authFacts({ listeners: known([listening({ listener: { mutualAuthentication: null } })]) }),
      gaps: [`mutualAuthentication of ${listening().listener.arn ?? ''}`],
    },
    {
      name: 'a listener that may ask for certificates, and forwards by default',
      facts: authFacts({
        listeners: known([listening({ rules: [], defaultActions: FORWARD, listener: { mutualAuthentication: null } })]),
      }),
      gaps: [`mutualAuthentication of ${listening().listener.arn ?? ''}`],
    },
    {
      name: 'an action of a type that nobody knows',
      facts: withRules([rule(), rule({ priority: '20', conditions: [onPath], actions: [{ type: 'teleport' }] })]),
      gaps: [`actions of rule 20 of ${listening().listener.arn ?? ''}`],
    },
    {
      name: 'default actions that cannot be read',
      facts: withRules([rule()], {}, null),
      gaps: [`actions of rule default of ${listening().listener.arn ?? ''}`],
    },
    {
      name: 'it cannot be told to which listener CloudFront connects, and one refuses',
      facts: authFacts({
        ways: [way({ custom: null })],
        listeners: known([
          listening(),
          listening({ port: 80, rules: [rule({ port: 80, conditions: [onHeader([NEXT])] })] }),
        ]),
      }),
      gaps: ['settings of origin web of E1WEB'],
    },
    {
      name: 'whether the origin presents a certificate was not seen',
      facts: authFacts({ ways: [way({ custom: null })], listeners: known([listening({ listener: verify })]) }),
      gaps: ['clientCertificate of origin web of E1WEB'],
    },
    {
      name: 'the client that read the origin is too old to show its certificate',
      facts: authFacts({
        ways: [way({ custom: connects({ hidesCertificate: true }) })],
        listeners: known([listening({ listener: verify })]),
      }),
      gaps: ['clientCertificate of origin web of E1WEB'],
    },
    {
      name: 'nothing but a VPC origin, and nobody said whether it is internal',
      facts: authFacts({ loadBalancer: loadBalancer({ scheme: null }), ways: [vpcWay] }),
      gaps: [`scheme of ${arnOf('web')}`],
    },
    {
      name: 'a VPC origin that was not seen',
      facts: authFacts({ loadBalancer: internal, ways: [way({ vpcOriginGap: gap('vpcOrigin vo_1') })] }),
      gaps: ['vpcOrigin vo_1'],
    },
    {
      name: 'open, while its tags are denied: they may exempt it',
      facts: withRules([], { loadBalancer: loadBalancer({ tags: hidden('tags') }) }, FORWARD),
      gaps: ['tags'],
    },
    {
      name: 'AWS WAF is trusted, and what CloudFront sends was not seen',
      facts: authFacts({ ways: [way({ headers: hidden('customHeaders') })] }),
      params: { wafChecksHeader: 'trust' },
      gaps: ['customHeaders'],
    },
  ],
});

describe('words', () => {
  const { describe: inWords, advise, explain } = albOriginAuthenticated;
  const open = withRules(
    [rule({ conditions: [onHeader([NEXT])] }), rule({ priority: '20', conditions: [onPath] })],
    {},
    FORWARD,
  );

  it('a finding says where', () => {
    const verdict = albOriginAuthenticated.decide(open, authParams());
    expect(verdict.kind === 'non-compliant' ? verdict.findings.map(inWords) : []).toEqual([
      'listener 443, default action (default-action-forwards)',
      'listener 443, rule 20 (rule-forwards-without-header)',
      `listener 443, rule 10, header ${HEADER} (header-value-mismatch)`,
    ]);
  });

  it('advice comes in an order that refuses no visitor: the closing last', () => {
    expect(advise(open, authParams())).toEqual([
      `once nobody sends them, distributions of other accounts neither, take the values of ${HEADER} that were not seen to be sent out of listener 443, rule 10`,
      'once every distribution in front adds the header and is deployed, add a condition on it to listener 443, rule 20',
      'once a rule with the header forwards what CloudFront sends, let listener 443, default action answer 403',
    ]);
    expect(advise(authFacts(), authParams())).toEqual([]);
  });

  it('an explanation shows fingerprints and no value', () => {
    const steps = explain(authFacts(), authParams());
    expect(steps.map(({ outcome, text }) => `${outcome}: ${text}`)).toEqual([
      expect.stringMatching(/^info: it is origin web of E1WEB \(.*\[dns-name\]$/) as string,
      `info: origin web of E1WEB: CloudFront adds ${HEADER} (22 characters, fingerprint ${sealed(SECRET).digest.slice(0, 8)})`,
      'allowed: listener 443, rule 10: it accepts only what CloudFront sends [verifies-header]',
      'allowed: listener 443, default action: it does not forward [does-not-forward]',
      'allowed: listener 443: what CloudFront sends is accepted [reached]',
    ]);
  });

  const textsOf = (facts: AlbOriginFacts, given: Readonly<Record<string, string>> = {}): readonly string[] =>
    explain(facts, authParams(given)).map(({ outcome, text }) => `${outcome}: ${text}`);

  it('of one that no way leads to, the explanation is what hides ways, or why none counts', () => {
    expect(textsOf(authFacts({ ways: [], linkGaps: [gap('distributions')] }))).toEqual([
      `unknown: ${gap('distributions').detail}`,
    ]);
    expect(textsOf(authFacts({ ways: [] }))).toEqual(['info: no distribution has the load balancer as its origin']);
    expect(textsOf(authFacts({ deleted: true })).at(-1)).toBe('info: the load balancer is gone');
  });

  it('behind VPC origins the explanation says so, or what was not seen of them', () => {
    const behind = authFacts({ loadBalancer: internal, ways: [vpcWay], listeners: hidden('listeners') });
    expect(textsOf(behind)).toEqual([
      expect.stringMatching(/^info: it is origin web of E1WEB .*\[vpc-origin\]$/) as string,
      'info: origin web of E1WEB: CloudFront adds no header',
      'allowed: it is internal, and nothing but VPC origins leads to it [vpc-origin]',
    ]);
    const unseen = authFacts({ loadBalancer: internal, ways: [way({ vpcOriginGap: gap('vpcOrigin vo_1') })] });
    expect(textsOf(unseen).at(-1)).toBe(`unknown: ${gap('vpcOrigin vo_1').detail}`);
  });

  it('a load balancer without listeners lets in nobody, and the explanation says why', () => {
    expect(textsOf(authFacts({ listeners: known([]) })).at(-1)).toBe('allowed: it has no listener');
  });

  it('a certificate that the origin presents is told, and what nobody sees is told to be unknown', () => {
    const asks = authFacts({ ways: [certified], listeners: known([listening({ listener: verify })]) });
    expect(textsOf(asks).slice(1)).toEqual([
      'info: origin web of E1WEB: CloudFront adds no header, and it presents a client certificate',
      'allowed: listener 443: the listener verifies the client certificate [verifies-certificate]',
      'allowed: listener 443: what CloudFront sends is accepted [reached]',
    ]);
    expect(textsOf(authFacts({ ways: [declared] })).slice(0, 2)).toEqual([
      'info: CloudFront chooses the origin at run time and may choose it: somebody declared it, by originHostnames or by the tag origin-guard:fronted-by [declared]',
      `unknown: ${hidden('customHeaders').gap.detail}`,
    ]);
  });

  it('a listener without a number is named by its ARN, and by a question mark where it has none', () => {
    const nameless = (listener: Partial<Listener>) =>
      authFacts({ listeners: known([listening({ rules: [], defaultActions: FORWARD, listener })]) });
    const findingsOf = (facts: AlbOriginFacts) => {
      const verdict = albOriginAuthenticated.decide(facts, authParams());
      return verdict.kind === 'non-compliant' ? verdict.findings.map(inWords) : [];
    };
    const arn = listening().listener.arn ?? '';
    expect(findingsOf(nameless({ port: null }))).toEqual([`listener ${arn}, default action (default-action-forwards)`]);
    expect(findingsOf(nameless({ port: null, arn: null }))).toEqual([
      'listener of an unknown port, default action (default-action-forwards)',
    ]);
    const unread = nameless({ port: null, arn: null, mutualAuthentication: null });
    expect(albOriginAuthenticated.decide(unread, authParams())).toMatchObject({
      kind: 'indeterminate',
      gaps: [
        {
          fact: 'mutualAuthentication of listener ?',
          detail: expect.stringContaining('whether listener ? verifies client certificates cannot be read') as string,
        },
      ],
    });
  });

  it('what cannot be read of a listener without an ARN is told by its number', () => {
    const gapsOf = (facts: AlbOriginFacts) => {
      const verdict = albOriginAuthenticated.decide(facts, authParams());
      return verdict.kind === 'indeterminate' ? verdict.gaps.map(({ fact }) => fact) : [];
    };
    const closed = (rules: readonly ListenerRule[], defaultActions: readonly ListenerAction[] | null = ANSWER) =>
      authFacts({ listeners: known([listening({ rules, defaultActions, listener: { arn: null } })]) });
    expect(gapsOf(closed([rule()], null))).toEqual(['actions of rule default of listener 443']);
    expect(gapsOf(closed([rule(), rule({ priority: '20', conditions: null })]))).toEqual([
      'conditions of rule 20 of listener 443',
    ]);
  });

  it('every finding has its advice', () => {
    const adviceOn = (facts: AlbOriginFacts, given: Readonly<Record<string, string>> = {}) =>
      advise(facts, authParams(given));
    const silent = way({ headers: known([]) });
    expect(adviceOn(authFacts({ ways: [silent] }))).toEqual([
      `let origin web of E1WEB add ${HEADER}, and wait until the distribution is deployed`,
    ]);
    expect(adviceOn(authFacts({ ways: [silent] }), { wafChecksHeader: 'trust' })).toEqual([
      'let origin web of E1WEB add a header with a secret value, and wait until the distribution is deployed',
    ]);
    expect(adviceOn(authFacts({ listeners: known([listening({ listener: verify })]) }))).toEqual([
      'give origin web of E1WEB a client certificate that the trust store of listener 443 knows, or let the listener verify a header instead',
    ]);
    expect(adviceOn(withRules([rule({ conditions: [onHeader([NEXT])] })]))).toEqual([
      `let listener 443, rule 10 accept the value of ${HEADER} that origin web of E1WEB adds, beside those it accepts`,
    ]);
    const weak = { ways: [way({ headers: known([adds('weak')]) })] };
    expect(adviceOn(withRules([rule({ conditions: [onHeader(['weak'])] })], weak))).toEqual([
      `rotate ${HEADER} to a longer value: let listener 443, rule 10 accept the new one first`,
    ]);
    expect(adviceOn(withRules([rule({ conditions: [onHeader([{ kind: 'wildcard' }])] })]))).toEqual([
      `let listener 443, rule 10 compare ${HEADER} with the value itself, without * and ? and without a regular expression`,
    ]);
  });

  it('a finding about what CloudFront sends names no listener', () => {
    const facts = authFacts({ ways: [way({ headers: known([]) })] });
    const verdict = albOriginAuthenticated.decide(facts, authParams({ wafChecksHeader: 'trust', headerName: 'x-own' }));
    expect(verdict.kind === 'non-compliant' ? verdict.findings.map(inWords) : []).toEqual([
      'what CloudFront sends, header x-own, from E1WEB (no-header-sent)',
    ]);
  });
});
