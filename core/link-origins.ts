import { compareText, uniqueGaps, type Fact, type Gap } from './fact.js';
import { groupBy } from './group-by.js';
import type { DistributionId, LoadBalancerArn } from './ids.js';
import { parseAddress } from './model/cidr.js';
import type { Distribution, DistributionTenant, Origin, VpcOrigin } from './model/distribution.js';
import { fillTemplate, isElbName, isS3Name, isTemplate, normalizeDomain } from './model/domain-name.js';
import type { Entrance, LoadBalancer } from './model/load-balancer.js';
import { byPath, byUnresolved, type LinkedBy, type Path, type UnresolvedOrigin } from './path.js';
import type { DistributionView, NameAnswer } from './ports.js';

/** What the links are drawn from. Every map is keyed as its reader was asked. */
export interface OriginEvidence {
  readonly distributions: DistributionView;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly vpcOrigins: ReadonlyMap<string, Fact<VpcOrigin>>;
  readonly tenants: ReadonlyMap<DistributionId, Fact<readonly DistributionTenant[]>>;
  readonly answers: ReadonlyMap<string, NameAnswer>;
  readonly addresses: ReadonlyMap<LoadBalancerArn, Fact<readonly string[]>>;
  readonly entrances: ReadonlyMap<LoadBalancerArn, readonly Entrance[]>;
}

export interface LinkOptions {
  readonly includeDisabledDistributions: boolean;
  /** Normalized origin name to the DNS name of the load balancer that an operator says it is. */
  readonly originHostnames: ReadonlyMap<string, string>;
  readonly resolveOrigins: 'dns' | 'off';
}

/** The tag by which an owner says that CloudFront chooses this load balancer at run time. */
export const FRONTED_BY_TAG = { key: 'origin-guard:fronted-by', value: 'cloudfront' } as const;

/** Which load balancers CloudFront fronts, and what could not be told. */
export interface Links {
  readonly pathsTo: (arn: LoadBalancerArn) => readonly Path[];
  /** The evidence that, had it been read, might have linked this load balancer. */
  readonly gapsFor: (loadBalancer: LoadBalancer) => readonly Gap[];
  readonly unresolvedOrigins: readonly UnresolvedOrigin[];
}

/** The links of no load balancer, which take no reading. */
export const NO_LINKS: Links = { pathsTo: () => [], gapsFor: () => [], unresolvedOrigins: [] };

/** One origin with its placeholders filled in. */
export interface ConcreteOrigin {
  readonly distribution: Distribution;
  readonly origin: Origin;
  readonly domain: string;
}

export const vpcOriginKey = (distribution: Distribution, origin: Origin): string =>
  `${distribution.id}\u0000${origin.vpcOriginId ?? ''}`;

/** The distributions that count: staging ones do, disabled ones only when asked for. */
export const countedDistributions = (
  distributions: readonly Distribution[],
  { includeDisabledDistributions }: Pick<LinkOptions, 'includeDisabledDistributions'>,
): readonly Distribution[] => distributions.filter(({ enabled }) => enabled || includeDisabledDistributions);

/**
 * Every origin under the names it is used by, and the templates that could not be filled in.
 *
 * An origin of a multi-tenant distribution has a name for each tenant.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/tenant-customization.html
 */
export function concreteOrigins(
  distributions: readonly Distribution[],
  tenants: OriginEvidence['tenants'],
  options: LinkOptions,
): {
  readonly origins: readonly ConcreteOrigin[];
  readonly gaps: readonly Gap[];
  readonly unresolved: readonly UnresolvedOrigin[];
} {
  const origins: ConcreteOrigin[] = [];
  const gaps: Gap[] = [];
  const unresolved: UnresolvedOrigin[] = [];
  for (const distribution of countedDistributions(distributions, options)) {
    for (const origin of distribution.origins) {
      if (!isTemplate(origin.domainName)) {
        origins.push({ distribution, origin, domain: origin.domainName });
        continue;
      }
      const filled = fillForTenants(distribution, origin, tenants.get(distribution.id), options);
      origins.push(...filled.domains.map((domain) => ({ distribution, origin, domain })));
      gaps.push(...filled.gaps);
      unresolved.push(
        ...filled.unresolved.map((why) => unresolvedOrigin({ distribution, origin, domain: origin.domainName }, why)),
      );
    }
  }
  return { origins, gaps, unresolved };
}

