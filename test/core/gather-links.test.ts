import { known } from '../../core/fact.js';
import { gatherLinks } from '../../core/gather-links.js';
import { NO_LINKS, type LinkOptions, type Links } from '../../core/link-origins.js';
import type { Distribution } from '../../core/model/distribution.js';
import type { NameAnswer } from '../../core/ports.js';
import {
  ACCOUNT,
  arnOf,
  distribution,
  distributionId,
  dnsNameOf,
  gap,
  hidden,
  loadBalancer,
  origin,
  OTHER_ACCOUNT,
  path,
  REGION,
  tenant,
  vpcOriginId,
} from '../support/builders.js';
import { fakePorts, world, type FakePorts, type World } from '../support/fake-ports.js';

const OPTIONS: LinkOptions = {
  includeDisabledDistributions: false,
  originHostnames: new Map(),
  resolveOrigins: 'dns',
};

const WEB = loadBalancer();
const API = loadBalancer({ name: 'api' });
const NAME = 'app.example.com';

interface Gathered {
  readonly links: Links;
  readonly ports: FakePorts;
  /** How each load balancer is linked, as `web dns-name`. */
  readonly linked: readonly string[];
  /** Why each unresolved origin is one. */
  readonly unresolved: readonly string[];
  /** The gaps of the load balancer `web`. */
  readonly gaps: readonly string[];
}

async function gather(overrides: Partial<World> = {}, options: Partial<LinkOptions> = {}): Promise<Gathered> {
  const ports = fakePorts({ loadBalancers: [WEB, API], ...overrides });
  const loadBalancers = overrides.loadBalancers ?? [WEB, API];
  const links = await gatherLinks(
    ports,
    loadBalancers,
    { ...OPTIONS, ...options },
    { about: loadBalancers.filter(({ type }) => type === 'application'), tags: 'all' },
  );
  return {
    links,
    ports,
    linked: loadBalancers.flatMap(({ arn, name }) => links.pathsTo(arn).map(({ linkedBy }) => `${name} ${linkedBy}`)),
    unresolved: links.unresolvedOrigins.map(({ why }) => why),
    gaps: links.gapsFor(WEB).map(({ fact }) => fact),
  };
}

/** One distribution with one custom origin of this name. */
const named = (domainName: string, overrides: Partial<Distribution> = {}): readonly Distribution[] => [
  distribution({ origins: [origin({ domainName })], ...overrides }),
];

const viaVpcOrigin = (domainName: string): readonly Distribution[] => [
  distribution({ origins: [origin({ domainName, vpcOriginId: vpcOriginId('vo_1') })] }),
];

const answered = (overrides: Partial<Extract<NameAnswer, { kind: 'answered' }>>): NameAnswer => ({
  kind: 'answered',
  names: [],
  addresses: [],
  failure: null,
  ...overrides,
});

