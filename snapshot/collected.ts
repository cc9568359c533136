import type { Gap } from '../core/fact.js';
import type {
  AccountId,
  ListenerArn,
  LoadBalancerArn,
  PrefixListId,
  Scope,
  SecurityGroupId,
  VpcOriginId,
} from '../core/ids.js';
import type { QuotaName } from '../core/planning.js';
import type { Cidr } from '../core/model/cidr.js';
import type { Origin } from '../core/model/distribution.js';
import type { Digest } from '../core/model/header-value.js';
import type { Listener, ListenerRule } from '../core/model/listener.js';
import type { IngressRule } from '../core/model/security-group.js';
import { Coverage } from './coverage.js';
import { newHeaderDigest } from './header-digest.js';
import type { DeniedItem } from '../wire/denied.js';
import type { DistributionItem, TenantItem } from '../wire/cloudfront.js';
import type { Egress } from '../wire/egress.js';
import type { NetworkInterfaceItem } from '../wire/ec2.js';
import type { LoadBalancerItem } from '../wire/elbv2.js';
import type { GroupedRules } from '../wire/group-rules.js';
import type { RecordSetItem, ResolutionItem } from '../wire/names.js';

/** One description of a security group, as one file has it. */
export interface GroupRecord {
  readonly id: SecurityGroupId;
  readonly name: string | null;
  readonly vpcId: string | null;
  readonly scope: Scope;
  readonly ownerId: AccountId | null;
  readonly deleted: boolean;
  readonly tags: Readonly<Record<string, string>> | null;
  /** `null` when the description has no permissions. */
  readonly rules: readonly IngressRule[] | null;
  readonly gap: Gap | null;
  /** `null` when the description has none, or none that is understood. */
  readonly egress: Egress | null;
}

/** What `describe-security-group-rules` says of one group. */
export interface GroupRules extends GroupedRules {
  readonly scope: Scope;
  egress: Egress;
}

export interface PrefixListRecord {
  readonly id: PrefixListId;
  readonly name: string;
  readonly ownerId: string | null;
  readonly region: Scope['region'];
  readonly maxEntries: number | null;
}

export type LoadBalancerRecord = LoadBalancerItem & {
  readonly scope: Scope;
  readonly tags: Readonly<Record<string, string>> | null;
};

export type DistributionRecord = Omit<DistributionItem, 'origins'> &
  Pick<Scope, 'accountId'> & { readonly origins: readonly Origin[] };

/** A target group of Application Load Balancers. */
export interface AlbTargetRecord {
  readonly vpcId: string | null;
  /** The network load balancers in front. */
  readonly loadBalancerArns: readonly LoadBalancerArn[];
  /** `null` when the description does not say to which load balancers it leads. */
  readonly targets: readonly LoadBalancerArn[] | null;
}

/** A quota that a plan depends on. */
export interface QuotaRecord {
  readonly name: QuotaName;
  readonly value: number;
  readonly scope: Scope;
}

/** A parameter under the path of rollback records. */
export interface RollbackRecord {
  readonly groupId: SecurityGroupId;
  readonly id: string;
  readonly text: string;
  readonly savedAt: string;
}

/** What a file holds a part of where the command does not print it. */
export type Owner = PrefixListId | LoadBalancerArn | BalancerPath | ListenerArn | SecurityGroupId;

/** `app/NAME/HASH` of a load balancer whose listeners a file was asked for and has none. */
export type BalancerPath = `app/${string}`;

/** Everything the input holds, before it is joined. Only the readers of files write to it. */
export class Collected {
  /** Seals the header values, which are kept in no other form. */
  readonly digest: Digest = newHeaderDigest();
  readonly coverage = new Coverage();
  readonly groups: GroupRecord[] = [];
  readonly groupRules = new Map<SecurityGroupId, GroupRules>();
  readonly prefixLists: PrefixListRecord[] = [];
  readonly entries = new Map<PrefixListId, Cidr[]>();
  /** The prefix lists, load balancers, listeners and groups of whose entries, listeners, rules and rollback records the last page is there. */
  readonly ended = new Set<Owner>();
  /** Those of which a page says that another one follows. */
  readonly begun = new Set<Owner>();
  readonly loadBalancers: LoadBalancerRecord[] = [];
  readonly listeners = new Map<LoadBalancerArn, Listener[]>();
  readonly listenerRules = new Map<ListenerArn, ListenerRule[]>();
  readonly tags = new Map<string, Readonly<Record<string, string>>>();
  readonly networkInterfaces: (NetworkInterfaceItem & { readonly scope: Scope })[] = [];
  readonly albTargets: AlbTargetRecord[] = [];
  readonly quotas: QuotaRecord[] = [];
  readonly rollbackRecords: RollbackRecord[] = [];
  readonly distributions: DistributionRecord[] = [];
  readonly vpcOrigins = new Map<VpcOriginId, string>();
  readonly tenants: TenantItem[] = [];
  readonly recordSets: RecordSetItem[] = [];
  readonly resolutions: ResolutionItem[] = [];
  readonly denied: DeniedItem[] = [];
  readonly warnings = new Set<string>();
}
