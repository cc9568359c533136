import { compareText } from './fact.js';
import type { DistributionId, LoadBalancerArn } from './ids.js';
import type { Entrance } from './model/load-balancer.js';

/** How we know that an origin is a load balancer, strongest evidence first. */
export const LINKED_BY = ['vpc-origin', 'dns-name', 'declared', 'resolved-name', 'resolved-address'] as const;
export type LinkedBy = (typeof LINKED_BY)[number];

/** One way from CloudFront to a load balancer. */
export interface Path {
  /** `null`, with the origin, when a tag on the load balancer declares it. */
  readonly distributionId: DistributionId | null;
  readonly originId: string | null;
  readonly originDomain: string | null;
  readonly linkedBy: LinkedBy;
  readonly loadBalancerArn: LoadBalancerArn;
  readonly otherEntrances: readonly Entrance[];
}

/** The origin of a path in words: `origin web of E1WEB`. */
export const originText = ({
  distributionId,
  originId,
}: {
  readonly distributionId: string | null;
  readonly originId: string | null;
}): string => (distributionId === null || originId === null ? 'CloudFront' : `origin ${originId} of ${distributionId}`);

/** An origin of which nobody can tell where it leads. */
export interface UnresolvedOrigin {
  readonly distributionId: DistributionId;
  readonly originId: string;
  readonly domain: string;
  readonly why: string;
}

/** A total, stable order of paths. */
export const byPath = (a: Path, b: Path): number => compareText(pathKey(a), pathKey(b));

const pathKey = (path: Path): string =>
  [path.loadBalancerArn, path.distributionId ?? '~', path.originId ?? '', path.originDomain ?? '', path.linkedBy].join(
    '\u0000',
  );

/** A total, stable order of unresolved origins. */
export const byUnresolved = (a: UnresolvedOrigin, b: UnresolvedOrigin): number =>
  compareText(
    [a.distributionId, a.originId, a.domain, a.why].join('\u0000'),
    [b.distributionId, b.originId, b.domain, b.why].join('\u0000'),
  );
