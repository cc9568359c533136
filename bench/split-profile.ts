import type { Profiler } from 'node:inspector';

/** The time of a CPU profile in milliseconds, by whose code ran. Waiting is in none of them. */
export interface ProfileSplit {
  readonly ours: Share;
  readonly sdk: Share;
  /** Node's own JavaScript, and built-in functions, that neither of the two called. */
  readonly node: number;
  readonly garbageCollection: number;
  /** Outside JavaScript: sockets, the parser of HTTP, the event loop. */
  readonly program: number;
}

export interface Share {
  /** The time in its own functions. */
  readonly self: number;
  /** The same and the time in built-in functions and in Node's that it called, down to the next code of somebody else. */
  readonly charged: number;
}

type Owner = 'ours' | 'sdk' | 'node' | 'garbageCollection' | 'program' | 'idle';

const META: Readonly<Record<string, Owner>> = {
  '(root)': 'program',
  '(program)': 'program',
  '(idle)': 'idle',
  '(garbage collector)': 'garbageCollection',
};

/** Splits a profile: what comes from the file `ours` is ours, and what comes from any other package is the SDK's. */
export function splitProfile(profile: Profiler.Profile, ours: string): ProfileSplit {
  const self: Record<Owner, number> = emptyTimes();
  const charged: Record<Owner, number> = emptyTimes();
  const owners = new Map<number, { readonly own: Owner; readonly payer: Owner }>();
  const parents = parentsOf(profile.nodes);
  // A parent comes before its children.
  for (const { id, callFrame } of profile.nodes) {
    const own = ownerOf(callFrame, ours);
    const caller = owners.get(parents.get(id) ?? -1)?.payer;
    const isCalled = own === 'node' && (caller === 'ours' || caller === 'sdk');
    owners.set(id, { own, payer: isCalled ? caller : own });
  }
  const { samples = [], timeDeltas = [] } = profile;
  for (const [index, id] of samples.entries()) {
    const owner = owners.get(id);
    // A sample lasts until the next one.
    const milliseconds = (timeDeltas[index + 1] ?? 0) / 1_000;
    if (owner === undefined) continue;
    self[owner.own] += milliseconds;
    charged[owner.payer] += milliseconds;
  }
  return {
    ours: { self: self.ours, charged: charged.ours },
    sdk: { self: self.sdk, charged: charged.sdk },
    node: charged.node,
    garbageCollection: self.garbageCollection,
    program: self.program,
  };
}

const emptyTimes = (): Record<Owner, number> => ({
  ours: 0,
  sdk: 0,
  node: 0,
  garbageCollection: 0,
  program: 0,
  idle: 0,
});

function ownerOf({ functionName, url }: Profiler.ProfileNode['callFrame'], ours: string): Owner {
  if (url === '') return META[functionName] ?? 'node';
  const path = url.replace(/^file:\/\//, '');
  if (path === ours) return 'ours';
  return path.includes('/node_modules/') ? 'sdk' : 'node';
}

function parentsOf(nodes: readonly Profiler.ProfileNode[]): ReadonlyMap<number, number> {
  return new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
}
