import { known } from '../../../core/fact.js';
import { Region, type Scope } from '../../../core/ids.js';
import type { IngressSource } from '../../../core/model/security-group.js';
import type { Ports } from '../../../core/ports.js';
import { gatherAlbSgFacts, type AlbSgFacts } from '../../../rules/alb-sg-cloudfront-only/facts.js';
import { albSgCloudfrontOnly } from '../../../rules/alb-sg-cloudfront-only/rule.js';
import {
  albSgParams,
  arnOf,
  CLOUDFRONT_V4,
  distribution,
  distributionId,
  dnsNameOf,
  fromCidr,
  fromGroup,
  fromList,
  gap,
  groupId,
  hidden,
  HOME,
  ingress,
  listId,
  loadBalancer,
  NOW,
  open,
  origin,
  OTHER_ACCOUNT,
  path,
  prefixList,
  prefixListV6,
  REGION,
  securityGroup,
  VPC,
  vpcOriginId,
} from '../../support/builders.js';
import { fakePorts, type FakePorts, type World } from '../../support/fake-ports.js';

async function gather(
  world: Partial<World> = {},
  given: Readonly<Record<string, string>> = {},
): Promise<{
  readonly facts: readonly AlbSgFacts[];
  readonly ports: FakePorts;
  readonly of: (id: string) => AlbSgFacts;
}> {
  const ports = fakePorts(world);
  const { facts } = await gatherAlbSgFacts(ports, albSgParams(given), NOW);
  const of = (id: string): AlbSgFacts => {
    const found = facts.find(({ group }) => group.id === id);
    if (found === undefined) throw new RangeError(`no facts of ${id}`);
    return found;
  };
  return { facts, ports, of };
}

const asks = (ports: FakePorts, what: string): readonly string[] =>
  ports.calls.filter((call) => call.startsWith(`${what} `)).map((call) => call.slice(what.length + 1));

const admits = (...sources: readonly IngressSource[]) =>
  securityGroup({ ingress: known(sources.map((each) => open(each))) });

it('a group with a path: everything the rule may know', async () => {
  const { facts } = await gather();
  expect(facts).toEqual([
    {
      group: securityGroup(),
      attachedTo: [expect.objectContaining({ arn: arnOf('web'), name: 'web' })],
      attachmentGap: null,
      paths: [path()],
      linkGaps: [],
      listenerPorts: [],
      prefixLists: new Map([[CLOUDFRONT_V4, known(prefixList())]]),
      citedGroups: new Map(),
      cloudfrontPrefixLists: [prefixList(), prefixListV6()],
      now: NOW,
    },
  ]);
});

it('unresolved origins come along', async () => {
  const distributions = [distribution({ origins: [origin({ domainName: dnsNameOf('gone') })] })];
  const { unresolvedOrigins } = await gatherAlbSgFacts(fakePorts({ distributions }), albSgParams(), NOW);
  expect(unresolvedOrigins.map(({ domain }) => domain)).toEqual([dnsNameOf('gone')]);
});

