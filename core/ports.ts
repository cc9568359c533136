import type { Fact, Gap } from './fact.js';
import type { AccountId, ListenerArn, LoadBalancerArn, PrefixListId, Scope, SecurityGroupId } from './ids.js';
import type { Distribution, DistributionTenant, Origin, VpcOrigin } from './model/distribution.js';
import type { Listener, ListenerRule } from './model/listener.js';
import type { Entrance, LoadBalancer } from './model/load-balancer.js';
import type { PrefixList } from './model/prefix-list.js';
import type { SecurityGroup } from './model/security-group.js';

/** What a look at several accounts and Regions found, and where it could not look. */
export interface View<T, Place> {
  readonly items: readonly T[];
  /** The gap at one place, or `null` when everything there was seen. */
  readonly gapAt: (place: Place) => Gap | null;
}

/** What must be known of a group that another one cites. */
export type CitedGroup = Pick<SecurityGroup, 'name' | 'vpcId'>;

export interface SecurityGroupReader {
  /**
   * The groups with these ids, or every group there is to judge. A group whose rules are not known is here with a gap,
   * never left out; one that does not exist is not here.
   */
  securityGroups(which: ReadonlySet<SecurityGroupId> | 'every'): Promise<readonly SecurityGroup[]>;
  /** The groups that rules of groups at one place cite as their source; each is in the answer, with `null` for one that is proven not to exist. */
  citedGroups(
    ids: ReadonlySet<SecurityGroupId>,
    from: Scope,
  ): Promise<ReadonlyMap<SecurityGroupId, Fact<CitedGroup | null>>>;
}

export interface LoadBalancerReader {
  /** Every load balancer, of every type; its tags may be left unread. */
  loadBalancers(): Promise<View<LoadBalancer, Scope>>;
  /** The same load balancers with their tags read, as far as they can be. */
  withTags(loadBalancers: readonly LoadBalancer[]): Promise<readonly LoadBalancer[]>;
  /** The ports on which a load balancer listens. */
  listenerPorts(arn: LoadBalancerArn): Promise<Fact<readonly number[]>>;
  /** The public addresses of all its network interfaces, not a sample that DNS gives out. */
  publicAddresses(loadBalancer: LoadBalancer): Promise<Fact<readonly string[]>>;
  /** The ways in that bypass CloudFront by design, as far as they are seen. */
  otherEntrances(loadBalancer: LoadBalancer): Promise<readonly Entrance[]>;
}

export interface ListenerReader {
  /** The listeners of a load balancer. */
  listeners(arn: LoadBalancerArn): Promise<Fact<readonly Listener[]>>;
  /** The rules of one of them, its default rule among them. */
  listenerRules(arn: ListenerArn): Promise<Fact<readonly ListenerRule[]>>;
}

/** Every distribution that is seen, and what could not be told of the others. */
export interface DistributionView extends View<Distribution, AccountId | null> {
  /** What is not known of distributions that may lead to one load balancer. @default - nothing beside `gapAt` */
  readonly gapsAbout?: (arn: LoadBalancerArn) => readonly Gap[];
}

export interface DistributionReader {
  /** Every distribution, staging and disabled ones too. The place is the account whose list was asked for. */
  distributions(): Promise<DistributionView>;
  vpcOrigin(origin: Origin, distribution: Distribution): Promise<Fact<VpcOrigin>>;
  /** The tenants of one multi-tenant distribution. */
  tenantsOf(distribution: Distribution): Promise<Fact<readonly DistributionTenant[]>>;
}

export interface PrefixListReader {
  /** The prefix lists that rules of groups at one place cite; each is in the answer, its entries only when asked for. */
  prefixLists(
    ids: ReadonlySet<PrefixListId>,
    from: Scope,
    entries: 'with-entries' | 'without-entries',
  ): Promise<ReadonlyMap<PrefixListId, Fact<PrefixList>>>;
  /** CloudFront's own lists in a Region, as far as they are seen; for advice, not for judging. */
  cloudfrontPrefixLists(at: Scope): Promise<readonly PrefixList[]>;
}

/**
 * What looking a name up led to. A name that does not exist is an answer, and so is a name nobody asked about;
 * a lookup that failed on the way leaves `failure`, and what was found before it still counts.
 */
export type NameAnswer =
  | {
      readonly kind: 'answered';
      readonly names: readonly string[];
      readonly addresses: readonly string[];
      readonly failure: string | null;
    }
  | { readonly kind: 'no-such-name' }
  | { readonly kind: 'unanswered'; readonly why: string };

export interface NameResolver {
  /** Follows a custom origin name through aliases and CNAME records to names and addresses. */
  resolve(name: string): Promise<NameAnswer>;
}

/** Everything a rule may look at, live or saved. */
export interface Ports
  extends SecurityGroupReader, LoadBalancerReader, ListenerReader, DistributionReader, PrefixListReader, NameResolver {}
