import type { Graph } from '../monitoring/dashboard.js';
import { DIRECT_ATTEMPTS } from '../monitoring/direct-attempts.js';
import { ofFunction } from '../monitoring/member-alarms.js';
import {
  counted,
  CROSS_ACCOUNT_ORIGINS,
  INVENTORY_SUCCEEDED,
  PACK_MEMBERS_FAILED,
  sharedQuery,
  UNFOLLOWED_REASONS,
  type CentralAlarmProps,
} from './central-alarms.js';
import { EVENT_COUNTS } from './event-counts.js';
import { RECONCILE_FUNCTION } from './organization-pack.js';

/** What the dashboard says above its graphs. */
export const centralText = (sharesMetrics: boolean): string =>
  [
    '## Origin Guard in the organization',
    '**Opened** is the number to be woken by. Each event is in the log group `/aws/events/origin-guard` with its account; of those about distributions, who did what.',
    sharesMetrics
      ? 'Direct attempts, missing verdicts and failures are metrics that the accounts share with this one.'
      : 'Direct attempts, missing verdicts and failures are metrics in each account. Share them with this account (CloudWatch cross-account observability) and set `sharesMetrics` to see them here.',
  ].join('\n\n');

const line = (name: keyof typeof EVENT_COUNTS) => ({ ...counted(name), label: EVENT_COUNTS[name].label });

/** The graphs of the administrator: compliance, attempts next to remediations, and whether the guard sees. */
export function centralGraphs(props: CentralAlarmProps): readonly Graph[] {
  const { packName, functionNames, sharesMetrics = false, metricsNamespace = 'OriginGuard' } = props;
  const shared = (label: string, metric: string, by?: string) =>
    sharesMetrics ? [{ label, query: sharedQuery(metricsNamespace, metric, by) }] : [];
  return [
    {
      title: 'Compliance',
      lines: [line('opened'), line('exposed'), line('closed'), ...shared('Judged non-compliant', 'NonCompliant')],
    },
    {
      title: 'Direct attempts next to remediations',
      lines: [
        line('remediated'),
        line('failed'),
        ...(sharesMetrics
          ? [
              {
                label: 'Direct attempts, rejected',
                query: `SELECT SUM(${DIRECT_ATTEMPTS}) FROM "${metricsNamespace}"`,
              },
            ]
          : []),
      ],
    },
    {
      title: 'Accounts without the pack, and failing functions of the administrator',
      lines: [
        ...[undefined, ...(props.otherRegions ?? [])].map((region) => ({
          namespace: metricsNamespace,
          name: PACK_MEMBERS_FAILED,
          dimensions: { PackName: packName },
          label: `Accounts in which the pack failed${region === undefined ? '' : `, ${region}`}`,
          ...(region === undefined ? {} : { region }),
        })),
        ...(props.otherRegions ?? []).map((region) => ({
          ...ofFunction('Errors', RECONCILE_FUNCTION),
          label: `${RECONCILE_FUNCTION}, ${region}`,
          region,
        })),
        ...functionNames.map((name) => ({ ...ofFunction('Errors', name), label: name })),
      ],
    },
    ...(props.inventoryMaxAgeHours === undefined ? [] : [inventoryGraph(metricsNamespace)]),
    { title: 'Changes', lines: [line('network'), line('distributions'), line('guard')] },
    ...(sharesMetrics
      ? [
          { title: 'Verdicts missing', lines: shared('', 'Indeterminate', 'AWS.AccountId') },
          { title: 'Failures of the rule', lines: shared('', 'Failed', 'AWS.AccountId') },
        ]
      : []),
  ];
}

/** What the inventory tells; the names are those of report/inventory-lines.ts. */
const inventoryGraph = (namespace: string): Graph => ({
  title: 'Inventory of origins in other accounts',
  lines: [
    { namespace, name: INVENTORY_SUCCEEDED, label: 'Runs that were finished' },
    { namespace, name: CROSS_ACCOUNT_ORIGINS, label: 'Origins in other accounts, times runs' },
    { namespace, name: UNFOLLOWED_REASONS, label: 'Reasons why origins were not followed, times runs' },
  ],
});
