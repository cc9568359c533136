import { OriginGuardError } from '../core/errors.js';

/** The error for a setting that is not valid, with its name, its value and what is allowed. */
export const wrong = (name: string, value: unknown, allowed: string): OriginGuardError =>
  new OriginGuardError('E1014', `setting ${name} is ${shown(value)}; ${allowed}`);

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 200));