describe('who uses a group', () => {
  it('every Application Load Balancer, and no other kind', async () => {
    const { of } = await gather({
      loadBalancers: [
        loadBalancer(),
        loadBalancer({ name: 'nlb', type: 'network' }),
        loadBalancer({ name: 'api', securityGroups: [groupId('sg-0other'), groupId('sg-0web')] }),
      ],
    });
    expect(of('sg-0web').attachedTo.map(({ name }) => name)).toEqual(['web', 'api']);
  });

  it('a load balancer that lists a group twice uses it once', async () => {
    const { of } = await gather({
      loadBalancers: [loadBalancer({ securityGroups: [groupId('sg-0web'), groupId('sg-0web')] })],
    });
    expect(of('sg-0web').attachedTo).toHaveLength(1);
    expect(of('sg-0web').paths).toHaveLength(1);
  });

  it('paths of all users, in order', async () => {
    const { of } = await gather({
      loadBalancers: [loadBalancer(), loadBalancer({ name: 'api' })],
      distributions: [
        distribution(),
        distribution({ id: distributionId('E0API'), origins: [origin({ domainName: dnsNameOf('api') })] }),
      ],
    });
    expect(of('sg-0web').paths.map(({ distributionId: id }) => id)).toEqual(['E0API', 'E1WEB']);
  });

  it('a group that nobody uses has no path and no gap', async () => {
    const { of } = await gather({ loadBalancers: [] });
    expect(of('sg-0web')).toMatchObject({ attachedTo: [], attachmentGap: null, paths: [], linkGaps: [] });
  });

  it('load balancers that were not seen are a gap at their account and Region', async () => {
    const away = securityGroup({ id: groupId('sg-0away'), scope: { accountId: OTHER_ACCOUNT, region: REGION } });
    const far = securityGroup({ id: groupId('sg-0far'), scope: { ...HOME, region: Region.parse('eu-west-1') } });
    const nowhere = securityGroup({ id: groupId('sg-0none'), scope: { accountId: null, region: null } });
    const { of } = await gather({
      groups: [securityGroup(), away, far, nowhere, securityGroup({ id: groupId('sg-0b') })],
      loadBalancerGap: ({ accountId, region }) =>
        accountId === HOME.accountId && region === HOME.region ? null : gap(`${accountId ?? '?'} ${region ?? '?'}`),
    });
    const facts = ['sg-0web', 'sg-0b', 'sg-0away', 'sg-0far', 'sg-0none'].map((id) => of(id).attachmentGap?.fact);
    expect(facts).toEqual([undefined, undefined, '444455556666 us-east-1', '111122223333 eu-west-1', '? ?']);
  });
});