function fillForTenants(
  distribution: Distribution,
  origin: Origin,
  tenants: Fact<readonly DistributionTenant[]> | undefined,
  { includeDisabledDistributions }: LinkOptions,
): { domains: readonly string[]; gaps: readonly Gap[]; unresolved: readonly string[] } {
  const fact: Fact<readonly DistributionTenant[]> = tenants ?? { known: false, gap: tenantsNotSeen(distribution) };
  if (!fact.known) return { domains: [], gaps: [fact.gap], unresolved: [fact.gap.detail] };
  const domains = new Set<string>();
  const gaps: Gap[] = [];
  const unresolved: string[] = [];
  for (const tenant of fact.value.filter(({ enabled }) => enabled || includeDisabledDistributions)) {
    if (!tenant.parameters.known) {
      gaps.push(tenant.parameters.gap);
      unresolved.push(tenant.parameters.gap.detail);
      continue;
    }
    const defaults = distribution.parameterDefaults;
    const filled = fillTemplate(origin.domainName, {
      ...(defaults.known ? defaults.value : {}),
      ...tenant.parameters.value,
    });
    if ('domain' in filled) domains.add(filled.domain);
    else {
      if (!defaults.known) gaps.push(defaults.gap);
      unresolved.push(`tenant ${tenant.id} gives no value for the parameter ${filled.missing}`);
    }
  }
  return { domains: [...domains], gaps, unresolved };
}

const tenantsNotSeen = ({ id }: Distribution): Gap => ({
  fact: `distributionTenants of ${id}`,
  cause: 'not-seen',
  detail: `the tenants of distribution ${id} were not seen; add the output of list-distribution-tenants and get-distribution-tenant`,
});

/** Whether only a lookup can tell where a name leads: ELB and S3 names are matched as names and never looked up. */
export function needsLookup(domain: string, { originHostnames, resolveOrigins }: LinkOptions): boolean {
  const name = normalizeDomain(domain);
  return resolveOrigins === 'dns' && !isElbName(name) && !isS3Name(name) && !originHostnames.has(name);
}

/**
 * Draws the links from origins to load balancers, strongest evidence first.
 *
 * Nothing is dropped: an origin that leads nowhere known is listed with why, and evidence that is missing is
 * a gap of every load balancer that it might have linked.
 */
export function linkOrigins(evidence: OriginEvidence, options: LinkOptions): Links {
  const targets = new Targets(evidence);
  const concrete = concreteOrigins(evidence.distributions.items, evidence.tenants, options);
  const paths: Path[] = [];
  const gaps: Gap[] = [...concrete.gaps];
  const unresolved: UnresolvedOrigin[] = [...concrete.unresolved];

  for (const used of concrete.origins) {
    const outcome = follow(used, evidence, options, targets);
    gaps.push(...outcome.gaps);
    if (outcome.why !== null) unresolved.push(unresolvedOrigin(used, outcome.why));
    for (const [loadBalancer, linkedBy] of outcome.links) {
      if (loadBalancer.type !== 'application') continue;
      paths.push({
        distributionId: used.distribution.id,
        originId: used.origin.id,
        originDomain: used.domain,
        linkedBy,
        loadBalancerArn: loadBalancer.arn,
        otherEntrances: evidence.entrances.get(loadBalancer.arn) ?? [],
      });
    }
  }
  paths.push(...declaredByTag(evidence));

  const pathsByTarget = groupBy(paths.sort(byPath), (path) => path.loadBalancerArn);
  return {
    pathsTo: (arn) => pathsByTarget.get(arn) ?? [],
    gapsFor: ({ arn, scope }) => {
      const gap = evidence.distributions.gapAt(scope.accountId);
      const own = targets.withheldTags(arn);
      const about = evidence.distributions.gapsAbout?.(arn) ?? [];
      return [...(gap === null ? [] : [gap]), ...about, ...(own === null ? [] : [own]), ...gaps];
    },
    unresolvedOrigins: unresolved.sort(byUnresolved),
  };
}

