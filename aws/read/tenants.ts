import {
  GetDistributionTenantCommand,
  ListDistributionTenantsCommand,
  type ListDistributionTenantsCommandOutput,
} from '@aws-sdk/client-cloudfront';
import pLimit from 'p-limit';
import { known, type Fact } from '../../core/fact.js';
import type { DistributionId } from '../../core/ids.js';
import type { DistributionTenant } from '../../core/model/distribution.js';
import { TenantItem } from '../../wire/cloudfront.js';
import type { Session } from '../session.js';
import { readExisting } from './existing.js';
import { readItem } from './items.js';
import { readPages } from './pages.js';

/** Everything this reader may call. */
export const iamActions = ['cloudfront:ListDistributionTenants', 'cloudfront:GetDistributionTenant'] as const;

/** An account may have thousands of tenants, and each is a call: other questions to CloudFront keep their turn. */
const CONCURRENCY = 4;

/** The tenants of one multi-tenant distribution with their parameters, which only the details of a tenant carry. */
export async function readTenants(
  session: Session,
  distributionId: DistributionId,
): Promise<Fact<readonly DistributionTenant[]>> {
  const pages = await readPages(session, {
    fact: `distributionTenants of ${distributionId}`,
    what: `the tenants of distribution ${distributionId}`,
    action: iamActions[0],
    command: 'list-distribution-tenants',
    global: true,
    page: (Marker, options) =>
      session.clients.cloudfront.send(
        new ListDistributionTenantsCommand({ AssociationFilter: { DistributionId: distributionId }, Marker }),
        options,
      ),
    trim: withList,
    next: ({ NextMarker }) => NextMarker,
  });
  if (!pages.known) return pages;
  const listed = pages.value
    .flatMap(({ DistributionTenantList }) => DistributionTenantList ?? [])
    .map((element) => readItem(TenantItem, element, `a tenant of distribution ${distributionId}`));
  const limit = pLimit(CONCURRENCY);
  try {
    const tenants = await Promise.all(listed.map((item) => limit(() => readTenant(session, item))));
    return known(tenants.filter((tenant) => tenant !== null));
  } finally {
    // Where one failed, nobody waits for the others.
    limit.clearQueue();
  }
}

/** CloudFront leaves lists out that are empty, and this one has no count that would tell. */
const withList = (page: ListDistributionTenantsCommandOutput): ListDistributionTenantsCommandOutput => ({
  ...page,
  DistributionTenantList: page.DistributionTenantList ?? [],
});

/** `null` for one that was deleted meanwhile. */
async function readTenant(session: Session, listed: TenantItem): Promise<DistributionTenant | null> {
  const { id, distributionId } = listed;
  const page = await readExisting(
    session,
    {
      fact: `parameters of tenant ${id}`,
      what: `distribution tenant ${id}`,
      action: iamActions[1],
      command: 'get-distribution-tenant',
      global: true,
      page: (_, options) =>
        session.clients.cloudfront.send(new GetDistributionTenantCommand({ Identifier: id }), options),
    },
    'EntityNotFound',
  );
  if (page === null) return null;
  if (!page.known) return { id, distributionId, enabled: listed.enabled, parameters: page };
  const item = readItem(TenantItem, page.value.DistributionTenant, `distribution tenant ${id}`);
  return { id, distributionId, enabled: listed.enabled || item.enabled, parameters: known(item.parameters ?? {}) };
}
