import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMoto, type MotoServer } from './moto-server.js';

export interface World {
  readonly moto: MotoServer;
  /** An empty folder of the running test. */
  readonly folder: string;
}

/** One moto server for the tests of a file, forgetting everything before each of them; both end with the tests. */
export function useMoto(): World {
  const world = {} as { moto: MotoServer; folder: string };
  beforeAll(async () => {
    world.moto = await startMoto();
  });
  afterAll(async () => {
    await world.moto.stop();
  });
  beforeEach(async () => {
    await world.moto.reset();
    world.folder = await mkdtemp(join(tmpdir(), 'origin-guard-moto-'));
  });
  afterEach(async () => {
    await rm(world.folder, { recursive: true, force: true });
  });
  return world;
}
