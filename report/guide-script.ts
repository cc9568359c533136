import type { GuideStep, GuidedLoadBalancer, Order } from '../remediation/alb-origin-authenticated/guide.js';
import { plain } from '../core/plain-text.js';
import { GUIDE_REFUSALS } from '../remediation/alb-origin-authenticated/refusals.js';
import { comment } from './aws-cli.js';
import { guideCommandsOf, type GuideCommands } from './guide-commands.js';
import { guideFunctions } from './guide-shell.js';
import { guideWord, renumberCommand } from './guide-words.js';
import { shellWord } from './shell-word.js';

/**
 * A guide as a script of AWS CLI commands that does one step for each call, so that a person looks in between; `all` does
 * every step. Before each change it looks whether what the step rests on is still so. A guide without steps is comments.
 */
export function renderGuideCommands(guided: GuidedLoadBalancer): string {
  const { guide, name, scope } = guided;
  const head = [
    `origin-guard plan: ${guideWord(guide)} for load balancer ${name}`,
    `in account ${scope.accountId ?? '(not said)'}, ${scope.region ?? '(Region not said)'}`,
  ];
  switch (guide.kind) {
    case 'nothing-to-do':
      return `#!/usr/bin/env bash\n${comment(...head, `Nothing to do: ${guide.because}.`)}\n`;
    case 'refuse':
      return `#!/usr/bin/env bash\n${comment(
        ...head,
        `Refused (${guide.code}): ${guide.because}.`,
        GUIDE_REFUSALS[guide.code].means,
        `Next: ${guide.nextStep}.`,
        ...(guide.renumber.length === 0 ? [] : [renumberCommand(guide.renumber, scope.region)]),
      )}\n`;
    case 'order':
      return `${scriptOf(guide, guided, head).join('\n\n')}\n`;
  }
}

function scriptOf(order: Order, { scope }: GuidedLoadBalancer, head: readonly string[]): readonly string[] {
  const region = scope.region ?? '';
  const commands = guideCommandsOf(order, region);
  const { steps, headerName, secretName } = order;
  const account = `must_be 'the account of these credentials' ${shellWord(scope.accountId ?? '')} "$(aws sts get-caller-identity --query Account --output text)"`;
  return [
    [
      '#!/usr/bin/env bash',
      comment(...head, `Why: ${order.because}.`, ...order.risks.map((risk) => `Mind: ${risk}.`), '', ...USE),
    ].join('\n'),
    'set -euo pipefail\numask 077',
    [
      "export AWS_PAGER=''",
      `HEADER=${shellWord(headerName)}`,
      `SECRET=${shellWord(secretName)}`,
      'TEMP=$(mktemp -d)',
      `trap 'rm -rf "$TEMP"' EXIT`,
      "trap 'exit 1' HUP INT TERM",
    ].join('\n'),
    guideFunctions(region),
    ...steps.map((step, index) => stepFunctions(step, index + 1, steps.length, commands)),
    mainOf(steps, account),
  ];
}

const USE: readonly string[] = [
  'Nothing was run. Read it, then run it with bash, a step at a time, with credentials of this',
  'account and a current AWS CLI: an old one does not show all of a rule, and would not copy it.',
  '  bash FILE            lists the steps',
  '  bash FILE 1          does the first step, and stops',
  '  bash FILE back 1     takes it back; steps go back in reverse order',
  '  bash FILE all        does every step without stopping to watch',
];

function stepFunctions(step: GuideStep, number: number, count: number, commands: GuideCommands): string {
  const back = commands.backOf(step);
  const title = plain(step.title);
  const says = [
    `Done: ${title}.`,
    ...step.watch.map((each) => `  watch: ${plain(each)}`),
    `  back: ${plain(step.back)}`,
  ];
  return [
    comment(`${String(number)}. ${title}`),
    `step_${String(number)}() {`,
    indent([
      `echo ${shellWord(`step ${String(number)} of ${String(count)}: ${title}`)}`,
      ...commands.stepOf(step),
      `printf '%s\\n' ${says.map(shellWord).join(' ')}`,
    ]),
    '}',
    `back_${String(number)}() {`,
    indent(
      back === null
        ? [`echo ${shellWord(`step ${String(number)} has nothing to take back: ${plain(step.back)}`)}`]
        : [`echo ${shellWord(`taking back step ${String(number)}: ${title}`)}`, ...back],
    ),
    '}',
  ].join('\n');
}

/** Lines that belong to a text in quotes stay as they are. */
const indent = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join('\n');

function mainOf(steps: readonly GuideStep[], account: string): string {
  const numbers = steps.map((_, index) => String(index + 1));
  return [
    'case ${1:-} in',
    `  ${numbers.join(' | ')})`,
    `    ${account}`,
    '    "step_$1"',
    `    if [ "$1" -lt ${String(steps.length)} ]; then echo "Next: bash $0 $(($1 + 1)), once what is to be watched is as it should be"; fi`,
    '    ;;',
    '  back)',
    '    case ${2:-} in',
    `      ${numbers.join(' | ')}) ;;`,
    `      *) stop 'expected: back and the number of a step' ;;`,
    '    esac',
    `    ${account}`,
    '    "back_$2"',
    '    ;;',
    '  all)',
    `    ${account}`,
    ...numbers.map((number) => `    step_${number}`),
    '    ;;',
    "  '')",
    `    printf '%s\\n' ${steps.map(({ title }, index) => shellWord(`${String(index + 1)}. ${plain(title)}`)).join(' ')}`,
    '    ;;',
    `  *) stop 'expected: the number of a step, back and a number, or all' ;;`,
    'esac',
  ].join('\n');
}
