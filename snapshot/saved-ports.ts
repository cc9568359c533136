import { known, missing, compareText, type Fact, type Gap } from '../core/fact.js';
import { groupBy } from '../core/group-by.js';
import type { LoadBalancerArn, PrefixListId, Scope } from '../core/ids.js';
import type { Distribution, DistributionTenant, VpcOrigin } from '../core/model/distribution.js';
import { loadBalancerPath, type Entrance, type LoadBalancer } from '../core/model/load-balancer.js';
import { CLOUDFRONT_PREFIX_LIST_NAMES, identifyPrefixList, type PrefixList } from '../core/model/prefix-list.js';
import type { SecurityGroup } from '../core/model/security-group.js';
import type {
  CitedGroup,
  DistributionReader,
  LoadBalancerReader,
  Ports,
  PrefixListReader,
  SecurityGroupReader,
} from '../core/ports.js';
import type { Collected, LoadBalancerRecord, PrefixListRecord } from './collected.js';
import { denialsOf, type Denials } from './denials.js';
import { joinGroups } from './join-groups.js';
import type { TenantItem } from '../wire/cloudfront.js';
import { savedNames } from './saved-names.js';

/** Ports over saved data, and what the caller should know of it. */
export interface SavedPorts {
  readonly ports: Ports;
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
  const ports: Ports = {
    ...groupReader(groups),
    ...loadBalancerReader(loadBalancers, into, denials),
    ...distributionReader(into, denials),
    ...prefixListReader(into, options.cloudfrontPrefixLists, denials),
    ...savedNames(into),
  };
  warn(into, groups, loadBalancers);
  return { ports, warnings: [...into.warnings].sort(compareText), blindSpots: denials.blindSpots };
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
      tags:
        ownTags === null
          ? missing(denials.at('tags', record.scope) ?? notSeen(`tags of ${arn}`, 'aws elbv2 describe-tags'))
          : known(ownTags),
    });
  }
  return joined.sort((a, b) => compareText(a.arn, b.arn));
}

function tagsOf(
  arn: string,
  records: readonly LoadBalancerRecord[],
  tags: Collected['tags'],
): Readonly<Record<string, string>> | null {
  const all = [tags.get(arn) ?? null, ...records.map((record) => record.tags)].filter((found) => found !== null);
  return all.length === 0 ? null : (Object.assign({}, ...all) as Readonly<Record<string, string>>);
}

function loadBalancerReader(
  loadBalancers: readonly LoadBalancer[],
  into: Collected,
  denials: Denials,
): LoadBalancerReader {
  const { coverage, listenerPorts, ended, networkInterfaces, albTargets } = into;
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
    listenerPorts: (arn: LoadBalancerArn) => {
      const ports = listenerPorts.get(arn);
      if (ports !== undefined && ended.has(arn)) return Promise.resolve(known([...ports]));
      return Promise.resolve(
        missing(
          denials.anywhere(`listeners of ${arn}`) ??
            unseen(`listeners of ${arn}`, 'aws elbv2 describe-listeners', ports !== undefined),
        ),
      );
    },
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
      const networkLoadBalancers = albTargets
        .filter((group) =>
          group.targets === null ? vpcId !== null && group.vpcId === vpcId : group.targets.includes(arn),
        )
        .flatMap(({ loadBalancerArns }) => loadBalancerArns);
      const entrances: Entrance[] = [
        ...(vpcId === null ? [] : (accelerators.get(vpcId) ?? [])).map(({ networkInterfaceId: id }) => ({
          kind: 'global-accelerator' as const,
          id,
        })),
        ...[...new Set(networkLoadBalancers)].map((id) => ({ kind: 'network-load-balancer' as const, id })),
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
        origins: [...origins.values()],
        parameterDefaults:
          defaults.length === 0
            ? missing(notSeen(`parameter defaults of distribution ${first.id}`, 'aws cloudfront get-distribution'))
            : known(Object.assign({}, ...defaults) as Readonly<Record<string, string>>),
      };
    })
    .sort((a, b) => compareText(a.id, b.id));
}

function prefixListReader(
  { coverage, prefixLists, entries, ended }: Collected,
  assumed: readonly PrefixListId[],
  denials: Denials,
): PrefixListReader {
  const records = groupBy([...prefixLists].sort(byClaim), ({ id }) => id);
  const toPrefixList = (record: Pick<PrefixListRecord, 'id' | 'name'>, ownerId: string): PrefixList => {
    const held = entries.get(record.id);
    const gap = unseen(
      `entries of ${record.id}`,
      `aws ec2 get-managed-prefix-list-entries, in a file named like ${record.id}.json`,
      held !== undefined,
    );
    const isWhole = held !== undefined && ended.has(record.id);
    const denied = denials.anywhere(`entries of ${record.id}`);
    return { id: record.id, name: record.name, ownerId, entries: isWhole ? known(held) : missing(denied ?? gap) };
  };
  const ownLists = [...records.values()]
    .flatMap((same) => same.slice(0, 1))
    .filter(({ name, ownerId }) => ownerId === 'AWS' && identifyPrefixList({ name, ownerId }) === 'cloudfront');
  const prefixList = (id: PrefixListId, from: Scope): Fact<PrefixList> => {
    const [record] = records.get(id) ?? [];
    if (record !== undefined && record.ownerId !== null) return known(toPrefixList(record, record.ownerId));
    const listsSeen = coverage.gapAt('prefixLists', { accountId: null, region: from.region }) === null;
    if (record === undefined && !listsSeen && assumed.includes(id)) {
      return known(toPrefixList({ id, name: CLOUDFRONT_PREFIX_LIST_NAMES.ipv4 }, 'AWS'));
    }
    return missing(denials.at('prefixLists', from) ?? prefixListGap(id, record !== undefined));
  };
  return {
    prefixLists: (ids, from) => Promise.resolve(new Map([...ids].map((id) => [id, prefixList(id, from)] as const))),
    cloudfrontPrefixLists: ({ region }) =>
      Promise.resolve(
        ownLists
          .filter((record) => record.region === null || record.region === region)
          .map((record) => toPrefixList(record, 'AWS'))
          .sort((a, b) => compareText(a.name, b.name)),
      ),
  };
}

/**
 * A list that somebody else claims too is not taken for AWS's own; a description without an owner comes last,
 * since `describe-managed-prefix-lists` may stand beside it.
 */
function byClaim(a: PrefixListRecord, b: PrefixListRecord): number {
  const rank = ({ ownerId }: PrefixListRecord): number => (ownerId === null ? 2 : ownerId === 'AWS' ? 1 : 0);
  return rank(a) - rank(b) || compareText(JSON.stringify(a), JSON.stringify(b));
}

const prefixListGap = (id: PrefixListId, withoutOwner: boolean): Gap => ({
  fact: `prefixList ${id}`,
  cause: 'unresolved',
  detail: withoutOwner
    ? `the owner of prefix list ${id} is not in the input; save describe-managed-prefix-lists in place of describe-prefix-lists`
    : `prefix list ${id} is not in the input; add the output of describe-managed-prefix-lists`,
});

/** The gap where nothing was seen, or where a first page was. */
const unseen = (fact: string, command: string, begun: boolean): Gap =>
  begun
    ? {
        fact,
        cause: 'incomplete',
        detail: `${fact} go on in a page that is not in the input; add all pages of ${command}`,
      }
    : notSeen(fact, command);

const notSeen = (fact: string, command: string): Gap => ({
  fact,
  cause: 'not-seen',
  detail: `${fact} not seen; add the output of ${command}`,
});
