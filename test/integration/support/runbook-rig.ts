import * as ec2 from '@aws-sdk/client-ec2';
import * as elbv2 from '@aws-sdk/client-elastic-load-balancing-v2';
import * as ssm from '@aws-sdk/client-ssm';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { remediateRunbook } from '../../../remediation/alb-sg-cloudfront-only/runbook.js';
import { rollbackRunbook } from '../../../remediation/alb-sg-cloudfront-only/rollback-runbook.js';
import { renderRunbook } from '../../../remediation/runbook/render.js';
import { PLANNER_ROLE } from '../../../infra/names.js';
import { callWatcher } from '../../support/iam-proof/recorded-calls.js';
import { recordedDoors, type TagsOf } from '../../support/iam-proof/recorded-doors.js';
import type { Payload, RunOptions } from '../../support/runbook/doors.js';
import { runDocument } from '../../support/runbook/interpreter.js';
import { startProxy, type RecordingProxy, type StandIn } from '../../support/proxy/recording-proxy.js';
import { startFunction, type RunningFunction } from '../../support/run-function.js';
import { given, type Environment } from './article-environment.js';
import { clientsFor, DEFAULT_ACCOUNT, defaultCaller, type Caller, type Clients } from './caller.js';
import { countCalls } from './rule-rig.js';
import { plannerStandIn } from './planner-stand-in.js';
import type { World } from './world.js';

/** Where the rig takes the runbooks and the planner from. */
export interface RunbookParts {
  readonly documents: Readonly<Record<string, object>>;
  /** The file of the planner. */
  readonly planner: string;
}

const BUILT: RunbookParts = {
  documents: {
    'OriginGuard-Remediate-v1': renderRunbook(remediateRunbook()),
    'OriginGuard-Rollback-v1': renderRunbook(rollbackRunbook()),
  },
  planner: join(__dirname, '..', '..', '..', 'dist', 'functions', 'plan-remediation.js'),
};

const WRITES: ReadonlySet<string> = new Set([
  'AuthorizeSecurityGroupIngress',
  'CreateSecurityGroup',
  'PutParameter',
  'RevokeSecurityGroupIngress',
  'SetSecurityGroups',
]);

/** moto takes any key; by this one, the calls of the planner can be told from those of everybody else. */
const PLANNER: Caller = { ...defaultCaller, accessKeyId: 'planner' };

type Ended = Awaited<ReturnType<typeof runDocument>>;

/** The runbooks over moto: their API calls made by the SDK, the planner asked in the very bundle that Lambda would run. */
export interface RunbookRig {
  readonly clients: Clients;
  /** The same clients as those of the runbooks. */
  readonly ec2: ec2.EC2Client;
  readonly ssm: ssm.SSMClient;
  readonly proxy: RecordingProxy;
  /** Runs the fixer on a group, not dry. */
  readonly fix: (groupId: string, parameters?: Payload, options?: Partial<RunOptions>) => Promise<Ended>;
  /** Undoes a run. */
  readonly undo: (groupId: string, recordId: string, options?: Partial<RunOptions>) => Promise<Ended>;
  /** What the planner answers to one question. */
  readonly ask: (payload: Payload) => Promise<Readonly<Record<string, unknown>>>;
  /** Gives the load balancer the interface that Elastic Load Balancing would make, which moto does not. */
  readonly addInterface: (environment: Environment) => Promise<void>;
  /** The calls that change something, in order, since the proxy last forgot. */
  readonly writes: () => readonly string[];
  readonly calls: () => Readonly<Record<string, number>>;
  readonly stop: () => Promise<void>;
}

let runs = 0;
/** The id of one more execution. */
export const nextRun = (): string => `00000000-0000-4000-8000-${String((runs += 1)).padStart(12, '0')}`;

