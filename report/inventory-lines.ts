import type { InventoryTally } from './publish-inventory.js';

/** What a run of the inventory function counts, with what is measured around it. */
export type MeasuredInventory = InventoryTally & { readonly apiCalls: number; readonly durationMs: number };

export const INVENTORY_METRICS: Readonly<Record<keyof MeasuredInventory, string>> = {
  written: 'InventoriesWritten',
  crossAccountOrigins: 'CrossAccountOrigins',
  unresolvedOrigins: 'UnresolvedOrigins',
  unfollowed: 'UnfollowedReasons',
  succeeded: 'InventorySucceeded',
  apiCalls: 'InventoryApiCalls',
  durationMs: 'InventoryDuration',
};

/**
 * One line from which CloudWatch makes the metrics of a run; they have no dimension.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function inventoryMetricLine(
  measured: MeasuredInventory,
  { namespace, epochMs }: { readonly namespace: string; readonly epochMs: number },
): string {
  const names = Object.keys(INVENTORY_METRICS) as readonly (keyof MeasuredInventory)[];
  const unitOf = (name: string): string => (name === 'durationMs' ? 'Milliseconds' : 'Count');
  return JSON.stringify({
    _aws: {
      Timestamp: epochMs,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [[]],
          Metrics: names.map((name) => ({ Name: INVENTORY_METRICS[name], Unit: unitOf(name) })),
        },
      ],
    },
    ...Object.fromEntries(names.map((name) => [INVENTORY_METRICS[name], measured[name]])),
  });
}
