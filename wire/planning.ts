import * as z from 'zod/mini';
import { QUOTAS, type QuotaName } from '../core/planning.js';
import { MaybeText } from './shared.js';

/** The name by which a quota code is asked for, or `null` for a quota that no plan depends on. */
export const quotaNameOf = (code: string): QuotaName | null =>
  (Object.keys(QUOTAS) as QuotaName[]).find((name) => QUOTAS[name].code === code) ?? null;

/** A quota of Service Quotas. */
export const QuotaItem = z.object({ quotaCode: z.string(), quotaArn: MaybeText, value: z.number() });
export type QuotaItem = z.infer<typeof QuotaItem>;

/** A parameter of Parameter Store, of whatever name and use. */
export const ParameterItem = z.object({
  name: z.string(),
  value: z.string(),
  aRN: MaybeText,
  /** The AWS CLI prints a text, or seconds since 1970, by its version and settings. */
  lastModifiedDate: z.pipe(
    z.union([z.string(), z.number()], { error: 'expected a date' }),
    z.transform((given, context): string => {
      const date = new Date(typeof given === 'number' ? given * 1000 : given);
      if (!Number.isNaN(date.getTime())) return date.toISOString();
      context.issues.push({ code: 'custom', message: 'expected a date', input: given });
      return z.NEVER;
    }),
  ),
});
export type ParameterItem = z.infer<typeof ParameterItem>;
