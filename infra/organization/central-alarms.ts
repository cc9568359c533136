import { FIVE_MINUTES, HOUR, type AlarmProps, type Counted } from '../monitoring/alarm.js';
import { ofFunction } from '../monitoring/member-alarms.js';
import { CENTRAL_NAMESPACE } from './central-namespace.js';
import { EVENT_COUNTS } from './event-counts.js';

export interface CentralAlarmProps {
  readonly packName: string;
  readonly functionNames: readonly string[];
  readonly sharesMetrics?: boolean;
  readonly metricsNamespace?: string;
}

/** As report/pack-metrics.ts writes it; a test holds the two together, because infra reads no reports. */
export const PACK_MEMBERS_FAILED = 'PackMembersFailed';

type Alarm = Omit<AlarmProps, 'on' | 'topicArn'>;

/** What is counted over the events of all accounts. */
export const counted = (name: keyof typeof EVENT_COUNTS): Counted => ({
  namespace: CENTRAL_NAMESPACE,
  name: EVENT_COUNTS[name].metric,
});

/** The alarms of the whole organization: a handful, whatever the number of accounts. The first one is to be woken by. */
export function centralAlarms(props: CentralAlarmProps): readonly Alarm[] {
  const { packName, functionNames, sharesMetrics = false, metricsNamespace = 'OriginGuard' } = props;
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

/** Alarms over metrics that the accounts share; Metrics Insights asks for all of them at once. */
const sharedAlarms = (namespace: string): readonly Alarm[] => [
  {
    name: 'OrganizationVerdictsMissing',
    description:
      'For three hours the rules have not been able to tell for some resources of some accounts whether they are open. ' +
      'They keep their last result in AWS Config, which may be wrong by now. ' +
      'The graph of missing verdicts on the dashboard shows the accounts; the log of OriginGuardRule there names each resource with E2003 and what could not be read.',
    query: sharedQuery(namespace, 'Indeterminate'),
    periodSeconds: HOUR,
    threshold: 1,
    periods: { of: 3, must: 3 },
  },
  {
    name: 'OrganizationRuleFails',
    description:
      'For three hours the function of the rules has been failing in some accounts: changes there may go unjudged until the next sweep. ' +
      'The graph of failures on the dashboard shows the accounts. Look up the code in the log of OriginGuardRule there (docs/errors.md).',
    query: sharedQuery(namespace, 'Failed'),
    periodSeconds: HOUR,
    threshold: 3,
    periods: { of: 3, must: 3 },
  },
];

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html */
export const sharedQuery = (namespace: string, metric: string, by?: string): string =>
  `SELECT SUM(${metric}) FROM SCHEMA("${namespace}", RuleId)${by === undefined ? '' : ` GROUP BY ${by}`}`;