describe('dns-name', () => {
  it.each([
    ['as it is', dnsNameOf('web')],
    ['in capitals', dnsNameOf('web').toUpperCase()],
    ['with a trailing dot', `${dnsNameOf('web')}.`],
    ['with dualstack. in front', `dualstack.${dnsNameOf('web')}`],
    ['all of it', `DualStack.${dnsNameOf('web').toUpperCase()}.`],
  ])('the DNS name of the load balancer, %s', async (_, domainName) => {
    const { links, linked, unresolved, gaps, ports } = await gather({ distributions: named(domainName) });
    expect(linked).toStrictEqual(['web dns-name']);
    expect(links.pathsTo(WEB.arn)).toStrictEqual([path({ originDomain: domainName })]);
    expect(unresolved).toStrictEqual([]);
    expect(gaps).toStrictEqual([]);
    expect(ports.calls).not.toContainEqual(expect.stringMatching(/^resolve/));
  });

  it('the load balancer may write its own name in any form', async () => {
    const loud = loadBalancer({ dnsName: `dualstack.${dnsNameOf('web').toUpperCase()}.` });
    expect((await gather({ loadBalancers: [loud] })).linked).toStrictEqual(['web dns-name']);
  });

  it('a load balancer of another account is linked as well', async () => {
    const away = loadBalancer({ scope: { accountId: OTHER_ACCOUNT, region: REGION } });
    expect((await gather({ loadBalancers: [away] })).linked).toStrictEqual(['web dns-name']);
  });

  it('a name of Elastic Load Balancing that nobody has is unresolved, and never looked up', async () => {
    const { linked, unresolved, ports } = await gather({ distributions: named(dnsNameOf('gone')) });
    expect(linked).toStrictEqual([]);
    expect(unresolved).toStrictEqual(['no load balancer in the input has this DNS name']);
    expect(ports.calls).not.toContainEqual(expect.stringMatching(/^resolve/));
  });

  it('a network load balancer is no target, and its name is known', async () => {
    const nlb = loadBalancer({ name: 'nlb', type: 'network' });
    const { linked, unresolved } = await gather({ loadBalancers: [nlb], distributions: named(nlb.dnsName) });
    expect(linked).toStrictEqual([]);
    expect(unresolved).toStrictEqual([]);
  });

  it('two load balancers of one name are both linked', async () => {
    const twin = loadBalancer({ name: 'twin', dnsName: WEB.dnsName });
    expect((await gather({ loadBalancers: [twin, WEB] })).linked).toStrictEqual(['twin dns-name', 'web dns-name']);
  });

  it('several distributions and origins are each a path, in order', async () => {
    const { links } = await gather({
      distributions: [
        distribution({ id: distributionId('E2') }),
        distribution({ id: distributionId('E1'), origins: [origin({ id: 'b' }), origin({ id: 'a' })] }),
      ],
    });
    expect(links.pathsTo(WEB.arn).map((each) => [each.distributionId, each.originId])).toStrictEqual([
      ['E1', 'a'],
      ['E1', 'b'],
      ['E2', 'web'],
    ]);
    expect(links.pathsTo(API.arn)).toStrictEqual([]);
  });
});

describe('S3', () => {
  it.each([
    ['by name', origin({ domainName: 'bucket.s3.us-east-1.amazonaws.com' })],
    ['by website endpoint', origin({ domainName: 'bucket.s3-website-us-east-1.amazonaws.com' })],
    ['by its S3 settings', origin({ domainName: 'bucket.example.com', isS3: true })],
  ])('%s: no load balancer, not unresolved, never looked up', async (_, bucket) => {
    const { linked, unresolved, gaps, ports } = await gather({ distributions: [distribution({ origins: [bucket] })] });
    expect([linked, unresolved, gaps]).toStrictEqual([[], [], []]);
    expect(ports.calls).not.toContainEqual(expect.stringMatching(/^resolve/));
  });
});

describe('distributions that count', () => {
  it('a disabled one does not, unless asked for', async () => {
    const distributions = named(dnsNameOf('web'), { enabled: false });
    expect((await gather({ distributions })).linked).toStrictEqual([]);
    expect((await gather({ distributions }, { includeDisabledDistributions: true })).linked).toStrictEqual([
      'web dns-name',
    ]);
  });

  it('nothing is read for a disabled one', async () => {
    const distributions = [
      distribution({
        enabled: false,
        origins: [
          origin({ domainName: NAME }),
          origin({ domainName: '{{t}}.example.com' }),
          origin({ vpcOriginId: vpcOriginId('vo_1') }),
        ],
      }),
    ];
    const { ports, unresolved } = await gather({ distributions });
    expect(unresolved).toStrictEqual([]);
    expect(ports.calls.filter((call) => /^(resolve|tenantsOf|vpcOrigin|publicAddresses)/.test(call))).toStrictEqual([]);
  });
});

