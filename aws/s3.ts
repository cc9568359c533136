import { createRequire } from 'node:module';
import type * as S3 from '@aws-sdk/client-s3';
import type { AccountId } from '../core/ids.js';
import { bound, clientSettings, type ClientOptions } from './clients.js';

/** Where inventories are kept. */
export interface InventoryBucket {
  readonly name: string;
  /** Whose bucket it is: a bucket of that name that somebody else made is never asked. @default - not checked */
  readonly owner: AccountId | null;
}

export type S3Client = S3.S3Client;

let loaded: typeof S3 | undefined;

/** The package of the S3 client, which a function that reads no inventory never loads. */
export function s3Package(): typeof S3 {
  loaded ??= createRequire(__filename)('@aws-sdk/client-s3') as typeof S3;
  return loaded;
}

/**
 * Makes a client of S3; nothing is sent before a command is.
 *
 * @remarks Its answers may be empty, or a stream, so they are not looked at as those of other clients are: an object is
 * checked by its length, its checksum and its own schema.
 */
export function makeS3Client(options: ClientOptions): S3Client {
  const client = new (s3Package().S3Client)(clientSettings(options));
  bound(client, options.counter);
  return client;
}

/** The part of a request that says whose the bucket must be. */
export const ownedBy = ({ owner }: InventoryBucket): { readonly ExpectedBucketOwner?: string } =>
  owner === null ? {} : { ExpectedBucketOwner: owner };
