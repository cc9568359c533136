import { compareText, known, missing, uniqueGaps, type Fact, type Gap } from '../core/fact.js';
import { groupBy } from '../core/group-by.js';
import type { Scope, SecurityGroupId } from '../core/ids.js';
import type { LoadBalancer } from '../core/model/load-balancer.js';
import type { SecurityGroup } from '../core/model/security-group.js';
import {
  QUOTAS,
  type AttachedInterface,
  type GroupReference,
  type PlanningReader,
  type QuotaName,
  type StoredRecord,
} from '../core/planning.js';
import { bothEgress, type Egress } from '../wire/egress.js';
import type { Collected, QuotaRecord } from './collected.js';
import type { Kind } from './coverage.js';
import type { Denials } from './denials.js';
import { balancersInFront, isSameVpc } from './entrances.js';

/** What saved data was joined to, and what it was joined from. */
export interface Joined {
  readonly into: Collected;
  readonly denials: Denials;
  readonly groups: readonly SecurityGroup[];
  readonly loadBalancers: readonly LoadBalancer[];
}

/**
 * Answers what a plan asks from saved data; what nobody saved is a gap.
 *
 * @remarks Whatever is looked up is indexed at the first question, so that a scan does not pay for it.
 */
export function savedPlanning(joined: Joined): PlanningReader {
  const { into, denials, groups, loadBalancers } = joined;
  const gapAt = (kind: Kind, at: Scope): Gap | null => {
    const gap = into.coverage.gapAt(kind, at);
    return gap === null ? null : (denials.at(kind, at) ?? gap);
  };
  const interfaces = lazily(() => indexInterfaces(into));
  const accelerators = lazily(() =>
    groupBy(
      into.networkInterfaces.filter(({ interfaceType }) => interfaceType === ACCELERATOR),
      ({ vpcId }) => vpcId,
    ),
  );
  const egress = lazily(() => indexEgress(joined));
  const references = lazily(() => indexReferences(groups, egress()));
  const byName = lazily(() =>
    groupBy(
      groups.filter(({ deleted }) => !deleted),
      ({ name }) => name,
    ),
  );
  const untyped = lazily(() => into.networkInterfaces.filter(hasUnknownUse));
  const forwarders = lazily(() => loadBalancers.filter(({ type }) => type === 'network'));
  const records = lazily(() => groupBy(into.rollbackRecords, ({ groupId }) => groupId));

  return {
    interfacesOf: (group, at) => {
      const gap = gapAt('networkInterfaces', at) ?? interfaces().gapAt(at);
      return Promise.resolve(gap === null ? known(interfaces().byGroup.get(group) ?? []) : missing(gap));
    },
    acceleratorsIn: (vpcId, at) => {
      const unsaid = untyped().find((each) => (each.vpcId ?? vpcId) === vpcId && mayBeAt(each.scope, at));
      const gap =
        gapAt('networkInterfaces', at) ?? (unsaid === undefined ? null : withoutUse(unsaid.networkInterfaceId));
      const own = (accelerators().get(vpcId) ?? []).map(({ networkInterfaceId }) => networkInterfaceId);
      return Promise.resolve(gap === null ? known([...new Set(own)].sort()) : missing(gap));
    },
    forwardersTo: (loadBalancer) => {
      const { scope, vpcId } = loadBalancer;
      const unlisted = gapAt('loadBalancers', scope);
      if (unlisted !== null) return Promise.resolve(missing(unlisted));
      // A target group of load balancers is in the VPC of its targets, and so is the load balancer that forwards to it.
      const mayForward = forwarders().some((each) => isSameVpc(each.vpcId, vpcId));
      const gap = mayForward ? gapAt('targetGroups', scope) : null;
      return Promise.resolve(
        gap === null
          ? known([...balancersInFront(into, loadBalancer, isSameVpc)].sort())
          : missing(denials.startingAt('targets of ', scope) ?? gap),
      );
    },
    referencesTo: (group, at) => {
      const gap = gapAt('securityGroups', at) ?? references().gapAt(at);
      return Promise.resolve(gap === null ? known(references().to.get(group) ?? []) : missing(gap));
    },
    hasOpenEgress: (group, at) => {
      const held = egress().get(group);
      const gap = gapAt('securityGroups', at) ?? egressNotSeen(group);
      return Promise.resolve(held === undefined ? missing(gap) : known(held.isOpen));
    },
    groupsNamed: (names, vpcId, at) => {
      const gap = gapAt('securityGroups', at);
      const named = names.flatMap((name) => byName().get(name) ?? []).filter((group) => group.vpcId === vpcId);
      return Promise.resolve(gap === null ? known(named) : missing(gap));
    },
    quota: (name, at) => Promise.resolve(quotaOf(into.quotas, name, at, denials)),
    rollbackRecords: (group, at) => {
      const unlisted = into.ended.has(group) ? null : into.coverage.gapAt('rollbackRecords', at);
      const gap = unlisted === null ? null : (denials.at('rollbackRecords', at) ?? unlisted);
      const own = (records().get(group) ?? []).map(({ id, text, savedAt }) => ({ id, text, savedAt }));
      return Promise.resolve(gap === null ? known(newestFirst(own)) : missing(gap));
    },
  };
}

