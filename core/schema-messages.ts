import { en } from 'zod/locales';
import { config } from 'zod/mini';

/**
 * Whoever shows the message of a failed schema imports this module: until it has run, `zod/mini` says "Invalid input" of
 * whatever it refuses for a reason that has no words of our own.
 */
config(en());
