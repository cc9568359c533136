import { DeleteDistributionCommand } from '@aws-sdk/client-cloudfront';
import { CreateManagedPrefixListCommand } from '@aws-sdk/client-ec2';
import type { Fault } from '../support/proxy/faults.js';
import {
  admit,
  awsPrefixList,
  buildEnvironment,
  CLOUDFRONT_LIST,
  createDistribution,
  disableDistribution,
  FROM_ANYWHERE,
  given,
  httpFrom,
  revoke,
} from './support/article-environment.js';
import { changeEvent, groupItem, RULE_NAME, scheduledEvent } from './support/config-event.js';
import { callsOf, prepare, runCase, type Case, type Outcome, type Prepared } from './support/fault-matrix.js';
import { startMoto, type MotoServer } from './support/moto-server.js';
import { startRig, type Rig } from './support/rule-rig.js';

/** Each lane has an account of its own, so that several cases run beside each other; most of them wait most of the time. */
const LANES = Array.from({ length: 9 }, (_, at) => String(at + 1).repeat(12));
const MINUTES = 60_000;

/** Over before it is noticed: the call is made again, and the report is whole. */
const PASSING: readonly Fault[] = [
  { kind: 'throttled' },
  { kind: 'failed' },
  { kind: 'unavailable' },
  { kind: 'reset' },
  { kind: 'reset-in-body' },
  { kind: 'cut' },
  { kind: 'cut-short-of-length' },
  { kind: 'empty' },
  { kind: 'html' },
  { kind: 'slow', milliseconds: 700 },
];
/** There to stay: the invocation fails in its time, so that AWS Config tries again. */
const LASTING: readonly Fault[] = [
  { kind: 'throttled' },
  { kind: 'failed' },
  { kind: 'reset' },
  { kind: 'cut' },
  { kind: 'html' },
  { kind: 'silent' },
];
const DENIED: Fault = { kind: 'denied' };

const PASSING_BUDGET_MS = 20_000;
const LASTING_BUDGET_MS = 6_000;
/** What loading the bundle and noticing the end may take beside the budget, on a busy machine. */
const SLACK_MS = 2_000;

/** What may fail after AWS Config was told; the findings are looked at again then. */
const REPORTING: ReadonlySet<string> = new Set(['PutEvaluations', 'GetFindings', 'BatchImportFindings']);

interface Lane {
  readonly rig: Rig;
  readonly prepared: readonly Prepared[];
}

let moto: MotoServer;
const lanes: Lane[] = [];
const outcomes: (readonly [Case, Outcome])[] = [];

beforeAll(async () => {
  moto = await startMoto();
  lanes.push(...(await Promise.all(LANES.map((accountId) => openLane(accountId)))));
  const [first] = lanes;
  const cases = given(first).prepared.flatMap(casesOf);
  await Promise.all(lanes.map((lane) => drive(lane, cases)));
}, 10 * MINUTES);

afterAll(async () => {
  await Promise.all(lanes.map(({ rig }) => rig.stop()));
  await moto.stop();
});

/** Takes one case after the other until none is left. */
async function drive({ rig, prepared }: Lane, cases: Case[]): Promise<void> {
  for (let next = cases.shift(); next !== undefined; next = cases.shift()) {
    const disturbed = next;
    const own = given(prepared.find(({ scenario }) => scenario.name === disturbed.scenario));
    const lasts = disturbed.times === 'always' && disturbed.fault.kind !== 'denied';
    outcomes.push([disturbed, await runCase(rig, own, disturbed, lasts ? LASTING_BUDGET_MS : PASSING_BUDGET_MS)]);
  }
}

/** Every call with every fault; the ones that take long stand between the others. */
function casesOf(prepared: Prepared): Case[] {
  const scenario = prepared.scenario.name;
  const calls = callsOf(prepared);
  return [
    ...LASTING.flatMap((fault) => calls.map((at): Case => ({ scenario, ...at, fault, times: 'always' }))),
    ...calls.map((at): Case => ({ scenario, ...at, fault: DENIED, times: 'always' })),
    ...PASSING.flatMap((fault) => calls.map((at): Case => ({ scenario, ...at, fault, times: 'once' }))),
    // One is enough: it takes until the attempt times out.
    { scenario, operation: 'DescribeLoadBalancers', call: 1, fault: { kind: 'silent' }, times: 'once' },
  ];
}

/** An account with open groups, a closed one, and one whose distribution has gone since the last sweep. */
async function openLane(accountId: string): Promise<Lane> {
  const rig = await startRig(moto, { accountId, pageSize: 2, parameters: { allowedCidrs: '203.0.113.0/24' } });
  const { clients } = rig;
  const { PrefixList } = await clients.ec2.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'office',
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: [{ Cidr: '203.0.113.0/25' }],
    }),
  );
  const office = httpFrom({ PrefixListIds: [{ PrefixListId: given(PrefixList?.PrefixListId) }] });
  const open = await buildEnvironment(clients, { name: 'open', ingress: [FROM_ANYWHERE, office] });
  const closed = await buildEnvironment(clients, { name: 'closed' });
  await admit(
    clients,
    closed.groupId,
    httpFrom({ PrefixListIds: [{ PrefixListId: await awsPrefixList(clients, CLOUDFRONT_LIST) }] }),
  );
  await revoke(clients, closed.groupId, closed.ruleIds);
  const leaves = [
    await buildEnvironment(clients, { name: 'first' }),
    await buildEnvironment(clients, { name: 'second' }),
  ];
  // With it the distributions that stay take two pages.
  await createDistribution(clients, 'bucket', 'bucket.s3.amazonaws.com');
  const swept = await rig.invoke(scheduledEvent(rig.rule));
  if (!swept.ok) throw new Error(`the first sweep failed: ${String(swept.errorMessage)}`);
  const held = { results: rig.config.resultsOf(RULE_NAME), findings: await rig.findings() };
  for (const { distributionId } of leaves) {
    const Id = given(distributionId ?? undefined);
    const IfMatch = await disableDistribution(clients, Id);
    await clients.cloudfront.send(new DeleteDistributionCommand({ Id, IfMatch }));
  }
  const change = changeEvent(rig.rule, await groupItem(clients, open.groupId));
  const prepared = [
    await prepare(rig, { name: 'a change of an open group', event: change, results: [], findings: [] }),
    await prepare(rig, { name: 'a sweep', event: scheduledEvent(rig.rule), ...held }),
  ];
  return { rig, prepared };
}

