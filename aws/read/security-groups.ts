import {
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type DescribeSecurityGroupRulesCommandOutput,
  type DescribeSecurityGroupsCommandOutput,
  type Filter,
  type SecurityGroup as DescribedGroup,
} from '@aws-sdk/client-ec2';
import { known, missing, type Fact } from '../../core/fact.js';
import { toAccountId, type AccountId, type SecurityGroupId } from '../../core/ids.js';
import type { IngressRule, SecurityGroup } from '../../core/model/security-group.js';
import type { CitedGroup } from '../../core/ports.js';
import { SecurityGroupItem, SecurityGroupRuleItem } from '../../wire/ec2.js';
import { ingressFact, keepRule, type GroupedRules } from '../../wire/group-rules.js';
import { IpPermissions } from '../../wire/ip-permissions.js';
import { textOrNull } from '../../wire/shared.js';
import type { Session } from '../session.js';
import { readAllPages } from './batches.js';
import { filtersOf } from './ec2-filters.js';
import { readItem } from './items.js';
import { isOpenEgress } from './open-egress.js';
import { listOf, type Question } from './pages.js';

/** Everything these readers may call. */
export const iamActions = ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'] as const;

/** The largest page. Source: API reference of DescribeSecurityGroups and DescribeSecurityGroupRules. */
const PAGE_SIZE = 1000;

type Which = ReadonlySet<SecurityGroupId> | 'every';

/** Groups, and what was seen on the way of the groups that their rules cite. */
export interface SeenGroups {
  /** A group that does not exist is not here; a gap when neither groups nor rules may be read. */
  readonly groups: Fact<readonly SecurityGroup[]>;
  /** One that is not here was not seen, which does not say that it does not exist. */
  readonly cited: ReadonlyMap<SecurityGroupId, CitedGroup>;
  /** Whether each group lets everything out, as far as it was seen on the way: all that is kept of its egress. */
  readonly openEgress: ReadonlyMap<SecurityGroupId, boolean>;
}

/**
 * The groups with these ids, or every group of the Region.
 *
 * @remarks Rules are read one by one, for their ids; those grouped under a group are used where that is denied. Where
 * groups are named, their rules come first, so that one more call tells of them and of every group that they cite.
 */
export async function readSecurityGroups(session: Session, which: Which): Promise<SeenGroups> {
  if (which === 'every') {
    const [rules, described] = await Promise.all([readRules(session, which), describeGroups(session, which)]);
    return joinGroups(session, which, rules, described);
  }
  const rules = await readRules(session, which);
  const cited = rules.known ? citedBy(rules.value) : [];
  return joinGroups(session, which, rules, await describeGroups(session, new Set([...which, ...cited])));
}

/** The groups with these ids as another one sees them; `null` for one that is not in this account and Region. */
export async function readCitedGroups(
  session: Session,
  ids: ReadonlySet<SecurityGroupId>,
): Promise<ReadonlyMap<SecurityGroupId, Fact<CitedGroup | null>>> {
  const described = await describeGroups(session, ids);
  return new Map(
    [...ids].map((id) => [id, described.known ? known(described.value.get(id)?.group ?? null) : described] as const),
  );
}

interface Described {
  readonly group: CitedGroup;
  readonly tags: Readonly<Record<string, string>>;
  readonly ownerId: AccountId | null;
  readonly isEgressOpen: boolean | null;
  /** Read only where the rules were not: this is what large accounts have most of. */
  readonly permissions: DescribedGroup['IpPermissions'];
}

/**
 * The groups that exist, by id. The filter passes over one that does not, where `GroupIds` would make it an error;
 * `DescribeSecurityGroupRules` does the same (https://github.com/getmoto/moto/pull/7620, checked there against AWS).
 */
async function describeGroups(session: Session, which: Which): Promise<Fact<ReadonlyMap<SecurityGroupId, Described>>> {
  const pages = await readAllPages(
    session,
    filtersFor(which).map((filters): Question<DescribeSecurityGroupsCommandOutput> => ({
      fact: 'securityGroups',
      what: 'security groups',
      action: iamActions[0],
      command: 'describe-security-groups',
      page: (NextToken, options) =>
        session.clients.ec2.send(
          new DescribeSecurityGroupsCommand({ ...filters, NextToken, MaxResults: PAGE_SIZE }),
          options,
        ),
      next: ({ NextToken }) => NextToken,
    })),
  );
  if (!pages.known) return pages;
  const described = new Map<SecurityGroupId, Described>();
  for (const element of pages.value.flatMap((page) => listOf(page.SecurityGroups, 'SecurityGroups'))) {
    const { IpPermissions: permissions, IpPermissionsEgress: _, ...rest } = element;
    const item = readItem(SecurityGroupItem, rest, `security group ${rest.GroupId ?? '?'}`);
    described.set(item.groupId, {
      group: { name: textOrNull(item.groupName), vpcId: textOrNull(item.vpcId) },
      // The API leaves Tags out of a group that has none.
      tags: item.tags ?? {},
      ownerId: toAccountId(item.ownerId),
      isEgressOpen: isOpenEgress(element),
      permissions,
    });
  }
  return known(described);
}

