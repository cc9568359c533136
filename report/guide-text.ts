import { plain } from '../core/plain-text.js';
import type { Guide, GuidedLoadBalancer, GuideStep, Order } from '../remediation/alb-origin-authenticated/guide.js';
import { GUIDE_REFUSALS } from '../remediation/alb-origin-authenticated/refusals.js';
import { changeText, guideWord, renumberCommand, type GuideWord } from './guide-words.js';
import { hanging, whereText, type Style } from './text.js';

const WIDTH = 80;

/**
 * The guide as a person reads it, for a terminal of 80 columns.
 *
 * `command` is the command line that made it, for the one that is proposed next.
 */
export function renderGuide(guided: GuidedLoadBalancer, style: Style, command: string): string {
  const parts = [titleOf(guided, style), ...bodyOf(guided, style, command)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const PAINT: Readonly<Record<GuideWord, (style: Style) => (text: string) => string>> = {
  NOOP: ({ green }) => green,
  INTRODUCE: ({ cyan }) => cyan,
  REPAIR: ({ yellow }) => yellow,
  ROTATE: ({ cyan }) => cyan,
  REFUSE: ({ red }) => red,
};

function titleOf(guided: GuidedLoadBalancer, style: Style): string {
  const word = guideWord(guided.guide);
  return [
    guided.loadBalancerArn,
    `${style.bold(plain(guided.name))}  ${style.dim(whereText(guided))}`,
    `${style.bold(PAINT[word](style)(word))}  ${style.dim(gistOf(guided.guide))}`,
  ].join('\n');
}

function gistOf(guide: Guide): string {
  switch (guide.kind) {
    case 'nothing-to-do':
      return 'COMPLIANT';
    case 'refuse':
      return guide.code;
    case 'order':
      return `header ${plain(guide.headerName)}, in ${String(guide.steps.length)} steps`;
  }
}

function bodyOf(guided: GuidedLoadBalancer, style: Style, command: string): readonly string[] {
  const { guide, scope } = guided;
  switch (guide.kind) {
    case 'nothing-to-do':
      return [
        section('Why nothing is to do', [line(guide.because)], style),
        guide.canRotate
          ? `${style.dim('To give the header a new value without an interruption:')}\n  ${command} --rotate`
          : '',
      ];
    case 'refuse':
      return [
        section(`Why it is refused: ${guide.code}`, [line(GUIDE_REFUSALS[guide.code].means)], style),
        section('What was found', [line(guide.because)], style),
        section('What to do next', [line(guide.nextStep)], style),
        guide.renumber.length === 0
          ? ''
          : section('The command that renumbers them', [`  ${renumberCommand(guide.renumber, scope.region)}`], style),
      ];
    case 'order':
      return orderParts(guide, guided, style, command);
  }
}

function orderParts(order: Order, { name }: GuidedLoadBalancer, style: Style, command: string): readonly string[] {
  const file = `authenticate-${name}.sh`;
  return [
    section('Why', [line(order.because)], style),
    ...order.steps.map((step, index) => stepPart(step, index + 1, order, file, style)),
    section('What could break', order.risks.map(bullet), style),
    section('Other ways', order.alternatives.map(bullet), style),
    ...order.snippets.map(({ language, code }) => `${style.bold(`The same in ${language}`)}\n${indented(code)}`),
    `${style.dim('Nothing was changed. The script that does a step for each call:')}\n  ${command} --format aws-cli --output ${file}`,
  ];
}

function stepPart(step: GuideStep, number: number, order: Order, file: string, style: Style): string {
  return [
    style.bold(hanging(`${String(number)}. `, 3, plain(step.title), WIDTH, true)),
    ...step.changes.map((change) => hanging('   · ', 5, plain(changeText(change, order.headerName)), WIDTH, true)),
    `   bash ${file} ${String(number)}`,
    ...step.watch.map((each) => hanging('   watch: ', 10, plain(each), WIDTH, true)),
    hanging('   back:  ', 10, plain(step.back), WIDTH, true),
  ].join('\n');
}

const bullet = (text: string): string => hanging('  · ', 4, plain(text), WIDTH, true);

const line = (text: string): string => hanging('  ', 2, plain(text), WIDTH, true);

/** Code is copied, so its lines are never broken. */
const indented = (code: string): string =>
  code
    .split('\n')
    .map((each) => (each === '' ? '' : `  ${each}`))
    .join('\n');

const section = (title: string, lines: readonly string[], style: Style): string =>
  lines.length === 0 ? '' : [style.bold(title), ...lines].join('\n');
