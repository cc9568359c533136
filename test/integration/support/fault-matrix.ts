import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import type { HeldResult } from '../../support/proxy/config-stand-in.js';
import type { Fault } from '../../support/proxy/faults.js';
import type { Strike } from '../../support/proxy/recording-proxy.js';
import type { Rig } from './rule-rig.js';

/** A state of an account, and an event that the function answers in it. */
export interface Scenario {
  readonly name: string;
  readonly event: object;
  /** What AWS Config and Security Hub hold before the event. */
  readonly results: readonly HeldResult[];
  readonly findings: readonly AwsSecurityFinding[];
}

/** What one invocation told AWS Config, and what Security Hub holds after it. */
interface Report {
  readonly put: readonly HeldResult[];
  readonly findings: readonly AwsSecurityFinding[];
}

/** A report as texts that can be compared. */
interface Said {
  /** Each result that was put, once. */
  readonly put: readonly string[];
  /** Findings by id. */
  readonly findings: ReadonlyMap<string, string>;
}

/** Every word counts, or only who got which verdict: a read that is denied is named in the words. */
type Exactness = 'words' | 'verdicts';

/** A scenario in one account, with what an undisturbed run does. */
export interface Prepared {
  readonly scenario: Scenario;
  readonly right: Report;
  /** The operations called, in order; one that is called twice is there twice. */
  readonly calls: readonly string[];
}

/** One call that suffers one fault. */
export interface Case {
  readonly scenario: string;
  readonly operation: string;
  /** Which call of the operation. */
  readonly call: number;
  readonly fault: Fault;
  readonly times: Strike['times'];
}

export interface Outcome {
  readonly ok: boolean;
  /** How many different results were put. */
  readonly told: number;
  /** The code of the error. */
  readonly code: string | null;
  /** What is wrong about the end of the run, or `null`. */
  readonly wrong: string | null;
  readonly milliseconds: number;
}

/** Runs a scenario undisturbed, and keeps what it did as what is right. */
export async function prepare(rig: Rig, scenario: Scenario): Promise<Prepared> {
  await restore(rig, scenario);
  const invoked = await rig.invoke(scenario.event);
  if (!invoked.ok) throw new Error(`${scenario.name}, undisturbed: ${String(invoked.errorMessage)}`);
  return {
    scenario,
    right: await reportOf(rig),
    calls: rig.proxy.recorded().map(({ operation }) => operation),
  };
}

/** Every call of an undisturbed run, with which call of its operation it is. */
export function callsOf({ calls }: Prepared): readonly Pick<Case, 'operation' | 'call'>[] {
  return calls.map((operation, index) => ({
    operation,
    call: calls.slice(0, index + 1).filter((other) => other === operation).length,
  }));
}

/** Runs a scenario with one call disturbed; says what is wrong about how it ended. */
export async function runCase(rig: Rig, prepared: Prepared, disturbed: Case, budgetMs: number): Promise<Outcome> {
  const { operation, call, fault, times } = disturbed;
  await restore(rig, prepared.scenario);
  rig.proxy.strike({ operation, call, fault, times });
  const invoked = await rig.invoke(prepared.scenario.event, { budgetMs });
  const hit = rig.proxy.allStruck();
  const code = /^(E\d{4}): /.exec(invoked.errorMessage ?? '')?.[1] ?? null;
  const exactness = fault.kind === 'denied' ? 'verdicts' : 'words';
  const { scenario } = prepared;
  const right = said(prepared.right, scenario, exactness);
  const found = said(await reportOf(rig), scenario, exactness);
  const before = said({ put: [], findings: scenario.findings }, scenario, exactness);
  const wrong = !hit
    ? 'the fault did not strike'
    : invoked.ok
      ? differenceFrom(right, found)
      : code?.startsWith('E2') === true
        ? wrongInFailure(right, found, before.findings)
        : `failed with ${String(invoked.errorType)}: ${String(invoked.errorMessage)}`;
  return { ok: invoked.ok, told: found.put.length, code, wrong, milliseconds: invoked.milliseconds };
}

async function restore(rig: Rig, { results, findings }: Scenario): Promise<void> {
  await rig.forget();
  rig.config.hold(rig.rule.name, results);
  await rig.importFindings(findings);
  rig.proxy.forget();
}

const reportOf = async (rig: Rig): Promise<Report> => ({
  put: [...rig.config.put()],
  findings: await rig.findings(),
});

function said({ put, findings }: Report, { findings: before }: Scenario, exactness: Exactness): Said {
  const results = put.map((result) =>
    JSON.stringify(exactness === 'words' ? result : { ...result, annotation: 'some words' }),
  );
  const isOld = ({ Id }: AwsSecurityFinding): boolean => before.some((old) => old.Id === Id);
  return {
    put: [...new Set(results)].sort(),
    findings: new Map(findings.map((each) => [each.Id ?? '', textOf(each, isOld(each), exactness)])),
  };
}

const VERDICT_MEMBERS: readonly string[] = ['Id', 'Compliance', 'RecordState', 'CreatedAt'];

/** The instants of a run differ; that of its creation is kept by a finding that was there before. */
function textOf(finding: AwsSecurityFinding, isOld: boolean, exactness: Exactness): string {
  const members = Object.entries(finding)
    .filter(([key, value]) => value !== undefined && (exactness === 'words' || VERDICT_MEMBERS.includes(key)))
    .map(([key, value]): [string, unknown] =>
      key.endsWith('At') && !(isOld && key === 'CreatedAt') ? [key, 'some time'] : [key, value],
    );
  return JSON.stringify(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function differenceFrom(right: Said, report: Said): string | null {
  const lost = right.put.filter((each) => !report.put.includes(each));
  const added = report.put.filter((each) => !right.put.includes(each));
  if (lost.length + added.length > 0) return `put ${added.join(' ')} and not ${lost.join(' ')}`;
  for (const [id, text] of right.findings)
    if (report.findings.get(id) !== text) return `finding ${id}: ${textDifference(report.findings.get(id), text)}`;
  return report.findings.size === right.findings.size ? null : 'a finding too many';
}

/** Two texts from where they begin to differ. */
function textDifference(found: string | undefined, right: string): string {
  if (found === undefined) return 'missing';
  let at = 0;
  while (at < right.length && found[at] === right[at]) at += 1;
  const from = Math.max(0, at - 60);
  return `${found.slice(from, from + 160)} and not ${right.slice(from, from + 160)}`;
}

const isRetirement = (put: string): boolean => put.includes('"NOT_APPLICABLE"');

/** A run that failed may have told everything, or nothing; for what was denied it keeps quiet about the rest. */
function wrongInFailure(right: Said, found: Said, before: Said['findings']): string | null {
  const added = found.put.find((each) => !right.put.includes(each));
  if (added !== undefined) return `failed, and put ${added}`;
  const retired = found.put.filter(isRetirement).length;
  if (retired > 0 && retired < right.put.filter(isRetirement).length) return `retired ${String(retired)} results only`;
  for (const [id, text] of found.findings)
    if (text !== right.findings.get(id) && text !== before.get(id)) return `failed, and left the finding ${text}`;
  const vanished = [...before.keys()].find((id) => !found.findings.has(id));
  return vanished === undefined ? null : `failed, and lost the finding ${vanished}`;
}
