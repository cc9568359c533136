import { known, missing, type Gap } from '../core/fact.js';
import type { Scope } from '../core/ids.js';
import type { LoadBalancer } from '../core/model/load-balancer.js';
import type { PlanningPorts, PlanningReader } from '../core/planning.js';
import type { Ports } from '../core/ports.js';
import type { LivePorts } from './live-ports.js';
import { onceEach } from './once.js';
import type { PlanningSession } from './planning-session.js';
import { readGroupIdsNamed, readOpenEgress, readReferencesTo } from './read/group-references.js';
import { readAcceleratorsIn, readInterfacesOf } from './read/group-uses.js';
import { readQuota } from './read/quotas.js';
import { readRollbackRecords } from './read/rollback-records.js';
import { readSecurityGroups } from './read/security-groups.js';
import { readAlbTargets } from './read/target-groups.js';

export interface LivePlanningOptions {
  /** The sessions over which the ports were made. */
  readonly sessions: readonly [PlanningSession, ...PlanningSession[]];
  readonly ports: Ports;
  /** What the ports saw of the egress of groups. @default - a group is described again when its egress is asked for */
  readonly egressSeen?: LivePorts['egressSeen'];
  /** Why this runtime's clients do not show how CloudFront connects to an origin, or `null`. */
  readonly versionGap: Gap | null;
}

/** Adds to live ports what a plan must know beyond a verdict; each thing is read when it is asked for, and once. */
export function planningPorts({ sessions, ports, egressSeen, versionGap }: LivePlanningOptions): PlanningPorts {
  const sessionAt = ({ accountId, region }: Scope): PlanningSession => {
    const session = sessions.find((each) => each.accountId === accountId && each.region === region);
    if (session === undefined) throw new RangeError(`no session for ${accountId ?? '?'} in ${region ?? '?'}`);
    return session;
  };
  const targetsAt = onceEach(placeKey, (at) => readAlbTargets(sessionAt(at)));
  const reader: PlanningReader = {
    interfacesOf: (group, at) => readInterfacesOf(sessionAt(at), group),
    acceleratorsIn: onceEach(
      (vpcId, at) => `${placeKey(at)} ${vpcId}`,
      (vpcId, at) => readAcceleratorsIn(sessionAt(at), vpcId),
    ),
    forwardersTo: async (loadBalancer) => {
      const { arn, scope } = loadBalancer;
      const all = await ports.loadBalancers();
      const hidden = all.gapAt(scope);
      if (hidden !== null) return missing(hidden);
      if (!all.items.some((each) => mayForward(each, loadBalancer))) return known([]);
      const found = await targetsAt(scope);
      if (!found.known) return found;
      const inFront = found.value.filter((each) => each.targets.includes(arn));
      return known([...new Set(inFront.flatMap(({ loadBalancerArns }) => loadBalancerArns))].sort());
    },
    referencesTo: (group, at) => readReferencesTo(sessionAt(at), group),
    hasOpenEgress: async (group, at) => {
      const seen = egressSeen?.(group, at) ?? null;
      return seen === null ? readOpenEgress(sessionAt(at), group) : known(seen);
    },
    groupsNamed: async (names, vpcId, at) => {
      const session = sessionAt(at);
      const ids = await readGroupIdsNamed(session, names, vpcId);
      if (!ids.known || ids.value.length === 0) return ids.known ? known([]) : ids;
      return (await readSecurityGroups(session, new Set(ids.value))).groups;
    },
    quota: onceEach(
      (name, at) => `${placeKey(at)} ${name}`,
      (name, at) => readQuota(sessionAt(at), name),
    ),
    rollbackRecords: (group, at) => readRollbackRecords(sessionAt(at), group),
  };
  return {
    ...ports,
    ...reader,
    distributions: () => withVersion(ports, versionGap),
    // The rule may have asked for them before the plan does.
    listenerPorts: onceEach(
      (arn) => arn,
      (arn) => ports.listenerPorts(arn),
    ),
  };
}

const placeKey = ({ accountId, region }: Scope): string => `${accountId ?? ''} ${region ?? ''}`;

/** Whether a load balancer may stand in front of another one: target groups reach no other VPC. */
const mayForward = (each: LoadBalancer, { vpcId, scope }: LoadBalancer): boolean =>
  each.type === 'network' &&
  (each.vpcId === null || vpcId === null || each.vpcId === vpcId) &&
  each.scope.region === scope.region;

/** The distributions; those of a client that is too old to say how CloudFront connects are not whole. */
async function withVersion(ports: Ports, versionGap: Gap | null): ReturnType<Ports['distributions']> {
  const view = await ports.distributions();
  return versionGap === null ? view : { ...view, gapAt: (account) => view.gapAt(account) ?? versionGap };
}
