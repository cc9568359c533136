import {
  DescribeConfigRuleEvaluationStatusCommand,
  DescribeConformancePackComplianceCommand,
  DescribeRemediationExceptionsCommand,
  StartConfigRulesEvaluationCommand,
  type DescribeConformancePackComplianceCommandOutput,
  type DescribeRemediationExceptionsCommandOutput,
} from '@aws-sdk/client-config-service';
import { accepted, type Reply, type RuleStatus } from '../../core/proving.js';
import { listOf } from '../read/pages.js';
import { wholeList } from './lists.js';
import { replyTo, valueOf, type ProvingSession } from './session.js';

/** Everything these calls take. */
export const iamActions = [
  'config:DescribeConfigRuleEvaluationStatus',
  'config:DescribeConformancePackCompliance',
  'config:DescribeRemediationExceptions',
  'config:StartConfigRulesEvaluation',
] as const;

/** The names of the rules of a conformance pack. */
export async function readRulesOfPack(session: ProvingSession, pack: string): Promise<readonly string[]> {
  const pages = await wholeList<DescribeConformancePackComplianceCommandOutput>(session, {
    fact: `rules of ${pack}`,
    what: `the rules of the pack ${pack}`,
    action: 'config:DescribeConformancePackCompliance',
    command: 'describe-conformance-pack-compliance',
    page: (NextToken, options) =>
      session.clients.config.send(
        new DescribeConformancePackComplianceCommand({ ConformancePackName: pack, NextToken }),
        options,
      ),
    next: ({ NextToken }) => NextToken,
  });
  return pages
    .flatMap((page) => listOf(page.ConformancePackRuleComplianceList, 'ConformancePackRuleComplianceList'))
    .flatMap(({ ConfigRuleName }) => ConfigRuleName ?? []);
}

/** When a rule was last asked, and when it last had a result. */
export async function readRuleStatus(session: ProvingSession, rule: string): Promise<RuleStatus> {
  const answer = await valueOf(session, `reading the status of the rule ${rule}`, (options) =>
    session.clients.config.send(new DescribeConfigRuleEvaluationStatusCommand({ ConfigRuleNames: [rule] }), options),
  );
  const [status] = listOf(answer.ConfigRulesEvaluationStatus, 'ConfigRulesEvaluationStatus');
  return {
    invokedAt: status?.LastSuccessfulInvocationTime?.toISOString() ?? null,
    evaluatedAt: status?.LastSuccessfulEvaluationTime?.toISOString() ?? null,
  };
}

/** Has AWS Config ask a rule again. */
export async function startEvaluation(session: ProvingSession, rule: string): Promise<Reply<null>> {
  const reply = await replyTo(session, `starting an evaluation of ${rule}`, (options) =>
    session.clients.config.send(new StartConfigRulesEvaluationCommand({ ConfigRuleNames: [rule] }), options),
  );
  return reply.ok ? accepted(null) : reply;
}

/** What the remediation exceptions of a group say. */
export async function readExceptions(session: ProvingSession, rule: string, group: string): Promise<readonly string[]> {
  const pages = await wholeList<DescribeRemediationExceptionsCommandOutput>(session, {
    fact: `remediation exceptions of ${group}`,
    what: `the remediation exceptions of ${group}`,
    action: 'config:DescribeRemediationExceptions',
    command: 'describe-remediation-exceptions',
    page: (NextToken, options) =>
      session.clients.config.send(
        new DescribeRemediationExceptionsCommand({
          ConfigRuleName: rule,
          ResourceKeys: [{ ResourceType: 'AWS::EC2::SecurityGroup', ResourceId: group }],
          NextToken,
        }),
        options,
      ),
    next: ({ NextToken }) => NextToken,
  });
  return pages
    .flatMap((page) => listOf(page.RemediationExceptions, 'RemediationExceptions'))
    .map(({ Message }) => Message ?? 'no reason given');
}