describe('what is asked', () => {
  it('whether load balancers were seen is asked once for each place', async () => {
    const asked: Scope[] = [];
    await gather({
      groups: ['sg-0a', 'sg-0b', 'sg-0c'].map((id) => securityGroup({ id: groupId(id) })),
      loadBalancerGap: (scope) => {
        asked.push(scope);
        return gap('loadBalancers');
      },
    });
    expect(asked).toEqual([HOME]);
  });

  it('no source is looked up for a group without a path', async () => {
    const { ports, of } = await gather({
      groups: [admits(fromList(CLOUDFRONT_V4), fromGroup('sg-0app'))],
      distributions: [],
    });
    expect(asks(ports, 'prefixList')).toEqual([]);
    expect(asks(ports, 'citedGroup')).toEqual([]);
    expect(ports.calls).not.toContain('cloudfrontPrefixLists');
    expect(of('sg-0web')).toMatchObject({ prefixLists: new Map(), citedGroups: new Map(), cloudfrontPrefixLists: [] });
  });

  it('each source is looked up once, however many rules cite it', async () => {
    const { ports, of } = await gather({
      groups: [
        admits(
          fromList('pl-0a'),
          fromList('pl-0a'),
          fromGroup('sg-0app'),
          fromGroup('sg-0app'),
          fromCidr('10.0.0.0/8'),
        ),
      ],
      citedGroups: { 'sg-0app': hidden('securityGroup sg-0app') },
    });
    expect(asks(ports, 'prefixList')).toEqual(['pl-0a']);
    expect(asks(ports, 'citedGroup')).toEqual(['sg-0app']);
    expect(of('sg-0web').prefixLists.get(listId('pl-0a'))).toMatchObject({ known: false });
    expect(of('sg-0web').citedGroups.get(groupId('sg-0app'))).toEqual(hidden('securityGroup sg-0app'));
  });

  it('sources are looked up where each group is', async () => {
    const europe = { ...HOME, region: Region.parse('eu-west-1') };
    const away = { accountId: OTHER_ACCOUNT, region: REGION };
    const placed = [HOME, europe, away].map((scope, index) => ({
      scope,
      name: `lb${String(index)}`,
      id: groupId(`sg-0${String(index)}`),
    }));
    const { ports, of } = await gather({
      groups: placed.map(({ scope, id }, index) =>
        securityGroup({ id, scope, ingress: known([open(fromList(`pl-0${String(index)}`))]) }),
      ),
      loadBalancers: placed.map(({ scope, name, id }) => loadBalancer({ name, scope, securityGroups: [id] })),
      distributions: [
        distribution({ origins: placed.map(({ name }) => origin({ id: name, domainName: dnsNameOf(name) })) }),
      ],
    });
    expect(ports.calls.filter((call) => call === 'cloudfrontPrefixLists')).toHaveLength(3);
    for (const [index, { id }] of placed.entries())
      expect([...of(id).prefixLists.keys()]).toEqual([`pl-0${String(index)}`]);
  });

  it('the ports are told where the rules are', async () => {
    const ports = fakePorts({ groups: [admits(fromList('pl-0a'), fromGroup('sg-0app'))] });
    const asked: unknown[] = [];
    const listening: Ports = {
      ...ports,
      prefixLists: (ids, from, entries) => (asked.push([...ids], from, entries), ports.prefixLists(ids, from, entries)),
      citedGroups: (ids, from) => (asked.push([...ids], from), ports.citedGroups(ids, from)),
      cloudfrontPrefixLists: (at) => (asked.push(at), ports.cloudfrontPrefixLists(at)),
    };
    await gatherAlbSgFacts(listening, albSgParams(), NOW);
    expect(asked).toEqual([['pl-0a'], HOME, 'without-entries', ['sg-0app'], HOME, HOME]);
  });

  it('a group without a path gets no sources, even beside one that has them', async () => {
    const { of } = await gather({ groups: [securityGroup(), securityGroup({ id: groupId('sg-0idle') })] });
    expect(of('sg-0web').prefixLists.size).toBe(1);
    expect(of('sg-0idle')).toMatchObject({ prefixLists: new Map(), cloudfrontPrefixLists: [] });
  });

  it('hidden rules cite nothing', async () => {
    const { ports } = await gather({ groups: [securityGroup({ ingress: hidden('rules') })] });
    expect(asks(ports, 'prefixList')).toEqual([]);
  });

  it('listeners are read only for ports = listeners, and only of load balancers with a path', async () => {
    const world: Partial<World> = {
      groups: [securityGroup(), securityGroup({ id: groupId('sg-0b') })],
      loadBalancers: [
        loadBalancer({ securityGroups: [groupId('sg-0web'), groupId('sg-0b')] }),
        loadBalancer({ name: 'idle' }),
      ],
      listeners: { [arnOf('web')]: known([443]) },
    };
    expect(asks((await gather(world)).ports, 'listenerPorts')).toEqual([]);
    const { ports, of } = await gather(world, { ports: 'listeners' });
    expect(asks(ports, 'listenerPorts')).toEqual([arnOf('web')]);
    expect(of('sg-0web').listenerPorts).toEqual([known([443])]);
    expect(of('sg-0b').listenerPorts).toEqual([known([443])]);
  });

  it('no listener is read for a group without a path', async () => {
    const { of, ports } = await gather(
      {
        groups: [securityGroup(), securityGroup({ id: groupId('sg-0b') })],
        loadBalancers: [loadBalancer(), loadBalancer({ name: 'idle', securityGroups: [groupId('sg-0b')] })],
        loadBalancerGap: () => gap('loadBalancers'),
        listeners: { [arnOf('web')]: known([443]) },
      },
      { ports: 'listeners' },
    );
    expect(of('sg-0b').listenerPorts).toEqual([]);
    expect(asks(ports, 'listenerPorts')).toEqual([arnOf('web')]);
  });
});

