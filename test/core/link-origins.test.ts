import { known } from '../../core/fact.js';
import { linkOrigins, needsLookup, type LinkOptions, type OriginEvidence } from '../../core/link-origins.js';
import { distribution, dnsNameOf, loadBalancer, origin, vpcOriginId } from '../support/builders.js';

const OPTIONS: LinkOptions = { includeDisabledDistributions: false, originHostnames: new Map(), resolveOrigins: 'dns' };
const WEB = loadBalancer();

const evidence = (overrides: Partial<OriginEvidence> = {}): OriginEvidence => ({
  distributions: { items: [distribution()], gapAt: () => null },
  loadBalancers: [WEB],
  vpcOrigins: new Map(),
  tenants: new Map(),
  answers: new Map(),
  addresses: new Map(),
  entrances: new Map(),
  ...overrides,
});

const only = (...origins: Parameters<typeof origin>[0][]): OriginEvidence['distributions'] => ({
  items: [distribution({ origins: origins.map(origin) })],
  gapAt: () => null,
});

describe('evidence that nobody read', () => {
  it('a VPC origin is a gap that says what would supply it', () => {
    const distributions = only({ domainName: 'app.example.com', vpcOriginId: vpcOriginId('vo_1') });
    const links = linkOrigins(evidence({ distributions }), OPTIONS);
    expect(links.gapsFor(WEB)).toStrictEqual([
      {
        fact: 'vpcOrigin vo_1',
        cause: 'not-seen',
        detail: 'the VPC origin vo_1 was not seen; add the output of list-vpc-origins',
      },
    ]);
    expect(links.unresolvedOrigins.map(({ why }) => why)).toStrictEqual([
      'the VPC origin vo_1 was not seen; add the output of list-vpc-origins',
    ]);
  });

  it('tenants are a gap that says what would supply them', () => {
    const links = linkOrigins(evidence({ distributions: only({ domainName: '{{a}}.example.com' }) }), OPTIONS);
    const detail =
      'the tenants of distribution E1WEB were not seen; add the output of list-distribution-tenants and get-distribution-tenant';
    expect(links.gapsFor(WEB)).toStrictEqual([{ fact: 'distributionTenants of E1WEB', cause: 'not-seen', detail }]);
    expect(links.unresolvedOrigins.map(({ why }) => why)).toStrictEqual([detail]);
  });

  it('a name is unresolved', () => {
    const links = linkOrigins(evidence({ distributions: only({ domainName: 'app.example.com' }) }), OPTIONS);
    expect(links.unresolvedOrigins.map(({ why }) => why)).toStrictEqual(['nobody looked its name up']);
    expect(links.gapsFor(WEB)).toStrictEqual([]);
  });

  it('other ways in are none', () => {
    const tagged = loadBalancer({ tags: known({ 'origin-guard:fronted-by': 'cloudfront' }) });
    const links = linkOrigins(evidence({ loadBalancers: [tagged] }), OPTIONS);
    expect(links.pathsTo(WEB.arn).map(({ otherEntrances }) => otherEntrances)).toStrictEqual([[], []]);
  });
});

describe('needsLookup', () => {
  it.each([
    ['app.example.com', {}, true],
    ['APP.example.com.', {}, true],
    ['app.example.com', { resolveOrigins: 'off' }, false],
    ['app.example.com', { originHostnames: new Map([['app.example.com', 'x']]) }, false],
    ['APP.example.com.', { originHostnames: new Map([['app.example.com', 'x']]) }, false],
    ['other.example.com', { originHostnames: new Map([['app.example.com', 'x']]) }, true],
    [dnsNameOf('web'), {}, false],
    [`DUALSTACK.${dnsNameOf('web').toUpperCase()}.`, {}, false],
    ['bucket.s3.amazonaws.com', {}, false],
  ] as const)('%s with %j: %p', (domain, options, expected) =>
    expect(needsLookup(domain, { ...OPTIONS, ...options })).toBe(expected),
  );
});
