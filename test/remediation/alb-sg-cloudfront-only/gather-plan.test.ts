import { known, missing } from '../../../core/fact.js';
import type { Fix } from '../../../core/plan.js';
import { planGroup, planGroups, type PlanSettings } from '../../../remediation/alb-sg-cloudfront-only/gather-plan.js';
import type { PlanOptions } from '../../../remediation/alb-sg-cloudfront-only/options.js';
import { gatherAlbSgFacts } from '../../../rules/alb-sg-cloudfront-only/facts.js';
import {
  albSgParams,
  arnOf,
  distribution,
  distributionId,
  dnsNameOf,
  fromCidr,
  gap,
  groupId,
  hidden,
  HOME,
  loadBalancer,
  NOW,
  open,
  origin,
  path,
  securityGroup,
  vpcOriginId,
} from '../../support/builders.js';
import { balancerInterface, planningPorts, type PlanningWorld } from '../../support/fake-planning.js';
import { connects, inTexts, named, options, world } from '../../support/plan-facts.js';

const WEB = groupId('sg-0web');
const settings = (given: Partial<PlanOptions> = {}): PlanSettings => ({
  params: albSgParams(),
  options: options(given),
  now: NOW,
  digest: (text) => `<${text}>`,
});

/** The group is open to everybody on HTTPS, and its origin says that CloudFront comes by HTTPS. */
const openWorld = (overrides: Partial<PlanningWorld> = {}): Partial<PlanningWorld> => ({
  groups: [securityGroup({ ingress: known([world()]) })],
  distributions: [distribution({ origins: [origin({ custom: connects() })] })],
  ...overrides,
});
const plan = async (overrides: Partial<PlanningWorld> = {}, given: Partial<PlanOptions> = {}) => {
  const ports = planningPorts(openWorld(overrides));
  const planned = await planGroup(ports, WEB, HOME, settings(given));
  return { ...planned, texts: inTexts(planned.plan), fingerprint: planned.fingerprint, calls: ports.calls };
};
const PLANNING =
  /^(?:listenerPorts|interfacesOf|acceleratorsIn|forwardersTo|referencesTo|hasOpenEgress|groupsNamed|quota|rollbackRecords|tags) ?/;
const asked = (calls: readonly string[]) => calls.filter((call) => PLANNING.test(call));
const ALWAYS = [
  `listenerPorts ${arnOf('web')}`,
  `interfacesOf ${WEB}`,
  'acceleratorsIn vpc-0a1',
  `forwardersTo ${arnOf('web')}`,
  `rollbackRecords ${WEB}`,
];

