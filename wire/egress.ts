import { SecurityGroupId } from '../core/ids.js';
import { isRecord } from './shared.js';

/** What a plan must know of the egress of a group; all the rest of it is forgotten at once. */
export interface Egress {
  /** Whether everything goes out over IPv4, as from a new group. */
  readonly isOpen: boolean;
  /** The groups that it names as destinations. */
  readonly groupIds: readonly SecurityGroupId[];
}

/** Shared by nearly all groups: an organization has hundreds of thousands. */
const OPEN: Egress = { isOpen: true, groupIds: [] };
const CLOSED: Egress = { isOpen: false, groupIds: [] };

const ANYWHERE = '0.0.0.0/0';

/** A new group has one egress rule: every protocol, to everywhere. */
const egressOf = (isOpen: boolean, groupIds: readonly SecurityGroupId[]): Egress =>
  groupIds.length > 0 ? { isOpen, groupIds } : isOpen ? OPEN : CLOSED;

/** A description without rules of egress. */
export const NO_EGRESS = CLOSED;

/**
 * The egress of `IpPermissionsEgress`, with small first letters; `null` for one that is not there, or in which a
 * destination is not understood: a verdict does not need it, so nobody is stopped by it.
 *
 * @remarks Read by hand, as `IpPermissions` is, since large accounts have hundreds of thousands of them.
 */
export function toEgress(permissions: unknown): Egress | null {
  if (!Array.isArray(permissions)) return null;
  let isOpen = false;
  const groupIds: SecurityGroupId[] = [];
  for (const permission of permissions as readonly unknown[]) {
    if (!isRecord(permission) || typeof permission['ipProtocol'] !== 'string') return null;
    isOpen ||= permission['ipProtocol'] === '-1' && leadsAnywhere(permission);
    for (const pair of listIn(permission, 'userIdGroupPairs')) {
      const id = SecurityGroupId.safeParse(isRecord(pair) ? pair['groupId'] : pair);
      if (!id.success) return null;
      groupIds.push(id.data);
    }
  }
  return egressOf(isOpen, groupIds);
}

/** AWS Config has `ipv4Ranges` beside `ipRanges`, of which older items hold bare texts. */
const leadsAnywhere = (permission: Readonly<Record<string, unknown>>): boolean =>
  ['ipRanges', 'ipv4Ranges'].some((name) =>
    listIn(permission, name).some((range) => (isRecord(range) ? range['cidrIp'] : range) === ANYWHERE),
  );

const NONE: readonly unknown[] = [];

function listIn(permission: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const list = permission[name];
  return Array.isArray(list) ? (list as readonly unknown[]) : NONE;
}

/** The egress that one rule of `describe-security-group-rules` allows. */
export const egressOfRule = (protocol: string, cidrIpv4: string | null, groupId: SecurityGroupId | null): Egress =>
  egressOf(protocol === '-1' && cidrIpv4 === ANYWHERE, groupId === null ? [] : [groupId]);

/** Two rules of one group: what either allows is allowed. */
export function joinEgress(a: Egress, b: Egress): Egress {
  const groupIds = a.groupIds.length + b.groupIds.length === 0 ? [] : [...new Set([...a.groupIds, ...b.groupIds])];
  return egressOf(a.isOpen || b.isOpen, groupIds);
}

/** Two moments of one group: it is open only if it was at both, and whatever either named counts. */
export const bothEgress = (a: Egress, b: Egress): Egress => ({
  ...joinEgress(a, b),
  isOpen: a.isOpen && b.isOpen,
});