function lazily<T>(make: () => T): () => T {
  let held: { readonly value: T } | undefined;
  return () => (held ??= { value: make() }).value;
}

interface Interfaces {
  readonly byGroup: ReadonlyMap<SecurityGroupId, readonly AttachedInterface[]>;
  /** The gap of a description that does not say which groups its interface carries. */
  readonly gapAt: (at: Scope) => Gap | null;
}

/** Descriptions of one interface that differ are two moments of it: either counts. */
function indexInterfaces({ networkInterfaces }: Collected): Interfaces {
  const byGroup = new Map<SecurityGroupId, Map<string, AttachedInterface>>();
  const hidden: HiddenThing[] = [];
  for (const { networkInterfaceId: id, interfaceType, description, isManaged, groupIds, scope } of networkInterfaces) {
    const attached = { id, type: interfaceType ?? 'interface', description: description ?? '', isManaged };
    const key = JSON.stringify(attached);
    for (const group of groupIds ?? []) {
      byGroup.set(group, (byGroup.get(group) ?? new Map<string, AttachedInterface>()).set(key, attached));
    }
    if (groupIds === null) hidden.push({ scope, gap: withoutGroups(id) });
  }
  return { byGroup: sortedLists(byGroup), gapAt: firstGapAt(hidden) };
}

/** Whether an interface may be an accelerator's in some VPC, and its description does not say. */
const hasUnknownUse = ({ interfaceType, vpcId }: Collected['networkInterfaces'][number]): boolean =>
  interfaceType === null || interfaceType === undefined || (interfaceType === ACCELERATOR && (vpcId ?? '') === '');

const ACCELERATOR = 'global_accelerator_managed';

const withoutUse = (id: string): Gap => ({
  fact: 'networkInterfaces',
  cause: 'incomplete',
  detail: `network interface ${id} has no InterfaceType or no VpcId; add the output of aws ec2 describe-network-interfaces as it is`,
});

const withoutGroups = (id: string): Gap => ({
  fact: 'networkInterfaces',
  cause: 'incomplete',
  detail: `network interface ${id} has no Groups; add the output of aws ec2 describe-network-interfaces as it is`,
});

/** The egress of every group of which it was seen; of two moments, what either lacked or named counts. */
function indexEgress({ into, groups }: Joined): ReadonlyMap<SecurityGroupId, Egress> {
  const described = groupBy(
    into.groups.filter(({ deleted }) => !deleted),
    ({ id }) => id,
  );
  const index = new Map<SecurityGroupId, Egress>();
  for (const { id } of groups) {
    const byRule = into.groupRules.get(id);
    const isWhole = byRule !== undefined && into.coverage.gapAt('securityGroupRules', byRule.scope) === null;
    const [first, ...others] = [
      ...(described.get(id) ?? []).flatMap(({ egress }) => egress ?? []),
      ...(isWhole ? [byRule.egress] : []),
    ];
    if (first !== undefined) index.set(id, others.reduce(bothEgress, first));
  }
  return index;
}

const egressNotSeen = (group: SecurityGroupId): Gap => ({
  fact: `egress of ${group}`,
  cause: 'not-seen',
  detail: `the egress rules of ${group} were not seen; add the output of aws ec2 describe-security-groups`,
});

