import * as z from 'zod';
import { LOG_LEVELS } from '../report/log-lines.js';
import { parseEnvironment } from './environment.js';

const flag = z.enum(['true', 'false'], { error: 'allowed: true or false' }).transform((text) => text === 'true');

const seconds = z
  .string()
  .regex(/^\d{1,4}$/, { error: 'allowed: whole seconds from 0 to 3600' })
  .transform(Number)
  .refine((value) => value <= 3600, { error: 'allowed: whole seconds from 0 to 3600' });

const Settings = z.object({
  PUBLISH_FINDINGS: flag.default(true),
  CACHE_SECONDS: seconds.default(180),
  METRICS_NAMESPACE: z
    .string()
    .regex(/^[\w.\-/#:]{1,255}$/, { error: 'allowed: 1 to 255 letters, digits and . - _ / # :' })
    .default('OriginGuard'),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `allowed: ${LOG_LEVELS.join(', ')}` }).default('info'),
});

export type Settings = z.infer<typeof Settings>;

/** The names of the environment variables that set a function; `docs/operations.md` lists them. */
export const SETTING_NAMES: readonly string[] = Object.keys(Settings.shape);

/** Reads the settings of a function; raises `E1011` with the variable, its value and what is allowed. */
export const parseSettings = (env: Readonly<Record<string, string | undefined>>): Settings =>
  parseEnvironment(Settings, env);
