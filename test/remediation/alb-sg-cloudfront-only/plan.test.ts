import { known, missing } from '../../../core/fact.js';
import type { Fix } from '../../../core/plan.js';
import type { PlanFacts } from '../../../remediation/alb-sg-cloudfront-only/facts.js';
import type { PlanOptions } from '../../../remediation/alb-sg-cloudfront-only/options.js';
import {
  admitting,
  albSgFacts,
  albSgParams,
  arnOf,
  CLOUDFRONT_V4,
  CLOUDFRONT_V6,
  fromCidr,
  fromGroup,
  fromList,
  gap,
  listId,
  listsById,
  loadBalancer,
  open,
  prefixList,
  prefixListV6,
  securityGroup,
} from '../../support/builders.js';
import {
  answers,
  behindTwo,
  cloudfront,
  connects,
  inTexts,
  named,
  openGroup,
  openTo,
  planFacts,
  planOf,
  way,
  world,
  worldV6,
} from '../../support/plan-facts.js';

type Case = readonly [what: string, facts: PlanFacts, options: Partial<PlanOptions>, plan: object];

const V4 = (port: number, to = port): string => `ipv4:${CLOUDFRONT_V4}:${String(port)}-${String(to)}`;
const V6 = (port: number): string => `ipv6:${CLOUDFRONT_V6}:${String(port)}-${String(port)}`;
const NEW = 'origin-guard-50dc6c495c0c9188';

/** Edits: the world on HTTPS goes, CloudFront's list comes. */
const EDIT = {
  strategy: 'EDIT',
  required: ['ipv4/443'],
  grants: [V4(443)],
  revoke: ['sgr-0443'],
  kept: [],
  dedicated: [],
  groups: null,
  quota: '1+0 > 56+55 > 55+55 of 60 (assumed)',
};
const assumed = { asked: answers({ rulesQuota: missing(gap('quota', 'not-seen')) }) };
const listening = (...ports: readonly number[]) => ({ listeners: new Map([[arnOf('web'), known(ports)]]) });
const customer = prefixList({ id: listId('pl-0own'), name: 'partners', ownerId: '111122223333', maxEntries: 20 });
const bothPorts = { ways: [way({ custom: connects({ protocolPolicy: 'match-viewer' }) })] };
const dualstack = {
  users: [loadBalancer({ ipAddressType: 'dualstack' })],
  ways: [way({ custom: connects({ ipAddressType: 'dualstack' }) })],
};

