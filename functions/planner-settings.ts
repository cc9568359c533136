import * as z from 'zod/mini';
import { REMEDIATION_MODES } from '../core/remediation-mode.js';
import { parseEnvironment } from './environment.js';
import { LogLevel } from './setting-kinds.js';

/** One of two words; the first is the default. */
const words = <const A extends string, const B extends string>(first: A, second: B) =>
  z._default(z.enum([first, second], { error: `allowed: ${first} or ${second}` }), first as never);

/** The parameters of a rule as one JSON object of texts. */
const Parameters = z.pipe(
  z.transform(readJson),
  z.record(z.string(), z.unknown(), { error: 'allowed: one JSON object of name and value' }),
);

function readJson(text: unknown = '{}'): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

/** What runs the account allows; the member template always says it. */
const Mode = z._default(z.enum(REMEDIATION_MODES, { error: `allowed: ${REMEDIATION_MODES.join(', ')}` }), 'manual');

/** Keys with commas between. */
const splitKeys = (text: string): readonly string[] => text.split(',').flatMap((key) => key.trim() || []);

const Settings = z.object({
  REMEDIATION_MODE: Mode,
  RULE_PARAMETERS: Parameters,
  IAC_MANAGED: words('WARN', 'REFUSE'),
  IAC_TAG_KEYS: z.pipe(z._default(z.string(), ''), z.transform(splitKeys)),
  PORT_MERGE: words('ADJACENT', 'RANGE'),
  QUOTA_MODEL: words('both', 'by-family'),
  LOG_LEVEL: LogLevel,
});

export type PlannerSettings = z.infer<typeof Settings>;

/** The names of the environment variables that set the planner; `docs/operations.md` lists them. */
export const PLANNER_SETTING_NAMES: readonly string[] = Object.keys(Settings.shape);

/** Reads the settings of the planner; raises `E1011` with the variable, its value and what is allowed. */
export const parsePlannerSettings = (env: Readonly<Record<string, string | undefined>>): PlannerSettings =>
  parseEnvironment(Settings, env);
