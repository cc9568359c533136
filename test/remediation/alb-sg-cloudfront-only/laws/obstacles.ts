import { known } from '../../../../core/fact.js';
import { EXEMPT_UNTIL_TAG } from '../../../../rules/alb-sg-cloudfront-only/exemption.js';
import { recordsPath } from '../../../../core/planning.js';
import {
  fromCidr,
  fromGroup,
  fromList,
  groupId,
  OTHER_ACCOUNT,
  open,
  origin,
  vpcOriginId,
  VPC,
} from '../../../support/builders.js';
import { fakeGroup } from '../../../support/runbook/fake-state.js';
import { balancer, balancerArn, CLIENTS, HEALTH_CHECKS, LISTS, OFFICE, TARGET, UNKNOWN } from './cast.js';
import type { Dice } from './dice.js';
import { distributionOf, shareWith, type Draft } from './draft.js';

type Obstacle = (draft: Draft, dice: Dice) => void;

/** Puts its own in the way of a plan; most are one refusal each, some only look like one. */
export const OBSTACLES: readonly Obstacle[] = [
  (draft) => void (draft.about = groupId('sg-0aaaaaaaaaaaaaaaf')),
  (draft) => void (draft.target = { ...draft.target, ownerId: OTHER_ACCOUNT }),
  (draft) => void (draft.target = { ...draft.target, name: 'default' }),
  (draft, dice) => {
    draft.tags[dice.pick(['origin-guard:exempt', EXEMPT_UNTIL_TAG])] = dice.pick(['a reason', '2020-01-01']);
  },
  (draft, dice) => void (draft.hidden = dice.pick(HIDDEN)),
  // Nobody can resolve the origin, and it may lead here or not.
  (draft, dice) => {
    const [first, ...rest] = draft.distributions;
    if (first === undefined) return;
    const [own] = first.origins;
    draft.distributions = [{ ...first, origins: [{ ...own!, domainName: 'n0.example.com' }] }, ...rest];
    if (dice.chance(50)) draft.leadsTo['n0.example.com'] = balancerArn('web');
  },
  (draft) => void (draft.distributions = []),
  (draft) => {
    const [first, ...rest] = draft.distributions;
    if (first === undefined) return;
    draft.distributions = [
      { ...first, origins: [...first.origins, origin({ id: 'vpc', vpcOriginId: vpcOriginId('vo_web') })] },
      ...rest,
    ];
    draft.seen = { ...draft.seen, vpcOrigins: { vo_web: known(balancerArn('web')) } };
  },
  (draft, dice) => {
    draft.tags[dice.pick(['elbv2.k8s.aws/cluster', 'elasticbeanstalk:environment-name'])] = 'shop';
  },
  (draft, dice) => {
    draft.tags[dice.pick(['terraform', 'aws:cloudformation:stack-name'])] = 'true';
    draft.settings = { ...draft.settings, iacManaged: 'REFUSE' };
  },
  (draft, dice) => {
    draft.tags['origin-guard:strategy'] = dice.pick(['REFUSE', 'anything', 'EDIT', 'SPLIT', 'SWAP', 'RANGE']);
  },
  (draft) => {
    const id = 'eni-0ga';
    const accelerator = {
      type: 'global_accelerator_managed',
      description: 'GlobalAccelerator managed',
      isManaged: true,
    };
    draft.interfaces = [...draft.interfaces, { id, ...accelerator, vpcId: VPC, groups: [] }];
  },
  (draft) => void (draft.forwarders[balancerArn('web')] = [balancerArn('inner', 'net')]),
  (draft) => void (draft.rules = [...draft.rules, open(fromList(HEALTH_CHECKS))]),
  // Only what nobody opted in to is left.
  (draft) => {
    draft.rules = [open(fromCidr('10.0.0.0/8')), open(fromGroup(CLIENTS))];
    draft.optIns = { ...draft.optIns, revokePrivateSources: false };
  },
  (draft) => {
    draft.rules = [open(fromGroup(CLIENTS))];
    draft.params = {};
    draft.optIns = { ...draft.optIns, revokeSecurityGroupSources: false };
  },
  (draft, dice) => {
    shareWith(dice, draft);
    draft.optIns = { ...draft.optIns, allowSwap: false };
  },
  // A second load balancer behind CloudFront where only one can be moved.
  (draft) => {
    draft.loadBalancers = [...draft.loadBalancers, balancer('web4', [TARGET])];
    draft.distributions = [...draft.distributions, distributionOf('web4', {})];
  },
  (draft, dice) => {
    if (dice.chance(50)) draft.peers[TARGET] = [{ by: 'vpc-0b2', direction: 'ingress' }];
    else
      draft.others = draft.others.map((group) =>
        group.id === CLIENTS ? fakeGroup({ ...group, egressTo: [TARGET] }) : group,
      );
  },
  // The group names itself: who leaves it is cut off from who stays.
  (draft, dice) => {
    draft.rules = [...draft.rules, open(fromGroup(TARGET), 'tcp', dice.pick([443, 8080]))];
    draft.optIns = { ...draft.optIns, revokeSecurityGroupSources: dice.chance(70) };
    if (dice.chance(50)) return;
    shareWith(dice, draft);
    draft.optIns = { ...draft.optIns, allowSwap: true };
  },
  (draft) => void (draft.target = { ...draft.target, openEgress: false }),
  (draft) => {
    draft.rules = [
      ...draft.rules,
      ...[
        '198.51.100.1/32',
        '198.51.100.2/32',
        '198.51.100.3/32',
        '198.51.100.4/32',
        '198.51.100.5/32',
        '198.51.100.6/32',
      ].map((text) => open(fromCidr(text))),
    ];
    draft.quotas = { ...draft.quotas, 'rules-per-group': 60 };
  },
  (draft) => {
    draft.lists = LISTS.filter(({ ownerId, name }) => ownerId !== 'AWS' || !name.includes('cloudfront'));
  },
  (draft) => {
    for (const run of ['a', 'b']) {
      const parameter = { name: `${recordsPath(TARGET)}/${run}`, value: 'from an earlier run', version: 1 };
      draft.parameters = [...draft.parameters, { ...parameter, savedAt: '2026-07-01T08:00:00Z' }];
    }
  },
  (draft) => {
    draft.rules = [
      ...draft.rules,
      ...Array.from({ length: 26 }, (_, at) => open(fromCidr(`198.51.100.${String(at)}/32`))),
    ];
    draft.quotas = { ...draft.quotas, 'rules-per-group': 250 };
  },
  // Looks like trouble, and is none or little.
  (draft) => void (draft.rules = [...draft.rules, open(fromList(UNKNOWN))]),
  (draft) => void (draft.rules = [...draft.rules, open(fromList(OFFICE))]),
  (draft) => {
    draft.loadBalancers = draft.loadBalancers.map((each) => ({
      ...each,
      tags: known<Readonly<Record<string, string>>>({ 'origin-guard:fronted-by': 'cloudfront' }),
    }));
  },
  (draft) => {
    draft.loadBalancers = draft.loadBalancers.map((each) => ({
      ...each,
      tags: known<Readonly<Record<string, string>>>({ 'elbv2.k8s.aws/cluster': 'shop' }),
    }));
  },
  // Somebody has a group of the very name that a split or a swap would use.
  (draft, dice) => {
    const name = `origin-guard-50dc6c495c0c9188-ipv4-${dice.pick(['443-443', '80-80'])}`;
    const ours = dice.chance(60);
    draft.others = [
      ...draft.others,
      fakeGroup({
        id: groupId('sg-0aaaaaaaaaaaaaaa9'),
        name,
        tags: ours ? { 'origin-guard:managed': 'true' } : {},
        ingress: ours ? [] : [open(fromCidr('0.0.0.0/0'))],
        openEgress: dice.chance(70),
      }),
    ];
  },
];

/** What can be hidden from the planner by one denied call. */
export const HIDDEN = [
  'interfacesOf',
  'acceleratorsIn',
  'forwardersTo',
  'referencesTo',
  'hasOpenEgress',
  'groupsNamed',
  'quota rules-per-group',
  'quota groups-per-interface',
  'rollbackRecords',
  'securityGroup',
  'listenerPorts',
  'loadBalancers',
  'tags',
  'distributions',
  'prefixList',
] as const;
