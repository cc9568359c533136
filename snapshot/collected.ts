import type { Gap } from '../core/fact.js';
import type { LoadBalancerArn, PrefixListId, Scope, SecurityGroupId, VpcOriginId } from '../core/ids.js';
import type { Cidr } from '../core/model/cidr.js';
import type { IngressRule } from '../core/model/security-group.js';
import { Coverage } from './coverage.js';
import type { DeniedItem } from '../wire/denied.js';
import type { DistributionItem, TenantItem } from '../wire/cloudfront.js';
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
  readonly deleted: boolean;
  readonly tags: Readonly<Record<string, string>> | null;
  /** `null` when the description has no permissions. */
  readonly rules: readonly IngressRule[] | null;
  readonly gap: Gap | null;
}

/** What `describe-security-group-rules` says of one group. */
export interface GroupRules extends GroupedRules {
  readonly scope: Scope;
}

export interface PrefixListRecord {
  readonly id: PrefixListId;
  readonly name: string;
  readonly ownerId: string | null;
  readonly region: Scope['region'];
}

export type LoadBalancerRecord = LoadBalancerItem & {
  readonly scope: Scope;
  readonly tags: Readonly<Record<string, string>> | null;
};

/** A target group of Application Load Balancers. */
export interface AlbTargetRecord {
  readonly vpcId: string | null;
  /** The network load balancers in front. */
  readonly loadBalancerArns: readonly LoadBalancerArn[];
  /** `null` when the description does not say to which load balancers it leads. */
  readonly targets: readonly LoadBalancerArn[] | null;
}

/** Everything the input holds, before it is joined. Only the readers of files write to it. */
export class Collected {
  readonly coverage = new Coverage();
  readonly groups: GroupRecord[] = [];
  readonly groupRules = new Map<SecurityGroupId, GroupRules>();
  readonly prefixLists: PrefixListRecord[] = [];
  readonly entries = new Map<PrefixListId, Cidr[]>();
  /** The prefix lists and load balancers of whose entries and listeners the last page is there. */
  readonly ended = new Set<PrefixListId | LoadBalancerArn>();
  readonly loadBalancers: LoadBalancerRecord[] = [];
  readonly listenerPorts = new Map<LoadBalancerArn, Set<number>>();
  readonly tags = new Map<string, Readonly<Record<string, string>>>();
  readonly networkInterfaces: (NetworkInterfaceItem & { readonly scope: Scope })[] = [];
  readonly albTargets: AlbTargetRecord[] = [];
  readonly distributions: (DistributionItem & Pick<Scope, 'accountId'>)[] = [];
  readonly vpcOrigins = new Map<VpcOriginId, string>();
  readonly tenants: TenantItem[] = [];
  readonly recordSets: RecordSetItem[] = [];
  readonly resolutions: ResolutionItem[] = [];
  readonly denied: DeniedItem[] = [];
  readonly warnings = new Set<string>();
}
