import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { OriginGuardError } from '../core/errors.js';
import { jsonProblem } from '../core/json-problem.js';
import { compareText, type Gap } from '../core/fact.js';
import type { SeenPage } from '../aws/session.js';
import { AccountId, PrefixListId, Region, type Scope } from '../core/ids.js';
import { byPlace, type Judgement } from '../core/judgement.js';
import type { UnresolvedOrigin } from '../core/path.js';
import type { PlanningPorts } from '../core/planning.js';
import { shellWord } from '../report/shell-word.js';
import { selectRules, type ReadyRule, type RegisteredRule } from '../rules/registry.js';
import { unreadable } from '../snapshot/files.js';
import { readSnapshot } from '../snapshot/read-snapshot.js';
import { progressLine, type Io } from './io.js';
import type { LiveInput, LiveOptions } from './live.js';

/** By which rules to judge, and how. */
export interface RuleOptions {
  readonly param: readonly string[];
  readonly params?: string;
  readonly rule: readonly string[];
}

export interface InputOptions extends LiveOptions, RuleOptions {
  readonly from: readonly string[];
  readonly account?: string;
  readonly cloudfrontPrefixList: readonly string[];
}

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

const repeatable = (flags: string, text: string): Option =>
  new Option(flags, text).argParser(collect).default([], 'none');

/** Adds the options by which a command is told what to judge, and how. */
export function withInput(command: Command): Command {
  command
    .addOption(
      repeatable(
        '--from <path>',
        'saved AWS data, in place of a live account: a file (.json, .json.gz) or a folder; repeatable',
      ),
    )
    .option('--account <id>', 'account of input that names none')
    .addOption(
      repeatable(
        '--cloudfront-prefix-list <pl-id>',
        "the Region's CloudFront list, when the input holds no prefix lists",
      ),
    );
  return withLiveInput(command, '; with --from, the Region of input that names none');
}

/** Adds the options by which a command is told which live accounts to read, and by which rules. */
export function withLiveInput(command: Command, alsoRegion = ''): Command {
  return command
    .option('--region <region>', `Regions to read, with commas between, or all${alsoRegion}`)
    .option('--profile <name>', 'profile of the shared AWS files, to read a live account')
    .addOption(repeatable('--role-arn <arn>', 'role in one further account to read; repeatable'))
    .addOption(repeatable('--rule <id>', 'judge by this rule only; repeatable'))
    .addOption(repeatable('--param <name=value>', 'a rule parameter; repeatable'))
    .option('--params <file>', 'rule parameters as a JSON file');
}

/** The options that name the input, as they would be typed again. */
export function inputText(options: InputOptions): string {
  const { from, account, region, profile, roleArn, cloudfrontPrefixList, rule, param, params } = options;
  const named: readonly (readonly [string, readonly string[]])[] = [
    ['--from', from],
    ['--account', account === undefined ? [] : [account]],
    ['--region', region === undefined ? [] : [region]],
    ['--profile', profile === undefined ? [] : [profile]],
    ['--role-arn', roleArn],
    ['--cloudfront-prefix-list', cloudfrontPrefixList],
    ['--rule', rule],
    ['--params', params === undefined ? [] : [params]],
    ['--param', param],
  ];
  return named.flatMap(([option, values]) => values.map((value) => `${option} ${shellWord(value)}`)).join(' ');
}

/** What the rules made of the input. */
export interface Judged {
  readonly judgements: readonly Judgement[];
  readonly unresolvedOrigins: readonly UnresolvedOrigin[];
  /** What could not be seen and is in no judgement: the groups of a Region that was denied. */
  readonly blindSpots: readonly Gap[];
}

/** Reads the input, saved or live, and judges everything in it; parameters are checked before anything is read. */
export async function judgeInput(options: InputOptions, io: Io): Promise<Judged> {
  const rules = prepareRules(selectRules(options.rule), await readParams(options));
  const progress = progressLine(io);
  const source = await openSource(options, progress);
  try {
    progress.show('judging');
    const now = io.now().toISOString();
    const runs = await clearing(progress, Promise.all(rules.map((rule) => rule(source.ports, now))));
    tellGaps(source, io);
    const judgements = runs.flatMap((run) => run.judgements).sort(byPlace);
    return { judgements, unresolvedOrigins: runs[0]?.unresolvedOrigins ?? [], blindSpots: source.blindSpots() };
  } finally {
    source.end();
  }
}

/**
 * Reads the input, saved or live, and hands it to whoever plans, with the accounts and Regions that are read; none are
 * named for saved data, which says itself where things are.
 */
export async function planInput<T>(
  options: InputOptions,
  io: Io,
  plan: (ports: PlanningPorts, places: readonly Scope[]) => Promise<T>,
): Promise<T> {
  const progress = progressLine(io);
  const source = await openSource(options, progress);
  try {
    progress.show('planning');
    const planned = await clearing(
      progress,
      source.planning().then((ports) => plan(ports, source.places)),
    );
    tellGaps(source, io);
    return planned;
  } finally {
    source.end();
  }
}

const openSource = (options: InputOptions, progress: Progress): Promise<Source> =>
  clearing(progress, options.from.length === 0 ? openLiveSource(options, progress) : readSaved(options, progress));

