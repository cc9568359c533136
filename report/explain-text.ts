import type { Judgement, Step } from '../core/judgement.js';
import { hanging, paintVerdict, pathText, whereText, type Style } from './text.js';

const WIDTH = 80;

const MARKS: Readonly<Record<Step['outcome'], string>> = { info: '·', allowed: '✓', refused: '✗', unknown: '?' };

/** Why each verdict, step by step, for a terminal of 80 columns. */
export function renderExplanation(judgements: readonly Judgement[], style: Style): string {
  return `${judgements.map((judgement) => explainOne(judgement, style)).join('\n\n')}\n`;
}

function explainOne(judgement: Judgement, style: Style): string {
  const { resourceId, name, ruleId, paths, reasons } = judgement;
  const named = `${resourceId}${name === null ? '' : ` (${name})`}`;
  const where = whereText(judgement);
  const fits = `${named}  ${where}`.length <= WIDTH;
  const title = `${hanging('', 0, named, WIDTH, true)}${fits ? '  ' : '\n'}${style.dim(where)}`.replace(
    resourceId,
    style.bold(resourceId),
  );
  const advice = judgement.verdict.kind === 'non-compliant' ? judgement.advise() : [];
  return [
    title,
    `${paintVerdict(judgement, style)}  ${style.dim(`rule ${ruleId}`)}`,
    ...reasons.map((reason) => hanging('', 0, reason, WIDTH)),
    ...section(
      'Paths',
      paths.map((path) => hanging('  ', 2, `${pathText(path)} → ${resourceId}`, WIDTH)),
      style,
    ),
    ...section(
      'Step by step',
      judgement.explain().map((step) => paintStep(step, style)),
      style,
    ),
    ...section(
      'What to do',
      advice.map((line, index) => hanging(`  ${String(index + 1)}. `, 5, line, WIDTH)),
      style,
    ),
  ].join('\n');
}

const section = (title: string, lines: readonly string[], style: Style): readonly string[] =>
  lines.length === 0 ? [] : ['', style.bold(title), ...lines];

function paintStep({ outcome, text }: Step, style: Style): string {
  const paint = { info: String, allowed: style.green, refused: style.red, unknown: style.yellow }[outcome];
  return paint(hanging(`  ${MARKS[outcome]} `, 4, text, WIDTH));
}

/** The same as JSON text: the evaluation's identity with its steps and advice. */
export function renderExplanationJson(
  judgements: readonly Judgement[],
  toEvaluation: (judgement: Judgement) => object,
): string {
  const explained = judgements.map((judgement) => ({
    ...toEvaluation(judgement),
    steps: judgement.explain(),
    advice: judgement.advise(),
  }));
  return `${JSON.stringify({ schemaVersion: '1', explanations: explained }, null, 2)}\n`;
}
