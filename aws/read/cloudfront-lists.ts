import type * as z from 'zod/mini';
import { OriginGuardError } from '../../core/errors.js';
import { pageOf } from '../../wire/cloudfront.js';
import { readItem } from './items.js';

/** A page of a list, in the form that CloudFront gives to most of its lists. */
export interface ListPage {
  readonly IsTruncated?: boolean | undefined;
  readonly NextMarker?: string | undefined;
  readonly Quantity?: number | undefined;
  readonly Items?: readonly object[] | undefined;
}

/** Where a list goes on, `null` after its last page. Raises `E2006` when the page does not say it. */
export function nextMarker(list: ListPage | undefined, what: string): string | null {
  if (list?.IsTruncated === false) return null;
  if (list?.IsTruncated !== true) {
    throw new OriginGuardError('E2006', `the list of ${what} does not say whether it goes on`);
  }
  if (list.NextMarker === undefined || list.NextMarker === '') {
    throw new OriginGuardError('E2006', `the list of ${what} goes on and has no NextMarker`);
  }
  return list.NextMarker;
}

/**
 * The items of all pages of a list. Raises `E2006` when a page has not as many as it says, or one that cannot be read.
 *
 * @remarks `Quantity` is documented as what the whole account has; what is seen is the number of items on the page.
 * Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionList.html
 */
export function itemsOfList<S extends z.ZodMiniType>(
  pages: readonly (ListPage | undefined)[],
  item: S,
  what: string,
): readonly z.output<S>[] {
  const total = pages.reduce((sum, page) => sum + (page?.Items?.length ?? 0), 0);
  return pages.flatMap((page) => {
    const { items } = readItem(pageOf(item), page, what);
    if (page?.Quantity !== items.length && page?.Quantity !== total) {
      throw new OriginGuardError(
        'E2006',
        `${what}: found ${String(items.length)} Items, expected as many as Quantity says: ${String(page?.Quantity)}`,
      );
    }
    return items;
  });
}
