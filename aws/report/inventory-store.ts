import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { OriginGuardError } from '../../core/errors.js';
import { known } from '../../core/fact.js';
import type { InventoryStore } from '../../core/inventory-store.js';
import { INVENTORY_PREFIX, inventoryKey, placeOfKey } from '../../core/inventory.js';
import { isDenied, toCodedError } from '../failures.js';
import { readPages } from '../read/pages.js';
import { ownedBy, s3Package, type InventoryBucket, type S3Client } from '../s3.js';
import type { Session } from '../session.js';

/** What looking for earlier inventories may call; the permission is on the bucket, and for the prefix only. */
export const readIamActions = ['s3:ListBucket'] as const;

/** What writing inventories may call. */
export const reportIamActions = ['s3:PutObject'] as const;

/** Objects that are written beside each other. */
const CONCURRENCY = 8;

/** Keeps inventories in a bucket of S3, one object for each account and Region. How they are encrypted is the bucket's to say. */
export function inventoryStore(session: Session, client: S3Client, bucket: InventoryBucket): InventoryStore {
  const { ListObjectsV2Command, PutObjectCommand } = s3Package();
  const { budget } = session;
  const limit = pLimit(CONCURRENCY);
  return {
    places: async () => {
      const pages = await readPages<ListObjectsV2CommandOutput>(session, {
        fact: 'inventories',
        what: `the keys of earlier inventories in ${bucket.name}`,
        action: readIamActions[0],
        command: 'list-objects-v2',
        page: (ContinuationToken, options) =>
          client.send(
            new ListObjectsV2Command({
              Bucket: bucket.name,
              Prefix: INVENTORY_PREFIX,
              ContinuationToken,
              ...ownedBy(bucket),
            }),
            options,
          ),
        next: ({ NextContinuationToken }) => NextContinuationToken,
      });
      if (!pages.known) return pages;
      const keys = pages.value.flatMap(({ Contents = [] }) => Contents.flatMap(({ Key }) => Key ?? []));
      return known(keys.flatMap((key) => placeOfKey(key) ?? []));
    },
    write: (at, stored) =>
      limit(async () => {
        const key = inventoryKey(at);
        const doing = `writing s3://${bucket.name}/${key}`;
        const command = new PutObjectCommand({
          Bucket: bucket.name,
          Key: key,
          Body: stored,
          ContentType: 'application/json',
          ChecksumAlgorithm: 'SHA256',
          ...ownedBy(bucket),
        });
        try {
          await budget.run(doing, () => client.send(command, { abortSignal: budget.signal }));
        } catch (error) {
          if (isDenied(error)) {
            throw new OriginGuardError('E2008', `${doing} was denied; allow ${reportIamActions[0]}`, { cause: error });
          }
          throw toCodedError(error, doing, 'E2008');
        }
      }),
  };
}