describe('vpc-origin', () => {
  it('the VPC origin leads to the ARN of the load balancer, whatever the name says', async () => {
    const { linked, unresolved, gaps, ports } = await gather({
      distributions: viaVpcOrigin(dnsNameOf('api')),
      vpcOrigins: { vo_1: known(WEB.arn) },
    });
    expect(linked).toStrictEqual(['web vpc-origin']);
    expect([unresolved, gaps]).toStrictEqual([[], []]);
    expect(ports.calls.filter((call) => call.startsWith('vpcOrigin'))).toStrictEqual(['vpcOrigin vo_1']);
  });

  it('a name behind a known VPC origin is never looked up', async () => {
    const { linked, ports } = await gather({
      distributions: viaVpcOrigin(NAME),
      vpcOrigins: { vo_1: known(WEB.arn) },
    });
    expect(linked).toStrictEqual(['web vpc-origin']);
    expect(ports.calls).not.toContainEqual(expect.stringMatching(/^resolve/));
  });

  it('a load balancer that is not in the input is unresolved', async () => {
    const gone = arnOf('gone');
    const { linked, unresolved, gaps } = await gather({
      distributions: viaVpcOrigin(NAME),
      vpcOrigins: { vo_1: known(gone) },
    });
    expect(linked).toStrictEqual([]);
    expect(unresolved).toStrictEqual([`its VPC origin leads to ${gone}, which is not in the input`]);
    expect(gaps).toStrictEqual([]);
  });

  it.each([
    ['a network load balancer', arnOf('nlb', undefined, 'net')],
    ['an instance', 'arn:aws:ec2:us-east-1:111122223333:instance/i-0a'],
  ])('%s is no load balancer to judge, and not unresolved', async (_, endpoint) => {
    const { linked, unresolved, gaps } = await gather({
      distributions: viaVpcOrigin(NAME),
      vpcOrigins: { vo_1: known(endpoint) },
    });
    expect([linked, unresolved, gaps]).toStrictEqual([[], [], []]);
  });

  it('hidden: the own DNS name of the load balancer still links it', async () => {
    const { linked, gaps, unresolved } = await gather({ distributions: viaVpcOrigin(dnsNameOf('web')) });
    expect(linked).toStrictEqual(['web dns-name']);
    expect([gaps, unresolved]).toStrictEqual([[], []]);
  });

  it('hidden: a declaration still links it', async () => {
    const originHostnames = new Map([[NAME, dnsNameOf('api')]]);
    const { linked, gaps, unresolved } = await gather({ distributions: viaVpcOrigin(NAME) }, { originHostnames });
    expect(linked).toStrictEqual(['api declared']);
    expect([gaps, unresolved]).toStrictEqual([[], []]);
  });

  it('hidden: DNS says nothing about it, so its name is not looked up', async () => {
    const { linked, gaps, ports } = await gather({
      distributions: viaVpcOrigin(NAME),
      names: { [NAME]: answered({ names: [dnsNameOf('api')] }) },
    });
    expect([linked, gaps]).toStrictEqual([[], ['vpcOrigin vo_1']]);
    expect(ports.calls).not.toContainEqual(expect.stringMatching(/^resolve/));
  });

  it('hidden: a name that DNS answers elsewhere is not taken for the endpoint', async () => {
    const { links, linked } = await gather({
      distributions: [
        distribution({
          origins: [
            origin({ id: 'a', domainName: NAME, vpcOriginId: vpcOriginId('vo_1') }),
            origin({ id: 'b', domainName: NAME }),
          ],
        }),
      ],
      names: { [NAME]: answered({ names: [dnsNameOf('api')] }) },
    });
    expect(linked).toStrictEqual(['api resolved-name']);
    expect(links.pathsTo(API.arn).map(({ originId }) => originId)).toStrictEqual(['b']);
  });

  it('hidden: with no other lead it is a gap of every load balancer, and unresolved', async () => {
    const { linked, gaps, unresolved, links } = await gather({
      distributions: viaVpcOrigin(NAME),
      vpcOrigins: { vo_1: hidden('vpcOrigin vo_1') },
    });
    expect(linked).toStrictEqual([]);
    expect(gaps).toStrictEqual(['vpcOrigin vo_1']);
    expect(links.gapsFor(API)).toStrictEqual(links.gapsFor(WEB));
    expect(unresolved).toStrictEqual(['vpcOrigin vo_1 cannot be read']);
  });

  it('read once for each distribution that names it', async () => {
    const { ports } = await gather({
      distributions: [
        distribution({ origins: [origin({ vpcOriginId: vpcOriginId('vo_1') }), origin({ id: 'plain' })] }),
        distribution({ id: distributionId('E2'), origins: [origin({ vpcOriginId: vpcOriginId('vo_2') })] }),
      ],
      vpcOrigins: { vo_1: known(WEB.arn), vo_2: known(API.arn) },
    });
    expect(ports.calls.filter((call) => call.startsWith('vpcOrigin'))).toStrictEqual([
      'vpcOrigin vo_1',
      'vpcOrigin vo_2',
    ]);
  });
});

