import { compareText, known, missing, type Fact, type Gap } from '../core/fact.js';
import { groupBy } from '../core/group-by.js';
import type { PrefixListId } from '../core/ids.js';
import type { Distribution, DistributionTenant, Origin, VpcOrigin } from '../core/model/distribution.js';
import { portsOf } from '../core/model/listener.js';
import { loadBalancerPath, type Entrance, type LoadBalancer } from '../core/model/load-balancer.js';
import type { SecurityGroup } from '../core/model/security-group.js';
import type { PlanningPorts } from '../core/planning.js';
import type {
  CitedGroup,
  DistributionReader,
  ListenerReader,
  LoadBalancerReader,
  Ports,
  SecurityGroupReader,
} from '../core/ports.js';
import type { Collected, LoadBalancerRecord } from './collected.js';
import { denialsOf, type Denials } from './denials.js';
import { balancersInFront } from './entrances.js';
import { joinGroups } from './join-groups.js';
import { notSeen } from './not-seen.js';
import type { TenantItem } from '../wire/cloudfront.js';
import { savedNames } from './saved-names.js';
import { listenerReader } from './saved-listeners.js';
import { savedPlanning } from './saved-planning.js';
import { prefixListReader } from './saved-prefix-lists.js';

/** Ports over saved data, and what the caller should know of it. */
export interface SavedPorts {
  readonly ports: Ports;
  /** The same, with what a plan asks beyond it. */
  readonly planning: PlanningPorts;
  readonly warnings: readonly string[];
  /** What was denied when the data was collected, and stands behind no verdict. */
  readonly blindSpots: readonly Gap[];
}

/** Makes ports of everything collected, and tells what the caller should know. */
export function savedPorts(
  into: Collected,
  options: { readonly cloudfrontPrefixLists: readonly PrefixListId[] },
): SavedPorts {
  const denials = denialsOf(into);
  const groups = joinGroups(into, denials);
  const loadBalancers = joinLoadBalancers(into, denials);
  const listeners = listenerReader(into, denials);
  const ports: Ports = {
    ...groupReader(groups),
    ...loadBalancerReader(loadBalancers, into, denials, listeners),
    ...listeners,
    ...distributionReader(into, denials),
    ...prefixListReader(into, options.cloudfrontPrefixLists, denials),
    ...savedNames(into),
  };
  const planning = { ...ports, ...savedPlanning({ into, denials, groups, loadBalancers }) };
  warn(into, groups, loadBalancers);
  return { ports, planning, warnings: [...into.warnings].sort(compareText), blindSpots: denials.blindSpots };
}

function warn(
  { coverage, warnings }: Collected,
  groups: readonly SecurityGroup[],
  loadBalancers: readonly LoadBalancer[],
): void {
  const placeless = groups.filter(({ scope }) => scope.region === null).length;
  const groupsWithoutTags = groups.filter(({ tags, deleted }) => !tags.known && !deleted).length;
  if (groups.length === 0)
    warnings.add('no security group is in the input; add the output of aws ec2 describe-security-groups');
  if (placeless > 0)
    warnings.add(
      `the input does not say in which Region ${String(placeless)} security groups are; name it with --region, or use folders <account>/<region>/`,
    );
  if (coverage.unfinished('securityGroups'))
    warnings.add('the list of security groups goes on in a page that is not in the input');
  if (coverage.unfinished('securityGroupRules'))
    warnings.add('the list of security group rules goes on in a page that is not in the input, so it is not used');
  if (groupsWithoutTags > 0)
    warnings.add(
      `the tags of ${String(groupsWithoutTags)} security groups were not seen, so an exemption is not known there; add the output of aws ec2 describe-security-groups`,
    );
  const untagged = loadBalancers.filter(({ type, tags }) => type === 'application' && !tags.known).length;
  if (untagged > 0)
    warnings.add(
      `the tags of ${String(untagged)} load balancers were not seen, so origin-guard:fronted-by is not known there; add the output of aws elbv2 describe-tags`,
    );
}

function groupReader(groups: readonly SecurityGroup[]): SecurityGroupReader {
  const byId = groupBy(groups, ({ id }) => id);
  const citedGroup = (id: SecurityGroup['id']): Fact<CitedGroup> => {
    const group = byId.get(id)?.find(({ deleted }) => !deleted);
    return group === undefined
      ? missing(notSeen(`securityGroup ${id}`, 'aws ec2 describe-security-groups'))
      : known(group);
  };
  return {
    securityGroups: (which) => Promise.resolve(which === 'every' ? groups : groups.filter(({ id }) => which.has(id))),
    citedGroups: (ids) => Promise.resolve(new Map([...ids].map((id) => [id, citedGroup(id)] as const))),
  };
}

