import { createHmac, randomBytes } from 'node:crypto';

const KEY = randomBytes(32);

/**
 * Seals the header values that this process reads. Its key is told to nobody and ends with the process.
 *
 * @remarks One key for the process, and not for an invocation, since distributions are kept from one to the next.
 */
export const headerDigest = (value: string): string => createHmac('sha256', KEY).update(value).digest('hex');