describe('one group', () => {
  it('is planned from what was read, with what the plan rests on', async () => {
    const { texts, fingerprint, paths, facts } = await plan();
    expect(texts).toMatchObject({ strategy: 'EDIT', required: ['ipv4/443'], revoke: ['sgr-0443'] });
    expect(fingerprint).toMatch(/^<.*>\.<.*>$/s);
    expect(paths).toEqual([path()]);
    expect(facts?.ways).toEqual([{ path: path(), custom: connects(), isVpcOrigin: false }]);
    expect(facts?.users).toEqual([loadBalancer()]);
  });

  it.each<readonly [string, Partial<PlanningWorld>, Partial<PlanOptions>, readonly string[]]>([
    ['nothing for a compliant one', { groups: [securityGroup()] }, {}, []],
    [
      'nothing for one that must not be fixed',
      { groups: [securityGroup({ name: 'default', ingress: known([world()]) })] },
      {},
      [],
    ],
    ['what every plan rests on, and no more', {}, {}, ALWAYS],
    [
      'the quota where the default does not hold the rules',
      {
        groups: [
          securityGroup({
            ingress: known(
              Array.from({ length: 6 }, (_, at) => named(String(at), open(fromCidr(`203.0.113.${String(at)}/32`)))),
            ),
          }),
        ],
      },
      {},
      [...ALWAYS, 'quota rules-per-group'],
    ],
    [
      'what a new group needs',
      { interfaces: { [WEB]: known([balancerInterface(), balancerInterface('db')]) } },
      { allowSwap: true },
      [
        ...ALWAYS,
        `referencesTo ${WEB}`,
        `hasOpenEgress ${WEB}`,
        `tags ${arnOf('web')}`,
        'groupsNamed origin-guard-50dc6c495c0c9188-ipv4-443-443',
      ],
    ],
  ])('asks %s', async (_, overrides, given, calls) => {
    expect(asked((await plan(overrides, given)).calls)).toEqual(calls);
  });

  it('asks what a group that is there already lets out, in the VPC of the load balancer', async () => {
    const made = securityGroup({
      id: groupId('sg-0made'),
      name: 'origin-guard-50dc6c495c0c9188-ipv4-443-443',
      vpcId: 'vpc-0other',
    });
    const shared = {
      loadBalancers: [loadBalancer({ vpcId: 'vpc-0other' })],
      interfaces: { [WEB]: known([balancerInterface(), balancerInterface('db')]) },
      namedGroups: known([made, securityGroup({ ...made, id: groupId('sg-0far'), vpcId: 'vpc-0a1' })]),
    };
    const { calls, plan: fix } = await plan(shared, { allowSwap: true });
    expect(calls.filter((call) => call.startsWith('hasOpenEgress'))).toEqual([
      `hasOpenEgress ${WEB}`,
      'hasOpenEgress sg-0made',
    ]);
    expect(fix).toMatchObject({ strategy: 'SWAP', vpcId: 'vpc-0other' });
    const closed = { ...shared, openEgress: { 'sg-0made': known(false) } };
    expect((await plan(closed, { allowSwap: true })).texts).toEqual({ refuse: 'EGRESS_RESTRICTED' });
    const unseen = { ...shared, openEgress: { 'sg-0made': hidden('egress of sg-0made') } };
    expect((await plan(unseen, { allowSwap: true })).texts).toEqual({ refuse: 'LOOKUP_FAILED' });
  });

  it('asks for the quota of groups where the default does not hold them', async () => {
    const groups = ['sg-0web', 'sg-0b', 'sg-0c', 'sg-0d', 'sg-0e', 'sg-0f'].map((id) => groupId(id));
    const { calls, texts } = await plan(
      {
        loadBalancers: [loadBalancer({ securityGroups: groups })],
        interfaces: { [WEB]: known([balancerInterface(), balancerInterface('db')]) },
        quotas: { 'groups-per-interface': known(6) },
      },
      { allowSwap: true },
    );
    expect(calls).toContain('quota groups-per-interface');
    expect(texts).toMatchObject({ strategy: 'SWAP', groups });
  });

  it('reads what a plan rests on beside each other', async () => {
    const ports = planningPorts(openWorld());
    let running = 0;
    let most = 0;
    const slow =
      <A extends readonly unknown[], T>(read: (...given: A) => Promise<T>) =>
      async (...given: A): Promise<T> => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        const value = await read(...given);
        running -= 1;
        return value;
      };
    await planGroup(
      {
        ...ports,
        interfacesOf: slow(ports.interfacesOf),
        acceleratorsIn: slow(ports.acceleratorsIn),
        rollbackRecords: slow(ports.rollbackRecords),
      },
      WEB,
      HOME,
      settings(),
    );
    expect(most).toBe(3);
  });
});

describe('a group that nothing connects with CloudFront', () => {
  it('is looked for, and is not there', async () => {
    const ports = planningPorts({ groups: [], loadBalancers: [] });
    expect(await planGroup(ports, WEB, HOME, settings())).toEqual({
      plan: expect.objectContaining({
        code: 'GROUP_NOT_FOUND',
        because: 'no group sg-0web in account 111122223333 in us-east-1',
      }) as unknown,
      fingerprint: null,
      paths: [],
      facts: null,
    });
  });

  it('is not there, where nobody says where to look', async () => {
    const nowhere = { accountId: null, region: null };
    const { plan: refused } = await planGroup(
      planningPorts({ groups: [], loadBalancers: [] }),
      WEB,
      nowhere,
      settings(),
    );
    expect(refused).toMatchObject({ because: 'no group sg-0web in account ? in ?' });
  });

  it('is not there, and no more is asked, where the input names nothing at all', async () => {
    const ports = planningPorts({ groups: [], loadBalancers: [] });
    const none = { ...ports, loadBalancers: () => Promise.resolve({ items: [], gapAt: () => null }) };
    expect((await planGroup(none, WEB, HOME, settings())).plan).toMatchObject({ code: 'GROUP_NOT_FOUND' });
    expect(asked(ports.calls)).toEqual([]);
  });

  it('is there, and no load balancer uses it', async () => {
    expect((await plan({ loadBalancers: [] })).texts).toEqual({ nothing: 'NOT_ATTACHED' });
  });

  it('is there, and no distribution fronts its load balancer', async () => {
    expect((await plan({ distributions: [] })).texts).toEqual({ refuse: 'NOT_FRONTED' });
  });

  it('is there, and an origin leads nowhere known', async () => {
    const elsewhere = distribution({ origins: [origin({ domainName: 'app.example.com' })] });
    const names = { 'app.example.com': { kind: 'no-such-name' } as const };
    expect((await plan({ distributions: [elsewhere], names })).texts).toEqual({ refuse: 'UNKNOWN_ORIGIN' });
  });
});

