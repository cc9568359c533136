import fc from 'fast-check';
import { known } from '../../../core/fact.js';
import type { SecurityGroupId } from '../../../core/ids.js';
import { byPath, type Path } from '../../../core/path.js';
import type { Verdict } from '../../../core/verdict.js';
import { gatherAlbSgFacts } from '../../../rules/alb-sg-cloudfront-only/facts.js';
import { bySeverity, type SourceFinding } from '../../../rules/alb-sg-cloudfront-only/finding.js';
import { judgeSource } from '../../../rules/alb-sg-cloudfront-only/judge-source.js';
import { albSgCloudfrontOnly } from '../../../rules/alb-sg-cloudfront-only/rule.js';
import { albSgFacts, albSgParams, block, fromCidr, NOW, open } from '../../support/builders.js';
import { fakePorts, type World } from '../../support/fake-ports.js';
import { propertyRuns } from '../../support/property-runs.js';
import { anyRule, piecesOf, situations, type Piece, type Situation } from '../../support/worlds.js';

interface Judged {
  readonly verdict: Verdict<SourceFinding>;
  readonly paths: readonly Path[];
  readonly accountId: string | null;
}

/** The verdict on every group, read through ports as a caller would. */
async function judgeAll({ world, params }: Situation): Promise<ReadonlyMap<SecurityGroupId, Judged>> {
  const { facts } = await gatherAlbSgFacts(fakePorts(world), params, NOW);
  return new Map(
    facts.map((each) => [
      each.group.id,
      {
        verdict: albSgCloudfrontOnly.decide(each, params),
        paths: [...each.paths].sort(byPath),
        accountId: each.group.scope.accountId,
      },
    ]),
  );
}

const findingsOf = (verdict: Verdict<SourceFinding> | undefined): readonly SourceFinding[] =>
  verdict?.kind === 'non-compliant' ? verdict.findings : [];

