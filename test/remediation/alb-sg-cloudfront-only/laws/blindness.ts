import { known, missing } from '../../../../core/fact.js';
import type { PlanningPorts } from '../../../../core/planning.js';
import type { PlannerDeps } from '../../../../remediation/alb-sg-cloudfront-only/answer.js';
import type { PlannerRequest } from '../../../../remediation/alb-sg-cloudfront-only/request.js';
import type { PlanResult } from '../../../../remediation/alb-sg-cloudfront-only/result.js';
import type { Breach } from './judging.js';
import { applies } from './ends.js';
import { depsOf, type Stage } from './stage.js';
import { kindOf } from './truth.js';
import { GAP, type LawWorld } from './world.js';

type Hide = (ports: PlanningPorts) => PlanningPorts;

/** Everything else that a denied call can hide: what `portsOf` cannot hide by itself. */
const HIDES: Readonly<Record<string, Hide>> = {
  'the tags of groups': (ports) => ({
    ...ports,
    securityGroups: async (which) =>
      (await ports.securityGroups(which)).map((group) => ({ ...group, tags: missing(GAP) })),
  }),
  'the tags of load balancers': (ports) => ({
    ...ports,
    withTags: async (given) => given.map((each) => ({ ...each, tags: missing(GAP) })),
  }),
  'the name and VPC of groups': (ports) => ({
    ...ports,
    securityGroups: async (which) =>
      (await ports.securityGroups(which)).map((group) => ({ ...group, name: null, vpcId: null })),
  }),
  'the ids of rules': (ports) => ({
    ...ports,
    securityGroups: async (which) =>
      (await ports.securityGroups(which)).map((group) => ({
        ...group,
        ingress: group.ingress.known
          ? known(group.ingress.value.map((rule) => ({ ...rule, ruleId: null })))
          : group.ingress,
      })),
  }),
  'the groups that rules cite': (ports) => ({
    ...ports,
    citedGroups: async (ids) => new Map([...ids].map((id) => [id, missing(GAP)] as const)),
  }),
  'every load balancer': (ports) => ({ ...ports, loadBalancers: async () => ({ items: [], gapAt: () => GAP }) }),
  'some load balancers': (ports) => ({
    ...ports,
    loadBalancers: async () => ({ items: (await ports.loadBalancers()).items.slice(0, 1), gapAt: () => GAP }),
  }),
  'every distribution': (ports) => ({ ...ports, distributions: async () => ({ items: [], gapAt: () => GAP }) }),
  'some distributions': (ports) => ({
    ...ports,
    distributions: async () => ({ items: (await ports.distributions()).items.slice(0, 1), gapAt: () => GAP }),
  }),
  'where VPC origins lead': (ports) => ({ ...ports, vpcOrigin: async () => missing(GAP) }),
  'where names lead': (ports) => ({ ...ports, resolve: async () => ({ kind: 'unanswered', why: 'denied' }) }),
  'public addresses': (ports) => ({ ...ports, publicAddresses: async () => missing(GAP) }),
  "CloudFront's lists in the Region": (ports) => ({ ...ports, cloudfrontPrefixLists: async () => [] }),
};

const rulesOf = ({ state, about }: LawWorld) => state.groups.find(({ id }) => id === about)?.ingress ?? [];

type Planned = Pick<PlanResult, 'decision' | 'reasonCode'>;
const textOf = ({ decision, reasonCode }: Planned): string => `${decision} ${reasonCode}`;

/**
 * Law 5: hiding one piece of evidence never turns a refusal into a plan that applies, nor anything into nothing to do.
 * Every call that the plan asks for is hidden in turn.
 */
export async function overconfident(stage: Stage): Promise<readonly Breach[]> {
  const { world, machine } = stage;
  const request = {
    mode: 'plan',
    securityGroupId: world.about,
    executionId: 'look',
    ...world.optIns,
  } as PlannerRequest;
  const plan = async (deps: PlannerDeps) => (await machine.planner(request, deps)) as PlanResult;
  // A group that admits nobody from outside may be left out of scope where nobody knows what fronts it.
  const isOpen = rulesOf(world).some((rule) => ['public', 'health-checks'].includes(kindOf(world, rule)));
  const asked = new Set<string>();
  const was = await plan(depsOf(stage, (call) => !asked.add(call)));
  const breaches: Breach[] = [];
  const compare = (what: string, is: PlanResult): void => {
    const isLet = is.decision === 'NOOP' && !(is.reasonCode === 'NOT_IN_SCOPE' && !isOpen);
    const isWorse = isLet ? was.decision !== 'NOOP' : applies(is) && !applies(was);
    if (isWorse) breaches.push({ law: 5, what: `without ${what}: ${textOf(was)} became ${textOf(is)}` });
  };
  for (const hidden of asked) compare(hidden, await plan(depsOf(stage, (call) => call === hidden)));
  for (const [what, hide] of Object.entries(HIDES)) {
    const deps = depsOf(stage);
    compare(what, await plan({ ...deps, freshPorts: () => hide(deps.freshPorts()) }));
  }
  return breaches;
}
