import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InvocationContext } from '../aws/lambda-container.js';
import { PlannerContainer } from '../aws/planner-container.js';
import { installedVersions, OLDEST_FOR_PLANS, versionGap } from '../aws/runtime-versions.js';
import { answerLogged } from '../remediation/alb-sg-cloudfront-only/answer-logged.js';
import type { PlanResult, VerifyResult } from '../remediation/alb-sg-cloudfront-only/result.js';
import { jsonLog } from '../report/log-lines.js';
import { parseParams } from '../core/params.js';
import { params } from '../rules/alb-sg-cloudfront-only/params.js';
import { parseInventoryAccess } from './inventory-access.js';
import { parsePlannerSettings } from './planner-settings.js';

/** Lives as long as the execution environment, and keeps nothing but clients. */
let container: PlannerContainer | undefined;

const write = (line: string): unknown => process.stdout.write(`${line}\n`);
const now = (): string => new Date().toISOString();
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The Lambda function that plans for the runbooks: takes one question of a step and answers it from fresh facts. It only
 * reads. What is expected, a refusal too, is in the answer; an error (docs/errors.md) means that it could not do its job.
 */
export async function handler(event: unknown, context: InvocationContext): Promise<PlanResult | VerifyResult> {
  const settings = parsePlannerSettings(process.env);
  container ??= new PlannerContainer({
    versionGap: versionGap(installedVersions()),
    planningGap: versionGap(installedVersions(), OLDEST_FOR_PLANS),
    inventory: parseInventoryAccess(process.env),
  });
  const invocation = container.open(context);
  const log = jsonLog({ level: settings.LOG_LEVEL, write, now, fields: { requestId: context.awsRequestId } });
  try {
    const ruleParams = parseParams(params, settings.RULE_PARAMETERS);
    const deps = {
      own: invocation.own,
      freshPorts: () => invocation.freshPorts(ruleParams.inventoryMode),
      params: ruleParams,
      settings: {
        iacManaged: settings.IAC_MANAGED,
        iacTagKeys: settings.IAC_TAG_KEYS,
        portMerge: settings.PORT_MERGE,
        quotaModel: settings.QUOTA_MODEL,
      },
      remediationMode: settings.REMEDIATION_MODE,
      now,
      digest,
      sleep: (milliseconds: number) => sleep(milliseconds),
    };
    return await answerLogged(event, deps, log);
  } finally {
    invocation.end();
  }
}
