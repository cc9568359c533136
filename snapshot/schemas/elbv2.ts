import { z } from 'zod';
import { LoadBalancerArn, SecurityGroupId } from '../../core/ids.js';
import type { LoadBalancer } from '../../core/model/load-balancer.js';
import { MaybeText, TagList } from './shared.js';

const TYPES: Readonly<Record<string, LoadBalancer['type']>> = { app: 'application', net: 'network', gwy: 'gateway' };

export const LoadBalancerItem = z
  .object({
    loadBalancerArn: LoadBalancerArn,
    loadBalancerName: MaybeText,
    dNSName: MaybeText,
    scheme: MaybeText,
    vpcId: MaybeText,
    type: z.enum(['application', 'network', 'gateway']).nullish(),
    securityGroups: z.array(SecurityGroupId).nullish(),
  })
  .transform(({ loadBalancerArn: arn, loadBalancerName, dNSName, type, securityGroups, ...rest }) => {
    const [kind = '', name = ''] = arn
      .slice(arn.indexOf(':loadbalancer/') + 1)
      .split('/')
      .slice(1);
    return {
      ...rest,
      arn,
      name: loadBalancerName ?? name,
      dnsName: dNSName ?? '',
      type: type ?? TYPES[kind] ?? ('network' as const),
      securityGroups: securityGroups ?? [],
    };
  });
export type LoadBalancerItem = z.infer<typeof LoadBalancerItem>;

export const ListenerItem = z.object({ loadBalancerArn: LoadBalancerArn, port: z.number().int().nullish() });

export const TagDescriptionItem = z.object({ resourceArn: z.string(), tags: TagList });

export const TargetGroupItem = z.object({
  targetType: MaybeText,
  vpcId: MaybeText,
  loadBalancerArns: z.array(LoadBalancerArn).nullish(),
});
