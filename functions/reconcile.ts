import { LambdaContainer, type InvocationContext } from '../aws/lambda-container.js';
import { packKeeper } from '../aws/organization/pack-keeper.js';
import { answerPackCare } from '../core/organization-pack.js';
import { jsonLog } from '../report/log-lines.js';
import { packMetricLine } from '../report/pack-metrics.js';
import { parseInventoryAccess } from './inventory-access.js';
import { parseReconcileSettings } from './reconcile-settings.js';

let container: LambdaContainer | undefined;

const write = (line: string): unknown => process.stdout.write(`${line}\n`);
const now = (): string => new Date().toISOString();

/**
 * The Lambda function of the delegated administrator that cares for the organization's conformance pack: puts it again
 * when it failed in some account, as it does where an account joined before its member stack was there.
 *
 * It touches the pack that its settings name and nothing else. Fails with a coded error (docs/errors.md).
 */
export async function handler(_event: unknown, context: InvocationContext): Promise<{ readonly kind: string }> {
  const settings = parseReconcileSettings(process.env);
  container ??= new LambdaContainer({ cacheMs: 0, versionGap: null, inventory: parseInventoryAccess(process.env) });
  const invocation = container.open(context);
  try {
    return await answerPackCare({
      keeper: packKeeper(invocation.session, { name: settings.PACK_NAME, templateBody: settings.PACK_TEMPLATE }),
      now,
      retryAfterHours: settings.RETRY_AFTER_HOURS,
      log: jsonLog({ level: settings.LOG_LEVEL, write, now, fields: { requestId: context.awsRequestId } }),
      tally: (tally) =>
        write(
          packMetricLine(tally, {
            namespace: settings.METRICS_NAMESPACE,
            packName: settings.PACK_NAME,
            epochMs: Date.now(),
          }),
        ),
    });
  } finally {
    invocation.end();
  }
}