describe('an edit', () => {
  it.each<Case>([
    ['the world on HTTPS', openTo([world()], assumed), {}, EDIT],
    [
      'the quota of the account, where it was read',
      openTo([world()]),
      {},
      { ...EDIT, quota: '1+0 > 56+55 > 55+55 of 60' },
    ],
    [
      "CloudFront's list is there already: nothing is added",
      openTo([cloudfront(), world()], assumed),
      {},
      { ...EDIT, grants: [], quota: '56+55 > 56+55 > 55+55 of 60 (assumed)' },
    ],
    [
      'all traffic from everybody: only the port that CloudFront uses is opened',
      openTo([named('all', open(fromCidr('0.0.0.0/0'), '-1', null))], assumed),
      {},
      { ...EDIT, revoke: ['sgr-0all'] },
    ],
    [
      "CloudFront's addresses, pasted by hand, are replaced by its list",
      openTo([named('pasted', open(fromCidr('13.124.199.0/24')))], assumed),
      {},
      { ...EDIT, revoke: ['sgr-0pasted'] },
    ],
    [
      'a port that CloudFront does not use is closed, and nothing is opened',
      openTo([named('ssh', open(fromCidr('0.0.0.0/0'), 'tcp', 22))], assumed),
      {},
      { ...EDIT, required: [], grants: [], revoke: ['sgr-0ssh'], quota: '1+0 > 1+0 > 0+0 of 60 (assumed)' },
    ],
    [
      'a port that is closed to CloudFront today stays closed',
      openTo([world(443)], { ...assumed, ...bothPorts }),
      {},
      EDIT,
    ],
    [
      'everybody by IPv6, where neither side speaks it: removed, and nothing is added',
      openTo([world(), worldV6()], assumed),
      {},
      { ...EDIT, revoke: ['sgr-0443', 'sgr-0443v6'], quota: '1+1 > 56+56 > 55+55 of 60 (assumed)' },
    ],
    [
      'both families, counted each by its own',
      openTo([world(), worldV6()], { ...assumed, ...dualstack }),
      { quotaModel: 'by-family' },
      {
        ...EDIT,
        required: ['ipv4/443', 'ipv6/443'],
        grants: [V4(443), V6(443)],
        revoke: ['sgr-0443', 'sgr-0443v6'],
        quota: '1+1 > 56+56 > 55+55 of 60 (assumed)',
      },
    ],
    [
      'both families, each counted in both, where the quota is raised',
      openTo([world(), worldV6()], { ...dualstack, asked: answers({ rulesQuota: known(200) }) }),
      {},
      {
        ...EDIT,
        required: ['ipv4/443', 'ipv6/443'],
        grants: [V4(443), V6(443)],
        revoke: ['sgr-0443', 'sgr-0443v6'],
        quota: '1+1 > 111+111 > 110+110 of 200',
      },
    ],
    [
      'two ports, where the quota is raised',
      openTo([world(80), world(443)], { ...bothPorts, asked: answers({ rulesQuota: known(200) }) }),
      {},
      {
        ...EDIT,
        required: ['ipv4/80', 'ipv4/443'],
        grants: [V4(80), V4(443)],
        revoke: ['sgr-0443', 'sgr-080'],
        quota: '2+0 > 112+110 > 110+110 of 200',
      },
    ],
    [
      'two ports beside each other share a rule',
      openTo([world(8080), world(8081)], {
        asked: answers({ ...listening(8080, 8081), rulesQuota: missing(gap('quota', 'not-seen')) }),
        ways: [way({ custom: connects({ protocolPolicy: 'match-viewer', httpPort: 8080, httpsPort: 8081 }) })],
      }),
      {},
      {
        ...EDIT,
        required: ['ipv4/8080', 'ipv4/8081'],
        grants: [V4(8080, 8081)],
        revoke: ['sgr-08080', 'sgr-08081'],
        quota: '2+0 > 57+55 > 55+55 of 60 (assumed)',
      },
    ],
    [
      'two ports far apart share a rule when told to',
      openTo([world(80), world(443)], { ...assumed, ...bothPorts }),
      { portMerge: 'RANGE' },
      {
        ...EDIT,
        required: ['ipv4/80', 'ipv4/443'],
        grants: [V4(80, 443)],
        revoke: ['sgr-0443', 'sgr-080'],
        quota: '2+0 > 57+55 > 55+55 of 60 (assumed)',
      },
    ],
    [
      'two ports far apart share a rule when the tag of the group says so',
      planFacts({
        rule: albSgFacts({
          group: securityGroup({
            ingress: known([world(80), world(443)]),
            tags: known({ 'origin-guard:strategy': 'range' }),
          }),
        }),
        ...assumed,
        ...bothPorts,
      }),
      {},
      {
        ...EDIT,
        required: ['ipv4/80', 'ipv4/443'],
        grants: [V4(80, 443)],
        revoke: ['sgr-0443', 'sgr-080'],
        quota: '2+0 > 57+55 > 55+55 of 60 (assumed)',
      },
    ],
    [
      'private ranges and groups stay unless someone opts in',
      openTo(
        [world(), named('net', open(fromCidr('10.0.0.0/8'))), named('sg', open(fromGroup('sg-0bastion')))],
        assumed,
      ),
      {},
      { ...EDIT, kept: ['10.0.0.0/8', 'sg-0bastion'], quota: '3+1 > 58+56 > 57+56 of 60 (assumed)' },
    ],
    [
      'private ranges and groups go when someone opts in',
      openTo(
        [world(), named('net', open(fromCidr('10.0.0.0/8'))), named('sg', open(fromGroup('sg-0bastion')))],
        assumed,
      ),
      { revokePrivateSources: true, revokeSecurityGroupSources: true },
      { ...EDIT, revoke: ['sgr-0443', 'sgr-0net', 'sgr-0sg'], quota: '3+1 > 58+56 > 55+55 of 60 (assumed)' },
    ],
    [
      'a look-alike and a list of a partner go, and the list weighs what it may hold',
      planFacts({
        rule: admitting([named('own', open(fromList('pl-0own')))], {
          prefixLists: listsById(prefixList(), customer),
        }),
        asked: answers({ rulesQuota: known(100) }),
      }),
      {},
      { ...EDIT, revoke: ['sgr-0own'], quota: '20+20 > 75+75 > 55+55 of 100' },
    ],
    [
      'two load balancers behind CloudFront use the group: all their ports',
      openTo([world()], behindTwo()),
      {},
      { ...EDIT, quota: '1+0 > 56+55 > 55+55 of 60' },
    ],
    [
      'an origin that nobody could resolve may use any listener',
      openTo([world(80), world(443)], { unresolvedOrigins: [null], asked: answers({ rulesQuota: known(200) }) }),
      {},
      {
        ...EDIT,
        required: ['ipv4/80', 'ipv4/443'],
        grants: [V4(80), V4(443)],
        revoke: ['sgr-0443', 'sgr-080'],
        quota: '2+0 > 112+110 > 110+110 of 200',
      },
    ],
  ])('%s', (_, facts, options, plan) => {
    expect(inTexts(planOf(facts, options))).toEqual(plan);
  });

  it('what the parameters allow is never named', () => {
    const params = albSgParams({ allowedCidrs: '203.0.113.0/24' });
    const partner = named('partner', open(fromCidr('203.0.113.0/24')));
    expect(inTexts(planOf(openTo([world(), partner], {}, params), {}, params))).toMatchObject({
      revoke: ['sgr-0443'],
      kept: [],
      quota: '2+0 > 57+55 > 56+55 of 60',
    });
  });

  it('two rules of each family at most go into the group itself', () => {
    const ports = [80, 443, 8080];
    const facts = openTo(ports.map(world), {
      ways: [way({ custom: null })],
      asked: answers({ ...listening(...ports), rulesQuota: known(1_000) }),
    });
    expect(inTexts(planOf(facts))).toEqual({ refuse: 'QUOTA_NO_HEADROOM' });
    expect(inTexts(planOf(facts, { allowSplit: true }))).toMatchObject({
      strategy: 'SPLIT',
      grants: [V4(80), V4(443)],
      dedicated: [`${NEW}-ipv4-8080-8080=${V4(8080)}`],
    });
  });
});

