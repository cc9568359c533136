import { sourceText, type IngressRule } from '../../core/model/security-group.js';
import type { Fix, Grant } from '../../core/plan.js';
import { portsText, toFinding } from '../../rules/alb-sg-cloudfront-only/finding.js';

/** How long what an approver is shown may be, in characters. */
const SUMMARY_LENGTH = 1_500;

/** One part of a summary: words, and the things they are about. */
interface Part {
  readonly words: string;
  readonly things: readonly string[];
}

/**
 * The plan in one paragraph of at most 1,500 characters, for whoever approves it.
 *
 * What could break and what stays come first. The longest list is cut first, and says how many more there are.
 */
export function summaryOf(fix: Fix): string {
  const parts = partsOf(fix);
  const shown = parts.map(({ things }) => things.length);
  while (textOf(parts, shown).length > SUMMARY_LENGTH && shown.some((count) => count > 0)) {
    const longest = shown.lastIndexOf(Math.max(...shown));
    shown[longest] = (shown[longest] ?? 0) - 1;
  }
  return clip(textOf(parts, shown));
}

function partsOf({ strategy, securityGroupId, grants, dedicated, revoke, kept, loadBalancer, risks }: Fix): Part[] {
  const list = (words: string, things: readonly string[]): Part[] => (things.length > 0 ? [{ words, things }] : []);
  return [
    { words: `${strategy} of group ${securityGroupId}`, things: [] },
    ...risks.map((risk) => ({ words: `mind: ${risk}`, things: [] })),
    ...list(`${counted(kept.length, 'source')} stay${kept.length === 1 ? 's' : ''}`, kept.map(ruleText)),
    ...list(
      `make ${counted(dedicated.length, 'group')} for ${loadBalancer?.arn ?? ''}`,
      dedicated.map(({ name, grant }) => `${name} (admits ${grantWords(grant)})`),
    ),
    ...(strategy === 'SWAP' ? [{ words: `take ${securityGroupId} off the load balancer`, things: [] }] : []),
    ...list(`add ${counted(grants.length, 'rule')}`, grants.map(grantWords)),
    ...list(
      `then remove ${counted(revoke.length, 'rule')}`,
      revoke.map((rule) => `${ruleText(rule)} (${rule.ruleId})`),
    ),
  ];
}

const counted = (count: number, word: string): string => `${String(count)} ${word}${count === 1 ? '' : 's'}`;

const ruleText = (rule: IngressRule): string =>
  `${sourceText(rule.source)} on ${portsText(toFinding(rule, 'public-cidr'))}`;

const grantWords = ({ prefixListId, fromPort, toPort }: Grant): string =>
  `${prefixListId} on ${portsText({ protocol: 'tcp', fromPort, toPort })}`;

const textOf = (parts: readonly Part[], shown: readonly number[]): string =>
  parts.map((part, at) => partText(part, shown[at] ?? 0)).join('; ');

function partText({ words, things }: Part, shown: number): string {
  if (shown === 0) return words;
  const more = things.length - shown;
  return `${words}: ${things.slice(0, shown).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

/** What was found and what to do next; what to do is never cut. */
export const refusalText = (because: string, nextStep: string): string =>
  `${clip(because, SUMMARY_LENGTH - nextStep.length - 2)}; ${nextStep}`;

/** A text of at most so many characters, cut between two words. */
export function clip(text: string, length = SUMMARY_LENGTH): string {
  if (text.length <= length) return text;
  const head = text.slice(0, length - 3);
  const end = head.lastIndexOf(' ');
  return `${(end > 0 ? head.slice(0, end) : head.slice(0, -1)).replace(/[,;:]$/, '')} ...`;
}
