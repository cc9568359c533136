import type { Sandbox } from '../../core/proving.js';
import { iamActions as accountActions } from '../accounts.js';
import { iamActions as automationActions, readRun, readRunsOf, startRun } from './automations.js';
import {
  iamActions as ruleActions,
  readExceptions,
  readRulesOfPack,
  readRuleStatus,
  startEvaluation,
} from './config-rules.js';
import { iamActions as findingActions, readFindingTitles } from './findings.js';
import { admit, iamActions as groupActions, readRules } from './groups.js';
import type { ProvingSession } from './session.js';
import { createStack, deleteStack, iamActions as stackActions, readFirstFailure, readStack } from './stacks.js';
import { iamActions as surveyActions, survey } from './survey.js';

/** Everything that a run calls itself, each once; what CloudFormation calls in its name comes with the stacks. */
export const iamActions: readonly string[] = [
  ...new Set([
    ...accountActions.filter((action) => action === 'sts:GetCallerIdentity'),
    ...automationActions,
    ...ruleActions,
    ...findingActions,
    ...groupActions,
    ...stackActions,
    ...surveyActions,
  ]),
].sort();

/** A live account as experiments see it. */
export function liveSandbox(session: ProvingSession): Sandbox {
  const { accountId, region } = session;
  return {
    accountId,
    region,
    partition: partitionOf(region),
    survey: () => survey(session),
    createStack: (order) => createStack(session, order),
    stack: (name) => readStack(session, name),
    firstFailure: (name) => readFirstFailure(session, name),
    deleteStack: (name) => deleteStack(session, name),
    startRun: (document, parameters) => startRun(session, document, parameters),
    run: (id) => readRun(session, id),
    runsOf: (document) => readRunsOf(session, document),
    rulesOf: (group) => readRules(session, group),
    admit: (group, blocks) => admit(session, group, blocks),
    rulesOfPack: (pack) => readRulesOfPack(session, pack),
    ruleStatus: (rule) => readRuleStatus(session, rule),
    evaluate: (rule) => startEvaluation(session, rule),
    exceptionsOf: (rule, group) => readExceptions(session, rule, group),
    findingTitles: (resourceArn) => readFindingTitles(session, resourceArn),
  };
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html; the other partitions have no CloudFront. */
const partitionOf = (region: string): string => (region.startsWith('cn-') ? 'aws-cn' : 'aws');