describe('declared', () => {
  const declares = (value: string) => loadBalancer({ tags: known({ 'origin-guard:fronted-by': value }) });

  it.each(['cloudfront', 'CloudFront', ' CLOUDFRONT '])('by tag: %j', async (value) => {
    const { links, linked } = await gather({
      distributions: [],
      loadBalancers: [declares(value)],
      entrances: { [WEB.arn]: [{ kind: 'global-accelerator', id: 'eni-0a' }] },
    });
    expect(linked).toStrictEqual(['web declared']);
    expect(links.pathsTo(WEB.arn)).toStrictEqual([
      path({
        distributionId: null,
        originId: null,
        originDomain: null,
        linkedBy: 'declared',
        otherEntrances: [{ kind: 'global-accelerator', id: 'eni-0a' }],
      }),
    ]);
  });

  it.each([
    ['another value', declares('fastly')],
    ['no value', declares('')],
    ['hidden tags', loadBalancer({ tags: hidden('tags') })],
    ['a network load balancer', { ...declares('cloudfront'), type: 'network' as const }],
    ['another key', loadBalancer({ tags: known({ 'Origin-Guard:Fronted-By': 'cloudfront' }) })],
  ])('not by tag: %s', async (_, target) => {
    const { linked } = await gather({ distributions: [], loadBalancers: [target] });
    expect(linked).toStrictEqual([]);
  });

  it('by tag beside a distribution: both are paths', async () => {
    expect((await gather({ loadBalancers: [declares('cloudfront')] })).linked).toStrictEqual([
      'web dns-name',
      'web declared',
    ]);
  });

  it('by parameter, and the name is never looked up', async () => {
    const originHostnames = new Map([[NAME, dnsNameOf('web')]]);
    const { linked, ports, unresolved } = await gather(
      { distributions: named('App.Example.com.') },
      { originHostnames },
    );
    expect(linked).toStrictEqual(['web declared']);
    expect(unresolved).toStrictEqual([]);
    expect(ports.calls).not.toContainEqual(expect.stringMatching(/^resolve/));
  });

  it('by parameter in any form of the DNS name', async () => {
    const originHostnames = new Map([[NAME, `DUALSTACK.${dnsNameOf('web').toUpperCase()}.`]]);
    expect((await gather({ distributions: named(NAME) }, { originHostnames })).linked).toStrictEqual(['web declared']);
  });

  it('by parameter holds even with lookups off', async () => {
    const originHostnames = new Map([[NAME, dnsNameOf('web')]]);
    const options = { originHostnames, resolveOrigins: 'off' } as const;
    expect((await gather({ distributions: named(NAME) }, options)).linked).toStrictEqual(['web declared']);
  });

  it('by parameter to a load balancer that is not in the input: unresolved', async () => {
    const originHostnames = new Map([[NAME, dnsNameOf('gone')]]);
    const { linked, unresolved } = await gather({ distributions: named(NAME) }, { originHostnames });
    expect(linked).toStrictEqual([]);
    expect(unresolved).toStrictEqual([
      `originHostnames declares it to be ${dnsNameOf('gone')}, which is not in the input`,
    ]);
  });
});