function tellGaps({ warnings, blindSpots }: Source, { stderr }: Io): void {
  for (const warning of warnings()) stderr.write(`warning: ${warning}\n`);
  for (const { detail } of blindSpots()) stderr.write(`gap: ${detail}\n`);
}

type Progress = ReturnType<typeof progressLine>;

/** Where the facts come from, as far as judging and planning go. */
type Source = Pick<LiveInput, 'ports' | 'planning' | 'places' | 'blindSpots' | 'warnings' | 'end'>;

async function openLiveSource(options: InputOptions, progress: Progress): Promise<Source> {
  const savedOnly = [
    ...(options.account === undefined ? [] : ['--account']),
    ...(options.cloudfrontPrefixList.length === 0 ? [] : ['--cloudfront-prefix-list']),
  ];
  if (savedOnly[0] !== undefined) {
    throw new OriginGuardError('E1003', `${savedOnly[0]} is for saved data; name that with --from PATH`);
  }
  // Loading the AWS SDK takes longer than many a scan of saved data.
  const { openLive } = await import('./live.js');
  return openLive(options, {
    onPage: (page) => {
      progress.show(pageText(page));
    },
  });
}

/** A page in words, for the line of progress. */
export const pageText = ({ accountId, region, command }: SeenPage): string =>
  `reading account ${accountId}${region === null ? '' : ` in ${region}`}: ${command}`;

async function readSaved(options: InputOptions, progress: Progress): Promise<Source> {
  if (options.profile !== undefined || options.roleArn.length > 0) {
    throw new OriginGuardError('E1003', '--profile and --role-arn are for live accounts; leave out --from to read one');
  }
  const { ports, planning, warnings, blindSpots } = await readSnapshot(options.from, {
    flags: {
      accountId: parseFlag('--account', AccountId, options.account),
      region: parseFlag('--region', Region, options.region),
    },
    cloudfrontPrefixLists: options.cloudfrontPrefixList.map((id) =>
      parseId('--cloudfront-prefix-list', PrefixListId, id),
    ),
    onFile: (path, index, count) => {
      progress.show(`reading ${String(index + 1)} of ${String(count)}: ${path}`);
    },
  });
  return {
    ports,
    planning: () => Promise.resolve(planning),
    places: [],
    warnings: () => warnings,
    blindSpots: () => blindSpots,
    end: () => undefined,
  };
}

/** Takes the progress off the terminal when the work is done, and before anything is said of its failure. */
export async function clearing<T>(
  { clear }: Pick<ReturnType<typeof progressLine>, 'clear'>,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } finally {
    clear();
  }
}

/** Gives each rule the parameters it knows; a name that no selected rule knows is an error. */
export function prepareRules(
  rules: readonly RegisteredRule[],
  given: Readonly<Record<string, unknown>>,
  beside: (rule: RegisteredRule) => Readonly<Record<string, unknown>> = () => ({}),
): readonly ReadyRule[] {
  const names = new Set(rules.flatMap(({ params }) => Object.keys(params)));
  const unknown = Object.keys(given).find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw new OriginGuardError(
      'E1002',
      `unknown parameter ${unknown}; allowed: ${[...names].sort(compareText).join(', ')}`,
    );
  }
  return judgedBy(rules, given).map((rule) =>
    rule.prepare({
      ...Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(rule.params, name))),
      ...beside(rule),
    }),
  );
}

/** The parameters of an AWS Config rule name the one rule that they are for. */
const judgedBy = (
  rules: readonly RegisteredRule[],
  { ruleId }: Readonly<Record<string, unknown>>,
): readonly RegisteredRule[] =>
  rules.some(({ meta }) => meta.id === ruleId) ? rules.filter(({ meta }) => meta.id === ruleId) : rules;

export async function readParams({ param, params }: RuleOptions): Promise<Readonly<Record<string, unknown>>> {
  const fromFile = params === undefined ? {} : await readParamsFile(params);
  const given = param.map((text) => {
    const equals = text.indexOf('=');
    if (equals <= 0) throw new OriginGuardError('E1003', `--param is "${text}"; allowed: name=value`);
    return [text.slice(0, equals), text.slice(equals + 1)] as const;
  });
  const read: Readonly<Record<string, unknown>> = { ...fromFile, ...Object.fromEntries(given) };
  if (read['inventoryMode'] === 'ORG') {
    throw new OriginGuardError(
      'E1002',
      'parameter inventoryMode is "ORG", which only the functions in AWS follow; allowed here: LOCAL. To see the distributions of other accounts, save or read those accounts too: several --from, or --role-arn for each',
    );
  }
  return read;
}

async function readParamsFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(await readFile(path, 'utf8')));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw unreadable(path, error);
    const detail = `cannot read the parameters in ${path}: ${jsonProblem(error)}`;
    throw new OriginGuardError('E1004', detail, { cause: error });
  }
  throw new OriginGuardError('E1005', `${path}: the parameters must be one JSON object of name and value`);
}

const parseFlag = <S extends z.core.$ZodType>(flag: string, schema: S, text: string | undefined): z.output<S> | null =>
  text === undefined ? null : parseId(flag, schema, text);

function parseId<S extends z.core.$ZodType>(flag: string, schema: S, text: string): z.output<S> {
  const parsed = z.safeParse(schema, text);
  if (parsed.success) return parsed.data;
  throw new OriginGuardError('E1003', `${flag} is "${text}"; ${parsed.error.issues[0]?.message ?? 'it is not valid'}`);
}
