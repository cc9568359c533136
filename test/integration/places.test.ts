import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildEnvironment, createDistribution } from './support/article-environment.js';
import { callerIn, clientsFor, DEFAULT_ACCOUNT, defaultCaller } from './support/caller.js';
import { saveByReadme, saveBySdk } from './support/save.js';
import { scan } from './support/scan.js';
import { useMoto } from './support/world.js';

const world = useMoto();
const OTHER = '444455556666';

/** The evaluations that say something is open, by where. */
async function openPlaces(...from: string[]) {
  const { code, result } = await scan(
    world.folder,
    from.flatMap((path) => ['--from', path]),
  );
  const open = result.evaluations.filter(({ verdict }) => verdict === 'NON_COMPLIANT');
  return { code, result, open: open.map(({ accountId, region, resourceId }) => [accountId, region, resourceId]) };
}

it('folders by account and Region keep two accounts and two Regions apart', async () => {
  const keys = [
    [DEFAULT_ACCOUNT, defaultCaller],
    [OTHER, await callerIn(OTHER, 'us-east-1', world.moto, world.folder)],
  ] as const;
  const open: string[][] = [];
  for (const [accountId, caller] of keys) {
    for (const region of ['eu-west-1', 'us-east-1']) {
      const clients = clientsFor(world.moto, { ...caller, region });
      const { groupId } = await buildEnvironment(clients, { name: `${region}-${accountId}` });
      await saveBySdk(clients, join(world.folder, 'saved', accountId, region));
      open.push([accountId, region, groupId]);
    }
  }
  const all = await openPlaces('saved');
  expect([all.code, all.open]).toEqual([1, open]);
  // Each place has its default group, that of the VPC made here, and the group in question.
  expect(all.result.summary).toEqual({ compliant: 0, nonCompliant: 4, notApplicable: 8, indeterminate: 0 });

  const { open: one } = await openPlaces(`saved/${OTHER}/eu-west-1`);
  expect(one).toEqual([open[2]]);
});

it('what the CLI prints names account and Region by itself, so two saves without such folders are kept apart too', async () => {
  const here = await buildEnvironment(clientsFor(world.moto, defaultCaller));
  await saveByReadme(world, defaultCaller);
  const caller = await callerIn(OTHER, 'eu-west-1', world.moto, world.folder);
  const there = await buildEnvironment(clientsFor(world.moto, caller));
  await saveBySdk(clientsFor(world.moto, caller), join(world.folder, 'more'));
  const { code, open } = await openPlaces('more', 'saved');
  expect(code).toBe(1);
  expect(open).toEqual([
    [DEFAULT_ACCOUNT, 'us-east-1', here.groupId],
    [OTHER, 'eu-west-1', there.groupId],
  ]);
});

it('a distribution of one account leads to the load balancer of another', async () => {
  const owner = await callerIn(OTHER, 'eu-west-1', world.moto, world.folder);
  const { groupId, dnsName } = await buildEnvironment(clientsFor(world.moto, owner), { originDomain: null });
  const edge = clientsFor(world.moto, defaultCaller);
  const distributionId = await createDistribution(edge, 'edge', dnsName);
  await saveBySdk(clientsFor(world.moto, owner), join(world.folder, 'saved', OTHER, 'eu-west-1'));
  const alone = await scan(world.folder, ['--from', 'saved']);
  expect(alone.of(groupId).verdict).toBe('NOT_APPLICABLE');
  await saveBySdk(edge, join(world.folder, 'saved', DEFAULT_ACCOUNT, 'us-east-1'));
  const together = await scan(world.folder, ['--from', 'saved']);
  expect(together.code).toBe(1);
  expect(together.of(groupId)).toMatchObject({
    accountId: OTHER,
    region: 'eu-west-1',
    verdict: 'NON_COMPLIANT',
    paths: [{ distributionId, linkedBy: 'dns-name' }],
  });
});

it('an empty list of distributions speaks for its own account only', async () => {
  const callers = [defaultCaller, await callerIn(OTHER, 'us-east-1', world.moto, world.folder)];
  const groups: string[] = [];
  for (const [index, accountId] of [DEFAULT_ACCOUNT, OTHER].entries()) {
    const clients = clientsFor(world.moto, callers[index] ?? defaultCaller);
    groups.push((await buildEnvironment(clients, { originDomain: null })).groupId);
    await saveBySdk(clients, join(world.folder, 'saved', accountId, 'us-east-1'));
  }
  await rm(join(world.folder, 'saved', OTHER, 'us-east-1', 'distributions.json'));
  const { code, of } = await scan(world.folder, ['--from', 'saved']);
  expect(code).toBe(3);
  expect(groups.map((id) => of(id).verdict)).toEqual(['NOT_APPLICABLE', 'INDETERMINATE']);
});
