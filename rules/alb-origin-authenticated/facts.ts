import { missing, type Fact, type Gap } from '../../core/fact.js';
import type { CustomHeader, CustomOrigin } from '../../core/model/distribution.js';
import type { Listener, ListenerRule } from '../../core/model/listener.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import type { Path } from '../../core/path.js';

/** One way from CloudFront to the load balancer, and what CloudFront brings along. */
export interface Way {
  readonly path: Path;
  /** The headers that CloudFront adds, or why they are not known. */
  readonly headers: Fact<readonly CustomHeader[]>;
  /** How CloudFront connects; `null` where nobody can tell: then it may come to every listener. */
  readonly custom: CustomOrigin | null;
  /** Set when the origin is a VPC origin that could not be read, so that where it leads is not proven. */
  readonly vpcOriginGap: Gap | null;
}

/** A listener with its rules. */
export interface ListenerFacts {
  readonly listener: Listener;
  /** Its default rule is among them. */
  readonly rules: Fact<readonly ListenerRule[]>;
}

/** Everything the rule may know about one load balancer; plain data, read at one time, without any header value. */
export interface AlbOriginFacts {
  readonly loadBalancer: LoadBalancer;
  /** Whether it is proven not to exist any more. */
  readonly deleted: boolean;
  /** Set when the load balancer was asked for and not seen, in a place that could not be seen. */
  readonly sightGap: Gap | null;
  readonly ways: readonly Way[];
  /** Evidence that was not read and might show another distribution in front of it. */
  readonly linkGaps: readonly Gap[];
  /** Read only where a way leads here. */
  readonly listeners: Fact<readonly ListenerFacts[]>;
  /** The instant of judging, ISO 8601: exemptions end. */
  readonly now: string;
}

/** The listeners of a load balancer to which no way leads. */
export const NOT_READ: Fact<never> = missing({
  fact: 'listeners',
  cause: 'not-seen',
  detail: 'the listeners were not read, since no distribution leads to the load balancer',
});
