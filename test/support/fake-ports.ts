import { known, missing, type Fact, type Gap } from '../../core/fact.js';
import type { AccountId, Scope } from '../../core/ids.js';
import type { Distribution, DistributionTenant } from '../../core/model/distribution.js';
import type { Listener, ListenerRule } from '../../core/model/listener.js';
import type { Entrance, LoadBalancer } from '../../core/model/load-balancer.js';
import { identifyPrefixList, type PrefixList } from '../../core/model/prefix-list.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import type { NameAnswer, Ports } from '../../core/ports.js';
import { distribution, gap, loadBalancer, prefixList, prefixListV6, securityGroup } from './builders.js';

/** Everything there is to see, as plain data; what a record does not hold was not seen. */
export interface World {
  readonly groups: readonly SecurityGroup[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly loadBalancerGap: (scope: Scope) => Gap | null;
  readonly distributions: readonly Distribution[];
  readonly distributionGap: (accountId: AccountId | null) => Gap | null;
  /** VPC origin id to the ARN it leads to. */
  readonly vpcOrigins: Readonly<Record<string, Fact<string>>>;
  readonly tenants: Readonly<Record<string, Fact<readonly DistributionTenant[]>>>;
  readonly listeners: Readonly<Record<string, Fact<readonly number[]>>>;
  /** What a load balancer listens on, in full. */
  readonly listening: Readonly<Record<string, Fact<readonly Listener[]>>>;
  /** By the ARN of the listener. */
  readonly rules: Readonly<Record<string, Fact<readonly ListenerRule[]>>>;
  readonly addresses: Readonly<Record<string, Fact<readonly string[]>>>;
  readonly entrances: Readonly<Record<string, readonly Entrance[]>>;
  readonly prefixLists: Readonly<Record<string, Fact<PrefixList>>>;
  /** Groups that rules cite; one that is not here is looked for among `groups`, and else does not exist. */
  readonly citedGroups: Readonly<Record<string, Fact<Pick<SecurityGroup, 'name' | 'vpcId'> | null>>>;
  readonly names: Readonly<Record<string, NameAnswer>>;
}

/** One group, used by one load balancer, which is the origin of one distribution: all of it compliant. */
export const world = (overrides: Partial<World> = {}): World => ({
  groups: [securityGroup()],
  loadBalancers: [loadBalancer()],
  loadBalancerGap: () => null,
  distributions: [distribution()],
  distributionGap: () => null,
  vpcOrigins: {},
  tenants: {},
  listeners: {},
  listening: {},
  rules: {},
  addresses: {},
  entrances: {},
  prefixLists: Object.fromEntries([prefixList(), prefixListV6()].map((list) => [list.id, known(list)])),
  citedGroups: {},
  names: {},
  ...overrides,
});

/** Ports over a world, and what they were asked, in order. */
export interface FakePorts extends Ports {
  readonly calls: readonly string[];
}

/** Reads a world as an adapter would; nothing is looked up anywhere. */
export function fakePorts(overrides: Partial<World> = {}): FakePorts {
  const seen = world(overrides);
  const calls: string[] = [];
  const answer = <T>(call: string, value: T): Promise<T> => {
    calls.push(call);
    return Promise.resolve(value);
  };
  const answerEach = <K extends string, T>(what: string, ids: ReadonlySet<K>, read: (id: K) => T) => {
    calls.push(...[...ids].map((id) => `${what} ${id}`));
    return Promise.resolve(new Map([...ids].map((id) => [id, read(id)] as const)));
  };
  const factOf = <T>(record: Readonly<Record<string, Fact<T>>>, key: string, what: string): Fact<T> =>
    record[key] ?? missing(gap(what, 'not-seen', `${what} was not seen`));
  return {
    calls,
    securityGroups: (which) =>
      which === 'every'
        ? answer('securityGroups', seen.groups)
        : answer(
            `securityGroups ${[...which].sort().join(',')}`,
            seen.groups.filter(({ id }) => which.has(id)),
          ),
    citedGroups: (ids) =>
      answerEach('citedGroup', ids, (id) => {
        const described = seen.groups.find((group) => group.id === id && !group.deleted);
        return seen.citedGroups[id] ?? known(described ?? null);
      }),
    loadBalancers: () => answer('loadBalancers', { items: seen.loadBalancers, gapAt: seen.loadBalancerGap }),
    withTags: (tagged) => answer(`tags ${tagged.map(({ arn }) => arn).join(',')}`, tagged),
    listenerPorts: (arn) => answer(`listenerPorts ${arn}`, factOf(seen.listeners, arn, `listeners of ${arn}`)),
    listeners: (arn) => answer(`listeners ${arn}`, factOf(seen.listening, arn, `listeners of ${arn}`)),
    listenerRules: (arn) => answer(`listenerRules ${arn}`, factOf(seen.rules, arn, `rules of ${arn}`)),
    publicAddresses: ({ arn }) => answer(`publicAddresses ${arn}`, factOf(seen.addresses, arn, `addresses of ${arn}`)),
    otherEntrances: ({ arn }) => answer(`otherEntrances ${arn}`, seen.entrances[arn] ?? []),
    distributions: () => answer('distributions', { items: seen.distributions, gapAt: seen.distributionGap }),
    vpcOrigin: ({ vpcOriginId }) => {
      const id = vpcOriginId ?? '';
      const endpoint = factOf(seen.vpcOrigins, id, `vpcOrigin ${id}`);
      if (!endpoint.known || vpcOriginId === null) return answer(`vpcOrigin ${id}`, missing(gap(`vpcOrigin ${id}`)));
      return answer(`vpcOrigin ${id}`, known({ id: vpcOriginId, endpointArn: endpoint.value }));
    },
    tenantsOf: ({ id }) => answer(`tenantsOf ${id}`, factOf(seen.tenants, id, `distributionTenants of ${id}`)),
    prefixLists: (ids) => answerEach('prefixList', ids, (id) => factOf(seen.prefixLists, id, `prefixList ${id}`)),
    cloudfrontPrefixLists: () =>
      answer(
        'cloudfrontPrefixLists',
        Object.values(seen.prefixLists).flatMap((fact) =>
          fact.known && identifyPrefixList(fact.value) === 'cloudfront' ? [fact.value] : [],
        ),
      ),
    resolve: (name) => answer(`resolve ${name}`, seen.names[name] ?? { kind: 'unanswered', why: 'nobody asked' }),
  };
}
