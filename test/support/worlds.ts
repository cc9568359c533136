import fc from 'fast-check';
import { known, type Fact, type Gap } from '../../core/fact.js';
import type { AccountId, Scope, SecurityGroupId } from '../../core/ids.js';
import type { Distribution, Origin } from '../../core/model/distribution.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import type { PrefixList } from '../../core/model/prefix-list.js';
import type { IngressRule, IngressSource, SecurityGroup } from '../../core/model/security-group.js';
import type { NameAnswer } from '../../core/ports.js';
import type { AlbSgParams } from '../../rules/alb-sg-cloudfront-only/params.js';
import {
  ACCOUNT,
  albSgParams,
  block,
  CLOUDFRONT_V4,
  CLOUDFRONT_V6,
  distribution,
  distributionId,
  dnsNameOf,
  fromCidr,
  fromGroup,
  fromList,
  gap,
  groupId,
  hidden,
  listId,
  loadBalancer,
  open,
  origin,
  OTHER_ACCOUNT,
  prefixList,
  prefixListV6,
  REGION,
  securityGroup,
  tenant,
  vpcOriginId,
} from './builders.js';
import { world, type World } from './fake-ports.js';

/** A world, and the parameters under which it is judged. */
export interface Situation {
  readonly world: World;
  readonly params: AlbSgParams;
}

const SCOPES: readonly Scope[] = [
  { accountId: ACCOUNT, region: REGION },
  { accountId: OTHER_ACCOUNT, region: REGION },
];
const vpcOf = ({ accountId }: Scope): string => `vpc-${accountId ?? '0'}`;
const LOAD_BALANCERS = ['lb0', 'lb1', 'lb2'] as const;
const NAMES = ['n0.example.com', 'n1.example.com', 'n2.example.com'] as const;
const addressOf = (name: string): string => `203.0.113.${name.slice(2)}`;

const list = (id: string, name: string, ownerId: string, entries: Fact<PrefixList['entries']>): PrefixList => ({
  id: listId(id),
  name,
  ownerId,
  entries: entries.known ? entries.value : entries,
});

const PREFIX_LISTS: readonly PrefixList[] = [
  prefixList(),
  prefixListV6(),
  list('pl-0fake', prefixList().name, '111122223333', known(known([]))),
  list('pl-0s3', 'com.amazonaws.us-east-1.s3', 'AWS', known(known([]))),
  list('pl-0in', 'office', '111122223333', known(known([block('192.0.2.0/25')]))),
  list('pl-0out', 'partners', '111122223333', known(known([block('198.51.100.0/24')]))),
];

const allowedMost: fc.Arbitrary<IngressSource> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(fromList(CLOUDFRONT_V4), fromList(CLOUDFRONT_V6)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(fromCidr('192.0.2.0/25'), fromList('pl-0in'), fromGroup('sg-0managed')),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...['0.0.0.0/0', '::/0', '198.51.100.0/24', '10.0.0.0/8'].map(fromCidr),
      ...['pl-0fake', 'pl-0s3', 'pl-0out', 'pl-0unknown'].map(fromList),
      ...['sg-0app', 'sg-0none', 'sg-0managed'].map((id) => fromGroup(id)),
    ),
  },
);

const protocols: fc.Arbitrary<readonly [string, number | null, number | null]> = fc.constantFrom(
  ['tcp', 443, 443],
  ['tcp', 443, 443],
  ['tcp', 80, 80],
  ['tcp', 8000, 9000],
  ['tcp', null, null],
  ['-1', null, null],
  ['udp', 443, 443],
  ['icmp', 3, 4],
  ['icmp', 8, -1],
);

/** One source on one protocol and port range; most are CloudFront's. */
export const anyRule: fc.Arbitrary<IngressRule> = fc
  .tuple(allowedMost, protocols)
  .map(([source, [protocol, fromPort, toPort]]) => open(source, protocol, fromPort, toPort));

const rarely = <T>(usual: T, rare: T, weight = 9): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(rare) });

const anyGroup = (id: SecurityGroupId): fc.Arbitrary<SecurityGroup> =>
  fc
    .record({
      scope: fc.constantFrom(SCOPES[0]!, ...SCOPES),
      rules: fc.array(anyRule, { maxLength: 4 }),
      seen: rarely(true, false, 19),
      exempt: rarely(false, true, 19),
      deleted: rarely(false, true, 29),
    })
    .map(({ scope, rules, seen, exempt, deleted }) =>
      securityGroup({
        id,
        scope,
        vpcId: vpcOf(scope),
        deleted,
        tags: known<Readonly<Record<string, string>>>(exempt ? { 'origin-guard:exempt': 'a reason' } : {}),
        ingress: seen ? known(rules) : hidden(`rules of ${id}`),
      }),
    );

