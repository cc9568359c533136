import type { Profiler } from 'node:inspector';
import { splitProfile } from '../../bench/split-profile.js';

const OURS = '/work/dist/functions/config-rule.js';
const SDK = 'file:///work/node_modules/@smithy/core/dist-cjs/index.js';
const MS = 1_000;

/** A chain of calls: each frame is called by the one before it. Ids are the places, from 1. */
function profileOf(
  frames: readonly (readonly [functionName: string, url: string])[],
  samples: readonly (readonly [id: number, milliseconds: number])[],
): Profiler.Profile {
  const nodes = frames.map(([functionName, url], index) => ({
    id: index + 1,
    callFrame: { functionName, url, scriptId: '1', lineNumber: 0, columnNumber: 0 },
    children: index + 1 < frames.length ? [index + 2] : [],
  }));
  return {
    nodes,
    startTime: 0,
    endTime: 0,
    samples: [...samples.map(([id]) => id), 1],
    timeDeltas: [0, ...samples.map(([, milliseconds]) => milliseconds * MS)],
  };
}

describe('splitProfile', () => {
  it('splits by file: ours, any other package, and neither', () => {
    const chain = [
      ['(root)', ''],
      ['listen', 'node:internal/process'],
      ['ours', OURS],
      ['theirs', SDK],
    ] as const;
    const samples = [
      [2, 1],
      [3, 2],
      [4, 4],
    ] as const;
    expect(splitProfile(profileOf(chain, samples), OURS)).toMatchObject({
      ours: { self: 2, charged: 2 },
      sdk: { self: 4, charged: 4 },
      node: 1,
    });
  });

  it.each([
    ['ours', OURS],
    ['sdk', SDK],
  ] as const)('charges what %s calls of Node and of the language to it', (who, url) => {
    const chain = [
      ['(root)', ''],
      ['caller', url],
      ['decode', 'node:internal/encoding'],
      ['parse', ''],
    ] as const;
    const split = splitProfile(
      profileOf(chain, [
        [2, 1],
        [3, 2],
        [4, 4],
      ]),
      OURS,
    );
    expect(split[who]).toEqual({ self: 1, charged: 7 });
    expect(split.node).toBe(0);
  });

  it('counts a bundle that lies in node_modules as ours', () => {
    const bundle = '/work/node_modules/.private/config-rule.js';
    const chain = [
      ['(root)', ''],
      ['ours', bundle],
    ] as const;
    expect(splitProfile(profileOf(chain, [[2, 3]]), bundle).ours.self).toBe(3);
  });

  it('leaves waiting out and collecting garbage to nobody', () => {
    const idle = [
      ['(root)', ''],
      ['(idle)', ''],
    ] as const;
    const waiting = splitProfile(profileOf(idle, [[2, 50]]), OURS);
    expect(waiting).toEqual({
      ours: { self: 0, charged: 0 },
      sdk: { self: 0, charged: 0 },
      node: 0,
      garbageCollection: 0,
      program: 0,
    });
    const collecting = profileOf(
      [
        ['(root)', ''],
        ['ours', OURS],
        ['(garbage collector)', ''],
      ],
      [[3, 5]],
    );
    expect(splitProfile(collecting, OURS)).toMatchObject({ ours: { charged: 0 }, garbageCollection: 5 });
  });
});
