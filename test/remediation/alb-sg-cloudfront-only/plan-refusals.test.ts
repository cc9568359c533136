import { known, missing } from '../../../core/fact.js';
import { REFUSALS, type Plan, type RefusalCode } from '../../../core/plan.js';
import type { AskedFacts, PlanFacts } from '../../../remediation/alb-sg-cloudfront-only/facts.js';
import type { PlanOptions } from '../../../remediation/alb-sg-cloudfront-only/options.js';
import type { AlbSgFacts } from '../../../rules/alb-sg-cloudfront-only/facts.js';
import {
  admitting,
  albSgFacts,
  albSgParams,
  arnOf,
  fromCidr,
  fromGroup,
  fromList,
  gap,
  groupId,
  hidden,
  listId,
  listsById,
  loadBalancer,
  open,
  OTHER_ACCOUNT,
  HOME,
  NOW,
  path,
  prefixList,
  securityGroup,
} from '../../support/builders.js';
import { balancerInterface } from '../../support/fake-planning.js';
import {
  answers,
  behindTwo,
  connects,
  named,
  openGroup,
  openTo,
  planFacts,
  planOf,
  stored,
  way,
  world,
} from '../../support/plan-facts.js';

type Case = readonly [
  code: RefusalCode,
  what: string,
  facts: PlanFacts,
  because: RegExp,
  options?: Partial<PlanOptions> | undefined,
];

const tagged = (tags: Readonly<Record<string, string>>): PlanFacts => openGroup({ tags: known(tags) });
const asked = (overrides: Partial<AskedFacts>): PlanFacts => openTo([world()], { asked: answers(overrides) });
const bothPorts = { ways: [way({ custom: connects({ protocolPolicy: 'match-viewer' }) })] };
const splitting = (overrides: Partial<AskedFacts>, more: Partial<PlanFacts> = {}): PlanFacts =>
  openTo([world(80), world(443)], { ...bothPorts, asked: answers(overrides), ...more });
const stranger = { interfaces: known([balancerInterface(), balancerInterface('db', { description: 'database' })]) };
const sharing = (overrides: Partial<AskedFacts> = {}, rules = [world()]): PlanFacts =>
  openTo(rules, { asked: answers({ ...stranger, ...overrides }) });
const unfronted = (rule: Partial<AlbSgFacts> = {}, more: Partial<PlanFacts> = {}): PlanFacts => ({
  ...planFacts({ rule: albSgFacts({ group: securityGroup({ ingress: known([world()]) }), paths: [], ...rule }) }),
  ways: [],
  ...more,
});
const aws = (name: string) => prefixList({ id: listId('pl-0aws'), name, ownerId: 'AWS' });
const healthChecks = admitting([world(), named('r53', open(fromList('pl-0aws')))], {
  prefixLists: listsById(prefixList(), aws('com.amazonaws.us-east-1.route53-healthchecks')),
});
const PRIVATE = named('net', open(fromCidr('10.0.0.0/8')));
const BASTION = named('sg', open(fromGroup('sg-0bastion')));
const SPLIT = { allowSplit: true };
const SWAP = { allowSwap: true };
const notSeen = (fact: string) => missing(gap(fact, 'not-seen'));

