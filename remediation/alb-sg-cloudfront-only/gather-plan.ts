import type { Gap } from '../../core/fact.js';
import { groupBy } from '../../core/group-by.js';
import type { AccountId, Scope, SecurityGroupId } from '../../core/ids.js';
import type { CustomOrigin, Distribution, Origin } from '../../core/model/distribution.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import type { Path } from '../../core/path.js';
import type { Plan } from '../../core/plan.js';
import type { PlanningPorts } from '../../core/planning.js';
import { decide } from '../../rules/alb-sg-cloudfront-only/decide.js';
import { gatherAlbSgFacts, type AlbSgFacts, type AlbSgWorld } from '../../rules/alb-sg-cloudfront-only/facts.js';
import type { AlbSgParams } from '../../rules/alb-sg-cloudfront-only/params.js';
import { gapsOf, refuse } from './ask.js';
import { gatherAsked } from './gather-asked.js';
import { fingerprintOf, type Digest } from './fingerprint.js';
import type { AskedFacts, PlanFacts } from './facts.js';
import type { PlanOptions } from './options.js';
import { decidePlan } from './plan.js';

export interface PlanSettings {
  /** The rule's own parameters: what they allow is never named. */
  readonly params: AlbSgParams;
  readonly options: PlanOptions;
  /** ISO 8601. */
  readonly now: string;
  readonly digest: Digest;
}

/** A plan, and what it rests on. */
export interface Planned {
  readonly plan: Plan;
  /** `null` unless the plan applies. */
  readonly fingerprint: string | null;
  readonly paths: readonly Path[];
  /** `null` for a group that does not exist. */
  readonly facts: PlanFacts | null;
}

/** Reads what a plan for one group needs, no more, and plans. */
export async function planGroup(
  ports: PlanningPorts,
  id: SecurityGroupId,
  at: Scope,
  settings: PlanSettings,
): Promise<Planned> {
  const world = await gatherAlbSgFacts(ports, settings.params, settings.now, { kind: 'named', ids: new Set([id]), at });
  const [given] = world.facts;
  const rule = given === undefined ? null : await readIfLeftOut(ports, given);
  if (rule === null) {
    const where = `account ${at.accountId ?? '?'} in ${at.region ?? '?'}`;
    return { plan: refuse('GROUP_NOT_FOUND', `no group ${id} in ${where}`), fingerprint: null, paths: [], facts: null };
  }
  return planFacts(ports, rule, await gatherSurroundings(ports, world), settings);
}

/** Plans every group that a look at everything found, in their order; what they share is read once for all. */
export async function planGroups(
  ports: PlanningPorts,
  world: AlbSgWorld,
  settings: PlanSettings,
): Promise<readonly Planned[]> {
  const surroundings = await gatherSurroundings(ports, world);
  return Promise.all(world.facts.map((rule) => planFacts(ports, rule, surroundings, settings)));
}

/** What the plans of all groups have in common. */
interface Surroundings {
  readonly usersOf: ReadonlyMap<SecurityGroupId, readonly LoadBalancer[]>;
  /** By distribution and origin. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly vpcOriginGaps: readonly Gap[];
  readonly distributionGapAt: (account: AccountId | null) => Gap | null;
  readonly unresolvedOrigins: readonly (CustomOrigin | null)[];
  /** Whether distributions that nobody could see in full may lead to a load balancer. */
  readonly mayHaveMore: (user: LoadBalancer) => boolean;
}

async function gatherSurroundings(
  ports: PlanningPorts,
  { unresolvedOrigins }: Pick<AlbSgWorld, 'unresolvedOrigins'>,
): Promise<Surroundings> {
  const [loadBalancers, distributions] = await Promise.all([ports.loadBalancers(), ports.distributions()]);
  const pairs = loadBalancers.items.flatMap((user) => user.securityGroups.map((id) => [id, user] as const));
  const users = groupBy(pairs, ([id]) => id);
  const origins = distributions.items.flatMap(({ id, origins: own }) =>
    own.map((origin) => [originKey(id, origin.id), origin] as const),
  );
  return {
    usersOf: new Map([...users].map(([id, own]) => [id, own.map(([, user]) => user)] as const)),
    origins: new Map(origins),
    distributionGapAt: (account) => distributions.gapAt(account),
    unresolvedOrigins: settingsOfAll(unresolvedOrigins, new Map(origins)),
    mayHaveMore: ({ arn }) => (distributions.gapsAbout?.(arn) ?? []).length > 0,
    vpcOriginGaps: await gatherVpcOriginGaps(ports, distributions.items, unresolvedOrigins),
  };
}

