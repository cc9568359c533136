import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Runs printed scripts against a stand-in of the AWS CLI.

/** Stands for the AWS CLI: writes down the words it was given, and answers by what the question holds. */
const STAND_IN = `#!${process.execPath}
const fs = require('node:fs');
const words = process.argv.slice(2);
fs.appendFileSync(process.env.LOG, JSON.stringify(words) + '\\n');
const said = fs.readFileSync(process.env.LOG, 'utf8');
for (const [part, answer, after = ''] of JSON.parse(process.env.ANSWERS)) {
  if (!words.join(' ').includes(part) || !said.includes(after)) continue;
  if (answer === null) process.exit(254);
  process.stdout.write(answer + '\\n');
  process.exit(0);
}
`;

/** What is answered to a question that holds `part`, once there was a call that holds `after`. */
export type Answers = readonly (readonly [part: string, answer: string | null, after?: string])[];

/** What the AWS CLI prints of the ingress rules of a group: id, protocol, ports, source. */
export const holds = (group: string, ...rules: readonly string[]): Answers[number] => [
  `Values=${group} --query SecurityGroupRules[?!IsEgress].[join(`,
  rules.join('\n'),
];

export const ADMITTED = 'sgr-0cf tcp 80 80 pl-3b927c52';

/** What the AWS CLI says when everything goes well. */
export const WELL: Answers = [
  ['create-security-group', 'sg-0new'],
  ['sort(LoadBalancers', 'sg-0app,sg-0web'],
  holds('sg-0new', ADMITTED),
  holds('sg-0web', 'sgr-0open tcp 443 443 0.0.0.0/0'),
  ['length(SecurityGroupReferenceSet', '0'],
  ['length(', '1'],
];

/** Scripts that run with sh in a folder that each test has to itself. */
export function inOwnFolder() {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'origin-guard-commands-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    inFolder: (name: string): string => join(folder, name),
    files: (): readonly string[] => readdirSync(folder),
    /** Gives the calls as words. */
    runScript(text: string, answers: Answers = WELL) {
      const aws = join(folder, 'aws');
      writeFileSync(aws, STAND_IN);
      chmodSync(aws, 0o755);
      writeFileSync(join(folder, 'script.sh'), text);
      const log = join(folder, 'log');
      const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, LOG: log, ANSWERS: JSON.stringify(answers) };
      const { status, stderr } = spawnSync('sh', ['script.sh'], { cwd: folder, env, encoding: 'utf8' });
      const calls = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
      return { status, stderr, calls: calls.map((line) => JSON.parse(line) as readonly string[]) };
    },
  };
}

/** The calls that change something, by their name and what they are about. */
export const writesOf = (calls: readonly (readonly string[])[]): readonly string[] =>
  calls
    .filter(([, name = '']) => !name.startsWith('describe-'))
    .map(([, name = '', ...words]) => [name, ...words.filter((word) => /^sgr?-/.test(word))].join(' '));

export const valueAfter = (words: readonly string[] | undefined, option: string): string =>
  words?.[words.indexOf(option) + 1] ?? '';

/** The commands that are printed for undoing, without their mark. */
export const undo = (text: string): string => text.slice(text.indexOf('# To undo')).replaceAll(/^# (?=aws )/gm, '');