const nameOf = ({ scenario, operation, call, fault, times }: Case): string =>
  `${scenario}: ${operation} ${String(call)} ${fault.kind} ${times}`;

/** The cases of one kind that did not end as they must, in words; there are some of the kind. */
function failuresOf(
  kind: Fault['kind'],
  times: Case['times'],
  judge: (outcome: Outcome, given: Case) => string | null,
  atLeast = 20,
): string[] {
  const chosen = outcomes.filter(([{ fault, times: own }]) => fault.kind === kind && own === times);
  expect(chosen.length).toBeGreaterThanOrEqual(atLeast);
  return chosen.flatMap(([disturbed, outcome]) => {
    const why = outcome.wrong ?? judge(outcome, disturbed);
    return why === null ? [] : [`${nameOf(disturbed)}: ${why}`];
  });
}

const countEach = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(names.map((name) => [name, names.filter((other) => other === name).length]));

it('undisturbed, the two events tell what is so', () => {
  for (const { prepared } of lanes) {
    const [change, sweep] = prepared.map(({ right }) => right.put.map(({ compliance }) => compliance).sort());
    expect(change).toEqual(['NON_COMPLIANT']);
    expect(sweep).toEqual(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'NOT_APPLICABLE']);
    // Every call below is disturbed in turn.
    const once = {
      ...{ DescribeLoadBalancers: 1, DescribeSecurityGroupRules: 1, DescribeSecurityGroups: 1 },
      ...{ DescribeManagedPrefixLists: 1, GetManagedPrefixListEntries: 1, PutEvaluations: 1, BatchImportFindings: 1 },
    };
    const [changed, swept] = prepared.map(({ calls }) => countEach(calls));
    expect(changed).toEqual({ ...once, ListDistributions: 2, GetFindings: 1 });
    const reread = { ListDistributions: 2, GetFindings: 2, GetComplianceDetailsByConfigRule: 2 };
    expect(swept).toEqual({ ...once, ...reread, DescribeTags: 1 });
  }
});

const mustSucceed = ({ ok, code }: Outcome): string | null => (ok ? null : `failed with ${String(code)}`);

it.each(PASSING)('$kind once, at each call in turn: the report is whole', ({ kind }) => {
  expect(failuresOf(kind, 'once', mustSucceed)).toEqual([]);
});

it('silent once: the call is given up in time to be made again', () => {
  expect(failuresOf('silent', 'once', mustSucceed, 2)).toEqual([]);
});

it.each(LASTING)(
  '$kind from some call on, at each in turn: fails with a code, in time, nothing wrong told',
  ({ kind }) => {
    const judge = ({ ok, told, milliseconds }: Outcome, { operation }: Case): string | null => {
      if (ok) return 'did not fail';
      if (told > 0 && !REPORTING.has(operation)) return 'told something before everything was read';
      return milliseconds > LASTING_BUDGET_MS + SLACK_MS ? `took ${String(milliseconds)} ms` : null;
    };
    expect(failuresOf(kind, 'always', judge)).toEqual([]);
  },
);

/** The code with which an event ends for want of one permission; `null` where the verdicts stand without it. */
const WITHOUT: Readonly<Record<string, readonly [change: string | null, sweep: string | null]>> = {
  DescribeLoadBalancers: ['E2003', 'E2003'],
  ListDistributions: ['E2003', 'E2003'],
  // Each of the two tells of the rules, if need be; the tags of an open group, which may exempt it, come with one only.
  DescribeSecurityGroups: ['E2003', 'E2003'],
  DescribeSecurityGroupRules: [null, null],
  // One of the groups of the sweep hangs on the prefix lists; the open one is open whatever they are.
  DescribeManagedPrefixLists: [null, 'E2003'],
  GetManagedPrefixListEntries: [null, null],
  // A tag might declare the load balancers that lost their distribution.
  DescribeTags: [null, 'E2003'],
  GetComplianceDetailsByConfigRule: [null, 'E2003'],
  PutEvaluations: ['E2002', 'E2002'],
  GetFindings: ['E2004', 'E2004'],
  BatchImportFindings: ['E2004', 'E2004'],
};

it('denied, at each call in turn: fails for want of evidence or needs none of it, nothing wrong told', () => {
  expect(failuresOf('denied', 'always', () => null)).toEqual([]);
  for (const [disturbed, { code }] of outcomes.filter(([{ fault }]) => fault.kind === 'denied')) {
    const [change, sweep] = WITHOUT[disturbed.operation] ?? ['unknown', 'unknown'];
    const expected = disturbed.scenario === 'a sweep' ? sweep : change;
    expect([nameOf(disturbed), code]).toEqual([nameOf(disturbed), expected]);
  }
});