describe('a VPC origin', () => {
  const vpcOrigin = (domainName: string) => origin({ id: 'inside', domainName, vpcOriginId: vpcOriginId('vo_1') });
  const both = (domainName: string): Partial<PlanningWorld> => ({
    distributions: [
      distribution({ origins: [origin({ custom: connects() })] }),
      distribution({ id: distributionId('E2'), origins: [vpcOrigin(domainName)] }),
    ],
  });

  it('is refused where it leads here', async () => {
    const vpcOrigins = { vo_1: known<string>(arnOf('web')) };
    expect((await plan({ ...both('inside.example.com'), vpcOrigins })).texts).toEqual({ refuse: 'VPC_ORIGIN' });
  });

  it('is refused where only its name leads here, since nobody can tell where it leads', async () => {
    expect((await plan(both(dnsNameOf('web')))).texts).toEqual({ refuse: 'VPC_ORIGIN' });
  });

  it('that may lead here is a gap', async () => {
    expect((await plan(both('inside.example.com'))).plan).toMatchObject({
      code: 'LOOKUP_FAILED',
      because: expect.stringContaining('vo_1') as string,
    });
  });

  it('that leads elsewhere does not stand in the way', async () => {
    const vpcOrigins = { vo_1: known<string>(arnOf('elsewhere')) };
    expect((await plan({ ...both('inside.example.com'), vpcOrigins })).texts).toMatchObject({ strategy: 'EDIT' });
  });
});

describe('what is hidden', () => {
  it.each<readonly [string, Partial<PlanningWorld>]>([
    ['load balancers', { loadBalancerGap: () => gap('loadBalancers') }],
    ['distributions', { distributionGap: () => gap('distributions') }],
    ['listeners', { listeners: { [arnOf('web')]: hidden('listeners') } }],
    ['interfaces', { interfaces: { [WEB]: hidden('interfaces') } }],
    ['accelerators', { accelerators: { 'vpc-0a1': hidden('accelerators') } }],
    ['forwarders', { forwarders: { [arnOf('web')]: hidden('forwarders') } }],
    ['records', { records: { [WEB]: hidden('records') } }],
  ])('is a refusal: %s', async (_, overrides) => {
    expect((await plan(overrides)).texts).toEqual({ refuse: 'LOOKUP_FAILED' });
  });

  it('is a refusal where a new group is needed: %s', async () => {
    const shared = { interfaces: { [WEB]: known([balancerInterface(), balancerInterface('db')]) } };
    for (const overrides of [
      { references: { [WEB]: hidden('references') } },
      { openEgress: { [WEB]: hidden('egress') } },
      { namedGroups: hidden('groups') },
      { loadBalancers: [loadBalancer({ tags: hidden('tags') })] },
    ])
      expect((await plan({ ...shared, ...overrides }, { allowSwap: true })).texts).toEqual({ refuse: 'LOOKUP_FAILED' });
  });
});