interface References {
  readonly to: ReadonlyMap<SecurityGroupId, readonly GroupReference[]>;
  /** The gap in the rules of a group at one place, of which any may name any other. */
  readonly gapAt: (at: Scope) => Gap | null;
}

/** Who names whom. Whether a group across a peering does, saved data cannot tell. */
function indexReferences(groups: readonly SecurityGroup[], egress: ReadonlyMap<SecurityGroupId, Egress>): References {
  const to = new Map<SecurityGroupId, Map<string, GroupReference>>();
  const note = (named: SecurityGroupId, by: SecurityGroupId, direction: GroupReference['direction']): void => {
    to.set(named, (to.get(named) ?? new Map<string, GroupReference>()).set(`${by}|${direction}`, { by, direction }));
  };
  const hidden: HiddenThing[] = [];
  for (const { id, scope, ingress } of groups.filter(({ deleted }) => !deleted)) {
    for (const { source } of ingress.known ? ingress.value : []) {
      if (source.kind === 'security-group') note(source.groupId, id, 'ingress');
    }
    const own = egress.get(id);
    for (const named of own?.groupIds ?? []) note(named, id, 'egress');
    if (!ingress.known) hidden.push({ scope, gap: ingress.gap });
    else if (own === undefined) hidden.push({ scope, gap: egressNotSeen(id) });
  }
  return { to: sortedLists(to), gapAt: firstGapAt(hidden) };
}

/** Something at a place of which a part is not known. */
interface HiddenThing {
  readonly scope: Scope;
  readonly gap: Gap;
}

/** The first gap at a place, whatever the order of reading; each place is looked up once. */
function firstGapAt(hidden: readonly HiddenThing[]): (at: Scope) => Gap | null {
  const gaps = new Map<string, Gap | null>();
  return (at) => {
    const key = `${at.accountId ?? ''}|${at.region ?? ''}`;
    const held = gaps.get(key);
    if (held !== undefined) return held;
    const [gap = null] = uniqueGaps(hidden.filter(({ scope }) => mayBeAt(scope, at)).map((each) => each.gap));
    gaps.set(key, gap);
    return gap;
  };
}

/** The lists in the order of their keys. */
const sortedLists = <K, V>(lists: ReadonlyMap<K, ReadonlyMap<string, V>>): ReadonlyMap<K, readonly V[]> =>
  new Map(
    [...lists].map(
      ([key, own]) => [key, [...own].sort(([a], [b]) => compareText(a, b)).map(([, each]) => each)] as const,
    ),
  );

/** Whether two places may be the same: what does not say where it is may be anywhere. */
const mayBeAt = (a: Scope, b: Scope): boolean =>
  (a.accountId === null || b.accountId === null || a.accountId === b.accountId) &&
  (a.region === null || b.region === null || a.region === b.region);

/** The smallest of several values for the account, as they may be of several moments; what names no account is AWS's default. */
function quotaOf(quotas: readonly QuotaRecord[], name: QuotaName, at: Scope, denials: Denials): Fact<number> {
  const here = quotas.filter((each) => each.name === name && mayBeAt(each.scope, at));
  const own = here.filter(({ scope }) => scope.accountId !== null);
  const values = (own.length > 0 ? own : here).map(({ value }) => value);
  const { code } = QUOTAS[name];
  return values.length > 0
    ? known(Math.min(...values))
    : missing(
        denials.at(`quota ${code}`, at) ?? {
          fact: `quota ${code}`,
          cause: 'not-seen',
          detail: `quota ${code} was not seen; add the output of aws service-quotas get-service-quota --service-code vpc --quota-code ${code}`,
        },
      );
}

/** Of one record in two moments the later one counts; between equals the choice does not depend on the order of reading. */
function newestFirst(records: readonly StoredRecord[]): readonly StoredRecord[] {
  const sorted = [...records].sort(
    (a, b) => compareText(b.savedAt, a.savedAt) || compareText(a.id, b.id) || compareText(b.text, a.text),
  );
  return [...groupBy(sorted, ({ id }) => id).values()].flatMap((same) => same.slice(0, 1));
}