const anyLoadBalancer = (name: string, groups: readonly SecurityGroup[]): fc.Arbitrary<LoadBalancer> =>
  fc
    .record({
      scope: fc.constantFrom(SCOPES[0]!, ...SCOPES),
      type: rarely<LoadBalancer['type']>('application', 'network'),
      used: fc.subarray(
        groups.map(({ id }) => id),
        { minLength: 1 },
      ),
      ghost: rarely(false, true),
      declared: rarely(false, true, 19),
    })
    .map(({ scope, type, used, ghost, declared }) => {
      const here = groups.filter((group) => group.scope === scope && used.includes(group.id)).map(({ id }) => id);
      return loadBalancer({
        name,
        scope,
        type,
        vpcId: vpcOf(scope),
        securityGroups: [...here, ...(ghost ? [groupId(`sg-0ghost${name}`)] : [])],
        tags: known<Readonly<Record<string, string>>>(declared ? { 'origin-guard:fronted-by': 'cloudfront' } : {}),
      });
    });

const targets = fc.constantFrom(...LOAD_BALANCERS);

const anyOrigin = (id: string): fc.Arbitrary<Origin> =>
  fc.oneof(
    { weight: 5, arbitrary: targets.map((name) => origin({ id, domainName: dnsNameOf(name) })) },
    { weight: 3, arbitrary: fc.constantFrom(...NAMES).map((domainName) => origin({ id, domainName })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(targets, fc.option(fc.constantFrom(...NAMES)))
        .map(([name, domainName]) =>
          origin({ id, vpcOriginId: vpcOriginId(`vo_${name}`), domainName: domainName ?? dnsNameOf(name) }),
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('{{t}}.example.com', dnsNameOf('gone'), 'bucket.s3.amazonaws.com')
        .map((domainName) => origin({ id, domainName })),
    },
  );

const anyDistribution = (id: string): fc.Arbitrary<Distribution> =>
  fc
    .record({
      accountId: fc.constantFrom<AccountId>(ACCOUNT, OTHER_ACCOUNT),
      enabled: rarely(true, false),
      origins: fc.tuple(anyOrigin('a'), fc.option(anyOrigin('b'))),
    })
    .map(({ accountId, enabled, origins: [a, b] }) =>
      distribution({ id: distributionId(id), accountId, enabled, origins: b === null ? [a] : [a, b] }),
    );

const anyAnswer: fc.Arbitrary<NameAnswer> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.subarray([...LOAD_BALANCERS]),
        fc.subarray([...LOAD_BALANCERS]),
        rarely<string | null>(null, 'SERVFAIL'),
      )
      .map(([names, addresses, failure]): NameAnswer => ({
        kind: 'answered',
        names: names.map(dnsNameOf),
        addresses: addresses.map(addressOf),
        failure,
      })),
  },
  { weight: 1, arbitrary: fc.constant<NameAnswer>({ kind: 'no-such-name' }) },
  { weight: 1, arbitrary: fc.constant<NameAnswer>({ kind: 'unanswered', why: 'nobody asked' }) },
);

const anyParams: fc.Arbitrary<AlbSgParams> = fc
  .record({
    ports: fc.constantFrom('all', 'all', 'listeners'),
    allowedCidrs: fc.constantFrom('none', '192.0.2.0/24', '192.0.2.0/26,192.0.2.64/26'),
    allowedSecurityGroupIds: fc.constantFrom('none', 'none', 'sg-0app', '*'),
    resolveOrigins: rarely('dns', 'off'),
    includeDisabledDistributions: fc.constantFrom('false', 'true'),
  })
  .map(albSgParams);

const gapAtOnly = (account: AccountId | null, what: string) => (accountId: AccountId | null) =>
  account !== null && accountId === account ? gap(what) : null;