describe('two load balancers behind CloudFront', () => {
  const two: Partial<PlanningWorld> = {
    loadBalancers: [loadBalancer(), loadBalancer({ name: 'shop', vpcId: null })],
    distributions: [
      distribution({
        origins: [
          origin({ custom: connects() }),
          origin({ id: 'shop', domainName: dnsNameOf('shop'), custom: connects() }),
        ],
      }),
    ],
    listeners: { [arnOf('web')]: known([443]), [arnOf('shop')]: known([443]) },
    interfaces: { [WEB]: known([balancerInterface(), balancerInterface('shop')]) },
  };

  it('are asked about each, and about every VPC once', async () => {
    const { texts, calls } = await plan(two);
    expect(texts).toMatchObject({ strategy: 'EDIT' });
    expect(asked(calls)).toEqual([
      `listenerPorts ${arnOf('web')}`,
      `listenerPorts ${arnOf('shop')}`,
      `interfacesOf ${WEB}`,
      'acceleratorsIn vpc-0a1',
      `forwardersTo ${arnOf('web')}`,
      `forwardersTo ${arnOf('shop')}`,
      `rollbackRecords ${WEB}`,
    ]);
  });

  it.each([
    ['known', known(['arn:nlb']), 'NLB_TARGET'],
    ['a gap', hidden('forwarders'), 'LOOKUP_FAILED'],
  ])('what leads to the second of them counts: %s', async (_, forwarders, refuse) => {
    expect((await plan({ ...two, forwarders: { [arnOf('shop')]: forwarders } })).texts).toEqual({ refuse });
  });

  it('the VPC of the group counts, where nobody says that of a load balancer', async () => {
    const accelerators = { 'vpc-0a1': known(['eni-0ga']) };
    const users = [loadBalancer({ vpcId: null })];
    expect((await plan({ loadBalancers: users, accelerators })).texts).toEqual({ refuse: 'GLOBAL_ACCELERATOR' });
  });
});

describe('a link without an origin', () => {
  it('may use every listener', async () => {
    const tags = known({ 'origin-guard:fronted-by': 'cloudfront' });
    const { plan: fixed } = await plan({
      distributions: [],
      loadBalancers: [loadBalancer({ tags })],
      groups: [securityGroup({ ingress: known([world(443)]) })],
    });
    expect((fixed as Fix).required).toEqual([{ family: 'ipv4', port: 443 }]);
  });
});

describe('every group', () => {
  const groups = [
    securityGroup({ ingress: known([world()]) }),
    securityGroup({ id: groupId('sg-0shop'), name: 'shop', ingress: known([world()]) }),
    securityGroup({ id: groupId('sg-0lone'), name: 'lone', ingress: known([world()]) }),
  ];
  const all: Partial<PlanningWorld> = {
    groups,
    loadBalancers: [loadBalancer(), loadBalancer({ name: 'shop', securityGroups: [groupId('sg-0shop')] })],
    distributions: [
      distribution({
        origins: [
          origin({ custom: connects() }),
          origin({ id: 'shop', domainName: dnsNameOf('shop'), custom: connects() }),
        ],
      }),
    ],
    listeners: { [arnOf('web')]: known([443]), [arnOf('shop')]: known([443]) },
    interfaces: { 'sg-0shop': known([balancerInterface('shop')]) },
  };

  it('is planned as it is alone, in the order of the look', async () => {
    const ports = planningPorts(all);
    const look = await gatherAlbSgFacts(ports, settings().params, NOW);
    const plans = await planGroups(ports, look, settings());
    expect(plans.map(({ facts }) => facts?.rule.group.name)).toEqual(['web', 'shop', 'lone']);
    for (const [at, { id }] of groups.entries()) {
      const alone = await planGroup(planningPorts(all), id, HOME, settings());
      expect(plans[at]?.plan).toEqual(alone.plan);
      expect(plans[at]?.fingerprint).toEqual(alone.fingerprint);
    }
  });

  it('what they share is read once for all', async () => {
    const ports = planningPorts(all);
    const look = await gatherAlbSgFacts(ports, settings().params, NOW);
    const before = ports.calls.length;
    await planGroups(ports, look, settings());
    const calls = ports.calls.slice(before);
    expect(calls.filter((call) => call === 'loadBalancers' || call === 'distributions')).toHaveLength(2);
    expect(
      calls.filter((call) => /^(?:securityGroups|citedGroup|prefixList|cloudfrontPrefixLists)/.test(call)),
    ).toEqual([]);
  });

  it('a load balancer of another Region is no user of a group of this one', async () => {
    const far = loadBalancer({ name: 'far', scope: { ...HOME, region: null }, securityGroups: [WEB] });
    const { facts } = await plan({ loadBalancers: [loadBalancer(), far] });
    expect(facts?.users.map(({ name }) => name)).toEqual(['web']);
  });
});

it('a quota that saved data does not hold is taken for the default', async () => {
  const quotas = { 'rules-per-group': missing(gap('quota', 'not-seen')) };
  expect((await plan({ quotas })).texts).toMatchObject({ quota: '1+0 > 56+55 > 55+55 of 60 (assumed)' });
});