const OUT_OF_SCOPE: readonly Case[] = [
  [
    'CROSS_ACCOUNT_SG',
    'another account owns it',
    openGroup({ ownerId: OTHER_ACCOUNT }),
    /444455556666 owns group sg-0web/,
  ],
  [
    'CROSS_ACCOUNT_SG',
    'the load balancer is in another account',
    {
      ...openGroup({}, { paths: [path({ loadBalancerArn: arnOf('web', { ...HOME, accountId: OTHER_ACCOUNT }) })] }),
      users: [loadBalancer({ scope: { ...HOME, accountId: OTHER_ACCOUNT } })],
      ways: [way({ path: path({ loadBalancerArn: arnOf('web', { ...HOME, accountId: OTHER_ACCOUNT }) }) })],
    },
    /load balancer web is in account 444455556666/,
  ],
  [
    'CROSS_ACCOUNT_SG',
    'nobody says whose the group is, and an account has the load balancer',
    openGroup({ scope: { ...HOME, accountId: null } }),
    /account \? owns group sg-0web, and load balancer web is in account 111122223333/,
  ],
  [
    'DEFAULT_SG',
    'the default group of its VPC',
    openGroup({ name: 'default' }),
    /sg-0web is the default group of vpc-0a1/,
  ],
  ['EXEMPT', 'with a reason', tagged({ 'origin-guard:exempt': 'ticket 7' }), /carries the tag origin-guard:exempt$/],
  [
    'EXEMPT',
    'past its date',
    tagged({ 'origin-guard:exempt': 'ticket 7', 'origin-guard:exempt-until': '2020-01-01' }),
    /carries the tag origin-guard:exempt$/,
  ],
  ['EXEMPT', 'by the date alone', tagged({ 'origin-guard:exempt-until': '2030-01-01' }), /origin-guard:exempt-until$/],
  ['EXEMPT', 'without a reason', tagged({ 'origin-guard:exempt': '' }), /origin-guard:exempt$/],
  ['UNKNOWN_ORIGIN', 'an origin leads nowhere known', unfronted({}, { unresolvedOrigins: [null] }), /may be it$/],
  [
    'NOT_FRONTED',
    'no distribution fronts it',
    unfronted(),
    /load balancer web uses group sg-0web, and no distribution/,
  ],
  [
    'NOT_FRONTED',
    'it admits a list, which may hold public addresses',
    unfronted({ group: securityGroup() }),
    /no distribution fronts it$/,
  ],
  ['VPC_ORIGIN', 'by its ARN', openTo([world()], { ways: [way(), way({ isVpcOrigin: true })] }), /E1WEB reaches .*web/],
  [
    'OWNER_REFUSED',
    'by a tag of the group',
    tagged({ 'origin-guard:strategy': 'REFUSE' }),
    /origin-guard:strategy = REFUSE; allowed: EDIT, SPLIT/,
  ],
  ['OWNER_REFUSED', 'by a strategy that nobody knows', tagged({ 'origin-guard:strategy': 'WAIT' }), /= WAIT;/],
  [
    'PRIVATE_SOURCE_RULE',
    'nothing public is left',
    openTo([PRIVATE, BASTION]),
    /admits 10\.0\.0\.0\/8 on tcp 443, sg-/,
  ],
  ['SG_SOURCE_RULE', 'only groups are left', openTo([BASTION]), /still admits sg-0bastion on tcp 443/],
  ['R53_HEALTH_CHECK', 'the list is admitted', planFacts({ rule: healthChecks }), /admits pl-0aws on tcp 443/],
];

