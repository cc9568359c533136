import * as z from 'zod/mini';
import { LOG_LEVELS } from '../report/log-lines.js';
import { parseEnvironment } from './environment.js';

const HOURS = 'allowed: whole hours from 1 to 168';

const Settings = z.object({
  /** The name of the pack; no other is ever touched. */
  PACK_NAME: z
    .string({ error: 'allowed: the name of the organization’s conformance pack' })
    .check(z.regex(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/, { error: 'allowed: a letter, then letters, digits and -' })),
  /** The template of the pack: the deployment writes it into the code, because variables take 4 KB in all. */
  PACK_TEMPLATE: z
    .string({ error: 'allowed: the template of the pack' })
    .check(z.minLength(1, { error: 'allowed: the template of the pack' })),
  RETRY_AFTER_HOURS: z._default(
    z.pipe(z.string().check(z.regex(/^(?:[1-9]\d?|1[0-5]\d|16[0-8])$/, { error: HOURS })), z.transform(Number)),
    6,
  ),
  METRICS_NAMESPACE: z._default(
    z.string().check(z.regex(/^[\w.\-/#:]{1,255}$/, { error: 'allowed: 1 to 255 letters, digits and . - _ / # :' })),
    'OriginGuard',
  ),
  LOG_LEVEL: z._default(z.enum(LOG_LEVELS, { error: `allowed: ${LOG_LEVELS.join(', ')}` }), 'info'),
});

export type ReconcileSettings = z.output<typeof Settings>;

/** The names of the environment variables that set the function. */
export const RECONCILE_SETTING_NAMES: readonly string[] = Object.keys(Settings.shape);

/** Reads the settings of the function that cares for the pack; raises `E1011` with the variable and what is allowed. */
export const parseReconcileSettings = (env: Readonly<Record<string, string | undefined>>): ReconcileSettings =>
  parseEnvironment(Settings, env);