/** Descriptions of one load balancer that differ are two moments of it: groups of either count. */
function joinLoadBalancers({ loadBalancers, tags }: Collected, denials: Denials): readonly LoadBalancer[] {
  const joined: LoadBalancer[] = [];
  for (const [arn, records] of groupBy(loadBalancers, (record) => record.arn)) {
    const [record, ...others] = [...records].sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
    if (record === undefined) continue;
    const ownTags = tagsOf(arn, [record, ...others], tags);
    joined.push({
      ...record,
      securityGroups: [...new Set([record, ...others].flatMap(({ securityGroups }) => securityGroups))].sort(),
      ...(others.length === 0 ? {} : addressTypeOf([record, ...others])),
      tags:
        ownTags === null
          ? missing(denials.at('tags', record.scope) ?? notSeen(`tags of ${arn}`, 'aws elbv2 describe-tags'))
          : known(ownTags),
    });
  }
  return joined.sort((a, b) => compareText(a.arn, b.arn));
}

/** Of two moments that differ neither says which addresses it has now: it may have those of both families. */
function addressTypeOf(records: readonly LoadBalancerRecord[]): Pick<LoadBalancer, 'ipAddressType'> {
  const [only, ...others] = new Set(records.flatMap(({ ipAddressType }) => ipAddressType ?? []));
  if (only === undefined) return {};
  return { ipAddressType: others.length === 0 ? only : 'dualstack' };
}

function tagsOf(
  arn: string,
  records: readonly LoadBalancerRecord[],
  tags: Collected['tags'],
): Readonly<Record<string, string>> | null {
  const all = [tags.get(arn) ?? null, ...records.map((record) => record.tags)].filter((found) => found !== null);
  return all.length === 0 ? null : (Object.assign({}, ...all) as Readonly<Record<string, string>>);
}

/** What is only shown, and changes no verdict, is shown where both say where they are. */
const isSeenInOneVpc = (a: string | null, b: string | null): boolean => a !== null && a === b;

function loadBalancerReader(
  loadBalancers: readonly LoadBalancer[],
  into: Collected,
  denials: Denials,
  listeners: ListenerReader,
): LoadBalancerReader {
  const { coverage, networkInterfaces } = into;
  const byDescription = groupBy(networkInterfaces, ({ description }) => description);
  const accelerators = groupBy(
    networkInterfaces.filter(({ interfaceType }) => interfaceType === 'global_accelerator_managed'),
    ({ vpcId }) => vpcId,
  );
  return {
    loadBalancers: () =>
      Promise.resolve({
        items: loadBalancers,
        gapAt: (scope) => {
          const gap = coverage.gapAt('loadBalancers', scope);
          return gap === null ? null : (denials.at('loadBalancers', scope) ?? gap);
        },
      }),
    withTags: (tagged) => Promise.resolve(tagged),
    listenerPorts: async (arn) => portsOf(await listeners.listeners(arn)),
    publicAddresses: ({ arn, scope }) => {
      const gap = coverage.gapAt('networkInterfaces', scope);
      // AWS names the owner of a load balancer's interface only in its description: "ELB app/NAME/HASH".
      const own = byDescription.get(`ELB ${loadBalancerPath(arn)}`) ?? [];
      return Promise.resolve(
        gap === null || own.length > 0
          ? known(own.flatMap(({ publicAddresses }) => publicAddresses))
          : missing(denials.at('networkInterfaces', scope) ?? gap),
      );
    },
    otherEntrances: ({ arn, vpcId }) => {
      const entrances: Entrance[] = [
        ...(vpcId === null ? [] : (accelerators.get(vpcId) ?? [])).map(({ networkInterfaceId: id }) => ({
          kind: 'global-accelerator' as const,
          id,
        })),
        ...[...balancersInFront(into, { arn, vpcId }, isSeenInOneVpc)].map((id) => ({
          kind: 'network-load-balancer' as const,
          id,
        })),
      ];
      return Promise.resolve(entrances.sort((a, b) => compareText(a.id, b.id)));
    },
  };
}

