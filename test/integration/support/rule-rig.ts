import {
  BatchImportFindingsCommand,
  DisableSecurityHubCommand,
  EnableSecurityHubCommand,
  GetFindingsCommand,
  SecurityHubClient,
  type AwsSecurityFinding,
} from '@aws-sdk/client-securityhub';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { RULE_ROLE } from '../../../infra/names.js';
import { callWatcher } from '../../support/iam-proof/recorded-calls.js';
import { configStandIn, type ConfigStandIn } from '../../support/proxy/config-stand-in.js';
import { startProxy, type Recorded, type RecordingProxy, type StandIn } from '../../support/proxy/recording-proxy.js';
import { securityHubStandIn } from '../../support/proxy/security-hub-stand-in.js';
import { startFunction, type Invoked, type InvokeOptions, type RunningFunction } from '../../support/run-function.js';
import { given } from './article-environment.js';
import { clientsFor, DEFAULT_ACCOUNT, defaultCaller, type Caller, type Clients } from './caller.js';
import { RULE_NAME, type InvokingRule } from './config-event.js';
import type { MotoServer } from './moto-server.js';

/** One account in which the rule's function runs, and everything that watches it. */
export interface Rig {
  readonly accountId: string;
  readonly clients: Clients;
  readonly proxy: RecordingProxy;
  readonly config: ConfigStandIn;
  readonly rule: InvokingRule;
  /** Invokes the function as if it had just been started. */
  readonly invoke: (event: unknown, options?: InvokeOptions) => Promise<Invoked>;
  /** A process of the function for several events, which keeps what it keeps from one to the next. */
  readonly warm: () => Promise<RunningFunction>;
  /** How often each operation was called, attempts included, since the proxy last forgot. */
  readonly calls: () => Readonly<Record<string, number>>;
  /** Every finding that Security Hub holds, by id. */
  readonly findings: () => Promise<readonly AwsSecurityFinding[]>;
  /** Puts findings into Security Hub as they are. */
  readonly importFindings: (findings: readonly AwsSecurityFinding[]) => Promise<void>;
  readonly switchSecurityHub: (to: 'on' | 'off') => Promise<void>;
  /** No findings, no results, nothing recorded, no faults; what the account holds else stays. */
  readonly forget: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface RigOptions {
  /** @default - moto's own account */
  readonly accountId?: string;
  /** @default us-east-1 */
  readonly region?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Asked before every other stand-in. */
  readonly standIns?: readonly StandIn[];
  /** The largest page of distributions, results and findings, whatever is asked for. @default 100 */
  readonly pageSize?: number;
  /** The file of the function. @default - what `npm run build` made */
  readonly bundle?: string;
}

const ENDED: ReadonlySet<string | null> = new Set(['Sandbox.Timedout', 'Runtime.ExitError']);

/** moto pages distributions as it is asked to. */
const distributionPages =
  (pageSize: number): StandIn =>
  ({ called, path, forward }) => {
    if (called.operation !== 'ListDistributions') return null;
    const [bare = '', query = ''] = path.split('?');
    const asked = new URLSearchParams(query);
    asked.set('MaxItems', String(Math.min(pageSize, Number(asked.get('MaxItems') ?? pageSize))));
    return forward({ path: `${bare}?${asked.toString()}` });
  };

/** Sets up an account with Security Hub switched on, its Config rule, and the proxy through which the function speaks. */
export async function startRig(moto: MotoServer, options: RigOptions = {}): Promise<Rig> {
  const { accountId = DEFAULT_ACCOUNT, region = 'us-east-1', parameters, pageSize = 100, bundle } = options;
  const caller = await callerOf(moto, accountId, region);
  const config = configStandIn({ pageSize });
  const standIns = [
    ...(options.standIns ?? []),
    config.standIn,
    securityHubStandIn({ pageSize }),
    distributionPages(pageSize),
  ];
  // moto takes any key for its own account; by this one, the calls of the function can be told from those of a test.
  const own = accountId === DEFAULT_ACCOUNT ? { ...caller, accessKeyId: 'rule' } : caller;
  const watch = callWatcher(RULE_ROLE, { accountId, region }, { only: own.accessKeyId });
  const proxy = await startProxy({ behind: moto.url, standIns, watch });
  const { region: at, ...credentials } = caller;
  const hub = new SecurityHubClient({ endpoint: moto.url, region: at, credentials });
  const functionOptions = { endpoint: proxy.url, caller: own, accountId, ...(bundle !== undefined && { bundle }) };
  let running: Promise<RunningFunction> | undefined;
  const rig: Rig = {
    accountId,
    clients: clientsFor(moto, caller),
    proxy,
    config,
    rule: {
      name: RULE_NAME,
      accountId,
      region,
      resultToken: config.tokenFor(RULE_NAME),
      ...(parameters !== undefined && { parameters }),
    },
    invoke: async (event, more) => {
      running ??= startFunction({ ...functionOptions, load: 'each-time' });
      const invoked = await (await running).invoke(event, more);
      // Lambda ends the process of a function that did not end in time, and so does the one here.
      if (ENDED.has(invoked.errorType)) running = undefined;
      return invoked;
    },
    warm: () => startFunction({ ...functionOptions, load: 'once' }),
    calls: () => countCalls(proxy.recorded()),
    findings: async () => {
      const { Findings = [] } = await hub.send(new GetFindingsCommand({ MaxResults: 100 }));
      return [...Findings].sort((a, b) => (given(a.Id) < given(b.Id) ? -1 : 1));
    },
    importFindings: async (findings) => {
      if (findings.length > 0) await hub.send(new BatchImportFindingsCommand({ Findings: [...findings] }));
    },
    switchSecurityHub: async (to) => {
      await hub.send(to === 'on' ? new EnableSecurityHubCommand() : new DisableSecurityHubCommand());
    },
    forget: async () => {
      // Switching it off is how moto forgets findings.
      await rig.switchSecurityHub('off');
      await rig.switchSecurityHub('on');
      config.forget();
      proxy.forget();
    },
    stop: async () => {
      await (await running)?.end();
      await proxy.stop();
    },
  };
  await rig.switchSecurityHub('on');
  return rig;
}

/** Calls by operation, in the order of the alphabet. */
export function countCalls(recorded: readonly Recorded[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { operation } of recorded) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Keys of an account: of a role there, unless it is moto's own. */
export async function callerOf({ url }: MotoServer, accountId: string, region: string): Promise<Caller> {
  if (accountId === DEFAULT_ACCOUNT) return { ...defaultCaller, region };
  const { region: _, ...credentials } = defaultCaller;
  const sts = new STSClient({ endpoint: url, region, credentials });
  const role = { RoleArn: `arn:aws:iam::${accountId}:role/function`, RoleSessionName: 'integration-test' };
  const { Credentials } = await sts.send(new AssumeRoleCommand(role));
  return {
    region,
    accessKeyId: given(Credentials?.AccessKeyId),
    secretAccessKey: given(Credentials?.SecretAccessKey),
    sessionToken: given(Credentials?.SessionToken),
  };
}
