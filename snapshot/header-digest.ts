import { createHmac, randomBytes } from 'node:crypto';
import type { Digest } from '../core/model/header-value.js';

/** A digest whose key lives only for one run: values can be compared within it, and never guessed outside. */
export function newHeaderDigest(): Digest {
  const key = randomBytes(32);
  return (value) => createHmac('sha256', key).update(value).digest('hex');
}
