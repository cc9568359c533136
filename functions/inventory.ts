import { openInventoryRun } from '../aws/inventory-container.js';
import type { InvocationContext } from '../aws/lambda-container.js';
import { parseParams } from '../core/params.js';
import { inventoryMetricLine } from '../report/inventory-lines.js';
import { jsonLog } from '../report/log-lines.js';
import { publishInventory } from '../report/publish-inventory.js';
import { params } from '../rules/alb-sg-cloudfront-only/params.js';
import { parseInventorySettings } from './inventory-settings.js';

const { originHostnames } = params;

const write = (line: string): unknown => process.stdout.write(`${line}\n`);
const now = (): string => new Date().toISOString();

/**
 * The Lambda function that tells every account of an organization which distributions of others lead to its load
 * balancers: on a schedule, in the account that has the aggregator of AWS Config. What the event says does not matter.
 *
 * Fails with a coded error (docs/errors.md) when not everything could be read or written.
 */
export async function handler(_event: unknown, context: InvocationContext): Promise<void> {
  const settings = parseInventorySettings(process.env);
  const log = jsonLog({ level: settings.LOG_LEVEL, write, now, fields: { requestId: context.awsRequestId } });
  const options = {
    ...parseParams({ originHostnames }, { originHostnames: settings.ORIGIN_HOSTNAMES }),
    resolveOrigins: settings.RESOLVE_ORIGINS,
  };
  const run = openInventoryRun(context, {
    bucket: settings.INVENTORY_BUCKET,
    aggregator: settings.AGGREGATOR_NAME,
  });
  const epochMs = Date.now();
  try {
    await publishInventory({
      organization: run.organization,
      names: run.names,
      store: run.store,
      options,
      now,
      log,
      tally: (counts) => {
        const measured = { ...counts, apiCalls: run.calls.total, durationMs: Date.now() - epochMs };
        write(inventoryMetricLine(measured, { namespace: settings.METRICS_NAMESPACE, epochMs }));
      },
    });
  } finally {
    run.end();
  }
}