/** Once each: an organization has thousands of origins, and few ways to connect to them. */
function settingsOfAll(
  unresolved: AlbSgWorld['unresolvedOrigins'],
  origins: ReadonlyMap<string, Origin>,
): readonly (CustomOrigin | null)[] {
  const settings = unresolved.map(
    ({ distributionId, originId }) => origins.get(originKey(distributionId, originId))?.custom ?? null,
  );
  return [...new Map(settings.map((each) => [JSON.stringify(each), each] as const)).values()];
}

/** Why nobody can tell where some VPC origins lead; the links were drawn from the same answers. */
async function gatherVpcOriginGaps(
  ports: PlanningPorts,
  distributions: readonly Distribution[],
  unresolved: AlbSgWorld['unresolvedOrigins'],
): Promise<readonly Gap[]> {
  const keys = new Set(unresolved.map(({ distributionId, originId }) => originKey(distributionId, originId)));
  const facts = await Promise.all(
    distributions.flatMap((distribution) =>
      distribution.origins
        .filter(({ id, vpcOriginId }) => vpcOriginId !== null && keys.has(originKey(distribution.id, id)))
        .map((origin) => ports.vpcOrigin(origin, distribution)),
    ),
  );
  return gapsOf(facts);
}

const originKey = (distributionId: string | null, originId: string | null): string =>
  `${distributionId ?? ''}|${originId ?? ''}`;

/** The group itself, where nothing connects it with CloudFront and the rule did not read it; `null` when it is not there. */
async function readIfLeftOut(ports: PlanningPorts, facts: AlbSgFacts): Promise<AlbSgFacts | null> {
  if (facts.group.tags.known || facts.paths.length > 0) return facts;
  const [group] = await ports.securityGroups(new Set([facts.group.id]));
  return group === undefined ? null : { ...facts, group };
}

/** CloudFront reaches a load balancer that does not face the internet by a VPC origin only, said or not. */
function isVpcOrigin(path: Path, origin: Origin | undefined, users: readonly LoadBalancer[]): boolean {
  if (path.linkedBy === 'vpc-origin' || typeof origin?.vpcOriginId === 'string') return true;
  const user = users.find(({ arn }) => arn === path.loadBalancerArn);
  return origin?.mayBeVpcOrigin === true && user?.scheme !== 'internet-facing';
}

async function planFacts(
  ports: PlanningPorts,
  rule: AlbSgFacts,
  { usersOf, origins, vpcOriginGaps, distributionGapAt, unresolvedOrigins, mayHaveMore }: Surroundings,
  { params, options, digest }: PlanSettings,
): Promise<Planned> {
  const { id, scope } = rule.group;
  const users = (usersOf.get(id) ?? []).filter((user) => user.scope.region === scope.region);
  const facts: Omit<PlanFacts, 'asked'> = {
    rule,
    verdict: decide(rule, params),
    users,
    ways: rule.paths.map((path) => {
      const origin = origins.get(originKey(path.distributionId, path.originId));
      return { path, custom: origin?.custom ?? null, isVpcOrigin: isVpcOrigin(path, origin, users) };
    }),
    // How these would connect is not known, so that they may use every listener.
    unresolvedOrigins: users.some(mayHaveMore) ? [...unresolvedOrigins, null] : unresolvedOrigins,
    vpcOriginGaps,
    distributionGap: distributionGapAt(scope.accountId),
  };
  let asked: AskedFacts = {};
  for (;;) {
    const known: PlanFacts = { ...facts, asked };
    const plan = decidePlan(known, params, options);
    if (plan.kind === 'ask') {
      asked = { ...asked, ...(await gatherAsked(ports, known, plan)) };
      continue;
    }
    return {
      plan,
      // Worked out when somebody asks: most plans are looked at, and few are applied.
      get fingerprint() {
        return plan.kind === 'apply' ? fingerprintOf(plan, known, digest) : null;
      },
      paths: rule.paths,
      facts: known,
    };
  }
}