const AMONG: readonly Case[] = [
  [
    'CONTROLLER_MANAGED',
    'by Kubernetes',
    tagged({ 'elbv2.k8s.aws/cluster': 'prod' }),
    /sg-0web is managed by kubernetes \(prod\)/,
  ],
  [
    'CONTROLLER_MANAGED',
    'by Elastic Beanstalk',
    tagged({ 'elasticbeanstalk:environment-name': 'shop' }),
    /elastic-beanstalk \(shop\)/,
  ],
  [
    'EGRESS_RESTRICTED',
    'a group that is there already does not let everything out',
    splitting({
      namesakes: known([securityGroup({ id: groupId('sg-0made'), name: 'made' })]),
      closedNamesakes: known([securityGroup({ id: groupId('sg-0made'), name: 'made' })]),
    }),
    /group sg-0made \(made\) does not let everything out/,
    SPLIT,
  ],
  [
    'LOOKUP_FAILED',
    'what a group that is there already lets out is hidden',
    splitting({
      namesakes: known([securityGroup({ id: groupId('sg-0made'), name: 'made' })]),
      closedNamesakes: hidden('egress of sg-0made'),
    }),
    /egress of sg-0made/,
    SPLIT,
  ],
  [
    'CONTROLLER_MANAGED',
    'a controller sets the groups of the load balancer',
    splitting({ userTags: known([{ 'ingress.k8s.aws/stack': 'shop/web' }]) }),
    /load balancer web is managed by kubernetes \(shop\/web\)/,
    SPLIT,
  ],
  [
    'IAC_MANAGED',
    'a stack makes the group',
    tagged({ 'aws:cloudformation:stack-name': 'shop' }),
    /group sg-0web is managed by cloudformation \(shop\)/,
    { iacManaged: 'REFUSE' },
  ],
  [
    'IAC_MANAGED',
    'a template marks it by a tag of the organization',
    tagged({ 'shop:stack': 'web' }),
    /group sg-0web is managed by terraform \(shop:stack = web\)/,
    { iacManaged: 'REFUSE', iacTagKeys: ['shop:stack'] },
  ],
  [
    'IAC_MANAGED',
    'a template marks the load balancer by a tag of the organization',
    splitting({ userTags: known([{ 'shop:stack': 'web' }]) }),
    /load balancer web is managed by terraform \(shop:stack = web\)/,
    { ...SPLIT, iacManaged: 'REFUSE', iacTagKeys: ['shop:stack'] },
  ],
  [
    'IAC_MANAGED',
    'a stack makes the load balancer whose groups would change',
    splitting({ userTags: known([{ 'aws:cloudformation:stack-name': 'shop' }]) }),
    /load balancer web is managed by cloudformation \(shop\)/,
    { ...SPLIT, iacManaged: 'REFUSE' },
  ],
  ['GLOBAL_ACCELERATOR', 'in the VPC', asked({ accelerators: known(['eni-0ga']) }), /eni-0ga .* is in vpc-0a1/],
  ['NLB_TARGET', 'in a target group', asked({ forwarders: known(['arn:nlb']) }), /arn:nlb forwards/],
  [
    'LOOKUP_FAILED',
    'the interfaces of the load balancer itself are not in the list',
    asked({ interfaces: known([balancerInterface('db')]) }),
    /no network interface "ELB app\/web\/50dc6c495c0c9188" was seen, so the list of what uses the group is not whole/,
  ],
  [
    'FLAP_DETECTED',
    'fixed twice within a day',
    asked({
      records: known([
        stored({ execution: 'run-1', at: '2026-07-01T10:00:00Z' }, { savedAt: '2026-07-01T10:01:00Z' }),
        stored({ execution: 'run-2', at: '2026-07-01T11:00:00Z' }, { savedAt: '2026-07-01T11:01:00Z' }),
      ]),
    }),
    /sg-0web was fixed 2 times since 2026-06-30T12:00:00/,
  ],
  [
    'FLAP_DETECTED',
    'a record that nobody can read, or of a time that nobody can tell, counts',
    asked({ records: known([{ id: 'a', text: '{', savedAt: NOW }, stored({}, { savedAt: 'yesterday' })]) }),
    /fixed 2 times/,
  ],
];

test('FLAP_DETECTED: two runs at once are one fix', () => {
  const twins = ['run-1', 'run-2'].map((execution) => stored({ execution }));
  expect(planOf(asked({ records: known(twins) })).kind).toBe('apply');
  const again = stored({ execution: 'run-3', at: '2026-07-01T12:00:01Z' }, { savedAt: '2026-07-01T12:00:02Z' });
  expect(planOf(asked({ records: known([again, ...twins]) }))).toMatchObject({ code: 'FLAP_DETECTED' });
});

test('FLAP_DETECTED: a run that fixed nothing does not count', () => {
  const applied = stored({ execution: 'run-1' });
  const others = (['PLANNED', 'REVOKING'] as const).map((status) =>
    stored({ execution: status, status, at: '2026-07-01T12:00:01Z' }, { savedAt: '2026-07-01T12:00:02Z' }),
  );
  expect(planOf(asked({ records: known([...others, applied]) })).kind).toBe('apply');
});

