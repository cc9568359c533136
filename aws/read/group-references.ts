import {
  DescribeSecurityGroupReferencesCommand,
  DescribeSecurityGroupsCommand,
  type DescribeSecurityGroupsCommandOutput,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { OriginGuardError } from '../../core/errors.js';
import { known, missing, type Fact } from '../../core/fact.js';
import { SecurityGroupId } from '../../core/ids.js';
import type { GroupReference } from '../../core/planning.js';
import type { Session } from '../session.js';
import { isOpenEgress } from './open-egress.js';
import { listOf, readOne, readPages } from './pages.js';

/** Everything these readers may call. */
export const iamActions = ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupReferences'] as const;

/** The largest page. Source: API reference of DescribeSecurityGroups. */
const PAGE_SIZE = 1000;

const FILTERS = {
  ingress: 'ip-permission.group-id',
  egress: 'egress.ip-permission.group-id',
} as const satisfies Readonly<Record<GroupReference['direction'], string>>;

/** The rules that name a group: of groups of the Region, of the group itself, and of groups across peerings. */
export async function readReferencesTo(
  session: Session,
  group: SecurityGroupId,
): Promise<Fact<readonly GroupReference[]>> {
  const [ingress, egress, peers] = await Promise.all([
    readNamedBy(session, group, 'ingress'),
    readNamedBy(session, group, 'egress'),
    readPeers(session, group),
  ]);
  if (!ingress.known) return ingress;
  if (!egress.known) return egress;
  return peers.known ? known([...ingress.value, ...egress.value, ...peers.value]) : peers;
}

async function readNamedBy(
  session: Session,
  group: SecurityGroupId,
  direction: GroupReference['direction'],
): Promise<Fact<readonly GroupReference[]>> {
  const groups = await describe(session, `references to ${group}`, [{ Name: FILTERS[direction], Values: [group] }]);
  return groups.known ? known(groups.value.map((each) => ({ by: idOf(each), direction }))) : groups;
}

/**
 * Groups in VPCs that are peered, or attached to the same transit gateway, are known by their VPC only, and the answer
 * does not say in which direction their rules name the group.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupReferences.html
 */
async function readPeers(session: Session, group: SecurityGroupId): Promise<Fact<readonly GroupReference[]>> {
  const what = `references to ${group} from other VPCs`;
  const page = await readOne(session, {
    fact: `references to ${group}`,
    what,
    action: iamActions[1],
    command: 'describe-security-group-references',
    page: (_, options) =>
      session.clients.ec2.send(new DescribeSecurityGroupReferencesCommand({ GroupId: [group] }), options),
  });
  if (!page.known) return page;
  return known(
    listOf(page.value.SecurityGroupReferenceSet, 'SecurityGroupReferenceSet').map(({ ReferencingVpcId }) => {
      if (ReferencingVpcId === undefined)
        throw new OriginGuardError('E2006', `${what}: expected their ReferencingVpcId`);
      return { by: ReferencingVpcId, direction: 'ingress' };
    }),
  );
}

/** Whether a group lets everything out over IPv4, as a new group does. */
export async function readOpenEgress(session: Session, group: SecurityGroupId): Promise<Fact<boolean>> {
  const fact = `egress of ${group}`;
  const groups = await describe(session, fact, [{ Name: 'group-id', Values: [group] }]);
  if (!groups.known) return groups;
  const [found] = groups.value;
  if (found === undefined) return missing({ fact, cause: 'not-seen', detail: `security group ${group} was not found` });
  const isOpen = isOpenEgress(found);
  if (isOpen === null)
    throw new OriginGuardError('E2006', `security group ${group}: the answer has no IpPermissionsEgress`);
  return known(isOpen);
}

/** The ids of the groups of a VPC that carry these names. */
export async function readGroupIdsNamed(
  session: Session,
  names: readonly string[],
  vpcId: string,
): Promise<Fact<readonly SecurityGroupId[]>> {
  const groups = await describe(session, `securityGroups named ${names.join(', ')}`, [
    { Name: 'group-name', Values: [...names] },
    { Name: 'vpc-id', Values: [vpcId] },
  ]);
  return groups.known ? known(groups.value.map(idOf)) : groups;
}

/** A group without an id must not count as no group. */
function idOf({ GroupId, GroupName }: SecurityGroup): SecurityGroupId {
  const id = SecurityGroupId.safeParse(GroupId);
  if (id.success) return id.data;
  throw new OriginGuardError('E2006', `security group ${GroupName ?? '?'}: expected its GroupId`);
}

async function describe(
  session: Session,
  fact: string,
  filters: readonly { readonly Name: string; readonly Values: string[] }[],
): Promise<Fact<readonly SecurityGroup[]>> {
  const pages = await readPages<DescribeSecurityGroupsCommandOutput>(session, {
    fact,
    what: fact,
    action: iamActions[0],
    command: 'describe-security-groups',
    page: (NextToken, options) =>
      session.clients.ec2.send(
        new DescribeSecurityGroupsCommand({ Filters: [...filters], NextToken, MaxResults: PAGE_SIZE }),
        options,
      ),
    next: ({ NextToken }) => NextToken,
  });
  return pages.known ? known(pages.value.flatMap((page) => listOf(page.SecurityGroups, 'SecurityGroups'))) : pages;
}
