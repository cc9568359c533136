import { FIVE_MINUTES, HOUR, type AlarmProps, type Counted } from '../monitoring/alarm.js';
import { ofFunction } from '../monitoring/member-alarms.js';
import { CENTRAL_NAMESPACE } from './central-namespace.js';
import { EVENT_COUNTS } from './event-counts.js';

export interface CentralAlarmProps {
  readonly packName: string;
  readonly functionNames: readonly string[];
  /** The governed Regions beside this one, each with a pack and a keeper of its own. @default - none */
  readonly otherRegions?: readonly string[];
  /** The age after which no account relies on the inventory, in hours. @default - there is no inventory */
  readonly inventoryMaxAgeHours?: number;
  readonly sharesMetrics?: boolean;
  readonly metricsNamespace?: string;
}

/** As report/pack-metrics.ts and report/inventory-lines.ts write them; a test holds them together: infra reads no reports. */
export const PACK_MEMBERS = 'PackMembers';
export const PACK_MEMBERS_FAILED = 'PackMembersFailed';
export const INVENTORY_SUCCEEDED = 'InventorySucceeded';
export const CROSS_ACCOUNT_ORIGINS = 'CrossAccountOrigins';
export const UNFOLLOWED_REASONS = 'UnfollowedReasons';

/** How long nothing may be heard of something that reports at least once an hour, in hours. */
const SILENT_HOURS = 6;

type Alarm = Omit<AlarmProps, 'on' | 'topicArn'>;

/** What is counted over the events of all accounts. */
export const counted = (name: keyof typeof EVENT_COUNTS): Counted => ({
  namespace: CENTRAL_NAMESPACE,
  name: EVENT_COUNTS[name].metric,
});

/** The alarms of the whole organization: a handful, whatever the number of accounts. The first one is to be woken by. */
export function centralAlarms(props: CentralAlarmProps): readonly Alarm[] {
  const {
    packName,
    functionNames,
    inventoryMaxAgeHours,
    sharesMetrics = false,
    metricsNamespace = 'OriginGuard',
  } = props;
  return [
    {
      name: 'OrganizationGroupOpened',
      description:
        'A resource that was closed to everyone but CloudFront is open in some account: its load balancer can be reached directly. ' +
        'The notice with the same time names account, Region and resource; run `origin-guard explain ID` there to see who may enter. ' +
        'Unless somebody meant to, run the remediation in AWS Config of that account.',
      sumOf: [counted('opened')],
      periodSeconds: FIVE_MINUTES,
      threshold: 1,
    },
    {
      name: 'OrganizationRemediationFailed',
      description:
        'A run of a remediation or rollback runbook failed, timed out or was cancelled in some account, so the resource may still be open. ' +
        'The notice with the same time names account and run; open it in Systems Manager, Automation, of that account. ' +
        'The outputs of its last step hold the reason and what was changed.',
      sumOf: [counted('failed')],
      periodSeconds: FIVE_MINUTES,
      threshold: 1,
    },
    {
      name: 'OrganizationPackFailed',
      description:
        'For a day the conformance pack has been missing or failed in some accounts, though it was put again: they are not guarded. ' +
        'The log of OriginGuardReconcile names the accounts and the reason. ' +
        'Most often the member stack or the recorder of AWS Config is missing there: look at the StackSet OriginGuardMember first.',
      sumOf: [{ namespace: metricsNamespace, name: PACK_MEMBERS_FAILED, dimensions: { PackName: packName } }],
      periodSeconds: HOUR,
      threshold: 1,
      periods: { of: 24, must: 20 },
    },
    {
      name: 'OrganizationPackMissing',
      description:
        `For ${String(SILENT_HOURS)} hours OriginGuardReconcile has found no conformance pack ${packName}, or has not looked: new accounts stay without it, and perhaps no account is guarded. ` +
        'See in AWS Config whether the pack is there; if not, deploy the stack of the organization again. ' +
        'If it is, see whether the schedule OriginGuardReconcile-Schedule is on, and what the log of the function says. ' +
        'It also sounds between the deployment and the first look.',
      sumOf: [{ namespace: metricsNamespace, name: PACK_MEMBERS, dimensions: { PackName: packName } }],
      ...silentFor(SILENT_HOURS),
    },
    ...(inventoryMaxAgeHours === undefined ? [] : [inventorySilent(metricsNamespace, inventoryMaxAgeHours)]),
    ...functionNames.map((name): Alarm => ({
      name: `${name.replace(/^OriginGuard/, 'Organization')}Fails`,
      description:
        `${name}, a function of the administrator, failed in three of the last four hours, so what it does for the organization is not being done. ` +
        'Accounts stay guarded as they are. Look up the code in its log (docs/errors.md); E2001 and E2005 usually pass, the others need somebody.',
      sumOf: [ofFunction('Errors', name)],
      periodSeconds: HOUR,
      threshold: 1,
      periods: { of: 4, must: 3 },
    })),
    ...(sharesMetrics ? sharedAlarms(metricsNamespace) : []),
  ];
}

