import type { LoadBalancerArn } from '../../../../core/ids.js';
import type { CustomOrigin, Distribution, Origin } from '../../../../core/model/distribution.js';
import type { PrefixList } from '../../../../core/model/prefix-list.js';
import type { IngressRule } from '../../../../core/model/security-group.js';
import { FAMILIES } from '../../../../core/plan.js';
import type { GroupReference } from '../../../../core/planning.js';
import { distribution, distributionId, dnsNameOf, origin, VPC } from '../../../support/builders.js';
import {
  fakeGroup,
  type FakeGroup,
  type FakeInterface,
  type FakeLoadBalancer,
  type FakeParameter,
} from '../../../support/runbook/fake-state.js';
import { balancer, CLIENTS, custom, LISTS, SIDE, SPARE, TARGET } from './cast.js';
import type { Dice } from './dice.js';
import type { LawWorld } from './world.js';
import { opening, someRules } from './world-rules.js';

/** A world while it is made. */
export interface Draft {
  rules: readonly IngressRule[];
  tags: Record<string, string>;
  target: Partial<Omit<FakeGroup, 'ingress'>>;
  others: readonly FakeGroup[];
  loadBalancers: readonly FakeLoadBalancer[];
  interfaces: readonly FakeInterface[];
  parameters: readonly FakeParameter[];
  distributions: readonly Distribution[];
  leadsTo: Record<string, LoadBalancerArn>;
  seen: LawWorld['seen'];
  peers: Record<string, readonly GroupReference[]>;
  forwarders: Record<string, readonly string[]>;
  lists: readonly PrefixList[];
  hidden: string | null;
  about: string;
  params: Record<string, string>;
  settings: LawWorld['settings'];
  optIns: LawWorld['optIns'];
  quotas: LawWorld['account']['quotas'];
  counting: LawWorld['account']['counting'];
}

/** What one load balancer of a draft is to be. */
export interface Part {
  readonly listeners: readonly number[];
  readonly addresses: 'ipv4' | 'dualstack' | 'dualstack-without-public-ipv4';
  readonly custom: CustomOrigin;
}

/** The distribution of a load balancer, named after it. */
export const distributionOf = (name: string, own: Partial<Origin>): Distribution =>
  distribution({
    id: distributionId(`E${name.toUpperCase()}`),
    origins: [origin({ id: name, domainName: dnsNameOf(name), ...own })],
  });

/** An HTTPS origin by IPv4, most of the time. */
export function anyPart(dice: Dice): Part {
  const listeners = dice.pick([[443], [80, 443], [80, 443], [443, 8080], [80, 443, 8080, 8443]]);
  const addresses = dice.weighted<Part['addresses']>([
    [6, 'ipv4'],
    [3, 'dualstack'],
    [1, 'dualstack-without-public-ipv4'],
  ]);
  const way = custom({
    protocolPolicy: dice.weighted<CustomOrigin['protocolPolicy']>([
      [6, 'https-only'],
      [2, 'http-only'],
      [1, 'match-viewer'],
    ]),
    httpPort: dice.weighted([
      [5, 80],
      [1, 8080],
    ]),
    httpsPort: dice.weighted([
      [6, 443],
      [1, 8443],
    ]),
    ipAddressType: dice.weighted<CustomOrigin['ipAddressType']>([
      [8, 'ipv4'],
      [1, 'ipv6'],
      [1, 'dualstack'],
      [1, null],
    ]),
  });
  return { listeners, addresses, custom: way };
}

/** Two ports that no single rule can hold, or one port by both address families. */
export function widePart(dice: Dice): Part {
  const isWide = dice.chance(75);
  return {
    listeners: dice.pick([
      [80, 443],
      [80, 443, 8080],
    ]),
    addresses: isWide ? 'ipv4' : 'dualstack',
    custom: custom({
      protocolPolicy: isWide ? 'match-viewer' : dice.pick(['https-only', 'match-viewer']),
      ipAddressType: isWide ? 'ipv4' : 'dualstack',
    }),
  };
}

/** What lets CloudFront in by the ports that the origin names; a port here and there is closed to it. */
export function openingsOf(dice: Dice, { custom: way }: Part, percentGranted: number): readonly IngressRule[] {
  const ports = {
    'http-only': [way.httpPort],
    'https-only': [way.httpsPort],
    'match-viewer': [way.httpPort, way.httpsPort],
  }[way.protocolPolicy];
  const families = FAMILIES.filter((family) => ['dualstack', family].includes(way.ipAddressType ?? 'dualstack'));
  return families.flatMap((family) =>
    ports.flatMap((port) => (dice.chance(94) ? opening(dice, port, family, percentGranted) : [])),
  );
}

/** A draft in which everything besides the group and its load balancers is as it usually is. */
export function anyDraft(dice: Dice): Draft {
  const counting = dice.pick(['both', 'by-family'] as const);
  return {
    rules: [],
    tags: dice.chance(10) ? { 'aws:cloudformation:stack-name': 'site' } : {},
    target: {},
    others: [
      fakeGroup({ id: SIDE, name: 'side', ingress: someRules(dice, 2) }),
      fakeGroup({ id: CLIENTS, name: 'clients', ingress: [] }),
      fakeGroup({ id: SPARE, name: 'spare', ingress: someRules(dice, 1) }),
    ],
    loadBalancers: [],
    interfaces: [],
    parameters: [],
    distributions: [],
    leadsTo: {},
    seen: {},
    peers: {},
    forwarders: {},
    lists: LISTS,
    hidden: null,
    about: TARGET,
    params: {
      ...(dice.chance(10) ? { allowedCidrs: '192.0.2.0/24' } : {}),
      ...(dice.chance(8) ? { ports: 'listeners' } : {}),
      ...(dice.chance(5) ? { allowedSecurityGroupIds: dice.pick(['*', CLIENTS]) } : {}),
    },
    settings: {
      iacManaged: 'WARN',
      portMerge: dice.chance(10) ? 'RANGE' : 'ADJACENT',
      quotaModel: counting === 'by-family' && dice.chance(30) ? 'by-family' : 'both',
    },
    optIns: {
      allowSplit: dice.chance(50),
      allowSwap: dice.chance(50),
      revokePrivateSources: dice.chance(30),
      revokeSecurityGroupSources: dice.chance(30),
    },
    quotas: {
      'rules-per-group': dice.weighted([
        [6, 60],
        [2, 61 + dice.below(60)],
        [2, 120 + dice.below(80)],
      ]),
      'groups-per-interface': dice.pick([5, 5, 16]),
    },
    counting,
  };
}

/** Who else uses the group, so that only a swap can help. */
export function shareWith(dice: Dice, draft: Draft): void {
  const kind = dice.pick(['instance', 'plain', 'network'] as const);
  if (kind === 'instance')
    draft.interfaces = [
      ...draft.interfaces,
      {
        id: 'eni-0app',
        type: 'interface',
        description: dice.pick(['', 'app server', 'ELB app/web/forged']),
        isManaged: false,
        vpcId: VPC,
        groups: [TARGET],
      },
    ];
  else
    draft.loadBalancers = [
      ...draft.loadBalancers,
      kind === 'network'
        ? balancer('inner', [TARGET], { type: 'network', scheme: 'internal' })
        : balancer('plain', [TARGET], { scheme: 'internal' }),
    ];
}