/** What counts of a verdict whatever the order of reading: not the rule ids. */
const gistOf = (judged: ReadonlyMap<SecurityGroupId, Judged>) =>
  [...judged]
    .map(([id, { verdict, paths }]) => ({
      id,
      kind: verdict.kind,
      findings: findingsOf(verdict).map(({ securityGroupRuleId: _, ...finding }) => finding),
      paths,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

const check = (property: fc.IAsyncProperty<unknown>) => fc.assert(property, { numRuns: propertyRuns(150) });

it('the worlds reach all four verdicts in a fair share', async () => {
  const counts = { compliant: 0, 'non-compliant': 0, 'not-applicable': 0, indeterminate: 0 };
  const reasons = new Set<string>();
  const linkedBy = new Set<string>();
  for (const situation of fc.sample(situations, { numRuns: 150, seed: 7 })) {
    for (const { verdict, paths } of (await judgeAll(situation)).values()) {
      counts[verdict.kind] += 1;
      for (const { reason } of findingsOf(verdict)) reasons.add(reason);
      for (const path of paths) linkedBy.add(path.linkedBy);
    }
  }
  const all = Object.values(counts).reduce((sum, count) => sum + count);
  for (const [kind, count] of Object.entries(counts)) {
    expect({ kind, isFair: count / all > 0.08 }).toEqual({ kind, isFair: true });
  }
  expect(reasons.size).toBe(7);
  expect([...linkedBy].sort()).toEqual(['declared', 'dns-name', 'resolved-address', 'resolved-name', 'vpc-origin']);
});

describe('hiding one piece of evidence', () => {
  it('never turns a verdict into a pass, and never removes a finding whose evidence is still visible', async () => {
    await check(
      fc.asyncProperty(situations, async (situation) => {
        const before = await judgeAll(situation);
        for (const piece of piecesOf(situation.world)) {
          const after = await judgeAll({ ...situation, world: piece.hide(situation.world) });
          for (const [id, was] of before) {
            const lies = [
              ...falsePass(piece, was, after.get(id)),
              ...lostFindings(piece, id, situation, was, after.get(id)),
            ];
            expect(lies).toEqual([]);
          }
        }
      }),
    );
  });

  /** The claim that a verdict must not make because less was seen; a group that nobody sees is no claim. */
  function falsePass({ what, accountId }: Piece, was: Judged, is: Judged | undefined): readonly string[] {
    if (accountId !== null && was.accountId !== accountId) return [];
    const [from, to] = [was.verdict.kind, is?.verdict.kind];
    const wasJudged = from === 'compliant' || from === 'non-compliant';
    const isPass = to === 'compliant' || to === 'not-applicable' || (to === undefined && wasJudged);
    return isPass && from !== to ? [`without ${what}: ${from} became ${String(to)}`] : [];
  }

  function lostFindings(
    { what, carries, isLink }: Piece,
    id: SecurityGroupId,
    { params }: Situation,
    was: Judged,
    is: Judged | undefined,
  ): readonly string[] {
    // A link that is gone takes its load balancer's listeners with it.
    if (isLink && (is === undefined || is.paths.length === 0 || params.ports === 'listeners')) return [];
    const left = new Set(findingsOf(is?.verdict).map((finding) => JSON.stringify(finding)));
    return findingsOf(was.verdict)
      .filter((finding) => !carries(id, finding.source) && !left.has(JSON.stringify(finding)))
      .map(({ reason, source }) => `without ${what}: ${reason} of ${source} is lost`);
  }
});

it('one more ingress source never mends a group, and keeps every finding', async () => {
  await check(
    fc.asyncProperty(situations, anyRule, async (situation, extra) => {
      const groups = situation.world.groups.map((group) =>
        group.ingress.known ? { ...group, ingress: known([...group.ingress.value, extra]) } : group,
      );
      const before = await judgeAll(situation);
      const after = await judgeAll({ ...situation, world: { ...situation.world, groups } });
      for (const [id, was] of before) {
        const is = after.get(id);
        if (was.verdict.kind !== 'compliant') expect(is?.verdict.kind).not.toBe('compliant');
        if (was.verdict.kind === 'non-compliant') expect(is?.verdict.kind).toBe('non-compliant');
        if (was.verdict.kind === 'not-applicable') expect(is?.verdict.kind).toBe('not-applicable');
        expect(findingsOf(is?.verdict)).toEqual(expect.arrayContaining([...findingsOf(was.verdict)]));
      }
    }),
  );
});

it('the order of rules, groups, load balancers, origins and distributions makes no difference', async () => {
  const shuffled = situations.chain((situation) => {
    const mix = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
    const { world } = situation;
    return fc
      .record({
        groups: mix(world.groups).chain((groups) =>
          fc.tuple(
            ...groups.map((group) =>
              group.ingress.known
                ? mix(group.ingress.value).map((rules) => ({ ...group, ingress: known(rules) }))
                : fc.constant(group),
            ),
          ),
        ),
        loadBalancers: mix(world.loadBalancers).map((all) =>
          all.map((each) => ({ ...each, securityGroups: [...each.securityGroups].reverse() })),
        ),
        distributions: mix(world.distributions).chain((all) =>
          fc.tuple(...all.map((each) => mix(each.origins).map((origins) => ({ ...each, origins })))),
        ),
      })
      .map((mixed): readonly [Situation, World] => [situation, { ...world, ...mixed }]);
  });
  await check(
    fc.asyncProperty(shuffled, async ([situation, world]) => {
      expect(gistOf(await judgeAll({ ...situation, world }))).toEqual(gistOf(await judgeAll(situation)));
    }),
  );
});

it('findings are in order, and a verdict says the same twice', async () => {
  await check(
    fc.asyncProperty(situations, async (situation) => {
      const once = await judgeAll(situation);
      expect(await judgeAll(situation)).toEqual(once);
      for (const { verdict } of once.values()) {
        expect(findingsOf(verdict)).toEqual([...findingsOf(verdict)].sort(bySeverity));
      }
    }),
  );
});

describe('a CIDR source', () => {
  const small = (base: string, width: number, longest: number): fc.Arbitrary<string> => {
    const space = block(`${base}/${String(longest)}`);
    return fc.integer({ min: longest, max: width }).chain((length) => {
      const size = 1n << BigInt(width - length);
      const count = (space.last - space.first + 1n) / size;
      return fc
        .bigInt({ min: 0n, max: count - 1n })
        .map((index) => `${textOf(space.first + index * size, width)}/${String(length)}`);
    });
  };

  it.each([
    ['IPv4', '192.0.2.0', 32, 27],
    ['the end of IPv4', '255.255.255.224', 32, 27],
    ['IPv6', '2001:db8::', 128, 123],
    ['the start of IPv6', '::', 128, 123],
  ])('%s: is allowed exactly when each of its addresses is', (_, base, width, longest) => {
    const blocks = small(base, width, longest);
    fc.assert(
      fc.property(fc.array(blocks, { minLength: 1, maxLength: 10 }), blocks, (allowed, asked) => {
        const { first, last } = block(asked);
        let isEach = true;
        for (let address = first; address <= last; address += 1n) {
          isEach &&= allowed.map(block).some((each) => each.first <= address && address <= each.last);
        }
        const params = albSgParams({ allowedCidrs: allowed.join(',') });
        const { outcome } = judgeSource(open(fromCidr(asked)), albSgFacts(), params);
        expect(outcome).toBe(isEach ? 'allowed' : 'refused');
      }),
      { numRuns: propertyRuns() },
    );
  });
});

function textOf(value: bigint, width: number): string {
  if (width === 32) return [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 255n).toString()).join('.');
  return Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16)).join(
    ':',
  );
}