/** What is known of the rules of each group that has any; egress is not kept, but shows that the group was seen. */
async function readRules(session: Session, which: Which): Promise<Fact<ReadonlyMap<SecurityGroupId, GroupedRules>>> {
  const pages = await readAllPages(
    session,
    filtersFor(which).map((filters): Question<DescribeSecurityGroupRulesCommandOutput> => ({
      fact: 'securityGroupRules',
      what: 'security group rules',
      action: iamActions[1],
      command: 'describe-security-group-rules',
      page: (NextToken, options) =>
        session.clients.ec2.send(
          new DescribeSecurityGroupRulesCommand({ ...filters, NextToken, MaxResults: PAGE_SIZE }),
          options,
        ),
      next: ({ NextToken }) => NextToken,
    })),
  );
  if (!pages.known) return pages;
  const rules = new Map<SecurityGroupId, GroupedRules>();
  for (const element of pages.value.flatMap((page) => listOf(page.SecurityGroupRules, 'SecurityGroupRules'))) {
    const item = readItem(SecurityGroupRuleItem, element, `rule ${element.SecurityGroupRuleId ?? '?'}`);
    const held = rules.get(item.groupId) ?? { rules: [], gap: null };
    keepRule(held, item);
    rules.set(item.groupId, held);
  }
  return known(rules);
}

/** What each call adds to its question: nothing where everything is asked for. */
const filtersFor = (which: Which): readonly { readonly Filters?: Filter[] }[] =>
  which === 'every' ? [{}] : filtersOf('group-id', [...which]).map((filters) => ({ Filters: [...filters] }));

const citedBy = (rules: ReadonlyMap<SecurityGroupId, GroupedRules>): readonly SecurityGroupId[] =>
  [...rules.values()].flatMap((held) =>
    held.rules.flatMap(({ source }) => (source.kind === 'security-group' ? source.groupId : [])),
  );

function joinGroups(
  session: Session,
  which: Which,
  rules: Fact<ReadonlyMap<SecurityGroupId, GroupedRules>>,
  described: Fact<ReadonlyMap<SecurityGroupId, Described>>,
): SeenGroups {
  if (!described.known && !rules.known) return { groups: described, cited: new Map(), openEgress: new Map() };
  const byRule = rules.known ? rules.value : new Map<SecurityGroupId, GroupedRules>();
  const byId = described.known ? described.value : new Map<SecurityGroupId, Described>();
  const seen = new Set([...byId.keys(), ...byRule.keys()]);
  // A named group that left no trace does not exist, but only a list of groups can say so.
  const named = which === 'every' ? seen : described.known ? [...which].filter((id) => seen.has(id)) : which;
  const groups = [...named].map((id): SecurityGroup => {
    const own = byId.get(id);
    return {
      id,
      name: own?.group.name ?? null,
      vpcId: own?.group.vpcId ?? null,
      scope: { accountId: session.accountId, region: session.region },
      ...(own?.ownerId ? { ownerId: own.ownerId } : {}),
      deleted: false,
      tags: own !== undefined ? known(own.tags) : described.known ? missing(notListed(id, session)) : described,
      ingress: ingressOf(id, byRule.get(id), own, described),
    };
  });
  return {
    groups: known(groups),
    cited: new Map([...byId].map(([id, { group }]) => [id, group] as const)),
    openEgress: new Map(
      [...byId].flatMap(([id, { isEgressOpen }]) => (isEgressOpen === null ? [] : [[id, isEgressOpen] as const])),
    ),
  };
}

/**
 * A group of which not one rule was listed may still have permissions: the two are read one after the other, and "no
 * rule was seen" must not stand for "there is none".
 */
function ingressOf(
  id: SecurityGroupId,
  rules: GroupedRules | undefined,
  own: Described | undefined,
  described: Fact<unknown>,
): Fact<readonly IngressRule[]> {
  if (rules !== undefined) return ingressFact(rules);
  if (own?.permissions !== undefined)
    return ingressFact(readItem(IpPermissions, own.permissions, `permissions of ${id}`));
  if (!described.known) return described;
  return missing({ fact: `ingress of ${id}`, cause: 'incomplete', detail: `the answer has no permissions of ${id}` });
}

const notListed = (id: SecurityGroupId, { accountId, region }: Session) =>
  ({
    fact: `tags of ${id}`,
    cause: 'not-seen',
    detail: `security group ${id} has rules, but is not among the groups of account ${accountId} in ${region}`,
  }) as const;
