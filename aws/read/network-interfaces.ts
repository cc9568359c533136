import {
  DescribeNetworkInterfacesCommand,
  type DescribeNetworkInterfacesCommandOutput,
  type Filter,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import { known, type Fact } from '../../core/fact.js';
import { NetworkInterfaceItem } from '../../wire/ec2.js';
import type { Session } from '../session.js';
import { readAllPages } from './batches.js';
import { filtersOf } from './ec2-filters.js';
import { readItem } from './items.js';
import { listOf, type Question } from './pages.js';

/** Everything this reader may call. */
export const iamActions = ['ec2:DescribeNetworkInterfaces'] as const;

/** The largest page. Source: API reference of DescribeNetworkInterfaces. */
const PAGE_SIZE = 1000;

/** How AWS describes the interfaces of Application Load Balancers; no field names their owner. */
const DESCRIPTION = 'ELB app/';

/** Where interfaces are looked for: those of load balancers by their description, also others in some VPCs, or all. */
export type InterfacePlaces =
  | { readonly kind: 'described' }
  | { readonly kind: 'in-vpcs'; readonly vpcIds: readonly string[] }
  | { readonly kind: 'everywhere' };

/**
 * The network interfaces of Application Load Balancers; `in-vpcs` also those of Global Accelerator, but of these VPCs
 * only. Any other interface is forgotten at once, and is not saved. `everywhere` has every interface of the Region, and
 * of those others no address: a plan must see who else uses a group.
 */
export async function readBalancerInterfaces(
  session: Session,
  where: InterfacePlaces,
): Promise<Fact<readonly NetworkInterfaceItem[]>> {
  const pages = await readAllPages(
    session,
    callsFor(where).map((filters): Question<DescribeNetworkInterfacesCommandOutput> => ({
      fact: 'networkInterfaces',
      what: 'network interfaces',
      action: iamActions[0],
      command: 'describe-network-interfaces',
      page: (NextToken, options) =>
        session.clients.ec2.send(
          new DescribeNetworkInterfacesCommand({
            ...filters,
            // An account may have hidden what AWS services manage, and nothing in the answer would show it.
            // Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyManagedResourceVisibility.html
            IncludeManagedResources: true,
            NextToken,
            MaxResults: PAGE_SIZE,
          }),
          options,
        ),
      trim: where.kind === 'everywhere' ? withoutOtherAddresses : keepRelevant,
      next: ({ NextToken }) => NextToken,
    })),
  );
  if (!pages.known) return pages;
  return known(
    pages.value
      .flatMap((page) => listOf(page.NetworkInterfaces, 'NetworkInterfaces'))
      .map((each) => readItem(NetworkInterfaceItem, each, `network interface ${each.NetworkInterfaceId ?? '?'}`)),
  );
}

/** What each call adds to its question: nothing where everything is asked for. */
function callsFor(where: InterfacePlaces): readonly { readonly Filters?: Filter[] }[] {
  switch (where.kind) {
    case 'everywhere':
      return [{}];
    case 'described':
      return filtersOf('description', [`${DESCRIPTION}*`]).map(toFilters);
    case 'in-vpcs':
      return filtersOf('vpc-id', where.vpcIds).map(toFilters);
  }
}

const toFilters = (filters: readonly Filter[]) => ({ Filters: [...filters] });

/** What says who uses an interface, and nothing of where it is in the network. */
const withoutOtherAddresses = (
  page: DescribeNetworkInterfacesCommandOutput,
): DescribeNetworkInterfacesCommandOutput => ({
  ...page,
  NetworkInterfaces: listOf(page.NetworkInterfaces, 'NetworkInterfaces').map((each) => ({
    NetworkInterfaceId: each.NetworkInterfaceId,
    InterfaceType: each.InterfaceType,
    Description: each.Description,
    RequesterManaged: each.RequesterManaged,
    VpcId: each.VpcId,
    OwnerId: each.OwnerId,
    AvailabilityZone: each.AvailabilityZone,
    Groups: each.Groups,
    ...(isRelevant(each) ? addressesOf(each) : {}),
  })),
});

const addressesOf = ({ Association, PrivateIpAddresses, Ipv6Addresses }: NetworkInterface) => ({
  Association,
  PrivateIpAddresses,
  Ipv6Addresses,
});

const keepRelevant = (page: DescribeNetworkInterfacesCommandOutput): DescribeNetworkInterfacesCommandOutput => ({
  ...page,
  NetworkInterfaces: listOf(page.NetworkInterfaces, 'NetworkInterfaces').filter(isRelevant),
});

const isRelevant = ({ Description, InterfaceType }: NetworkInterface): boolean =>
  Description?.startsWith(DESCRIPTION) === true || InterfaceType === 'global_accelerator_managed';
