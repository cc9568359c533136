import type { Fact, Gap } from '../../core/fact.js';
import type { LoadBalancerArn } from '../../core/ids.js';
import type { CustomOrigin } from '../../core/model/distribution.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import type { Path } from '../../core/path.js';
import type { AttachedInterface, GroupReference, StoredRecord } from '../../core/planning.js';
import type { Verdict } from '../../core/verdict.js';
import type { AlbSgFacts } from '../../rules/alb-sg-cloudfront-only/facts.js';
import type { SourceFinding } from '../../rules/alb-sg-cloudfront-only/finding.js';

/** One way from CloudFront to a load balancer, with how CloudFront connects. */
export interface Way {
  readonly path: Path;
  /** `null` where the origin does not say, or is not known: every listener may then be used. */
  readonly custom: CustomOrigin | null;
  /** Whether the origin is a VPC origin, which is seen even while nobody can tell where it leads. */
  readonly isVpcOrigin: boolean;
}

/** What is read only once a plan depends on it: each costs a call. */
export interface AskedFacts {
  /** The listener ports of the load balancers in scope. */
  readonly listeners?: ReadonlyMap<LoadBalancerArn, Fact<readonly number[]>>;
  readonly interfaces?: Fact<readonly AttachedInterface[]>;
  /** Global Accelerator's interfaces in the VPCs of the group and of the load balancers in scope. */
  readonly accelerators?: Fact<readonly string[]>;
  /** Network load balancers that forward to a load balancer in scope. */
  readonly forwarders?: Fact<readonly string[]>;
  readonly records?: Fact<readonly StoredRecord[]>;
  readonly rulesQuota?: Fact<number>;
  readonly groupsQuota?: Fact<number>;
  readonly references?: Fact<readonly GroupReference[]>;
  readonly openEgress?: Fact<boolean>;
  /** Those of the `namesakes` that do not let everything out, as a new group would. */
  readonly closedNamesakes?: Fact<readonly SecurityGroup[]>;
  /** The tags of each load balancer in scope. */
  readonly userTags?: Fact<readonly Readonly<Record<string, string>>[]>;
  /** The groups that carry a name that a dedicated group would get. */
  readonly namesakes?: Fact<readonly SecurityGroup[]>;
}
export type Question = keyof AskedFacts;

/** Everything a plan for one group may know: the rule's own facts and verdict, and what was asked for beside them. */
export interface PlanFacts {
  readonly rule: AlbSgFacts;
  readonly verdict: Verdict<SourceFinding>;
  /** Every load balancer, of every type, that lists the group. */
  readonly users: readonly LoadBalancer[];
  readonly ways: readonly Way[];
  /** How CloudFront connects to each origin of which nobody can tell where it leads; `null` where that is not said. */
  readonly unresolvedOrigins: readonly (CustomOrigin | null)[];
  /** VPC origins of which nobody can tell where they lead: it may be here, and then no list is what must be admitted. */
  readonly vpcOriginGaps: readonly Gap[];
  /** Set when the list of distributions is not whole: a hidden one may need another port. */
  readonly distributionGap: Gap | null;
  readonly asked: AskedFacts;
}

/** The load balancers behind CloudFront that use the group. */
export const fronted = ({ users, ways }: Pick<PlanFacts, 'users' | 'ways'>): readonly LoadBalancer[] =>
  users.filter(({ arn }) => ways.some(({ path }) => path.loadBalancerArn === arn));

/** The VPC in which a group for the one load balancer must be made: its own, since the group may be of another one. */
export const dedicatedVpc = (facts: Pick<PlanFacts, 'users' | 'ways' | 'rule'>): string =>
  fronted(facts)[0]?.vpcId ?? facts.rule.group.vpcId ?? '';
