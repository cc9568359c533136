import { openAccounts } from '../aws/accounts.js';
import { startBudget } from '../aws/budget.js';
import { livePorts, type LivePorts } from '../aws/live-ports.js';
import { CallCounter } from '../aws/middleware/count-calls.js';
import { dnsResolver } from '../aws/read/dns.js';
import { liveNames } from '../aws/read/live-names.js';
import type { PlanningSession } from '../aws/planning-session.js';
import { installedVersions, OLDEST_FOR_PLANS, versionGap } from '../aws/runtime-versions.js';
import type { SeenPage, Session } from '../aws/session.js';
import { OriginGuardError } from '../core/errors.js';
import type { Gap } from '../core/fact.js';
import { Region, type AccountId, type Scope } from '../core/ids.js';
import type { PlanningPorts } from '../core/planning.js';
import type { NameResolver, Ports } from '../core/ports.js';
import type { DeniedItem } from '../wire/denied.js';

export interface LiveOptions {
  readonly profile?: string;
  readonly roleArn: readonly string[];
  /** As written: Regions with commas between, or `all`. */
  readonly region?: string;
}

export interface LiveHooks {
  /** Told of every question that was answered. */
  readonly onPage: (page: SeenPage) => void;
  /** Told of every read that was denied. */
  readonly onDenied?: (denied: DeniedItem) => void;
  /** Which network interfaces are listed. @default - those that a verdict needs; a plan from what is kept needs all */
  readonly interfaces?: 'every';
  /** Stands between the rules and the names, for those who keep the answers. */
  readonly wrapNames?: (names: NameResolver) => NameResolver;
}

/** Live accounts, opened for one run. */
export interface LiveInput {
  readonly ports: Ports;
  /** The same ports, with what a plan asks for beside. */
  readonly planning: () => Promise<PlanningPorts>;
  /** Reads, for those who keep the pages, what plans ask at some of the places beside; tells what was denied. */
  readonly readForPlans: (places: readonly Scope[]) => Promise<readonly Gap[]>;
  /** The accounts and Regions that are read, in order. */
  readonly places: readonly (Scope & { readonly accountId: AccountId; readonly region: Region })[];
  readonly blindSpots: () => readonly Gap[];
  readonly warnings: () => readonly string[];
  readonly end: () => void;
}

/** A run over a whole organization may take this long, in milliseconds. */
const RUN_MS = 30 * 60_000;

/** Opens the accounts that the options name. Raises `E1003` for wrong use and `E2007` for credentials that are no good. */
export async function openLive(options: LiveOptions, hooks: LiveHooks): Promise<LiveInput> {
  const budget = startBudget(RUN_MS);
  const counter = new CallCounter();
  const sessions = await openAccounts({
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    roleArns: options.roleArn,
    regions: parseRegions(options.region),
    budget,
    counter,
    onPage: hooks.onPage,
    ...(hooks.onDenied === undefined ? {} : { onDenied: hooks.onDenied }),
  });
  const warnings = new Set<string>();
  const names = liveNames({
    dns: dnsResolver({ timeoutMs: 5_000, tries: 2, signal: budget.signal }),
    sessions,
    counter,
    onDenied: (gap) => {
      warnings.add(`${gap.detail}; names are looked up in DNS only`);
    },
  });
  const live = livePorts({
    sessions,
    names: hooks.wrapNames?.(names) ?? names,
    versionGap: versionGap(installedVersions()),
    entrances: 'read',
    ...(hooks.interfaces === undefined ? {} : { interfaces: hooks.interfaces }),
  });
  return {
    ports: live.ports,
    planning: () => openPlanning(sessions, live, counter),
    readForPlans: async (places) => {
      const isAsked = (session: Session): boolean =>
        places.some(({ accountId, region }) => accountId === session.accountId && region === session.region);
      const toPlanning = await loadPlanning(counter);
      const { readForPlans } = await import('../aws/read-for-plans.js');
      return readForPlans(sessions.filter(isAsked).map(toPlanning));
    },
    places: sessions.map(({ accountId, region }) => ({ accountId, region })),
    blindSpots: live.blindSpots,
    warnings: () => [...warnings].sort(),
    end: () => {
      budget.end();
    },
  };
}

async function openPlanning(
  [first, ...others]: readonly [Session, ...Session[]],
  { ports, egressSeen }: LivePorts,
  counter: CallCounter,
): Promise<PlanningPorts> {
  const { planningPorts } = await import('../aws/live-planning.js');
  const toPlanning = await loadPlanning(counter);
  return planningPorts({
    sessions: [toPlanning(first), ...others.map(toPlanning)],
    ports,
    egressSeen,
    versionGap: versionGap(installedVersions(), OLDEST_FOR_PLANS),
  });
}

/** Loads the clients that only plans need: no scan waits for them. */
async function loadPlanning(counter: CallCounter): Promise<(session: Session) => PlanningSession> {
  const { makePlanningClients } = await import('../aws/planning-session.js');
  return (session) => {
    const { credentials } = session.clients.ec2.config;
    return { ...session, planning: makePlanningClients({ region: session.region, credentials, counter }) };
  };
}

function parseRegions(text: string | undefined): readonly Region[] | 'all' {
  if (text === undefined) return [];
  if (text.trim() === 'all') return 'all';
  return [...new Set(text.split(',').map((part) => part.trim()))].map((part) => {
    const parsed = Region.safeParse(part);
    if (parsed.success) return parsed.data;
    throw new OriginGuardError(
      'E1003',
      `--region is "${text}"; allowed: Regions such as us-east-1 with commas between, or all`,
    );
  });
}
