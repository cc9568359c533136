import { known, type Fact } from '../../core/fact.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import type { PlanningPorts } from '../../core/planning.js';
import { valueOr, type Ask } from './ask.js';
import { dedicatedVpc, fronted, type AskedFacts, type PlanFacts, type Question } from './facts.js';

/** Reads the answers to what a plan asked for, beside each other. */
export async function gatherAsked(ports: PlanningPorts, facts: PlanFacts, { what, names }: Ask): Promise<AskedFacts> {
  const answers = await Promise.all(what.map((question) => READERS[question](ports, facts, names)));
  return Object.assign({}, ...answers) as AskedFacts;
}

type Reader = (ports: PlanningPorts, facts: PlanFacts, names: readonly string[]) => Promise<AskedFacts>;

const READERS: Readonly<Record<Question, Reader>> = {
  listeners: async (ports, facts) => ({
    listeners: new Map(
      await Promise.all(fronted(facts).map(async ({ arn }) => [arn, await ports.listenerPorts(arn)] as const)),
    ),
  }),
  interfaces: async (ports, { rule: { group } }) => ({ interfaces: await ports.interfacesOf(group.id, group.scope) }),
  accelerators: async (ports, facts) => ({
    accelerators: await joined(
      [...new Set([facts.rule.group, ...fronted(facts)].flatMap(({ vpcId }) => vpcId ?? []))].map((vpcId) =>
        ports.acceleratorsIn(vpcId, facts.rule.group.scope),
      ),
    ),
  }),
  forwarders: async (ports, facts) => ({
    forwarders: await joined(fronted(facts).map((user) => ports.forwardersTo(user))),
  }),
  records: async (ports, { rule: { group } }) => ({ records: await ports.rollbackRecords(group.id, group.scope) }),
  rulesQuota: async (ports, { rule: { group } }) => ({ rulesQuota: await ports.quota('rules-per-group', group.scope) }),
  groupsQuota: async (ports, { rule: { group } }) => ({
    groupsQuota: await ports.quota('groups-per-interface', group.scope),
  }),
  references: async (ports, { rule: { group } }) => ({ references: await ports.referencesTo(group.id, group.scope) }),
  openEgress: async (ports, { rule: { group } }) => ({ openEgress: await ports.hasOpenEgress(group.id, group.scope) }),
  userTags: async (ports, facts) => ({ userTags: await tagsOf(ports, fronted(facts)) }),
  namesakes: async (ports, facts, names) => ({
    namesakes: await ports.groupsNamed(names, dedicatedVpc(facts), facts.rule.group.scope),
  }),
  closedNamesakes: async (ports, { asked }) => ({
    closedNamesakes: await closedAmong(ports, valueOr(asked.namesakes, [])),
  }),
};

/** Everything that several reads found, or the gap of one of them. */
async function joined<T>(reads: readonly Promise<Fact<readonly T[]>>[]): Promise<Fact<readonly T[]>> {
  const [only, ...others] = reads;
  if (only !== undefined && others.length === 0) return only;
  const facts = await Promise.all(reads);
  const gap = facts.find((fact) => !fact.known);
  return gap ?? known(facts.flatMap((fact) => (fact.known ? fact.value : [])));
}

async function tagsOf(
  ports: PlanningPorts,
  users: readonly LoadBalancer[],
): Promise<Fact<readonly Readonly<Record<string, string>>[]>> {
  const tagged = await ports.withTags(users);
  const gap = tagged.map(({ tags }) => tags).find((tags) => !tags.known);
  return gap ?? known(tagged.flatMap(({ tags }) => (tags.known ? [tags.value] : [])));
}

async function closedAmong(
  ports: PlanningPorts,
  groups: readonly SecurityGroup[],
): Promise<Fact<readonly SecurityGroup[]>> {
  const open = await Promise.all(groups.map(({ id, scope }) => ports.hasOpenEgress(id, scope)));
  const gap = open.find((fact) => !fact.known);
  return gap ?? known(groups.filter((_, at) => open[at]?.known === true && !open[at].value));
}
