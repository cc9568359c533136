import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildEnvironment } from './support/article-environment.js';
import { cliEnv, clientsFor, defaultCaller } from './support/caller.js';
import { originGuard, REPOSITORY } from './support/scan.js';
import { useMoto } from './support/world.js';

const world = useMoto();

const LIVE = /<!-- begin: live -->\s*```sh\n([\s\S]*?)```\s*<!-- end: live -->/;

/** The commands on a live account that the README shows, as they stand there. */
const commands = (LIVE.exec(readFileSync(join(REPOSITORY, 'README.md'), 'utf8'))?.[1] ?? '').trim().split('\n');

it('the commands of the README on a live account, against moto', async () => {
  await buildEnvironment(clientsFor(world.moto, defaultCaller));
  const env = cliEnv(world.moto, defaultCaller, world.folder);
  const outcomes = [];
  for (const line of commands) {
    const [program, ...args] = line.split(' ');
    expect(program).toBe('./bin/origin-guard');
    outcomes.push(await originGuard(world.folder, args, env));
  }
  expect(outcomes.map(({ code }) => code)).toEqual([1, 0, 1]);
  const [live, collect, saved] = outcomes;
  expect(collect?.stdout).toMatch(/^saved \d+ files of 1 account and 1 Region in collected\n$/);
  const withoutNextCommand = (text = ''): string => text.replace(/^ {2}origin-guard explain .*$/gm, '');
  expect(withoutNextCommand(live?.stdout)).toContain('0.0.0.0/0 on tcp 80 (world-ipv4)');
  expect(withoutNextCommand(saved?.stdout)).toBe(withoutNextCommand(live?.stdout));
});
