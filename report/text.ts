import type { Colors } from 'picocolors/types';
import type { Judgement } from '../core/judgement.js';
import type { Path } from '../core/path.js';
import { loadBalancerPath } from '../core/model/load-balancer.js';
import { verdictWord, type VerdictWord } from './verdict-words.js';

/** How words are set off; every function is the identity where colour is off. */
export type Style = Pick<Colors, 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'>;

/** The verdict in its colour: red for open, yellow for not known. */
export function paintVerdict(judgement: Pick<Judgement, 'verdict'>, style: Style): string {
  const word = verdictWord(judgement);
  const paint: Readonly<Record<VerdictWord, (text: string) => string>> = {
    NON_COMPLIANT: (text) => style.bold(style.red(text)),
    INDETERMINATE: (text) => style.bold(style.yellow(text)),
    COMPLIANT: (text) => style.bold(style.green(text)),
    NOT_APPLICABLE: style.dim,
  };
  return paint[word](word);
}

/** Account and Region on one line; a dash for what the input does not say. */
export const whereText = ({ scope }: Pick<Judgement, 'scope'>): string =>
  `${scope.accountId ?? '-'} ${scope.region ?? '-'}`;

/** The name of a load balancer, out of its ARN. */
export const loadBalancerName = (arn: string): string => loadBalancerPath(arn).split('/')[1] ?? arn;

/** What people call a judged resource: a load balancer by its name, since its ARN is longer than a line. */
export const calledBy = ({ resourceId }: Pick<Judgement, 'resourceId'>): string =>
  resourceId.includes(':loadbalancer/') ? loadBalancerName(resourceId) : resourceId;

/** A path in one line: `E123 → my-alb`. */
export const pathText = ({ distributionId, loadBalancerArn }: Path): string =>
  `${distributionId ?? 'CloudFront (declared)'} → ${loadBalancerName(loadBalancerArn)}`;

/**
 * Text broken between words into lines of at most `width`.
 *
 * A word longer than a line keeps one of its own, so that ids can be copied; with `breakLong` it is broken
 * behind its punctuation.
 */
export function wrap(text: string, width: number, breakLong = false): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of breakLong ? text.split(' ').flatMap((long) => pieces(long, width)) : text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  if (word.length <= width) return [word];
  const head = word.slice(0, width);
  const at = Math.max(...['.', '/', '-', ':'].map((mark) => head.lastIndexOf(mark))) + 1;
  const cut = at > 0 ? at : width;
  return [word.slice(0, cut), ...pieces(word.slice(cut), width)];
}

/** A paragraph with a hanging indent: the marker on its first line, the rest below the text. */
export function hanging(marker: string, markerWidth: number, text: string, width: number, breakLong = false): string {
  const [first = '', ...rest] = wrap(text, width - markerWidth, breakLong);
  return [`${marker}${first}`, ...rest.map((line) => `${' '.repeat(markerWidth)}${line}`)].join('\n');
}
