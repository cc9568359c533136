import { known } from '../../../core/fact.js';
import type { PlanFacts } from '../../../remediation/alb-sg-cloudfront-only/facts.js';
import type { PlanOptions } from '../../../remediation/alb-sg-cloudfront-only/options.js';
import {
  admitting,
  albSgFacts,
  CLOUDFRONT_V4,
  fromCidr,
  fromList,
  groupId,
  listId,
  listsById,
  loadBalancer,
  open,
  prefixList,
  securityGroup,
} from '../../support/builders.js';
import { balancerInterface } from '../../support/fake-planning.js';
import {
  answers,
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
} from '../../support/plan-facts.js';

type Case = readonly [what: string, facts: PlanFacts, options: Partial<PlanOptions>, plan: object];

const V4 = (port: number, to = port): string => `ipv4:${CLOUDFRONT_V4}:${String(port)}-${String(to)}`;
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
const bothPorts = { ways: [way({ custom: connects({ protocolPolicy: 'match-viewer' }) })] };

describe('a split', () => {
  const SPLIT = {
    ...EDIT,
    strategy: 'SPLIT',
    required: ['ipv4/80', 'ipv4/443'],
    grants: [V4(80)],
    revoke: ['sgr-0443', 'sgr-080'],
    dedicated: [`${NEW}-ipv4-443-443=${V4(443)}`],
    groups: ['sg-0web'],
    quota: '2+0 > 57+55 > 55+55 of 60',
  };

  it.each<Case>([
    ['what does not fit goes into a group of its own', openTo([world(80), world(443)], bothPorts), {}, SPLIT],
    [
      'nothing fits: every rule gets a group of its own',
      openTo([
        ...Array.from({ length: 10 }, (_, at) => named(`p${String(at)}`, open(fromCidr(`203.0.113.${String(at)}/32`)))),
        world(),
      ]),
      {},
      {
        ...SPLIT,
        required: ['ipv4/443'],
        grants: [],
        revoke: ['sgr-0443', ...Array.from({ length: 10 }, (_, at) => `sgr-0p${String(at)}`)],
        quota: '11+0 > 11+0 > 0+0 of 60',
      },
    ],
    [
      'the quota is that of the account, not the default',
      openTo([world(80), world(443)], { ...bothPorts, asked: answers({ rulesQuota: known(80) }) }),
      {},
      { ...SPLIT, quota: '2+0 > 57+55 > 55+55 of 80' },
    ],
    [
      'a group that an earlier run attached is not counted twice',
      openTo([world(80), world(443)], {
        ...bothPorts,
        users: [
          loadBalancer({ securityGroups: ['sg-0web', 'sg-0b', 'sg-0c', 'sg-0d', 'sg-0made'].map((id) => groupId(id)) }),
        ],
        asked: answers({ namesakes: known([securityGroup({ id: groupId('sg-0made'), name: `${NEW}-ipv4-443-443` })]) }),
      }),
      {},
      { ...SPLIT, groups: ['sg-0web', 'sg-0b', 'sg-0c', 'sg-0d', 'sg-0made'] },
    ],
    [
      'as many groups as the quota of the account allows',
      openTo([world(80), world(443)], {
        ...bothPorts,
        users: [
          loadBalancer({ securityGroups: ['sg-0web', 'sg-0b', 'sg-0c', 'sg-0d', 'sg-0e'].map((id) => groupId(id)) }),
        ],
        asked: answers({ groupsQuota: known(6) }),
      }),
      {},
      { ...SPLIT, groups: ['sg-0web', 'sg-0b', 'sg-0c', 'sg-0d', 'sg-0e'] },
    ],
  ])('%s', (_, facts, options, plan) => {
    expect(inTexts(planOf(facts, { allowSplit: true, ...options }))).toEqual(plan);
  });

  it.each(['EDIT', 'swap'])('the tag %s of the group rules it out', (tag) => {
    const facts = planFacts({
      rule: albSgFacts({
        group: securityGroup({
          ingress: known([world(80), world(443)]),
          tags: known({ 'origin-guard:strategy': tag }),
        }),
      }),
      ...bothPorts,
    });
    expect(inTexts(planOf(facts, { allowSplit: true, allowSwap: true }))).toEqual({ refuse: 'QUOTA_NO_HEADROOM' });
  });
});

