import type { Fact } from '../../core/fact.js';
import { inventoryGap, inventoryKey, parseInventory, type Inventory } from '../../core/inventory.js';
import { ownedBy, s3Package, type InventoryBucket, type S3Client } from '../s3.js';
import type { Session } from '../session.js';
import { readExisting } from './existing.js';

/** Everything this reader may call. */
export const iamActions = ['s3:GetObject'] as const;

/**
 * The inventory of the session's own account and Region; one that is not there, is denied or is damaged is a gap.
 *
 * Raises as `readPages` does when S3 throttled or failed.
 */
export async function readInventory(
  session: Session,
  client: S3Client,
  bucket: InventoryBucket,
): Promise<Fact<Inventory>> {
  const { accountId, region } = session;
  const key = inventoryKey(session);
  const where = `s3://${bucket.name}/${key}`;
  const { GetObjectCommand } = s3Package();
  const page = await readExisting(
    session,
    {
      fact: 'inventory',
      // S3 tells whether an object is there only to who may list the bucket.
      what: `the inventory of origins ${where} (or it is not there, which S3 denies alike)`,
      action: iamActions[0],
      command: 'get-object',
      page: async (_, options) => {
        const command = new GetObjectCommand({ Bucket: bucket.name, Key: key, ...ownedBy(bucket) });
        const { Body } = await client.send(command, options);
        return { stored: (await Body?.transformToString()) ?? '' };
      },
    },
    'NoSuchKey',
    'NoSuchBucket',
  );
  if (page === null) {
    return inventoryGap(
      'not-seen',
      `there is no inventory of origins for account ${accountId} in ${region}: ${where} is not there; see why its function does not write it`,
    );
  }
  return page.known ? parseInventory(page.value.stored, session) : page;
}
