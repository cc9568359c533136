import { openAccounts } from '../aws/accounts.js';
import { startBudget } from '../aws/budget.js';
import { livePorts } from '../aws/live-ports.js';
import { CallCounter } from '../aws/middleware/count-calls.js';
import { dnsResolver } from '../aws/read/dns.js';
import { liveNames } from '../aws/read/live-names.js';
import { installedVersions, versionGap } from '../aws/runtime-versions.js';
import type { SeenPage } from '../aws/session.js';
import { OriginGuardError } from '../core/errors.js';
import type { Gap } from '../core/fact.js';
import { Region } from '../core/ids.js';
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
  /** Stands between the rules and the names, for those who keep the answers. */
  readonly wrapNames?: (names: NameResolver) => NameResolver;
}

/** Live accounts, opened for one run. */
export interface LiveInput {
  readonly ports: Ports;
  /** The accounts and Regions that are read, in order. */
  readonly places: readonly { readonly accountId: string; readonly region: string }[];
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
  const { ports, blindSpots } = livePorts({
    sessions,
    names: hooks.wrapNames?.(names) ?? names,
    versionGap: versionGap(installedVersions()),
    entrances: 'read',
  });
  return {
    ports,
    places: sessions.map(({ accountId, region }) => ({ accountId, region })),
    blindSpots,
    warnings: () => [...warnings].sort(),
    end: () => {
      budget.end();
    },
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