describe('a swap', () => {
  const shared = answers({
    interfaces: known([balancerInterface(), balancerInterface('db', { description: '', isManaged: false })]),
  });
  const SWAP = {
    ...EDIT,
    strategy: 'SWAP',
    grants: [],
    revoke: [],
    dedicated: [`${NEW}-ipv4-443-443=${V4(443)}`],
    groups: ['sg-0web'],
    quota: '1+0 > 1+0 > 1+0 of 60',
  };

  it.each<Case>([
    ['an instance uses the group too', openTo([world()], { asked: shared }), {}, SWAP],
    [
      'a load balancer that no distribution fronts uses the group too',
      openTo([world()], { users: [loadBalancer(), loadBalancer({ name: 'intranet' })] }),
      {},
      SWAP,
    ],
    [
      'each rule gets a group of its own',
      openTo([world(80), world(443)], { ...bothPorts, asked: shared }),
      {},
      {
        ...SWAP,
        required: ['ipv4/80', 'ipv4/443'],
        dedicated: [`${NEW}-ipv4-80-80=${V4(80)}`, `${NEW}-ipv4-443-443=${V4(443)}`],
        quota: '2+0 > 2+0 > 2+0 of 60',
      },
    ],
    [
      'path MTU discovery and the list of CloudFront do not stand in the way',
      openTo([cloudfront(), world(), named('mtu', open(fromCidr('0.0.0.0/0'), 'icmp', 3, 4))], { asked: shared }),
      {},
      { ...SWAP, quota: '57+55 > 57+55 > 57+55 of 60' },
    ],
    [
      'a list whose weight nobody knows is left where it is',
      planFacts({
        rule: admitting([world(), named('own', open(fromList('pl-0own')))], {
          prefixLists: listsById(
            prefixList(),
            prefixList({ id: listId('pl-0own'), name: 'p', ownerId: '111122223333' }),
          ),
        }),
        asked: shared,
      }),
      {},
      { ...SWAP, quota: '0+0 > 0+0 > 0+0 of 60' },
    ],
    [
      'the group counts more than the default, and stays as it is',
      planFacts({
        rule: admitting([world(), ...[80, 443].map((port) => cloudfront(port))]),
        asked: shared,
      }),
      {},
      { ...SWAP, quota: '111+110 > 55+55 > 111+110 of 60' },
    ],
  ])('%s', (_, facts, options, plan) => {
    expect(inTexts(planOf(facts, { allowSwap: true, ...options }))).toEqual(plan);
  });

  it('an origin that nobody could resolve may be the other load balancer, which would have to move as well', () => {
    const both = { users: [loadBalancer(), loadBalancer({ name: 'intranet' })] };
    const asked = answers({ interfaces: known([balancerInterface(), balancerInterface('intranet')]) });
    const facts = openTo([world()], { ...both, asked, unresolvedOrigins: [null] });
    expect(inTexts(planOf(facts, { allowSwap: true }))).toEqual({ refuse: 'UNKNOWN_ORIGIN' });
    expect(inTexts(planOf({ ...facts, unresolvedOrigins: [] }, { allowSwap: true }))).toMatchObject({
      strategy: 'SWAP',
    });
  });

  it.each(['EDIT', 'SPLIT'])('the tag %s of the group rules it out', (tag) => {
    const facts = {
      ...openGroup({ tags: known({ 'origin-guard:strategy': tag }) }),
      asked: shared,
    };
    expect(inTexts(planOf(facts, { allowSplit: true, allowSwap: true }))).toEqual({ refuse: 'SHARED_SG' });
  });
});

describe('a plan asks', () => {
  const asks = (facts: PlanFacts, options: Partial<PlanOptions> = {}) => inTexts(planOf(facts, options));

  it('nothing for a group that needs no fix, or may have none', () => {
    expect(asks(planFacts({ asked: {} }))).toEqual({ nothing: 'COMPLIANT' });
    expect(asks({ ...openGroup({ name: 'default' }), asked: {} })).toEqual({ refuse: 'DEFAULT_SG' });
  });

  it('first what every plan rests on', () => {
    expect(asks(openTo([world()], { asked: {} }))).toEqual({
      ask: 'listeners interfaces accelerators forwarders records',
    });
  });

  it('for the quota only when the default does not hold the rules', () => {
    const { rulesQuota: _quota, ...rest } = answers();
    expect(asks(openTo([world()], { asked: rest }))).toMatchObject({ strategy: 'EDIT' });
    expect(asks(openTo([world(80), world(443)], { ...bothPorts, asked: rest }))).toEqual({ ask: 'rulesQuota' });
  });

  it('for what a new group needs, with the names that the groups would get', () => {
    const { openEgress: _egress, userTags: _tags, namesakes: _names, ...rest } = answers();
    const facts = openTo([world(80), world(443)], { ...bothPorts, asked: rest });
    expect(planOf(facts, { allowSplit: true })).toEqual({
      kind: 'ask',
      what: ['openEgress', 'userTags', 'namesakes'],
      names: [`${NEW}-ipv4-443-443`],
    });
  });

  it('for references only when the load balancer would leave the group', () => {
    const { references: _references, ...rest } = answers({
      interfaces: known([balancerInterface(), balancerInterface('db')]),
    });
    expect(asks(openTo([world()], { asked: rest }))).toEqual({ refuse: 'SHARED_SG' });
    expect(asks(openTo([world()], { asked: rest }), { allowSwap: true })).toEqual({ ask: 'references' });
  });

  it('for the quota of groups only when the default does not hold them', () => {
    const { groupsQuota: _quota, ...rest } = answers();
    const full = [
      loadBalancer({ securityGroups: ['sg-0web', 'sg-0b', 'sg-0c', 'sg-0d', 'sg-0e'].map((id) => groupId(id)) }),
    ];
    const facts = openTo([world(80), world(443)], { ...bothPorts, users: full, asked: rest });
    expect(asks(facts, { allowSplit: true })).toEqual({ ask: 'groupsQuota' });
  });
});
