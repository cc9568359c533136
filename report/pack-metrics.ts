import type { PackTally } from '../core/organization-pack.js';

/** The names of the metrics about the organization's pack. */
export const PACK_METRICS: Readonly<Record<keyof PackTally, string>> = {
  members: 'PackMembers',
  failedMembers: 'PackMembersFailed',
  putAgain: 'PackPutAgain',
};

/** One line from which CloudWatch makes the metrics of one look at the pack, by its name. */
export function packMetricLine(
  tally: PackTally,
  { namespace, packName, epochMs }: { readonly namespace: string; readonly packName: string; readonly epochMs: number },
): string {
  const names = Object.keys(PACK_METRICS) as readonly (keyof PackTally)[];
  return JSON.stringify({
    _aws: {
      Timestamp: epochMs,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [['PackName']],
          Metrics: names.map((name) => ({ Name: PACK_METRICS[name], Unit: 'Count' })),
        },
      ],
    },
    PackName: packName,
    ...Object.fromEntries(names.map((name) => [PACK_METRICS[name], tally[name]])),
  });
}