const STRATEGY: readonly Case[] = [
  ['SHARED_SG', 'an instance uses it too', sharing(), /sg-0web is used by network interface eni-0db \(database\) too/],
  [
    'SHARED_SG',
    'by many: the first five are named',
    sharing({ interfaces: known(['web', 'a', 'b', 'c', 'd', 'e', 'f'].map((id) => balancerInterface(id))) }),
    /eni-0e \(ELB app\/e\/50dc6c495c0c9188\), \.\.\. too/,
  ],
  [
    'SHARED_SG',
    'a new group would admit nobody',
    sharing({}, [named('ssh', open(fromCidr('0.0.0.0/0'), 'tcp', 22))]),
    /no port of it is open to CloudFront/,
    SWAP,
  ],
  ['PRIVATE_SOURCE_RULE', 'a swap would lose a private range', sharing({}, [world(), PRIVATE]), /10\.0\.0\.0\/8/, SWAP],
  ['SG_SOURCE_RULE', 'a swap would lose a group', sharing({}, [world(), BASTION]), /besides: sg-0bastion/, SWAP],
  [
    'MULTI_ALB',
    'a split for two',
    openTo([world(80), world(443)], { ...behindTwo(), ...{ ways: [way({ custom: null }), ...behindTwo().ways] } }),
    /2 load balancers use the group: web, shop/,
    SPLIT,
  ],
  [
    'MULTI_ALB',
    'a swap for two',
    openTo([world()], {
      ...behindTwo(),
      asked: { ...behindTwo().asked, interfaces: known([...['web', 'shop', 'db'].map((id) => balancerInterface(id))]) },
    }),
    /and by 2 load balancers behind CloudFront: web, shop/,
    SWAP,
  ],
  [
    'REFERENCED',
    'other groups name it',
    sharing({
      references: known([
        { by: 'sg-0app', direction: 'ingress' },
        { by: 'sg-0app', direction: 'egress' },
      ]),
    }),
    /sg-0web is named by rules of sg-0app$/,
    SWAP,
  ],
  ['EGRESS_RESTRICTED', 'a split', splitting({ openEgress: known(false) }), /does not let everything out/, SPLIT],
  ['EGRESS_RESTRICTED', 'a swap', sharing({ openEgress: known(false) }), /does not let everything out/, SWAP],
  [
    'QUOTA_NO_HEADROOM',
    'nobody allows a split',
    splitting({}),
    /2 new rules on group sg-0web, which counts 2 \(IPv4\) and 0 \(IPv6\) of 60/,
  ],
  [
    'QUOTA_NO_HEADROOM',
    'more groups than a run can make',
    openTo(
      [1, 3, 5, 7, 9, 11].map((port) => world(port)),
      {
        ways: [way({ custom: null })],
        asked: answers({ listeners: new Map([[arnOf('web'), known([1, 3, 5, 7, 9, 11])]]) }),
      },
    ),
    /6 new rules/,
    SPLIT,
  ],
  [
    'QUOTA_NO_HEADROOM',
    'more groups than a swap can make',
    openTo(
      [1, 3, 5, 7, 9].map((port) => world(port)),
      {
        ways: [way({ custom: null })],
        asked: answers({ ...stranger, listeners: new Map([[arnOf('web'), known([1, 3, 5, 7, 9])]]) }),
      },
    ),
    /5 new groups for load balancer web; a run makes 4 at most/,
    SWAP,
  ],
  [
    'QUOTA_NO_HEADROOM',
    'more groups than an interface may have',
    splitting(
      {},
      {
        users: [
          loadBalancer({ securityGroups: ['sg-0web', 'sg-0b', 'sg-0c', 'sg-0d', 'sg-0e'].map((id) => groupId(id)) }),
        ],
      },
    ),
    /load balancer web would have 6 groups .*; allowed: 5/,
    SPLIT,
  ],
  [
    'NO_PREFIX_LIST',
    'a look-alike is none',
    planFacts({ rule: admitting([world()], { cloudfrontPrefixLists: [prefixList({ ownerId: '111122223333' })] }) }),
    /cloudfront\.origin-facing was not seen in us-east-1/,
  ],
  [
    'NO_PREFIX_LIST',
    'in this Region',
    planFacts({ rule: admitting([world()], { cloudfrontPrefixLists: [] }) }),
    /cloudfront\.origin-facing was not seen in us-east-1/,
  ],
  [
    'ROLLBACK_RECORD_TOO_LARGE',
    'more rules than a rollback restores',
    openTo(
      Array.from({ length: 25 }, (_, at) => named(String(at), open(fromCidr(`203.0.113.${String(at)}/32`)))),
      { asked: answers({ rulesQuota: known(200) }) },
    ),
    /sg-0web: 25 rules of the kind cidrIpv4 would be removed; a rollback can restore 24/,
  ],
  [
    'ROLLBACK_RECORD_TOO_LARGE',
    'a source that a rollback cannot name',
    openTo([
      world(),
      {
        ...BASTION,
        source: {
          ...fromGroup('sg-0peer'),
          kind: 'security-group',
          groupId: groupId('sg-0peer'),
          vpcId: 'vpc-0b2',
          accountId: OTHER_ACCOUNT,
        },
      },
    ]),
    /cannot restore sg-0peer, which is a group of another account/,
    { revokeSecurityGroupSources: true },
  ],
];

