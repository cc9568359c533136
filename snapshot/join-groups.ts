import { known, missing, uniqueGaps, type Fact, type Gap } from '../core/fact.js';
import { groupBy } from '../core/group-by.js';
import type { Region, Scope, SecurityGroupId } from '../core/ids.js';
import type { IngressRule, SecurityGroup } from '../core/model/security-group.js';
import type { Denials } from './denials.js';
import type { Collected, GroupRecord } from './collected.js';
import { ingressFact } from '../wire/group-rules.js';

/**
 * Joins all descriptions of each security group into one group, whatever order the files came in.
 *
 * Descriptions that differ are two moments of one group: every source of either is judged.
 */
export function joinGroups(into: Collected, denials: Denials): readonly SecurityGroup[] {
  const regionOf = regionFinder(into);
  const described = new Set(into.groups.map(({ id }) => id));
  const records = [
    ...into.groups,
    ...[...into.groupRules].filter(([id]) => !described.has(id)).map(([id, { scope }]) => knownByRulesOnly(id, scope)),
  ].map((record) => (record.scope.region === null ? placed(record, regionOf(record)) : record));
  const groups = [
    ...groupBy(records, ({ id, scope }) => `${id}|${scope.accountId ?? ''}|${scope.region ?? ''}`).values(),
  ];
  return groups.map((same) => joinOne(same, into, denials));
}

const placed = (record: GroupRecord, region: Region | null): GroupRecord => ({
  ...record,
  scope: { accountId: record.scope.accountId, region },
});

const knownByRulesOnly = (id: SecurityGroupId, scope: Scope): GroupRecord => ({
  id,
  scope,
  name: null,
  vpcId: null,
  deleted: false,
  tags: null,
  rules: null,
  gap: null,
  ownerId: null,
  egress: null,
});

function joinOne(records: readonly GroupRecord[], into: Collected, denials: Denials): SecurityGroup {
  const live = records.filter(({ deleted }) => !deleted);
  const [first] = live.length > 0 ? live : records;
  if (first === undefined) throw new RangeError('a group without a description');
  const ownerId = smallest(live.map((record) => record.ownerId));
  const tagged = live.flatMap(({ tags }) => (tags === null ? [] : [tags]));
  return {
    id: first.id,
    name: smallest(live.map(({ name }) => name)),
    vpcId: smallest(live.map(({ vpcId }) => vpcId)),
    scope: first.scope,
    ...(ownerId === null ? {} : { ownerId }),
    deleted: live.length === 0,
    tags:
      tagged.length === 0
        ? missing(denials.at('securityGroups', first.scope) ?? tagsNotSeen(first))
        : known(commonTags(tagged)),
    ingress: joinRules(first.id, live, into),
  };
}

/** A tag that one description lacks may have been taken away since: an exemption must stand in all of them. */
function commonTags(tagged: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>> {
  const [first = {}, ...others] = tagged;
  if (others.length === 0) return first;
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => others.every((tags) => tags[key] === value)),
  );
}

function joinRules(id: SecurityGroupId, live: readonly GroupRecord[], into: Collected): Fact<readonly IngressRule[]> {
  const byRule = into.groupRules.get(id);
  if (byRule !== undefined && into.coverage.gapAt('securityGroupRules', byRule.scope) === null)
    return ingressFact(byRule);
  const described = live.filter((record) => record.rules !== null);
  const gap = firstGap(described);
  const [only, ...others] = described;
  if (only?.rules !== null && only?.rules !== undefined && others.length === 0 && gap === null)
    return known(only.rules);
  const rules = described.flatMap((record) => record.rules ?? []);
  if (described.length > 0) return ingressFact({ rules, gap });
  return missing(firstGap(live) ?? rulesNotSeen(id, byRule !== undefined));
}

/** Of several gaps the one that does not depend on the order of reading. */
const firstGap = (records: readonly GroupRecord[]): Gap | null =>
  records.some(({ gap }) => gap !== null) ? (uniqueGaps(records.flatMap(({ gap }) => gap ?? []))[0] ?? null) : null;

const rulesNotSeen = (id: SecurityGroupId, cutShort: boolean): Gap => ({
  fact: `ingress of ${id}`,
  cause: cutShort ? 'incomplete' : 'not-seen',
  detail: cutShort
    ? `the rules of ${id} go on in a page that is not in the input; add all pages of describe-security-group-rules`
    : `the ingress rules of ${id} were not seen; add the output of describe-security-groups`,
});

const tagsNotSeen = ({ id }: GroupRecord): Gap => ({
  fact: `tags of ${id}`,
  cause: 'not-seen',
  detail: `the tags of ${id} were not seen; add the output of describe-security-groups`,
});

const smallest = <T extends string>(names: readonly (T | null)[]): T | null =>
  names.filter((name) => name !== null).sort()[0] ?? null;

/**
 * Finds the Region of a group whose description names none (older commands print no ARN): that of another description
 * of it, of its rules or of a load balancer that uses it, else of something in its VPC, else the only Region the input
 * names at all.
 */
function regionFinder({ loadBalancers, groups, groupRules }: Collected): (record: GroupRecord) => Region | null {
  const byGroup = new Map<string, Region>();
  const byVpc = new Map<string, Region>();
  const all = new Set<Region>();
  for (const { scope, securityGroups, vpcId } of loadBalancers) {
    if (scope.region === null) continue;
    all.add(scope.region);
    for (const id of securityGroups) byGroup.set(id, scope.region);
    if (vpcId !== null) byVpc.set(vpcId, scope.region);
  }
  for (const { id, scope, vpcId } of groups) {
    if (scope.region === null) continue;
    all.add(scope.region);
    byGroup.set(id, scope.region);
    if (vpcId !== null) byVpc.set(vpcId, scope.region);
  }
  for (const [id, { scope }] of groupRules) {
    if (scope.region === null) continue;
    all.add(scope.region);
    byGroup.set(id, scope.region);
  }
  const [only = null] = all.size === 1 ? all : [];
  return ({ id, vpcId }) => byGroup.get(id) ?? byVpc.get(vpcId ?? '') ?? only;
}
