import { joinWithin } from '../../core/annotation.js';
import { OriginGuardError } from '../../core/errors.js';
import type { Judgement } from '../../core/judgement.js';
import type { EvaluationReporter, FindingPublisher, Log, Tally } from '../../core/reporting.js';
import { VERDICT_WORDS } from '../../core/verdict.js';
import { DEFAULT_RULE_ID, RULES, selectRules, type RegisteredRule } from '../registry.js';
import { assess, type Assessment, type Sources } from './assess.js';
import { reportAll } from './batch.js';
import { toEvaluation } from './evaluation.js';
import { parseConfigEvent, type ConfigRequest } from './event.js';

/** What one event counts for the metrics; the rest of the tally is measured around it. */
export type Counts = Omit<Tally, 'apiCalls' | 'durationMs'>;

/** Everything that answering an event may touch. */
export interface ConfigRuleDeps extends Sources {
  readonly reporter: EvaluationReporter;
  readonly findings: FindingPublisher;
  readonly log: Log;
  /** Called once for each event that concerns something, also when it fails: CloudWatch bills zeros as it does numbers. */
  readonly tally: (ruleId: string, counts: Counts) => void;
}

/** The rule in a tally of an event that does not say which one. */
const UNKNOWN_RULE = 'unknown';

const NO_COUNTS: Counts = { judged: 0, nonCompliant: 0, indeterminate: 0, kept: 0, failed: 0 };

/**
 * Answers one event of an AWS Config custom rule: reads, judges, tells AWS Config, then publishes findings.
 *
 * Raises a coded error when anything of that could not be done. Everything is read before anything is told, and a
 * verdict that could not be reached is not told; every other one is, before the error is raised.
 */
export async function answerConfigRule(event: unknown, deps: ConfigRuleDeps): Promise<void> {
  let ruleId = UNKNOWN_RULE;
  let counts: Counts | null = NO_COUNTS;
  try {
    const request = parseConfigEvent(event, deps.own);
    const rule = ruleOf(request);
    ruleId = rule.meta.id;
    // Checks the parameters before anything is read.
    const judge = rule.prepare(request.ruleParameters);
    const assessment = await assess(request, rule, judge, deps);
    if (assessment === null) {
      counts = null;
      deps.log.info('the event concerns nothing that the rule judges', { ruleId, ...triggerFields(request) });
      return;
    }
    counts = countsOf(assessment);
    logJudgements(assessment, ruleId, deps.log);
    await tell(assessment, request, deps);
    deps.log.info('answered', {
      ruleId,
      ...triggerFields(request),
      judged: counts.judged,
      reported: assessment.told.length,
      nonCompliant: counts.nonCompliant,
      kept: counts.kept,
      unresolvedOrigins: assessment.unresolvedOrigins,
    });
  } catch (error) {
    const coded = toCoded(error);
    counts = { ...(counts ?? NO_COUNTS), failed: 1 };
    deps.log.error(coded.detail, { ruleId, code: coded.code });
    throw coded;
  } finally {
    if (counts !== null) deps.tally(ruleId, counts);
  }
}

/** The rule that the parameter `ruleId` names. Raises `E1002` and `E1007`. */
function ruleOf({ ruleParameters: { ruleId = DEFAULT_RULE_ID } }: ConfigRequest): RegisteredRule {
  const [rule] = typeof ruleId === 'string' ? selectRules([ruleId]) : [];
  if (rule !== undefined) return rule;
  const allowed = RULES.map(({ meta }) => meta.id).join(' or ');
  throw new OriginGuardError('E1002', `parameter ruleId is not a text; allowed: ${allowed}`);
}

function triggerFields({ trigger, configRuleName }: ConfigRequest): Readonly<Record<string, string>> {
  if (trigger.kind === 'schedule') return { configRuleName, trigger: trigger.kind };
  const { resourceType, resourceId } = trigger.change;
  return { configRuleName, trigger: trigger.kind, triggerType: resourceType, triggerId: resourceId };
}

const countsOf = ({ told, withheld, kept, judged }: Assessment): Counts => ({
  judged,
  nonCompliant: told.filter(({ verdict }) => verdict.kind === 'non-compliant').length,
  indeterminate: withheld.length,
  kept: kept.length,
  failed: 0,
});

/** A line for each verdict that is told, withheld or kept back; out of scope and never told is no news. */
function logJudgements({ told, withheld, kept }: Assessment, ruleId: string, log: Log): void {
  const line = (outcome: string, code: string | null) => (judgement: Judgement) => {
    const { resourceType, resourceId, verdict } = judgement;
    log.info('judged', { ruleId, resourceType, resourceId, verdict: VERDICT_WORDS[verdict.kind], outcome, code });
  };
  told.forEach(line('told', null));
  withheld.forEach(line('withheld', 'E2003'));
  kept.forEach(line('kept', null));
}

/** Tells everybody everything that can be told; then raises the first of what went wrong. */
async function tell(assessment: Assessment, request: ConfigRequest, deps: ConfigRuleDeps): Promise<void> {
  const { told, published } = assessment;
  const evaluations = told.map((each) => toEvaluation(each, request.orderingTimestamp));
  const wrong = [
    ...(await failureOf(() => reportAll(deps.reporter, evaluations, request.resultToken))),
    ...(await failureOf(() => deps.findings.publish(published))),
    ...missingEvidence(assessment),
  ];
  const [first, ...others] = wrong;
  for (const other of others) {
    const { code, detail } = toCoded(other);
    deps.log.error(detail, { code, configRuleName: request.configRuleName });
  }
  if (wrong.length > 0) throw toCoded(first);
}

async function failureOf(action: () => Promise<void>): Promise<readonly unknown[]> {
  try {
    await action();
    return [];
  } catch (error) {
    return [error];
  }
}

/** How much of the reasons one message holds. */
const REASONS_LIMIT = 1_000;

function missingEvidence({ told, withheld, unread }: Assessment): readonly OriginGuardError[] {
  const [first] = withheld;
  if (first === undefined && unread.length === 0) return [];
  const details = [...unread.map(({ detail }) => detail), ...withheld.flatMap(({ reasons }) => reasons)];
  const what =
    first === undefined
      ? 'evidence beside the verdicts is missing'
      : `verdicts withheld: ${withheld.length}, the first on ${first.resourceType} ${first.resourceId}`;
  const reasons = joinWithin(REASONS_LIMIT, [...new Set(details)]);
  return [new OriginGuardError('E2003', `${what} (told: ${told.length}): ${reasons}`)];
}

const toCoded = (error: unknown): OriginGuardError =>
  error instanceof OriginGuardError ? error : new OriginGuardError('E9001', String(error), { cause: error });