/** Nothing was counted in so many hours, or nobody counted. */
const silentFor = (hours: number) =>
  ({
    periodSeconds: HOUR,
    threshold: 1,
    below: true,
    periods: { of: hours, must: hours },
    silence: 'breaching',
  }) as const;

/** Sounds in half the time after which nobody relies on the inventory any more, so that there is the other half to mend it. */
function inventorySilent(namespace: string, maxAgeHours: number): Alarm {
  const hours = Math.min(SILENT_HOURS, Math.max(1, Math.floor(maxAgeHours / 2)));
  return {
    name: 'OrganizationInventorySilent',
    description:
      `For ${String(hours)} hours no inventory of origins in other accounts was finished. From an age of ${String(maxAgeHours)} hours on no account relies on the old one: ` +
      'groups that only distributions of other accounts front keep their last result, and nobody judges them. ' +
      'See whether the schedule OriginGuardInventory-Schedule is on, and look up the code in the log of OriginGuardInventory (docs/errors.md): E2008 names what was denied, E2005 means that the time ran out. ' +
      'It also sounds between the deployment and the first run.',
    sumOf: [{ namespace, name: INVENTORY_SUCCEEDED }],
    ...silentFor(hours),
  };
}

/**
 * Alarms over metrics that the accounts share; Metrics Insights asks for all of them at once.
 *
 * One hour is enough: an account that is blind says so when it sweeps, once a day, so no two hours in a row would.
 */
const sharedAlarms = (namespace: string): readonly Alarm[] => [
  {
    name: 'OrganizationVerdictsMissing',
    description:
      'Within an hour the rules could not tell for some resources of some accounts whether they are open, though AWS Config asked again. ' +
      'They keep their last result in AWS Config, which may be wrong by now. ' +
      'The graph of missing verdicts on the dashboard shows the accounts; the log of OriginGuardRule there names each resource with E2003 and what could not be read.',
    query: sharedQuery(namespace, 'Indeterminate'),
    periodSeconds: HOUR,
    threshold: 1,
  },
  {
    name: 'OrganizationRuleFails',
    description:
      'The function of the rules failed three times within an hour: in one account, an event of AWS Config was lost after its retries, or is about to be. ' +
      'What changed there meanwhile is not judged before the next sweep. ' +
      'The graph of failures on the dashboard shows the accounts. Look up the code in the log of OriginGuardRule there (docs/errors.md); E2001 and E2005 usually pass.',
    query: sharedQuery(namespace, 'Failed'),
    periodSeconds: HOUR,
    threshold: 3,
  },
];

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html */
export const sharedQuery = (namespace: string, metric: string, by?: string): string =>
  `SELECT SUM(${metric}) FROM SCHEMA("${namespace}", RuleId)${by === undefined ? '' : ` GROUP BY ${by}`}`;