interface Outcome {
  readonly links: ReadonlyMap<LoadBalancer, LinkedBy>;
  readonly gaps: readonly Gap[];
  /** Why the origin counts as unresolved; `null` when we know where it leads. */
  readonly why: string | null;
}

const NOTHING = { links: new Map<LoadBalancer, LinkedBy>(), gaps: [], why: null } satisfies Outcome;

const linked = (found: Iterable<LoadBalancer>, linkedBy: LinkedBy): Outcome => ({
  ...NOTHING,
  links: new Map([...found].map((loadBalancer) => [loadBalancer, linkedBy])),
});

function follow(used: ConcreteOrigin, evidence: OriginEvidence, options: LinkOptions, targets: Targets): Outcome {
  if (used.origin.vpcOriginId === null) return followName(used, evidence, options, targets);
  const fact = evidence.vpcOrigins.get(vpcOriginKey(used.distribution, used.origin));
  if (fact?.known === true) return followVpcOrigin(fact.value, targets);
  // CloudFront follows the VPC origin, not DNS: while it is hidden, only the load balancer's own name, which it usually
  // carries, or a declaration tells where it leads.
  const byName = followName(used, evidence, { ...options, resolveOrigins: 'off' }, targets);
  if (byName.links.size > 0) return byName;
  const gap = fact?.gap ?? vpcOriginNotSeen(used.origin);
  return { ...NOTHING, gaps: [gap], why: gap.detail };
}

function followVpcOrigin({ endpointArn }: VpcOrigin, targets: Targets): Outcome {
  const target = targets.byArn(endpointArn);
  if (target !== undefined) return linked([target], 'vpc-origin');
  if (!endpointArn.includes(':loadbalancer/app/')) return NOTHING;
  return { ...NOTHING, why: `its VPC origin leads to ${endpointArn}, which is not in the input` };
}

const vpcOriginNotSeen = ({ vpcOriginId }: Origin): Gap => ({
  fact: `vpcOrigin ${vpcOriginId ?? ''}`,
  cause: 'not-seen',
  detail: `the VPC origin ${vpcOriginId ?? ''} was not seen; add the output of list-vpc-origins`,
});

function followName(
  { origin, domain }: ConcreteOrigin,
  evidence: OriginEvidence,
  options: LinkOptions,
  targets: Targets,
): Outcome {
  const name = normalizeDomain(domain);
  const named = targets.byName(name);
  if (named.length > 0) return linked(named, 'dns-name');
  if (isElbName(name)) return { ...NOTHING, why: 'no load balancer in the input has this DNS name' };
  if (isS3Name(name) || origin.isS3) return NOTHING;

  const declared = options.originHostnames.get(name);
  if (declared !== undefined) {
    const target = targets.byName(normalizeDomain(declared));
    return target.length > 0
      ? linked(target, 'declared')
      : { ...NOTHING, why: `originHostnames declares it to be ${declared}, which is not in the input` };
  }
  if (options.resolveOrigins === 'off')
    return { ...NOTHING, why: 'resolveOrigins is off, so its name was not followed' };
  return followAnswer(evidence.answers.get(name), targets);
}

function followAnswer(answer: NameAnswer | undefined, targets: Targets): Outcome {
  switch (answer?.kind) {
    case undefined:
      return { ...NOTHING, why: 'nobody looked its name up' };
    case 'no-such-name':
      return { ...NOTHING, why: 'its name does not exist in DNS' };
    case 'unanswered':
      return { ...NOTHING, why: answer.why };
    case 'answered': {
      // A set of weighted records may lead to several load balancers, each with evidence of its own.
      const links = new Map<LoadBalancer, LinkedBy>();
      for (const target of answer.addresses.flatMap((address) => targets.byAddress(address)))
        links.set(target, 'resolved-address');
      for (const target of answer.names.flatMap((name) => targets.byName(normalizeDomain(name))))
        links.set(target, 'resolved-name');
      const gaps: Gap[] = [
        ...(answer.failure === null
          ? []
          : [{ fact: 'origin name', cause: 'lookup-failed', detail: answer.failure } as const]),
        ...(links.size === 0 && answer.addresses.length > 0 ? targets.withheldAddresses : []),
      ];
      return { links, gaps, why: links.size > 0 ? null : (answer.failure ?? leadsElsewhere(answer)) };
    }
  }
}

