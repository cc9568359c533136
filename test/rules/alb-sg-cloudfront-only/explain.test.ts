import { known } from '../../../core/fact.js';
import type { Step } from '../../../core/judgement.js';
import { LINKED_BY } from '../../../core/path.js';
import type { AlbSgFacts } from '../../../rules/alb-sg-cloudfront-only/facts.js';
import { albSgCloudfrontOnly } from '../../../rules/alb-sg-cloudfront-only/rule.js';
import {
  admitting,
  albSgFacts,
  albSgParams,
  arnOf,
  CLOUDFRONT_V4,
  fromCidr,
  fromList,
  gap,
  hidden,
  ingress,
  listId,
  open,
  path,
  ruleId,
  securityGroup,
} from '../../support/builders.js';

const explain = (facts: AlbSgFacts, given: Readonly<Record<string, string>> = {}): readonly Step[] =>
  albSgCloudfrontOnly.explain(facts, albSgParams(given));
const texts = (facts: AlbSgFacts): readonly string[] => explain(facts).map(({ text }) => text);

const WORLD = fromCidr('0.0.0.0/0');
const USES = `load balancer web uses the group (${arnOf('web')})`;
const LINK = `distribution E1WEB has origin web (${path().originDomain ?? ''}), which is load balancer web: the origin's domain name is the DNS name of the load balancer [dns-name]`;

it('attachment, then paths, then every rule with the clause that settled it', () => {
  const facts = admitting([
    ingress(),
    { ...open(WORLD), ruleId: ruleId('sgr-0a') },
    open(WORLD, 'icmp', 8, -1),
    open(fromCidr('::/0'), 'icmpv6', 2, 0),
  ]);
  expect(explain(facts)).toEqual([
    { outcome: 'info', text: USES },
    { outcome: 'info', text: LINK },
    {
      outcome: 'allowed',
      text: `${CLOUDFRONT_V4} on tcp 443: allowed, CloudFront's own origin-facing prefix list [cloudfront-prefix-list]`,
    },
    {
      outcome: 'refused',
      text: 'sgr-0a 0.0.0.0/0 on tcp 443: refused, Everybody on the IPv4 internet. [world-ipv4]',
    },
    {
      outcome: 'refused',
      text: '0.0.0.0/0 on icmp type 8 code -1: refused, Everybody on the IPv4 internet. [world-ipv4]',
    },
    {
      outcome: 'allowed',
      text: '::/0 on icmpv6 type 2 code 0: allowed, ICMP that path MTU discovery needs [path-mtu-discovery]',
    },
  ]);
});

it('what cannot be told says why', () => {
  const facts = admitting([open(fromList('pl-0x'))], {
    prefixLists: new Map([[listId('pl-0x'), hidden('prefixList pl-0x')]]),
  });
  expect(explain(facts).at(-1)).toEqual({
    outcome: 'unknown',
    text: 'pl-0x on tcp 443: cannot be told, prefixList pl-0x cannot be read [access-denied]',
  });
});

it('the parameters that settled a rule show', () => {
  const facts = admitting([open(WORLD, 'tcp', 22)], { listenerPorts: [known([443])] });
  expect(explain(facts, { ports: 'listeners' }).at(-1)).toEqual({
    outcome: 'allowed',
    text: '0.0.0.0/0 on tcp 22: allowed, it meets no listener port (ports = listeners) [no-listener-there]',
  });
});

it('a group without rules admits nobody', () => {
  expect(explain(admitting([])).at(-1)).toEqual({
    outcome: 'allowed',
    text: 'the group has no ingress rule, so it admits nobody',
  });
});

it('hidden rules are one unknown step', () => {
  const facts = albSgFacts({ group: securityGroup({ ingress: hidden('rules') }) });
  expect(explain(facts)).toEqual([
    { outcome: 'info', text: USES },
    { outcome: 'info', text: LINK },
    { outcome: 'unknown', text: 'rules cannot be read' },
  ]);
});