const undescribed = { name: null, tags: known({}) };
const BLIND: readonly (readonly [string, PlanFacts, RegExp, Partial<PlanOptions>?])[] = [
  ['attachments', openGroup({}, { attachmentGap: gap('loadBalancers') }), /loadBalancers/],
  ['tags', openGroup({ tags: hidden('tags') }), /tags/],
  ['rules', openGroup({ ingress: hidden('rules') }), /rules/],
  ['a list', planFacts({ rule: admitting([named('own', open(fromList('pl-0own')))]) }), /pl-0own/],
  [
    'a list beside what is proven',
    planFacts({ rule: admitting([world(), named('own', open(fromList('pl-0own')))]) }),
    /pl-0own/,
  ],
  ['the name', openGroup(undescribed), /the name and the VPC of group sg-0web were not seen/],
  ['the VPC', openGroup({ vpcId: null }), /the name and the VPC/],
  ['distributions', openTo([world()], { distributionGap: gap('distributions') }), /distributions/],
  ['a VPC origin', openTo([world()], { vpcOriginGaps: [gap('vpcOrigin vo_1')] }), /vo_1/],
  ['the link', unfronted({ linkGaps: [gap('a lookup')] }), /a lookup/],
  ['distributions, and nothing is linked', unfronted({}, { distributionGap: gap('distributions') }), /distributions/],
  ['rules, and nothing is linked', unfronted({ group: securityGroup({ ingress: hidden('rules') }) }), /rules/],
  ['listeners', asked({ listeners: new Map([[arnOf('web'), hidden('listeners')]]) }), /listeners/],
  ['interfaces', asked({ interfaces: hidden('interfaces') }), /interfaces/],
  ['interfaces, not seen', asked({ interfaces: notSeen('interfaces') }), /interfaces/],
  ['accelerators', asked({ accelerators: hidden('accelerators') }), /accelerators/],
  ['forwarders', asked({ forwarders: hidden('forwarders') }), /forwarders/],
  ['records', asked({ records: hidden('records') }), /records/],
  ['the id of a rule', openTo([open(fromCidr('0.0.0.0/0'))]), /id of the rule that admits 0\.0\.0\.0\/0 was not seen/],
  ['the quota of rules', splitting({ rulesQuota: hidden('rules quota') }), /rules quota/],
  [
    'the weight of a list',
    planFacts({
      rule: admitting([world(), named('own', open(fromList('pl-0own')))], {
        prefixLists: listsById(prefixList(), prefixList({ id: listId('pl-0own'), name: 'p', ownerId: '111122223333' })),
      }),
    }),
    /how much pl-0own counts/,
  ],
  ['references', sharing({ references: hidden('references') }), /references/, SWAP],
  ['egress', splitting({ openEgress: hidden('egress') }), /egress/, SPLIT],
  ['the tags of the load balancer', splitting({ userTags: hidden('user tags') }), /user tags/, SPLIT],
  ['groups of that name', splitting({ namesakes: hidden('namesakes') }), /namesakes/, SPLIT],
  [
    'the quota of groups',
    splitting(
      { groupsQuota: hidden('groups quota') },
      {
        users: [
          loadBalancer({ securityGroups: ['sg-0web', 'sg-0b', 'sg-0c', 'sg-0d', 'sg-0e'].map((id) => groupId(id)) }),
        ],
      },
    ),
    /groups quota/,
    SPLIT,
  ],
];
const LOOKUPS = BLIND.map(([what, facts, because, options]): Case => ['LOOKUP_FAILED', what, facts, because, options]);

