import fc from 'fast-check';
import { VERDICT_WORDS } from '../../../core/verdict.js';
import { RULES } from '../../../rules/registry.js';
import { ACCOUNT, NOW } from '../../support/builders.js';
import { fakePorts } from '../../support/fake-ports.js';
import { propertyRuns } from '../../support/property-runs.js';
import { situations } from '../../support/worlds.js';
import { GROUP, groupEvent, scheduledEvent } from './events.js';
import { answer } from './rig.js';

const IDS = ['sg-0g0', 'sg-0g1', 'sg-0g2'];

const worlds = situations.map(({ world }) => world);
const held = fc.subarray([...IDS, 'sg-0gone', 'no group']);

/** The verdict of the same rule on every group of the same world, in AWS Config's words and by id. */
async function verdictsOf(world: Parameters<typeof fakePorts>[0]): Promise<ReadonlyMap<string, string>> {
  const run = await RULES[0]?.prepare({})(fakePorts(world), NOW);
  return new Map(run?.judgements.map(({ resourceId, verdict }) => [resourceId, VERDICT_WORDS[verdict.kind]] as const));
}

const reported = (ids: readonly string[]) => ids.map((resourceId) => ({ resourceType: GROUP, resourceId }));

it('a sweep tells the verdicts of the rule, all in scope and none beside, and takes away what is out of scope', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, held, held, async (world, results, active) => {
      const verdicts = await verdictsOf(world);
      const { sent, error } = await answer(scheduledEvent(), {
        world,
        results: reported(results),
        active: reported(active),
      });
      const told = new Map(sent.map(({ resourceId, compliance }) => [resourceId, compliance] as const));
      expect(told.size).toBe(sent.length);
      for (const { resourceId, compliance, annotation } of sent) {
        expect(compliance).toBe(verdicts.get(resourceId) ?? 'NOT_APPLICABLE');
        expect(annotation.length).toBeGreaterThanOrEqual(1);
        expect(annotation.length).toBeLessThanOrEqual(256);
      }
      for (const [id, word] of verdicts) {
        const isDue =
          word === 'COMPLIANT' || word === 'NON_COMPLIANT' || (word === 'NOT_APPLICABLE' && results.includes(id));
        expect([id, word, told.has(id)]).toEqual([id, word, isDue]);
      }
      expect([null, 'E2003']).toContain(error?.code ?? null);
    }),
    { numRuns: propertyRuns() },
  );
});

it('the event of a group tells the verdict of the rule on it, or nothing', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.constantFrom(...IDS), async (world, id) => {
      // A group of another account is none of this function's.
      fc.pre(world.groups.some((group) => group.id === id && group.scope.accountId === ACCOUNT));
      const word = (await verdictsOf(world)).get(id);
      const { told, code, tallies } = await answer(groupEvent(id), { world });
      expect(told).toEqual(word === 'INDETERMINATE' ? [] : [`${id} ${String(word)}`]);
      const [[, counts] = ['', null]] = tallies;
      expect(code).toBe(counts?.indeterminate === 1 ? 'E2003' : null);
      expect((counts?.indeterminate ?? 0) + (counts?.kept ?? 0)).toBe(word === 'INDETERMINATE' ? 1 : 0);
    }),
    { numRuns: propertyRuns() },
  );
});
