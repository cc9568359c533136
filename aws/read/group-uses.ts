import {
  DescribeNetworkInterfacesCommand,
  type DescribeNetworkInterfacesCommandOutput,
  type Filter,
} from '@aws-sdk/client-ec2';
import { known, type Fact } from '../../core/fact.js';
import type { SecurityGroupId } from '../../core/ids.js';
import type { AttachedInterface } from '../../core/planning.js';
import { NetworkInterfaceItem } from '../../wire/ec2.js';
import type { Session } from '../session.js';
import { readItem } from './items.js';
import { listOf, readPages } from './pages.js';

/** Everything these readers may call. */
export const iamActions = ['ec2:DescribeNetworkInterfaces'] as const;

/** The largest page. Source: API reference of DescribeNetworkInterfaces. */
const PAGE_SIZE = 1000;

/** Every network interface that carries a group, in whatever VPC it is. */
export async function readInterfacesOf(
  session: Session,
  group: SecurityGroupId,
): Promise<Fact<readonly AttachedInterface[]>> {
  const items = await readInterfaces(session, `networkInterfaces of ${group}`, [{ Name: 'group-id', Values: [group] }]);
  return items.known ? known(items.value.map(toAttached)) : items;
}

/** The ids of the interfaces by which Global Accelerator reaches into a VPC. */
export async function readAcceleratorsIn(session: Session, vpcId: string): Promise<Fact<readonly string[]>> {
  const items = await readInterfaces(session, `accelerators in ${vpcId}`, [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'interface-type', Values: ['global_accelerator_managed'] },
  ]);
  return items.known ? known(items.value.map(({ networkInterfaceId }) => networkInterfaceId)) : items;
}

const toAttached = (item: NetworkInterfaceItem): AttachedInterface => ({
  id: item.networkInterfaceId,
  type: item.interfaceType ?? 'interface',
  description: item.description ?? '',
  isManaged: item.isManaged,
});

async function readInterfaces(
  session: Session,
  fact: string,
  filters: readonly Filter[],
): Promise<Fact<readonly NetworkInterfaceItem[]>> {
  const pages = await readPages<DescribeNetworkInterfacesCommandOutput>(session, {
    fact,
    what: 'network interfaces',
    action: iamActions[0],
    command: 'describe-network-interfaces',
    page: (NextToken, options) =>
      session.clients.ec2.send(
        new DescribeNetworkInterfacesCommand({
          Filters: [...filters],
          // An account may have hidden what AWS services manage, and nothing in the answer would show it.
          // Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyManagedResourceVisibility.html
          IncludeManagedResources: true,
          NextToken,
          MaxResults: PAGE_SIZE,
        }),
        options,
      ),
    next: ({ NextToken }) => NextToken,
  });
  if (!pages.known) return pages;
  return known(
    pages.value
      .flatMap((page) => listOf(page.NetworkInterfaces, 'NetworkInterfaces'))
      .map((each) => readItem(NetworkInterfaceItem, each, `network interface ${each.NetworkInterfaceId ?? '?'}`)),
  );
}