/** Worlds of up to three groups, load balancers and distributions, in two accounts, with a gap here and there. */
export const situations: fc.Arbitrary<Situation> = fc
  .tuple(...['sg-0g0', 'sg-0g1', 'sg-0g2'].map((id) => anyGroup(groupId(id))))
  .chain((groups) =>
    fc.record({
      groups: fc.constant(groups),
      loadBalancers: fc.tuple(...LOAD_BALANCERS.map((name) => anyLoadBalancer(name, groups))),
      distributions: fc
        .uniqueArray(fc.constantFrom('E0', 'E1', 'E2'))
        .chain((ids) => fc.tuple(...ids.map(anyDistribution))),
      answers: fc.tuple(...NAMES.map(() => anyAnswer)),
      tenantNames: fc.array(fc.constantFrom('n0', 'n1', 'n2'), { maxLength: 2 }),
      listeners: fc.tuple(...LOAD_BALANCERS.map(() => fc.constantFrom([443], [80, 443], [8443], []))),
      withoutDistributions: rarely<AccountId | null>(null, ACCOUNT),
      withoutLoadBalancers: rarely<AccountId | null>(null, ACCOUNT),
      params: anyParams,
    }),
  )
  .map(({ answers, tenantNames, listeners, withoutDistributions, withoutLoadBalancers, params, ...things }) => {
    const arns = things.loadBalancers.map(({ arn }) => arn);
    const tenants = known(
      tenantNames.map((t, index) => tenant({ id: `dt_${String(index)}`, parameters: known({ t }) })),
    );
    const missingAt = gapAtOnly(withoutLoadBalancers, 'loadBalancers');
    return {
      params,
      world: world({
        ...things,
        loadBalancerGap: ({ accountId }) => missingAt(accountId),
        distributionGap: gapAtOnly(withoutDistributions, 'distributions'),
        vpcOrigins: Object.fromEntries(LOAD_BALANCERS.map((name, index) => [`vo_${name}`, known(arns[index] ?? '')])),
        tenants: Object.fromEntries(things.distributions.map(({ id }) => [id, tenants])),
        listeners: Object.fromEntries(arns.map((arn, index) => [arn, known(listeners[index] ?? [])])),
        addresses: Object.fromEntries(things.loadBalancers.map(({ arn, name }) => [arn, known([addressOf(name)])])),
        prefixLists: Object.fromEntries(PREFIX_LISTS.map((each) => [each.id, known(each)])),
        citedGroups: {
          'sg-0managed': known({ name: 'CloudFront-VPCOrigins-Service-SG-0a', vpcId: `vpc-${ACCOUNT}` }),
          'sg-0app': known({ name: 'app', vpcId: `vpc-${ACCOUNT}` }),
          'sg-0none': known(null),
        },
        names: Object.fromEntries(NAMES.map((name, index) => [name, answers[index] ?? { kind: 'no-such-name' }])),
      }),
    };
  });

/** One piece of evidence that may be withheld. */
export interface Piece {
  readonly what: string;
  /** The same world, seen without the piece. */
  readonly hide: (seen: World) => World;
  /** Whether a group's finding rests on the piece itself, and not only its path. */
  readonly carries: (group: SecurityGroupId, source: string) => boolean;
  /** Whether the piece may carry the way to the group: a load balancer, a distribution, a name. */
  readonly isLink: boolean;
  /** The account whose groups depend on the piece; `null` for all. */
  readonly accountId: AccountId | null;
}

const piece = (what: string, hide: Piece['hide'], more: Partial<Piece> = {}): Piece => ({
  what,
  hide,
  carries: () => false,
  isLink: false,
  accountId: null,
  ...more,
});

const replace = <T>(record: Readonly<Record<string, T>>, key: string, value: T): Readonly<Record<string, T>> => ({
  ...record,
  [key]: value,
});

const sameScope = (a: Scope, b: Scope): boolean => a.accountId === b.accountId && a.region === b.region;