function leadsElsewhere({ names, addresses }: { names: readonly string[]; addresses: readonly string[] }): string {
  const ends = [...names.slice(-1), ...addresses].slice(0, 3);
  const where = ends.length === 0 ? 'nothing' : ends.join(', ');
  return `its name leads to ${where}, which belongs to no load balancer whose name and addresses are in the input`;
}

const unresolvedOrigin = ({ distribution, origin, domain }: ConcreteOrigin, why: string): UnresolvedOrigin => ({
  distributionId: distribution.id,
  originId: origin.id,
  domain,
  why,
});

function declaredByTag({ loadBalancers, entrances }: OriginEvidence): readonly Path[] {
  return loadBalancers.filter(isDeclared).map(({ arn }) => ({
    distributionId: null,
    originId: null,
    originDomain: null,
    linkedBy: 'declared',
    loadBalancerArn: arn,
    otherEntrances: entrances.get(arn) ?? [],
  }));
}

const isDeclared = ({ type, tags }: LoadBalancer): boolean =>
  type === 'application' && tags.known && declaresCloudfront(tags.value);

/** Whether the tags of a load balancer say that CloudFront fronts it, whoever's distribution that is. */
export const declaresCloudfront = (tags: Readonly<Record<string, string>>): boolean =>
  tags[FRONTED_BY_TAG.key]?.trim().toLowerCase() === FRONTED_BY_TAG.value;

/** The gap of what was asked for and refused; what nobody saved is left out by choice, and is none. */
const withheld = (fact: Fact<unknown>): Gap | null => (fact.known || fact.gap.cause === 'not-seen' ? null : fact.gap);

/** The load balancers under everything they can be found by. */
class Targets {
  readonly #names: Map<string, LoadBalancer[]>;
  readonly #arns: Map<string, LoadBalancer>;
  readonly #addresses = new Map<string, LoadBalancer[]>();
  /** Why the addresses of some load balancers could not be read, where they were asked for. */
  readonly withheldAddresses: readonly Gap[];

  constructor({ loadBalancers, addresses }: OriginEvidence) {
    const sorted = [...loadBalancers].sort((a, b) => compareText(a.arn, b.arn));
    this.#names = groupBy(sorted, ({ dnsName }) => normalizeDomain(dnsName));
    this.#arns = new Map(sorted.map((loadBalancer) => [loadBalancer.arn, loadBalancer]));
    for (const loadBalancer of sorted) {
      const fact = addresses.get(loadBalancer.arn);
      for (const address of fact?.known === true ? fact.value : []) {
        const key = addressKey(address);
        this.#addresses.set(key, [...(this.#addresses.get(key) ?? []), loadBalancer]);
      }
    }
    this.withheldAddresses = uniqueGaps([...addresses.values()].flatMap((fact) => withheld(fact) ?? []));
  }

  withheldTags(arn: LoadBalancerArn): Gap | null {
    const tags = this.#arns.get(arn)?.tags;
    return tags === undefined ? null : withheld(tags);
  }

  byName(name: string): readonly LoadBalancer[] {
    return this.#names.get(name) ?? [];
  }

  byArn(arn: string): LoadBalancer | undefined {
    return this.#arns.get(arn);
  }

  byAddress(address: string): readonly LoadBalancer[] {
    return this.#addresses.get(addressKey(address)) ?? [];
  }
}

function addressKey(text: string): string {
  const address = parseAddress(text);
  return address === null ? text : `${String(address.family)}:${address.value.toString(16)}`;
}
