import type { DistributionSummary, ListDistributionsCommandOutput } from '@aws-sdk/client-cloudfront';

/** A list as CloudFront gives it, which leaves `Items` out where there are none. */
export const listOfItems = (
  items: readonly object[],
  { next, ...overrides }: { readonly next?: string } & Readonly<Record<string, unknown>> = {},
): never =>
  ({
    Marker: '',
    MaxItems: 100,
    IsTruncated: next !== undefined,
    ...(next === undefined ? {} : { NextMarker: next }),
    Quantity: items.length,
    ...(items.length === 0 ? {} : { Items: items }),
    ...overrides,
  }) as never;

/** One distribution of the list, with one origin of this domain name. */
export const summary = (
  id: string,
  domainName: string,
  { origin = {}, ...overrides }: Readonly<Record<string, unknown>> & { readonly origin?: object } = {},
): DistributionSummary =>
  ({
    Id: id,
    ARN: `arn:aws:cloudfront::111122223333:distribution/${id}`,
    Enabled: true,
    Staging: false,
    Origins: { Quantity: 1, Items: [{ Id: 'o', DomainName: domainName, CustomHeaders: { Quantity: 0 }, ...origin }] },
    ...overrides,
  }) as unknown as DistributionSummary;

/** A page of `ListDistributions`. */
export const distributionPage = (
  ...args: Parameters<typeof listOfItems>
): Pick<ListDistributionsCommandOutput, 'DistributionList'> => ({ DistributionList: listOfItems(...args) });