function distributionReader(into: Collected, denials: Denials): DistributionReader {
  const { coverage } = into;
  const distributions = joinDistributions(into);
  const tenants = groupBy(joinTenants(into), ({ distributionId }) => distributionId);
  return {
    distributions: () =>
      Promise.resolve({
        items: distributions,
        gapAt: (accountId) => {
          const gap = coverage.gapAt('distributions', { accountId, region: null });
          // A list that was asked for and refused may hold the link of any load balancer.
          const denied = denials.of('distributions', accountId) ?? denials.anywhere('distributions');
          return gap === null ? denied : (denied ?? gap);
        },
      }),
    vpcOrigin: ({ vpcOriginId }, { accountId }) => {
      const endpointArn = vpcOriginId === null ? undefined : into.vpcOrigins.get(vpcOriginId);
      if (vpcOriginId === null || endpointArn === undefined) {
        return Promise.resolve(
          missing(
            denials.of(`vpcOrigin ${vpcOriginId ?? ''}`, accountId) ??
              notSeen(`vpcOrigin ${vpcOriginId ?? ''}`, 'aws cloudfront list-vpc-origins'),
          ),
        );
      }
      return Promise.resolve(known<VpcOrigin>({ id: vpcOriginId, endpointArn }));
    },
    tenantsOf: ({ id, accountId }) => {
      const unlisted = coverage.gapAt('distributionTenants', { accountId, region: null });
      const gap = unlisted === null ? null : (denials.of(`distributionTenants of ${id}`, accountId) ?? unlisted);
      const own = (tenants.get(id) ?? []).map(({ parameters, ...tenant }): DistributionTenant => ({
        ...tenant,
        parameters:
          parameters === null
            ? missing(notSeen(`parameters of tenant ${tenant.id}`, 'aws cloudfront get-distribution-tenant'))
            : known(parameters),
      }));
      if (gap === null) return Promise.resolve(known(own));
      // Those that were seen count; one more stands for those that may follow.
      const others: DistributionTenant = { id: '', distributionId: id, enabled: true, parameters: missing(gap) };
      return Promise.resolve(own.length === 0 ? missing(gap) : known([...own, others]));
    },
  };
}

/**
 * The detailed form of a tenant wins over the list form, which carries no parameters. Details that differ are two
 * moments of it: the names of either count.
 */
function joinTenants({ tenants }: Collected): readonly TenantItem[] {
  return [...groupBy(tenants, ({ id }) => id).values()]
    .flatMap((records) => {
      const detailed = records.filter(({ parameters }) => parameters !== null);
      const enabled = records.some((record) => record.enabled);
      const texts = (detailed.length > 0 ? detailed : records).map((record) => JSON.stringify({ ...record, enabled }));
      return [...new Set(texts)].sort();
    })
    .sort()
    .map((text) => JSON.parse(text) as TenantItem);
}

/** Descriptions of one distribution that differ are two moments of it: origins of either count. */
function joinDistributions({ distributions }: Collected): readonly Distribution[] {
  return [...groupBy(distributions, ({ id }) => id).values()]
    .map((records): Distribution => {
      const sorted = [...records].sort((a, b) => compareText(JSON.stringify(a), JSON.stringify(b)));
      const origins = new Map(
        sorted.flatMap((record) => record.origins.map((origin) => [JSON.stringify(origin), origin] as const)),
      );
      const [first] = sorted;
      if (first === undefined) throw new RangeError('a distribution without a description');
      const defaults = sorted.map(({ parameterDefaults }) => parameterDefaults).filter((found) => found !== null);
      return {
        id: first.id,
        accountId: sorted.find(({ accountId }) => accountId !== null)?.accountId ?? null,
        enabled: sorted.some(({ enabled }) => enabled),
        origins: sorted.length === 1 ? [...origins.values()] : agreedSettings([...origins.values()]),
        parameterDefaults:
          defaults.length === 0
            ? missing(notSeen(`parameter defaults of distribution ${first.id}`, 'aws cloudfront get-distribution'))
            : known(Object.assign({}, ...defaults) as Readonly<Record<string, string>>),
      };
    })
    .sort((a, b) => compareText(a.id, b.id));
}

/**
 * How CloudFront connects to an origin, and what it adds, counts only where every moment of it agrees; else every port
 * may be used, and nobody knows what is sent. A moment that does not say what is added does not disagree.
 */
function agreedSettings(origins: readonly Origin[]): readonly Origin[] {
  const settings = groupBy(origins, ({ id }) => id);
  const agreed = origins.map(({ custom, customHeaders: _, ...origin }): Origin => {
    const all = settings.get(origin.id) ?? [];
    const connects = new Set(all.map((each) => JSON.stringify(each.custom ?? null)));
    const added = all.flatMap(({ customHeaders }) => (customHeaders === undefined ? [] : [customHeaders]));
    const [headers] = added;
    return {
      ...origin,
      ...(custom !== undefined && connects.size === 1 ? { custom } : {}),
      ...(headers !== undefined && new Set(added.map((each) => JSON.stringify(each))).size === 1
        ? { customHeaders: headers }
        : {}),
    };
  });
  return [...new Map(agreed.map((origin) => [JSON.stringify(origin), origin] as const)).values()];
}
