import { Command } from 'commander';
import { newHeaderDigest } from '../../snapshot/header-digest.js';
import { openPageWriter } from '../../snapshot/write-pages.js';
import { uniqueGaps, type Gap } from '../../core/fact.js';
import type { Scope } from '../../core/ids.js';
import { selectRules, type RuleRun } from '../../rules/registry.js';
import { hideHeaderValues } from '../../wire/hide-headers.js';
import { EXIT } from '../exit-codes.js';
import { clearing, pageText, prepareRules, readParams, withLiveInput, type RuleOptions } from '../input.js';
import { progressLine, type Io } from '../io.js';
import type { LiveOptions } from '../live.js';

interface CollectOptions extends LiveOptions, RuleOptions {
  readonly out: string;
}

/** `collect`: saves what a scan and a plan of live accounts look at, for later and for auditors. */
export function collectCommand(io: Io, exit: (code: number) => void): Command {
  const command = new Command('collect').description(
    'save what a scan and a plan of live accounts look at, for --from',
  );
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
  const rules = prepareRules(selectRules(options.rule), given, ({ widest }) => widest);
  const writer = await openPageWriter(options.out);
  const digest = newHeaderDigest();
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
      interfaces: 'every',
      wrapNames: kept.wrap,
    }),
  );
  try {
    const now = io.now().toISOString();
    const runs = await clearing(progress, Promise.all(rules.map((rule) => rule(live.ports, now))));
    const forPlans = await clearing(progress, live.readForPlans(frontedPlaces(runs)));
    writer.keepResolutions(kept.resolutions());
    const files = await clearing(progress, writer.write());
    for (const warning of [...live.warnings(), ...uniqueGaps(forPlans).map(withoutPlans)])
      io.stderr.write(`warning: ${warning}\n`);
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

/** Where a group is behind CloudFront, so that somebody may plan its fix. */
const frontedPlaces = (runs: readonly RuleRun[]): readonly Scope[] =>
  runs.flatMap(({ judgements }) => judgements.filter(({ paths }) => paths.length > 0).map(({ scope }) => scope));

const withoutPlans = ({ detail }: Gap): string =>
  `${detail}; scans do without it, plans from what is saved may be refused`;

const counted = (count: number, word: string): string => `${String(count)} ${word}${count === 1 ? '' : 's'}`;
