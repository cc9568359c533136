import * as z from 'zod/mini';
import { parseEnvironment } from './environment.js';
import { BucketName } from './inventory-access.js';
import { LogLevel, MetricsNamespace } from './setting-kinds.js';

const Settings = z.object({
  INVENTORY_BUCKET: BucketName,
  AGGREGATOR_NAME: z
    .string({ error: 'allowed: the name of an aggregator of AWS Config' })
    .check(z.regex(/^[\w-]{1,256}$/, { error: 'allowed: the name of an aggregator of AWS Config' })),
  ORIGIN_HOSTNAMES: z._default(z.string(), 'none'),
  RESOLVE_ORIGINS: z._default(z.enum(['dns', 'off'], { error: 'allowed: dns or off' }), 'dns'),
  METRICS_NAMESPACE: MetricsNamespace,
  LOG_LEVEL: LogLevel,
});

export type InventorySettings = z.infer<typeof Settings>;

/** The names of the environment variables that set the inventory function; `docs/operations.md` lists them. */
export const INVENTORY_SETTING_NAMES: readonly string[] = Object.keys(Settings.shape);

/** Reads the settings of the inventory function; raises `E1011` with the variable, its value and what is allowed. */
export const parseInventorySettings = (env: Readonly<Record<string, string | undefined>>): InventorySettings =>
  parseEnvironment(Settings, env);