describe('resolved names', () => {
  const elsewhere = (where: string) =>
    `its name leads to ${where}, which belongs to no load balancer whose name and addresses are in the input`;

  it('the name leads to the name of the load balancer', async () => {
    const { linked, ports, unresolved } = await gather({
      distributions: named('App.Example.com.'),
      names: { [NAME]: answered({ names: ['cdn.example.com', `DUALSTACK.${dnsNameOf('web')}.`] }) },
    });
    expect(linked).toStrictEqual(['web resolved-name']);
    expect(unresolved).toStrictEqual([]);
    expect(ports.calls.filter((call) => call.startsWith('resolve'))).toStrictEqual([`resolve ${NAME}`]);
    expect(ports.calls).not.toContainEqual(expect.stringMatching(/^publicAddresses/));
  });

  it('the name leads to an address of the load balancer', async () => {
    const { linked } = await gather({
      distributions: named(NAME),
      names: { [NAME]: answered({ addresses: ['203.0.113.9', '2001:DB8:0::1'] }) },
      addresses: { [WEB.arn]: known(['203.0.113.8', '203.0.113.9']), [API.arn]: known(['2001:db8::1']) },
    });
    expect(linked).toStrictEqual(['web resolved-address', 'api resolved-address']);
  });

  it.each([
    ['another address', '203.0.113.9', '203.0.113.8'],
    ['the same number in the other family', '0.0.0.1', '::1'],
  ])('an address of nobody links nothing: %s', async (_, asked, held) => {
    const { linked, unresolved, gaps } = await gather({
      distributions: named(NAME),
      names: { [NAME]: answered({ addresses: [asked] }) },
      addresses: { [WEB.arn]: known([held]), [API.arn]: known([]) },
    });
    expect([linked, unresolved, gaps]).toStrictEqual([[], [elsewhere(asked)], []]);
  });

  it('an address that is none is compared as it is written', async () => {
    const { linked } = await gather({
      distributions: named(NAME),
      names: { [NAME]: answered({ addresses: ['pending'] }) },
      addresses: { [WEB.arn]: known(['pending']), [API.arn]: known(['other']) },
    });
    expect(linked).toStrictEqual(['web resolved-address']);
  });

  it('two load balancers of one address are both linked', async () => {
    const { linked } = await gather({
      distributions: named(NAME),
      names: { [NAME]: answered({ addresses: ['203.0.113.9'] }) },
      addresses: { [WEB.arn]: known(['203.0.113.9']), [API.arn]: known(['203.0.113.9']) },
    });
    expect(linked).toStrictEqual(['web resolved-address', 'api resolved-address']);
  });

  it('the stronger evidence counts for the same load balancer', async () => {
    const { linked } = await gather({
      distributions: named(NAME),
      names: { [NAME]: answered({ names: [dnsNameOf('web')], addresses: ['203.0.113.9'] }) },
      addresses: { [WEB.arn]: known(['203.0.113.9']) },
    });
    expect(linked).toStrictEqual(['web resolved-name']);
  });

  it('weighted records may lead to several load balancers', async () => {
    const { linked } = await gather({
      distributions: named(NAME),
      names: { [NAME]: answered({ names: [dnsNameOf('web')], addresses: ['203.0.113.9'] }) },
      addresses: { [API.arn]: known(['203.0.113.9']) },
    });
    expect(linked).toStrictEqual(['web resolved-name', 'api resolved-address']);
  });

  it('a name that does not exist is an answer: unresolved, and no gap', async () => {
    const { linked, unresolved, gaps } = await gather({
      distributions: named(NAME),
      names: { [NAME]: { kind: 'no-such-name' } },
    });
    expect([linked, unresolved, gaps]).toStrictEqual([[], ['its name does not exist in DNS'], []]);
  });

  it('a name nobody answered for is unresolved with why, and no gap', async () => {
    const { unresolved, gaps } = await gather({
      distributions: named(NAME),
      names: { [NAME]: { kind: 'unanswered', why: 'no saved answer' } },
    });
    expect([unresolved, gaps]).toStrictEqual([['no saved answer'], []]);
  });

  it('a lookup that failed is a gap of every load balancer, and unresolved', async () => {
    const { links, linked, unresolved } = await gather({
      distributions: named(NAME),
      names: { [NAME]: answered({ failure: 'SERVFAIL' }) },
    });
    expect(linked).toStrictEqual([]);
    expect(unresolved).toStrictEqual(['SERVFAIL']);
    for (const target of [WEB, API])
      expect(links.gapsFor(target)).toStrictEqual([
        { fact: 'origin name', cause: 'lookup-failed', detail: 'SERVFAIL' },
      ]);
  });

  it('what was found before a lookup failed counts, and the failure stays a gap', async () => {
    const { linked, unresolved, gaps } = await gather({
      distributions: named(NAME),
      names: { [NAME]: answered({ names: [dnsNameOf('web')], failure: 'SERVFAIL' }) },
    });
    expect([linked, unresolved, gaps]).toStrictEqual([['web resolved-name'], [], ['origin name']]);
  });

  it.each([
    ['its last name', answered({ names: ['a.example.net', 'b.example.net'] }), 'b.example.net'],
    [
      'its last name and two addresses at most',
      answered({ names: ['a.example.net'], addresses: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] }),
      'a.example.net, 192.0.2.1, 192.0.2.2',
    ],
    ['nothing', answered({}), 'nothing'],
  ])('a name that leads elsewhere says where: %s', async (_, answer, where) => {
    const { linked, unresolved, gaps } = await gather({ distributions: named(NAME), names: { [NAME]: answer } });
    expect([linked, unresolved, gaps]).toStrictEqual([[], [elsewhere(where)], []]);
  });

  it('addresses that were not seen link nothing', async () => {
    const { linked, unresolved } = await gather({
      distributions: named(NAME),
      names: { [NAME]: answered({ addresses: ['203.0.113.9'] }) },
    });
    expect(linked).toStrictEqual([]);
    expect(unresolved).toStrictEqual([elsewhere('203.0.113.9')]);
  });

  it('addresses that IAM hides are a gap while nothing links the name', async () => {
    const given = { distributions: named(NAME), addresses: { [WEB.arn]: hidden('networkInterfaces') } };
    const hiddenOnes = await gather({ ...given, names: { [NAME]: answered({ addresses: ['203.0.113.7'] }) } });
    expect(hiddenOnes.links.gapsFor(WEB).map(({ fact }) => fact)).toStrictEqual(['networkInterfaces']);
    const byName = await gather({
      ...given,
      names: { [NAME]: answered({ names: [WEB.dnsName], addresses: ['203.0.113.7'] }) },
    });
    expect(byName.links.gapsFor(API)).toStrictEqual([]);
  });

  it('off: no name is looked up, and each is unresolved', async () => {
    const { unresolved, gaps, ports } = await gather({ distributions: named(NAME) }, { resolveOrigins: 'off' });
    expect([unresolved, gaps]).toStrictEqual([['resolveOrigins is off, so its name was not followed'], []]);
    expect(ports.calls).not.toContainEqual(expect.stringMatching(/^resolve/));
  });

  it('each name is looked up once, however often and however it is written', async () => {
    const { ports } = await gather({
      distributions: [
        distribution({ origins: [origin({ domainName: NAME }), origin({ id: 'b', domainName: 'APP.example.com.' })] }),
        distribution({ id: distributionId('E2'), origins: [origin({ domainName: NAME })] }),
      ],
    });
    expect(ports.calls.filter((call) => call.startsWith('resolve'))).toStrictEqual([`resolve ${NAME}`]);
  });

  it('addresses are read only when a name leads to some, and only of Application Load Balancers', async () => {
    const nlb = loadBalancer({ name: 'nlb', type: 'network' });
    const { ports } = await gather({
      loadBalancers: [WEB, nlb],
      distributions: named(NAME),
      names: { [NAME]: answered({ addresses: ['203.0.113.9'] }) },
    });
    expect(ports.calls.filter((call) => call.startsWith('publicAddresses'))).toStrictEqual([
      `publicAddresses ${WEB.arn}`,
    ]);
  });
});

