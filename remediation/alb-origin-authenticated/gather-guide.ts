import { scopeOfArn, type LoadBalancerArn, type Scope } from '../../core/ids.js';
import { loadBalancerPath } from '../../core/model/load-balancer.js';
import type { Ports } from '../../core/ports.js';
import { gatherAlbOriginFacts } from '../../rules/alb-origin-authenticated/gather.js';
import type { AlbOriginParams } from '../../rules/alb-origin-authenticated/params.js';
import { albOriginAuthenticated } from '../../rules/alb-origin-authenticated/rule.js';
import type { GuidedLoadBalancer } from './guide.js';
import { planGuide } from './plan-guide.js';
import { refuseGuide } from './refuse-guide.js';

export interface GuideSettings {
  /** The rule's own parameters. */
  readonly params: AlbOriginParams;
  readonly rotate: boolean;
  /** ISO 8601. */
  readonly now: string;
}

/** Reads what a guide for one load balancer needs, and plans it. */
export async function guideLoadBalancer(
  ports: Ports,
  arn: LoadBalancerArn,
  { params, rotate, now }: GuideSettings,
): Promise<GuidedLoadBalancer> {
  const at: Scope = scopeOfArn(arn);
  const world = await gatherAlbOriginFacts(ports, params, now, { kind: 'named', ids: new Set([arn]), at });
  const [rule] = world.facts;
  const name = rule?.loadBalancer.name ?? loadBalancerPath(arn);
  const known = { loadBalancerArn: arn, name, scope: at };
  if (rule === undefined)
    return { ...known, guide: refuseGuide('LOAD_BALANCER_NOT_FOUND', `no load balancer ${arn} in what was read`) };
  const distributions = rule.ways.length === 0 ? [] : (await ports.distributions()).items;
  const verdict = albOriginAuthenticated.decide(rule, params);
  const accounts = new Map(distributions.map(({ id, accountId }) => [id, accountId] as const));
  const { unresolvedOrigins } = world;
  return { ...known, guide: planGuide({ rule, verdict, accounts, unresolvedOrigins }, params, { rotate }) };
}
