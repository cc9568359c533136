import { StepFailure } from './step-failure.js';

/** The values that `{{...}}` can name in a step. */
export type Scope = (reference: string) => unknown;

const REFERENCE = /\{\{\s*([^{}\s]+)\s*\}\}/g;
const WHOLE = /^\{\{\s*([^{}\s]+)\s*\}\}$/;

/**
 * A value with every `{{...}}` filled in, at any depth, once: what is filled in is not looked at again.
 *
 * A text that is one reference and nothing else keeps the type of what it names.
 */
export function fill(template: unknown, scope: Scope): unknown {
  if (typeof template === 'string') return fillText(template, scope);
  if (Array.isArray(template)) return template.map((item) => fill(item, scope));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, item]) => [key, fill(item, scope)]));
}

function fillText(text: string, scope: Scope): unknown {
  const whole = WHOLE.exec(text)?.[1];
  if (whole !== undefined) return scope(whole);
  return text.replaceAll(REFERENCE, (_, name: string) => inText(scope(name)));
}

const inText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

export const unresolved = (reference: string): StepFailure =>
  new StepFailure(`unresolved reference {{${reference}}}: no parameter and no output of a step that ran`);
