import * as z from 'zod/mini';
import { parseEnvironment } from './environment.js';
import { LogLevel, MetricsNamespace } from './setting-kinds.js';

const flag = z.pipe(
  z.enum(['true', 'false'], { error: 'allowed: true or false' }),
  z.transform((text) => text === 'true'),
);

const allowedSeconds = { error: 'allowed: whole seconds from 0 to 3600' };
const seconds = z
  .pipe(z.string().check(z.regex(/^\d{1,4}$/, allowedSeconds)), z.transform(Number))
  .check(z.refine((value) => value <= 3600, allowedSeconds));

const Settings = z.object({
  PUBLISH_FINDINGS: z._default(flag, true),
  CACHE_SECONDS: z._default(seconds, 180),
  METRICS_NAMESPACE: MetricsNamespace,
  LOG_LEVEL: LogLevel,
});

export type Settings = z.infer<typeof Settings>;

/** The names of the environment variables that set a function; `docs/operations.md` lists them. */
export const SETTING_NAMES: readonly string[] = Object.keys(Settings.shape);

/** Reads the settings of a function; raises `E1011` with the variable, its value and what is allowed. */
export const parseSettings = (env: Readonly<Record<string, string | undefined>>): Settings =>
  parseEnvironment(Settings, env);