describe('multi-tenant distributions', () => {
  const template = (parameterDefaults: Readonly<Record<string, string>> = {}) =>
    named('{{tenant}}.example.com', { parameterDefaults: known(parameterDefaults) });
  const acme = tenant({ parameters: known({ tenant: 'acme' }) });

  it('an origin has a name for each tenant', async () => {
    const { links, ports, unresolved } = await gather({
      distributions: template(),
      tenants: { E1WEB: known([acme, tenant({ id: 'dt_b', parameters: known({ tenant: 'b' }) })]) },
      names: {
        'acme.example.com': answered({ names: [dnsNameOf('web')] }),
        'b.example.com': answered({ names: [dnsNameOf('api')] }),
      },
    });
    expect(links.pathsTo(WEB.arn).map(({ originDomain }) => originDomain)).toStrictEqual(['acme.example.com']);
    expect(links.pathsTo(API.arn).map(({ originDomain }) => originDomain)).toStrictEqual(['b.example.com']);
    expect(unresolved).toStrictEqual([]);
    expect(ports.calls.filter((call) => call.startsWith('tenantsOf'))).toStrictEqual(['tenantsOf E1WEB']);
  });

  it('two tenants of one name are one path', async () => {
    const { linked } = await gather({
      distributions: named(`{{name}}`),
      tenants: {
        E1WEB: known([
          tenant({ parameters: known({ name: dnsNameOf('web') }) }),
          tenant({ id: 'dt_b', parameters: known({ name: dnsNameOf('web') }) }),
        ]),
      },
    });
    expect(linked).toStrictEqual(['web dns-name']);
  });

  it('a default fills in for a tenant that gives no value, and yields to one that does', async () => {
    const { ports } = await gather({
      distributions: template({ tenant: 'shared' }),
      tenants: { E1WEB: known([tenant(), acme]) },
    });
    expect(ports.calls.filter((call) => call.startsWith('resolve'))).toStrictEqual([
      'resolve shared.example.com',
      'resolve acme.example.com',
    ]);
  });

  it('a disabled tenant does not count, unless asked for', async () => {
    const off = { distributions: template(), tenants: { E1WEB: known([{ ...acme, enabled: false }]) } };
    const { ports, unresolved, gaps } = await gather(off);
    expect(ports.calls).not.toContainEqual(expect.stringMatching(/^resolve/));
    expect([unresolved, gaps]).toStrictEqual([[], []]);
    const included = await gather(off, { includeDisabledDistributions: true });
    expect(included.ports.calls).toContain('resolve acme.example.com');
  });

  it('a parameter without a value is a gap too, while its default is not known', async () => {
    const gap = { fact: 'defaults', cause: 'not-seen', detail: 'nobody saw the defaults' } as const;
    const distributions = named('{{tenant}}.example.com', { parameterDefaults: { known: false, gap } });
    const { gaps } = await gather({ distributions, tenants: { E1WEB: known([tenant()]) } });
    expect(gaps).toStrictEqual(['defaults']);
  });

  it('a parameter without a value is unresolved, under the name as CloudFront has it', async () => {
    const { links, gaps } = await gather({ distributions: template(), tenants: { E1WEB: known([tenant()]) } });
    expect(links.unresolvedOrigins).toStrictEqual([
      {
        distributionId: 'E1WEB',
        originId: 'web',
        domain: '{{tenant}}.example.com',
        why: 'tenant dt_acme gives no value for the parameter tenant',
      },
    ]);
    expect(gaps).toStrictEqual([]);
  });

  it('tenants hidden by IAM are a gap, and unresolved', async () => {
    const { unresolved, gaps } = await gather({
      distributions: template(),
      tenants: { E1WEB: hidden('distributionTenants') },
    });
    expect(gaps).toStrictEqual(['distributionTenants']);
    expect(unresolved).toStrictEqual(['distributionTenants cannot be read']);
  });

  it('the parameters of one tenant hidden by IAM are a gap beside the others', async () => {
    const { unresolved, gaps, ports } = await gather({
      distributions: template(),
      tenants: { E1WEB: known([tenant({ parameters: hidden('parameters of dt_x') }), acme]) },
      names: { 'acme.example.com': { kind: 'no-such-name' } },
    });
    expect(gaps).toStrictEqual(['parameters of dt_x']);
    expect(unresolved).toStrictEqual(['its name does not exist in DNS', 'parameters of dt_x cannot be read'].sort());
    expect(ports.calls).toContain('resolve acme.example.com');
  });

  it('tenants are read only where a name waits for them', async () => {
    const { ports } = await gather({
      distributions: [
        distribution({ origins: [origin(), origin({ id: 'b', domainName: '{{a}}.example.com' })] }),
        distribution({ id: distributionId('E2') }),
      ],
    });
    expect(ports.calls.filter((call) => call.startsWith('tenantsOf'))).toStrictEqual(['tenantsOf E1WEB']);
  });
});

