import { createHmac, randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { openPageWriter } from '../../snapshot/write-pages.js';
import { uniqueGaps } from '../../core/fact.js';
import { selectRules } from '../../rules/registry.js';
import { hideHeaderValues } from '../../wire/hide-headers.js';
import { EXIT } from '../exit-codes.js';
import { clearing, pageText, prepareRules, readParams, withLiveInput, type RuleOptions } from '../input.js';
import { progressLine, type Io } from '../io.js';
import type { LiveOptions } from '../live.js';

interface CollectOptions extends LiveOptions, RuleOptions {
  readonly out: string;
}

/** `collect`: saves what a scan of live accounts looks at, for later and for auditors. */
export function collectCommand(io: Io, exit: (code: number) => void): Command {
  const command = new Command('collect').description('save what a scan of live accounts looks at, for scan --from');
  return withLiveInput(command)
    .requiredOption('--out <folder>', 'new or empty folder to save into')
    .addHelpText('after', '\nExample:\n  origin-guard collect --region us-east-1 --out saved\n')
    .action(async (options: CollectOptions) => {
      exit(await collect(options, io));
    });
}

async function collect(options: CollectOptions, io: Io): Promise<number> {
  const given = await readParams(options);
  // With these, everything is read that any parameter may ask for later.
  const rules = selectRules(options.rule).flatMap((rule) => prepareRules([rule], { ...given, ...rule.widest }));
  const writer = await openPageWriter(options.out);
  const digest = headerDigest();
  const progress = progressLine(io);
  const { openLive } = await import('../live.js');
  const { keepResolutions } = await import('../../aws/read/recording-resolver.js');
  const kept = keepResolutions();
  const live = await clearing(
    progress,
    openLive(options, {
      onPage: (seen) => {
        progress.show(pageText(seen));
        writer.keep({ ...seen, page: hideHeaderValues(seen.page, digest) as object });
      },
      onDenied: (denied) => {
        writer.keepDenied(denied);
      },
      wrapNames: kept.wrap,
    }),
  );
  try {
    const now = io.now().toISOString();
    const runs = await clearing(progress, Promise.all(rules.map((rule) => rule(live.ports, now))));
    writer.keepResolutions(kept.resolutions());
    const files = await clearing(progress, writer.write());
    for (const warning of live.warnings()) io.stderr.write(`warning: ${warning}\n`);
    const gaps = uniqueGaps([
      ...live.blindSpots(),
      ...runs.flatMap(({ judgements }) =>
        judgements.flatMap(({ verdict }) => (verdict.kind === 'indeterminate' ? verdict.gaps : [])),
      ),
    ]);
    for (const { detail } of gaps) io.stderr.write(`gap: ${detail}\n`);
    const accounts = new Set(live.places.map(({ accountId }) => accountId)).size;
    const regions = new Set(live.places.map(({ region }) => region)).size;
    const saved = [counted(files, 'file'), 'of', counted(accounts, 'account'), 'and', counted(regions, 'Region')].join(
      ' ',
    );
    io.stdout.write(`saved ${saved} in ${options.out}\n`);
    return gaps.length > 0 ? EXIT.indeterminate : EXIT.clean;
  } finally {
    live.end();
  }
}

const counted = (count: number, word: string): string => `${String(count)} ${word}${count === 1 ? '' : 's'}`;

/** A digest whose key lives only for this run: values can be compared within it, and never guessed outside. */
function headerDigest(): (value: string) => string {
  const key = randomBytes(32);
  return (value) => createHmac('sha256', key).update(value).digest('hex');
}