export async function startRunbookRig(
  { moto, folder }: World,
  settings: Readonly<Record<string, string>> = {},
  standIns: readonly StandIn[] = [],
  { documents, planner }: RunbookParts = BUILT,
): Promise<RunbookRig> {
  const { region, ...credentials } = defaultCaller;
  const home = { accountId: DEFAULT_ACCOUNT, region };
  const watch = callWatcher(PLANNER_ROLE, home, { only: PLANNER.accessKeyId });
  const proxy = await startProxy({ behind: moto.url, standIns: [...standIns, plannerStandIn()], watch });
  const client = { endpoint: proxy.url, region, credentials, maxAttempts: 1 };
  const services = {
    ec2: [new ec2.EC2Client(client), ec2],
    elbv2: [new elbv2.ElasticLoadBalancingV2Client(client), elbv2],
    ssm: [new ssm.SSMClient(client), ssm],
  } as const;
  const interfaces = new Map<string, string>();
  const clients = clientsFor(moto, defaultCaller);
  let running: Promise<RunningFunction> | undefined;

  const ask = async (payload: Payload): Promise<Readonly<Record<string, unknown>>> => {
    running ??= startFunction({
      endpoint: proxy.url,
      caller: PLANNER,
      accountId: DEFAULT_ACCOUNT,
      load: 'once',
      bundle: impatientBundle(folder, planner),
    });
    const invoked = await (await running).invoke(payload, { budgetMs: 60_000, settings });
    if (!invoked.ok) throw new Error(`${String(invoked.errorType)}: ${String(invoked.errorMessage)}`);
    return invoked.result as Readonly<Record<string, unknown>>;
  };

  const callApi: RunOptions['doors']['callApi'] = async (service, api, params) => {
    const [sender, module] = services[service as keyof typeof services];
    const Command = (module as unknown as Readonly<Record<string, new (input: Payload) => never>>)[`${api}Command`]!;
    const answer: unknown = await (sender as { send: (command: never) => Promise<unknown> }).send(new Command(params));
    if (api === 'SetSecurityGroups') await follow(params);
    return answer;
  };

  /** On AWS the interfaces of a load balancer get the groups that it gets. */
  const follow = async ({ LoadBalancerArn, SecurityGroups }: Payload): Promise<void> => {
    const id = interfaces.get(String(LoadBalancerArn));
    if (id === undefined) return;
    const Groups = SecurityGroups as string[];
    await clients.ec2.send(new ec2.ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId: id, Groups }));
  };

  const run = (name: string, parameters: Payload, options: Partial<RunOptions>): Promise<Ended> =>
    runDocument(documents[name]!, parameters, {
      region,
      accountId: DEFAULT_ACCOUNT,
      ...options,
      doors: recordedDoors(
        {
          invokeLambda: (_, payload) => ask(payload),
          callApi,
          approve: () => Promise.resolve(true),
          documentNamed: (document) => documents[document] ?? null,
        },
        home,
        tagsOfChanged(clients),
      ),
    });

  return {
    clients,
    ec2: services.ec2[0],
    ssm: services.ssm[0],
    proxy,
    ask,
    fix: (SecurityGroupId, parameters = {}, options = {}) =>
      run('OriginGuard-Remediate-v1', { SecurityGroupId, DryRun: 'false', ...parameters }, options),
    undo: (SecurityGroupId, RecordId, options = {}) =>
      run('OriginGuard-Rollback-v1', { SecurityGroupId, RecordId }, { executionId: nextRun(), ...options }),
    addInterface: async ({ loadBalancerArn, groupId, vpcId }) => {
      const { Subnets = [] } = await clients.ec2.send(
        new ec2.DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcId] }] }),
      );
      const { NetworkInterface } = await clients.ec2.send(
        new ec2.CreateNetworkInterfaceCommand({
          SubnetId: given(Subnets[0]?.SubnetId),
          Groups: [groupId],
          Description: `ELB ${loadBalancerArn.slice(loadBalancerArn.indexOf('app/'))}`,
        }),
      );
      interfaces.set(loadBalancerArn, given(NetworkInterface?.NetworkInterfaceId));
    },
    writes: () => proxy.recorded().flatMap(({ operation }) => (WRITES.has(operation) ? [operation] : [])),
    calls: () => countCalls(proxy.recorded()),
    stop: async () => {
      await (await running)?.end();
      await proxy.stop();
    },
  };
}

/** One rig for every test of a file, made before each of them and stopped after it. */
export function useRunbookRig(world: World): RunbookRig {
  const rig = {} as RunbookRig;
  beforeEach(async () => {
    Object.assign(rig, await startRunbookRig(world));
  });
  afterEach(() => rig.stop());
  return rig;
}

/** The tags of the group or load balancer that a call changes, as they are before it. */
const tagsOfChanged =
  (clients: Clients): TagsOf =>
  async (api, { GroupId, LoadBalancerArn }) => {
    if (typeof GroupId === 'string') {
      const command = new ec2.DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [GroupId] }] });
      return tagsIn((await clients.ec2.send(command)).Tags);
    }
    if (api !== 'SetSecurityGroups') return {};
    const command = new elbv2.DescribeTagsCommand({ ResourceArns: [String(LoadBalancerArn)] });
    return tagsIn((await clients.elbv2.send(command)).TagDescriptions?.[0]?.Tags);
  };

const tagsIn = (
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): Readonly<Record<string, string>> => Object.fromEntries(tags.map(({ Key, Value }) => [given(Key), Value ?? '']));

/** The planner's bundle, which waits for what it looks for no longer than a blink: moto shows a change at once. */
function impatientBundle(folder: string, bundle: string): string {
  const path = join(folder, 'planner.js');
  writeFileSync(
    path,
    `const timers = require('node:timers/promises');
const wait = timers.setTimeout;
timers.setTimeout = (milliseconds, ...rest) => wait(Math.min(milliseconds, 20), ...rest);
module.exports = require(${JSON.stringify(bundle)});
`,
  );
  return path;
}
