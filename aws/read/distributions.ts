import { GetDistributionCommand, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { known, missing, type Fact } from '../../core/fact.js';
import type { Distribution } from '../../core/model/distribution.js';
import { isTemplate } from '../../core/model/domain-name.js';
import { DistributionItem } from '../../wire/cloudfront.js';
import { sealOrigin } from '../../wire/custom-headers.js';
import { headerDigest } from '../header-digest.js';
import { installedVersions, showsCertificates } from '../runtime-versions.js';
import type { Session } from '../session.js';
import { itemsOfList, nextMarker } from './cloudfront-lists.js';
import { readExisting } from './existing.js';
import { readItem } from './items.js';
import { readPages } from './pages.js';

/** Everything this reader may call. */
export const iamActions = ['cloudfront:ListDistributions', 'cloudfront:GetDistribution'] as const;

/**
 * Every distribution of the account, staging and disabled ones too.
 *
 * One whose origins wait for the parameters of tenants is read once more, for the defaults of these parameters, which
 * the list does not carry.
 */
export async function readDistributions(session: Session): Promise<Fact<readonly Distribution[]>> {
  const pages = await readPages(session, {
    fact: 'distributions',
    what: 'distributions',
    action: iamActions[0],
    command: 'list-distributions',
    global: true,
    page: (Marker, options) => session.clients.cloudfront.send(new ListDistributionsCommand({ Marker }), options),
    next: ({ DistributionList }) => nextMarker(DistributionList, 'distributions'),
  });
  if (!pages.known) return pages;
  const lists = pages.value.map(({ DistributionList }) => DistributionList);
  const items = itemsOfList(lists, DistributionItem, 'distributions');
  const told = showsCertificates(installedVersions()) ? items : items.map(withHiddenCertificates);
  const distributions = await Promise.all(told.map((item) => toDistribution(session, item)));
  return known(distributions.filter((distribution) => distribution !== null));
}

/** `null` for one that was deleted meanwhile. */
async function toDistribution(
  session: Session,
  { id, enabled, origins }: DistributionItem,
): Promise<Distribution | null> {
  const parameterDefaults = origins.some(({ domainName }) => isTemplate(domainName))
    ? await readDefaults(session, id)
    : notAsked(id);
  if (parameterDefaults === null) return null;
  const sealed = origins.map((origin) => sealOrigin(origin, headerDigest));
  return { id, accountId: session.accountId, enabled, origins: sealed, parameterDefaults };
}

const withHiddenCertificates = ({ origins, ...rest }: DistributionItem): DistributionItem => ({
  ...rest,
  origins: origins.map((origin) =>
    origin.custom === undefined ? origin : { ...origin, custom: { ...origin.custom, hidesCertificate: true } },
  ),
});

async function readDefaults(
  session: Session,
  id: Distribution['id'],
): Promise<Distribution['parameterDefaults'] | null> {
  const page = await readExisting(
    session,
    {
      fact: `parameter defaults of distribution ${id}`,
      what: `distribution ${id}`,
      action: iamActions[1],
      command: 'get-distribution',
      global: true,
      page: (_, options) => session.clients.cloudfront.send(new GetDistributionCommand({ Id: id }), options),
    },
    'NoSuchDistribution',
  );
  if (page?.known !== true) return page;
  const item = readItem(DistributionItem, page.value.Distribution, `distribution ${id}`);
  return known(item.parameterDefaults ?? {});
}

const notAsked = (id: Distribution['id']): Distribution['parameterDefaults'] =>
  missing({
    fact: `parameter defaults of distribution ${id}`,
    cause: 'not-seen',
    detail: `distribution ${id} has no origin that waits for parameters, so their defaults were not read`,
  });
