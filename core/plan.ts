import type { LoadBalancerArn, PrefixListId, SecurityGroupId, SecurityGroupRuleId } from './ids.js';
import type { IngressRule } from './model/security-group.js';
import type { NonEmpty } from './verdict.js';

/** CloudFront's address families; each has a prefix list of its own. */
export const FAMILIES = ['ipv4', 'ipv6'] as const;
export type Family = (typeof FAMILIES)[number];

/** One port on which CloudFront must stay able to reach a load balancer, by one address family. */
export interface RequiredPort {
  readonly family: Family;
  readonly port: number;
}

/** Admission of CloudFront to a range of TCP ports. */
export interface Grant {
  readonly family: Family;
  readonly prefixListId: PrefixListId;
  readonly fromPort: number;
  readonly toPort: number;
}

/** A group made for one grant, because the grant does not fit the group that is fixed. */
export interface DedicatedGroup {
  /** The same for the same load balancer and grant, so that a second run finds what the first one made. */
  readonly name: string;
  readonly grant: Grant;
}

/** An ingress rule that can be revoked by its id. */
export type RevocableRule = IngressRule & { readonly ruleId: SecurityGroupRuleId };

/** How a group is fixed. */
export const STRATEGIES = ['EDIT', 'SPLIT', 'SWAP'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Why there is nothing to do. */
export type NoopCode = 'COMPLIANT' | 'DELETED' | 'NOT_ATTACHED' | 'NOT_IN_SCOPE';

/** Why a plan is refused; see `REFUSALS`. */
export type RefusalCode = keyof typeof REFUSALS;

/** How many rules a group counts, by address family, and how many it may have. */
export interface QuotaUse {
  readonly before: Readonly<Record<Family, number>>;
  /** While the new rules stand beside the old ones, which is the most it will be. */
  readonly during: Readonly<Record<Family, number>>;
  readonly after: Readonly<Record<Family, number>>;
  readonly limit: number;
  /** Whether the limit is AWS's default because the input does not hold the account's. */
  readonly isAssumed: boolean;
}

/** What made the group, as far as its tags say. */
export interface Owner {
  readonly kind: 'cloudformation' | 'terraform' | 'kubernetes' | 'elastic-beanstalk' | 'service-catalog';
  /** The stack, cluster or environment, as the tag names it. */
  readonly name: string;
}

/** A piece of source code that makes the fix last, in one of the languages owners use. */
export interface Snippet {
  readonly language: 'cloudformation' | 'cdk' | 'terraform' | 'kubernetes';
  readonly code: string;
}

/** What the fixer is about to do to one group; nothing but this. */
export interface Fix {
  readonly kind: 'apply';
  readonly strategy: Strategy;
  readonly securityGroupId: SecurityGroupId;
  readonly vpcId: string;
  /** The ports on which CloudFront must be able to reach the load balancers at every moment. */
  readonly required: readonly RequiredPort[];
  /** Rules to add to the group itself, before anything is removed. */
  readonly grants: readonly Grant[];
  /** Rules to remove from the group, in one call, by their ids; none for a swap, which takes the group away. */
  readonly revoke: readonly RevocableRule[];
  /** Sources that the verdict refuses and that stay, because nobody opted in to removing them. */
  readonly kept: readonly IngressRule[];
  /** Groups to make and attach, for a split or a swap. */
  readonly dedicated: readonly DedicatedGroup[];
  /** The load balancer whose list of groups changes, for a split or a swap. */
  readonly loadBalancer: {
    readonly arn: LoadBalancerArn;
    readonly securityGroups: readonly SecurityGroupId[];
  } | null;
  readonly quota: QuotaUse;
  readonly owner: Owner | null;
  readonly snippets: readonly Snippet[];
  /** What may go wrong all the same, a line each. */
  readonly risks: readonly string[];
}

/** What a planner makes of one group. Nothing in it changes anything; the runbook's own steps do that. */
export type Plan =
  | { readonly kind: 'nothing-to-do'; readonly code: NoopCode; readonly because: string }
  | {
      readonly kind: 'refuse';
      readonly code: RefusalCode;
      /** What was found, with ids. */
      readonly because: string;
      /** What a person does next. */
      readonly nextStep: string;
      readonly owner: Owner | null;
      readonly snippets: readonly Snippet[];
    }
  | Fix;

/** Rules of a fix that must be there before the others go. */
export type Revocations = NonEmpty<RevocableRule>;

/** Every reason to refuse, with what it means and what a person does next. */
export const REFUSALS = {
  GROUP_NOT_FOUND: {
    means: 'No security group has this id in the account and Region.',
    nextStep: 'check the id, and the account and Region in which the run was started',
  },
  CROSS_ACCOUNT_SG: {
    means: 'Another account owns the group (a shared VPC).',
    nextStep: 'run the fix in the account that owns the group',
  },
  DEFAULT_SG: {
    means: 'It is the default group of its VPC, which anything launched without a group uses.',
    nextStep: 'give the load balancer a group of its own, then run the fix on that one',
  },
  EXEMPT: {
    means: 'The group carries the exemption tag, even if its date is past.',
    nextStep: 'remove the exemption tag from the group if it is to be fixed',
  },
  REMEDIATION_MODE: {
    means: 'The account is set not to allow a run that was started in this way.',
    nextStep:
      'start the run as the mode of the account asks, or change RemediationMode of the stack OriginGuardMember there',
  },
  LOOKUP_FAILED: {
    means: 'Evidence that the plan rests on could not be read.',
    nextStep: 'allow the read that is named, or add the output that is named to the input, and plan again',
  },
  UNKNOWN_ORIGIN: {
    means: 'No known origin is this load balancer, but there are origins that nobody could resolve.',
    nextStep:
      'name the load balancer of each unresolved origin in originHostnames, or tag the load balancer origin-guard:fronted-by = cloudfront',
  },
  NOT_FRONTED: {
    means: 'A load balancer uses the group, and no distribution fronts it: closing it would cut everybody off.',
    nextStep: 'put CloudFront in front of the load balancer first; if it is, name the origin in originHostnames',
  },
  VPC_ORIGIN: {
    means:
      'CloudFront reaches the load balancer as a VPC origin, from inside the VPC, so the prefix list is not what must be admitted.',
    nextStep:
      "admit CloudFront's service-managed group (CloudFront-VPCOrigins-Service-SG) on the origin's port, see a request arrive, then remove the other sources by hand",
  },
  CONTROLLER_MANAGED: {
    means: 'A controller manages the group and would put its own rules back within minutes.',
    nextStep: 'change the source that the controller reads: the snippet shows how',
  },
  IAC_MANAGED: {
    means: 'A template manages the group, and this deployment is set not to edit such groups (IAC_MANAGED=REFUSE).',
    nextStep: 'change the template: the snippet shows how',
  },
  OWNER_REFUSED: {
    means: "The group's tag origin-guard:strategy says REFUSE, or names a strategy that does not fit.",
    nextStep: 'ask the owner, then change or remove the tag origin-guard:strategy',
  },
  GLOBAL_ACCELERATOR: {
    means:
      'Global Accelerator reaches into the VPC and keeps client addresses: the prefix list would cut its clients off.',
    nextStep: 'take the load balancer out of the accelerator, or allow the clients in allowedCidrs',
  },
  NLB_TARGET: {
    means:
      'A network load balancer forwards to this load balancer with client addresses kept: the prefix list would cut its clients off.',
    nextStep: 'take the load balancer out of the target group, or allow the clients in allowedCidrs',
  },
  R53_HEALTH_CHECK: {
    means: 'The group admits Route 53 health checkers, which would fail.',
    nextStep:
      'allow the list in allowedPrefixListIds, or point the health check at CloudFront and remove the rule by hand',
  },
  PRIVATE_SOURCE_RULE: {
    means: 'Only private ranges are left, and nobody opted in to removing them.',
    nextStep: 'allow them in allowedCidrs, or run with RevokePrivateSources=true',
  },
  SG_SOURCE_RULE: {
    means: 'Only sources that are groups are left, and nobody opted in to removing them.',
    nextStep: 'allow them in allowedSecurityGroupIds, or run with RevokeSecurityGroupSources=true',
  },
  SHARED_SG: {
    means: 'Something else than load balancers behind CloudFront uses the group too, and would be closed with it.',
    nextStep: 'give the load balancer a group of its own, or run with AllowSwap=true',
  },
  MULTI_ALB: {
    means: 'More than one load balancer would need another group, and a run changes the groups of one at most.',
    nextStep: 'give each load balancer a group of its own, then run the fix on each',
  },
  REFERENCED: {
    means:
      'Other groups name this one as their source or destination, so taking the load balancer out of it would cut it off from them.',
    nextStep:
      'add the new group beside this one in the rules of the groups that are listed, attach it, see traffic pass, then detach this one',
  },
  EGRESS_RESTRICTED: {
    means: 'The group limits what goes out, and a new group would let everything out.',
    nextStep: 'make the new group by hand with the same egress rules, and attach it',
  },
  QUOTA_NO_HEADROOM: {
    means:
      'The rules do not fit: a CloudFront list counts 55 on every port, and must stand beside the old rules before they go, so a group takes one by the default quota of 60.',
    nextStep:
      'let CloudFront use fewer ports (https-only), or let them share a rule (PORT_MERGE=RANGE); where the refusal says that it is enough, raise the quota that it names, or run with AllowSplit=true',
  },
  NO_PREFIX_LIST: {
    means: "CloudFront's prefix list is not there in this Region.",
    nextStep: 'check the Region; where AWS offers no such list, restrict the load balancer by a VPC origin',
  },
  FLAP_DETECTED: {
    means: 'The group was fixed twice within a day and is open again: something puts its rules back.',
    nextStep: 'find what edits the group (CloudTrail: AuthorizeSecurityGroupIngress) and change it there',
  },
  ROLLBACK_RECORD_TOO_LARGE: {
    means: 'There are more rules to remove than a rollback record can hold and restore.',
    nextStep: 'remove some of the rules by hand, or apply the commands of origin-guard plan --format aws-cli yourself',
  },
  RECORD_NOT_FOUND: {
    means: 'No rollback record has this id for the group.',
    nextStep: 'list the records: aws ssm get-parameters-by-path --path /origin-guard/rollback/SECURITY_GROUP_ID',
  },
  RECORD_INVALID: {
    means: 'The rollback record does not parse, or is about another group or account.',
    nextStep: 'restore the rules by hand from the history of AWS Config or CloudTrail',
  },
  CHANGED_SINCE: {
    means: 'Somebody changed the group after the run that is to be undone.',
    nextStep: 'compare the group with the record, and restore by hand what is wanted',
  },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly nextStep: string }>>;
