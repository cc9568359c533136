import { isWriting, type Gate, type Input, type Output, type Runbook, type Step } from './steps.js';

/**
 * A runbook in words, as Markdown: every step in order, what it does, what it is given, and where it leads on success,
 * failure and cancellation. Somebody can follow it without the code.
 */
export function describeRunbook(runbook: Runbook): string {
  const { name, says, assumeRole, parameters, steps } = runbook;
  return [
    `# ${name}`,
    says,
    `It runs with the role \`${assumeRole}\`. A step marked **writes** may change something; on every way there, ${gateText(runbook.order.guard)}, and before every removal of rules ${gateText(runbook.order.beforeRevoke)}.`,
    '## Parameters',
    [
      '| parameter | default | what it is |',
      '| --- | --- | --- |',
      ...Object.entries(parameters).map(([key, parameter]) => {
        const fallback = parameter.default === undefined ? 'none' : code(JSON.stringify(parameter.default));
        const allowed = parameter.allowedValues ?? [];
        const values = allowed.length === 0 ? '' : ` One of ${allowed.map(code).join(', ')}.`;
        return `| ${code(key)} | ${fallback} | ${parameter.says}${values} |`;
      }),
    ].join('\n'),
    '## Steps',
    ...steps.map((step, at) => describeStep(step, at, steps[at + 1]?.name)),
  ].join('\n\n');
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const link = (name: string): string => `[${name}](#${name.toLowerCase()})`;

const gateText = ({ asks, branches }: Gate): string =>
  `${link(asks)} has answered and ${branches.map(link).join(' and ')} ${branches.length > 1 ? 'have' : 'has'} let it pass`;

/** An output is called what it is called in the answer, unless the page says where it comes from. */
const outputText = ({ name, selector }: Output): string =>
  selector === `$.${name}` ? code(name) : `${code(name)} (${code(selector)})`;

function describeStep(step: Step, at: number, following: string | undefined): string {
  return [
    `### ${step.name}`,
    `${String(at + 1)}. ${isWriting(step) ? '**Writes.** ' : ''}${step.says}`,
    [...actionOf(step), ...waysOf(step, following)].map((line) => `- ${line}`).join('\n'),
  ].join('\n\n');
}

function actionOf(step: Step): readonly string[] {
  switch (step.kind) {
    case 'ask':
      return [
        `invokes the function ${code(step.functionName)} with ${code(JSON.stringify(step.payload))}`,
        `takes from its answer: ${step.outputs.map(outputText).join(', ')}`,
      ];
    case 'call':
      return [`calls ${code(`${step.service}:${step.api}`)} with ${code(JSON.stringify(step.params satisfies Input))}`];
    case 'branch':
      return step.choices.map(
        ({ variable, equals, next }) => `if ${code(variable)} is ${code(String(equals))}: ${link(next)}`,
      );
    case 'approve':
      return [`asks ${code(step.approvers)}, told by ${code(step.topic)}, to approve ${code(step.message)}`];
    case 'fail':
      return [`ends the run as failed with ${code(step.message)}`];
    case 'run':
      return [
        `starts the runbook ${code(step.document)} with ${code(JSON.stringify(step.parameters))} and waits for its end`,
      ];
    case 'done':
      return ['ends the run as a success'];
  }
}

function waysOf(step: Step, following: string | undefined): readonly string[] {
  if (step.kind === 'fail' || step.kind === 'done') return [];
  if (step.kind === 'branch') return [`else: ${link(step.otherwise)}`];
  const next = step.next ?? following;
  return [
    ...(next === undefined ? [] : [`then: ${link(next)}`]),
    `if it fails${step.maxAttempts === undefined ? '' : ` ${String(step.maxAttempts)} times`}: ${step.onFailure === undefined ? 'the run ends as failed' : link(step.onFailure)}`,
    ...(step.onCancel === undefined ? [] : [`if it is cancelled: ${link(step.onCancel)}`]),
  ];
}
