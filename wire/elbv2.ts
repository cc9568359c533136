import * as z from 'zod/mini';
import { LoadBalancerArn, SecurityGroupId } from '../core/ids.js';
import { loadBalancerPath, type LoadBalancer } from '../core/model/load-balancer.js';
import { MaybeText, TagList, textOrNull } from './shared.js';

const TYPES: Readonly<Record<string, LoadBalancer['type']>> = { app: 'application', net: 'network', gwy: 'gateway' };

const EXPECTED = {
  dNSName: 'expected the DNS name of the load balancer',
  securityGroups: 'expected the list of its security groups',
} as const;

function typeOf({
  loadBalancerArn,
  type,
}: {
  readonly loadBalancerArn: LoadBalancerArn;
  readonly type?: LoadBalancer['type'] | null | undefined;
}): LoadBalancer['type'] {
  const [kind = ''] = loadBalancerPath(loadBalancerArn).split('/');
  return type ?? TYPES[kind] ?? 'network';
}

export const LoadBalancerItem = z.pipe(
  z
    .object({
      loadBalancerArn: LoadBalancerArn,
      loadBalancerName: MaybeText,
      dNSName: MaybeText,
      scheme: MaybeText,
      vpcId: MaybeText,
      ipAddressType: MaybeText,
      type: z.nullish(z.enum(['application', 'network', 'gateway'])),
      securityGroups: z.nullish(z.array(SecurityGroupId)),
    })
    .check(
      z.superRefine((item, context) => {
        // AWS always prints both of an Application Load Balancer; without them, it would look unused and unlinked.
        if (typeOf(item) !== 'application') return;
        for (const key of ['dNSName', 'securityGroups'] as const) {
          if (item[key] === null || item[key] === undefined)
            context.addIssue({ code: 'custom', path: [key], message: EXPECTED[key], input: item[key] });
        }
      }),
    ),
  z.transform(({ loadBalancerName, dNSName, securityGroups, ...rest }) => {
    const { loadBalancerArn: arn, type: _, ipAddressType, ...own } = rest;
    const addressType = textOrNull(ipAddressType);
    const [, name = ''] = loadBalancerPath(arn).split('/');
    return {
      ...own,
      scheme: textOrNull(own.scheme),
      vpcId: textOrNull(own.vpcId),
      arn,
      name: loadBalancerName ?? name,
      dnsName: dNSName ?? '',
      type: typeOf(rest),
      securityGroups: securityGroups ?? [],
      ...(addressType === null ? {} : { ipAddressType: addressType }),
    };
  }),
);
export type LoadBalancerItem = z.infer<typeof LoadBalancerItem>;

export const TagDescriptionItem = z.object({ resourceArn: z.string(), tags: TagList });

export const TargetGroupItem = z.object({
  targetGroupArn: MaybeText,
  targetType: MaybeText,
  vpcId: MaybeText,
  loadBalancerArns: z.nullish(z.array(LoadBalancerArn)),
  /** Our own addition: AWS prints the targets with their health only. */
  targets: z.nullish(z.array(LoadBalancerArn)),
});

/** A target of a group of load balancers, which AWS knows by its ARN. */
export const TargetHealthItem = z.object({ target: z.object({ id: LoadBalancerArn }) });
