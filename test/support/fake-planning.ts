import { known, type Fact } from '../../core/fact.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import {
  QUOTAS,
  type AttachedInterface,
  type GroupReference,
  type PlanningPorts,
  type QuotaName,
  type StoredRecord,
} from '../../core/planning.js';
import { arnOf } from './builders.js';
import { fakePorts, type World } from './fake-ports.js';

/** Everything there is to see for a plan. What a record does not hold is known to be none, unless said otherwise. */
export interface PlanningWorld extends World {
  /** By group. @default - the interface of the load balancer `web` */
  readonly interfaces: Readonly<Record<string, Fact<readonly AttachedInterface[]>>>;
  /** By VPC. */
  readonly accelerators: Readonly<Record<string, Fact<readonly string[]>>>;
  /** By the ARN of the load balancer that is forwarded to. */
  readonly forwarders: Readonly<Record<string, Fact<readonly string[]>>>;
  /** By group. */
  readonly references: Readonly<Record<string, Fact<readonly GroupReference[]>>>;
  /** By group. @default - open */
  readonly openEgress: Readonly<Record<string, Fact<boolean>>>;
  /** Every group there is to find by a name. */
  readonly namedGroups: Fact<readonly SecurityGroup[]>;
  /** @default - what AWS gives everybody */
  readonly quotas: Partial<Readonly<Record<QuotaName, Fact<number>>>>;
  /** By group, in any order. */
  readonly records: Readonly<Record<string, Fact<readonly StoredRecord[]>>>;
}

/** The interface of a load balancer of this short name, as AWS makes one. */
export const balancerInterface = (name = 'web', overrides: Partial<AttachedInterface> = {}): AttachedInterface => ({
  id: `eni-0${name}`,
  type: 'interface',
  description: `ELB app/${name}/50dc6c495c0c9188`,
  isManaged: true,
  ...overrides,
});

export interface FakePlanningPorts extends PlanningPorts {
  /** What they were asked, in order. */
  readonly calls: readonly string[];
}

/** Planning ports over a world: the load balancer `web` listens on 443 and 80, and nothing but it uses the group. */
export function planningPorts(overrides: Partial<PlanningWorld> = {}): FakePlanningPorts {
  const ports = fakePorts({ listeners: { [arnOf('web')]: known([443, 80]) }, ...overrides });
  const answer = <T>(call: string, value: T): Promise<T> => {
    (ports.calls as string[]).push(call);
    return Promise.resolve(value);
  };
  const none = known([]);
  return {
    ...ports,
    interfacesOf: (group) =>
      answer(`interfacesOf ${group}`, overrides.interfaces?.[group] ?? known([balancerInterface()])),
    acceleratorsIn: (vpcId) => answer(`acceleratorsIn ${vpcId}`, overrides.accelerators?.[vpcId] ?? none),
    forwardersTo: ({ arn }) => answer(`forwardersTo ${arn}`, overrides.forwarders?.[arn] ?? none),
    referencesTo: (group) => answer(`referencesTo ${group}`, overrides.references?.[group] ?? none),
    hasOpenEgress: (group) => answer(`hasOpenEgress ${group}`, overrides.openEgress?.[group] ?? known(true)),
    groupsNamed: (names, vpcId) => {
      const found = overrides.namedGroups ?? none;
      const carries = ({ name, vpcId: own }: SecurityGroup): boolean =>
        name !== null && names.includes(name) && own === vpcId;
      return answer(`groupsNamed ${names.join(',')}`, found.known ? known(found.value.filter(carries)) : found);
    },
    quota: (name) => answer(`quota ${name}`, overrides.quotas?.[name] ?? known(QUOTAS[name].fallback)),
    rollbackRecords: (group) => {
      const records = overrides.records?.[group] ?? none;
      const newestFirst = (a: StoredRecord, b: StoredRecord): number => (a.savedAt < b.savedAt ? 1 : -1);
      return answer(`rollbackRecords ${group}`, records.known ? known([...records.value].sort(newestFirst)) : records);
    },
  };
}
