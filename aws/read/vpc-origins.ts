import { GetVpcOriginCommand, ListVpcOriginsCommand } from '@aws-sdk/client-cloudfront';
import { known, missing, type Fact } from '../../core/fact.js';
import type { VpcOriginId } from '../../core/ids.js';
import type { VpcOrigin } from '../../core/model/distribution.js';
import { VpcOriginItem, VpcOriginSummaryItem } from '../../wire/cloudfront.js';
import type { Session } from '../session.js';
import { itemsOfList, nextMarker } from './cloudfront-lists.js';
import { readExisting } from './existing.js';
import { readItem } from './items.js';
import { readPages } from './pages.js';

/** Everything these readers may call. */
export const iamActions = ['cloudfront:ListVpcOrigins', 'cloudfront:GetVpcOrigin'] as const;

/**
 * The VPC origins that CloudFront lists for the account.
 *
 * @remarks Its console lists those that other accounts share with this one, and so, it seems, does the API; one that is
 * not here may exist for all that.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/sharing-resources.html#sharing-identify
 */
export async function readVpcOrigins(session: Session): Promise<Fact<ReadonlyMap<VpcOriginId, VpcOrigin>>> {
  const pages = await readPages(session, {
    fact: 'vpcOrigins',
    what: 'VPC origins',
    action: iamActions[0],
    command: 'list-vpc-origins',
    global: true,
    page: (Marker, options) => session.clients.cloudfront.send(new ListVpcOriginsCommand({ Marker }), options),
    next: ({ VpcOriginList }) => nextMarker(VpcOriginList, 'VPC origins'),
  });
  if (!pages.known) return pages;
  const lists = pages.value.map(({ VpcOriginList }) => VpcOriginList);
  const items = itemsOfList(lists, VpcOriginSummaryItem, 'VPC origins');
  return known(new Map(items.map(({ id, endpointArn }) => [id, { id, endpointArn }] as const)));
}

/**
 * One VPC origin by its id; a gap when the account does not see it.
 *
 * @remarks Distributions go on using a VPC origin that is no longer shared with their account, so one that is not found
 * leads somewhere all the same.
 * Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/sharing-resources.html#sharing-unshare
 */
export async function readVpcOrigin(session: Session, id: VpcOriginId): Promise<Fact<VpcOrigin>> {
  const fact = `vpcOrigin ${id}`;
  const page = await readExisting(
    session,
    {
      fact,
      what: `the VPC origin ${id}`,
      action: iamActions[1],
      command: 'get-vpc-origin',
      global: true,
      page: (_, options) => session.clients.cloudfront.send(new GetVpcOriginCommand({ Id: id }), options),
    },
    'EntityNotFound',
  );
  if (page === null) {
    return missing({
      fact,
      cause: 'unresolved',
      detail: `the VPC origin ${id} is not visible to account ${session.accountId}; it may be in an account that no longer shares it: read that one too`,
    });
  }
  if (!page.known) return page;
  const { endpointArn } = readItem(VpcOriginItem, page.value.VpcOrigin, `the VPC origin ${id}`);
  return known({ id, endpointArn });
}
