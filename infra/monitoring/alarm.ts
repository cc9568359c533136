import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { make, type Switch } from './switch.js';

/** One metric, as an alarm adds it up. */
export interface Counted {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}

export interface AlarmProps {
  readonly on: Switch;
  /** Behind `OriginGuard-`. */
  readonly name: string;
  /** What it means and what to do, in sentences. */
  readonly description: string;
  /** Added up; CloudWatch bills each. */
  readonly sumOf?: readonly [Counted, ...Counted[]];
  /** A question to Metrics Insights in place of `sumOf`. */
  readonly query?: string;
  readonly periodSeconds: number;
  /** The alarm sounds from this sum on, or below it when `below` is set. */
  readonly threshold: number;
  readonly below?: true;
  /** How many of the last periods must be so. @default - the last one */
  readonly periods?: { readonly of: number; readonly must: number };
  /** What a period without data is. @default - nothing happened */
  readonly silence?: 'breaching';
  readonly topicArn: string;
}

/** Periods, in seconds. */
export const FIVE_MINUTES = 300;
export const HOUR = 3_600;
export const DAY = 86_400;

/** Adds an alarm that says in its description what it means and what to do, and tells people when it sounds and ends. */
export const addAlarm = (scope: Construct, props: AlarmProps): CfnAlarm | null =>
  make(props.on, () => {
    const { periods = { of: 1, must: 1 } } = props;
    return new CfnAlarm(scope, `${props.name}Alarm`, {
      alarmName: `OriginGuard-${props.name}`,
      alarmDescription: props.description,
      ...measured(props),
      comparisonOperator: props.below === true ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
      threshold: props.threshold,
      evaluationPeriods: periods.of,
      datapointsToAlarm: periods.must,
      treatMissingData: props.silence ?? 'notBreaching',
      alarmActions: [props.topicArn],
      okActions: [props.topicArn],
    });
  });

function measured(props: AlarmProps) {
  const { sumOf, query, periodSeconds, name } = props;
  if (query !== undefined) {
    return { metrics: [{ id: 'total', label: name, expression: query, period: periodSeconds, returnData: true }] };
  }
  if (sumOf === undefined) throw new RangeError(`alarm ${name} measures nothing`);
  return sumOf.length === 1 ? single(sumOf[0], props) : { metrics: added(sumOf, props) };
}

const single = ({ namespace, name, dimensions }: Counted, { periodSeconds }: AlarmProps) => ({
  namespace,
  metricName: name,
  dimensions: toDimensions(dimensions),
  statistic: 'Sum',
  period: periodSeconds,
});

/** A metric without data would make the sum unknown, so it counts as zero. */
const added = (sumOf: readonly Counted[], { periodSeconds, name }: AlarmProps) => [
  {
    id: 'total',
    label: name,
    expression: sumOf.map((_, at) => `FILL(m${String(at)}, 0)`).join(' + '),
    returnData: true,
  },
  ...sumOf.map((counted, at) => ({
    id: `m${String(at)}`,
    returnData: false,
    metricStat: {
      metric: {
        namespace: counted.namespace,
        metricName: counted.name,
        dimensions: toDimensions(counted.dimensions),
      },
      period: periodSeconds,
      stat: 'Sum',
    },
  })),
];

const toDimensions = (dimensions: Readonly<Record<string, string>> = {}) =>
  Object.entries(dimensions).map(([name, value]) => ({ name, value }));
