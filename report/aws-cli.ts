import { sourceText, type IngressRule } from '../core/model/security-group.js';
import { plain } from '../core/plain-text.js';
import type { Grant, RevocableRule } from '../core/plan.js';
import { shellWord } from './shell-word.js';

/** What is written beside the rules and groups that the commands make. */
export const MADE_BY = 'CloudFront only, by origin-guard plan';

/** Puts a command together out of words that a shell may take as they are. */
export type Call = (...words: readonly string[]) => string;

export const callsIn =
  (region: string | null): Call =>
  (...words) =>
    ['aws', ...words, ...(region === null ? [] : ['--region', shellWord(region)])].join(' ');

/** Every ingress rule as one line of words; ports mean nothing but for the protocols that have them. */
const RULE_LINE = (() => {
  const port = (name: string): string =>
    `contains(\`["tcp","udp","icmp","icmpv6"]\`, IpProtocol) && to_string(${name}) || \`"-"\``;
  const source = 'CidrIpv4 || CidrIpv6 || PrefixListId || ReferencedGroupInfo.GroupId || `"?"`';
  const words = ['SecurityGroupRuleId', 'IpProtocol', port('FromPort'), port('ToPort'), source];
  return `SecurityGroupRules[?!IsEgress].[join(\`" "\`, [${words.join(', ')}])]`;
})();

/** The functions of the script by which it looks before it goes on. */
export const gateFunctions = (call: Call): string =>
  `# Prints the ingress rules of a group, one a line: id, protocol, ports, source.
rules() {
  ${call('ec2 describe-security-group-rules', '--filters "Name=group-id,Values=$1"', '--query', shellWord(RULE_LINE), '--output text')}
}

# Prints one of the rules that RULES holds, by its id.
rule() {
  printf '%s\\n' "$RULES" | grep "^$1 "
}

# Stops unless what is there is what the plan saw or needs.
must_be() {
  test "$2" = "$3" && return
  printf '%s\\n' "stopped: $1" "  expected: \${2:-nothing}" "  found:    \${3:-nothing}" 'nothing was revoked; make a new plan' >&2
  exit 1
}`;

/** Stops the script unless a command prints what is expected. */
export const gate = (what: string, expected: string, command: string): string =>
  `must_be ${shellWord(plain(what))} ${shellWord(expected)} "$(${command})"`;

/** Protocol, ports and source of a rule, as the script's function `rules` prints them. */
export const ruleLine = ({ protocol, fromPort, toPort, source }: IngressRule): string =>
  [protocol, fromPort ?? '-', toPort ?? '-', sourceText(source)].join(' ');

/** The same of a rule that is yet to be added. */
export const grantLine = ({ prefixListId, fromPort, toPort }: Grant): string =>
  ['tcp', fromPort, toPort, prefixListId].join(' ');

/** Stops the script unless the rule of this id, among those in `RULES`, is still the one that the plan saw. */
export const ruleGate = (what: string, rule: RevocableRule): string =>
  gate(what, `${rule.ruleId} ${ruleLine(rule)}`, `rule ${shellWord(rule.ruleId)}`);

/** A grant as EC2 takes it. */
export const toPermission = ({ prefixListId, fromPort, toPort }: Grant) => ({
  IpProtocol: 'tcp',
  FromPort: fromPort,
  ToPort: toPort,
  PrefixListIds: [{ PrefixListId: prefixListId, Description: MADE_BY }],
});

/** One step of the script. */
export interface Step {
  readonly title: string;
  readonly commands: readonly string[];
}

/** Adds grants to a group, one call each; `group` is an id or a variable of the script. */
export const admit = (what: readonly string[], grants: readonly Grant[], group: string, call: Call): Step => ({
  title: `Admit CloudFront: ${what.join(', ')}.`,
  commands: grants.map((grant) =>
    call(
      'ec2 authorize-security-group-ingress',
      '--group-id',
      groupWord(group),
      '--ip-permissions',
      shellWord(JSON.stringify([toPermission(grant)])),
    ),
  ),
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
const groupWord = (group: string): string => (group.startsWith('$') ? `"${group}"` : shellWord(group));

/** The filter of `describe-security-group-rules` for a group. */
export const filterOf = (group: string): string => shellWord(`Name=group-id,Values=${group}`);

/** Comment lines; whatever a text holds, it stays behind its mark. */
export const comment = (...texts: readonly string[]): string =>
  texts.map((text) => `# ${plain(text)}`.trimEnd()).join('\n');