describe('ports = listeners, where another listener may count', () => {
  const world: Partial<World> = {
    groups: [securityGroup({ ingress: known([ingress(), open(fromCidr('0.0.0.0/0'), 'tcp', 8443)]) })],
    loadBalancers: [loadBalancer(), loadBalancer({ name: 'api' })],
    listeners: { [arnOf('web')]: known([443]), [arnOf('api')]: known([8443]) },
  };
  const judge = async (overrides: Partial<World>) => {
    const given = { ports: 'listeners' };
    const { of } = await gather({ ...world, ...overrides }, given);
    return albSgCloudfrontOnly.decide(of('sg-0web'), albSgParams(given));
  };

  it('a load balancer that no distribution fronts has no say', async () => {
    expect(await judge({})).toEqual({ kind: 'compliant' });
  });

  it('a load balancer that a hidden VPC origin may front makes it indeterminate', async () => {
    const distributions = [
      distribution({
        origins: [origin(), origin({ id: 'b', domainName: 'api.example.com', vpcOriginId: vpcOriginId('vo_1') })],
      }),
    ];
    expect(await judge({ distributions, vpcOrigins: { vo_1: known(arnOf('api')) } })).toMatchObject({
      kind: 'non-compliant',
    });
    expect(await judge({ distributions })).toMatchObject({
      kind: 'indeterminate',
      gaps: [{ fact: 'vpcOrigin vo_1' }],
    });
  });

  it('under ports = all no gap of listeners is noted', async () => {
    const { of } = await gather({ ...world, loadBalancerGap: () => gap('loadBalancers') });
    expect(of('sg-0web').listenerPorts).toEqual([]);
  });

  it('load balancers that were not all seen make it indeterminate', async () => {
    expect(await judge({ loadBalancerGap: () => gap('loadBalancers', 'incomplete') })).toMatchObject({
      kind: 'indeterminate',
      gaps: [{ fact: 'loadBalancers', cause: 'incomplete' }],
    });
  });
});

describe('link gaps', () => {
  it('evidence that might have linked a user, each once', async () => {
    const { of } = await gather({
      loadBalancers: [loadBalancer(), loadBalancer({ name: 'api' })],
      distributions: [],
      distributionGap: () => gap('distributions'),
    });
    expect(of('sg-0web').linkGaps).toEqual([gap('distributions')]);
  });

  it('none for a group with a path', async () => {
    const { of } = await gather({ distributionGap: () => gap('distributions') });
    expect(of('sg-0web').linkGaps).toEqual([]);
  });

  it('none for a group that nobody uses', async () => {
    const { of } = await gather({ loadBalancers: [], distributionGap: () => gap('distributions') });
    expect(of('sg-0web').linkGaps).toEqual([]);
  });
});

describe('a group nobody described', () => {
  const user = loadBalancer({ securityGroups: [groupId('sg-0gone')] });

  it('is judged once, in the place of its load balancer, and is a gap', async () => {
    const { facts, of } = await gather({ groups: [], loadBalancers: [user, loadBalancer({ ...user, name: 'b' })] });
    expect(facts).toHaveLength(1);
    const notSeen = {
      known: false,
      gap: {
        fact: 'securityGroup sg-0gone',
        cause: 'not-seen',
        detail: 'security group sg-0gone of web was not seen; add the output of describe-security-groups',
      },
    };
    expect(of('sg-0gone').group).toEqual({
      id: 'sg-0gone',
      name: null,
      vpcId: VPC,
      scope: HOME,
      deleted: false,
      tags: notSeen,
      ingress: notSeen,
    });
    expect(albSgCloudfrontOnly.decide(of('sg-0gone'), albSgParams())).toEqual({
      kind: 'indeterminate',
      gaps: [notSeen.gap],
    });
  });

  it('is left out where its load balancer has no path and cannot have one', async () => {
    expect((await gather({ groups: [], loadBalancers: [user], distributions: [] })).facts).toEqual([]);
  });

  it('counts where its load balancer may have a path', async () => {
    const { facts } = await gather({
      groups: [],
      loadBalancers: [user],
      distributions: [],
      distributionGap: () => gap('distributions'),
    });
    expect(facts.map(({ group }) => group.id)).toEqual(['sg-0gone']);
  });

  it('stands beside those that were described', async () => {
    const both = loadBalancer({ securityGroups: [groupId('sg-0web'), groupId('sg-0gone')] });
    const { facts } = await gather({ loadBalancers: [both] });
    expect(facts.map(({ group }) => group.id)).toEqual(['sg-0web', 'sg-0gone']);
  });

  it('a network load balancer describes none', async () => {
    const nlb = loadBalancer({ type: 'network', securityGroups: [groupId('sg-0gone')] });
    expect((await gather({ groups: [], loadBalancers: [nlb] })).facts).toEqual([]);
  });
});
