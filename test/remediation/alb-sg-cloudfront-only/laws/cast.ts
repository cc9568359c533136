import { known } from '../../../../core/fact.js';
import { LoadBalancerArn, type SecurityGroupId } from '../../../../core/ids.js';
import type { CustomOrigin } from '../../../../core/model/distribution.js';
import { CLOUDFRONT_PREFIX_LIST_NAMES, type PrefixList } from '../../../../core/model/prefix-list.js';
import {
  ACCOUNT,
  block,
  CLOUDFRONT_V4,
  CLOUDFRONT_V6,
  dnsNameOf,
  groupId,
  listId,
  prefixList,
  REGION,
} from '../../../support/builders.js';
import { fakeLoadBalancer, type FakeLoadBalancer } from '../../../support/runbook/fake-state.js';

// Who plays in the worlds: groups, lists and load balancers by the names that every world uses.

/** The group that every run is about. */
export const TARGET = groupId('sg-0aaaaaaaaaaaaaaa1');
/** Another group that load balancers carry. */
export const SIDE = groupId('sg-0aaaaaaaaaaaaaaa2');
/** A group that rules name as their source. */
export const CLIENTS = groupId('sg-0aaaaaaaaaaaaaaa3');
/** A group that nobody uses until a person attaches it. */
export const SPARE = groupId('sg-0aaaaaaaaaaaaaaa4');

/** CloudFront's addresses, as far as the worlds are concerned. */
export const EDGE = { ipv4: ['13.124.199.0/24', '130.176.0.0/17'], ipv6: ['2600:9000::/28'] } as const;

const list = (id: string, name: string, entries: readonly string[], maxEntries?: number): PrefixList =>
  prefixList({
    id: listId(id),
    name,
    ownerId: maxEntries === undefined ? 'AWS' : ACCOUNT,
    entries: known(entries.map(block)),
    ...(maxEntries === undefined ? {} : { maxEntries }),
  });

export const OFFICE = listId('pl-0office');
export const PARTNERS = listId('pl-0partners');
export const LOOKALIKE = listId('pl-0fake');
export const PASTED = listId('pl-0pasted');
export const HEALTH_CHECKS = listId('pl-0health');
export const STORAGE = listId('pl-0s3');
/** A list that nobody knows. */
export const UNKNOWN = listId('pl-0unknown');

export const LISTS: readonly PrefixList[] = [
  list(CLOUDFRONT_V4, CLOUDFRONT_PREFIX_LIST_NAMES.ipv4, EDGE.ipv4),
  list(CLOUDFRONT_V6, CLOUDFRONT_PREFIX_LIST_NAMES.ipv6, EDGE.ipv6),
  list(OFFICE, 'office', ['192.0.2.0/25'], 2),
  list(PARTNERS, 'partners', ['198.51.100.0/24'], 4),
  list(LOOKALIKE, CLOUDFRONT_PREFIX_LIST_NAMES.ipv4, ['203.0.113.0/24'], 3),
  list(PASTED, 'edge of our own', EDGE.ipv4, 3),
  list(HEALTH_CHECKS, 'com.amazonaws.us-east-1.route53-healthchecks', ['15.177.0.0/18']),
  list(STORAGE, 'com.amazonaws.us-east-1.s3', ['16.15.176.0/20']),
];

/** What the lists of AWS weigh, as its pages say. */
export const WEIGHTS = { [HEALTH_CHECKS]: 25, [STORAGE]: 1 };

const HASHES: Readonly<Record<string, string>> = {
  web: '50dc6c495c0c9188',
  web2: '50dc6c495c0c9189',
  web3: '50dc6c495c0c918a',
  plain: '50dc6c495c0c918b',
  inner: '50dc6c495c0c918c',
};

export const balancerArn = (name: string, type = 'app'): LoadBalancerArn =>
  LoadBalancerArn.parse(
    `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/${type}/${name}/${HASHES[name] ?? '50dc6c495c0c918f'}`,
  );

export const balancer = (
  name: string,
  securityGroups: readonly SecurityGroupId[],
  overrides: Partial<FakeLoadBalancer> = {},
): FakeLoadBalancer =>
  fakeLoadBalancer({
    name,
    arn: balancerArn(name, overrides.type === 'network' ? 'net' : 'app'),
    dnsName: dnsNameOf(name),
    securityGroups,
    ...overrides,
  });

export const custom = (overrides: Partial<CustomOrigin> = {}): CustomOrigin => ({
  httpPort: 80,
  httpsPort: 443,
  protocolPolicy: 'https-only',
  ipAddressType: 'ipv4',
  ...overrides,
});
