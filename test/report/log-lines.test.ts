import { jsonLog, METRIC_NAMES, metricLine } from '../../report/log-lines.js';

const TALLY = { judged: 5, nonCompliant: 1, indeterminate: 2, kept: 3, failed: 0, apiCalls: 6, durationMs: 420 };

function logAt(level: 'info' | 'warn' | 'error') {
  const lines: string[] = [];
  const log = jsonLog({
    level,
    write: (line) => lines.push(line),
    now: () => '2026-07-01T12:00:00.000Z',
    fields: { requestId: 'r-1' },
  });
  return { log, lines };
}

describe('a log', () => {
  it('is one JSON object a line, with the fields of every line before those of this one', () => {
    const { log, lines } = logAt('info');
    log.info('judged', { resource: 'sg-0a', verdict: 'COMPLIANT' });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        level: 'info',
        time: '2026-07-01T12:00:00.000Z',
        message: 'judged',
        requestId: 'r-1',
        resource: 'sg-0a',
        verdict: 'COMPLIANT',
      },
    ]);
    expect(lines[0]).not.toContain('\n');
  });

  it.each([
    ['info', 3],
    ['warn', 2],
    ['error', 1],
  ] as const)('at level %s writes %i of three', (level, count) => {
    const { log, lines } = logAt(level);
    log.info('a');
    log.warn('b');
    log.error('c');
    expect(lines).toHaveLength(count);
  });

  it('a line break in a text does not break the line', () => {
    const { log, lines } = logAt('info');
    log.warn('two\nlines');
    expect(lines[0]?.split('\n')).toHaveLength(1);
  });
});

describe('a metric line', () => {
  const line = JSON.parse(
    metricLine(TALLY, { namespace: 'OriginGuard', ruleId: 'a-rule', epochMs: 1_782_907_200_000 }),
  ) as {
    readonly _aws: {
      readonly Timestamp: number;
      readonly CloudWatchMetrics: readonly {
        readonly Namespace: string;
        readonly Dimensions: readonly (readonly string[])[];
        readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
      }[];
    };
  } & Readonly<Record<string, unknown>>;

  it('declares every count that is not zero, and carries a value under each declared name', () => {
    const [directive] = line._aws.CloudWatchMetrics;
    expect(directive?.Namespace).toBe('OriginGuard');
    expect(directive?.Dimensions).toEqual([['RuleId']]);
    expect(line['RuleId']).toBe('a-rule');
    expect(line._aws.Timestamp).toBe(1_782_907_200_000);
    expect(Object.fromEntries((directive?.Metrics ?? []).map(({ Name }) => [Name, line[Name]]))).toEqual({
      Judged: 5,
      NonCompliant: 1,
      Indeterminate: 2,
      Kept: 3,
      ApiCalls: 6,
      Duration: 420,
    });
    expect(line).not.toHaveProperty('Failed');
  });

  it('has the calls and the duration also where nothing was counted', () => {
    const none = { judged: 0, nonCompliant: 0, indeterminate: 0, kept: 0, failed: 0, apiCalls: 0, durationMs: 0 };
    expect(JSON.parse(metricLine(none, { namespace: 'OriginGuard', ruleId: 'a-rule', epochMs: 0 }))).toEqual({
      _aws: {
        Timestamp: 0,
        CloudWatchMetrics: [
          {
            Namespace: 'OriginGuard',
            Dimensions: [['RuleId']],
            Metrics: [
              { Name: 'ApiCalls', Unit: 'Count' },
              { Name: 'Duration', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      RuleId: 'a-rule',
      ApiCalls: 0,
      Duration: 0,
    });
  });

  it('counts, but for the duration', () => {
    const units = (line._aws.CloudWatchMetrics[0]?.Metrics ?? []).map(({ Name, Unit }) => [Name, Unit] as const);
    expect(units.filter(([, unit]) => unit !== 'Count')).toEqual([[METRIC_NAMES.durationMs, 'Milliseconds']]);
  });
});
