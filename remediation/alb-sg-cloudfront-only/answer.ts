import { OriginGuardError } from '../../core/errors.js';
import type { RemediationMode } from '../../core/remediation-mode.js';
import { known, type Fact } from '../../core/fact.js';
import type { Scope } from '../../core/ids.js';
import type { SecurityGroup } from '../../core/model/security-group.js';
import type { PlanningPorts } from '../../core/planning.js';
import type { AlbSgParams } from '../../rules/alb-sg-cloudfront-only/params.js';
import { gapsOf } from './ask.js';
import type { Digest } from './fingerprint.js';
import { planGroup, type Planned } from './gather-plan.js';
import type { PlanOptions } from './options.js';
import type { PlannerRequest, RequestOf } from './request.js';
import type { PlanResult, VerifyResult } from './result.js';
import { answerRollback } from './rollback.js';
import { gatherSight, type Sight } from './sight.js';
import { refusedByMode } from './started.js';
import { refusal, toPlanResult, toVerifyResult } from './to-result.js';
import { judgeAfter, judgeAuthorized, judgeGuard, judgeTargets, type Finding } from './verify.js';

export interface PlannerDeps {
  /** The account and Region in which the planner runs; it plans for no other. */
  readonly own: Scope;
  /** Ports that remember nothing of an earlier look. */
  readonly freshPorts: () => PlanningPorts;
  readonly params: AlbSgParams;
  /** What the deployment chose; the request adds what the operator opted in to. */
  readonly settings: Pick<PlanOptions, 'iacManaged' | 'iacTagKeys' | 'portMerge' | 'quotaModel'>;
  /** What runs this account allows. */
  readonly remediationMode: RemediationMode;
  /** ISO 8601. */
  readonly now: () => string;
  readonly digest: Digest;
  /** Waits for so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** How often and how long a verifying mode looks again: EC2 shows a change with a delay. In milliseconds. */
const LOOK_AGAIN_MS = 5_000;
const PATIENCE = { authorized: 6, targets: 6, restored: 6, after: 12 } as const;

/**
 * Answers one question of a runbook from fresh facts. Expected outcomes are data, refusals too.
 *
 * Raises what the reads of a plan raise; a verifying mode answers `UNKNOWN` in place of an error of AWS, since the runbook
 * must then keep what there is.
 */
export async function answerPlanner(request: PlannerRequest, deps: PlannerDeps): Promise<PlanResult | VerifyResult> {
  switch (request.mode) {
    case 'plan':
      return answerPlan(request, deps);
    case 'rollback':
      return answerUndone(request, deps);
    case 'guard':
      return toVerifyResult('guard', await lookAgain(request, deps));
    case 'verifyAuthorized':
      return toVerifyResult(
        'verifyAuthorized',
        await patiently(PATIENCE.authorized, deps, ['OK', 'ALREADY_OK', 'STALE'], () => lookAuthorized(request, deps)),
      );
    case 'swapTargets':
      return answerTargets(request, deps);
    case 'verify':
      return toVerifyResult('verify', await patiently(PATIENCE.after, deps, ['OK'], () => lookAfter(request, deps)));
  }
}

type Chosen = Pick<
  RequestOf<'plan'>,
  'securityGroupId' | 'allowSplit' | 'allowSwap' | 'revokePrivateSources' | 'revokeSecurityGroupSources'
>;

function plan(
  ports: PlanningPorts,
  chosen: Chosen,
  { own, params, settings, now, digest }: PlannerDeps,
): Promise<Planned> {
  const { securityGroupId, allowSplit, allowSwap, revokePrivateSources, revokeSecurityGroupSources } = chosen;
  const options = { ...settings, allowSplit, allowSwap, revokePrivateSources, revokeSecurityGroupSources };
  return planGroup(ports, securityGroupId, own, { params, options, now: now(), digest });
}

async function lookAgain(request: RequestOf<'guard'>, deps: PlannerDeps): Promise<Finding> {
  const refused = refusedByMode(deps.remediationMode, request);
  if (refused !== null) return { outcome: 'STALE', detail: `REMEDIATION_MODE: ${refused}` };
  return judgeGuard(await plan(deps.freshPorts(), request, deps), request.fingerprint);
}

async function answerPlan(request: RequestOf<'plan'>, deps: PlannerDeps): Promise<PlanResult> {
  const refused = refusedByMode(deps.remediationMode, request);
  if (refused !== null) return refusal('plan', request.securityGroupId, 'REMEDIATION_MODE', refused);
  const planned = await plan(deps.freshPorts(), request, deps);
  return toPlanResult(planned, request.securityGroupId, {
    executionId: request.executionId,
    accountId: deps.own.accountId ?? '',
    region: deps.own.region ?? '',
    now: deps.now(),
  });
}

/** Looks until it sees one of these outcomes, or has looked often enough; what it saw last counts. */
async function patiently<F extends Finding>(
  looks: number,
  { sleep }: PlannerDeps,
  enough: readonly Finding['outcome'][],
  look: () => Promise<F | Finding>,
): Promise<F | Finding> {
  for (let left = looks; ; left -= 1) {
    const seen = await orUnknown(look);
    if (enough.includes(seen.outcome) || left <= 1) return seen;
    await sleep(LOOK_AGAIN_MS);
  }
}

async function orUnknown<F extends Finding>(look: () => Promise<F | Finding>): Promise<F | Finding> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof OriginGuardError && error.source === 'aws')
      return { outcome: 'UNKNOWN', detail: error.message };
    throw error;
  }
}

