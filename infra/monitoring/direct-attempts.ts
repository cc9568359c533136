import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnMetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { MOST_FILTERS } from '../settings-together.js';
import { make, type Switch } from './switch.js';

/** Connections to a listener's port that a security group or network ACL turned away. */
export const DIRECT_ATTEMPTS = 'DirectOriginRejected';

/** The port numbers of listeners that are nearly always there. */
export const DEFAULT_LISTENER_PORTS = [80, 443];

export interface DirectAttemptsProps {
  readonly on: Switch;
  /** The log group of VPC flow logs in the default format. */
  readonly logGroupName: string;
  readonly namespace: string;
  /** @default 80 and 443 */
  readonly listenerPorts?: readonly number[];
  /** Addresses of load balancers, such as `10.0.1.*`. @default - every address in the flow logs */
  readonly addresses?: readonly string[];
}

/**
 * The filter pattern for rejected connections to one port. Its fields are those of the default format, version 2, in order:
 * a record with another number of fields never matches.
 *
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/process-records-cwl.html
 */
export const rejectedPattern = (port: number, address: string | null): string =>
  `[version, account, eni, source, ${address === null ? 'destination' : `destination=${address}`}, srcport, ` +
  `destport="${String(port)}", protocol="6", packets, bytes, windowstart, windowend, action="REJECT", flowlogstatus]`;

/** Counts rejected direct attempts in VPC flow logs. One filter for each port: the form of the pattern that AWS documents. */
export function addDirectAttempts(scope: Construct, props: DirectAttemptsProps): void {
  const { on, logGroupName, namespace, listenerPorts = DEFAULT_LISTENER_PORTS, addresses = [] } = props;
  const places = addresses.length === 0 ? [null] : addresses;
  checkFilters(listenerPorts, addresses);
  for (const port of listenerPorts) {
    places.forEach((address, at) =>
      make(
        on,
        () =>
          new CfnMetricFilter(scope, `DirectAttempts${String(port)}${address === null ? '' : `At${String(at)}`}`, {
            logGroupName,
            filterPattern: rejectedPattern(port, address),
            metricTransformations: [
              {
                metricNamespace: namespace,
                metricName: DIRECT_ATTEMPTS,
                metricValue: '1',
                defaultValue: 0,
                unit: 'Count',
              },
            ],
          }),
      ),
    );
  }
}

function checkFilters(ports: readonly number[], addresses: readonly string[]): void {
  const badPort = ports.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (badPort !== undefined) throw new RangeError(`listener port ${String(badPort)}; allowed: 1 to 65535`);
  const badAddress = addresses.find((address) => !/^[0-9a-f.:*]{1,39}$/i.test(address));
  if (badAddress !== undefined) {
    throw new RangeError(`address "${badAddress}"; allowed: an IPv4 or IPv6 address, with * for any rest`);
  }
  const filters = ports.length * Math.max(addresses.length, 1);
  if (filters > MOST_FILTERS) {
    throw new RangeError(
      `${String(filters)} metric filters, one for each port and address; allowed: ${String(MOST_FILTERS)}`,
    );
  }
}

/** Adds the alarm for more direct attempts than usual. Scanners never stop, so no fixed number would mean anything. */
export const addDirectAttemptsAlarm = (
  scope: Construct,
  { on, namespace, topicArn }: { readonly on: Switch; readonly namespace: string; readonly topicArn: string },
): CfnAlarm | null =>
  make(
    on,
    () =>
      new CfnAlarm(scope, 'MoreDirectAttemptsAlarm', {
        alarmName: 'OriginGuard-DirectAttempts',
        alarmDescription:
          'More connections than usual were made to load balancers directly, and rejected. ' +
          'Nobody got in: this is a scan, or a client that used the load balancer itself until its group was closed. ' +
          'Look at the source addresses in the flow logs: a client of yours has to go through CloudFront.',
        metrics: [
          {
            id: 'attempts',
            returnData: true,
            metricStat: { metric: { namespace, metricName: DIRECT_ATTEMPTS }, period: 3_600, stat: 'Sum' },
          },
          { id: 'usual', expression: 'ANOMALY_DETECTION_BAND(attempts, 3)', returnData: true },
        ],
        thresholdMetricId: 'usual',
        comparisonOperator: 'GreaterThanUpperThreshold',
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        treatMissingData: 'notBreaching',
        alarmActions: [topicArn],
        okActions: [topicArn],
      }),
  );