describe('a plan says', () => {
  const fixFor = (facts: PlanFacts): Fix => planOf(facts) as Fix;

  it('who manages the group, and how to fix the source', () => {
    const stack = fixFor(openGroup({ tags: known({ 'aws:cloudformation:stack-name': 'shop' }) }));
    expect(stack.owner).toEqual({ kind: 'cloudformation', name: 'shop' });
    expect(stack.snippets.map(({ language }) => language)).toEqual(['cloudformation', 'cdk']);
    expect(stack.snippets[0]?.code).toContain(CLOUDFRONT_V4);
    expect(stack.risks.join()).toContain('cloudformation (shop) manages the group');
    expect(fixFor(openTo([world()]))).toMatchObject({ owner: null, snippets: [] });
  });

  it('what may go wrong all the same', () => {
    const private10 = named('net', open(fromCidr('10.0.0.0/8')));
    const risks = fixFor(
      openTo([world(), private10], { ...behindTwo(), ...bothPorts, ways: [...behindTwo().ways, ...bothPorts.ways] }),
    ).risks;
    expect(risks).toEqual([
      expect.stringContaining('without CloudFront is cut off'),
      expect.stringContaining('connections that are open now'),
      expect.stringContaining('2 load balancers'),
      expect.stringContaining('port 80 (ipv4)'),
      expect.stringContaining('sources that stay'),
    ]);
  });

  it('the same for the same facts, whatever the order of the rules', () => {
    const rules = [world(), worldV6(), named('a', open(fromCidr('203.0.113.0/24'))), cloudfront()];
    expect(inTexts(planOf(openTo([...rules].reverse())))).toEqual(inTexts(planOf(openTo(rules))));
  });
});

describe('nothing is to do', () => {
  const lone = { attachedTo: [], paths: [] };
  const unfronted = { rule: (group = securityGroup()) => albSgFacts({ group, paths: [] }), ways: [] };

  it.each<readonly [string, PlanFacts, string]>([
    ['a compliant group', planFacts(), 'COMPLIANT'],
    ['a group that is deleted', openGroup({ deleted: true }), 'DELETED'],
    ['a group that no load balancer uses', openGroup({}, lone), 'NOT_ATTACHED'],
    [
      'a closed group of a load balancer that no distribution fronts',
      planFacts({
        rule: unfronted.rule(securityGroup({ ingress: known([named('net', open(fromCidr('10.0.0.0/8')))]) })),
        ways: [],
      }),
      'NOT_IN_SCOPE',
    ],
    [
      'a group that the rule takes for none of its own',
      { ...openGroup({}), verdict: { kind: 'not-applicable', because: 'so it says' } },
      'NOT_IN_SCOPE',
    ],
  ])('%s', (_, facts, code) => {
    expect(inTexts(planOf(facts))).toEqual({ nothing: code });
  });
});

it('the IPv6 list is looked for by its name', () => {
  const rule = admitting([worldV6()], { cloudfrontPrefixLists: [prefixListV6(), prefixList()] });
  expect(inTexts(planOf(planFacts({ rule, ...dualstack })))).toMatchObject({ grants: [V6(443)] });
});
