import type { Runbook, Step, OutputType } from './steps.js';

/** A reference in a text: `{{Plan.decision}}`, `{{SecurityGroupId}}`, `{{automation:EXECUTION_ID}}`. */
export interface Reference {
  readonly text: string;
  /** Whether the reference is the whole text, so that its type is kept. */
  readonly isWhole: boolean;
}

const PATTERN = /\{\{\s*([\w:.]+)\s*\}\}/g;

/** The references in one text. */
export const referencesIn = (text: string): readonly Reference[] =>
  [...text.matchAll(PATTERN)].map(([whole, name = '']) => ({ text: name, isWhole: whole === text }));

/** Whether a text holds braces that are no reference: Systems Manager would refuse them, or take them as they are. */
export const hasStrayBraces = (text: string): boolean => /\{\{|\}\}/.test(text.replaceAll(PATTERN, ''));

/** What Systems Manager puts in by itself. */
const BUILT_IN: ReadonlySet<string> = new Set([
  'automation:EXECUTION_ID',
  'global:ACCOUNT_ID',
  'global:REGION',
  'global:AWS_PARTITION',
]);

/** What a reference is of: nothing that is declared, an input of the run, or an output of a step. */
export type Referent =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'given'; readonly type: OutputType }
  | { readonly kind: 'output'; readonly step: string; readonly type: OutputType };

/** Looks a reference up among what a runbook declares. */
export function resolve({ parameters, steps }: Runbook, name: string): Referent {
  if (BUILT_IN.has(name)) return { kind: 'given', type: 'String' };
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (parameter !== undefined) return { kind: 'given', type: parameter.type };
  const [stepName = '', outputName = ''] = name.split('.');
  const step = steps.find((each) => each.name === stepName);
  const output = step === undefined ? undefined : outputsOf(step).find((each) => each.name === outputName);
  return output === undefined ? { kind: 'unknown' } : { kind: 'output', step: stepName, type: output.type };
}

/** The outputs that a step declares. */
export const outputsOf = (step: Step): readonly { readonly name: string; readonly type: OutputType }[] =>
  step.kind === 'ask' || step.kind === 'call' ? step.outputs : [];

/** One place in a step where a value is taken, and the types that fit there. */
export interface Use {
  readonly text: string;
  readonly fits: readonly OutputType[];
}

/** Inputs of operations that take numbers, and lists of texts; everything else takes a text. */
const NUMBERS: ReadonlySet<string> = new Set(['FromPort', 'ToPort']);
const LISTS: ReadonlySet<string> = new Set(['SecurityGroupRuleIds', 'SecurityGroups']);

/** Every text of a step that may hold references, with what may stand there. */
export function usesOf(step: Step): readonly Use[] {
  switch (step.kind) {
    case 'ask':
      return [step.functionName, ...Object.values(step.payload)].map((text) => ({ text, fits: ['String'] }));
    case 'call':
      return Object.entries(step.params).flatMap(([key, value]) => usesIn(key, value));
    case 'branch':
      return step.choices.map(({ variable, equals }) => ({ text: variable, fits: [typeOf(equals)] }));
    case 'approve':
      return [
        { text: step.topic, fits: ['String'] },
        { text: step.message, fits: ['String'] },
        { text: step.approvers, fits: ['StringList'] },
      ];
    case 'fail':
      return [{ text: step.message, fits: ['String'] }];
    case 'run':
      return Object.values(step.parameters).map((text) => ({ text, fits: ['String'] }));
    case 'done':
      return [];
  }
}

function usesIn(key: string, value: unknown): readonly Use[] {
  if (typeof value === 'string')
    return [{ text: value, fits: [NUMBERS.has(key) ? 'Integer' : LISTS.has(key) ? 'StringList' : 'String'] }];
  if (Array.isArray(value)) return value.flatMap((each) => usesIn(LISTS.has(key) ? '' : key, each));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, each]) => usesIn(name, each));
}

function typeOf(value: string | number | boolean): OutputType {
  if (typeof value === 'string') return 'String';
  return typeof value === 'number' ? 'Integer' : 'Boolean';
}