describe('gaps', () => {
  it('distributions of an account that were not seen are a gap of its load balancers', async () => {
    const away = loadBalancer({ name: 'away', scope: { accountId: OTHER_ACCOUNT, region: REGION } });
    const { links } = await gather({
      loadBalancers: [WEB, away],
      distributionGap: (accountId) => (accountId === ACCOUNT ? gap('distributions') : null),
      distributions: named(NAME),
      names: { [NAME]: answered({ failure: 'SERVFAIL' }) },
    });
    expect(links.gapsFor(WEB).map(({ fact }) => fact)).toStrictEqual(['distributions', 'origin name']);
    expect(links.gapsFor(away).map(({ fact }) => fact)).toStrictEqual(['origin name']);
  });
});

describe('what is asked', () => {
  it('nothing but distributions and other ways in where names say everything', async () => {
    const { ports } = await gather();
    expect(ports.calls).toStrictEqual([
      'distributions',
      `otherEntrances ${WEB.arn}`,
      `otherEntrances ${API.arn}`,
      `tags ${WEB.arn},${API.arn}`,
    ]);
  });

  it('other ways in belong to each path', async () => {
    const entrances = [{ kind: 'network-load-balancer', id: 'nlb' }] as const;
    const { links } = await gather({ entrances: { [WEB.arn]: entrances } });
    expect(links.pathsTo(WEB.arn)).toStrictEqual([path({ otherEntrances: entrances })]);
  });

  it('a world without anything has no links', async () => {
    const { linked, unresolved, gaps } = await gather({ distributions: [], loadBalancers: [] });
    expect([linked, unresolved, gaps]).toStrictEqual([[], [], []]);
  });
});

it('no links are no path and no gap', () => {
  expect([NO_LINKS.pathsTo(WEB.arn), NO_LINKS.gapsFor(WEB), NO_LINKS.unresolvedOrigins]).toStrictEqual([[], [], []]);
});

it('unresolved origins are in a stable order', async () => {
  const { links } = await gather({
    distributions: [
      distribution({ id: distributionId('E2'), origins: [origin({ domainName: NAME })] }),
      distribution({ origins: [origin({ id: 'b', domainName: NAME }), origin({ id: 'a', domainName: NAME })] }),
    ],
  });
  expect(links.unresolvedOrigins.map((each) => `${each.distributionId} ${each.originId}`)).toStrictEqual([
    'E1WEB a',
    'E1WEB b',
    'E2 web',
  ]);
});

it('the world of the builders is linked', () => expect(world().distributions).toHaveLength(1));