/** Every piece of evidence in a world that contracts.md calls needed, one at a time. */
export function piecesOf(seen: World): readonly Piece[] {
  const link = { isLink: true };
  const groups = seen.groups.flatMap(({ id }) => [
    piece(
      `rules of ${id}`,
      (from) => ({
        ...from,
        groups: from.groups.map((group) => (group.id === id ? { ...group, ingress: hidden(`rules of ${id}`) } : group)),
      }),
      { carries: (group) => group === id },
    ),
    piece(
      `group ${id}`,
      (from) => ({
        ...from,
        groups: from.groups.filter((group) => group.id !== id),
        citedGroups: replace(from.citedGroups, id, hidden(`securityGroup ${id}`)),
      }),
      { carries: (group, source) => group === id || source === id },
    ),
  ]);
  const places = SCOPES.map((scope) =>
    piece(
      `load balancers of ${scope.accountId ?? ''}`,
      (from) => ({
        ...from,
        loadBalancers: from.loadBalancers.filter((each) => !sameScope(each.scope, scope)),
        loadBalancerGap: (at) => (sameScope(at, scope) ? gap('loadBalancers') : from.loadBalancerGap(at)),
      }),
      link,
    ),
  );
  const loadBalancers = seen.loadBalancers.flatMap(({ arn, scope }) => [
    piece(
      `load balancer ${arn}, on a page that is missing`,
      (from) => ({
        ...from,
        loadBalancers: from.loadBalancers.filter((each) => each.arn !== arn),
        loadBalancerGap: (at) => (sameScope(at, scope) ? gap('loadBalancers', 'incomplete') : from.loadBalancerGap(at)),
      }),
      link,
    ),
    piece(
      `listeners of ${arn}`,
      (from) => ({ ...from, listeners: replace(from.listeners, arn, hidden(`listeners of ${arn}`)) }),
      link,
    ),
  ]);
  const withoutDistributions =
    (keep: (each: Distribution) => boolean, at: (accountId: AccountId | null) => Gap | null) =>
    (from: World): World => ({
      ...from,
      distributions: from.distributions.filter(keep),
      distributionGap: (accountId) => at(accountId) ?? from.distributionGap(accountId),
    });
  const distributions = [
    piece(
      'distributions',
      withoutDistributions(
        () => false,
        () => gap('distributions'),
      ),
      link,
    ),
    ...[ACCOUNT, OTHER_ACCOUNT].map((own) =>
      piece(
        `distributions of ${own}`,
        withoutDistributions(({ accountId }) => accountId !== own, gapAtOnly(own, 'distributions')),
        { isLink: true, accountId: own },
      ),
    ),
    ...seen.distributions.flatMap(({ id }) => [
      piece(
        `distribution ${id}, on a page that is missing`,
        withoutDistributions(
          (each) => each.id !== id,
          () => gap('distributions', 'incomplete'),
        ),
        link,
      ),
      piece(
        `tenants of ${id}`,
        (from) => ({ ...from, tenants: replace(from.tenants, id, hidden(`distributionTenants of ${id}`)) }),
        link,
      ),
      piece(
        `parameters of the tenants of ${id}`,
        (from) => {
          const tenants = from.tenants[id];
          if (tenants?.known !== true) return from;
          const mute = tenants.value.map((each) => ({ ...each, parameters: hidden(`parameters of ${each.id}`) }));
          return { ...from, tenants: replace(from.tenants, id, known(mute)) };
        },
        link,
      ),
    ]),
  ];
  const vpcOrigins = Object.keys(seen.vpcOrigins).map((id) =>
    piece(
      `VPC origin ${id}`,
      (from) => ({ ...from, vpcOrigins: replace(from.vpcOrigins, id, hidden(`vpcOrigin ${id}`)) }),
      link,
    ),
  );
  const lookups = Object.keys(seen.names).map((name) =>
    piece(
      `lookup of ${name}`,
      (from) => ({
        ...from,
        names: replace<NameAnswer>(from.names, name, {
          kind: 'answered',
          names: [],
          addresses: [],
          failure: 'timed out',
        }),
      }),
      link,
    ),
  );
  const lists = Object.entries(seen.prefixLists).flatMap(([id, fact]) => [
    piece(
      `prefix list ${id}`,
      (from) => ({ ...from, prefixLists: replace(from.prefixLists, id, hidden(`prefixList ${id}`)) }),
      { carries: (_, source) => source === id },
    ),
    piece(
      `entries of ${id}`,
      (from) => ({
        ...from,
        prefixLists: fact.known
          ? replace(from.prefixLists, id, known({ ...fact.value, entries: hidden(`entries of ${id}`) }))
          : from.prefixLists,
      }),
      { carries: (_, source) => source === id },
    ),
  ]);
  const cited = Object.keys(seen.citedGroups).map((id) =>
    piece(
      `cited group ${id}`,
      (from) => ({ ...from, citedGroups: replace(from.citedGroups, id, hidden(`securityGroup ${id}`)) }),
      { carries: (_, source) => source === id },
    ),
  );
  return [...groups, ...places, ...loadBalancers, ...distributions, ...vpcOrigins, ...lookups, ...lists, ...cited];
}