const CASES: readonly Case[] = [...OUT_OF_SCOPE, ...AMONG, ...STRATEGY, ...LOOKUPS];

const ROWS = CASES.map(([code, what, facts, because, options = {}]) => ({ code, what, facts, because, options }));

it.each(ROWS)('$code: $what', ({ code, facts, because, options }) => {
  const plan = planOf(facts, options) as Extract<Plan, { kind: 'refuse' }>;
  expect([plan.kind, plan.code]).toEqual(['refuse', code]);
  expect(plan.because).toMatch(because);
  // What is enough for a group that lacks room depends on the group: see headroom.test.ts.
  expect(plan.nextStep).toEqual(code === 'QUOTA_NO_HEADROOM' ? expect.any(String) : REFUSALS[code].nextStep);
});

it('every reason of a plan is here; the others are of a group that is not there, of an account, and of rollbacks', () => {
  const elsewhere: readonly RefusalCode[] = [
    'GROUP_NOT_FOUND',
    'REMEDIATION_MODE',
    'RECORD_NOT_FOUND',
    'RECORD_INVALID',
    'CHANGED_SINCE',
  ];
  const here = new Set(CASES.map(([code]) => code));
  expect([...here, ...elsewhere].sort()).toEqual(Object.keys(REFUSALS).sort());
});

it('SHARED_SG: a swap would lose what the parameters allow', () => {
  const params = albSgParams({ allowedCidrs: '198.51.100.0/24' });
  const rules = [world(), named('partner', open(fromCidr('198.51.100.0/24')))];
  const facts = openTo(rules, { asked: answers(stranger) }, params);
  expect(planOf(facts, SWAP, params)).toMatchObject({
    code: 'SHARED_SG',
    because: expect.stringContaining('lose what the group admits besides: 198.51.100.0/24') as string,
  });
});

it.each([
  ['kubernetes', { 'elbv2.k8s.aws/cluster': 'prod' }, {}],
  ['cloudformation', { 'aws:cloudformation:stack-name': 'shop' }, { iacManaged: 'REFUSE' }],
] as const)('a refusal for %s carries the code that fixes the source', (kind, tags, options) => {
  expect(planOf(tagged(tags), options)).toMatchObject({
    owner: { kind },
    snippets: expect.arrayContaining([
      expect.objectContaining({ code: expect.stringContaining('pl-3b927c52') as string }),
    ]) as unknown,
  });
});

describe('what does not stand in the way', () => {
  it.each<readonly [string, PlanFacts]>([
    ['records that are not seen', asked({ records: notSeen('records') })],
    ['a quota that is not seen', asked({ rulesQuota: notSeen('quota') })],
    ['one good run today', asked({ records: known([stored()]) })],
    [
      'runs that came to nothing, and good ones of the day before',
      asked({
        records: known([
          stored(),
          stored({ status: 'PLANNED', execution: 'run-2' }),
          stored({ execution: 'run-3' }, { savedAt: '2026-06-30T11:59:59Z' }),
        ]),
      }),
    ],
    [
      'an origin that leads nowhere known, beside one that leads here',
      openTo([world()], { unresolvedOrigins: [null] }),
    ],
    [
      'a group of another account that stays',
      openTo([
        world(),
        {
          ...BASTION,
          source: { kind: 'security-group', groupId: groupId('sg-0peer'), vpcId: null, accountId: OTHER_ACCOUNT },
        },
      ]),
    ],
    ['tags of a template, where a warning is enough', tagged({ 'aws:cloudformation:stack-name': 'shop' })],
    ['an owner who wants an edit', tagged({ 'origin-guard:strategy': 'EDIT' })],
    [
      'no account in the input',
      {
        ...openGroup({ scope: { ...HOME, accountId: null } }),
        users: [loadBalancer({ scope: { ...HOME, accountId: null } })],
      },
    ],
  ])('%s', (_, facts) => {
    expect(planOf(facts)).toMatchObject({ kind: 'apply', strategy: 'EDIT' });
  });
});
