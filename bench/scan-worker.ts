import { readFileSync } from 'node:fs';
import { selectRules } from '../rules/registry.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';

/** One measurement in a process of its own, so that its peak memory is its own. */
async function measure(what: string, path: string): Promise<object> {
  const started = process.hrtime.bigint();
  let judged = 0;
  if (what === 'parse') {
    const parsed = JSON.parse(readFileSync(path, 'utf8')) as { configurationItems: unknown[] };
    judged = parsed.configurationItems.length;
  } else {
    const { ports } = await readSnapshot([path], {
      flags: { accountId: null, region: null },
      cloudfrontPrefixLists: [],
    });
    const runs = await Promise.all(selectRules([]).map((rule) => rule.prepare({})(ports, '2026-11-01T00:00:00Z')));
    judged = runs.reduce((sum, run) => sum + run.judgements.length, 0);
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const { user, system } = process.cpuUsage();
  return { seconds, cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024, judged };
}

void measure(process.argv[2] ?? '', process.argv[3] ?? '').then((result) =>
  process.stdout.write(JSON.stringify(result)),
);
