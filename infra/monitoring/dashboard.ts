import { Aws, Stack } from 'aws-cdk-lib';
import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Counted } from './alarm.js';
import { make, type Switch } from './switch.js';

/** One graph: what it shows in words, and its lines. */
export interface Graph {
  readonly title: string;
  readonly lines: readonly (Line | Query)[];
}

export interface Line extends Counted {
  readonly label: string;
  /** @default - that of the dashboard */
  readonly region?: string;
}

/** A question to CloudWatch Metrics Insights, which also sees the accounts that share their metrics with this one. */
export interface Query {
  readonly query: string;
  readonly label: string;
}

export interface DashboardProps {
  readonly on: Switch;
  readonly name: string;
  /** Markdown above the graphs. */
  readonly text: string;
  readonly graphs: readonly Graph[];
}

/** The width and height of a graph on a grid of 24 columns. */
const WIDTH = 12;
const HEIGHT = 6;
const TEXT_HEIGHT = 4;
const HOUR = 3_600;

/** Adds a dashboard: a text, and below it graphs, two in a row. */
export const addDashboard = (scope: Construct, { on, name, text, graphs }: DashboardProps): CfnDashboard | null =>
  make(
    on,
    () =>
      new CfnDashboard(scope, 'Dashboard', {
        dashboardName: name,
        dashboardBody: Stack.of(scope).toJsonString({
          widgets: [
            { type: 'text', x: 0, y: 0, width: 2 * WIDTH, height: TEXT_HEIGHT, properties: { markdown: text } },
            ...graphs.map((graph, at) => ({
              type: 'metric',
              x: (at % 2) * WIDTH,
              y: TEXT_HEIGHT + Math.floor(at / 2) * HEIGHT,
              width: WIDTH,
              height: HEIGHT,
              properties: {
                title: graph.title,
                region: Aws.REGION,
                view: 'timeSeries',
                stat: 'Sum',
                period: HOUR,
                metrics: graph.lines.map(toMetric),
              },
            })),
          ],
        }),
      }),
  );

const toMetric = (line: Line | Query): readonly unknown[] =>
  'query' in line
    ? [{ expression: line.query, label: line.label }]
    : [line.namespace, line.name, ...Object.entries(line.dimensions ?? {}).flat(), optionsOf(line)];

const optionsOf = ({ label, region }: Line) => ({ label, ...(region === undefined ? {} : { region }) });
