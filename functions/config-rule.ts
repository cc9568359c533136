import { LambdaContainer, type InvocationContext } from '../aws/lambda-container.js';
import { configReporter } from '../aws/report/config.js';
import { securityHubStore } from '../aws/report/security-hub.js';
import { installedVersions, versionGap } from '../aws/runtime-versions.js';
import { findingPublisher, type Said } from '../report/publish-findings.js';
import { jsonLog, metricLine } from '../report/log-lines.js';
import { answerConfigRule } from '../rules/config/handler.js';
import { parseInventoryAccess } from './inventory-access.js';
import { parseSettings } from './settings.js';

/** Lives as long as the execution environment: clients and short-lived answers are kept between invocations. */
let container: LambdaContainer | undefined;
const said: Said = { securityHubIsOff: false };

const write = (line: string): unknown => process.stdout.write(`${line}\n`);
const now = (): string => new Date().toISOString();

/**
 * The Lambda function of every Origin Guard rule: takes an AWS Config custom rule event, judges, and reports to AWS
 * Config and Security Hub. The parameter `ruleId` says by which rule.
 *
 * Fails with a coded error (docs/errors.md) when it could not do its job, so that AWS Config invokes it again.
 */
export async function handler(event: unknown, context: InvocationContext): Promise<void> {
  const settings = parseSettings(process.env);
  container ??= new LambdaContainer({
    cacheMs: settings.CACHE_SECONDS * 1_000,
    versionGap: versionGap(installedVersions()),
    inventory: parseInventoryAccess(process.env),
  });
  const invocation = container.open(context);
  const log = jsonLog({ level: settings.LOG_LEVEL, write, now, fields: { requestId: context.awsRequestId } });
  const config = configReporter(invocation);
  const startedMs = Date.now();
  try {
    await answerConfigRule(event, {
      own: invocation.own,
      portsFor: invocation.portsFor,
      usedKept: invocation.usedKept,
      now,
      reporter: config,
      results: config,
      items: config,
      findings: findingPublisher({
        store: securityHubStore(invocation),
        own: { ...invocation.own, partition: invocation.partition },
        enabled: settings.PUBLISH_FINDINGS,
        now,
        log,
        said,
      }),
      log,
      tally: (ruleId, counts) => {
        const spent = { apiCalls: invocation.calls.total, durationMs: Date.now() - startedMs };
        write(
          metricLine({ ...counts, ...spent }, { namespace: settings.METRICS_NAMESPACE, ruleId, epochMs: startedMs }),
        );
      },
    });
  } finally {
    invocation.end();
  }
}
