import * as z from 'zod/mini';
import { LOG_LEVELS } from '../report/log-lines.js';

/** `LOG_LEVEL`: the least level that is written. */
export const LogLevel = z._default(z.enum(LOG_LEVELS, { error: `allowed: ${LOG_LEVELS.join(', ')}` }), 'info');

/** `METRICS_NAMESPACE`: where CloudWatch keeps the metrics. */
export const MetricsNamespace = z._default(
  z.string().check(z.regex(/^[\w.\-/#:]{1,255}$/, { error: 'allowed: 1 to 255 letters, digits and . - _ / # :' })),
  'OriginGuard',
);

const allowedHours = { error: 'allowed: whole hours from 1 to 168' };

/** Whole hours, at most a week of them. */
export const WholeHours = z
  .pipe(z.string().check(z.regex(/^\d{1,3}$/, allowedHours)), z.transform(Number))
  .check(z.refine((hours) => hours >= 1 && hours <= 168, allowedHours));
