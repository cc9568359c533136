import * as z from 'zod/mini';
import { parseEnvironment } from './environment.js';
import { LogLevel, MetricsNamespace, WholeHours } from './setting-kinds.js';

const Settings = z.object({
  /** The name of the pack; no other is ever touched. */
  PACK_NAME: z
    .string({ error: 'allowed: the name of the organization’s conformance pack' })
    .check(z.regex(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/, { error: 'allowed: a letter, then letters, digits and -' })),
  /** The template of the pack: the deployment writes it into the code, because variables take 4 KB in all. */
  PACK_TEMPLATE: z
    .string({ error: 'allowed: the template of the pack' })
    .check(z.minLength(1, { error: 'allowed: the template of the pack' })),
  RETRY_AFTER_HOURS: z._default(WholeHours, 6),
  METRICS_NAMESPACE: MetricsNamespace,
  LOG_LEVEL: LogLevel,
});

export type ReconcileSettings = z.output<typeof Settings>;

/** The names of the environment variables that set the function. */
export const RECONCILE_SETTING_NAMES: readonly string[] = Object.keys(Settings.shape);

/** Reads the settings of the function that cares for the pack; raises `E1011` with the variable and what is allowed. */
export const parseReconcileSettings = (env: Readonly<Record<string, string | undefined>>): ReconcileSettings =>
  parseEnvironment(Settings, env);
