import type { Gap } from '../core/fact.js';
import type { Scope } from '../core/ids.js';

/** The kinds of input of which absence matters. */
export type Kind =
  | 'securityGroups'
  | 'securityGroupRules'
  | 'loadBalancers'
  | 'distributions'
  | 'vpcOrigins'
  | 'distributionTenants'
  | 'prefixLists'
  | 'networkInterfaces'
  | 'targetGroups'
  | 'rollbackRecords'
  | 'tags';

const COMMANDS: Readonly<Record<Kind, string>> = {
  securityGroups: 'aws ec2 describe-security-groups',
  securityGroupRules: 'aws ec2 describe-security-group-rules',
  loadBalancers: 'aws elbv2 describe-load-balancers',
  distributions: 'aws cloudfront list-distributions',
  vpcOrigins: 'aws cloudfront list-vpc-origins',
  distributionTenants: 'aws cloudfront list-distribution-tenants and get-distribution-tenant',
  prefixLists: 'aws ec2 describe-managed-prefix-lists',
  networkInterfaces: 'aws ec2 describe-network-interfaces',
  targetGroups: 'aws elbv2 describe-target-groups',
  rollbackRecords: 'aws ssm get-parameters-by-path --path /origin-guard/rollback --recursive',
  tags: 'aws elbv2 describe-tags',
};

const WORDS: Readonly<Record<Kind, string>> = {
  securityGroups: 'security groups',
  securityGroupRules: 'security group rules',
  loadBalancers: 'load balancers',
  distributions: 'distributions',
  vpcOrigins: 'VPC origins',
  distributionTenants: 'distribution tenants',
  prefixLists: 'prefix lists',
  networkInterfaces: 'network interfaces',
  targetGroups: 'target groups',
  rollbackRecords: 'rollback records',
  tags: 'load balancer tags',
};

interface Seen extends Scope {
  /** The list goes on in a page that this file does not hold. */
  readonly more: boolean;
}

/**
 * Which kinds of input were seen, and for which accounts and Regions.
 *
 * An absent kind is not an empty one: without this, a file that nobody saved would read as a pass.
 */
export class Coverage {
  readonly #seen = new Map<Kind, Map<string, Seen>>();
  /** An organization has thousands of places and asks for each of them once a group. */
  readonly #gaps = new Map<string, Gap | null>();

  /** Notes that a list of this kind was read; `null` in the scope stands for a place that the input does not name. */
  note(kind: Kind, { accountId, region }: Scope, more = false): void {
    const key = [accountId, region, more].join('|');
    const places = this.#seen.get(kind) ?? new Map<string, Seen>();
    this.#seen.set(kind, places.set(key, { accountId, region, more }));
    this.#gaps.clear();
  }

  /** The places of a kind whose pages end without a last one. */
  unfinished(kind: Kind): boolean {
    const places = [...(this.#seen.get(kind)?.values() ?? [])];
    return places.some((place) => place.more && !places.some((other) => !other.more && sameScope(place, other)));
  }

  /** The gap in one kind at one account and Region, or `null` when it was seen there to the end. */
  gapAt(kind: Kind, scope: Scope): Gap | null {
    const key = [kind, scope.accountId, scope.region].join('|');
    const held = this.#gaps.get(key);
    if (held !== undefined) return held;
    const gap = this.#findGap(kind, scope);
    this.#gaps.set(key, gap);
    return gap;
  }

  #findGap(kind: Kind, scope: Scope): Gap | null {
    const here = [...(this.#seen.get(kind)?.values() ?? [])].filter((place) => covers(place, scope));
    if (here.some(({ more }) => !more)) return null;
    const place = placeText(scope);
    const cause = here.length === 0 ? 'not-seen' : 'incomplete';
    const what =
      cause === 'not-seen'
        ? `the ${WORDS[kind]} of ${place} were not seen`
        : `the ${WORDS[kind]} of ${place} go on in a page that is not in the input`;
    return { fact: kind, cause, detail: `${what}; add the output of ${COMMANDS[kind]}` };
  }
}

/** An account and Region in words. */
export function placeText({ accountId, region }: Scope): string {
  const account = accountId === null ? 'an unnamed account' : `account ${accountId}`;
  return region === null ? account : `${account} in ${region}`;
}

const sameScope = (a: Scope, b: Scope): boolean => a.accountId === b.accountId && a.region === b.region;

const covers = (place: Scope, scope: Scope): boolean =>
  (place.accountId === null || place.accountId === scope.accountId) &&
  (place.region === null || place.region === scope.region);
