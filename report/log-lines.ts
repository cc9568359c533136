import type { Log, Tally } from '../core/reporting.js';

export const LOG_LEVELS = ['info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  /** The least level that is written. */
  readonly level: LogLevel;
  /** Takes one line, without its end. */
  readonly write: (line: string) => void;
  /** The instant as ISO 8601. */
  readonly now: () => string;
  /** Fields of every line. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A log of one JSON object a line, as CloudWatch Logs finds fields in it. */
export function jsonLog({ level: least, write, now, fields }: LogOptions): Log {
  const at =
    (level: LogLevel): Log[LogLevel] =>
    (message, more = {}) => {
      if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(least)) return;
      write(JSON.stringify({ level, time: now(), message, ...fields, ...more }));
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

const UNITS: Readonly<Record<keyof Tally, 'Count' | 'Milliseconds'>> = {
  judged: 'Count',
  nonCompliant: 'Count',
  indeterminate: 'Count',
  kept: 'Count',
  failed: 'Count',
  apiCalls: 'Count',
  durationMs: 'Milliseconds',
};

export const METRIC_NAMES: Readonly<Record<keyof Tally, string>> = {
  judged: 'Judged',
  nonCompliant: 'NonCompliant',
  indeterminate: 'Indeterminate',
  kept: 'Kept',
  failed: 'Failed',
  apiCalls: 'ApiCalls',
  durationMs: 'Duration',
};

/** What every invocation has; of the others, a count of zero is left out: its metric would be billed, and say nothing. */
const ALWAYS: readonly (keyof Tally)[] = ['apiCalls', 'durationMs'];

/**
 * One line from which CloudWatch makes the metrics of an invocation, by rule.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLine(
  tally: Tally,
  { namespace, ruleId, epochMs }: { readonly namespace: string; readonly ruleId: string; readonly epochMs: number },
): string {
  const names = (Object.keys(METRIC_NAMES) as readonly (keyof Tally)[]).filter(
    (name) => tally[name] !== 0 || ALWAYS.includes(name),
  );
  return JSON.stringify({
    _aws: {
      Timestamp: epochMs,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [['RuleId']],
          Metrics: names.map((name) => ({ Name: METRIC_NAMES[name], Unit: UNITS[name] })),
        },
      ],
    },
    RuleId: ruleId,
    ...Object.fromEntries(names.map((name) => [METRIC_NAMES[name], tally[name]])),
  });
}