/** What is left to undo; looks again until it sees what was just put back, or has looked often enough. */
async function answerUndone(
  { securityGroupId, recordId, phase }: RequestOf<'rollback'>,
  { freshPorts, own, sleep }: PlannerDeps,
): Promise<PlanResult> {
  for (let left: number = phase === 'plan' ? 1 : PATIENCE.restored; ; left -= 1) {
    const seen = await answerRollback(freshPorts(), securityGroupId, recordId, own);
    if (left <= 1 || isBack(seen, phase)) return seen;
    await sleep(LOOK_AGAIN_MS);
  }
}

const isBack = ({ decision, restoreLeft, groupsLeft }: PlanResult, phase: RequestOf<'rollback'>['phase']): boolean =>
  decision === 'NOOP' || (decision !== 'REFUSE' && restoreLeft === 0 && (phase === 'rules' || groupsLeft === 0));

async function lookAuthorized(request: RequestOf<'verifyAuthorized'>, deps: PlannerDeps): Promise<Finding> {
  const ports = deps.freshPorts();
  const sight = await gatherSight(ports, request.securityGroupId, deps.own);
  if (!sight.known) return { outcome: 'UNKNOWN', detail: sight.gap.detail };
  const dedicated = await namesakes(ports, request, sight.value, deps);
  if (!dedicated.known) return { outcome: 'UNKNOWN', detail: dedicated.gap.detail };
  return judgeAuthorized(await plan(ports, request, deps), sight.value, dedicated.value, request);
}

async function lookAfter(request: RequestOf<'verify'>, deps: PlannerDeps): Promise<Finding> {
  const ports = deps.freshPorts();
  const also = request.loadBalancerArn === null ? [] : [request.loadBalancerArn];
  const sight = await gatherSight(ports, request.securityGroupId, deps.own, also);
  if (!sight.known) return { outcome: 'UNKNOWN', detail: sight.gap.detail };
  return judgeAfter(await plan(ports, request, deps), sight.value, request);
}

async function answerTargets(request: RequestOf<'swapTargets'>, deps: PlannerDeps): Promise<VerifyResult> {
  const enough =
    request.phase === 'find'
      ? (['OK', 'AUTHORIZE', 'FOREIGN_GROUP', 'STALE'] as const)
      : (['OK', 'FOREIGN_GROUP', 'STALE'] as const);
  const seen = await patiently(PATIENCE.targets, deps, enough, () => lookTargets(request, deps));
  return 'desired' in seen ? toVerifyResult('swapTargets', seen, seen) : toVerifyResult('swapTargets', seen);
}

async function lookTargets(
  request: RequestOf<'swapTargets'>,
  deps: PlannerDeps,
): Promise<Finding | ReturnType<typeof judgeTargets>> {
  const ports = deps.freshPorts();
  const sight = await gatherSight(
    ports,
    request.securityGroupId,
    deps.own,
    request.loadBalancerArn === null ? [] : [request.loadBalancerArn],
  );
  if (!sight.known) return { outcome: 'UNKNOWN', detail: sight.gap.detail };
  const { users, group } = sight.value;
  if (group === null) return { outcome: 'STALE', detail: `group ${request.securityGroupId} is gone` };
  const found = await namesakes(ports, request, sight.value, deps);
  if (!found.known) return { outcome: 'UNKNOWN', detail: found.gap.detail };
  const [unread] = gapsOf(found.value.flatMap(({ tags, ingress }) => [tags, ingress]));
  if (unread !== undefined) return { outcome: 'UNKNOWN', detail: unread.detail };
  const cited = new Set(request.dedicated.map(({ grant }) => grant.prefixListId));
  for (const { ingress } of found.value)
    for (const { source } of ingress.known ? ingress.value : [])
      if (source.kind === 'prefix-list') cited.add(source.prefixListId);
  const lists = await ports.prefixLists(cited, deps.own, 'without-entries');
  const targets = judgeTargets(
    users.find(({ arn }) => arn === request.loadBalancerArn),
    found.value,
    lists,
    request,
  );
  if (request.phase === 'find' || targets.outcome !== 'OK') return targets;
  // Nothing has changed for the load balancer yet: the approved plan must hold to the letter.
  const guard = judgeGuard(await plan(ports, request, deps), request.fingerprint);
  return guard.outcome === 'OK' ? targets : { ...guard, outcome: 'STALE' };
}

async function namesakes(
  ports: PlanningPorts,
  { dedicated, loadBalancerArn }: Pick<RequestOf<'swapTargets'>, 'dedicated' | 'loadBalancerArn'>,
  { users, group }: Sight,
  { own }: PlannerDeps,
): Promise<Fact<readonly SecurityGroup[]>> {
  const vpcId = users.find(({ arn }) => arn === loadBalancerArn)?.vpcId ?? group?.vpcId ?? null;
  if (dedicated.length === 0 || vpcId === null) return known([]);
  return ports.groupsNamed(
    dedicated.map(({ name }) => name),
    vpcId,
    own,
  );
}
