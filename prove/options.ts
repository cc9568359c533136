import { OriginGuardError } from '../core/errors.js';
import { toRegion, type Region } from '../core/ids.js';
import type { Question } from './question.js';
import { isQuestionId, QUESTIONS } from './registry.js';

/** What a command line asks for. */
export type Options =
  | { readonly kind: 'help' }
  | { readonly kind: 'plan'; readonly questions: readonly Question[] }
  | ({
      readonly kind: 'run';
      readonly questions: readonly Question[];
      readonly out: string | null;
      readonly unseenRegionsAreEmpty: boolean;
    } & Where)
  | ({ readonly kind: 'clean-up'; readonly ledger: string } & Pick<Where, 'profile'>);

interface Where {
  readonly region: Region;
  readonly profile: string | null;
}

export const HELP = `npm run prove -- [--region REGION] [--profile NAME] [--only U5,U7] [--plan] [--out FILE] [--unseen-regions-empty]
npm run prove -- --clean-up LEDGER [--profile NAME]

Asks a sandbox account of AWS what only an account can tell: U1 to U12 of docs/prove.md.
It makes small stacks, one question at a time, removes them again, and writes the answers as a table.

  --plan             print what would be done and what it may cost; calls nothing
  --region REGION    where; needed for a run
  --profile NAME     whose credentials of the shared files; else those of the environment
  --only IDS         these questions only, with commas between
  --out FILE         where the table goes; else to standard output
  --clean-up LEDGER  remove what the run of that ledger left
  --unseen-regions-empty
                     you know that Regions you may not look into hold no load balancer

Before anything is made you are asked to type the account id. Exit codes: 0 done and everything removed,
1 refused or something is left, 2 wrong use or AWS failed.

Example:
  npm run prove -- --plan --only U5,U7
  npm run prove -- --region eu-west-1 --profile sandbox --only U5,U7
`;

const TAKES_VALUE: readonly string[] = ['--region', '--profile', '--only', '--out', '--clean-up'];
const FLAGS: readonly string[] = ['--plan', '--unseen-regions-empty', '--help'];

/** Reads a command line. Raises `E1003` for one that is wrong. */
export function parseOptions(args: readonly string[]): Options {
  const given = valuesOf(args);
  if (given.has('--help')) return { kind: 'help' };
  const profile = given.get('--profile') ?? null;
  const ledger = given.get('--clean-up');
  if (ledger !== undefined) {
    const other = [...given.keys()].find((name) => name !== '--clean-up' && name !== '--profile');
    if (other !== undefined) throw wrong(`${other} beside --clean-up`, '--profile only; the ledger names the Region');
    return { kind: 'clean-up', ledger, profile };
  }
  const questions = parseOnly(given.get('--only'));
  if (given.has('--plan')) return { kind: 'plan', questions };
  const named = given.get('--region');
  const region = toRegion(named);
  if (region === null)
    throw wrong(named === undefined ? 'no --region' : `--region ${named}`, 'a Region such as eu-west-1');
  const unseenRegionsAreEmpty = given.has('--unseen-regions-empty');
  return { kind: 'run', questions, region, profile, out: given.get('--out') ?? null, unseenRegionsAreEmpty };
}

function valuesOf(args: readonly string[]): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at] ?? '';
    if (given.has(name)) throw wrong(`${name} twice`, 'once');
    if (FLAGS.includes(name)) given.set(name, '');
    else if (TAKES_VALUE.includes(name)) {
      at += 1;
      const value = args[at];
      if (value === undefined || value === '' || value.startsWith('--'))
        throw wrong(`${name} without a value`, `${name} VALUE`);
      given.set(name, value);
    } else throw wrong(name, [...TAKES_VALUE, ...FLAGS].join(', '));
  }
  return given;
}

function parseOnly(text: string | undefined): readonly Question[] {
  if (text === undefined) return QUESTIONS;
  const ids = text.split(',').map((id) => id.trim().toUpperCase());
  const unknown = ids.find((id) => !isQuestionId(id));
  if (unknown !== undefined)
    throw wrong(`--only ${text}: "${unknown}" is no question`, QUESTIONS.map(({ id }) => id).join(', '));
  return QUESTIONS.filter(({ id }) => ids.includes(id));
}

const wrong = (what: string, allowed: string): OriginGuardError =>
  new OriginGuardError('E1003', `npm run prove: ${what}; allowed: ${allowed}`);