describe('paths', () => {
  it.each([
    ['vpc-origin', 'its VPC origin leads to the ARN of the load balancer'],
    ['dns-name', "the origin's domain name is the DNS name of the load balancer"],
    ['declared', 'somebody declared it, by originHostnames or by the tag origin-guard:fronted-by'],
    ['resolved-name', "the origin's domain name leads to the DNS name of the load balancer"],
    ['resolved-address', "the origin's address is one of the load balancer's network interfaces"],
  ] as const)('%s: %s', (linkedBy, evidence) => {
    const facts = albSgFacts({ paths: [path({ linkedBy, originDomain: 'app.example.com' })] });
    expect(texts(facts)[1]).toBe(
      `distribution E1WEB has origin web (app.example.com), which is load balancer web: ${evidence} [${linkedBy}]`,
    );
  });

  it('every kind of evidence is covered above', () => {
    expect(LINKED_BY).toEqual(['vpc-origin', 'dns-name', 'declared', 'resolved-name', 'resolved-address']);
  });

  it('a path declared by tag names no distribution', () => {
    const declared = path({ distributionId: null, originId: null, originDomain: null, linkedBy: 'declared' });
    expect(texts(albSgFacts({ paths: [declared] }))[1]).toBe(
      'CloudFront chooses the origin at run time and may choose load balancer web: somebody declared it, by originHostnames or by the tag origin-guard:fronted-by [declared]',
    );
  });

  it('what is not known of an origin is left blank', () => {
    expect(texts(albSgFacts({ paths: [path({ originId: null, originDomain: null })] }))[1]).toMatch(
      /^distribution E1WEB has origin {2}\(\), which is load balancer web: /,
    );
  });

  it('a load balancer that is not among the users is named by its ARN', () => {
    const other = path({ loadBalancerArn: arnOf('other') });
    expect(texts(albSgFacts({ paths: [other] }))[1]).toContain(`which is load balancer ${arnOf('other')}: `);
  });

  it('other ways in are named', () => {
    const entrances = [
      { kind: 'global-accelerator', id: 'eni-0a' },
      { kind: 'network-load-balancer', id: arnOf('nlb', undefined, 'net') },
    ] as const;
    expect(texts(albSgFacts({ paths: [path({ otherEntrances: entrances })] }))[1]).toBe(
      `${LINK}; another way in that bypasses CloudFront: global-accelerator eni-0a; another way in that bypasses CloudFront: network-load-balancer ${arnOf('nlb', undefined, 'net')}`,
    );
  });
});

describe('a group that is not judged by its rules', () => {
  it('no load balancer uses it', () => {
    expect(explain(albSgFacts({ attachedTo: [], paths: [] }))).toEqual([
      { outcome: 'info', text: 'no Application Load Balancer uses the group' },
    ]);
  });

  it('its load balancer has no path', () => {
    expect(explain(albSgFacts({ paths: [] }))).toEqual([
      { outcome: 'info', text: USES },
      { outcome: 'info', text: 'no distribution has a load balancer that uses the group as its origin' },
    ]);
  });

  it('it is exempt: the path shows, the rules do not', () => {
    const group = securityGroup({ tags: known({ 'origin-guard:exempt': 'x' }), ingress: known([open(WORLD)]) });
    expect(explain(albSgFacts({ group }))).toEqual([
      { outcome: 'info', text: USES },
      { outcome: 'info', text: LINK },
      { outcome: 'info', text: 'exempt by its tag origin-guard:exempt: x' },
    ]);
  });

  it('it is deleted: who used it does not matter any more', () => {
    const group = securityGroup({ deleted: true });
    expect(explain(albSgFacts({ group, paths: [], attachmentGap: gap('loadBalancers') }))).toEqual([
      { outcome: 'info', text: 'the group is deleted' },
    ]);
  });
});

describe('missing evidence', () => {
  it('load balancers and links that were not seen are named where there is no path', () => {
    const facts = albSgFacts({
      paths: [],
      attachmentGap: gap('loadBalancers'),
      linkGaps: [gap('distributions'), gap('vpcOrigin vo_1')],
    });
    expect(explain(facts)).toEqual([
      { outcome: 'info', text: USES },
      { outcome: 'unknown', text: 'loadBalancers cannot be read' },
      { outcome: 'unknown', text: 'distributions cannot be read' },
      { outcome: 'unknown', text: 'vpcOrigin vo_1 cannot be read' },
    ]);
  });

  it('a path makes missing links irrelevant', () => {
    expect(texts(albSgFacts({ linkGaps: [gap('distributions')] }))).not.toContain('distributions cannot be read');
  });
});
