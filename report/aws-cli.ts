import { plain } from '../core/plain-text.js';
import type { Grant } from '../core/plan.js';
import { shellWord } from './shell-word.js';

/** What is written beside the rules and groups that the commands make. */
export const MADE_BY = 'CloudFront only, by origin-guard plan';

/** Puts a command together out of words that a shell may take as they are. */
export type Call = (...words: readonly string[]) => string;

export const callsIn =
  (region: string | null): Call =>
  (...words) =>
    ['aws', ...words, ...(region === null ? [] : ['--region', shellWord(region)])].join(' ');

/** Stops the script unless a command prints 1. */
export const gate = (command: string): string => `test "$(${command})" = 1`;

/** A grant as EC2 takes it. */
export const toPermission = ({ prefixListId, fromPort, toPort }: Grant) => ({
  IpProtocol: 'tcp',
  FromPort: fromPort,
  ToPort: toPort,
  PrefixListIds: [{ PrefixListId: prefixListId, Description: MADE_BY }],
});

/** The command that counts the rules of a group that are this grant. */
export function countOf({ prefixListId, fromPort, toPort }: Grant, group: string, call: Call): string {
  const same = [
    '!IsEgress',
    'IpProtocol==`"tcp"`',
    `FromPort==\`${String(fromPort)}\``,
    `ToPort==\`${String(toPort)}\``,
    `PrefixListId==\`"${prefixListId}"\``,
  ].join(' && ');
  return call(
    'ec2 describe-security-group-rules',
    '--filters',
    filterOf(group),
    '--query',
    shellWord(`length(SecurityGroupRules[?${same}])`),
    '--output json',
  );
}

/** A group in a command: an id, or a variable that the shell puts in. */
export const groupWord = (group: string): string => (group.startsWith('$') ? `"${group}"` : shellWord(group));

/** The filter of `describe-security-group-rules` for a group. */
export const filterOf = (group: string): string =>
  group.startsWith('$') ? `"Name=group-id,Values=${group}"` : shellWord(`Name=group-id,Values=${group}`);

/** Comment lines; whatever a text holds, it stays behind its mark. */
export const comment = (...texts: readonly string[]): string =>
  texts.map((text) => `# ${plain(text)}`.trimEnd()).join('\n');
